/* coverage_curves.c -- coverage (see coverage.h) of intervals of curves y(x): slopes, angles, orders, thresholds, crossings. */
#include "analysis/critical.h"
#include "analysis/seeds.h"
#include "analysis/surface.h"
#include "coverage.h"

/* Runs of up to MAX_SEED seeds at MAX_X places. */
typedef struct runs {
    double  x[MAX_SEED * MAX_X], y[MAX_SEED * MAX_X];
    int64_t seed[MAX_SEED * MAX_X], n, n_seed;
} runs;

static void add(runs *r, double x, double y, int64_t seed)
{
    r->x[r->n] = x;
    r->y[r->n] = y;
    r->seed[r->n++] = seed;
}

static gk_seeds of(const runs *r)
{
    return (gk_seeds){ r->n, r->n_seed, r->x, r->y, r->seed };
}

/* --- slopes ---------------------------------------------------------------------------------------------------------------- */

/* n seeds at the same x: slope -1, with an offset and a slope of every seed's own, and noise of every run.  What is beyond `last`
 * is never seen. */
static runs power_law(int n_seed, law noise, double last)
{
    runs r = { .n_seed = n_seed };
    for (int s = 0; s < n_seed; s++) {
        double offset = 0.3 * draw(noise), slope = -1 + 0.2 * draw(noise);
        for (int i = 0; i < MAX_X; i++)
            add(&r, 0.25 * i, seen(offset + slope * 0.25 * i + 0.2 * draw(noise), last), s);
    }
    return r;
}

static outcome slope_of_seeds(int n_seed, law noise)
{
    runs     r = power_law(n_seed, noise, INFINITY);
    gk_seeds all = of(&r);
    return holds(gk_seeds_slope(&all).interval, -1);
}

/* Training ends at y = 0.4: runs at the smallest x are cut off now and then. */
static outcome slope_of_censored_seeds(int n_seed, law noise)
{
    runs     r = power_law(n_seed, noise, 0.4);
    gk_seeds all = of(&r);
    return holds(gk_seeds_slope(&all).interval, -1);
}

/* So many runs at every x, of a seed of its own. */
static outcome slope_without_seeds(int n_seed, law noise, int n_run)
{
    runs r = { .n_seed = n_seed };
    for (int s = 0; s < n_seed; s++) {
        double luck = draw(noise);
        for (int i = 0; i < n_run; i++)
            add(&r, s, -s + luck + (n_run > 1 ? 0.5 * draw(noise) : 0), s);
    }
    gk_seeds all = of(&r);
    return holds(gk_seeds_slope(&all).interval, -1);
}

static outcome slope_of_single_runs(int n_seed, law noise)  { return slope_without_seeds(n_seed, noise, 1); }
static outcome slope_of_several_runs(int n_seed, law noise) { return slope_without_seeds(n_seed, noise, 3); }

static outcome angle_over_seeds(int n_seed, law noise)
{
    runs     r = power_law(n_seed, noise, INFINITY);
    gk_seeds all = of(&r);
    return holds(gk_seeds_angle(&all).interval, 135);
}

/* The contour of a map of n_seed rows, of which every cell is off by itself. */
static outcome angle_of_contour(int n_seed, law noise)
{
    double      x[MAX_SEED * MAX_X] = { 0 }, y[MAX_SEED * MAX_X] = { 0 }, z[MAX_SEED * MAX_X] = { 0 }, degrees = 180 / acos(-1);
    gk_crossing found[MAX_X];
    runs        r = { 0 };
    for (int i = 0; i < n_seed * MAX_X; i++) {
        int at = i / MAX_X;
        x[i] = i % MAX_X;
        y[i] = at;
        z[i] = x[i] - 3 - 0.2 * y[i] + 0.2 * draw(noise);
    }
    gk_surface *map = gk_surface_new((int64_t)n_seed * MAX_X, x, y, z, 0);
    for (int at = 0; map && at < n_seed; at++)
        for (int64_t i = 0, n = gk_surface_cross_x(map, at, 0, found); i < n && r.n < MAX_SEED * MAX_X; i++)
            add(&r, at, found[i].x, r.n);
    gk_surface_free(map);
    r.n_seed = r.n;
    gk_seeds all = of(&r);
    return holds(gk_seeds_angle(&all).interval, atan2(1, 0.2) * degrees);
}

