/* seeds.c -- see seeds.h. */
#include "analysis/seeds.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "analysis/stat.h"
#include "base/arena.h"

/* A statistic of the runs of one seed. */
typedef double of_runs(int64_t n, const double *x, const double *y, const void *context);

/* The runs sorted by seed, in the arena. */
typedef struct sorted_runs {
    double  *x, *y;
    int64_t *first;    /* [n_seed + 1] */
} sorted_runs;

static sorted_runs by_seed(const gk_seeds *runs, gk_arena *arena)
{
    size_t      n = (size_t)runs->n + 1, n_seed = (size_t)runs->n_seed + 2;
    sorted_runs sorted = { gk_arena_alloc(arena, n * sizeof(double)), gk_arena_alloc(arena, n * sizeof(double)),
                           gk_arena_alloc(arena, n_seed * sizeof(int64_t)) };
    int64_t    *next = gk_arena_alloc(arena, n_seed * sizeof *next);
    for (int64_t i = 0; i < runs->n; i++)
        sorted.first[runs->seed[i] + 1]++;
    for (int64_t seed = 0; seed < runs->n_seed; seed++) {
        sorted.first[seed + 1] += sorted.first[seed];
        next[seed] = sorted.first[seed];
    }
    for (int64_t i = 0; i < runs->n; i++) {
        int64_t at = next[runs->seed[i]]++;
        sorted.x[at] = runs->x[i];
        sorted.y[at] = runs->y[i];
    }
    return sorted;
}

/* The statistic of every seed; those that are NaN are left out.  Returns how many there are. */
static int64_t of_each(const gk_seeds *runs, of_runs *statistic, const void *context, gk_arena *arena, double *out)
{
    sorted_runs sorted = by_seed(runs, arena);
    int64_t     n = 0;
    for (int64_t seed = 0; seed < runs->n_seed; seed++) {
        int64_t first = sorted.first[seed];
        double  value = statistic(sorted.first[seed + 1] - first, sorted.x + first, sorted.y + first, context);
        if (!isnan(value))
            out[n++] = value;
    }
    return n;
}

/* --- slopes ---------------------------------------------------------------------------------------------------------------- */

static double slope(int64_t n, const double *x, const double *y, const void *context)
{
    (void)context;
    return gk_stat_line(n, x, y).b;
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The runs at those x at which all are finite. */
static gk_seeds all_finite(const gk_seeds *runs, gk_arena *arena)
{
    size_t   n = (size_t)runs->n + 1;
    double  *x = gk_arena_alloc(arena, n * sizeof *x), *y = gk_arena_alloc(arena, n * sizeof *y);
    double  *bad = gk_arena_alloc(arena, n * sizeof *bad);
    int64_t *seed = gk_arena_alloc(arena, n * sizeof *seed), n_bad = 0, n_kept = 0;
    for (int64_t i = 0; i < runs->n; i++)
        if (!isfinite(runs->y[i]))
            bad[n_bad++] = runs->x[i];
    qsort(bad, (size_t)n_bad, sizeof *bad, ascending);
    for (int64_t i = 0; i < runs->n; i++)
        if (isfinite(runs->x[i]) && !bsearch(&runs->x[i], bad, (size_t)n_bad, sizeof *bad, ascending)) {
            x[n_kept] = runs->x[i];
            y[n_kept] = runs->y[i];
            seed[n_kept++] = runs->seed[i];
        }
    return (gk_seeds){ n_kept, runs->n_seed, x, y, seed };
}

/* The slope of independent runs, and Student's interval by the scatter around their line. */
static gk_estimate regression(const gk_seeds *runs)
{
    gk_line     line = gk_stat_line(runs->n, runs->x, runs->y);
    gk_estimate found = { line.b, { NAN, NAN }, 0, 0 };
    double      rest = 0, mean = 0, xx = 0;
    for (int64_t i = 0; i < runs->n; i++) {
        double off = runs->y[i] - line.a - line.b * runs->x[i];
        rest += off * off;
        mean += runs->x[i] / (double)runs->n;
    }
    for (int64_t i = 0; i < runs->n; i++)
        xx += (runs->x[i] - mean) * (runs->x[i] - mean);
    if (runs->n > 2 && xx > 0) {
        double half = gk_student_quantile(runs->n - 2, 0.975) * sqrt(rest / (double)(runs->n - 2) / xx);
        found.interval = (gk_interval){ line.b - half, line.b + half };
    }
    return found;
}

gk_estimate gk_seeds_slope(const gk_seeds *runs)
{
    gk_arena    arena = { 0 };
    gk_seeds    kept = all_finite(runs, &arena);
    double     *value = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *value), mean = 0;
    int64_t     n = of_each(&kept, slope, NULL, &arena, value);
    gk_estimate found;
    for (int64_t i = 0; i < n; i++)
        mean += value[i] / (double)n;
    if (n > 0)
        found = (gk_estimate){ mean, gk_interval_mean(n, value), n, 0 };
    else
        found = regression(&kept);
    found.n_seed = n > 0 ? n : kept.n;
    found.n_left_out = runs->n - kept.n;
    gk_arena_release(&arena);
    return found;
}

