/* permutation.c -- tasks over the symmetric group S5 (Power et al. 2022, openai/grok).
 *
 * Numbers 0..119 are the permutations of 5 things in lexicographic order; number 0, "12345", is the identity.  A name lists
 * the images of 1..5 (in code: of 0..4).  Products are applied left to right, (x.y)[i] = y[x[i]], as in sympy; so task s5,
 * which that code computes as the index composition b[a], is a.b here.
 *   s5            a.b             s5-conjugate  a.b.a^-1             s5-aba  a.b.a */
#include "data/build.h"

enum { N_THING = 5, N_PERMUTATION = 120 };

typedef struct permutation { int image[N_THING]; } permutation;

/* Number of the permutation: its rank in lexicographic order, read off its Lehmer code. */
static int32_t rank_of(permutation x)
{
    int32_t rank = 0;
    for (int i = 0; i < N_THING; i++) {
        int n_smaller = 0;
        for (int j = i + 1; j < N_THING; j++)
            n_smaller += x.image[j] < x.image[i];
        rank = rank * (N_THING - i) + n_smaller;
    }
    return rank;
}

static permutation permutation_of(int64_t rank)
{
    permutation x;
    for (int i = N_THING - 1; i >= 0; i--) {    /* Lehmer code, least significant digit last */
        x.image[i] = (int)(rank % (N_THING - i));
        rank /= N_THING - i;
    }
    for (int i = N_THING - 2; i >= 0; i--)      /* make room below each digit for those that follow */
        for (int j = i + 1; j < N_THING; j++)
            x.image[j] += x.image[j] >= x.image[i];
    return x;
}

static permutation product(permutation x, permutation y)
{
    permutation result;
    for (int i = 0; i < N_THING; i++)
        result.image[i] = y.image[x.image[i]];
    return result;
}

static permutation inverse(permutation x)
{
    permutation result;
    for (int i = 0; i < N_THING; i++)
        result.image[x.image[i]] = i;
    return result;
}

static int32_t times(const void *context, int64_t a, int64_t b)
{
    (void)context;
    return rank_of(product(permutation_of(a), permutation_of(b)));
}

static int32_t conjugate(const void *context, int64_t a, int64_t b)
{
    (void)context;
    permutation x = permutation_of(a);
    return rank_of(product(product(x, permutation_of(b)), inverse(x)));
}

static int32_t aba(const void *context, int64_t a, int64_t b)
{
    (void)context;
    permutation x = permutation_of(a);
    return rank_of(product(product(x, permutation_of(b)), x));
}

static int build(gk_dataset *dataset, const gk_data_args *args, const char *symbol, gk_pair_answer *answer)
{
    if (args->vocab_prime)
        return gk_usage_error("vocab-prime is for tasks with a modulus, but task is '%s'", gk_task_name(args));
    const char *name[N_PERMUTATION];
    for (int i = 0; i < N_PERMUTATION; i++) {
        permutation x = permutation_of(i);
        name[i] = gk_arena_printf(&dataset->arena, "%d%d%d%d%d", x.image[0] + 1, x.image[1] + 1, x.image[2] + 1,
                                  x.image[3] + 1, x.image[4] + 1);
    }
    gk_pair_task task = { .n_number = N_PERMUTATION, .n_shared = N_PERMUTATION, .number_name = name,
                          .symbol = symbol, .answer = answer };
    dataset->task = gk_task_name(args);
    return gk_pairs_build(dataset, args, &task);
}

int gk_build_s5(gk_dataset *d, const gk_data_args *args)           { return build(d, args, "s5", times); }
int gk_build_s5_conjugate(gk_dataset *d, const gk_data_args *args) { return build(d, args, "s5-conjugate", conjugate); }
int gk_build_s5_aba(gk_dataset *d, const gk_data_args *args)       { return build(d, args, "s5-aba", aba); }
