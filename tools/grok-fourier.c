/* grok-fourier.c -- Fourier measures of transformers on addition and subtraction modulo a prime. */
#include <math.h>
#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/fourier.h"
#include "base/choice.h"
#include "base/die.h"
#include "run_table.h"
#include "train/learnt.h"
#include "train/source.h"

enum { DIGITS = 9 };
#define SPECTRA(X) X(NO_SPECTRUM, "none") X(OF_EMBEDDING, "embedding") X(OF_OPERATOR, "operator")
GK_LOCAL_CHOICES(spectrum_of, SPECTRA);

static struct {
    spectrum_of spectrum;
    bool        last, json;
    double      least, explained;
    const char *output;
} o = { .least = 0.02, .explained = 0.8, .output = "-" };

GK_CONDITION(of_neurons, __typeof__(o), "'--spectrum none'", at->spectrum == NO_SPECTRUM);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_CHOICE_OPTION("spectrum", spectrum, spectrum_of,
                     .help = "one row per frequency: its share of the embedding's power, or of the variance of the logits at "
                             "the operator token, in waves of the answer (0: in none)"),
    GK_SWITCH_OPTION("last", last, .help = "the last parameters only, not every snapshot"),
    GK_REAL_OPTION("least", least, 0, 1, .arg = "SHARE", .when = &of_neurons,
                   .help = "a key frequency is the best one of this share of neurons"),
    GK_REAL_OPTION("explained", explained, 0, 1, .arg = "SHARE", .when = &of_neurons,
                   .help = "... and explains this share of their variance in the mean"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-fourier", .summary = "print Fourier measures of transformers on addition or subtraction modulo a prime",
    .arguments = "[KEY=VALUE...] CHECKPOINT...",
    .details = "One row per snapshot and run, and for the last parameters (Nanda et al. 2023), of transformers alone.  The\n"
               "pairs are of the one task that was learnt, not of those that were evaluated beside it (grok-finetune).\n"
               "  loss, restricted_loss    over all pairs (a, b): of the logits, and of their part in cos and sin of\n"
               "                           2 pi k (a + b)/p for the key frequencies k (subtraction: a - b), with the mean\n"
               "  train_loss, excluded_loss    over the train items: of the logits, and of what is left without that part\n"
               "  n_key, keys, key_share   key frequencies of the last block's neurons; share of the neurons that have one\n"
               "  gini_power, gini_norm    of the embedding's spectrum over the operands, 0 even, near 1 a few frequencies: of\n"
               "                           the power of the (p-1)/2 frequencies, and (as others give it) of the norms of all p\n"
               "                           Fourier components, the constant among them, cosine and sine apart\n"
               "  op_answer, op_key        variance of the logits at the operator token: share in waves of the answer, of\n"
               "                           any and of the key frequencies; empty without an operator token\n\n"
               "  grok-train --preset kd --snapshot-growth 1.2 -o run.h5 && grok-fourier run.h5\n"
               "  grok-fourier --spectrum embedding --last run.h5 | grok-plot - -x frequency -y power -o spectrum.svg\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = INT32_MAX
};

/* --- a network over all pairs ---------------------------------------------------------------------------------------------- */

/* What stays the same for all parameters of one run. */
typedef struct subject {
    gk_arena        arena;
    gk_source       source;
    gk_config       config;            /* of the run */
    int             p, sign, n_pair, operator_at;
    int64_t         n_out;
    int32_t        *token, *label;     /* [n_pair][n_token], [n_pair] */
    bool           *is_train;          /* [n_pair] */
    double         *basis;
    int64_t         replica;
} subject;

static int check(const subject *s)
{
    const char *path = s->source.path, *task = gk_task_names[s->config.data.task];
    bool is_wave = strcmp(task, "add") == 0 || strcmp(task, "subtract") == 0;
    if (s->config.data.data_file || s->source.dataset->n_trained_group != 1 || !is_wave)
        return gk_error("'%s' learnt '%s': Fourier measures are of add or subtract alone", path, s->source.dataset->task);
    if (strcmp(gk_model_names[s->config.model.model], "transformer") != 0)
        return gk_error("'%s' is a model '%s': Fourier measures are of transformers", path,
                        gk_model_names[s->config.model.model]);
    if (s->p < 3)
        return gk_error("'%s' counts modulo %d: expected an odd prime", path, s->p);
    return 0;
}

