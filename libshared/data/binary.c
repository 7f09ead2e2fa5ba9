/* binary.c -- items of two classes, drawn with the data seed: the two tasks that most work outside modular arithmetic uses.
 *
 * sparse-parity  n bits of -1 and 1, each as likely; the answer is the product of the first k of them, the others mean nothing
 *                (Barak et al. 2022; Merrill et al. 2023).  Class 0: -1, class 1: 1.
 * xor-cluster    four clusters in d dimensions: +-m e_1 is class 1, +-m e_2 class 0, with normal noise of standard deviation
 *                sigma in every direction; m is half of --separation (Xu et al. 2024).  What only adds up its reals cannot tell
 *                the classes apart, as in XOR; single items it can, by their noise, where there are many dimensions.
 *
 * Every item has a stream of its own, so that how many are drawn changes none of them. */
#include <inttypes.h>
#include "base/rng.h"
#include "data/build.h"

enum { STREAM_TRAIN = 70, STREAM_TEST = 71,    /* of GK_RNG_DATA */
       N_BIT = 40, N_PARITY_ITEM = 1000, N_DIM = 1000, N_CLUSTER_ITEM = 200, N_TEST = 1000, N_CLUSTER = 4 };

/* An item and its class; i: its number in the stream. */
typedef int32_t draw_item(const gk_data_args *args, uint64_t stream, int64_t i, int n, double *scratch, float *out);

static int32_t draw_bits(const gk_data_args *args, uint64_t stream, int64_t i, int n, double *scratch, float *out)
{
    int parity = 1;
    (void)i;
    (void)scratch;
    for (int bit = 0; bit < n; bit++) {
        int side = gk_rng_below(gk_items_seed(args), GK_RNG_DATA, stream, (uint64_t)bit, 2) ? 1 : -1;
        out[bit] = (float)side;
        parity *= bit < args->parity ? side : 1;
    }
    return parity > 0;
}

/* Of the clusters in turn, so that any first few are balanced: e_1, e_2, -e_1, -e_2. */
static int32_t draw_cluster(const gk_data_args *args, uint64_t stream, int64_t i, int n, double *scratch, float *out)
{
    const int cluster = (int)(i % N_CLUSTER);
    gk_rng_normals(gk_items_seed(args), GK_RNG_DATA, stream, scratch, n);
    for (int k = 0; k < n; k++) {
        double mean = k == cluster % 2 ? args->separation / 2 * (cluster < 2 ? 1 : -1) : 0;
        out[k] = (float)(mean + args->sigma * scratch[k]);
    }
    return cluster % 2 == 0;
}

static void draw(gk_dataset *dataset, const gk_data_args *args, int64_t first, int64_t n, uint64_t stream, draw_item *one)
{
    gk_arena scratch = { 0 };
    double  *room = gk_arena_alloc(&scratch, (size_t)dataset->n_real * sizeof *room);
    for (int64_t i = 0; i < n; i++)
        dataset->label[first + i] = one(args, stream << 32 | (uint64_t)i, i, dataset->n_real, room,
                                        dataset->real + (first + i) * dataset->n_real);
    gk_arena_release(&scratch);
}

static void build(gk_dataset *dataset, const gk_data_args *args, int64_t n_dim, int64_t n_train, draw_item *one)
{
    const int64_t n_test = args->n_test > 0 ? args->n_test : N_TEST;
    dataset->n_item = n_train + n_test;
    dataset->n_real = (int)n_dim;
    dataset->n_answer = 2;
    dataset->real = gk_arena_alloc(&dataset->arena, (size_t)(dataset->n_item * n_dim) * sizeof *dataset->real);
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *dataset->label);
    draw(dataset, args, 0, n_train, STREAM_TRAIN, one);
    draw(dataset, args, n_train, n_test, STREAM_TEST, one);
    gk_split_in_order(dataset, n_train);
}

int gk_build_sparse_parity(gk_dataset *dataset, const gk_data_args *args)
{
    const int64_t n_bit = args->n_dim > 0 ? args->n_dim : N_BIT;
    if (args->parity < 1 || args->parity > n_bit)
        return gk_usage_error("parity %" PRId64 " is outside [1, %" PRId64 "], the bits of an item", args->parity, n_bit);
    dataset->task = gk_arena_printf(&dataset->arena, "%s %" PRId64 " of %" PRId64, gk_task_name(args), args->parity, n_bit);
    build(dataset, args, n_bit, args->n_item > 0 ? args->n_item : N_PARITY_ITEM, draw_bits);
    return 0;
}

/* The clusters are its subclasses, by class and sign. */
int gk_build_xor_cluster(gk_dataset *dataset, const gk_data_args *args)
{
    static const char *const name[N_CLUSTER] = { "1.0", "0.0", "1.1", "0.1" };
    const int64_t  n_dim = args->n_dim > 0 ? args->n_dim : N_DIM, n_train = args->n_item > 0 ? args->n_item : N_CLUSTER_ITEM;
    gk_subclasses *subclass = &dataset->subclass;
    if (n_dim < 2)
        return gk_usage_error("dim %" PRId64 " is less than 2, the dimensions that the clusters are in", n_dim);
    dataset->task = gk_task_name(args);
    build(dataset, args, n_dim, n_train, draw_cluster);
    *subclass = (gk_subclasses){ .by = GK_OWN_SUBCLASSES, .n = N_CLUSTER };
    subclass->of = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *subclass->of);
    subclass->name = gk_arena_alloc(&dataset->arena, N_CLUSTER * sizeof *subclass->name);
    for (int i = 0; i < N_CLUSTER; i++)
        subclass->name[i] = name[i];
    for (int64_t item = 0; item < dataset->n_item; item++)
        subclass->of[item] = (int32_t)((item < n_train ? item : item - n_train) % N_CLUSTER);
    return 0;
}