/* --- orders ---------------------------------------------------------------------------------------------------------------- */

static runs ordered(int n_seed, law noise, int n_x, double effect)
{
    runs r = { .n_seed = n_seed };
    for (int s = 0; s < n_seed; s++)
        for (int i = 0; i < n_x; i++)
            add(&r, i, effect * i + draw(noise), s);
    return r;
}

/* About the mean of the correlations of single seeds, which is 0 without an effect, and else found from many. */
static outcome order_of(int n_seed, law noise, int n_x, double effect)
{
    static double mean_of[MAX_X + 1][N_LAW];
    enum { N_MANY = 20000 };
    double *mean = &mean_of[n_x][noise];
    if (effect > 0 && *mean == 0)
        for (int i = 0; i < N_MANY; i++) {
            runs     one = ordered(1, noise, n_x, effect);
            gk_seeds all = of(&one);
            *mean += gk_seeds_rank(&all).value / N_MANY;
        }
    runs     r = ordered(n_seed, noise, n_x, effect);
    gk_seeds all = of(&r);
    return holds(gk_seeds_rank(&all).interval, effect > 0 ? *mean : 0);
}

static outcome no_order_of_three(int n_seed, law noise) { return order_of(n_seed, noise, 3, 0); }
static outcome no_order_of_eight(int n_seed, law noise) { return order_of(n_seed, noise, 8, 0); }
static outcome order_of_three(int n_seed, law noise)    { return order_of(n_seed, noise, 3, 0.5); }
static outcome order_of_eight(int n_seed, law noise)    { return order_of(n_seed, noise, 8, 0.2); }

/* --- thresholds ------------------------------------------------------------------------------------------------------------ */

/* Every seed has a threshold of its own around a place that lies anywhere between two points of the grid; near its threshold a
 * run succeeds or not by chance. */
typedef struct place {
    double at, spread, blur;
    bool   skew;        /* thresholds reach further above their median than below */
    double bend;        /* of crossing curves: how much steeper their difference is after a step */
    double last;        /* differences below are of a run that was never seen */
} place;

static double own_threshold(const place *p, double truth, law noise)
{
    double z = draw(noise);
    return truth + p->spread * (p->skew ? exp(z) - 1 : z);
}

static gk_estimate threshold_of(int n_seed, law noise, const place *p, double truth)
{
    runs r = { .n_seed = n_seed };
    for (int s = 0; s < n_seed; s++) {
        double own = own_threshold(p, truth, noise);
        for (int x = 0; x < MAX_X; x++)
            add(&r, x, x + p->blur * draw(noise) > own, s);
    }
    gk_seeds all = of(&r);
    return gk_seeds_threshold(&all, 0.99);
}

/* By bisection, between 0 and 1; NaN where that says that the threshold is not between them. */
static gk_estimate search_of(int n_seed, law noise, double precision, const place *p, double truth)
{
    enum { MOST = 100 * MAX_SEED };
    double    own[MAX_SEED], x[MOST], at;
    int64_t   seed[MOST], n_wanted;
    bool      success[MOST], wanted[MAX_SEED];
    gk_search search = { 0, 1, precision, n_seed };
    gk_outcomes known = { 0, x, seed, success };
    for (int s = 0; s < n_seed; s++)
        own[s] = own_threshold(p, truth, noise);
    while ((n_wanted = gk_search_next(&search, &known, &at, wanted)) > 0 && known.n <= MOST - n_seed)
        for (int s = 0; s < n_seed; s++)
            if (wanted[s]) {
                x[known.n] = at;
                seed[known.n] = s;
                success[known.n++] = at + p->blur * draw(noise) > own[s];
            }
    return n_wanted == 0 ? gk_search_estimate(&search, &known) : (gk_estimate){ NAN, { NAN, NAN }, 0, 0 };
}

/* Does the inner half hold it?  Half a wide interval, where the whole one holds it always, shows how wide it is. */
static outcome half_holds(gk_interval found, double truth)
{
    double quarter = (found.high - found.low) / 4;
    return holds((gk_interval){ found.low + quarter, found.high - quarter }, truth);
}

