/* trainer_sections.c -- subclasses apart (--by-subclass): sets of rows of their own, and what is told of them.
 *
 * Sections are disjoint parts of the train and of the test rows: one for each subclass, or, where only kinds are asked for, one
 * for each kind.  Train and test rows themselves stay as they are, so that asking changes no other number. */
#include <math.h>
#include "train/trainer_private.h"

/* The kind of every subclass in one split, [subclass.n]; NULL with gk_error. */
static uint8_t *kinds_of(const gk_dataset *dataset, const gk_data_args *args, const gk_split *split, gk_arena *arena)
{
    const int   n = dataset->subclass.n;
    uint8_t    *kind = gk_arena_alloc(arena, (size_t)n + 1), *has_train = gk_arena_alloc(arena, (size_t)n + 1);
    const bool *thinned = gk_thinned(dataset, args, arena);
    for (int64_t i = 0; i < split->n_train; i++)
        has_train[dataset->subclass.of[split->train[i]]] = 1;
    for (int i = 0; thinned && i < n; i++)
        kind[i] = (uint8_t)(!thinned[i] ? GK_KIND_KEPT : has_train[i] ? GK_KIND_THINNED : GK_KIND_ABSENT);
    return thinned ? kind : NULL;
}

/* Rows by section, each section's in their order: out [n_section]. */
static void cut(const gk_rows *rows, const int32_t *subclass_of, const uint8_t *section_of, int n_section, gk_arena *arena,
                gk_rows *out)
{
    int32_t *item = gk_arena_alloc(arena, 2 * (size_t)rows->n * sizeof *item + 1), *label = item + rows->n;
    int64_t *first = gk_arena_alloc(arena, ((size_t)n_section + 1) * sizeof *first);
    for (int64_t row = 0; row < rows->n; row++)
        first[section_of[subclass_of[rows->item[row]]] + 1]++;
    for (int i = 0; i < n_section; i++) {
        out[i] = (gk_rows){ .n = first[i + 1], .item = item + first[i], .label = label + first[i] };
        first[i + 1] += first[i];
    }
    for (int64_t row = 0; row < rows->n; row++) {
        int64_t to = first[section_of[subclass_of[rows->item[row]]]]++;
        item[to] = rows->item[row];
        label[to] = rows->label[row];
    }
}

/* What the sections of one split are. */
static int split_sections(gk_trainer *trainer, const gk_data_args *args, int64_t split)
{
    const gk_dataset *dataset = trainer->plan->dataset[trainer->plan_group->dataset];
    gk_sections *to = &trainer->sections;
    uint8_t     *kind = kinds_of(dataset, args, &trainer->split[split], &trainer->arena);
    if (!kind)
        return -1;
    for (int i = 0; i < to->n; i++)
        to->kind[split * to->n + i] = to->each ? kind[i] : (uint8_t)i;
    to->section_of[split] = kind;
    for (int i = 0; to->each && i < to->n; i++)
        kind[i] = (uint8_t)i;
    return 0;
}

/* The sets of one side; *first becomes the number of the first in trainer->eval. */
static void add_sets(gk_trainer *trainer, gk_eval_kind kind, int of_set, int *first)
{
    const gk_dataset *dataset = trainer->plan->dataset[trainer->plan_group->dataset];
    const gk_sections *sections = &trainer->sections;
    const size_t n = (size_t)sections->n, n_split = (size_t)trainer->n_split;
    gk_rows *cuts = gk_arena_alloc(&trainer->arena, n_split * n * sizeof *cuts), **rows;
    bool    *is_cut = gk_arena_alloc(&trainer->arena, n_split);
    *first = trainer->n_eval;
    rows = gk_arena_alloc(&trainer->arena, n * sizeof(gk_rows *));
    for (size_t i = 0; i < n; i++) {
        gk_eval *eval;
        rows[i] = gk_trainer_add_set(trainer, kind, (int)i, &eval);
    }
    for (int64_t r = 0; r < trainer->plan_group->n_replica; r++) {
        int64_t split = trainer->split_of[r];
        if (!is_cut[split])
            cut(&trainer->problem.rows[of_set][r], dataset->subclass.of, sections->section_of[split], sections->n,
                &trainer->arena, cuts + split * sections->n);
        is_cut[split] = true;
        for (int i = 0; i < sections->n; i++)
            rows[i][r] = cuts[split * sections->n + i];
    }
}

int gk_trainer_sections(gk_trainer *trainer)
{
    const gk_dataset *dataset = trainer->plan->dataset[trainer->plan_group->dataset];
    const gk_by_subclass by = trainer->plan->first.run.by_subclass;
    gk_sections *to = &trainer->sections;
    if (by == GK_BY_NONE)
        return 0;
    to->each = by == GK_BY_EACH;
    to->n = to->each ? dataset->subclass.n : GK_N_KIND;
    to->kind = gk_arena_alloc(&trainer->arena, (size_t)trainer->n_split * (size_t)to->n);
    to->section_of = gk_arena_alloc(&trainer->arena, (size_t)trainer->n_split * sizeof *to->section_of);
    for (int64_t r = 0; r < trainer->plan_group->n_replica; r++) {
        const gk_config *config = &trainer->plan->run[trainer->plan_group->run[r]].config;
        int64_t          split = trainer->split_of[r];
        if (!to->section_of[split] && split_sections(trainer, &config->data, split) < 0)
            return -1;
    }
    add_sets(trainer, GK_EVAL_TRAIN_SECTION, trainer->eval[0].set, &to->first_train);
    add_sets(trainer, GK_EVAL_TEST_SECTION, trainer->eval[1].set, &to->first_test);
    return 0;
}

static bool is_of_kind(int kind, int of)
{
    return kind == of || (of == GK_KIND_THINNED && kind == GK_KIND_ABSENT);
}

double gk_section_mean(const gk_trainer *trainer, int section, bool train, int sum, int64_t replica)
{
    const gk_sections *sections = &trainer->sections;
    const int          first = train ? sections->first_train : sections->first_test;
    const uint8_t     *kind = sections->kind + trainer->split_of[replica] * sections->n;
    double             total = 0, n = 0;
    for (int i = 0; i < sections->n; i++) {
        const gk_eval *eval = &trainer->eval[first + i];
        double n_row = (double)trainer->problem.rows[eval->set][replica].n;
        if (n_row == 0 || (section > GK_N_KIND ? i != section - 1 - GK_N_KIND : !is_of_kind(kind[i], section - 1)))
            continue;
        total += n_row * gk_mean_of(&eval->metrics[replica], sum);
        n += n_row;
    }
    return n > 0 ? total / n : NAN;
}
