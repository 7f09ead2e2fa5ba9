/* matmul.cu -- products of activations and weights: all replicas are one batch (product.cu). */
#include "padding.h"

#include <vector>

namespace GK_REALS {

static gk_matrix plain(gk_span span, int64_t width)
{
    return gk_matrix_of(span, width);
}

static gk_matrix transposed(gk_span span, int64_t width)
{
    return gk_matrix_of(span, width, true);
}

/* Matrix i of a batch in which they lie `each` apart. */
static gk_matrix shifted(gk_matrix m, int64_t i, int64_t each)
{
    m.at = gk_behind(m.at, i * each, m.narrow);
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

/* --- products that are made together -------------------------------------------------------------------------------------- */

/* The bias that the product y adds itself, or NULL. */
static const gk_node *bias_of(const gk_node *y, const gk_node *const *finisher)
{
    return finisher[y->id] && finisher[y->id]->n_src > 1 ? finisher[y->id]->src[1] : NULL;
}

/* Do a and b differ in places alone? */
static bool are_alike(const gk_node *a, const gk_node *b, const gk_node *const *finisher)
{
    const gk_node *by_a = finisher[a->id], *by_b = finisher[b->id], *in_a = bias_of(a, finisher), *in_b = bias_of(b, finisher);

    return b->used && b->op == GK_OP_matmul && b->src[0] == a->src[0] && b->src[1]->op == GK_OP_PARAM &&
           b->src[1]->dim[1] == a->src[1]->dim[1] && b->src[1]->needs_grad == a->src[1]->needs_grad && !by_a == !by_b &&
           (!by_a || by_a->args.bias_act.activation == by_b->args.bias_act.activation) && !in_a == !in_b &&
           (!in_a || (in_a->op == GK_OP_PARAM && in_b->op == GK_OP_PARAM));
}

static gk_mates distances(const gk_node *a, const gk_node *b, const gk_node *const *finisher)
{
    const gk_node *in_a = bias_of(a, finisher), *in_b = bias_of(b, finisher);
    gk_mates       d = { 2, false, b->src[1]->offset - a->src[1]->offset, in_a ? in_b->offset - in_a->offset : 0,
                         b->offset - a->offset };
    return d;
}

void gk_find_mates(const gk_graph *graph, const gk_node *const *finisher, gk_mates *mates)
{
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i], *last = y;
        gk_mates       of = {};
        if (!y->used || y->op != GK_OP_matmul || y->rate != GK_STEP_RATE || y->src[1]->op != GK_OP_PARAM || mates[i].n > 0)
            continue;
        std::vector<int> all(1, i);
        for (int k = i + 1; k < graph->n_node; k++) {
            const gk_node *next = graph->node[k];
            if (mates[k].n > 0 || !are_alike(last, next, finisher))
                continue;
            gk_mates d = distances(last, next, finisher);
            if (all.size() > 1 && (d.weight != of.weight || d.bias != of.bias || d.result != of.result))
                continue;
            of = d;
            all.push_back(k);
            last = next;
        }
        of.n = (int)all.size();
        for (size_t k = 0; all.size() > 1 && k < all.size(); k++)
            mates[all[k]] = of;
        mates[i].leads = all.size() > 1;
    }
}

/* Is y made together with its mates?  Where replicas are fewer: a batch has one stride. */
static const gk_mates *mates_of(const gk_work *work, const gk_node *y)
{
    return work->n_replica < work->mates[y->id].n ? &work->mates[y->id] : NULL;
}

/* Replica r of a span, as the first of matrices that stand `step` apart. */
static gk_matrix first_of(gk_span span, int64_t r, int64_t step, int64_t width)
{
    gk_matrix m = gk_matrix_of(gk_from(span, r * span.step), width);
    m.step = step;
    return m;
}

/* The product that makes `node`, itself or with a bias alone; NULL: none does. */
static const gk_node *product_behind(const gk_node *node, const gk_node *const *finisher)
{
    const gk_node *y = node->op == GK_OP_bias_act ? node->src[0] : node;
    bool is_made = y == node || (finisher[y->id] == node && node->args.bias_act.activation == GK_IDENTITY && y->n_consumer == 1);
    return y->op == GK_OP_matmul && y->rate == GK_ROW_RATE && is_made && node->n_consumer == 1 ? y : NULL;
}

void gk_find_adders(const gk_graph *graph, const gk_node *const *finisher, const gk_node *const *gatherer, const gk_node **adder)
{
    for (int i = 0; i < graph->n_node; i++) {
        const gk_node *y = graph->node[i];
        for (int s = 0; y->used && y->op == GK_OP_add && y->rate == GK_ROW_RATE && s < 2 && !adder[i]; s++) {
            const gk_node *product = product_behind(y->src[s], finisher), *other = y->src[1 - s];
            if (!product || other->rate != GK_ROW_RATE || other->id > product->id || gatherer[other->id])
                continue;
            adder[product->id] = y;
            adder[i] = product;
        }
    }
}

/* What `sum` adds to the product y. */
static const gk_node *added_to(const gk_node *y, const gk_node *sum)
{
    const gk_node *a = sum->src[0];
    return a == y || (a->op == GK_OP_bias_act && a->src[0] == y) ? sum->src[1] : a;
}

