/* alike.c -- are two datasets about the same items? */
#include <string.h>
#include "data/dataset.h"

static bool has_same_answers(const gk_dataset *a, const gk_dataset *b)
{
    if (a->n_answer != b->n_answer || a->n_target != b->n_target)
        return false;
    for (int i = 0; a->n_target == 0 && i < a->n_answer; i++) {
        const char *one = gk_dataset_answer(a, i), *other = gk_dataset_answer(b, i);
        if (!one != !other || (one && strcmp(one, other) != 0))
            return false;
    }
    return memcmp(a->label, b->label, (size_t)a->n_item * sizeof *a->label) == 0;
}

/* The name of item i's token t. */
static const char *name_at(const gk_dataset *dataset, int64_t i, int t)
{
    return dataset->vocab[dataset->token[i * dataset->n_token + t]];
}

/* The next position from t on at which not all items have the same token; n_token: there is none. */
static int next_telling(const gk_dataset *dataset, int t)
{
    for (; t < dataset->n_token; t++)
        for (int64_t i = 1; i < dataset->n_item; i++)
            if (dataset->token[i * dataset->n_token + t] != dataset->token[t])
                return t;
    return t;
}

static bool has_same_tokens(const gk_dataset *a, const gk_dataset *b)
{
    int s = next_telling(a, 0), t = next_telling(b, 0);
    for (; s < a->n_token && t < b->n_token; s = next_telling(a, s + 1), t = next_telling(b, t + 1))
        for (int64_t i = 0; i < a->n_item; i++)
            if (strcmp(name_at(a, i, s), name_at(b, i, t)) != 0)
                return false;
    return s == a->n_token && t == b->n_token;
}

bool gk_dataset_same_items(const gk_dataset *a, const gk_dataset *b)
{
    const bool are_sequences = a->n_token > 0 && b->n_token > 0 && a->edges.n_type == 0 && b->edges.n_type == 0;
    if (a->n_item != b->n_item || !has_same_answers(a, b))
        return false;
    return are_sequences ? has_same_tokens(a, b) : strcmp(a->sha256, b->sha256) == 0;
}
