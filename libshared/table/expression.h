/* expression.h -- the language of claims and filters: expressions over the rows of tables.
 *
 *   row expressions    columns, numbers, words, $parameters; + - * /; = != < <= > >=; not and or (! && ||); ( )
 *                      abs ln log10 exp of a number; a word that is no column is text: method=taught
 *   aggregates         of the rows that are selected, of those with FILTER only after '|':
 *     most(c | f)      c is true in most runs: 1 of 1, 2 of 2, 2 of 3, else 80 %      all(c) none(c) share(c)
 *     n(c)             number of rows where c is true      median(x) min(x) max(x) mean(x)
 *     spearman(x, y)   rank correlation of x and the medians of y at each x
 *     dcrit(x, c)      the x at which half of the runs make c true (logistic fit)
 *     argmin(x, y)     the x where y is lowest; argmax(x, y)
 *     slope(x, y)      b of y = a x^b, by least squares of the logarithms; of several seeds with a 95 % interval: what is true at
 *                      one of its ends only is undecided (what is false of b itself is false)      scale(x, y)  its a
 *
 * Numbers may be infinite: "never".  Truth has three values: a comparison of two "never"s, or with no value, is undecided. */
#ifndef GK_TABLE_EXPRESSION_H
#define GK_TABLE_EXPRESSION_H

#include "table/aggregate.h"
#include "table/frame.h"

typedef struct gk_parameter { const char *name, *text; } gk_parameter;

/* Rows of several tables under one set of columns. */
typedef struct gk_rows_of_tables {
    int               n_table;
    gk_frame *const  *table;
    int               n_parameter;
    const gk_parameter *parameter;
} gk_rows_of_tables;

/* A row, and whether it is selected. */
typedef struct gk_selection { int64_t n; int *table; int64_t *row; } gk_selection;

/* The rows of all tables / those of `from` for which the row expression is true.  -1 with gk_error: what is wrong with it. */
void gk_select_all(const gk_rows_of_tables *tables, gk_arena *arena, gk_selection *out);
int  gk_select_where(const gk_rows_of_tables *tables, const gk_selection *from, const char *expression, gk_arena *arena,
                     gk_selection *out) GK_MUST_CHECK;

/* out[i] = the row expression at row i of the selection, a number (a condition: 1 or 0); NaN: no value there.  -1 with
 * gk_error. */
int  gk_row_numbers(const gk_rows_of_tables *tables, const gk_selection *selection, const char *expression, gk_arena *arena,
                    double *out) GK_MUST_CHECK;

/* Truth of a predicate over the selected rows.  measured: every aggregate with its value and those of the single runs, in arena
 * memory; n_seed: the fewest different values of column `seed` (rows, if there is none) behind any aggregate.  -1 with
 * gk_error. */
int  gk_judge(const gk_rows_of_tables *tables, const gk_selection *selection, const char *predicate, gk_arena *arena,
              gk_truth *truth, const char **measured, int64_t *n_seed) GK_MUST_CHECK;

/* The same of an expression that is a number. */
int  gk_measure(const gk_rows_of_tables *tables, const gk_selection *selection, const char *expression, gk_arena *arena,
                double *number, int64_t *n_seed) GK_MUST_CHECK;

/* Value of a column in a selected row: a number (NaN: none), or text.  -1: no table has this column. */
int  gk_row_value(const gk_rows_of_tables *tables, const gk_selection *selection, int64_t i, const char *column, double *number,
                  const char **text);

#endif
