/* generate.c -- items with targets that are drawn with the data seed: teacher-student and toy-addition of Liu et al. 2022
 * (Omnigrok).  Streams of GK_RNG_DATA are told apart by their step; the numbers are part of what a seed means. */
#include <inttypes.h>
#include <math.h>
#include "base/rng.h"
#include "data/build.h"

enum { STREAM_TRAIN = 1, STREAM_TEST = 2, STREAM_TEACHER = 3,    /* and on, one for each parameter of the teacher */
       STREAM_TEMPLATE = 20, STREAM_RANDOM = 21, STREAM_LINEAR = 22 };

uint64_t gk_items_seed(const gk_data_args *args)
{
    return args->data_seed >= 0 ? (uint64_t)args->data_seed : 0;
}

void gk_split_in_order(gk_dataset *dataset, int64_t n_train)
{
    gk_arena *arena = &dataset->arena;
    gk_split *split = gk_arena_alloc(arena, sizeof *split);
    int32_t  *order = gk_arena_alloc(arena, (size_t)dataset->n_item * sizeof *order);
    for (int64_t item = 0; item < dataset->n_item; item++)
        order[item] = (int32_t)item;
    *split = (gk_split){ .n_train = n_train, .n_test = dataset->n_item - n_train, .train = order, .test = order + n_train };
    dataset->split = split;
}

void gk_targets_alloc(gk_dataset *dataset, int n_target)
{
    dataset->n_target = dataset->n_answer = n_target;
    dataset->target = gk_arena_alloc(&dataset->arena, (size_t)(dataset->n_item * n_target) * sizeof *dataset->target);
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *dataset->label);
}

static void draw_normals(uint64_t seed, int stream, double *scratch, float *out, int64_t n)
{
    gk_rng_normals(seed, GK_RNG_DATA, (uint64_t)stream, scratch, n);
    for (int64_t i = 0; i < n; i++)
        out[i] = (float)scratch[i];
}

/* --- teacher-student -- */

enum { N_INPUT = 5, N_HIDDEN = 100, N_OUTPUT = 5, N_TEACHER_ITEM = 100, N_LAYER = 3 };

/* A network with the initial law of PyTorch's Linear: weights and biases uniform in +-1/sqrt(n_in). */
typedef struct teacher { double weight[N_LAYER][N_HIDDEN * N_HIDDEN], bias[N_LAYER][N_HIDDEN]; } teacher;

static const int teacher_width[N_LAYER + 1] = { N_INPUT, N_HIDDEN, N_HIDDEN, N_OUTPUT };

static void draw_uniforms(uint64_t seed, int stream, double half_width, double *out, int n)
{
    for (int i = 0; i < n; i++)
        out[i] = half_width * (2 * gk_rng_uniform(seed, GK_RNG_DATA, (uint64_t)stream, (uint64_t)i) - 1);
}

static void teacher_init(teacher *net, uint64_t seed)
{
    for (int layer = 0; layer < N_LAYER; layer++) {
        int    n_in = teacher_width[layer], n_out = teacher_width[layer + 1];
        double half_width = 1 / sqrt(n_in);
        draw_uniforms(seed, STREAM_TEACHER + 2 * layer, half_width, net->weight[layer], n_in * n_out);
        draw_uniforms(seed, STREAM_TEACHER + 2 * layer + 1, half_width, net->bias[layer], n_out);
    }
}

static void teach(const teacher *net, const float *input, float *target)
{
    double x[N_HIDDEN], y[N_HIDDEN];
    for (int i = 0; i < N_INPUT; i++)
        x[i] = (double)input[i];
    for (int layer = 0; layer < N_LAYER; layer++) {
        int n_in = teacher_width[layer], n_out = teacher_width[layer + 1];
        for (int o = 0; o < n_out; o++) {
            y[o] = net->bias[layer][o];
            for (int i = 0; i < n_in; i++)
                y[o] += x[i] * net->weight[layer][i * n_out + o];
        }
        for (int o = 0; o < n_out; o++)
            x[o] = layer + 1 < N_LAYER ? tanh(y[o]) : y[o];
    }
    for (int o = 0; o < N_OUTPUT; o++)
        target[o] = (float)x[o];
}

int gk_build_teacher_student(gk_dataset *dataset, const gk_data_args *args)
{
    const int64_t  n_train = args->n_item > 0 ? args->n_item : N_TEACHER_ITEM;
    const uint64_t seed = gk_items_seed(args);
    gk_arena       scratch = { 0 };
    teacher       *net = gk_arena_alloc(&scratch, sizeof *net);
    double        *normals = gk_arena_alloc(&scratch, (size_t)(n_train + N_TEACHER_ITEM) * N_INPUT * sizeof *normals);

    dataset->task = gk_task_name(args);
    dataset->n_item = n_train + N_TEACHER_ITEM;
    dataset->n_real = N_INPUT;
    dataset->real = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * N_INPUT * sizeof *dataset->real);
    gk_targets_alloc(dataset, N_OUTPUT);
    teacher_init(net, seed);
    draw_normals(seed, STREAM_TRAIN, normals, dataset->real, n_train * N_INPUT);
    draw_normals(seed, STREAM_TEST, normals, dataset->real + n_train * N_INPUT, (int64_t)N_TEACHER_ITEM * N_INPUT);
    for (int64_t item = 0; item < dataset->n_item; item++)
        teach(net, dataset->real + item * N_INPUT, dataset->target + item * N_OUTPUT);
    gk_split_in_order(dataset, n_train);
    gk_arena_release(&scratch);
    return 0;
}

