/* seeds.c -- see seeds.h. */
#include "analysis/seeds.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "analysis/stat.h"
#include "analysis/surface.h"
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

/* Every seed as one run, with the means of its x and y. */
static gk_seeds means(const gk_seeds *runs, gk_arena *arena)
{
    size_t   n = (size_t)runs->n_seed + 1;
    double  *x = gk_arena_alloc(arena, n * sizeof *x), *y = gk_arena_alloc(arena, n * sizeof *y);
    int64_t *n_run = gk_arena_alloc(arena, n * sizeof *n_run), n_kept = 0;
    for (int64_t i = 0; i < runs->n; i++) {
        int64_t seed = runs->seed[i];
        n_run[seed]++;
        x[seed] += (runs->x[i] - x[seed]) / (double)n_run[seed];
        y[seed] += (runs->y[i] - y[seed]) / (double)n_run[seed];
    }
    for (int64_t seed = 0; seed < runs->n_seed; seed++)
        if (n_run[seed] > 0) {
            x[n_kept] = x[seed];
            y[n_kept++] = y[seed];
        }
    return (gk_seeds){ n_kept, n_kept, x, y, NULL };
}

/* The slope of independent runs, and Student's interval by the scatter around their line. */
static gk_estimate regression(const gk_seeds *runs)
{
    gk_line     line = gk_stat_line(runs->n, runs->x, runs->y);
    gk_estimate found = { line.b, { NAN, NAN }, runs->n, 0 };
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
    else {
        gk_seeds single = means(&kept, &arena);
        found = regression(&single);
    }
    found.n_left_out = runs->n - kept.n;
    gk_arena_release(&arena);
    return found;
}

gk_estimate gk_seeds_angle(const gk_seeds *runs)
{
    gk_estimate found = gk_seeds_slope(runs);
    gk_interval slopes = found.interval;
    double      degrees = 180 / acos(-1);
    found.value = atan2(1, found.value) * degrees;
    found.interval = (gk_interval){ atan2(1, slopes.high) * degrees, atan2(1, slopes.low) * degrees };
    return found;
}

/* --- changes ---------------------------------------------------------------------------------------------------------------- */

/* side[x][seed]: the median of the seed's y at x = 0 or 1, NaN: it has none.  Has every seed runs at either, be their y known or
 * not (never less never)? */
static bool sides(const gk_seeds *runs, gk_arena *arena, double *side[2])
{
    bool        all = runs->n_seed > 0;
    sorted_runs sorted = by_seed(runs, arena);
    double     *y = gk_arena_alloc(arena, (size_t)(runs->n + 1) * sizeof *y);
    for (int64_t seed = 0; seed < runs->n_seed; seed++)
        for (int x = 0; x < 2; x++) {
            int64_t n = 0;
            for (int64_t i = sorted.first[seed]; i < sorted.first[seed + 1]; i++)
                if ((sorted.x[i] > 0) == x)
                    y[n++] = sorted.y[i];
            side[x][seed] = n > 0 ? gk_stat_quantile(n, y, 0.5) : NAN;
            all = all && n > 0;
        }
    return all;
}

static gk_change paired_change(int64_t n, double *const side[2])
{
    double   *difference = side[1];
    gk_change found = { { NAN, { NAN, NAN }, n, 0 }, true, NAN };
    for (int64_t seed = 0; seed < n; seed++) {
        difference[seed] -= side[0][seed];
        found.estimate.n_left_out += isnan(difference[seed]);
    }
    found.estimate.value = gk_stat_quantile(n, difference, 0.5);
    found.estimate.interval = gk_interval_median(n, difference);
    found.p = gk_test_signed_rank(n, difference);
    return found;
}

