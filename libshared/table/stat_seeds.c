/* stat_seeds.c -- statistics of one row: of values, and with a 95 % interval over the seeds (analysis/seeds.h, interval.h). */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/seeds.h"
#include "analysis/stat.h"
#include "table/stat_rows.h"

/* low, high, and a word if there is neither. */
static void put_interval(gk_stat_output *out, gk_interval interval, const char *needed)
{
    gk_stat_put(out, interval.low);
    gk_stat_put(out, interval.high);
    gk_table_text(out->table, isnan(interval.low) ? gk_arena_printf(out->arena, "no interval: it takes %s", needed) : "");
}

/* The sample with x and y replaced by what a function makes of them. */
static gk_seeds through(gk_stat_output *out, const gk_stat_sample *s, const double *from_x, double (*f_x)(double),
                        const double *from_y, double (*f_y)(double))
{
    double *x = gk_arena_alloc(out->arena, (size_t)(s->n + 1) * sizeof *x);
    double *y = gk_arena_alloc(out->arena, (size_t)(s->n + 1) * sizeof *y);
    for (int64_t i = 0; i < s->n; i++) {
        x[i] = f_x(from_x[i]);
        y[i] = f_y(from_y[i]);
    }
    return (gk_seeds){ s->n, s->n_seed, x, y, s->seed };
}

static double same(double value)
{
    return value;
}

/* count X: finite, left_out. */
int gk_stat_count(gk_stat_output *out, const gk_stat_sample *s)
{
    int64_t n_finite = 0;
    for (int64_t i = 0; i < s->n; i++)
        n_finite += isfinite(s->x[i]);
    gk_table_int(out->table, n_finite);
    gk_table_int(out->table, s->n_left_out);
    return 0;
}

/* quantile X: quantile. */
int gk_stat_quantile_of(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_stat_put(out, gk_stat_quantile(s->n, s->x, out->options->quantile));
    return 0;
}

/* range X: range, min, max. */
int gk_stat_range(gk_stat_output *out, const gk_stat_sample *s)
{
    double low = gk_stat_quantile(s->n, s->x, 0), high = gk_stat_quantile(s->n, s->x, 1);
    gk_stat_put(out, high - low);
    gk_stat_put(out, low);
    gk_stat_put(out, high);
    return 0;
}

/* spearman X Y: rho. */
int gk_stat_rank(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_stat_put(out, gk_stat_spearman_medians(s->n, s->x, s->y));
    return 0;
}

/* slope X Y: slope, seeds, left_out, low, high, note. */
int gk_stat_slope(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_seeds    logarithms = through(out, s, s->x, log10, s->y, log10);
    gk_estimate found = gk_seeds_slope(&logarithms);
    gk_stat_put(out, found.value);
    gk_table_int(out->table, found.n_seed);
    gk_table_int(out->table, found.n_left_out);
    put_interval(out, found.interval, "2 seeds with 2 different X each, or 3 runs");
    return 0;
}

/* theta X Y: theta (degrees), cot, seeds, low, high, note.  The slope of ln X on Y is the cotangent of the angle between the axis
 * ln X and the line. */
int gk_stat_theta(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_seeds    turned = through(out, s, s->y, same, s->x, log);
    gk_estimate found = gk_seeds_angle(&turned);
    gk_stat_put(out, found.value);
    gk_stat_put(out, gk_seeds_slope(&turned).value);
    gk_table_int(out->table, found.n_seed);
    put_interval(out, found.interval, "2 seeds with 2 different Y each, or 3 points");
    return 0;
}

/* logistic X Y: middle, seeds, low, high, note. */
int gk_stat_logistic_middle(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_estimate found = gk_seeds_threshold(&(gk_seeds){ s->n, s->n_seed, s->x, s->y, s->seed }, *out->options->level);
    gk_stat_put(out, found.value);
    gk_table_int(out->table, found.n_seed);
    put_interval(out, found.interval, "2 seeds with 2 different X each, 5 if some never get there");
    return 0;
}