static void fill_pairs(subject *s)
{
    const gk_dataset *dataset = s->source.dataset;
    gk_split          split;
    int               n_token = dataset->n_token;

    s->token = gk_arena_alloc(&s->arena, (size_t)(s->n_pair * n_token) * sizeof *s->token);
    s->label = gk_arena_alloc(&s->arena, (size_t)s->n_pair * sizeof *s->label);
    s->is_train = gk_arena_alloc(&s->arena, (size_t)s->n_pair);
    int *pair_of = gk_arena_alloc(&s->arena, (size_t)dataset->n_item * sizeof *pair_of);
    for (int i = 0; i < s->n_pair; i++) {
        int64_t item = gk_dataset_item_of(dataset, 0, i / s->p, i % s->p);
        memcpy(s->token + i * n_token, dataset->token + item * n_token, (size_t)n_token * sizeof *s->token);
        s->label[i] = dataset->label[item];
        pair_of[item] = i;
    }
    if (gk_learnt_split(s->source.group, s->replica, dataset, &s->config.data, &s->arena, &split) < 0)
        gk_die();
    for (int64_t i = 0; i < split.n_train; i++)
        s->is_train[pair_of[split.train[i]]] = true;
}

static void open_subject(subject *s, const gk_run *run, const gk_checkpoint *file)
{
    *s = (subject){ .replica = run->replica };
    if (gk_source_of_group(&s->source, "checkpoint", file, run->data) < 0)
        gk_die();
    s->config = gk_source_config(&s->source, run->replica);
    s->config.model.frozen = s->config.model.groups = NULL;
    s->p = (int)s->config.data.prime;
    s->sign = strcmp(gk_task_names[s->config.data.task], "add") == 0 ? 1 : -1;
    s->n_pair = s->p * s->p;
    s->operator_at = gk_operator_position(&s->config.data);
    if (check(s) < 0)
        gk_die();
    fill_pairs(s);
    s->basis = gk_arena_alloc(&s->arena, (size_t)s->n_pair * sizeof *s->basis);
    gk_fourier_basis(s->p, s->basis);
}

static void close_subject(subject *s)
{
    gk_source_release(&s->source);
    gk_arena_release(&s->arena);
}

/* What the network makes of all pairs at a position: logits, or the results of a layer.  [n_pair][*size], to be freed. */
static double *read_all(const subject *s, const void *array, int position, const char *layer, int64_t *size)
{
    const gk_dataset *dataset = s->source.dataset;
    gk_model_data data = { .n_item = s->n_pair, .n_token = dataset->n_token, .n_vocab = dataset->n_vocab,
                           .n_answer = dataset->n_answer, .token = s->token, .n_read = 1, .read = { position },
                           .read_layer = layer };
    gk_graph graph;
    gk_graph_init(&graph);
    if (gk_model_build(&graph, &s->config.model, &data) < 0)
        gk_die();
    *size = graph.logits->size;
    double *out = gk_alloc_large((size_t)(s->n_pair * *size) * sizeof *out, "what the model makes of all pairs");
    if (!out || gk_source_predict(&s->source, array, s->replica, &graph, s->n_pair, NULL, omp_get_max_threads(), out) < 0)
        gk_die();
    gk_graph_release(&graph);
    return out;
}

/* --- measures --------------------------------------------------------------------------------------------------------------- */

typedef struct keys { int n, *key; double share; } keys;

static keys find_keys(subject *s, const void *array)
{
    char    layer[64];
    int64_t n_neuron;
    snprintf(layer, sizeof layer, "block%lld.mlp.in", (long long)s->config.model.n_layer - 1);
    double *neuron = read_all(s, array, s->source.dataset->n_token - 1, layer, &n_neuron);
    double *share = gk_arena_alloc(&s->arena, (size_t)n_neuron * sizeof *share);
    int    *best = gk_arena_alloc(&s->arena, (size_t)n_neuron * sizeof *best);
    keys    found = { .key = gk_arena_alloc(&s->arena, (size_t)s->p * sizeof *found.key) };

#pragma omp parallel for schedule(dynamic, 4)
    for (int64_t i = 0; i < n_neuron; i++) {
        gk_arena arena = { 0 };
        double  *f = gk_arena_alloc(&arena, (size_t)s->n_pair * sizeof *f);
        for (int pair = 0; pair < s->n_pair; pair++)
            f[pair] = neuron[pair * n_neuron + i];
        best[i] = gk_fourier_best(s->p, s->basis, f, &share[i]);
        gk_arena_release(&arena);
    }
    found.n = gk_fourier_keys(s->p, n_neuron, best, share, o.least, o.explained, found.key);
    for (int64_t i = 0; i < n_neuron; i++)
        for (int k = 0; k < found.n; k++)
            found.share += best[i] == found.key[k] ? 1 / (double)n_neuron : 0;
    free(neuron);
    return found;
}

