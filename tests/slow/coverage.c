/* coverage.c -- coverage (see coverage.h) of intervals of values: means, medians, shares, and what changes between two groups. */
#include "analysis/seeds.h"
#include "coverage.h"

static outcome mean_of_values(int n, law noise)
{
    double value[MAX_SEED];
    for (int i = 0; i < n; i++)
        value[i] = draw(noise);
    return holds(gk_interval_mean(n, value), 0);
}

static outcome median_of_times(int n, law noise)
{
    double time[MAX_SEED];
    for (int i = 0; i < n; i++)
        time[i] = exp(draw(noise));
    return holds(gk_interval_median(n, time), 1);
}

/* What is later than a deviation is never seen. */
static outcome median_of_censored_times(int n, law noise)
{
    double time[MAX_SEED];
    for (int i = 0; i < n; i++)
        time[i] = seen(draw(noise), 1);
    return holds(gk_interval_median(n, time), 0);
}

/* Three runs of every seed, which are lucky or slow together. */
static outcome median_of_several_runs(int n_seed, law noise)
{
    double  time[3 * MAX_SEED];
    int64_t seed[3 * MAX_SEED];
    for (int s = 0; s < n_seed; s++) {
        double luck = draw(noise);
        for (int i = 3 * s; i < 3 * s + 3; i++) {
            time[i] = exp(luck + 0.5 * draw(noise));
            seed[i] = s;
        }
    }
    return holds(gk_seeds_median(&(gk_seeds){ 3 * n_seed, n_seed, time, time, seed }).interval, 1);
}

/* --- two groups ------------------------------------------------------------------------------------------------------------ */

/* Two groups, of a later by `shift`; who is beyond `last` is never seen.  of_seed: how much a seed decides that both groups
 * share; without, each group has seeds of its own. */
typedef struct groups { double shift, last, of_seed; int n_run; } groups;

static outcome change_between(const groups *g, int n_seed, law noise)
{
    double  x[4 * MAX_SEED], y[4 * MAX_SEED];
    int64_t seed[4 * MAX_SEED];
    int     n = 0;
    for (int s = 0; s < n_seed; s++) {
        double luck[2] = { draw(noise), draw(noise) };
        for (int i = 0; i < 2 * g->n_run; i++) {
            bool   is_a = i % 2;
            double own = g->of_seed > 0 ? g->of_seed * luck[0] : g->n_run > 1 ? luck[is_a] : 0;
            x[n] = is_a;
            y[n] = seen(own + draw(noise) + (is_a ? g->shift : 0), g->last);
            seed[n++] = g->of_seed > 0 ? s : s + (is_a ? n_seed : 0);
        }
    }
    return holds(gk_seeds_change(&(gk_seeds){ n, g->of_seed > 0 ? n_seed : 2 * n_seed, x, y, seed }).estimate.interval, g->shift);
}

static outcome shift_of_two_groups(int n, law noise)
{
    return change_between(&(groups){ 3, INFINITY, 0, 1 }, n, noise);
}

static outcome shift_of_censored(int n, law noise)
{
    return change_between(&(groups){ 1, 1.5, 0, 1 }, n, noise);
}

static outcome shift_of_several_runs(int n, law noise)
{
    return change_between(&(groups){ 1, INFINITY, 0, 2 }, n, noise);
}

/* Seeds that are early under one condition are early under the other. */
static outcome paired_difference(int n, law noise)
{
    return change_between(&(groups){ 3, INFINITY, 3, 1 }, n, noise);
}

static outcome paired_censored(int n, law noise)
{
    return change_between(&(groups){ 1, 2, 1, 1 }, n, noise);
}

static outcome paired_several_runs(int n, law noise)
{
    return change_between(&(groups){ 3, INFINITY, 3, 2 }, n, noise);
}

/* --- shares ---------------------------------------------------------------------------------------------------------------- */

enum { MAX_RUN = 9 };    /* of a seed */

/* Averaged over all probabilities: at a single one a count of 5 can only cover in steps.  likeness: the correlation of the runs
 * of a seed, of which there are from n_run to most_run. */
static outcome share_of(int n_seed, int n_run, int most_run, double likeness)
{
    double  p = evenly(), y[MAX_RUN * MAX_SEED];
    int64_t seed[MAX_RUN * MAX_SEED], n = 0;
    for (int s = 0; s < n_seed; s++) {
        double  luck = sqrt(likeness) * draw(NORMAL);
        int64_t end = n + n_run;
        if (most_run > n_run)
            end += (int64_t)((most_run - n_run + 1) * evenly());
        for (; n < end; n++) {
            double z = luck + sqrt(1 - likeness) * draw(NORMAL);
            y[n] = erfc(-z / sqrt(2)) / 2 < p;
            seed[n] = s;
        }
    }
    return holds(gk_seeds_share(&(gk_seeds){ n, n_seed, y, y, seed }, 1).interval, p);
}

static outcome share_of_seeds(int n, law noise)        { (void)noise; return share_of(n, 1, 1, 0); }
static outcome share_of_like_runs(int n, law noise)    { (void)noise; return share_of(n, 3, 3, 0.9); }
static outcome share_of_runs(int n, law noise)         { (void)noise; return share_of(n, 3, 3, 0.4); }
static outcome share_of_unlike_runs(int n, law noise)  { (void)noise; return share_of(n, 3, 3, 0); }
static outcome share_of_many_runs(int n, law noise)    { (void)noise; return share_of(n, MAX_RUN, MAX_RUN, 0.8); }
/* As of configurations of which some runs are foretold: many of one, few of another. */
static outcome share_of_uneven_groups(int n, law noise) { (void)noise; return share_of(n, 1, MAX_RUN, 0.8); }

static const row rows[] = {
    { "mean",                          mean_of_values,           0.93, 0.97,  0 },
    { "median of times",               median_of_times,          0.93, 0.97,  0 },
    { "median, some never seen",       median_of_censored_times, 0.93, 0.97,  0 },
    { "median, several runs",          median_of_several_runs,   0.93, 0.97,  0 },
    { "shift of two groups",           shift_of_two_groups,      0.93, 0.975, 0 },    /* rank sums of 5 and 5 come in steps */
    { "shift, some never seen",        shift_of_censored,        0.93, 0.97,  0 },
    { "shift, several runs",           shift_of_several_runs,    0.93, 0.975, 0 },
    { "paired difference",             paired_difference,        0.93, 0.97,  0 },
    { "paired, some never seen",       paired_censored,          0.93, 0.97,  0 },
    { "paired, several runs",          paired_several_runs,      0.93, 0.97,  0 },
    { "share of seeds",                share_of_seeds,           0.93, 0.97,  0 },
    { "share, several like runs",      share_of_like_runs,       0.93, 0.97,  0 },
    { "share, many like runs",         share_of_many_runs,       0.93, 0.97,  0 },
    { "share, uneven groups",          share_of_uneven_groups,   0.93, 0.97,  0 },
    { "share, several runs",           share_of_runs,            0.93, 0.985, 0 },    /* few seeds cannot tell how unlike */
    { "share, several unlike runs",    share_of_unlike_runs,     0.93, 0.99,  0 },
};

int main(int argc, char **argv)
{
    return measure_all(argc, argv, 10000, sizeof rows / sizeof *rows, rows);
}
