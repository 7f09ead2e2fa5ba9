/* expression.h -- the language of claims and filters: expressions over the rows of tables.
 *
 *   expression  = "if" expression "then" expression "else" expression
 *               | conjunction { ("or" | "||") conjunction }
 *   conjunction = negation { ("and" | "&&") negation }
 *   negation    = { "not" | "!" } comparison
 *   comparison  = sum [ ("=" | "==" | "!=" | "<" | "<=" | ">" | ">=") sum ]
 *   sum         = product { ("+" | "-") product }
 *   product     = unary { ("*" | "/" | "%") unary }
 *   unary       = { "-" } power
 *   power       = primary [ "^" unary ]
 *   primary     = NUMBER | "inf" | "$" WORD | FUNCTION "(" expression ")"
 *               | AGGREGATE "(" expression ["," expression] ["|" expression] ")"
 *               | WORD | 'TEXT' | "TEXT" | `COLUMN` | "(" expression ")"
 *   WORD        = a letter or _, then letters, digits, _ and .; and - between letters (memorised-teacher), unless what stands
 *                 before it is a column: where a and b are columns, a-b is a difference
 *
 * Of a row: a WORD is the value of the column with this name; one that is no column is a text, and can only be compared, by = or
 * !=, with a column of texts: method=taught.  $NAME is a parameter.  FUNCTION is abs, ln, log10 or exp.  Whatever is neither
 * column nor text is an error, as is a number, text or condition where another of them is expected.  x % m is the residue of a
 * whole number, 0 <= x % m < m, of anything else no value (formulas know fractions, too: table/exact.h); -2^2 is -4.
 *
 * Of several rows: AGGREGATEs of the rows that are selected, of those with the condition behind '|' only; inside them stands what
 * can be said of a row, outside them numbers and parameters:
 *     most(c | f)      c is true in most runs: 1 of 1, 2 of 2, 2 of 3, else 80 %      all(c) none(c) share(c)
 *     n(c)             number of rows where c is true      median(x) min(x) max(x) mean(x)
 *     spearman(x, y)   rank correlation of x and the medians of y at each x
 *     rises(x, y)      how often the median of y is larger at the next x; 0: it never rises
 *     dcrit(x, c)      the x at which half of the runs make c true (logistic fit); where c is undecided, whether it is or not
 *     threshold(x, c)  the x from which half of the seeds make c true, of runs that grok-critical chose; with a 95 % interval
 *     argmin(x, y)     the x where y is lowest, any where it may be so if the end of training hides some y; argmax(x, y)
 *     slope(x, y)      b of y = a x^b, by least squares of the logarithms; of several seeds with a 95 % interval: what is true at
 *                      one of its ends only is undecided      scale(x, y)  its a
 *
 * Of single rows, what has no value is left out.  A row that stands for a group (table/derive.h) may be what decides: a number
 * of several such rows is none if one of them has none, unless '|' passes over it.
 *
 * Numbers may be infinite: "never".  Truth has three values: a comparison of two "never"s, or with no value, is undecided; so is
 * one that the end of training decides (table/censor.h): "never" is later than the last step, and who knows by how much.
 * inf - inf and inf / inf are no values for the same reason, which longer runs would give: "if $last < $steps then inf - inf else
 * ..." says it of a run that was stopped.  0 / 0 is none at all.
 * Two numbers of several rows (n to mean, rises, argmin, argmax) are compared (< <= > >=) by seeds, if those have an interval:
 * what is said must hold of all seeds together, and in the whole 95 % interval of the difference of what each seed says by
 * itself (table/contrast.h); so are 0.5 * median(x | f), and a difference of two against a bound.  But abs() of one is a number.
 * Two that each have an interval of their own (dcrit, threshold, slope) are compared by that of their difference.
 * So few seeds that there is no interval leave a truth as it is, and it is not firm: an order of one seed's three points may be
 * chance.  Rows that have no seed (places of a map), or stand for one seed each (`per: seed`), lack none.
 *
 * An expression is read once, and costs a walk over its tree for every row. */
#ifndef GK_TABLE_EXPRESSION_H
#define GK_TABLE_EXPRESSION_H

#include <stdbool.h>
#include "table/aggregate.h"
#include "table/frame.h"

typedef struct gk_parameter { const char *name, *text; const gk_range *range; } gk_parameter;    /* range: of a number, or NULL */

/* A text that a column may hold, whether or not a row does today. */
typedef struct gk_known_text { const char *column, *text; } gk_known_text;