/* Mean -log softmax(base + sign part + mean)[label] over all pairs, or over the train items; NULL: nothing there. */
static double loss_of(const subject *s, const double *base, const double *part, double sign, const double *mean, bool train_only)
{
    double sum = 0, *x = gk_alloc_large((size_t)s->n_out * sizeof *x, "logits");
    int    n = 0;
    for (int i = 0; x && i < s->n_pair; i++) {
        double largest = -INFINITY, total = 0;
        if (train_only && !s->is_train[i])
            continue;
        for (int64_t c = 0; c < s->n_out; c++) {
            x[c] = (base ? base[i * s->n_out + c] : 0) + (part ? sign * part[i * s->n_out + c] : 0) + (mean ? mean[c] : 0);
            largest = fmax(largest, x[c]);
        }
        for (int64_t c = 0; c < s->n_out; c++)
            total += exp(x[c] - largest);
        sum += log(total) + largest - x[s->label[i]];
        n++;
    }
    free(x);
    return sum / n;
}

/* Norms of the Fourier components of the embedding over the operands' tokens; [p].  0 without an embedding. */
static double *embedding_norms(subject *s, const void *array)
{
    const gk_group      *group = s->source.group;
    const gk_param_info *info = gk_group_param(group, "embed.weight");
    double              *norm = gk_arena_alloc(&s->arena, (size_t)s->p * sizeof *norm);
    if (!info)
        return norm;
    int64_t d = info->size / s->source.dataset->n_vocab, first = s->replica * group->n_real + info->offset;
    double *table = gk_arena_alloc(&s->arena, (size_t)(s->p * d) * sizeof *table);
    for (int64_t i = 0; i < s->p * d; i++)
        table[i] = group->real == GK_F64 ? ((const double *)array)[first + i] : (double)((const float *)array)[first + i];
    gk_fourier_norms(s->p, s->basis, d, table, norm);
    return norm;
}

/* Power of each frequency in it; [(p+1)/2]. */
static double *embedding_power(subject *s, const void *array)
{
    double *power = gk_arena_alloc(&s->arena, (size_t)s->p * sizeof *power);
    gk_fourier_spectrum(s->p, embedding_norms(s, array), power);
    return power;
}

/* Shares of the variance, over all pairs, of the logits at the operator token in waves of the answer, by frequency; [(p+1)/2],
 * [0] is what no such wave explains. */
static double *operator_power(subject *s, const void *array)
{
    int64_t n_out;
    double *logits = read_all(s, array, s->operator_at, NULL, &n_out), total = 0;
    double *mean = gk_arena_alloc(&s->arena, (size_t)n_out * sizeof *mean);
    double *by_answer = gk_arena_alloc(&s->arena, (size_t)(s->p * n_out) * sizeof *by_answer);
    double *power = gk_arena_alloc(&s->arena, (size_t)s->p * sizeof *power);
    double *norm = gk_arena_alloc(&s->arena, (size_t)s->p * sizeof *norm);

    for (int64_t i = 0; i < s->n_pair * n_out; i++)
        mean[i % n_out] += logits[i] / s->n_pair;
    for (int64_t i = 0; i < s->n_pair * n_out; i++) {
        int64_t pair = i / n_out, answer = (pair / s->p + s->sign * (pair % s->p) + s->p) % s->p;
        double  gap = logits[i] - mean[i % n_out];
        total += gap * gap;
        by_answer[answer * n_out + i % n_out] += gap / s->p;
    }
    gk_fourier_norms(s->p, s->basis, n_out, by_answer, norm);
    gk_fourier_spectrum(s->p, norm, power);
    power[0] = 1;
    for (int k = 1; k <= (s->p - 1) / 2; k++) {
        power[k] = total > 0 ? power[k] * s->p / total : 0;
        power[0] -= power[k];
    }
    free(logits);
    return power;
}

/* --- rows ------------------------------------------------------------------------------------------------------------------- */

