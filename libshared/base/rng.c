/* rng.c -- counter-based random numbers: Philox4x32-10 through Random123. */
#include "base/rng.h"

#include <stdlib.h>
#include <string.h>
#include "base/error.h"
#include "base/philox.h"

void gk_rng_block(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index, uint32_t out[4])
{
    philox4x32_ctr_t words = gk_philox(seed, purpose, step, index);
    memcpy(out, words.v, sizeof words.v);
}

static uint32_t word_at(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index)
{
    uint32_t words[4];
    gk_rng_block(seed, purpose, step, index >> 2, words);
    return words[index & 3];
}

double gk_rng_uniform(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index)
{
    return word_at(seed, purpose, step, index) * 0x1p-32;
}

double gk_rng_normal(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index)
{
    double pair[2];
    gk_philox_normals(seed, purpose, step, index >> 1, pair);
    return pair[index & 1];
}

void gk_rng_normals(uint64_t seed, gk_rng_purpose purpose, uint64_t step, double *out, int64_t n)
{
    double pair[2];
    for (int64_t i = 0; i < n; i += 2) {
        gk_philox_normals(seed, purpose, step, (uint64_t)i >> 1, pair);
        out[i] = pair[0];
        if (i + 1 < n)
            out[i + 1] = pair[1];
    }
}

uint32_t gk_rng_below(uint64_t seed, gk_rng_purpose purpose, uint64_t step, uint64_t index, uint32_t n)
{
    gk_assert(n >= 1);
    return (uint32_t)((uint64_t)word_at(seed, purpose, step, index) * n >> 32);
}

/* --- permutation -------------------------------------------------------------------------------------------------- */

typedef struct { uint64_t key; int32_t number; } keyed;

/* Stable sort by the 8 bits of the key from `shift` on.  Eight such passes sort by (key, number). */
static void sort_by_byte(const keyed *from, keyed *to, int64_t n, int shift)
{
    int64_t start[257] = { 0 };
    for (int64_t i = 0; i < n; i++)
        start[(from[i].key >> shift & 255) + 1]++;
    for (int digit = 0; digit < 256; digit++)
        start[digit + 1] += start[digit];
    for (int64_t i = 0; i < n; i++)
        to[start[from[i].key >> shift & 255]++] = from[i];
}

int gk_rng_permutation(uint64_t seed, gk_rng_purpose purpose, uint64_t step, int32_t *order, int64_t n)
{
    gk_assert(n >= 0 && n <= INT32_MAX);
    keyed *items = calloc(2 * (size_t)n + 1, sizeof *items);
    if (!items)
        return gk_error("cannot get memory for a permutation of %lld items", (long long)n);

    for (int64_t i = 0; i < n; i++)
        items[i] = (keyed){ gk_philox_order_key(seed, purpose, step, (uint64_t)i), (int32_t)i };
    keyed *from = items, *to = items + n;
    for (int shift = 0; shift < 64; shift += 8) {
        sort_by_byte(from, to, n, shift);
        keyed *swap = from;
        from = to;
        to = swap;
    }
    for (int64_t i = 0; i < n; i++)
        order[i] = from[i].number;
    free(items);
    return 0;
}
