/* stat_curve.c -- statistics of a curve y(x), and of its replicas. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/stat.h"
#include "table/stat_rows.h"

/* --- ups and downs ------------------------------------------------------------------------------------------------------- */

typedef struct point { double x, y; } point;

static int by_x(const void *a, const void *b)
{
    double x = ((const point *)a)->x, y = ((const point *)b)->x;
    return (x > y) - (x < y);
}

/* The different x, ascending, and the median of y at each; their number. */
static int64_t curve_of(gk_stat_output *out, const gk_stat_sample *s, point **curve)
{
    point  *all = gk_arena_alloc(out->arena, (size_t)(s->n + 1) * sizeof *all);
    double *same = gk_arena_alloc(out->arena, (size_t)(s->n + 1) * sizeof *same);
    int64_t n = 0;
    for (int64_t i = 0; i < s->n; i++)
        all[i] = (point){ s->x[i], s->y[i] };
    qsort(all, (size_t)s->n, sizeof *all, by_x);
    for (int64_t i = 0, end; i < s->n; i = end) {
        for (end = i; end < s->n && all[end].x == all[i].x; end++)
            same[end - i] = all[end].y;
        all[n++] = (point){ all[i].x, gk_stat_quantile(end - i, same, 0.5) };
    }
    *curve = all;
    return n;
}

/* rise X Y: the largest y(to) - y(from) with from < to; 0 if y never rises. */
int gk_stat_rise(gk_stat_output *out, const gk_stat_sample *s)
{
    point  *p;
    int64_t n = curve_of(out, s, &p), low = 0, from = 0, to = 0;
    for (int64_t i = 1; i < n; i++) {
        if (p[i].y < p[low].y)
            low = i;
        if (p[i].y - p[low].y > p[to].y - p[from].y) {
            from = low;
            to = i;
        }
    }
    out->begin(out);
    gk_stat_put(out, to > from ? p[to].y - p[from].y : 0);
    gk_stat_put(out, p[from].x);
    gk_stat_put(out, p[to].x);
    gk_table_end_row(out->table);
    return 0;
}

/* peaks X Y: places to which y rises, and from which it falls again, by at least --prominence. */
int gk_stat_peaks(gk_stat_output *out, const gk_stat_sample *s)
{
    double      least = out->options->prominence;
    point      *p;
    int64_t     n = curve_of(out, s, &p), n_peak = 0, turn = 0;    /* turn: highest since it rises, lowest since it falls */
    bool        rises = false;
    const char *places = "";
    for (int64_t i = 1; i < n; i++) {
        double change = rises ? p[turn].y - p[i].y : p[i].y - p[turn].y;
        if (change > 0 && change >= least) {
            if (rises) {
                places = gk_arena_printf(out->arena, "%s%s%.6g", places, n_peak > 0 ? " " : "", p[turn].x);
                n_peak++;
            }
            rises = !rises;
            turn = i;
        } else if (change < 0) {
            turn = i;
        }
    }
    out->begin(out);
    gk_table_int(out->table, n_peak);
    gk_table_text(out->table, places);
    gk_table_end_row(out->table);
    return 0;
}

/* --- does a seed that is late at one x come late at the next? ------------------------------------------------------------ */

/* The median of y of each seed at this x; NaN: none. */
static void of_seeds(const gk_stat_sample *s, double x, double *same, double *y)
{
    for (int64_t seed = 0; seed < s->n_seed; seed++) {
        int64_t n = 0;
        for (int64_t i = 0; i < s->n; i++)
            if (s->x[i] == x && s->seed[i] == seed)
                same[n++] = s->y[i];
        y[seed] = gk_stat_quantile(n, same, 0.5);
    }
}

/* order X Y: the mean, over neighbouring x, of the rank correlation of the seeds' y; how many neighbours. */
int gk_stat_order(gk_stat_output *out, const gk_stat_sample *s)
{
    point  *p;
    int64_t n = curve_of(out, s, &p), n_pair = 0;
    double *room = gk_arena_alloc(out->arena, (size_t)(s->n + 2 * s->n_seed + 1) * sizeof *room), sum = 0;
    double *here = room + s->n, *before = here + s->n_seed;
    for (int64_t i = 0; i < n; i++) {
        of_seeds(s, p[i].x, room, here);
        double rho = i > 0 ? gk_stat_spearman(s->n_seed, before, here) : NAN;
        if (!isnan(rho)) {
            sum += rho;
            n_pair++;
        }
        memcpy(before, here, (size_t)s->n_seed * sizeof *here);
    }
    out->begin(out);
    gk_stat_put(out, n_pair > 0 ? sum / (double)n_pair : NAN);
    gk_table_int(out->table, n_pair);
    gk_table_end_row(out->table);
    return 0;
}
