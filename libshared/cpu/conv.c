/* conv.c -- convolution, y[i,j,:] = sum_{a,b} x[s i + a - p, s j + b - p, :] w[a,b,:,:], without a matrix of patches.
 *
 * An image is copied once with its border of zeros.  Then the patches of a row of y are rows of a matrix that overlap: their
 * kernel * channels reals of one row of x stand side by side, `stride * channels` apart from patch to patch.  A product that
 * takes any distance between rows needs neither copies nor packing, since weights are few and what it reads stays in cache.  The
 * gradients are products of the same form:
 *   of w, sums over the places of y of patch times gradient;
 *   of x, for each remainder of its place by the stride, sums over the taps that meet it: a convolution of the gradient of y with
 *   those of w, transposed and in reverse.
 * Sums run in one order whatever the tile, and images one after another. */
#include <string.h>

#include "cpu/cpu.h"

/* A vector, and the rows of the tallest tile: two vectors of each in registers, beside what they are made of. */
#if defined __AVX512F__
enum { VECTOR_BYTES = 64, TALL = 14 };
#elif defined __AVX__
enum { VECTOR_BYTES = 32, TALL = 6 };
#elif defined __aarch64__
enum { VECTOR_BYTES = 16, TALL = 12 };
#else
enum { VECTOR_BYTES = 16, TALL = 6 };
#endif
enum { LANES = VECTOR_BYTES / (int)sizeof(gk_real) };
typedef gk_real vector __attribute__((vector_size(VECTOR_BYTES)));

static inline vector load(const gk_real *at)
{
    vector v;

    memcpy(&v, at, sizeof v);
    return v;
}

/* c[i][:] = or += sum_{u,v} a[i a_row + u a_outer + v a_inner] b[u b_outer + v b_inner + :] for n columns; b has whole
 * vectors. */
typedef struct product {
    int64_t n_outer, n_inner, n, a_row, a_outer, a_inner, b_outer, b_inner, c_row;
    bool    accumulate;
} product;