static void put_measures(gk_table *table, subject *s, const void *array)
{
    keys    key = find_keys(s, array);
    double *logits = read_all(s, array, s->source.dataset->n_token - 1, NULL, &s->n_out);
    double *part = gk_alloc_large((size_t)(s->n_pair * s->n_out) * sizeof *part, "logits"), in_keys = 0;
    double *mean = gk_arena_alloc(&s->arena, (size_t)s->n_out * sizeof *mean);
    const char *text = "";

    if (!part)
        gk_die();
    gk_fourier_project(s->p, s->basis, s->sign, key.n, key.key, s->n_out, logits, part, mean);
    gk_table_real(table, loss_of(s, logits, NULL, 0, NULL, false), DIGITS);
    gk_table_real(table, loss_of(s, NULL, part, 1, mean, false), DIGITS);
    gk_table_real(table, loss_of(s, logits, NULL, 0, NULL, true), DIGITS);
    gk_table_real(table, loss_of(s, logits, part, -1, NULL, true), DIGITS);
    gk_table_int(table, key.n);
    for (int i = 0; i < key.n; i++)
        text = gk_arena_printf(&s->arena, "%s%s%d", text, i > 0 ? "," : "", key.key[i]);
    gk_table_text(table, text);
    gk_table_real(table, key.share, DIGITS);
    gk_table_real(table, gk_fourier_gini((s->p - 1) / 2, embedding_power(s, array) + 1), DIGITS);
    gk_table_real(table, gk_fourier_gini(s->p, embedding_norms(s, array)), DIGITS);
    if (s->operator_at < 0) {
        gk_table_empty(table);
        gk_table_empty(table);
    } else {
        double *power = operator_power(s, array);
        for (int i = 0; i < key.n; i++)
            in_keys += power[key.key[i]];
        gk_table_real(table, 1 - power[0], DIGITS);
        gk_table_real(table, in_keys, DIGITS);
    }
    free(logits);
    free(part);
}

static void put_row(const gk_run_table *out, const gk_run *run, int64_t step)
{
    gk_put_run(out, run);
    gk_table_int(out->table, step);
}

static void put_parameters(const gk_run_table *out, const gk_run *run, subject *s, const void *array, int64_t step)
{
    double sum = 0;
    if (o.spectrum == NO_SPECTRUM) {
        put_row(out, run, step);
        put_measures(out->table, s, array);
        gk_table_end_row(out->table);
        return;
    }
    if (o.spectrum == OF_OPERATOR && s->operator_at < 0) {
        gk_error("'%s' has no operator token: its sequences are %s", s->source.path, gk_sequence_names[s->config.data.sequence]);
        gk_die();
    }
    double *power = o.spectrum == OF_OPERATOR ? operator_power(s, array) : embedding_power(s, array);
    for (int k = 0; o.spectrum == OF_EMBEDDING && k <= (s->p - 1) / 2; k++)
        sum += power[k];
    for (int k = 0; k <= (s->p - 1) / 2; k++) {
        put_row(out, run, step);
        gk_table_int(out->table, k);
        gk_table_real(out->table, sum > 0 ? power[k] / sum : power[k], DIGITS);
        gk_table_end_row(out->table);
    }
}

static void put_run(const gk_run_table *out, const gk_run *run)
{
    const gk_group *group = run->data;
    int64_t         end = group->replica_step[run->replica], last = -1;
    subject         s;
    open_subject(&s, run, out->operands.file[run->file]);
    for (int64_t i = 0; !o.last && i < group->n_snapshot && group->snapshot_step[i] <= end; i++) {
        last = group->snapshot_step[i];
        put_parameters(out, run, &s, group->snapshot[i], last);
    }
    if (last < end)
        put_parameters(out, run, &s, group->model, end);
    close_subject(&s);
}

static void columns(const gk_run_table *out)
{
    static const char *const names[] = { "loss", "restricted_loss", "train_loss", "excluded_loss", "n_key", "keys", "key_share",
                                         "gini_power", "gini_norm", "op_answer", "op_key" };
    gk_run_columns(out);
    gk_unit_column(out->table, "step", "updates", o.json);
    for (size_t i = 0; o.spectrum == NO_SPECTRUM && i < sizeof names / sizeof *names; i++)
        gk_table_column(out->table, names[i]);
    if (o.spectrum != NO_SPECTRUM) {
        gk_table_column(out->table, "frequency");
        gk_table_column(out->table, "power");
    }
    gk_check_tags(out->table, &out->operands);
}

int main(int argc, char **argv)
{
    gk_run_table out;
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_operands_read(&out.operands, given, GK_READ_MODEL | GK_READ_DATA | (o.last ? 0 : GK_READ_SNAPSHOTS));
    gk_run_table_open(&out, given, gk_runs_new(out.operands.n_file, out.operands.file, NULL, -1, -1), o.output, o.json);
    columns(&out);
    for (int64_t r = 0; r < out.runs->n_run; r++)
        put_run(&out, &out.runs->run[r]);
    gk_run_table_close(&out);
    gk_given_free(given);
    return GK_EXIT_OK;
}