const gk_node *gk_adder_of(const gk_work *work, const gk_node *node)
{
    const gk_node *with = work->training ? work->adder[node->id] : NULL;
    const gk_node *y = with && node->op == GK_OP_add ? with : node, *sum = y == node ? with : node;
    bool           narrow = work->data[y->id].narrow;

    return with && work->data[sum->id].narrow == narrow && work->data[added_to(y, sum)->id].narrow == narrow ? with : NULL;
}

static gk_finish finish_of(const gk_work *work, const gk_node *y)
{
    const gk_node *by = work->training ? work->finisher[y->id] : NULL, *sum = gk_adder_of(work, y);
    gk_finish      finish = nothing;
    if (by) {
        gk_span bias = gk_operand_of(work, by, 1);
        finish = { bias.at, bias.step, by->args.bias_act.activation == GK_RELU };
    }
    if (sum) {
        gk_span added = work->data[added_to(y, sum)->id];
        finish.sum = added.at;
        finish.sum_step = added.step;
    }
    return finish;
}

/* y = x w of y and its mates. */
static void forward_together(gk_work *work, const gk_node *y, const gk_mates *mates)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    gk_finish      finish = finish_of(work, y);
    for (int64_t r = 0; r < work->n_replica; r++) {
        gk_finish mine = { gk_behind(finish.at, r * finish.step, false), mates->bias, finish.relu };
        gk_multiply(work->device, mates->n, gk_n_line(work, y), w->dim[1], w->dim[0],
                    first_of(work->data[x->id], r, 0, w->dim[0]), first_of(work->data[w->id], r, mates->weight, w->dim[1]), false,
                    first_of(work->data[y->id], r, mates->result, w->dim[1]), mine);
    }
}

/* dw += x^T dy of y and its mates, whose backwards have been. */
static void weights_together(gk_work *work, const gk_node *y, const gk_mates *mates)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    for (int64_t r = 0; r < work->n_replica; r++) {
        gk_matrix of_x = first_of(work->data[x->id], r, 0, w->dim[0]);
        of_x.transposed = true;
        gk_multiply(work->device, mates->n, w->dim[0], w->dim[1], gk_n_line(work, y), of_x,
                    first_of(work->grad[y->id], r, mates->result, w->dim[1]), true,
                    first_of(work->grad[w->id], r, mates->weight, w->dim[1]), nothing);
    }
}

/* y = x w */
void cuda_matmul_forward(gk_work *work, const gk_node *y)
{
    const gk_node  *x = y->src[0];
    const gk_mates *mates = mates_of(work, y);
    if (mates) {
        if (mates->leads)
            forward_together(work, y, mates);
        return;
    }
    gk_weight      w = gk_weight_of(work, y->src[1], y->rate == GK_ROW_RATE);
    const gk_node *to = gk_adder_of(work, y) ? gk_adder_of(work, y) : y;
    gk_multiply(work->device, work->n_replica, gk_n_line(work, y), w.n_out, w.n_in,
                plain(gk_operand_of(work, y, 0), gk_width(work, x)), w.data, false, plain(work->data[to->id], gk_width(work, to)),
                finish_of(work, y));
}

/* dx = or += dy w^T,  dw += x^T dy */
void cuda_matmul_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    int64_t        n = gk_n_line(work, y), x_width = gk_width(work, x);
    gk_weight      w = gk_weight_of(work, y->src[1], y->rate == GK_ROW_RATE);
    gk_span        dx = gk_grad_of(work, y, 0);
    gk_matrix      dy = plain(work->grad[y->id], gk_width(work, y));
    const gk_mates *mates = mates_of(work, y);
    if (w.grad.at && mates && mates->leads)
        weights_together(work, y, mates);
    if (w.grad.at && !mates) {
        bool forked = dx.at && y->rate == GK_ROW_RATE && gk_fork(work, w.grad.at, dy.at);
        gemm(work, w.n_in, w.n_out, n, transposed(gk_operand_of(work, y, 0), x_width), dy, true, w.grad);
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
    gemm_heads(work, head, gk_n_real(work, y) / (n_head * d), d, d_head, plain(gk_operand_of(work, y, 0), n_in),
               plain(gk_operand_of(work, y, 1), d), false, plain(work->data[y->id], n_head * d));
}

void cuda_head_matmul_backward(gk_work *work, const gk_node *y)
{
    int64_t n_head = y->dim[1], d = y->dim[2], n_in = y->src[1]->dim[0], d_head = n_in / n_head;
    int64_t n = gk_n_real(work, y) / (n_head * d);
    gk_span dx = gk_grad_of(work, y, 0), dw = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    heads   of_x = { n_head, d, d_head * d, d_head }, of_w = { n_head, d_head, d, d_head * d };
    if (dx.at)
        gemm_heads(work, of_x, n, d_head, d, plain(dy, n_head * d), transposed(gk_operand_of(work, y, 1), d),
                   y->accumulate[0], plain(dx, n_in));
    if (dw.at)
        gemm_heads(work, of_w, d_head, d, n, transposed(gk_operand_of(work, y, 0), n_in), plain(dy, n_head * d), true,
                   plain(dw, d));
}

}