/* The first n reals of a sum of whole vectors. */
static void put(const product *p, vector sum, gk_real *to, int64_t n)
{
    if (n >= LANES) {
        if (p->accumulate)
            sum += load(to);
        memcpy(to, &sum, sizeof sum);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        to[i] = p->accumulate ? to[i] + sum[i] : sum[i];
}

/* m rows and one or two vectors of them; m and wide are constants of every call. */
static inline __attribute__((always_inline)) void tile(const product *p, int m, bool wide, const gk_real *a, const gk_real *b,
                                                       gk_real *c, int64_t n)
{
    vector left[TALL] = { 0 }, right[TALL] = { 0 };

    for (int64_t u = 0; u < p->n_outer; u++) {
        const gk_real *at = a + u * p->a_outer, *by = b + u * p->b_outer;
        for (int64_t v = 0; v < p->n_inner; v++, at += p->a_inner, by += p->b_inner) {
            vector b0 = load(by), b1 = wide ? load(by + LANES) : b0;
            for (int i = 0; i < m; i++) {
                left[i] += at[i * p->a_row] * b0;
                if (wide)
                    right[i] += at[i * p->a_row] * b1;
            }
        }
    }
    for (int i = 0; i < m; i++) {
        put(p, left[i], c + i * p->c_row, n);
        if (wide)
            put(p, right[i], c + i * p->c_row + LANES, n - LANES);
    }
}

#define TILE(m)                                          \
    for (; n_row >= (m); n_row -= (m)) {                 \
        if (n > LANES)                                   \
            tile(p, m, true, a, b, c, n);                \
        else                                             \
            tile(p, m, false, a, b, c, n);               \
        a += (m) * p->a_row;                             \
        c += (m) * p->c_row;                             \
    }

/* n_row rows of at most two vectors. */
static void strip(const product *p, int64_t n_row, const gk_real *a, const gk_real *b, gk_real *c, int64_t n)
{
    TILE(TALL)
#if defined __AVX512F__ || defined __aarch64__
    TILE(12)
    TILE(7)
    TILE(6)
#endif
    TILE(3)
    TILE(1)
}

static void multiply(const product *p, int64_t n_row, const gk_real *a, const gk_real *b, gk_real *c)
{
    for (int64_t at = 0; at < p->n; at += 2 * LANES)
        strip(p, n_row, a, b + at, c + at, p->n - at < 2 * LANES ? p->n - at : 2 * LANES);
}

/* --- shapes ----------------------------------------------------------------------------------------------------------- */

typedef struct conv {
    int64_t kernel, stride, pad;
    int64_t height, width, n_in;             /* of x, and its channels */
    int64_t out_height, out_width, n_out;    /* of y */
    int64_t front, back, back_width;         /* rows and columns of zeros around the gradient of y */
    gk_real *image, *weight, *slope;         /* scratch */
} conv;

static int64_t whole(int64_t n)
{
    return (n + LANES - 1) / LANES * LANES;
}

static conv conv_of(const gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    conv           c = { y->args.conv.kernel, y->args.conv.stride, y->args.conv.pad, x->dim[0], x->dim[1], x->dim[2],
                         y->dim[0], y->dim[1], y->dim[2], .image = work->scratch };
    int64_t below = (c.height - 1 + c.pad) / c.stride + 1 - c.out_height;
    int64_t right = (c.width - 1 + c.pad) / c.stride + 1 - c.out_width;

    c.front      = (c.kernel + c.stride - 1) / c.stride - 1;
    c.back       = below > 0 ? below : 0;
    c.back_width = right > 0 ? right : 0;
    c.weight     = c.image + (c.height + 2 * c.pad) * (c.width + 2 * c.pad) * c.n_in;
    c.slope      = c.weight + c.kernel * c.kernel * gk_conv_room(c.n_in) * gk_conv_room(c.n_out);
    return c;
}

/* An image [height, width, n] into `to` with so many rows and columns of zeros before and behind; returns it. */
static const gk_real *bordered(const gk_real *image, int64_t height, int64_t width, int64_t n, int64_t front, int64_t below,
                               int64_t right, gk_real *to)
{
    int64_t row = (front + width + right) * n, inside = width * n;

    if (front + below + right == 0)
        return image;
    memset(to, 0, (size_t)(front * row) * sizeof *to);
    gk_real *at = to + front * row;
    for (int64_t i = 0; i < height; i++, at += row, image += inside) {
        memset(at, 0, (size_t)(front * n) * sizeof *at);
        memcpy(at + front * n, image, (size_t)inside * sizeof *at);
        memset(at + front * n + inside, 0, (size_t)(right * n) * sizeof *at);
    }
    memset(at, 0, (size_t)(below * row) * sizeof *at);
    return to;
}

/* A matrix [n_row, n] with rows of whole vectors: itself, or a copy. */
static const gk_real *widened(const gk_real *matrix, int64_t n_row, int64_t n, gk_real *to)
{
    if (n % LANES == 0)
        return matrix;
    for (int64_t row = 0; row < n_row; row++)
        for (int64_t i = 0; i < whole(n); i++)
            to[row * whole(n) + i] = i < n ? matrix[row * n + i] : 0;
    return to;
}

/* --- forward ---------------------------------------------------------------------------------------------------------- */

static const gk_real *image_of(const conv *c, const gk_real *x)
{
    return bordered(x, c->height, c->width, c->n_in, c->pad, c->pad, c->pad, c->image);
}

void cpu_conv_forward(gk_work *work, const gk_node *y)
{
    conv    c = conv_of(work, y);
    int64_t row = (c.width + 2 * c.pad) * c.n_in, taps = c.kernel * c.n_in, ld = whole(c.n_out);
    product p = { c.kernel, taps, c.n_out, c.stride * c.n_in, row, 1, taps * ld, ld, c.n_out, false };
    const gk_real *w = widened(work->data[y->src[1]->id], c.kernel * taps, c.n_out, c.weight);

    for (int64_t item = 0; item < work->n_row; item++) {
        const gk_real *image = image_of(&c, work->data[y->src[0]->id] + item * y->src[0]->size);
        gk_real       *out = work->data[y->id] + item * y->size;
        for (int64_t i = 0; i < c.out_height; i++)
            multiply(&p, c.out_width, image + i * c.stride * row, w, out + i * c.out_width * c.n_out);
    }
}

/* --- backward --------------------------------------------------------------------------------------------------------- */

/* dw += sum over places of patch times dy */
static void weight_gradient(const conv *c, const gk_real *x, const gk_real *dy, gk_real *dw)
{
    int64_t row = (c->width + 2 * c->pad) * c->n_in, taps = c->kernel * c->n_in, ld = whole(c->n_out);
    product p = { c->out_height, c->out_width, c->n_out, 1, c->stride * row, c->stride * c->n_in, c->out_width * ld, ld, c->n_out,
                  true };
    const gk_real *image = image_of(c, x), *wide = widened(dy, c->out_height * c->out_width, c->n_out, c->slope);

    for (int64_t a = 0; a < c->kernel; a++)
        multiply(&p, taps, image + a * row, wide, dw + a * taps * c->n_out);
}

/* Taps a = first, first + stride, ... of a kernel. */
static int64_t n_tap(const conv *c, int64_t first)
{
    return first < c->kernel ? (c->kernel - first + c->stride - 1) / c->stride : 0;
}

/* The taps of w that meet places of remainders (ri, rj), the last first, each [n_out, n_in]; returns what stands behind them. */
static gk_real *turned(const conv *c, const gk_real *w, int64_t ri, int64_t rj, gk_real *to)
{
    int64_t na = n_tap(c, ri), nb = n_tap(c, rj), ld = whole(c->n_in);

    for (int64_t a = ri + (na - 1) * c->stride; na > 0 && a >= 0; a -= c->stride)
        for (int64_t b = rj + (nb - 1) * c->stride; nb > 0 && b >= 0; b -= c->stride)
            for (int64_t o = 0; o < c->n_out; o++, to += ld)
                for (int64_t i = 0; i < ld; i++)
                    to[i] = i < c->n_in ? w[((a * c->kernel + b) * c->n_in + i) * c->n_out + o] : 0;
    return to;
}

/* dx of one image at the places of remainders (ri, rj); dy has its border. */
static void source_gradient(const conv *c, const gk_real *dy, const gk_real *w, int64_t ri, int64_t rj, gk_real *dx,
                            bool accumulate)
{
    int64_t row = (c->front + c->out_width + c->back_width) * c->n_out, na = n_tap(c, ri), nb = n_tap(c, rj);
    int64_t s = c->stride, first_i = (ri - c->pad % s + s) % s, first_j = (rj - c->pad % s + s) % s, ld = whole(c->n_in);
    product p = { na, nb * c->n_out, c->n_in, c->n_out, row, 1, nb * c->n_out * ld, ld, s * c->n_in, accumulate };

    if (first_j >= c->width)
        return;
    for (int64_t i = first_i; i < c->height; i += s) {
        int64_t u = (i + c->pad) / s - na + 1 + c->front, v = (first_j + c->pad) / s - nb + 1 + c->front;
        multiply(&p, (c->width - first_j + s - 1) / s, dy + u * row + v * c->n_out, w, dx + (i * c->width + first_j) * c->n_in);
    }
}

void cpu_conv_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    conv           c = conv_of(work, y);
    int64_t        n_class = c.stride * c.stride;

    gk_real *to = c.weight;
    for (int64_t class = 0; x->needs_grad && class < n_class; class++)
        to = turned(&c, work->data[w->id], class / c.stride, class % c.stride, to);
    for (int64_t item = 0; item < work->n_row; item++) {
        const gk_real *dy = work->grad[y->id] + item * y->size, *turn = c.weight;
        if (w->needs_grad)
            weight_gradient(&c, work->data[x->id] + item * x->size, dy, work->grad[w->id]);
        if (x->needs_grad)
            dy = bordered(dy, c.out_height, c.out_width, c.n_out, c.front, c.back, c.back_width, c.slope);
        for (int64_t class = 0; x->needs_grad && class < n_class; class++) {
            int64_t ri = class / c.stride, rj = class % c.stride;
            source_gradient(&c, dy, turn, ri, rj, work->grad[x->id] + item * x->size, y->accumulate[0]);
            turn += n_tap(&c, ri) * n_tap(&c, rj) * c.n_out * whole(c.n_in);
        }
    }
}

/* --- the mean over places ----------------------------------------------------------------------------------------------- */

void cpu_mean_pool_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    int64_t        d = y->size, n = x->size / d;

    for (int64_t row = 0; row < work->n_row; row++) {
        const gk_real *from = work->data[x->id] + row * x->size;
        gk_real       *out = work->data[y->id] + row * d;
        memcpy(out, from, (size_t)d * sizeof *out);
        for (int64_t place = 1; place < n; place++)
            for (int64_t i = 0; i < d; i++)
                out[i] += from[place * d + i];
        for (int64_t i = 0; i < d; i++)
            out[i] /= (gk_real)n;
    }
}

void cpu_mean_pool_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    int64_t        d = y->size, n = x->size / d;

    for (int64_t row = 0; row < work->n_row; row++) {
        const gk_real *dy = work->grad[y->id] + row * d;
        gk_real       *dx = work->grad[x->id] + row * x->size;
        for (int64_t i = 0; i < x->size; i++)
            dx[i] = (y->accumulate[0] ? dx[i] : 0) + dy[i % d] / (gk_real)n;
    }
}