static outcome logistic(int n_seed, law noise, const place *p)
{
    double truth = p->at + evenly();
    return holds(threshold_of(n_seed, noise, p, truth).interval, truth);
}

static outcome logistic_half(int n_seed, law noise)
{
    double truth = 3 + evenly();
    return half_holds(threshold_of(n_seed, noise, &(place){ .spread = 0.05 }, truth).interval, truth);
}

static outcome logistic_between_points(int n, law noise) { return logistic(n, noise, &(place){ .at = 3, .spread = 0.8 }); }
static outcome logistic_by_chance(int n, law noise)
{
    return logistic(n, noise, &(place){ .at = 3, .spread = 0.6, .blur = 0.5 });
}
static outcome logistic_same_for_all(int n, law noise)   { return logistic(n, noise, &(place){ .at = 3 }); }
static outcome logistic_finer(int n, law noise)          { return logistic(n, noise, &(place){ .at = 3, .spread = 0.05 }); }
static outcome logistic_skewed(int n, law noise) { return logistic(n, noise, &(place){ .at = 2, .spread = 0.8, .skew = true }); }
static outcome logistic_at_the_end(int n, law noise)     { return logistic(n, noise, &(place){ .at = 5, .spread = 1.2 }); }

static outcome search(int n_seed, law noise, double precision, const place *p)
{
    double truth = p->at + precision * evenly();
    return holds(search_of(n_seed, noise, precision, p, truth).interval, truth);
}

static outcome search_half(int n_seed, law noise)
{
    double truth = 0.4 + 0.1 * evenly();
    return half_holds(search_of(n_seed, noise, 0.1, &(place){ .spread = 0.02 }, truth).interval, truth);
}

static outcome search_fine(int n, law noise)      { return search(n, noise, 0.02, &(place){ .at = 0.4, .spread = 0.1 }); }
static outcome search_by_chance(int n, law noise)
{
    return search(n, noise, 0.02, &(place){ .at = 0.4, .spread = 0.05, .blur = 0.03 });
}
static outcome search_coarse(int n, law noise)       { return search(n, noise, 0.1, &(place){ .at = 0.4, .spread = 0.02 }); }
static outcome search_as_precise(int n, law noise)   { return search(n, noise, 0.1, &(place){ .at = 0.4, .spread = 0.08 }); }
static outcome search_same_for_all(int n, law noise) { return search(n, noise, 0.1, &(place){ .at = 0.4 }); }
static outcome search_skewed(int n, law noise)
{
    return search(n, noise, 0.02, &(place){ .at = 0.3, .spread = 0.1, .skew = true });
}
static outcome search_at_the_end(int n, law noise)   { return search(n, noise, 0.02, &(place){ .at = 0.8, .spread = 0.2 }); }

/* --- crossings ------------------------------------------------------------------------------------------------------------- */

/* Differences of two curves that cross at every seed's own place. */
static outcome crossing(int n_seed, law noise, const place *p)
{
    double truth = p->at + evenly();
    runs   r = { .n_seed = n_seed };
    for (int s = 0; s < n_seed; s++) {
        double own = own_threshold(p, truth, noise);
        for (int x = 0; x < MAX_X; x++) {
            double off = x - own, y = (p->bend > 0 ? expm1(p->bend * off) / p->bend : off) + p->blur * draw(noise);
            add(&r, x, p->last < 0 && y < p->last ? -INFINITY : y, s);
        }
    }
    gk_seeds all = of(&r);
    return holds(gk_seeds_crossing(&all).interval, truth);
}

static outcome crossing_plain(int n, law noise)  { return crossing(n, noise, &(place){ .at = 3, .spread = 0.8 }); }
static outcome crossing_noisy(int n, law noise)  { return crossing(n, noise, &(place){ .at = 3, .spread = 0.5, .blur = 0.3 }); }
static outcome crossing_noisier(int n, law noise) { return crossing(n, noise, &(place){ .at = 3, .spread = 0.5, .blur = 1 }); }
static outcome crossing_bent(int n, law noise)   { return crossing(n, noise, &(place){ .at = 3, .spread = 0.5, .bend = 0.5 }); }
static outcome crossing_bent_same(int n, law noise)
{
    return crossing(n, noise, &(place){ .at = 3, .spread = 0.05, .bend = 0.5 });
}
static outcome crossing_skewed(int n, law noise) { return crossing(n, noise, &(place){ .at = 2, .spread = 0.8, .skew = true }); }
static outcome crossing_at_the_end(int n, law noise) { return crossing(n, noise, &(place){ .at = 5, .spread = 1.2 }); }
static outcome crossing_censored(int n, law noise)
{
    return crossing(n, noise, &(place){ .at = 3, .spread = 0.5, .blur = 0.2, .last = -1.2 });
}