/* --- changes ---------------------------------------------------------------------------------------------------------------- */

/* difference[seed]: y(1) - y(0).  Are there one run of every seed at either x? */
static bool pair_up(const gk_seeds *runs, gk_arena *arena, double *difference)
{
    int64_t *n_run = gk_arena_alloc(arena, (size_t)(2 * runs->n_seed + 1) * sizeof *n_run);
    for (int64_t seed = 0; seed < runs->n_seed; seed++)
        difference[seed] = 0;
    for (int64_t i = 0; i < runs->n; i++) {
        n_run[2 * runs->seed[i] + (runs->x[i] > 0)]++;
        difference[runs->seed[i]] += runs->x[i] > 0 ? runs->y[i] : -runs->y[i];
    }
    for (int64_t i = 0; i < 2 * runs->n_seed; i++)
        if (n_run[i] != 1)
            return false;
    return runs->n_seed > 0;
}

gk_change gk_seeds_change(const gk_seeds *runs)
{
    gk_arena  arena = { 0 };
    double   *difference = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *difference);
    double   *group = gk_arena_alloc(&arena, (size_t)(runs->n + 1) * sizeof *group);
    int64_t   n[2] = { 0, 0 }, unseen = 0;
    gk_change found = { { NAN, { NAN, NAN }, runs->n_seed, 0 }, pair_up(runs, &arena, difference), NAN };
    if (found.paired) {
        for (int64_t seed = 0; seed < runs->n_seed; seed++)
            unseen += isnan(difference[seed]);
        found.estimate.value = gk_stat_quantile(runs->n_seed, difference, 0.5);
        found.estimate.interval = gk_interval_median(runs->n_seed, difference);
        found.estimate.n_left_out = unseen;
        found.p = gk_test_signed_rank(runs->n_seed, difference);
    } else {
        for (int64_t i = 0; i < runs->n; i++) {    /* from either end */
            int64_t at = runs->x[i] > 0 ? n[1]++ : runs->n - 1 - n[0]++;
            group[at] = runs->y[i];
        }
        found.estimate.value = gk_shift(n[1], group, n[0], group + n[1]);
        found.estimate.interval = gk_interval_shift(n[1], group, n[0], group + n[1]);
        found.p = gk_test_rank_sum(n[1], group, n[0], group + n[1]);
    }
    gk_arena_release(&arena);
    return found;
}

/* --- medians --------------------------------------------------------------------------------------------------------------- */

static double median(int64_t n, const double *x, const double *y, const void *context)
{
    (void)x;
    (void)context;
    return n > 0 ? gk_stat_quantile(n, y, 0.5) : NAN;
}