/* --- toy-addition -- */

enum { N_TEMPLATE = 30, N_DRAWN_58 = 10 };

/* What torch.rand returned in the code of Liu et al. with seed 58, after its networks had been drawn: of each number the second
 * coordinate beside the line, and both of its random place. */
static const float drawn_58[N_DRAWN_58][3] = {
    { -0.157845467F, 0.716302395F, 0.439247727F },    { -0.0294722933F, -0.534152985F, 0.254397154F },
    { 0.0213198066F, -0.298500061F, -0.788624644F },  { -0.121642902F, 0.264525414F, -0.906319022F },
    { 0.163350895F, 0.353331685F, -0.274834037F },    { -0.0691479221F, 0.228258133F, 0.0707874298F },
    { -0.153541237F, -0.396412015F, -0.794905186F },  { -0.10241583F, -0.595264435F, 0.136006951F },
    { -0.241949067F, -0.364659309F, -0.590140104F },  { -0.292751431F, 0.468831539F, 0.209409475F },
};

/* Representations of the numbers 0..p-1 (experiments A.10).  code: two reals; along a line with some scatter, or anywhere in the
 * square.  code-58: the same, as they were drawn there.  paper: one real; the number itself, or normal. */
static void set_latents(gk_dataset *dataset, const gk_data_args *args)
{
    const uint64_t seed = gk_items_seed(args);
    const int      n = dataset->n_vocab;
    dataset->n_latent = args->latents == GK_LATENTS_PAPER ? 1 : 2;
    size_t n_bytes = (size_t)(n * dataset->n_latent) * sizeof(float);
    dataset->random_latent = gk_arena_alloc(&dataset->arena, n_bytes);
    dataset->linear_latent = gk_arena_alloc(&dataset->arena, n_bytes);
    for (int k = 0; k < n; k++) {
        float *random = dataset->random_latent + k * dataset->n_latent, *linear = dataset->linear_latent + k * dataset->n_latent;
        if (args->latents == GK_LATENTS_PAPER) {
            random[0] = (float)gk_rng_normal(seed, GK_RNG_DATA, STREAM_RANDOM, (uint64_t)k);
            linear[0] = (float)k;
            continue;
        }
        linear[0] = (float)(-1 + 2.0 * k / (n - 1));
        if (args->latents == GK_LATENTS_CODE_58) {
            linear[1] = drawn_58[k][0];
            random[0] = drawn_58[k][1], random[1] = drawn_58[k][2];
            continue;
        }
        for (int i = 0; i < 2; i++)
            random[i] = (float)(2 * gk_rng_uniform(seed, GK_RNG_DATA, STREAM_RANDOM, (uint64_t)(2 * k + i)) - 1);
        linear[1] = (float)(0.3 * (2 * gk_rng_uniform(seed, GK_RNG_DATA, STREAM_LINEAR, (uint64_t)k) - 1));
    }
}

static void set_pairs(gk_dataset *dataset, const gk_data_args *args)
{
    const int p = dataset->n_vocab, n_sum = args->latents == GK_LATENTS_PAPER ? 2 * p - 1 : p;
    gk_arena  scratch = { 0 };
    double   *normals = gk_arena_alloc(&scratch, (size_t)n_sum * N_TEMPLATE * sizeof *normals);
    float    *template = gk_arena_alloc(&scratch, (size_t)n_sum * N_TEMPLATE * sizeof *template);
    int32_t  *token = dataset->token;
    float    *target = dataset->target;
    draw_normals(gk_items_seed(args), STREAM_TEMPLATE, normals, template, (int64_t)n_sum * N_TEMPLATE);
    for (int i = 0; i < p; i++)
        for (int j = i; j < p; j++, token += 2, target += N_TEMPLATE) {
            token[0] = i;
            token[1] = j;
            for (int k = 0; k < N_TEMPLATE; k++)
                target[k] = template[(i + j) % n_sum * N_TEMPLATE + k];
        }
    gk_arena_release(&scratch);
}

int gk_build_toy_addition(gk_dataset *dataset, const gk_data_args *args)
{
    const int64_t p = args->prime;
    gk_arena     *arena = &dataset->arena;
    if (p < 2 || p > GK_PRIME_MAX)
        return gk_usage_error("prime %" PRId64 " is outside [2, %d]", p, GK_PRIME_MAX);
    if (args->latents == GK_LATENTS_CODE_58 && p != N_DRAWN_58)
        return gk_usage_error("'--latents code-58' has representations of %d numbers: '--prime %d', not %" PRId64, N_DRAWN_58,
                              N_DRAWN_58, p);
    dataset->task = gk_arena_printf(arena, "%s %s %" PRId64, gk_task_name(args),
                                    args->latents == GK_LATENTS_PAPER ? "below" : "mod", p);
    dataset->n_item = p * (p + 1) / 2;
    dataset->n_token = 2;
    dataset->n_vocab = (int)p;
    dataset->token = gk_arena_alloc(arena, (size_t)dataset->n_item * 2 * sizeof *dataset->token);
    dataset->vocab = gk_arena_alloc(arena, (size_t)p * sizeof *dataset->vocab);
    for (int64_t i = 0; i < p; i++)
        dataset->vocab[i] = gk_arena_printf(arena, "%" PRId64, i);
    gk_targets_alloc(dataset, N_TEMPLATE);
    set_pairs(dataset, args);
    set_latents(dataset, args);
    return 0;
}
