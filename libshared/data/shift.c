/* shift.c -- equidistant and equivariant: classes made of base classes at chosen distances, of 'Grokking Explained: A Statistical
 * Phenomenon' (SHIFT).
 *
 * An item is N_BLOCK blocks of BLOCK reals.  Block i is normal about one of two means, mu_i^0 and mu_i^1; base class j, one of
 * 2^N_BLOCK, draws it about mu_i^b with b bit i of j.  The squared distance of two base classes' means is therefore the number of
 * bits in which their numbers differ, times the separation squared.  The base classes that a dataset takes are searched for:
 *   equidistant   a largest set of base classes that all differ in 2 bits (there are 9, the neighbours of a common centre, here
 *                 class 0); the first 8 in pairs are 4 classes of 2 subclasses
 *   equivariant   a largest set that all differ in 6 bits (there are 4: the centres), each with its neighbours at 1 bit: 4
 *                 classes of 10 subclasses.  All such sets are the same but for the order of blocks and the names of their two
 *                 means, so that the paper's {63, 240, 323, 396} makes the same items, by any measure, as the one that is found.
 * Subclass K.S is subclass S (from 0) of class K (from 1), as the paper counts classes; K.0 of equivariant is the centre. */
#include <inttypes.h>
#include <math.h>
#include "base/rng.h"
#include "data/build.h"

enum { N_BLOCK = 9, BLOCK = 13, N_REAL = N_BLOCK * BLOCK, N_BASE = 1 << N_BLOCK, N_CLASS = 4, N_PAIR = 2,
       N_POOL = 40000, N_TEST = 10000 };
enum { STREAM_TRAIN = 40, STREAM_TEST = 41, STREAM_DIRECTION = 42,                      /* of GK_RNG_DATA */
       STREAM_SPREAD = STREAM_DIRECTION + N_BLOCK };                                    /* one for each block, both */

/* --- base classes --------------------------------------------------------------------------------------------------------- */

int gk_base_distance(int a, int b)
{
    return __builtin_popcount((unsigned)(a ^ b));
}

enum { MOST_CLIQUE = 16 };    /* there is none of more than 9 at an even distance, none of more than 2 at an odd one */
typedef struct clique { int n, member[N_BASE]; } clique;

/* Those of `from` behind its member `first` that are at this distance from it. */
static void behind(const clique *from, int first, int distance, clique *out)
{
    out->n = 0;
    for (int i = first + 1; i < from->n; i++)
        if (gk_base_distance(from->member[first], from->member[i]) == distance)
            out->member[out->n++] = from->member[i];
}

/* The first of the largest sets among candidates, in ascending order, into member; how many.  Level by level: left[l] are those
 * that go with the l members that are chosen, at[l] which of them is tried. */
static int largest(const clique *candidates, int distance, int *member)
{
    clique left[MOST_CLIQUE + 1] = { *candidates };
    int    at[MOST_CLIQUE + 1] = { 0 }, chosen[MOST_CLIQUE] = { 0 }, best = 0;
    for (int level = 0; level >= 0;) {
        int n_left = left[level].n - at[level];
        if (n_left <= 0 || level + n_left <= best) {    /* nothing larger is to be had here */
            level--;
            continue;
        }
        chosen[level] = left[level].member[at[level]];
        behind(&left[level], at[level]++, distance, &left[level + 1]);
        at[++level] = 0;
        gk_assert(level < MOST_CLIQUE);
        for (int i = 0; level > best && i < level; i++)
            member[i] = chosen[i];
        best = level > best ? level : best;
    }
    return best;
}

/* Numbers can be translated (every bit of all of them changed alike), so that the least can be any: searched are those that
 * begin with `least`. */
int gk_base_clique(int distance, int least, int *member)
{
    clique candidates = { 0 };
    for (int base = least + 1; base < N_BASE; base++)
        if (gk_base_distance(least, base) == distance)
            candidates.member[candidates.n++] = base;
    member[0] = least;
    return 1 + largest(&candidates, distance, member + 1);
}

int gk_equidistant_bases(int *base)
{
    int member[N_BASE], n = gk_base_clique(2, 1, member);    /* the neighbours of 0, of which 1 is the least */
    gk_assert(n >= N_CLASS * N_PAIR);
    for (int i = 0; i < N_CLASS * N_PAIR; i++)
        base[i] = member[i];
    return N_PAIR;
}

int gk_equivariant_bases(int *base)
{
    int centre[N_BASE], n = gk_base_clique(6, 0, centre), n_sub = 0;
    gk_assert(n == N_CLASS);
    for (int i = 0; i < N_CLASS; i++) {
        n_sub = 0;
        base[i * (1 + N_BLOCK) + n_sub++] = centre[i];
        for (int other = 0; other < N_BASE; other++)
            if (gk_base_distance(centre[i], other) == 1)
                base[i * (1 + N_BLOCK) + n_sub++] = other;
    }
    return n_sub;
}

/* --- items ---------------------------------------------------------------------------------------------------------------- */

/* What all items are drawn from: half the way from mu_i^0 to mu_i^1, and a root of the covariance. */
typedef struct law { double half[N_BLOCK][BLOCK], root[N_BLOCK][BLOCK][BLOCK]; } law;