gk_estimate gk_seeds_median(const gk_seeds *runs)
{
    gk_arena    arena = { 0 };
    double     *value = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *value);
    int64_t     n = of_each(runs, median, NULL, &arena, value);
    gk_estimate found = { median(runs->n, runs->x, runs->y, NULL), gk_interval_median(n, value), n, 0 };
    gk_arena_release(&arena);
    return found;
}

/* --- order ----------------------------------------------------------------------------------------------------------------- */

static double rank(int64_t n, const double *x, const double *y, const void *context)
{
    (void)context;
    return gk_stat_spearman_medians(n, x, y);
}

gk_estimate gk_seeds_rank(const gk_seeds *runs)
{
    gk_arena    arena = { 0 };
    double     *value = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *value);
    int64_t     n = of_each(runs, rank, NULL, &arena, value);
    gk_estimate found = { gk_stat_spearman_medians(runs->n, runs->x, runs->y), { NAN, NAN }, n, 0 };
    if (n > 1)
        found.interval = gk_interval_mean(n, value);
    gk_arena_release(&arena);
    return found;
}

/* --- thresholds ------------------------------------------------------------------------------------------------------------ */

/* NaN for runs at one x only: which says on which side of it the threshold is, and not where. */
static double middle(int64_t n, const double *x, const double *y, const void *context)
{
    double level = *(const double *)context, found = NAN;
    bool  *success = calloc((size_t)n + 1, sizeof *success), several = false;
    for (int64_t i = 0; success && i < n; i++) {
        success[i] = y[i] >= level;
        several |= x[i] != x[0];
    }
    if (success && several)
        found = gk_stat_logistic(n, x, success).middle;
    free(success);
    return found;
}

/* How far the runs on either side of a place are from each other; 0 outside of them. */
static double gap_at(const gk_seeds *runs, double place)
{
    double below = -INFINITY, above = INFINITY;
    for (int64_t i = 0; i < runs->n; i++) {
        if (runs->x[i] <= place)
            below = fmax(below, runs->x[i]);
        else
            above = fmin(above, runs->x[i]);
    }
    return isfinite(above - below) ? above - below : 0;
}

gk_estimate gk_seeds_threshold(const gk_seeds *runs, double level)
{
    gk_arena    arena = { 0 };
    double     *value = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *value);
    int64_t     n = of_each(runs, middle, &level, &arena, value);
    double      all = middle(runs->n, runs->x, runs->y, &level);
    gk_estimate found = { all, { NAN, NAN }, n, 0 };
    if (n > 1)
        found.interval = gk_interval_threshold(n, value, gap_at(runs, all));
    gk_arena_release(&arena);
    return found;
}

/* --- crossings ------------------------------------------------------------------------------------------------------------- */

typedef struct point { double x, y; } point;

static int by_place(const void *a, const void *b)
{
    return ascending(&((const point *)a)->x, &((const point *)b)->x);
}

static double crossing(int64_t n, const double *x, const double *y, const void *context)
{
    point *p = calloc((size_t)n + 1, sizeof *p);
    double found = n > 1 ? INFINITY : NAN;
    (void)context;
    if (!p)
        return NAN;
    for (int64_t i = 0; i < n; i++)
        p[i] = (point){ x[i], y[i] };
    qsort(p, (size_t)n, sizeof *p, by_place);
    for (int64_t i = 1; i < n && isinf(found); i++)
        if ((p[i - 1].y <= 0) != (p[i].y <= 0))
            found = p[i - 1].x + (p[i].x - p[i - 1].x) * p[i - 1].y / (p[i - 1].y - p[i].y);
    free(p);
    return found;
}

gk_estimate gk_seeds_crossing(const gk_seeds *runs)
{
    gk_arena    arena = { 0 };
    gk_seeds    kept = all_finite(runs, &arena);
    double     *value = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *value);
    int64_t     n = of_each(&kept, crossing, NULL, &arena, value);
    gk_estimate found = { gk_stat_quantile(n, value, 0.5), { NAN, NAN }, n, runs->n - kept.n };
    if (n > 1)
        found.interval = gk_interval_threshold(n, value, 0);
    gk_arena_release(&arena);
    return found;
}