/* Rows of several tables under one set of columns. */
typedef struct gk_rows_of_tables {
    int                  n_table;
    gk_frame *const     *table;
    int                  n_parameter;
    const gk_parameter  *parameter;
    /* Is it an error to compare a column with a text that neither a row holds nor `known` lists? */
    bool                 strict;
    int                  n_known;
    const gk_known_text *known;
    const char          *no_column;    /* what is said of a name that is none; NULL: "no table has a column" */
    const struct gk_rows_of_tables *origin;    /* of which these rows are made: their texts are known, too; or NULL */
} gk_rows_of_tables;

/* Rows of tables. */
typedef struct gk_selection { int64_t n; int *table; int64_t *row; } gk_selection;

/* What an expression must be. */
typedef enum {
    GK_ROW_CONDITION, GK_ROW_NUMBER,      /* of a row; a condition is a number, too: 1 or 0 */
    GK_ROWS_CONDITION, GK_ROWS_NUMBER,    /* of several rows: made of aggregates */
} gk_expression_form;

/* Read, and bound to the columns of these tables, which must stay where they are, as their parameters (whose texts may change, a
 * number for a number).  In arena memory.  NULL with gk_error: what is wrong, where, and which name was perhaps meant. */
typedef struct gk_expression gk_expression;
const gk_expression *gk_expression_read(const gk_rows_of_tables *tables, const char *text, gk_expression_form form,
                                        gk_arena *arena) GK_MUST_CHECK;

/* The first text of the expression that its column holds in no row (where that is no error), as "no row has method = 'taugth'";
 * NULL: all are there. */
const char *gk_expression_unmet(const gk_expression *expression);

/* GK_ROW_CONDITION / GK_ROW_NUMBER of row i of a selection; no value is NaN. */
gk_truth gk_row_truth(const gk_expression *expression, const gk_selection *selection, int64_t i);
double   gk_row_number(const gk_expression *expression, const gk_selection *selection, int64_t i);

/* Truth of a GK_ROWS_CONDITION over the selected rows.  measured: every aggregate with its value and those of the single runs (of
 * the first 500), in arena memory; n_seed: the fewest different values of column `seed` behind any aggregate, all rows without
 * one being one; why: GK_SPANNED, GK_ENDED or both, if comparisons were undecided; absent: "end, top", columns that lacked
 * a value that was compared; read: [selection] of the rows those that an aggregate made something of; is_firm: the truth hangs on
 * no comparison for whose interval, or for that of one of its numbers, there are too few seeds.  -1 with gk_error: out of
 * memory. */
typedef struct gk_finding {
    gk_truth    truth;
    const char *measured, *absent;
    int64_t     n_seed;
    unsigned    why;
    bool        is_firm, *read;
} gk_finding;
int gk_judge(const gk_expression *predicate, const gk_selection *selection, gk_arena *arena, gk_finding *out) GK_MUST_CHECK;

/* The same of a GK_ROWS_NUMBER; n_seed: -1 if there is no aggregate in it; read (or NULL): rows that it reads are made true. */
int gk_measure(const gk_expression *expression, const gk_selection *selection, bool *read, gk_range *number, int64_t *n_seed)
    GK_MUST_CHECK;

/* The rows of all tables / those of `from` for which the row expression is true.  -1 with gk_error: what is wrong with it.
 * unmet (or NULL): see gk_expression_unmet. */
void gk_select_all(const gk_rows_of_tables *tables, gk_arena *arena, gk_selection *out);
int  gk_select_where(const gk_rows_of_tables *tables, const gk_selection *from, const char *expression, gk_arena *arena,
                     gk_selection *out, const char **unmet) GK_MUST_CHECK;

/* Value of a column in a selected row: a number (NaN: none), or text.  -1 (no message): no table has this column. */
int  gk_row_value(const gk_rows_of_tables *tables, const gk_selection *selection, int64_t i, const char *column, double *number,
                  const char **text);
/* The different values of the column `seed` in these rows, sorted, in arena memory. */
const double *gk_seeds_among(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena, int64_t *n);
/* Index of a parameter, -1 (no message): there is none of this name.  gk_error: there is none; always -1. */
int  gk_parameter_find(const gk_rows_of_tables *tables, const char *name);
int  gk_no_parameter(const char *name);
/* gk_error: no table has this column; and which was perhaps meant.  Always -1. */
int  gk_no_column(const gk_rows_of_tables *tables, const char *column);

#endif
