/* conv.cu -- convolutions as matrix products of patches, the mean over places, and a residual branch with a gain.
 *
 * Patches of so many rows as fit into GK_PATCH_REALS, at least of one, are written out side by side, as
 * [row][place of y][tap][channel], and multiplied with the weights; so memory does not grow with the batch.  The gradient of x is
 * gathered: every place adds up the taps that met it in one order, and nothing is scattered. */
#include "product.h"
#include "vectors.h"

namespace GK_CELLS {

static int64_t patch_size(const gk_node *y)
{
    return y->src[1]->dim[0];
}

static int64_t n_place(const gk_node *y)
{
    return y->dim[0] * y->dim[1];
}

/* x itself is the matrix of patches. */
static bool is_plain(const gk_node *y)
{
    return y->args.conv.kernel == 1 && y->args.conv.stride == 1 && y->args.conv.pad == 0;
}

gk_scratch gk_conv_scratch(const gk_node *y)
{
    int64_t    row = n_place(y) * patch_size(y), most = row > GK_PATCH_REALS ? row : GK_PATCH_REALS;
    gk_scratch s = { 0, 0, is_plain(y) ? 0 : gk_cells_room(most) };
    return s;
}

/* A span of a node from row `first` on. */
static gk_span from_row(gk_span span, const gk_node *node, int64_t first)
{
    return gk_from(span, first * node->size);
}

/* Where patches are written out: as narrow as the operands of products are. */
static gk_span patch_room(const gk_work *work, const gk_node *y)
{
    gk_span room = { work->columns, gk_conv_scratch(y).moment };
    return gk_in_cells(room);
}

/* What places of x and y have to do with each other. */
typedef struct window { int height, width, kernel, stride, pad, out_height, out_width; } window;

static window window_of(const gk_node *y)
{
    const gk_node *x = y->src[0];
    window w = { (int)x->dim[0], (int)x->dim[1], y->args.conv.kernel, y->args.conv.stride, y->args.conv.pad, (int)y->dim[0],
                 (int)y->dim[1] };
    return w;
}

/* patches[row][i][j][a][b][channel] = x[row][s i + a - p][s j + b - p][channel], or 0 beyond x. */
struct patched {
    window     w;
    gk_span    x, to;
    gk_divisor channels, taps, places, line, kernel;    /* reals of a pixel; kernel^2; of y; in a line of y; in a line of taps */

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t pixel = gk_quotient(i, channels), channel = i - pixel * channels.d, patch = gk_quotient(pixel, taps);
        uint32_t tap = pixel - patch * taps.d, row = gk_quotient(patch, places), place = patch - row * places.d;
        uint32_t a = gk_quotient(tap, kernel), line_of = gk_quotient(place, line);
        int      at_i = (int)line_of * w.stride + (int)a - w.pad;
        int      at_j = (int)(place - line_of * line.d) * w.stride + (int)(tap - a * kernel.d) - w.pad;
        gk_reals<V> value = {};
        if (at_i >= 0 && at_j >= 0 && at_i < w.height && at_j < w.width)
            value = gk_load<V>(gk_of(x) + (((int64_t)row * w.height + at_i) * w.width + at_j) * channels.d + channel);
        gk_store(gk_of(to) + i, value);
    }
};

/* dx[row][i][j][channel] = or += sum over the taps (a, b) that met it, in ascending order, of their places in patches. */
struct unpatched {
    window     w;
    gk_span    dx, from;
    gk_divisor channels, pixels, line, stride;    /* of a pixel; of x; in a line of x */
    bool       accumulate;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t    pixel = gk_quotient(i, channels), channel = i - pixel * channels.d, row = gk_quotient(pixel, pixels);
        uint32_t    place = pixel - row * pixels.d, line_of = gk_quotient(place, line), column = place - line_of * line.d;
        gk_reals<V> sum = {};
        for (int a = 0; a < w.kernel; a++) {
            int up = (int)line_of + w.pad - a, to_i = up < 0 ? -1 : (int)gk_quotient((uint32_t)up, stride);
            for (int b = 0; b < w.kernel; b++) {
                int left = (int)column + w.pad - b, to_j = left < 0 ? -1 : (int)gk_quotient((uint32_t)left, stride);
                if (to_i < 0 || to_j < 0 || to_i >= w.out_height || to_j >= w.out_width || to_i * w.stride != up ||
                    to_j * w.stride != left)
                    continue;
                int64_t patch = ((int64_t)row * w.out_height + to_i) * w.out_width + to_j;
                gk_add_to(&sum, gk_load<V>(gk_of(from) + ((patch * w.kernel + a) * w.kernel + b) * channels.d + channel));
            }
        }
        gk_write(gk_of(dx) + i, sum, accumulate);
    }
};

