/* number.c -- see number.h. */
#include "table/number.h"

#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

/* Open addressing, with twice as many slots as values: a slot holds the place of a first value + 1, 0 is free. */
static int64_t *new_slots(int64_t n, size_t *n_slot)
{
    *n_slot = 16;
    while (*n_slot < 2 * (size_t)n)
        *n_slot *= 2;
    return gk_alloc_large(*n_slot * sizeof(int64_t), "numbers of different values");
}

static uint64_t mix(uint64_t hash)
{
    hash = (hash ^ hash >> 32) * 0xd6e8feb86659fd93u;
    return hash ^ hash >> 32;
}

int64_t gk_number_values(int64_t n, const double *value, int64_t *out)
{
    size_t   n_slot;
    int64_t *slot = new_slots(n, &n_slot), n_level = 0;
    if (!slot)
        return -1;
    for (int64_t i = 0; i < n; i++) {
        uint64_t bits;
        double   key = value[i] == 0 ? 0 : value[i];    /* 0 and -0 are one value */
        memcpy(&bits, &key, sizeof bits);
        size_t s = mix(bits) & (n_slot - 1);
        while (slot[s] && value[slot[s] - 1] != value[i])
            s = (s + 1) & (n_slot - 1);
        if (!slot[s])
            slot[s] = i + 1;
        out[i] = slot[s] == i + 1 ? n_level++ : out[slot[s] - 1];
    }
    free(slot);
    return n_level;
}

int64_t gk_number_texts(int64_t n, const char *const *text, int64_t *out)
{
    size_t   n_slot;
    int64_t *slot = new_slots(n, &n_slot), n_level = 0;
    if (!slot)
        return -1;
    for (int64_t i = 0; i < n; i++) {
        uint64_t hash = 14695981039346656037u;    /* FNV-1a */
        for (const char *c = text[i]; *c; c++)
            hash = (hash ^ (unsigned char)*c) * 1099511628211u;
        size_t s = mix(hash) & (n_slot - 1);
        while (slot[s] && strcmp(text[slot[s] - 1], text[i]) != 0)
            s = (s + 1) & (n_slot - 1);
        if (!slot[s])
            slot[s] = i + 1;
        out[i] = slot[s] == i + 1 ? n_level++ : out[slot[s] - 1];
    }
    free(slot);
    return n_level;
}
