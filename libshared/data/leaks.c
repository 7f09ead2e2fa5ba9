/* leaks.c -- see leaks.h. */
#include "data/leaks.h"

#include <inttypes.h>
#include <string.h>
#include "base/classes.h"

/* --- inputs ----------------------------------------------------------------------------------------------------------------- */

/* The bytes of an item's input. */
static const void *input_of(const gk_dataset *dataset, int64_t item, size_t *n_bytes)
{
    const int64_t n_real = dataset->n_real;
    if (dataset->n_token > 0) {
        *n_bytes = (size_t)dataset->n_token * sizeof *dataset->token;
        return dataset->token + item * dataset->n_token;
    }
    *n_bytes = (size_t)n_real * (dataset->pixel ? sizeof *dataset->pixel : sizeof *dataset->real);
    return dataset->pixel ? (const void *)(dataset->pixel + item * n_real) : dataset->real + item * n_real;
}

/* The edges of an item that is a graph. */
static const void *edges_of(const gk_dataset *dataset, int64_t item, size_t *n_bytes)
{
    const gk_edges *edges = &dataset->edges;
    const bool      is_graph = edges->n_type > 0;
    *n_bytes = is_graph ? (size_t)(3 * (edges->first[item + 1] - edges->first[item])) : 0;
    return is_graph ? edges->at + 3 * edges->first[item] : NULL;
}

/* Bytes that are alike: 0 and -0, which are equal, are not, but nothing makes -0 of a 0; nor are graphs whose nodes are numbered
 * differently. */
static bool same_input(const void *context, int64_t a, int64_t b)
{
    size_t      n_bytes, n_more, n_other;
    const void *one = input_of(context, a, &n_bytes), *other = input_of(context, b, &n_bytes);
    const void *edges = edges_of(context, a, &n_more), *others = edges_of(context, b, &n_other);
    return memcmp(one, other, n_bytes) == 0 && n_more == n_other && (n_more == 0 || memcmp(edges, others, n_more) == 0);
}

const int32_t *gk_same_inputs(const gk_dataset *dataset, gk_arena *arena)
{
    int32_t   *same = gk_arena_alloc(arena, (size_t)dataset->n_item * sizeof *same);
    gk_classes classes = gk_classes_new(same_input, dataset);
    for (int64_t item = 0; item < dataset->n_item; item++) {
        size_t      n_bytes, n_more;
        const void *input = input_of(dataset, item, &n_bytes), *edges = edges_of(dataset, item, &n_more);
        uint64_t    hash = gk_hash_bytes(GK_HASH, input, n_bytes);
        same[item] = (int32_t)gk_class_first(&classes, item, n_more ? gk_hash_bytes(hash, edges, n_more) : hash);
    }
    gk_classes_release(&classes);
    return same;
}

/* --- splits ------------------------------------------------------------------------------------------------------------- */

static bool same_answer(const gk_dataset *dataset, int32_t a, int32_t b)
{
    const size_t n = (size_t)dataset->n_target;
    return n == 0 ? dataset->label[a] == dataset->label[b]
                  : memcmp(dataset->target + (size_t)a * n, dataset->target + (size_t)b * n, n * sizeof *dataset->target) == 0;
}

/* An item beside the train items before it, first[input] - 1 being the first with an input. */
static void compare(const gk_dataset *dataset, int32_t item, int32_t before, bool is_test, gk_leaks *leaks)
{
    if (before < 0)
        return;
    if (is_test && leaks->n_copy++ == 0) {
        leaks->copy = item;
        leaks->copied = before;
    }
    if (!same_answer(dataset, item, before) && leaks->n_contradiction++ == 0) {
        leaks->one = item;
        leaks->other = before;
    }
}

static void find_absent(const gk_dataset *dataset, const gk_split *split, gk_arena *scratch, gk_leaks *leaks)
{
    enum { IN_TRAIN = 1, TOLD };
    uint8_t *seen = gk_arena_alloc(scratch, (size_t)dataset->n_answer + 1);
    for (int64_t i = 0; i < split->n_train; i++)
        seen[split->train_label ? split->train_label[i] : dataset->label[split->train[i]]] = IN_TRAIN;
    for (int64_t i = 0; i < split->n_test; i++) {
        const int32_t label = dataset->label[split->test[i]];
        if (seen[label] == IN_TRAIN)
            continue;
        leaks->n_absent_item++;
        if (seen[label] != TOLD && leaks->n_absent++ == 0)
            leaks->absent = label;
        seen[label] = TOLD;
    }
}

gk_leaks gk_leaks_of(const gk_dataset *dataset, const int32_t *same, const gk_split *split)
{
    gk_arena scratch = { 0 };
    int32_t *first = gk_arena_alloc(&scratch, (size_t)dataset->n_item * sizeof *first);
    gk_leaks leaks = { 0 };
    for (int64_t i = 0; i < (split ? split->n_train : dataset->n_item); i++) {
        const int32_t item = split ? split->train[i] : (int32_t)i;
        compare(dataset, item, first[same[item]] - 1, !split, &leaks);
        if (first[same[item]] == 0)
            first[same[item]] = item + 1;
    }
    for (int64_t i = 0; split && i < split->n_test; i++)
        compare(dataset, split->test[i], first[same[split->test[i]]] - 1, true, &leaks);
    if (split && dataset->n_target == 0)
        find_absent(dataset, split, &scratch, &leaks);
    gk_arena_release(&scratch);
    return leaks;
}

bool gk_leaks_any(const gk_leaks *leaks)
{
    return leaks->n_copy > 0 || leaks->n_contradiction > 0 || leaks->n_absent > 0;
}

const char *gk_leaks_text(const gk_dataset *dataset, const gk_split *split, const gk_leaks *leaks, gk_arena *arena)
{
    const char *text = "";
    const bool  is_token = dataset->n_token > 0 && leaks->absent < dataset->n_vocab;
    if (leaks->n_copy > 0)
        text = gk_arena_printf(arena, "%s: %" PRId64 " of %" PRId64 " (item %d of item %d)",
                               split ? "test items that are copies of train items" : "items that are copies of others",
                               leaks->n_copy, split ? split->n_test : dataset->n_item, leaks->copy, leaks->copied);
    if (leaks->n_contradiction > 0)
        text = gk_arena_printf(arena, "%s%sitems that contradict one that is alike: %" PRId64 " (item %d item %d)", text,
                               *text ? "; " : "", leaks->n_contradiction, leaks->one, leaks->other);
    if (leaks->n_absent > 0)
        text = gk_arena_printf(arena, "%s%sclasses that no train item has: %" PRId64 " of %d (%s), of %" PRId64 " test items",
                               text, *text ? "; " : "", leaks->n_absent, dataset->n_answer,
                               is_token ? dataset->vocab[leaks->absent] : gk_arena_printf(arena, "%d", leaks->absent),
                               leaks->n_absent_item);
    return text;
}