gk_change gk_seeds_change(const gk_seeds *runs)
{
    gk_arena  arena = { 0 };
    size_t    size = (size_t)(runs->n_seed + 1) * sizeof(double);
    double   *side[2] = { gk_arena_alloc(&arena, size), gk_arena_alloc(&arena, size) };
    int64_t   n[2] = { 0, 0 };
    gk_change found = { { NAN, { NAN, NAN }, runs->n_seed, 0 }, false, NAN };
    const bool are_pairs = sides(runs, &arena, side);
    if (are_pairs) {
        found = paired_change(runs->n_seed, side);
    } else {
        for (int x = 0; x < 2; x++)    /* those that there are, in front */
            for (int64_t seed = 0; seed < runs->n_seed; seed++)
                if (!isnan(side[x][seed]))
                    side[x][n[x]++] = side[x][seed];
        found.estimate.value = gk_shift(n[1], side[1], n[0], side[0]);
        found.estimate.interval = gk_interval_shift(n[1], side[1], n[0], side[0]);
        found.p = gk_test_rank_sum(n[1], side[1], n[0], side[0]);
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

/* --- shares ---------------------------------------------------------------------------------------------------------------- */

static const double NORMAL_QUANTILE = 1.959964;    /* of 0.975 */

/* How many independent runs have their share scatter as that of these seeds, k[seed] of n[seed] runs, does: a scatter that few
 * seeds tell, for which the trials shrink as Student's quantile grows (Korn, Graubard 1998).  No fewer than seeds are worth whose
 * runs are all the same: where some have more runs than others, that is fewer than there are (Kish 1965). */
static double worth(const gk_seeds *runs, double share, const int64_t *k, const int64_t *n)
{
    double square = 0, n_seed = 0, n_run = (double)runs->n, squares = 0;
    for (int64_t seed = 0; seed < runs->n_seed; seed++) {
        double off = (double)k[seed] - share * (double)n[seed];
        square += off * off;
        squares += (double)n[seed] * (double)n[seed];
        n_seed += n[seed] > 0;
    }
    if (n_seed == n_run || n_seed < 2)
        return n_seed;
    double scatter = square * n_seed / (n_seed - 1) / n_run / n_run, fewest = n_run * n_run / squares;
    double shrink = NORMAL_QUANTILE / gk_student_quantile((int64_t)n_seed - 1, 0.975);
    double found = share * (1 - share) / scatter * shrink * shrink;
    return found > n_run ? n_run : found >= fewest ? found : fewest;
}

gk_estimate gk_seeds_share(const gk_seeds *runs, double level)
{
    gk_arena    arena = { 0 };
    int64_t    *n = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *n), n_over = 0, n_seed = 0;
    int64_t    *k = gk_arena_alloc(&arena, (size_t)(runs->n_seed + 1) * sizeof *k);
    for (int64_t i = 0; i < runs->n; i++) {
        n[runs->seed[i]]++;
        k[runs->seed[i]] += runs->y[i] >= level;
        n_over += runs->y[i] >= level;
    }
    for (int64_t seed = 0; seed < runs->n_seed; seed++)
        n_seed += n[seed] > 0;
    double      share = (double)n_over / (double)runs->n, trials = worth(runs, share, k, n);
    gk_estimate found = { share, gk_interval_share(share * trials, trials), n_seed, 0 };
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
        found.interval = gk_interval_inside(gk_interval_threshold(n, value, gap_at(runs, all)),
                                            gk_stat_quantile(runs->n, runs->x, 0), gk_stat_quantile(runs->n, runs->x, 1));
    gk_arena_release(&arena);
    return found;
}

/* --- crossings ------------------------------------------------------------------------------------------------------------- */

/* Somewhere from low to high. */
typedef struct span { double low, high; } span;

/* Where the curve through the finite points passes 0 between two of them that are neighbours: as contours of maps do. */
static double passes(int64_t n, const gk_level *p, span between, gk_arena *arena)
{
    double      *x = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *x), *y = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *y);
    gk_crossing *place = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *place);
    int64_t      n_finite = 0, n_place = 0;
    double       found = NAN;
    for (int64_t i = 0; i < n; i++)
        if (isfinite(p[i].median)) {
            x[n_finite]   = p[i].x;
            y[n_finite++] = p[i].median;
        }
    gk_surface *curve = gk_surface_new(n_finite, x, NULL, y, 0);
    if (curve)
        n_place = gk_surface_cross_x(curve, 0, 0, place);
    for (int64_t i = 0; i < n_place && isnan(found); i++)
        if (place[i].x >= between.low && place[i].x <= between.high)
            found = place[i].x;
    gk_surface_free(curve);
    return found;
}

/* Where a seed's y changes its sign first.  Of a y that is infinite, of a run that was never seen, the sign is known. */
static span crossing(int64_t n, const double *x, const double *y, gk_arena *arena)
{
    gk_level *p;
    int64_t   n_point = gk_stat_levels(n, x, y, arena, &p), last = -1, n_known = 0;
    for (int64_t i = 0; i < n_point; i++) {
        if (isnan(p[i].median))
            continue;
        if (last >= 0 && (p[last].median <= 0) != (p[i].median <= 0)) {
            span between = { p[last].x, p[i].x };
            if (last == i - 1 && isfinite(p[last].median) && isfinite(p[i].median))
                between.low = between.high = passes(n_point, p, between, arena);
            return between;
        }
        last = i;
        n_known++;
    }
    return n_known > 1 ? (span){ INFINITY, INFINITY } : (span){ NAN, NAN };
}

gk_estimate gk_seeds_crossing(const gk_seeds *runs)
{
    gk_arena    arena = { 0 };
    sorted_runs sorted = by_seed(runs, &arena);
    size_t      size = (size_t)(runs->n_seed + 1) * sizeof(double);
    double     *low = gk_arena_alloc(&arena, size), *high = gk_arena_alloc(&arena, size), *middle = gk_arena_alloc(&arena, size);
    gk_estimate found = { NAN, { NAN, NAN }, 0, 0 };
    for (int64_t seed = 0; seed < runs->n_seed; seed++) {
        int64_t first = sorted.first[seed];
        span    at = crossing(sorted.first[seed + 1] - first, sorted.x + first, sorted.y + first, &arena);
        if (isnan(at.low))
            continue;
        low[found.n_seed] = at.low;
        high[found.n_seed] = at.high;
        middle[found.n_seed++] = at.low + (at.high > at.low ? (at.high - at.low) / 2 : 0);
    }
    found.value = gk_stat_quantile(found.n_seed, middle, 0.5);
    if (found.n_seed > 1)
        found.interval = gk_interval_inside((gk_interval){ gk_interval_median_threshold(found.n_seed, low, 0).low,
                                                           gk_interval_median_threshold(found.n_seed, high, 0).high },
                                            gk_stat_quantile(runs->n, runs->x, 0), gk_stat_quantile(runs->n, runs->x, 1));
    gk_arena_release(&arena);
    return found;
}