/* The range of five values holds their median in 93.75 %: with the scatter of so few experiments, from 0.92 on. */
static const row rows[] = {
    { "slope over seeds",             slope_of_seeds,          0.93,  0.97,  0 },
    { "slope, some never seen",       slope_of_censored_seeds, 0.93,  0.97,  0 },
    { "slope of single runs",         slope_of_single_runs,    0.93,  0.97,  0 },
    { "slope of several runs",        slope_of_several_runs,   0.93,  0.97,  0 },
    { "theta over seeds",             angle_over_seeds,        0.93,  0.97,  0 },
    { "theta of a contour",           angle_of_contour,        0.93,  0.97,  0 },
    { "spearman, 3 x, no order",      no_order_of_three,       0.92,  0.97,  0 },
    { "spearman, 8 x, no order",      no_order_of_eight,       0.92,  0.97,  0 },
    { "spearman, 3 x",                order_of_three,          0.83,  0.94,  0 },    /* most seeds have the same: seeds.h */
    { "spearman, 8 x",                order_of_eight,          0.91,  0.96,  0 },
    { "logistic",                     logistic_between_points, 0.93,  0.98,  0 },    /* no shorter than the grid's gap */
    { "logistic, 3 seeds",            logistic_between_points, 0.93,  0.98,  3 },
    { "logistic by chance",           logistic_by_chance,      0.93,  0.98,  0 },
    { "logistic, same for all",       logistic_same_for_all,   0.93,  0.97,  0 },
    { "logistic, finer than grid",    logistic_finer,          0.985, 1,     0 },    /* who is beside the gap's end tells more */
    { "logistic, finer, half of it",  logistic_half,           0.40,  0.60,  0 },
    { "logistic, skewed",             logistic_skewed,         0.87,  0.97,  0 },    /* it is about the mean of the seeds */
    { "logistic, some never",         logistic_at_the_end,     0.92,  0.97,  0 },
    { "critical",                     search_fine,             0.93,  0.97,  0 },
    { "critical, 3 seeds",            search_fine,             0.91,  0.98,  3 },    /* by Student's t, of other laws */
    { "critical by chance",           search_by_chance,        0.93,  0.97,  0 },
    { "critical, as precise",         search_as_precise,       0.93,  0.98,  0 },    /* the scatter is about the precision */
    { "critical, same for all",       search_same_for_all,     0.93,  0.97,  0 },
    { "critical, coarse",             search_coarse,           0.985, 1,     0 },    /* as a grid's */
    { "critical, coarse, half of it", search_half,             0.70,  0.92,  0 },
    { "critical, skewed",             search_skewed,           0.93,  0.97,  0 },
    { "critical, some never",         search_at_the_end,       0.93,  0.97,  0 },
    { "cross",                        crossing_plain,          0.92,  0.97,  0 },
    { "cross, 3 seeds",               crossing_plain,          0.91,  0.98,  3 },    /* as those of a search */
    { "cross, noisy",                 crossing_noisy,          0.92,  0.97,  0 },
    { "cross, noisier",               crossing_noisier,        0.90,  0.94,  0 },    /* the first change of sign comes early */
    { "cross, bent",                  crossing_bent,           0.92,  0.97,  0 },
    { "cross, bent, same for all",    crossing_bent_same,      0.92,  0.97,  0 },
    { "cross, skewed",                crossing_skewed,         0.92,  0.97,  0 },
    { "cross, some never",            crossing_at_the_end,     0.92,  0.97,  0 },
    { "cross, some never seen",       crossing_censored,       0.92,  0.97,  0 },
};

int main(int argc, char **argv)
{
    return measure_all(argc, argv, 3000, sizeof rows / sizeof *rows, rows);
}
