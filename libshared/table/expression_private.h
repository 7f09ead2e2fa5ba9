/* expression_private.h -- the tree of an expression, between expression_parse.c and expression_check.c, which
 * make it, and expression.c, which computes. */
#ifndef GK_TABLE_EXPRESSION_PRIVATE_H
#define GK_TABLE_EXPRESSION_PRIVATE_H

#include "table/expression.h"

/* What a term can be: a set, since a column may hold numbers in one table and texts in another. */
enum { GK_KIND_NUMBER = 1, GK_KIND_TEXT = 2, GK_KIND_TRUTH = 4 };

typedef enum {
    GK_TERM_NUMBER, GK_TERM_TEXT, GK_TERM_COLUMN, GK_TERM_PARAMETER, GK_TERM_FUNCTION, GK_TERM_AGGREGATE,
    GK_TERM_NEGATIVE, GK_TERM_SUM, GK_TERM_DIFFERENCE, GK_TERM_PRODUCT, GK_TERM_QUOTIENT,
    GK_TERM_REMAINDER, GK_TERM_POWER, GK_TERM_CHOICE, GK_TERM_COMPARISON, GK_TERM_NOT, GK_TERM_AND, GK_TERM_OR,
} gk_term_type;

typedef struct gk_term {
    gk_term_type    type;
    unsigned        kinds;
    int             depth;          /* of the tree below */
    bool            is_word;        /* TEXT: not in quotes */
    const char     *begin, *end;    /* where it stands in the source */
    double          number;         /* NUMBER */
    const char     *text;           /* TEXT; COLUMN: its name; COMPARISON: its sign */
    const int      *column;         /* COLUMN: [n_table] index in each table, -1: not there */
    int             parameter;      /* PARAMETER: index */
    double        (*function)(double);
    const gk_aggregate_form *aggregate;
    struct gk_term *a, *b;
    struct gk_term *filter;         /* AGGREGATE: of which rows, or NULL; CHOICE: the condition */
} gk_term;

/* What is read, from where on.  After a failure `at` is the end, and gk_error has the first one. */
typedef struct gk_reader {
    const gk_rows_of_tables *tables;
    const char *at;
    gk_arena   *arena;
    bool        in_rows;       /* columns are allowed; else aggregates */
    int         n_bracket;
    bool        failed;
    const char *unmet;
} gk_reader;

/* expression_check.c.  Always NULL: an error that is told now, with what stands at `at`; that was told already. */
gk_term *gk_fail_at(gk_reader *r, const char *at, const char *what);
gk_term *gk_failed(gk_reader *r);
/* The term if it can be of this kind (NUMBER or TRUTH), else NULL. */
gk_term *gk_need(gk_reader *r, gk_term *term, unsigned kind);
/* A term that should have been something else; always NULL. */
gk_term *gk_wrong_kind(gk_reader *r, const gk_term *term, const char *expected);
/* The comparison, if its texts have a column or a parameter to be compared with; else NULL. */
gk_term *gk_check_comparison(gk_reader *r, gk_term *comparison);

struct gk_expression {
    const gk_rows_of_tables *tables;
    const gk_term           *term;
    const char              *unmet;
    const int               *seed;    /* [n_table] index of the column `seed`, or -1 */
};

#endif