/* Patches of rows [first, first + n) of x, or x itself. */
static gk_span patches_of(gk_work *work, const gk_node *y, int64_t first, int64_t n)
{
    const gk_node *x = y->src[0];
    window  w = window_of(y);
    gk_span from = from_row(gk_data_of(work, y, 0), x, first), to = patch_room(work, y);
    if (is_plain(y))
        return from_row(gk_operand_of(work, y, 0), x, first);
    patched f = { w, from, to, gk_divisor_of(x->dim[2]), gk_divisor_of(w.kernel * w.kernel), gk_divisor_of(n_place(y)),
                  gk_divisor_of(w.out_width), gk_divisor_of(w.kernel) };
    gk_each(work, f, n * n_place(y) * patch_size(y), gk_all_wide(x->dim[2], from, to));
    return to;
}

/* Rows whose patches are made at once. */
static int64_t n_at_once(const gk_work *work, const gk_node *y)
{
    int64_t n = is_plain(y) ? work->n_row : GK_PATCH_REALS / (n_place(y) * patch_size(y));
    return n < 1 ? 1 : n < work->n_row ? n : work->n_row;
}

void cuda_conv_forward(gk_work *work, const gk_node *y)
{
    const gk_finish nothing = { NULL, 0, false };
    int64_t n_in = patch_size(y), n_out = y->dim[2], each = n_at_once(work, y);

    for (int64_t first = 0; first < work->n_row; first += each) {
        int64_t n = first + each < work->n_row ? each : work->n_row - first;
        gk_span patch = patches_of(work, y, first, n), to = from_row(work->data[y->id], y, first);
        gk_multiply(work->device, work->n_replica, n * n_place(y), n_out, n_in, gk_matrix_of(patch, n_in),
                    gk_matrix_of(gk_operand_of(work, y, 1), n_out), false, gk_matrix_of(to, n_out), nothing);
    }
}

/* dx of rows [first, first + n) = or += what the patches' gradients, dy w^T, say of its places. */
static void source_gradient(gk_work *work, const gk_node *y, int64_t first, int64_t n)
{
    const gk_finish nothing = { NULL, 0, false };
    const gk_node *x = y->src[0];
    window  w = window_of(y);
    int64_t n_in = patch_size(y), n_out = y->dim[2];
    gk_span dx = from_row(gk_grad_of(work, y, 0), x, first), patch = patch_room(work, y);
    gk_multiply(work->device, work->n_replica, n * n_place(y), n_in, n_out,
                gk_matrix_of(from_row(work->grad[y->id], y, first), n_out), gk_matrix_of(gk_operand_of(work, y, 1), n_out, true),
                is_plain(y) && y->accumulate[0], gk_matrix_of(is_plain(y) ? dx : patch, n_in), nothing);
    if (is_plain(y))
        return;
    unpatched f = { w, dx, patch, gk_divisor_of(x->dim[2]), gk_divisor_of(x->dim[0] * x->dim[1]), gk_divisor_of(w.width),
                    gk_divisor_of(w.stride), y->accumulate[0] };
    gk_each(work, f, n * x->size, gk_all_wide(x->dim[2], dx, patch));
}

/* dw += patches^T dy */
void cuda_conv_backward(gk_work *work, const gk_node *y)
{
    const gk_finish nothing = { NULL, 0, false };
    int64_t n_in = patch_size(y), n_out = y->dim[2], each = n_at_once(work, y);
    gk_span dw = gk_grad_of(work, y, 1);

    for (int64_t first = 0; first < work->n_row; first += each) {
        int64_t n = first + each < work->n_row ? each : work->n_row - first;
        if (dw.at)
            gk_multiply(work->device, work->n_replica, n_in, n_out, n * n_place(y),
                        gk_matrix_of(patches_of(work, y, first, n), n_in, true),
                        gk_matrix_of(from_row(work->grad[y->id], y, first), n_out), true, gk_matrix_of(dw, n_out), nothing);
        if (gk_grad_of(work, y, 0).at)
            source_gradient(work, y, first, n);
    }
}

/* --- the mean over places ------------------------------------------------------------------------------------------------ */

/* y[row][channel] = mean over places of x[row][place][channel] */
struct pooled {
    gk_span    x, y;
    gk_divisor channels;
    uint32_t   n_place;

    template <int V> __device__ void at(uint32_t i) const
    {
        uint32_t       row = gk_quotient(i, channels), channel = i - row * channels.d;
        gk_cells    from = gk_of(x) + (int64_t)row * n_place * channels.d + channel;
        gk_reals<V>    sum = gk_load<V>(from);
        for (uint32_t place = 1; place < n_place; place++)
            gk_add_to(&sum, gk_load<V>(from + place * channels.d));
        for (int k = 0; k < V; k++)
            sum.v[k] /= (gk_real)n_place;
        gk_store(gk_of(y) + i, sum);
    }
};