/* median X: finite, median, min, max, low, high, note. */
int gk_stat_median(gk_stat_output *out, const gk_stat_sample *s)
{
    if (gk_stat_count(out, s) < 0)
        return -1;
    gk_stat_put(out, gk_stat_quantile(s->n, s->x, 0.5));
    gk_stat_put(out, gk_stat_quantile(s->n, s->x, 0));
    gk_stat_put(out, gk_stat_quantile(s->n, s->x, 1));
    put_interval(out, gk_seeds_median(&(gk_seeds){ s->n, s->n_seed, s->x, s->x, s->seed }).interval, "5 seeds");
    return 0;
}

/* share X: k, share, low, high, note. */
int gk_stat_share(gk_stat_output *out, const gk_stat_sample *s)
{
    int64_t k = 0;
    for (int64_t i = 0; i < s->n; i++)
        k += s->x[i] >= *out->options->level;
    gk_estimate found = gk_seeds_share(&(gk_seeds){ s->n, s->n_seed, s->x, s->x, s->seed }, *out->options->level);
    gk_table_int(out->table, k);
    gk_stat_put(out, found.value);
    put_interval(out, found.interval, "1 run");
    return 0;
}

/* change X Y: change, pairs, undecided, p, low, high, note. */
int gk_stat_change(gk_stat_output *out, const gk_stat_sample *s)
{
    double  least = gk_stat_quantile(s->n, s->x, 0);
    double *side = gk_arena_alloc(out->arena, (size_t)(s->n + 1) * sizeof *side);
    for (int64_t i = 0; i < s->n; i++)
        side[i] = s->x[i] > least;
    gk_change found = gk_seeds_change(&(gk_seeds){ s->n, s->n_seed, side, s->y, s->seed });
    gk_stat_put(out, found.estimate.value);
    gk_table_int(out->table, found.paired ? s->n_seed : 0);
    gk_table_int(out->table, found.estimate.n_left_out);
    gk_stat_put(out, found.p);
    put_interval(out, found.estimate.interval, found.paired ? "5 pairs" : "4 seeds of either");
    return 0;
}

/* A row, and which of two curves it is of. */
typedef struct sided { double side, x, z; int64_t seed; } sided;

static int by_pair(const void *a, const void *b)
{
    const sided *p = a, *q = b;
    if (p->seed != q->seed)
        return (p->seed > q->seed) - (p->seed < q->seed);
    return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->side > q->side) - (p->side < q->side);
}

/* cross SIDE X Z: crossing, seeds, low, high, note.  Where B's Z passes A's, of seeds that have both at an x, one row of each. */
int gk_stat_cross(gk_stat_output *out, const gk_stat_sample *s)
{
    size_t   most = (size_t)s->n + 1;
    sided   *row = gk_arena_alloc(out->arena, most * sizeof *row);
    double  *x = gk_arena_alloc(out->arena, most * sizeof *x), *gap = gk_arena_alloc(out->arena, most * sizeof *gap);
    int64_t *seed = gk_arena_alloc(out->arena, most * sizeof *seed), n = 0;
    for (int64_t i = 0; i < s->n; i++)
        row[i] = (sided){ s->x[i], s->y[i], s->z[i], s->seed[i] };
    qsort(row, (size_t)s->n, sizeof *row, by_pair);
    for (int64_t i = 1; i < s->n; i++) {
        const sided *a = &row[i - 1], *b = &row[i];
        if (a->seed != b->seed || a->x != b->x || a->side == b->side)
            continue;
        x[n]      = a->x;
        gap[n]    = b->z - a->z;
        seed[n++] = a->seed;
    }
    gk_estimate found = gk_seeds_crossing(&(gk_seeds){ n, s->n_seed, x, gap, seed });
    gk_stat_put(out, found.value);
    gk_table_int(out->table, found.n_seed);
    put_interval(out, found.interval, "2 seeds with both curves at 2 different X each, 5 if some never cross");
    return 0;
}
