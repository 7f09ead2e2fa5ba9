/* grok-eval.c -- what models answer: losses and accuracies, predictions, logits, on the data they learnt from or on others. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "answers.h"
#include "base/die.h"
#include "base/outfile.h"
#include "data/data_options.h"
#include "io/tensors.h"

enum { DIGITS = 9 };
#define PRINTS(X) X(SUMMARY, "summary") X(PREDICTIONS, "predictions") X(GRID, "grid") X(CONFUSION, "confusion")
GK_LOCAL_CHOICES(print, PRINTS);
#define SETS(X) X(EACH_SET, "each") X(TRAIN, "train") X(TEST, "test") X(ALL_ITEMS, "all")    /* as GK_IN_* */
GK_LOCAL_CHOICES(set, SETS);
#define PARTS(X) X(WHOLE, "whole") X(BY_TASK, "task") X(BY_SUBCLASS, "subclass")
GK_LOCAL_CHOICES(part, PARTS);

typedef struct tool_args {
    print       what;
    set         of;
    part        by;
    const char *at, *logits, *output, *device;
    int64_t     run, group, n_thread;
    bool        json, force;
} tool_args;
static struct { gk_data_args data; tool_args tool; } values = { .tool = { .at = "last", .run = -1, .group = -1, .output = "-",
                                                                              .device = "auto" } };
static const tool_args *const o = &values.tool;