void cuda_mean_pool_forward(gk_work *work, const gk_node *y)
{
    pooled f = { gk_data_of(work, y, 0), work->data[y->id], gk_divisor_of(y->size), (uint32_t)(y->src[0]->size / y->size) };
    gk_each(work, f, gk_n_real(work, y), gk_all_wide(y->size, f.x, f.y));
}

struct unpooled {
    gk_span    dx, dy;
    gk_divisor channels, size;    /* size: of a row of x */
    gk_real    n_place;
    bool       accumulate;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_reals<V> g = gk_load<V>(gk_of(dy) + gk_quotient(i, size) * channels.d + gk_remainder(i, channels));
        for (int k = 0; k < V; k++)
            g.v[k] /= n_place;
        gk_write(gk_of(dx) + i, g, accumulate);
    }
};

void cuda_mean_pool_backward(gk_work *work, const gk_node *y)
{
    int64_t  size = y->src[0]->size;
    unpooled f = { gk_grad_of(work, y, 0), work->grad[y->id], gk_divisor_of(y->size), gk_divisor_of(size),
                   (gk_real)(size / y->size), y->accumulate[0] };
    gk_each(work, f, work->n_row * size, gk_all_wide(y->size, f.dx, f.dy));
}

/* --- a + g b ---------------------------------------------------------------------------------------------------------------- */

struct scaled {
    gk_span a, b, gain, y;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_reals<V> sum = gk_load<V>(gk_of(a) + i), more = gk_load<V>(gk_of(b) + i);
        for (int k = 0; k < V; k++)
            sum.v[k] += *gk_full_of(gain) * more.v[k];
        gk_store(gk_of(y) + i, sum);
    }
};

void cuda_add_scaled_forward(gk_work *work, const gk_node *y)
{
    int64_t n = gk_n_real(work, y);
    scaled  f = { gk_data_of(work, y, 0), gk_data_of(work, y, 1), gk_data_of(work, y, 2), work->data[y->id] };
    gk_each(work, f, n, gk_all_wide(n, f.a, f.b, f.y));
}

/* da = or += dy;  db = or += g dy; those that are to have it. */
struct unscaled {
    gk_span da, db, gain, dy;
    bool    adds_a, adds_b;

    template <int V> __device__ void at(uint32_t i) const
    {
        gk_reals<V> g = gk_load<V>(gk_of(dy) + i);
        if (da.at)
            gk_write(gk_of(da) + i, g, adds_a);
        for (int k = 0; k < V; k++)
            g.v[k] *= *gk_full_of(gain);
        if (db.at)
            gk_write(gk_of(db) + i, g, adds_b);
    }
};

gk_scratch gk_scaled_scratch(const gk_node *)
{
    gk_scratch s = { GK_VECTOR, 0, 0 };    /* a number of each row, and what keeps the next scratch aligned */
    return s;
}

/* A warp for each row: sum of dy b. */
static __global__ void gain_terms(gk_span dy, gk_span b, gk_span to, uint32_t n_row, uint32_t size)
{
    uint32_t row = (uint32_t)gk_warp();
    gk_real  sum = 0;
    if (row >= n_row)
        return;
    for (uint32_t i = (uint32_t)gk_lane(); i < size; i += GK_WARP)
        sum += gk_of(dy)[(int64_t)row * size + i] * gk_of(b)[(int64_t)row * size + i];
    sum = gk_warp_sum(sum);
    if (gk_lane() == 0)
        gk_full_of(to)[row] = sum;
}

static __global__ void gain_total(gk_span dg, gk_span from, uint32_t n_row)
{
    double sum = 0;
    for (uint32_t row = threadIdx.x; row < n_row; row += blockDim.x)
        sum += gk_full_of(from)[row];
    sum = gk_block_sum(sum);
    if (threadIdx.x == 0)
        *gk_full_of(dg) += (gk_real)sum;
}

void cuda_add_scaled_backward(gk_work *work, const gk_node *y)
{
    cudaStream_t stream = work->device->stream;
    int64_t  n = gk_n_real(work, y);
    gk_span  dg = gk_grad_of(work, y, 2), b = gk_data_of(work, y, 1), dy = work->grad[y->id], terms = work->scratch[y->id];
    unscaled f = { gk_grad_of(work, y, 0), gk_grad_of(work, y, 1), gk_data_of(work, y, 2), dy, y->accumulate[0],
                   y->accumulate[1] };

    if (y->shares)
        f.da.at = NULL;
    if (dg.at) {
        GK_LAUNCH_WARPS(gain_terms, work->n_row, work->n_replica, stream, dy, b, terms, (uint32_t)work->n_row, (uint32_t)y->size);
        GK_LAUNCH_BLOCKS(gain_total, gk_grid(1, work->n_replica), GK_BLOCK_THREADS, stream, dg, terms, (uint32_t)work->n_row);
    }
    if (f.da.at || f.db.at)
        gk_each(work, f, n, gk_all_wide(n, f.da, f.db, f.dy));
}

}
