/* answers.c -- see answers.h. */
#include "answers.h"

#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "data/data_options.h"
#include "train/learnt.h"

/* --- a group of runs -------------------------------------------------------------------------------------------------------- */

typedef struct overriding { gk_given *from, *to; int n; } overriding;

static int override(const gk_option_group *group, const gk_option *option, void *context)
{
    overriding *over = context;
    if (group->options != gk_data_options || gk_option_is_default(over->from, option->name))
        return 0;
    over->n++;
    return gk_option_set(over->to, option->name, gk_option_text(over->from, option->name));
}

void gk_subject_open(gk_subject *s, const gk_run_model *model, gk_given *given)
{
    *s = (gk_subject){ .group = model->run->data };
    if (gk_source_of_group(&s->source, "checkpoint", model->file, s->group) < 0)
        gk_die();
    overriding over = { given, s->source.given, 0 };
    if (gk_options_each(given, override, &over) < 0)
        gk_die();
    gk_config config = gk_source_config(&s->source, model->run->replica);
    s->dataset = s->source.dataset;
    if (over.n > 0) {
        s->other = gk_dataset_new(&config.data);
        if (!s->other || gk_source_adopt(&s->source, s->other) < 0)
            gk_die();
        s->dataset = s->other;
    }
}

void gk_subject_close(gk_subject *s)
{
    if (!s->group)
        return;
    gk_dataset_free(s->other);
    gk_source_release(&s->source);
    s->group = NULL;
}

/* --- asking ----------------------------------------------------------------------------------------------------------------- */

static bool is_messy(const gk_subject *s, const gk_run_model *model)
{
    return gk_source_config(&s->source, model->run->replica).hyper.messiness < 1;
}

int64_t gk_answers_batch(const gk_subject *s, int64_t n, const gk_run_model *model)
{
    enum { ROOM_BYTES = 128 << 20, MOST = 256 };
    int64_t n_answer = s->source.dataset->n_answer > 0 ? s->source.dataset->n_answer : s->dataset->n_target + 1;
    int64_t bytes = s->dataset->n_item * n_answer * (int64_t)sizeof(double) + 2 * s->group->n_real * (int64_t)sizeof(double);
    int64_t most = ROOM_BYTES / (bytes + 1), n_like = 1;
    bool    messy = is_messy(s, model);
    most = most < 1 ? 1 : most > MOST ? MOST : most;
    while (n_like < n && n_like < most && model[n_like].run->data == s->group && is_messy(s, &model[n_like]) == messy)
        n_like++;
    return n_like;
}

static void mark_sets(gk_answers *a, const gk_group *group, int64_t replica)
{
    gk_split split;
    if (gk_learnt_split(group, replica, a->dataset, &a->config.data, &a->arena, &split) < 0)
        gk_die();
    for (int64_t i = 0; i < split.n_test; i++)
        a->set_of[split.test[i]] = GK_IN_TEST;
    for (int64_t i = 0; i < split.n_train; i++) {
        a->set_of[split.train[i]] = GK_IN_TRAIN;
        if (split.train_label)
            a->label[split.train[i]] = split.train_label[i];
    }
}

static void begin(gk_answers *a, const gk_subject *s, const gk_run_model *model, int64_t n_out)
{
    size_t n = (size_t)s->dataset->n_item;
    *a = (gk_answers){ .dataset = s->dataset, .subject = s, .config = gk_source_config(&s->source, model->run->replica),
                       .n_out = n_out };
    a->set_of = gk_arena_alloc(&a->arena, n);
    a->label = gk_arena_alloc(&a->arena, n * sizeof *a->label);
    memcpy(a->label, s->dataset->label, n * sizeof *a->label);
    mark_sets(a, s->group, model->run->replica);
    a->logits = gk_alloc_large(n * (size_t)n_out * sizeof *a->logits, "logits");
    if (!a->logits)
        gk_die();
}

void gk_answers_ask(const gk_subject *s, int64_t n, const gk_run_model *model, const gk_compute *compute, int n_thread,
                    gk_answers *out)
{
    gk_graph         graph;
    gk_arena         arena = { 0 };
    gk_source_model *asked = gk_arena_alloc(&arena, (size_t)n * sizeof *asked);
    gk_assert(s->dataset);
    if (gk_source_build(&s->source, model->run->replica, s->dataset, NULL, &graph) < 0)
        gk_die();
    for (int64_t i = 0; i < n; i++) {
        begin(&out[i], s, &model[i], graph.logits->size);
        asked[i] = (gk_source_model){ model[i].array, model[i].run->replica, out[i].logits };
    }
    if (gk_source_predict_all(&s->source, n, asked, &graph, s->dataset->n_item, compute->backend, n_thread) < 0)
        gk_die();
    gk_graph_release(&graph);
    gk_arena_release(&arena);
}

void gk_answers_release(gk_answers *a)
{
    free(a->logits);
    gk_arena_release(&a->arena);
}

gk_outcome gk_answers_outcome(const gk_answers *a, int64_t item)
{
    const float *target = a->dataset->n_target > 0 ? a->dataset->target + item * a->dataset->n_target : NULL;
    return gk_outcome_of(&a->config.model, a->n_out, a->logits + item * a->n_out, a->label[item], target);
}
