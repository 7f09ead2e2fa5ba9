/* grok-mix.c -- a memorising and a generalising network, frozen, whose logits are added with weights that are learnt. */
#include <math.h>
#include <omp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "mix_kept.h"
#include "mix_networks.h"
#include "progress.h"
#include "run_table.h"

enum { DIGITS = 9 };

typedef struct mix_args {
    double      w_m1, w_m2, w_g1, w_g2, w_mem, w_gen, logit_ratio;
    gk_mixture_update update;
    int64_t     warmup, steps, log_every, memorising_run, generalising_run, n_thread;
    const char *memorising_at, *generalising_at, *output;
    bool        sweep, json;
} mix_args;
static mix_args o = { .w_m2 = 10, .w_g2 = 1, .update = { 1e-3, 1, 0.9, 0.98, 1e-8, 0 }, .steps = 20000, .memorising_run = -1,
                      .generalising_run = -1, .memorising_at = "last", .generalising_at = "last", .output = "-" };

GK_CONDITION(learning, mix_args, "weights that are learnt, without --sweep", !at->sweep);
GK_CONDITION(sweeping, mix_args, "--sweep", at->sweep);

#define GK_OPTIONS_OF mix_args
static const gk_option weight_options[] = {
    GK_REAL_OPTION("w-m2", w_m2, -1e9, 1e9, .flags = GK_VARY, .when = &learning,
                   .help = "w_m2 at first: how fast the memorising network's weight, w_mem = w_m1 w_m2, is learnt"),
    GK_REAL_OPTION("w-g2", w_g2, -1e9, 1e9, .flags = GK_VARY, .when = &learning,
                   .help = "w_g2 at first, likewise: w_gen = w_g1 w_g2"),
    GK_REAL_OPTION("w-m1", w_m1, -1e9, 1e9, .flags = GK_VARY, .when = &learning, .help = "w_m1 at first"),
    GK_REAL_OPTION("w-g1", w_g1, -1e9, 1e9, .flags = GK_VARY, .when = &learning, .help = "w_g1 at first"),
    GK_SWITCH_OPTION("sweep", sweep, .help = "learn nothing: measure every pair of --w-mem and --w-gen"),
    GK_REAL_OPTION("w-mem", w_mem, -1e9, 1e9, .flags = GK_VARY, .when = &sweeping, .help = "weights of the memorising network"),
    GK_REAL_OPTION("w-gen", w_gen, -1e9, 1e9, .flags = GK_VARY, .when = &sweeping, .help = "weights of the generalising network"),
    GK_REAL_OPTION("logit-ratio", logit_ratio, 0, 1e9,
                   .help = "where the generalising network is less sure of train items than the other, scale its logits until "
                           "the mean correct logits have this ratio; 0: never"),
    GK_OPTION_END
};
static const gk_option learn_options[] = {
    GK_REAL_OPTION("learning-rate", update.learning_rate, 0, 1e9, .flags = GK_VARY, .when = &learning,
                   .help = "of AdamW, full batch"),
    GK_REAL_OPTION("weight-decay", update.weight_decay, 0, 1e9, .flags = GK_VARY, .when = &learning,
                   .help = "decoupled, of the four weights"),
    GK_REAL_OPTION("beta1", update.beta1, 0, 0.999999999, .when = &learning, .help = "of AdamW"),
    GK_REAL_OPTION("beta2", update.beta2, 0, 0.999999999, .when = &learning, .help = "of AdamW"),
    GK_REAL_OPTION("epsilon", update.epsilon, 1e-300, 1, .when = &learning, .help = "of AdamW"),
    GK_INT_OPTION("warmup", warmup, 0, 1000000000, .when = &learning, .help = "updates with a rate that rises from 0"),
    GK_INT_OPTION("steps", steps, 1, 1000000000, .when = &learning, .help = "updates"),
    GK_INT_OPTION("log-every", log_every, 0, 1000000000, .when = &learning,
                  .help = "a row every so many updates; 0: at every one first, then ever more rarely, 5 % apart"),
    GK_OPTION_END
};
static const gk_option network_options[] = {
    GK_TEXT_OPTION("memorising-at", memorising_at, .arg = "STEP",
                   .help = "last, a snapshot's step, or memorised: of the snapshots that are right on all train items the one "
                           "that is right on fewest others"),
    GK_TEXT_OPTION("generalising-at", generalising_at, .arg = "STEP", .help = "last, or a snapshot's step"),
    GK_INT_OPTION("memorising-run", memorising_run, -1, INT32_MAX,
                  .help = "this run of it; -1: the one there is, or that with the seed of the generalising run"),
    GK_INT_OPTION("generalising-run", generalising_run, -1, INT32_MAX, .help = "this run of it; -1: all, each with its partner"),
    GK_INT_OPTION("threads", n_thread, 0, 4096, .help = "0: all cores"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Weights", weight_options, &o }, { "Learning", learn_options, &o },
                                          { "Networks and output", network_options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-mix", .summary = "mix a memorising and a generalising network, with weights that are learnt",
    .arguments = "[KEY=VALUE...] MEMORISING GENERALISING",
    .details = "Both networks are frozen; the model is\n\n"
               "  logits = w_mem MEMORISING(x) + w_gen GENERALISING(x),   w_mem = w_m1 w_m2,   w_gen = w_g1 w_g2\n\n"
               "whose four weights alone are learnt, on the train items that both have learnt (\"Towards Understanding the\n"
               "Mystery behind Grokking Phenomenon via Model and Training Efficiency\").  With w_m2 = 10 the memorising\n"
               "network is learnt faster, and the test loss rises before it falls; with 1 it falls at once.\n\n"
               "Both have learnt the same items, split alike; their classes are what is mixed: of one output 0 and it, and of\n"
               "all tokens those that are answers, if the other network gives no more.  Labels are the items' own, without the\n"
               "noise that a run may have had; the loss is cross-entropy, whatever they were trained by.\n\n"
               "Columns: tags, seed, what varies, step, train_loss, train_acc, test_loss, test_acc, w_mem, w_gen; logit_ratio,\n"
               "the mean correct logits on train items, generalising by memorising, as the networks are; gen_scale, what the\n"
               "former were multiplied by.  Mixtures that are learnt are kept in FILE.part until all are: what was interrupted\n"
               "goes on with the same command.\n\n"
               "  grok-train --preset mlp-e --weight-decay 0 --snapshot-every 100 --steps 2000 -o mem.h5\n"
               "  grok-train --preset mlp-e --stop 'test_acc>=0.999 for 4' -o gen.h5\n"
               "  grok-mix --memorising-at memorised --w-m2 10,1 mem.h5 gen.h5 | grok-plot - -y train_loss,test_loss --by w_m2\n"
               "  grok-mix --sweep --w-mem 0:1:11 --w-gen 0:1:11 mem.h5 gen.h5 |\n"
               "      grok-plot - --heatmap test_loss -x w_mem -y w_gen\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 2, .max_arguments = INT32_MAX
};

/* --- one mixture ------------------------------------------------------------------------------------------------------ */

/* A pair at one place of the grid, and what became of it. */
typedef struct job { const gk_pair *pair; int64_t run; mix_args args; gk_mix_history *history; } job;

/* n more updates, or pairs of weights, of the n_all of all jobs. */
static void count(int64_t n, int64_t n_all)
{
    static atomic_llong n_done;
    int64_t             done = atomic_fetch_add(&n_done, n) + n;
    if (omp_get_thread_num() == 0)
        gk_progress_count(o.sweep ? "pairs of weights" : "updates", done, n_all);
}

static void note(job *j, const gk_mixture *mixture, int64_t step, double w_mem, double w_gen, const gk_mixture_measure *train)
{
    *gk_mix_more(j->history) = (gk_mix_record){ step, w_mem, w_gen, *train,
                                                 gk_mixture_at(mixture, &j->pair->test, w_mem, w_gen) };
}

static void learn(job *j, const gk_mixture *mixture, int64_t n_all)
{
    const mix_args   *a = &j->args;
    gk_mixture_state  s = { .w = { a->w_m1, a->w_m2, a->w_g1, a->w_g2 } };
    gk_mixture_update update = a->update;
    int64_t           next = 0;

    update.warmup = a->warmup;
    for (;;) {
        double w_mem = gk_w_mem(&s), w_gen = gk_w_gen(&s);
        gk_mixture_measure train = gk_mixture_at(mixture, &j->pair->train, w_mem, w_gen);
        if (s.step >= next || s.step == a->steps) {
            note(j, mixture, s.step, w_mem, w_gen, &train);
            next = a->log_every > 0 ? s.step + a->log_every : s.step + 1 + s.step / 20;
        }
        if (s.step == a->steps)
            return;
        gk_mixture_step(&s, &update, &train);
        count(1, n_all);
    }
}

static void run(job *j, int64_t n_all)
{
    gk_arena   arena = { 0 };
    gk_mixture mixture = j->pair->mixture;

    mixture.scratch = gk_arena_alloc(&arena, (size_t)mixture.n_class * sizeof(double));
    if (j->args.sweep) {
        gk_mixture_measure train = gk_mixture_at(&mixture, &j->pair->train, j->args.w_mem, j->args.w_gen);
        note(j, &mixture, 0, j->args.w_mem, j->args.w_gen, &train);
        count(1, n_all);
    } else {
        learn(j, &mixture, n_all);
    }
    gk_arena_release(&arena);
}

/* Those that are not kept already. */
static void learn_all(int64_t n_job, job *jobs, gk_mix_kept *kept, int n_thread)
{
    const int64_t n_each = o.sweep ? 1 : o.steps;
#pragma omp parallel for schedule(dynamic) num_threads(n_thread)
    for (int64_t i = 0; i < n_job; i++) {
        if (jobs[i].history->whole) {
            count(n_each, n_job * n_each);
            continue;
        }
        run(&jobs[i], n_job * n_each);
#pragma omp critical
        {
            jobs[i].history->whole = true;
            if (gk_mix_kept_write(kept) < 0)    /* errors are of their thread */
                gk_die();
        }
    }
}

/* --- the table -------------------------------------------------------------------------------------------------------- */

/* w_mem and w_gen have columns of their own. */
static bool is_told(const gk_option *option)
{
    return strcmp(option->name, "w-mem") != 0 && strcmp(option->name, "w-gen") != 0;
}

static void columns(gk_table *table, const gk_given *given, const gk_operands *of, gk_arena *arena)
{
    static const char *const name[] = { "train_loss", "train_acc", "test_loss", "test_acc", "w_mem", "w_gen", "logit_ratio",
                                        "gen_scale" };
    gk_run_comments(table, given, of);
    for (int i = 0; i < of->n_tag; i++)
        gk_table_column(table, of->tag[i]);
    gk_table_column(table, "seed");
    for (int i = 0; i < gk_grid_n_varied(given); i++)
        if (is_told(gk_grid_varied(given, i)))
            gk_table_column(table, gk_option_in_file(arena, gk_grid_varied(given, i)->name));
    gk_unit_column(table, "step", "updates", o.json);
    for (size_t i = 0; i < sizeof name / sizeof *name; i++)
        gk_table_column(table, name[i]);
    gk_check_tags(table, of);
}

static void put(gk_table *table, const gk_given *given, const gk_operands *of, const job *j, gk_arena *arena)
{
    for (int64_t i = 0; i < j->history->n; i++) {
        const gk_mix_record *at = &j->history->record[i];
        for (int t = 0; t < of->n_tag; t++)
            gk_table_text(table, of->value[of->n_tag + t]);    /* of the second file */
        gk_table_int(table, j->pair->seed);
        for (int v = 0; v < gk_grid_n_varied(given); v++)
            if (is_told(gk_grid_varied(given, v)))
                gk_table_text(table, gk_option_format(given, gk_grid_varied(given, v), &j->args, arena));
        gk_table_int(table, at->step);
        const double value[] = { at->train.loss, at->train.accuracy, at->test.loss, at->test.accuracy, at->w_mem, at->w_gen,
                                 j->pair->logit_ratio, j->pair->scale };
        for (size_t v = 0; v < sizeof value / sizeof *value; v++)
            gk_table_real(table, value[v], DIGITS);
        gk_table_end_row(table);
    }
}

int main(int argc, char **argv)
{
    gk_arena arena = { 0 };
    gk_pair *pair;
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_operands of;
    gk_operands_read(&of, given, GK_READ_MODEL | GK_READ_SNAPSHOTS | GK_READ_DATA);
    if (of.n_file != 2)
        gk_usage("a mixture is of two networks, MEMORISING and GENERALISING: these are %d", of.n_file);
    int       n_thread = o.n_thread > 0 ? (int)o.n_thread : omp_get_max_threads();
    gk_network_choice memorising = { of.file[0], o.memorising_run, o.memorising_at };
    gk_network_choice generalising = { of.file[1], o.generalising_run, o.generalising_at };
    if (strcmp(o.generalising_at, "memorised") == 0)
        gk_usage("'--generalising-at memorised': expected last or a snapshot's step");
    int64_t n_pair = gk_pairs_new(&memorising, &generalising, o.logit_ratio, n_thread, &pair);
    if (n_pair < 0)
        gk_die();
    int64_t n_run = gk_grid_n_run(given), n_job = n_pair * n_run;
    job    *jobs = gk_arena_alloc(&arena, (size_t)n_job * sizeof *jobs);
    gk_mix_kept kept = { NULL, given, &of, n_job, o.steps, gk_arena_alloc(&arena, (size_t)n_job * sizeof *kept.history), 0 };
    for (int64_t i = 0; i < n_job; i++) {
        jobs[i] = (job){ .pair = &pair[i / n_run], .run = i % n_run, .args = o, .history = &kept.history[i] };
        gk_grid_select(given, jobs[i].run, &jobs[i].args);
    }
    if (!o.sweep && strcmp(o.output, "-") != 0)
        kept.path = gk_arena_printf(&arena, "%s.part", o.output);
    if (gk_mix_kept_read(&kept) < 0)
        gk_die();
    gk_table *table = gk_table_open(o.output, o.json);
    if (!table)
        gk_die();
    columns(table, given, &of, &arena);
    learn_all(n_job, jobs, &kept, n_thread);
    gk_progress_end();
    for (int64_t i = 0; i < n_job; i++) {
        put(table, given, &of, &jobs[i], &arena);
        free(jobs[i].history->record);
    }
    if (gk_table_close(table) < 0)
        gk_die();
    gk_mix_kept_remove(&kept);
    gk_pairs_free(n_pair, pair);
    gk_operands_release(&of);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
