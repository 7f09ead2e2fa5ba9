/* modular.c -- arithmetic modulo a prime p: every operator of Power et al. 2022 (openai/grok) that has one answer.
 *
 * Operands and answers are residues 0..p-1.  Division needs b != 0, so it has p(p-1) items; all other tasks have p^2. */
#include <inttypes.h>
#include "base/rng.h"
#include "data/build.h"

typedef struct field {
    int64_t  p;
    int32_t *inverse;    /* [p] x * inverse[x] = 1; inverse[0] is 0 and unused */
    uint64_t seed;       /* of the random table */
} field;

static int32_t residue(const field *f, int64_t value)
{
    int64_t rest = value % f->p;
    return (int32_t)(rest < 0 ? rest + f->p : rest);
}

static bool is_prime(int64_t n)
{
    if (n < 2)
        return false;
    for (int64_t divisor = 2; divisor * divisor <= n; divisor++)
        if (n % divisor == 0)
            return false;
    return true;
}

static int check_prime(int64_t n)
{
    if (n < 2 || n > GK_PRIME_MAX)
        return gk_usage_error("prime %" PRId64 " is outside [2, %d]", n, GK_PRIME_MAX);
    if (is_prime(n))
        return 0;
    int64_t below = n, above = n;
    while (!is_prime(below))
        below--;
    while (above <= GK_PRIME_MAX && !is_prime(above))
        above++;
    if (above > GK_PRIME_MAX)
        return gk_usage_error("%" PRId64 " is not a prime (nearest: %" PRId64 ")", n, below);
    return gk_usage_error("%" PRId64 " is not a prime (nearest: %" PRId64 ", %" PRId64 ")", n, below, above);
}

static int build(gk_dataset *dataset, const gk_data_args *args, const char *symbol, gk_pair_answer *answer, int64_t first_b)
{
    const int64_t p = args->prime;
    int64_t       n_shared;
    if (check_prime(p) < 0 || gk_pairs_shared(args, &n_shared) < 0)
        return -1;

    field f = { .p = p, .inverse = gk_arena_alloc(&dataset->arena, (size_t)p * sizeof(int32_t)) };
    f.seed = gk_items_seed(args);
    f.inverse[1] = 1;
    for (int64_t x = 2; x < p; x++)    /* p = (p/x) x + p%x, so 1/x = -(p/x) / (p%x) */
        f.inverse[x] = residue(&f, -(p / x) * f.inverse[p % x]);

    gk_pair_task task = { .n_number = p, .n_shared = n_shared, .modulus = p, .first_b = first_b,
                          .symbol = symbol, .answer = answer, .context = &f };
    dataset->task = gk_arena_printf(&dataset->arena, "%s mod %" PRId64, gk_task_name(args), p);
    return gk_pairs_build(dataset, args, &task);
}

/* --- one answer function and one builder per row of datasets.def -- */

static int32_t add(const void *f, int64_t a, int64_t b)          { return residue(f, a + b); }
static int32_t subtract(const void *f, int64_t a, int64_t b)     { return residue(f, a - b); }
static int32_t multiply(const void *f, int64_t a, int64_t b)     { return residue(f, a * b); }
static int32_t square_add(const void *f, int64_t a, int64_t b)   { return residue(f, a * a + b); }
static int32_t cube_add(const void *f, int64_t a, int64_t b)     { return residue(f, a * a * a + b); }
static int32_t x2_y2(const void *f, int64_t x, int64_t y)        { return residue(f, x * x + y * y); }
static int32_t x2_y2_xy(const void *f, int64_t x, int64_t y)     { return residue(f, x * x + y * y + x * y); }
static int32_t x2_y2_xy_x(const void *f, int64_t x, int64_t y)   { return residue(f, x * x + y * y + x * y + x); }
static int32_t x3_xy(const void *f, int64_t x, int64_t y)        { return residue(f, x * x * x + x * y); }
static int32_t x3_xy2_y(const void *f, int64_t x, int64_t y)     { return residue(f, x * x * x + x * y * y + y); }

static int32_t divide(const void *f, int64_t a, int64_t b)
{
    return residue(f, a * ((const field *)f)->inverse[b]);
}

static int32_t mix_divide_subtract(const void *f, int64_t x, int64_t y)
{
    return y % 2 ? divide(f, x, y) : subtract(f, x, y);
}

static int32_t mix_add_multiply(const void *f, int64_t a, int64_t b)
{
    return a % 2 ? multiply(f, a, b) : add(f, a, b);
}

static int32_t mix_add_subtract(const void *f, int64_t a, int64_t b)
{
    return a % 2 ? subtract(f, a, b) : add(f, a, b);
}

static int32_t random_answer(const void *context, int64_t a, int64_t b)
{
    const field *f = context;
    return (int32_t)gk_rng_below(f->seed, GK_RNG_DATA, 0, (uint64_t)(a * f->p + b), (uint32_t)f->p);
}

int gk_build_add(gk_dataset *d, const gk_data_args *args)         { return build(d, args, "+", add, 0); }
int gk_build_subtract(gk_dataset *d, const gk_data_args *args)    { return build(d, args, "-", subtract, 0); }
int gk_build_multiply(gk_dataset *d, const gk_data_args *args)    { return build(d, args, "*", multiply, 0); }
int gk_build_divide(gk_dataset *d, const gk_data_args *args)      { return build(d, args, "/", divide, 1); }
int gk_build_square_add(gk_dataset *d, const gk_data_args *args)  { return build(d, args, "^2+", square_add, 0); }
int gk_build_cube_add(gk_dataset *d, const gk_data_args *args)    { return build(d, args, "^3+", cube_add, 0); }
int gk_build_x2_y2(gk_dataset *d, const gk_data_args *args)       { return build(d, args, "x2+y2", x2_y2, 0); }
int gk_build_x2_y2_xy(gk_dataset *d, const gk_data_args *args)    { return build(d, args, "x2+y2+xy", x2_y2_xy, 0); }
int gk_build_x2_y2_xy_x(gk_dataset *d, const gk_data_args *args)  { return build(d, args, "x2+y2+xy+x", x2_y2_xy_x, 0); }
int gk_build_x3_xy(gk_dataset *d, const gk_data_args *args)       { return build(d, args, "x3+xy", x3_xy, 0); }
int gk_build_x3_xy2_y(gk_dataset *d, const gk_data_args *args)    { return build(d, args, "x3+xy2+y", x3_xy2_y, 0); }

int gk_build_mix_divide_subtract(gk_dataset *d, const gk_data_args *args)
{
    return build(d, args, "mix/-", mix_divide_subtract, 0);
}

int gk_build_mix_add_multiply(gk_dataset *d, const gk_data_args *args)
{
    return build(d, args, "mix+*", mix_add_multiply, 0);
}

int gk_build_mix_add_subtract(gk_dataset *d, const gk_data_args *args)
{
    return build(d, args, "mix+-", mix_add_subtract, 0);
}

int gk_build_random(gk_dataset *d, const gk_data_args *args)
{
    return build(d, args, "random", random_answer, 0);
}