#define GK_OPTIONS_OF tool_args
static const gk_option options[] = {
    GK_CHOICE_OPTION("print", what, print,
                     .help = "summary: a row for each model and set; predictions: a row an item; grid: a row for each pair of "
                             "operands; confusion: how often each answer was given for each"),
    GK_CHOICE_OPTION("set", of, set, .help = "each: train and test items apart; train; test; all: all items as one set"),
    GK_CHOICE_OPTION("by", by, part, .help = "a row for each task, or each subclass, of a set"),
    GK_TEXT_OPTION("at", at, .arg = "STEP", .help = GK_AT_HELP),
    GK_INT_OPTION("run", run, -1, INT64_MAX, .help = "this run only (by the number in column run)"),
    GK_INT_OPTION("group", group, -1, INT32_MAX, .help = "this group of runs only (by its place in the file)"),
    GK_TEXT_OPTION("logits", logits, .arg = "FILE.npz",
                   .help = "also write logits [items, outputs], labels and sets (1 train, 2 test) of every model; {run}, {step} "
                           "and {file} stand for their values"),
    GK_SWITCH_OPTION("force", force, .help = "replace files of --logits that are there"),
    GK_TEXT_OPTION("device", device, .arg = "WHERE", .help = GK_DEVICE_HELP),
    GK_INT_OPTION("threads", n_thread, 0, 4096, .help = "on the CPU; 0: all cores"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = {
    { "Data, if not what the run learnt (unless given: as it was for the run)", gk_data_options, &values.data },
    { "Options", options, &values.tool }, { 0 }
};
static const gk_cli cli = {
    .name = "grok-eval", .summary = "evaluate models: losses, accuracies, margins, predictions, logits",
    .arguments = "[KEY=VALUE...] CHECKPOINT...",
    .details = "loss, accuracy: as grok-train records them; margin: logit of the right answer less the largest other one; of an\n"
               "item also the answer, the share of the softmax that the right one has, and its rank (1: no logit is larger).\n"
               "Other data are matched by the names of their tokens.\n\n"
               "  grok-eval run.h5\n"
               "  grok-eval --at all --set test run.h5 | grok-plot - -y accuracy -o test.svg\n"
               "  grok-eval --print predictions --set test run.h5 | grok-rows --where 'right == 0' -\n"
               "  grok-eval --print grid run.h5 | grok-plot - --heatmap right -x a -y b -o grid.svg\n"
               "  grok-eval --task subtract add.h5\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &values, .n_bytes = sizeof values, .judged_later = true, .min_arguments = 1,
    .max_arguments = INT32_MAX
};

/* --- items of a set --------------------------------------------------------------------------------------------------------- */

static bool is_wanted(const gk_answers *a, int64_t item)
{
    return o->of == ALL_ITEMS || (o->of == EACH_SET ? a->set_of[item] != 0 : a->set_of[item] == (int8_t)o->of);
}

static const char *set_name(const gk_answers *a, int64_t item)
{
    return o->of == ALL_ITEMS ? "all" : set_names[a->set_of[item]];
}

/* --- summary --------------------------------------------------------------------------------------------------------------- */

typedef struct sums { int64_t n; double loss, right, margin; } sums;

static int n_part(const gk_dataset *dataset)
{
    return o->by == BY_TASK ? dataset->n_group : o->by == BY_SUBCLASS ? dataset->subclass.n : 1;
}

static int part_of(const gk_dataset *dataset, int64_t item)
{
    return o->by == BY_TASK && dataset->group ? dataset->group[item] : o->by == BY_SUBCLASS ? dataset->subclass.of[item] : 0;
}

static const char *part_name(const gk_dataset *dataset, int number)
{
    if (o->by == BY_SUBCLASS)
        return dataset->subclass.name[number];
    return dataset->n_group > 1 ? dataset->group_task[number] : dataset->task;
}

typedef struct writer { const gk_run_table *out; const gk_run_model *model; } writer;

static void put_begin(const writer *w)
{
    gk_put_run(w->out, w->model->run);
    gk_table_int(w->out->table, w->model->step);
}

static void put_summary(const writer *w, gk_answers *a)
{
    int   n_each = n_part(a->dataset);
    sums *sum = gk_arena_alloc(&a->arena, (size_t)(ALL_ITEMS + 1) * (size_t)(n_each + 1) * sizeof *sum);
    if (n_each == 0)
        gk_usage("'--by subclass': the items of '%s' have no subclasses: give --subclasses", a->dataset->task);
    for (int64_t item = 0; item < a->dataset->n_item; item++) {
        if (!is_wanted(a, item))
            continue;
        gk_outcome out = gk_answers_outcome(a, item);
        sums *to = &sum[(o->of == ALL_ITEMS ? ALL_ITEMS : a->set_of[item]) * n_each + part_of(a->dataset, item)];
        *to = (sums){ to->n + 1, to->loss + out.loss, to->right + out.right, to->margin + out.margin };
    }
    for (int i = 0; i < (ALL_ITEMS + 1) * n_each; i++) {
        if (sum[i].n == 0)
            continue;
        put_begin(w);
        gk_table_text(w->out->table, set_names[i / n_each]);
        if (o->by != WHOLE)
            gk_table_text(w->out->table, part_name(a->dataset, i % n_each));
        gk_table_int(w->out->table, sum[i].n);
        gk_table_real(w->out->table, sum[i].loss / (double)sum[i].n, DIGITS);
        gk_table_real(w->out->table, sum[i].right / (double)sum[i].n, DIGITS);
        gk_table_real(w->out->table, sum[i].margin / (double)sum[i].n, DIGITS);
        gk_table_end_row(w->out->table);
    }
}

/* --- items ------------------------------------------------------------------------------------------------------------------ */

/* An answer's name: that of its token, or its number. */
static void put_answer(const writer *w, const gk_answers *a, int64_t answer)
{
    const gk_dataset *named = a->subject->source.dataset;
    if (answer < 0)
        gk_table_empty(w->out->table);
    else if (gk_dataset_answer(named, answer))
        gk_table_text(w->out->table, gk_dataset_answer(named, answer));
    else
        gk_table_int(w->out->table, answer);
}

static void put_outcome(const writer *w, const gk_answers *a, int64_t item)
{
    gk_outcome out = gk_answers_outcome(a, item);
    put_answer(w, a, a->dataset->n_target > 0 ? -1 : a->label[item]);
    put_answer(w, a, out.answer);
    gk_table_real(w->out->table, out.right, 1);
    gk_table_real(w->out->table, out.probability, DIGITS);
    gk_table_int(w->out->table, out.rank);
    gk_table_real(w->out->table, out.loss, DIGITS);
    gk_table_real(w->out->table, out.margin, DIGITS);
    gk_table_end_row(w->out->table);
}

static void put_predictions(const writer *w, gk_answers *a)
{
    const gk_dataset *named = a->subject->source.dataset, *dataset = a->dataset;
    for (int64_t item = 0; item < dataset->n_item; item++) {
        char   tokens[1024] = "";
        size_t n = 0;
        if (!is_wanted(a, item))
            continue;
        put_begin(w);
        gk_table_text(w->out->table, set_name(a, item));
        gk_table_int(w->out->table, item);
        for (int t = 0; t < dataset->n_token && n < sizeof tokens; t++)
            n += (size_t)snprintf(tokens + n, sizeof tokens - n, "%s%s", t > 0 ? " " : "",
                                  named->vocab[dataset->token[item * dataset->n_token + t]]);
        gk_table_text(w->out->table, tokens);
        put_outcome(w, a, item);
    }
}

static void put_grid(const writer *w, gk_answers *a)
{
    const gk_dataset *dataset = a->dataset;
    if (a->config.data.data_file || !gk_task_has(a->config.data.task, GK_TASK_SEQUENCE) ||
        gk_dataset_n_operand(dataset) != 2)
        gk_usage("'--print grid' is for tasks of two operands: '%s' is none", dataset->task);
    for (int64_t i = 0; i < (int64_t)dataset->n_vocab * dataset->n_vocab; i++) {
        int64_t first = i / dataset->n_vocab, second = i % dataset->n_vocab, item = gk_dataset_item_of(dataset, 0, first, second);
        if (item < 0 || !is_wanted(a, item))
            continue;
        put_begin(w);
        gk_table_text(w->out->table, set_name(a, item));
        gk_table_int(w->out->table, first);
        gk_table_int(w->out->table, second);
        put_outcome(w, a, item);
    }
}

static void put_confusion(const writer *w, gk_answers *a)
{
    const int64_t n_class = a->n_out > 1 ? a->n_out : 2;    /* one output stands for two classes */
    int64_t      *count = gk_alloc_large((size_t)(n_class * n_class) * sizeof *count, "a table of answers");
    if (a->dataset->n_target > 0)
        gk_usage("'--print confusion' is for classes: the items of '%s' have targets", a->dataset->task);
    if (!count)
        gk_die();
    for (int which = o->of == EACH_SET ? TRAIN : (int)o->of; which <= (o->of == EACH_SET ? TEST : (int)o->of); which++) {
        memset(count, 0, (size_t)(n_class * n_class) * sizeof *count);
        for (int64_t item = 0; item < a->dataset->n_item; item++) {
            gk_outcome out = gk_answers_outcome(a, item);
            if ((which == ALL_ITEMS || a->set_of[item] == which) && out.answer >= 0)
                count[a->label[item] * n_class + out.answer]++;
        }
        for (int64_t i = 0; i < n_class * n_class; i++) {
            if (count[i] == 0)
                continue;
            put_begin(w);
            gk_table_text(w->out->table, set_names[which]);
            put_answer(w, a, i / n_class);
            put_answer(w, a, i % n_class);
            gk_table_int(w->out->table, count[i]);
            gk_table_end_row(w->out->table);
        }
    }
    free(count);
}

static int write_logits(const gk_run_model *model, const gk_answers *a)
{
    int64_t   n = a->dataset->n_item;
    gk_tensor tensor[] = {
        { .name = "logits", .type = GK_TENSOR_F64, .n_dim = 2, .dim = { n, a->n_out }, .size = n * a->n_out, .data = a->logits },
        { .name = "label", .type = GK_TENSOR_I32, .n_dim = 1, .dim = { n }, .size = n, .data = a->label },
        { .name = "set", .type = GK_TENSOR_I8, .n_dim = 1, .dim = { n }, .size = n, .data = a->set_of },
    };
    if (o->force)
        gk_outfile_allow(model->path);
    return gk_make_folders(model->path) < 0 ? -1 : gk_tensors_write(&(gk_tensors){ .n_tensor = 3, .tensor = tensor }, GK_NPZ,
                                                                     model->path);
}

/* --- the table -------------------------------------------------------------------------------------------------------------- */

static void columns(const gk_run_table *out)
{
    static const char *const of[][4] = {
        [SUMMARY] = { "n", "loss", "accuracy", "margin" }, [PREDICTIONS] = { "item", "tokens" }, [GRID] = { "a", "b" },
        [CONFUSION] = { "label", "answer", "n" },
    };
    static const char *const of_items[] = { "label", "answer", "right", "probability", "rank", "loss", "margin" };
    gk_run_columns(out);
    gk_unit_column(out->table, "step", "updates", o->json);
    gk_table_column(out->table, "set");
    if (o->what == SUMMARY && o->by != WHOLE)
        gk_table_column(out->table, o->by == BY_TASK ? "task" : "subclass");
    for (int i = 0; i < 4 && of[o->what][i]; i++)
        gk_table_column(out->table, of[o->what][i]);
    for (int i = 0; i < 7 && (o->what == PREDICTIONS || o->what == GRID); i++)
        gk_table_column(out->table, of_items[i]);
    gk_check_tags(out->table, &out->operands);
}

/* As many models as are asked at once; how many. */
static int64_t evaluate(const writer *w, int64_t n_left, const gk_subject *s, const gk_compute *compute)
{
    static void (*const put[])(const writer *, gk_answers *) = {
        [SUMMARY] = put_summary, [PREDICTIONS] = put_predictions, [GRID] = put_grid, [CONFUSION] = put_confusion,
    };
    int64_t     n = gk_answers_batch(s, n_left, w->model);
    gk_answers *all = gk_alloc_large((size_t)n * sizeof *all, "answers");
    if (!all)
        gk_die();
    gk_answers_ask(s, n, w->model, compute, o->n_thread > 0 ? (int)o->n_thread : omp_get_max_threads(), all);
    for (int64_t i = 0; i < n; i++) {
        writer of_one = *w;
        of_one.model += i;
        put[o->what](&of_one, &all[i]);
        if (o->logits && write_logits(of_one.model, &all[i]) < 0)
            gk_die();
        gk_answers_release(&all[i]);
    }
    free(all);
    return n;
}

int main(int argc, char **argv)
{
    gk_run_table out;
    gk_arena     arena = { 0 };
    gk_subject   s = { .group = NULL };
    gk_compute   compute;
    gk_program(argv[0]);
    values.data = gk_data_defaults();
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_data_resolve(given);
    if (o->by != WHOLE && o->what != SUMMARY)
        gk_usage("'--by %s' has no effect here: it is for '--print summary'", part_names[o->by]);
    gk_operands_read(&out.operands, given, gk_parts_at(o->at));
    gk_compute_choose(o->device, &compute);
    gk_runs *runs = gk_runs_new(out.operands.n_file, out.operands.file, NULL, o->run, o->group);
    gk_run_table_open(&out, given, runs, o->output, o->json);
    gk_run_models models = gk_choose_models(out.runs, o->at, &arena);
    if (o->logits)
        gk_name_models(&models, o->logits, false, &arena);
    gk_table_provenance(out.table, "evaluated on %s%s", compute.name, compute.why_cpu);
    columns(&out);
    for (int64_t i = 0; i < models.n;) {
        writer w = { &out, &models.at[i] };
        if (s.group != w.model->run->data) {
            gk_subject_close(&s);
            gk_subject_open(&s, w.model, given);
        }
        i += evaluate(&w, models.n - i, &s, &compute);
    }
    gk_subject_close(&s);
    gk_run_table_close(&out);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
