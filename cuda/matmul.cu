/* matmul.cu -- products of activations and weights: all replicas are one batch (product.cu). */
#include "padding.h"

namespace GK_REALS {

static gk_matrix plain(gk_span span, int64_t width)
{
    gk_matrix m = { span.at, span.step, width, false };
    return m;
}

static gk_matrix transposed(gk_span span, int64_t width)
{
    gk_matrix m = { span.at, span.step, width, true };
    return m;
}

/* Matrix i of a batch in which they lie `each` apart. */
static gk_matrix shifted(gk_matrix m, int64_t i, int64_t each)
{
    m.at += i * each;
    return m;
}

static const gk_finish nothing = { NULL, 0, false };

/* One product for every replica. */
static void gemm(gk_work *work, int64_t m, int64_t n, int64_t k, gk_matrix a, gk_matrix b, bool accumulate, gk_matrix c)
{
    gk_multiply(work->device, work->n_replica, m, n, k, a, b, accumulate, c, nothing);
}

/* Where the matrix of the next head begins, in a, b and c. */
typedef struct heads { int64_t n, a, b, c; } heads;

/* One product for every replica and head.  A batch has one stride: it is of heads, or of replicas if those are more. */
static void gemm_heads(gk_work *work, heads head, int64_t m, int64_t n, int64_t k, gk_matrix a, gk_matrix b, bool accumulate,
                       gk_matrix c)
{
    if (work->n_replica >= head.n) {
        for (int64_t h = 0; h < head.n; h++)
            gemm(work, m, n, k, shifted(a, h, head.a), shifted(b, h, head.b), accumulate, shifted(c, h, head.c));
        return;
    }
    for (int64_t r = 0; r < work->n_replica; r++) {
        gk_matrix x = shifted(a, r, a.step), y = shifted(b, r, b.step), z = shifted(c, r, c.step);
        x.step = head.a;
        y.step = head.b;
        z.step = head.c;
        gk_multiply(work->device, head.n, m, n, k, x, y, accumulate, z, nothing);
    }
}

/* In training a product makes the bias and the ReLU that follow it, if they share its place: a pass less over the activations.
 * In evaluation it does not, so that what is not finite is seen in the metrics (see gk_finish). */
void gk_find_finishers(const gk_graph *graph, const gk_node **finisher)
{
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i], *x = y->used && y->op == GK_OP_bias_act ? y->src[0] : NULL;
        if (x && y->shares == x && x->op == GK_OP_matmul && y->n_src == 2 && y->src[1]->op == GK_OP_PARAM &&
            (y->args.bias_act.activation == GK_RELU || y->args.bias_act.activation == GK_IDENTITY))
            finisher[x->id] = y;
    }
}

static gk_finish finish_of(const gk_work *work, const gk_node *y)
{
    const gk_node *by = work->training ? work->finisher[y->id] : NULL;
    if (!by)
        return nothing;
    gk_span   bias = gk_data_of(work, by, 1);
    gk_finish finish = { bias.at, bias.step, by->args.bias_act.activation == GK_RELU };
    return finish;
}

/* y = x w */
void cuda_matmul_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    gk_weight      w = gk_weight_of(work, y->src[1], y->rate == GK_ROW_RATE);
    gk_multiply(work->device, work->n_replica, gk_n_line(work, y), w.n_out, w.n_in, plain(work->data[x->id], gk_width(work, x)),
                w.data, false, plain(work->data[y->id], gk_width(work, y)), finish_of(work, y));
}

/* dx = or += dy w^T,  dw += x^T dy */
void cuda_matmul_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    int64_t        n = gk_n_line(work, y), x_width = gk_width(work, x);
    gk_weight      w = gk_weight_of(work, y->src[1], y->rate == GK_ROW_RATE);
    gk_span        dx = gk_grad_of(work, y, 0);
    gk_matrix      dy = plain(work->grad[y->id], gk_width(work, y));
    if (w.grad.at) {
        bool forked = dx.at && y->rate == GK_ROW_RATE && gk_fork(work, w.grad.at, dy.at);
        gemm(work, w.n_in, w.n_out, n, transposed(work->data[x->id], x_width), dy, true, w.grad);
        if (forked)
            gk_leave_branch(work);
    }
    w.data.transposed = true;
    if (dx.at)    /* what is added to keeps its pads, which may be any zeros */
        gemm(work, n, y->accumulate[0] ? gk_last_dim(x) : w.n_in, w.n_out, dy, w.data, y->accumulate[0], plain(dx, x_width));
}

/* y[:, h, :] = x[:, block h] w[block h, :] */
void cuda_head_matmul_forward(gk_work *work, const gk_node *y)
{
    int64_t n_head = y->dim[1], d = y->dim[2], n_in = y->src[1]->dim[0], d_head = n_in / n_head;
    heads   head = { n_head, d_head, d_head * d, d };
    gemm_heads(work, head, gk_n_real(work, y) / (n_head * d), d, d_head, plain(gk_data_of(work, y, 0), n_in),
               plain(gk_data_of(work, y, 1), d), false, plain(work->data[y->id], n_head * d));
}

void cuda_head_matmul_backward(gk_work *work, const gk_node *y)
{
    int64_t n_head = y->dim[1], d = y->dim[2], n_in = y->src[1]->dim[0], d_head = n_in / n_head;
    int64_t n = gk_n_real(work, y) / (n_head * d);
    gk_span dx = gk_grad_of(work, y, 0), dw = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    heads   of_x = { n_head, d, d_head * d, d_head }, of_w = { n_head, d_head, d, d_head * d };
    if (dx.at)
        gemm_heads(work, of_x, n, d_head, d, plain(dy, n_head * d), transposed(gk_data_of(work, y, 1), d),
                   y->accumulate[0], plain(dx, n_in));
    if (dw.at)
        gemm_heads(work, of_w, d_head, d, n, transposed(gk_data_of(work, y, 0), n_in), plain(dy, n_head * d), true,
                   plain(dw, d));
}

}