/* The root A of a covariance A A^T with trace BLOCK sigma^2: sigma times the identity, or of independent normal numbers. */
static void set_root(double root[BLOCK][BLOCK], int block, const gk_data_args *args)
{
    double normal[BLOCK * BLOCK], trace = 0;
    gk_rng_normals(gk_items_seed(args), GK_RNG_DATA, (uint64_t)(STREAM_SPREAD + block), normal, BLOCK * BLOCK);
    for (int i = 0; i < BLOCK * BLOCK; i++)
        trace += normal[i] * normal[i];
    for (int i = 0; i < BLOCK; i++)
        for (int k = 0; k < BLOCK; k++)
            root[i][k] = args->sigma * (args->covariance == GK_COVARIANCE_RANDOM ? normal[i * BLOCK + k] * sqrt(BLOCK / trace)
                                                                                  : i == k);
}

static void make_law(law *to, const gk_data_args *args)
{
    for (int block = 0; block < N_BLOCK; block++) {
        double direction[BLOCK], square = 0;
        gk_rng_normals(gk_items_seed(args), GK_RNG_DATA, (uint64_t)(STREAM_DIRECTION + block), direction, BLOCK);
        for (int i = 0; i < BLOCK; i++)
            square += direction[i] * direction[i];
        for (int i = 0; i < BLOCK; i++)
            to->half[block][i] = args->separation / 2 * direction[i] / sqrt(square);
        set_root(to->root[block], block, args);
    }
}

/* One item of a base class from N_REAL standard normal numbers. */
static void draw_item(const law *from, bool isotropic, int base, const double *normal, float *out)
{
    for (int block = 0; block < N_BLOCK; block++, normal += BLOCK, out += BLOCK) {
        double sign = base >> block & 1 ? 1 : -1;
        for (int i = 0; i < BLOCK; i++) {
            double noise = isotropic ? from->root[block][i][i] * normal[i] : 0;
            for (int k = 0; !isotropic && k < BLOCK; k++)
                noise += from->root[block][i][k] * normal[k];
            out[i] = (float)(sign * from->half[block][i] + noise);
        }
    }
}

/* n items from item number `first` on, of the subclasses in turn, so that any first few are balanced.  Each has a stream of its
 * own: how many are drawn changes none of them. */
static void draw_items(gk_dataset *dataset, const gk_data_args *args, const law *from, const int *base, int64_t first, int64_t n,
                       int stream)
{
    const int  n_sub = dataset->subclass.n;
    const bool isotropic = args->covariance == GK_COVARIANCE_ISOTROPIC;
    double     normal[N_REAL];
    for (int64_t i = 0; i < n; i++) {
        int64_t item = first + i;
        int     sub = (int)(i % n_sub);
        gk_rng_normals(gk_items_seed(args), GK_RNG_DATA, (uint64_t)stream << 32 | (uint64_t)i, normal, N_REAL);
        dataset->subclass.of[item] = sub;
        dataset->label[item] = sub / (n_sub / N_CLASS);
        draw_item(from, isotropic, base[sub], normal, dataset->real + item * N_REAL);
    }
}

static int build(gk_dataset *dataset, const gk_data_args *args, const int *base, int n_sub)
{
    const int64_t n_train = args->n_item > 0 ? args->n_item : N_POOL, n_test = args->n_test > 0 ? args->n_test : N_TEST;
    gk_arena     *arena = &dataset->arena;
    law           from;
    dataset->task = gk_task_name(args);
    dataset->n_item = n_train + n_test;
    dataset->n_real = N_REAL;
    dataset->n_answer = N_CLASS;
    dataset->real = gk_arena_alloc(arena, (size_t)dataset->n_item * N_REAL * sizeof *dataset->real);
    dataset->label = gk_arena_alloc(arena, (size_t)dataset->n_item * sizeof *dataset->label);
    gk_subclasses *subclass = &dataset->subclass;
    *subclass = (gk_subclasses){ .by = GK_OWN_SUBCLASSES, .n = N_CLASS * n_sub };
    subclass->of = gk_arena_alloc(arena, (size_t)dataset->n_item * sizeof *subclass->of);
    subclass->name = gk_arena_alloc(arena, (size_t)subclass->n * sizeof *subclass->name);
    for (int i = 0; i < subclass->n; i++)
        subclass->name[i] = gk_arena_printf(arena, "%d.%d", 1 + i / n_sub, i % n_sub);
    make_law(&from, args);
    draw_items(dataset, args, &from, base, 0, n_train, STREAM_TRAIN);
    draw_items(dataset, args, &from, base, n_train, n_test, STREAM_TEST);
    gk_split_in_order(dataset, n_train);
    return 0;
}

int gk_build_equidistant(gk_dataset *dataset, const gk_data_args *args)
{
    int base[GK_BASES_MAX];
    int n_sub = gk_equidistant_bases(base);
    return build(dataset, args, base, n_sub);
}

int gk_build_equivariant(gk_dataset *dataset, const gk_data_args *args)
{
    int base[GK_BASES_MAX];
    int n_sub = gk_equivariant_bases(base);
    return build(dataset, args, base, n_sub);
}
