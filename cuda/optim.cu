/* optim.cu -- one update of all replicas of a wave: the same passes over chunks of the parameter arena as on the CPU
 * (cpu/optim.c), each with a block for every chunk of every replica.  The usual update is a single pass. */
#include "engine.h"
#include "base/philox.h"

namespace GK_REALS {

/* What every pass gets: the arenas of a wave, from its first slot on. */
typedef struct pass {
    const gk_chunk  *chunk, *piece;
    const gk_update *update;
    const gk_hyper  *hyper;
    const gk_descent *descent;            /* [.][n_pace] */
    const uint64_t  *seed;
    const int64_t   *step;
    const gk_seen   *seen;
    double          *scalar;              /* [.][n_scalar] as in gk_backend */
    const gk_on_sphere *on;
    int64_t          p, s;                /* reals of a replica in arenas, and in grad */
    int              n_chunk, n_live, n_tensor, n_sphere, n_scalar, n_pace;
    gk_real         *param, *grad, *noisy, *arena[GK_N_ARENA];    /* those that the update does not need are NULL */
    double          *partial, *sum;
} pass;

static gk_real *arena_at(const gk_cuda *engine, int kind, int64_t slot)
{
    gk_real *arena = engine->arena[kind];
    return arena ? arena + slot * engine->depth[kind] * engine->graph->n_param_real : NULL;
}

static pass pass_of(gk_cuda *engine, int64_t slot)
{
    pass a = { engine->chunk, engine->piece, engine->update, engine->hyper + slot,
               engine->descent + slot * engine->n_pace, engine->seed + slot,
               engine->step, engine->seen + slot, engine->scalar + slot * engine->n_scalar, engine->on,
               engine->graph->n_param_real, engine->graph->n_step_real, engine->n_chunk, engine->n_live, engine->graph->n_param,
               engine->n_sphere, engine->n_scalar, engine->n_pace,
               arena_at(engine, GK_ARENA_PARAM, slot), engine->grad, engine->noisy, {}, engine->partial, engine->tensor_sum };
    for (int kind = 0; kind < GK_N_ARENA; kind++)
        a.arena[kind] = arena_at(engine, kind, slot);
    return a;
}

/* Every real of this block's chunk: `i` within the replica's parameters, `r` the replica. */
#define EACH_OF_CHUNK(a)                                                                \
    int64_t  r = blockIdx.y;                                                            \
    gk_chunk chunk = (a).chunk[blockIdx.x];                                             \
    for (int64_t i = chunk.offset + threadIdx.x; i < chunk.offset + chunk.n; i += blockDim.x)

static __device__ gk_real noise(const pass *a, gk_rng_purpose purpose, int64_t i)
{
    double pair[2];
    gk_philox_normals(a->seed[blockIdx.y], purpose, (uint64_t)*a->step, (uint64_t)i >> 1, pair);
    return (gk_real)pair[i & 1];
}

#define LAUNCH(kernel, n) \
    GK_LAUNCH_BLOCKS(kernel, gk_grid(n, n_replica), GK_ELEMENT_THREADS, engine->device.stream, a)

/* --- sums ------------------------------------------------------------------------------------------------------------------ */

/* What a pass of sums adds up: products of two of these. */
typedef enum { OF_GRAD, OF_PARAM } factor;

static __global__ void sum_products(pass a, factor x, factor y, int row)
{
    double sum = 0;
    EACH_OF_CHUNK(a)
        sum += (double)(x == OF_GRAD ? a.grad[r * a.s + i] : a.param[r * a.p + i]) *
               (double)(y == OF_GRAD ? a.grad[r * a.s + i] : a.param[r * a.p + i]);
    sum = gk_block_sum(sum);
    if (threadIdx.x == 0)
        a.partial[(r * 3 + row) * a.n_chunk + blockIdx.x] = sum;
}

/* sum[row][tensor] of one row of partial sums, in the order of chunks; one thread a replica. */
static __global__ void sum_tensors(pass a, int row, int n_chunk, int64_t n_replica)
{
    int64_t r = gk_element();
    if (r >= n_replica)
        return;
    double *sum = a.sum + (r * 3 + row) * a.n_tensor;
    for (int t = 0; t < a.n_tensor; t++)
        sum[t] = 0;
    for (int c = 0; c < n_chunk; c++)
        sum[a.chunk[c].tensor] += a.partial[(r * 3 + row) * a.n_chunk + c];
}

static void sums(gk_cuda *engine, const pass *a, int64_t n_replica, factor x, factor y, int row, int n_chunk)
{
    GK_LAUNCH_BLOCKS(sum_products, gk_grid(n_chunk, n_replica), GK_ELEMENT_THREADS, engine->device.stream, *a, x, y, row);
    GK_LAUNCH_ELEMENTS(sum_tensors, gk_element_grid(n_replica, 1), engine->device.stream, *a, row, n_chunk, n_replica);
}

static __device__ double total(const pass *a, int row)
{
    double sum = 0;
    for (int t = 0; t < a->n_tensor; t++)
        sum += a->sum[(blockIdx.y * 3 + row) * a->n_tensor + t];
    return sum;
}

void gk_cuda_square_norms(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    pass a = pass_of(engine, slot);
    sums(engine, &a, n_replica, OF_PARAM, OF_PARAM, 0, a.n_chunk);
}

/* --- before the update ----------------------------------------------------------------------------------------------------- */

static __global__ void perturb(pass a)
{
    gk_real scale = (gk_real)a.hyper[blockIdx.y].weight_noise;
    EACH_OF_CHUNK(a)
        a.noisy[r * a.p + i] = a.param[r * a.p + i] + (scale > 0 ? scale * noise(&a, GK_RNG_WEIGHT_NOISE, i) : 0);
}

void gk_cuda_perturb(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    pass a = pass_of(engine, slot);
    LAUNCH(perturb, a.n_chunk);
}

static __global__ void add_gradient_noise(pass a)
{
    gk_real scale = (gk_real)a.hyper[blockIdx.y].gradient_noise;
    if (scale <= 0)
        return;
    EACH_OF_CHUNK(a)
        a.grad[r * a.s + i] += scale * noise(&a, GK_RNG_GRAD_NOISE, i);
}

/* Scale the gradient by gk_clip_factor of its global norm, and count it. */
static __global__ void clip(pass a)
{
    double factor = gk_clip_factor(&a.hyper[blockIdx.y], sqrt(total(&a, 0)));
    if (factor >= 1)
        return;
    if (blockIdx.x == 0 && threadIdx.x == 0)
        a.scalar[blockIdx.y * a.n_scalar + a.n_sphere]++;
    EACH_OF_CHUNK(a)
        a.grad[r * a.s + i] *= (gk_real)factor;
}

/* Grokfast-EMA (Lee et al. 2024): mu = alpha mu + (1 - alpha) g, mu_0 = g_0;  g += lambda mu. */
static __global__ void filter_ema(pass a)
{
    const gk_hyper *h = &a.hyper[blockIdx.y];
    int64_t seen = *a.step + a.seen[blockIdx.y].updates[GK_SEEN_EMA];
    gk_real alpha = seen == 0 ? 0 : (gk_real)h->ema_alpha, lambda = (gk_real)h->ema_lambda;
    if (lambda <= 0)
        return;
    EACH_OF_CHUNK(a) {
        gk_real *ema = &a.arena[GK_ARENA_EMA][r * a.p + i], *g = &a.grad[r * a.s + i];
        *ema = alpha * *ema + (1 - alpha) * *g;
        *g += lambda * *ema;
    }
}

/* Grokfast-MA: g += lambda mean(last w raw gradients), nothing until the ring is full. */
static __global__ void filter_ma(pass a)
{
    int64_t window = a.update->ma_window, seen = *a.step + a.seen[blockIdx.y].updates[GK_SEEN_RING];
    double  lambda = a.hyper[blockIdx.y].ma_lambda;
    gk_real scale = (gk_real)(lambda / (double)window);
    if (lambda <= 0)
        return;
    EACH_OF_CHUNK(a) {
        gk_real *ring = a.arena[GK_ARENA_RING] + r * window * a.p, sum = 0;
        ring[seen % window * a.p + i] = a.grad[r * a.s + i];
        if (seen + 1 < window)
            continue;
        for (int64_t w = 0; w < window; w++)
            sum += ring[w * a.p + i];
        a.grad[r * a.s + i] += scale * sum;
    }
}

/* Orthogonal gradient (Prieto et al. 2025): per tensor g - (w.g/w.w) w (sums 0: w.g, 1: w.w, 2: g.g) ... */
static __global__ void project(pass a)
{
    const double *sum = a.sum + blockIdx.y * 3 * a.n_tensor;
    EACH_OF_CHUNK(a)
        a.grad[r * a.s + i] -= (gk_real)(sum[chunk.tensor] / (sum[a.n_tensor + chunk.tensor] + 1e-30)) * a.param[r * a.p + i];
}

/* ... rescaled to the norm of g (sums 0: its square now, 2: before). */
static __global__ void rescale(pass a)
{
    const double *sum = a.sum + blockIdx.y * 3 * a.n_tensor;
    EACH_OF_CHUNK(a)
        a.grad[r * a.s + i] *= sum[chunk.tensor] > 0 ? (gk_real)sqrt(sum[2 * a.n_tensor + chunk.tensor] / sum[chunk.tensor]) : 1;
}

/* --- the update ------------------------------------------------------------------------------------------------------------- */

static bool is_whole(const gk_cuda *engine, const gk_chunk *chunk)
{
    return gk_problem_is_whole(&engine->problem.update, engine->graph->param[chunk->tensor]);
}

int gk_cuda_open_pieces(gk_cuda *engine, const gk_chunk *chunk)
{
    const int64_t         each = 4 * GK_ELEMENT_THREADS;
    std::vector<gk_chunk> piece;

    for (int whole = 1; whole >= 0; whole--) {
        for (int c = 0; c < engine->n_live; c++)
            for (int64_t at = 0; is_whole(engine, &chunk[c]) == whole && at < chunk[c].n; at += each) {
                int64_t left = chunk[c].n - at;
                piece.push_back({ chunk[c].tensor, chunk[c].pace, chunk[c].optimizer, chunk[c].offset + at,
                                  left < each ? left : each });
            }
        if (whole)
            engine->n_whole_piece = (int)piece.size();
    }
    engine->n_piece = (int)piece.size();
    engine->piece = (gk_chunk *)gk_cuda_alloc(engine, (int64_t)(piece.size() * sizeof(gk_chunk)), "chunks");
    if (!engine->piece)
        return -1;
    cudaMemcpy(engine->piece, piece.data(), piece.size() * sizeof(gk_chunk), cudaMemcpyHostToDevice);
    return 0;
}

static __device__ gk_real noise_of(const pass *a, const gk_descent *d, int64_t i)
{
    return d->pace.update_noise > 0 ? (gk_real)d->pace.update_noise * noise(a, GK_RNG_UPDATE_NOISE, i) : 0;
}

/* What decay by chance multiplies a tensor by. */
static __device__ gk_real jitter_of(const pass *a, const gk_pace *pace, int tensor)
{
    double pair[2];
    gk_philox_normals(a->seed[blockIdx.y], GK_RNG_DECAY_JITTER, (uint64_t)*a->step, (uint64_t)tensor >> 1, pair);
    return (gk_real)exp(pace->rate * pace->weight_decay * pair[tensor & 1]);
}

/* A thread moves four neighbouring parameters of the piece that its block has; or only decays them and leaves their directions in
 * the place of their gradients. */
template <int optimizer, bool moves> static __global__ void update(pass a)
{
    constexpr int    first = gk_slot_arena(optimizer, 0), second = gk_slot_arena(optimizer, 1);
    const gk_chunk   piece = a.piece[blockIdx.x];
    const gk_descent d = a.descent[blockIdx.y * a.n_pace + piece.pace];
    int64_t          at = 4 * (int64_t)threadIdx.x, i = piece.offset + at, left = piece.n - at, to = blockIdx.y * a.p + i;
    bool             one = first != GK_ARENA_none && a.arena[first], two = second != GK_ARENA_none && a.arena[second];
    bool             follows = first == GK_ARENA_none || one;    /* else the direction is the gradient */
    gk_real          param[4], g[4], initial[4] = { 0 }, slot1[4] = { 0 }, slot2[4] = { 0 };

    if (left <= 0)
        return;
    int n = left < 4 ? (int)left : 4;
    gk_load_four(param, a.param + to, n);
    gk_load_four(g, a.grad + blockIdx.y * a.s + i, n);
    if (one)
        gk_load_four(slot1, a.arena[first] + to, n);
    if (two)
        gk_load_four(slot2, a.arena[second] + to, n);
    if (d.decay == GK_DECAY_INIT)
        gk_load_four(initial, a.arena[GK_ARENA_INIT] + to, n);
    gk_real jitter = d.decay == GK_DECAY_JITTER ? jitter_of(&a, &d.pace, piece.tensor) : 1;
    GK_UNROLL
    for (int k = 0; k < 4; k++) {
        gk_decay(&d, initial[k], jitter, &param[k], &g[k]);
        gk_real u = follows ? gk_direction_of<optimizer>(&d.pace, g[k], &slot1[k], &slot2[k]) : g[k];
        if (moves)
            param[k] -= d.rate * (u + noise_of(&a, &d, i + k));
        else
            g[k] = u;
    }
    gk_store_four(a.param + to, param, n);
    if (!moves)
        gk_store_four(a.grad + blockIdx.y * a.s + i, g, n);
    if (one)
        gk_store_four(a.arena[first] + to, slot1, n);
    if (two)
        gk_store_four(a.arena[second] + to, slot2, n);
}

/* Parameters go along the directions that stand in the place of their gradients. */
static __global__ void follow(pass a)
{
    const gk_chunk   piece = a.piece[blockIdx.x];
    const gk_descent d = a.descent[blockIdx.y * a.n_pace + piece.pace];
    for (int64_t i = piece.offset + threadIdx.x; i < piece.offset + piece.n; i += blockDim.x)
        a.param[blockIdx.y * a.p + i] -= d.rate * (a.grad[blockIdx.y * a.s + i] + noise_of(&a, &d, i));
}

/* The step of whole matrices (direction.h), whose pieces come first. */
static void move_whole(gk_cuda *engine, pass a, int64_t n_replica)
{
    int n = engine->n_whole_piece;
    switch (engine->problem.update.optimizer) {
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning)                                   \
    case GK_OPTIM_##name:                                                                                                    \
        if (GK_OPTIM_##name != GK_OPTIM_##rest)                                                                              \
            GK_LAUNCH_ELEMENTS((update<GK_OPTIM_##name, GK_OPTIM_##name == GK_OPTIM_##rest>), gk_grid(n, n_replica),         \
                               engine->device.stream, a);                                                                    \
        break;
#include "graph/optim.def"
#undef OPTIM
    case GK_N_OPTIM:
        break;
    }
    sums(engine, &a, n_replica, OF_GRAD, OF_GRAD, 0, a.n_live);
    gk_cuda_orthogonalise(engine, n_replica);
    GK_LAUNCH_ELEMENTS(follow, gk_grid(n, n_replica), engine->device.stream, a);
}

static void launch_update(gk_cuda *engine, pass a, int64_t n_replica)
{
    int n = engine->n_piece - engine->n_whole_piece;
    if (engine->n_whole_piece > 0)
        move_whole(engine, a, n_replica);
    if (n == 0)
        return;
    a.piece += engine->n_whole_piece;
    switch (gk_optimizers[engine->problem.update.optimizer].rest) {
#define OPTIM(name, option, decay, slot1, slot2, only_with, rest, uses, defaults, meaning)                                   \
    case GK_OPTIM_##name:                                                                                                    \
        GK_LAUNCH_ELEMENTS((update<GK_OPTIM_##name, true>), gk_grid(n, n_replica), engine->device.stream, a);                 \
        break;
#include "graph/optim.def"
#undef OPTIM
    case GK_N_OPTIM:
        break;
    }
}

/* theta *= target / |theta| (Liu et al. 2022): everything on the spheres that the replica began on. */
static __global__ void constrain_to_spheres(pass a)
{
    const double *sum = a.sum + blockIdx.y * 3 * a.n_tensor;
    int           sphere = a.on[a.chunk[blockIdx.x].tensor].sphere;
    double        square = 0;
    for (int t = 0; t < a.n_tensor; t++)
        square += a.on[t].sphere == sphere ? a.on[t].weight * sum[t] : 0;
    gk_real scale = square > 0 ? (gk_real)(a.scalar[blockIdx.y * a.n_scalar + sphere] / sqrt(square)) : 1;
    EACH_OF_CHUNK(a)
        a.param[r * a.p + i] *= scale;
}

static void constrain(gk_cuda *engine, const pass *of, int64_t n_replica)
{
    pass a = *of;
    sums(engine, &a, n_replica, OF_PARAM, OF_PARAM, 0, a.n_live);
    LAUNCH(constrain_to_spheres, a.n_live);
}

typedef double (*field)(const gk_hyper *h);
static double gradient_noise_of(const gk_hyper *h) { return h->gradient_noise; }
static double clip_norm_of(const gk_hyper *h) { return h->clip_norm; }

/* Does any replica of the problem have it? */
static bool any(const gk_cuda *engine, field of)
{
    for (int64_t r = 0; r < engine->problem.n_replica; r++)
        if (of(&engine->problem.hyper[r]) > 0)
            return true;
    return false;
}

void gk_cuda_update(gk_cuda *engine, int64_t slot, int64_t n_replica)
{
    pass a = pass_of(engine, slot);

    if (a.n_sphere > 0 && engine->problem.update.projection == GK_PROJECT_BETWEEN)
        constrain(engine, &a, n_replica);
    if (any(engine, gradient_noise_of))
        LAUNCH(add_gradient_noise, a.n_live);
    if (any(engine, clip_norm_of)) {
        sums(engine, &a, n_replica, OF_GRAD, OF_GRAD, 0, a.n_live);
        LAUNCH(clip, a.n_live);
    }
    if (a.arena[GK_ARENA_EMA])
        LAUNCH(filter_ema, a.n_live);
    if (a.arena[GK_ARENA_RING] && engine->problem.update.ma_window > 0)
        LAUNCH(filter_ma, a.n_live);
    if (engine->problem.update.orthogonal) {
        sums(engine, &a, n_replica, OF_PARAM, OF_GRAD, 0, a.n_live);
        sums(engine, &a, n_replica, OF_PARAM, OF_PARAM, 1, a.n_live);
        sums(engine, &a, n_replica, OF_GRAD, OF_GRAD, 2, a.n_live);
        LAUNCH(project, a.n_live);
        sums(engine, &a, n_replica, OF_GRAD, OF_GRAD, 0, a.n_live);
        LAUNCH(rescale, a.n_live);
    }
    launch_update(engine, a, n_replica);
    if (a.n_sphere > 0 && engine->problem.update.projection == GK_PROJECT_AFTER)
        constrain(engine, &a, n_replica);
}

}
