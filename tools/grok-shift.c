/* grok-shift.c -- how far the items that runs are trained on are from those that they are tested on: two-sample tests. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/twosample.h"
#include "base/die.h"
#include "base/rng.h"
#include "latents.h"
#include "run_table.h"
#include "train/learnt.h"
#include "train/source.h"

enum { DIGITS = 9, LEAST_SAMPLE = 4 };

static struct {
    const char *at, *output;
    int64_t     run, group, n_sample;
    bool        json;
} o = { .run = -1, .group = -1, .n_sample = 500, .output = "-" };

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_TEXT_OPTION("at", at, .arg = "LAYER",
                   .help = "points are what this layer of the run's network makes of the items (layer1, pool); items, or not "
                           "given: the items' own reals"),
    GK_INT_OPTION("sample", n_sample, LEAST_SAMPLE, 100000, .arg = "N",
                  .help = "points of either set, drawn at random; fewer if a set has fewer"),
    GK_INT_OPTION("run", run, -1, INT64_MAX, .help = "this run only (by the number in column run)"),
    GK_INT_OPTION("group", group, -1, INT32_MAX, .help = "this group of runs only (by its place in the file)"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-shift", .summary = "measure how far train items are from test items: two-sample tests",
    .arguments = "[KEY=VALUE...] CHECKPOINT...",
    .details = "A row for each run; both measures are of equally many train and test items, `sample`, drawn at random.\n"
               "  mmd   squared maximum mean discrepancy (Gretton et al. 2012), unbiased; Gaussian kernel, as wide as the\n"
               "        median distance, `bandwidth`: about 0 where both sets are drawn alike\n"
               "  c2st  classifier two-sample test (Lopez-Paz & Oquab 2017): how often the nearest neighbours among half of\n"
               "        the points tell the others' set: 0.5 where both are drawn alike, 1 where nothing is in common\n"
               "  c2st_z  its distance from 0.5 in standard deviations of what chance makes of it\n\n"
               "  grok-train --preset shift --thin-to 0,0.2,1 --size 2000 --steps 0 -o data.h5 && grok-shift data.h5\n"
               "  grok-shift --at layer1 run.h5\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = INT32_MAX
};

typedef struct measures { int64_t n_train, n_test, n; double bandwidth, mmd, c2st; } measures;

/* n of the items, drawn at random, as points; for free(). */
static double *draw(const gk_points *points, const int32_t *item, int64_t n_item, int64_t n, uint64_t which)
{
    const size_t row = (size_t)points->d * sizeof(double);
    int32_t *order = gk_alloc_large((size_t)n_item * sizeof *order, "a sample");
    double  *out = order ? gk_alloc_large((size_t)n * row, "a sample") : NULL;
    if (!out || gk_rng_permutation(0, GK_RNG_SAMPLE, which, order, n_item) < 0)
        gk_die();
    for (int64_t i = 0; i < n; i++)
        memcpy(out + i * points->d, points->x + (int64_t)item[order[i]] * points->d, row);
    free(order);
    return out;
}

static measures measure(const gk_points *points, const gk_split *split)
{
    measures m = { .n_train = split->n_train, .n_test = split->n_test, .n = o.n_sample };
    m.n = m.n_train < m.n ? m.n_train : m.n;
    m.n = m.n_test < m.n ? m.n_test : m.n;
    m.bandwidth = m.mmd = m.c2st = NAN;
    if (m.n < LEAST_SAMPLE)
        return m;
    double *train = draw(points, split->train, m.n_train, m.n, 0), *test = draw(points, split->test, m.n_test, m.n, 1);
    m.bandwidth = gk_median_distance(m.n, m.n, points->d, train, test);
    m.mmd = gk_mmd(m.n, m.n, points->d, train, test, m.bandwidth);
    m.c2st = gk_c2st(m.n, points->d, train, test);
    free(train);
    free(test);
    if (isnan(m.bandwidth) || isnan(m.c2st))
        gk_die();
    return m;
}

/* Of one run; points: of the group's items, or to be made by the run's own network. */
static measures of_run(const gk_source *of, int64_t replica, gk_points *points)
{
    gk_arena  arena = { 0 };
    gk_split  split;
    gk_config config = gk_source_config(of, replica);
    if ((!points->x && gk_points_of(of, replica, o.at, points) < 0) ||
        gk_learnt_split(of->group, replica, points->dataset, &config.data, &arena, &split) < 0)
        gk_die();
    measures m = measure(points, &split);
    if (o.at) {
        free(points->x);
        points->x = NULL;
    }
    gk_arena_release(&arena);
    return m;
}

static void put_row(const gk_run_table *out, const gk_run *run, const measures *m)
{
    int64_t n_judged = 2 * (m->n - m->n / 2);
    gk_put_run(out, run);
    gk_table_int(out->table, m->n_train);
    gk_table_int(out->table, m->n_test);
    gk_table_int(out->table, m->n);
    gk_table_real(out->table, m->bandwidth, DIGITS);
    gk_table_real(out->table, m->mmd, DIGITS);
    gk_table_real(out->table, m->c2st, DIGITS);
    gk_table_real(out->table, (m->c2st - 0.5) * 2 * sqrt((double)n_judged), DIGITS);
    gk_table_end_row(out->table);
}

static void put_all(const gk_run_table *out)
{
    gk_source       of = { 0 };
    gk_points       points = { 0 };
    const gk_group *group = NULL;
    for (int64_t r = 0; r < out->runs->n_run; r++) {
        const gk_run *run = &out->runs->run[r];
        if (run->data != group) {
            free(points.x);
            if (group)
                gk_source_release(&of);
            group = run->data;
            if (gk_source_of_group(&of, "checkpoint", out->operands.file[run->file], group) < 0)
                gk_die();
            points = (gk_points){ .dataset = of.dataset };
        }
        measures m = of_run(&of, run->replica, &points);
        put_row(out, run, &m);
    }
    free(points.x);
    if (group)
        gk_source_release(&of);
}

int main(int argc, char **argv)
{
    static const char *const columns[] = { "n_train", "n_test", "sample", "bandwidth", "mmd", "c2st", "c2st_z" };
    gk_run_table out;
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_operands_read(&out.operands, given, GK_READ_MODEL | GK_READ_DATA);
    gk_run_table_open(&out, given, gk_runs_new(out.operands.n_file, out.operands.file, NULL, o.run, o.group), o.output, o.json);
    gk_run_columns(&out);
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        gk_table_column(out.table, columns[i]);
    gk_check_tags(out.table, &out.operands);
    put_all(&out);
    gk_run_table_close(&out);
    gk_given_free(given);
    return GK_EXIT_OK;
}
