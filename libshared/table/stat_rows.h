/* stat_rows.h -- what a statistic gets: the rows of one level, options, and where results go (statistics.h deals them). */
#ifndef GK_TABLE_STAT_ROWS_H
#define GK_TABLE_STAT_ROWS_H

#include "base/arena.h"
#include "base/choice.h"
#include "base/table.h"
#include "table/frame.h"

enum { GK_STAT_DIGITS = 6 };
#define GK_ALONGS(X) X(GK_ALONG_X, "x") X(GK_ALONG_Y, "y") X(GK_ALONG_BOTH, "both")
GK_CHOICES(gk_along, GK_ALONGS);

/* The values of the columns that the statistic names, in this order; those that it does not name are NaN.  seed[i] is in
 * [0, n_seed). */
typedef struct gk_stat_sample {
    int64_t  n;
    double  *x, *y, *z;
    int64_t *seed, n_seed;
    int64_t  n_left_out;      /* rows that have no value (NaN): runs that diverged, what was not measured */
} gk_stat_sample;

typedef struct gk_stat_options {
    int64_t   n_level;
    const double *level;      /* [n_level] what counts as success; the levels of contours and widths */
    double    quantile;
    double    prominence;     /* of peaks: so high above what is beside them */
    gk_along  along;
    int       n_at;           /* where contours are crossed; 0: at the nodes */
    const double *at;
    unsigned  log;            /* GK_SURFACE_LOG_* */
    bool      from_min;       /* levels count from the lowest value */
} gk_stat_options;

/* Rows about one level. */
typedef struct gk_stat_output {
    gk_table              *table;
    const gk_stat_options *options;
    int                    n_column;     /* that the statistic names: 1 (x), 2 (x, y) or 3 (x, y, z) */
    gk_arena              *arena;
    void                 (*begin)(struct gk_stat_output *out);    /* writes the cells that say which level */
    void                  *context;
} gk_stat_output;

/* -1 with gk_error.  Statistics of several rows (or none) a level; each begins its rows with out->begin and ends them. */
typedef int gk_stat_write(gk_stat_output *out, const gk_stat_sample *s);

gk_stat_write gk_stat_lowest, gk_stat_highest, gk_stat_contour, gk_stat_gradient, gk_stat_width;    /* stat_map.c */
gk_stat_write gk_stat_rise, gk_stat_peaks, gk_stat_order;                                           /* stat_curve.c */

/* Statistics of one row a level: the cells after those of the level (stat_seeds.c). */
gk_stat_write gk_stat_count, gk_stat_quantile_of, gk_stat_range, gk_stat_rank;
gk_stat_write gk_stat_median, gk_stat_share, gk_stat_slope, gk_stat_theta, gk_stat_logistic_middle, gk_stat_change;
gk_stat_write gk_stat_cross;

static inline void gk_stat_put(gk_stat_output *out, double value)
{
    gk_table_real(out->table, value, GK_STAT_DIGITS);
}

#endif
