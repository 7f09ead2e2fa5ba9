/* gather.cu -- rows by index: embeddings and the selection of positions.  Nothing is scattered: a table's gradient is a sum over
 * the places where each of its rows was read (gk_inverse), always in the same order. */
#include "work.h"

namespace GK_REALS {

/* y[i,:] = sum of table[index[i * n_token + t],:] over t < n_token */
static __global__ void embed_forward(gk_span table, gk_index index, gk_span y, int64_t n, int64_t d, int64_t n_token)
{
    int64_t i = gk_element();
    if (i >= n * d)
        return;
    const int32_t *at = gk_of(index) + i / d * n_token;
    gk_real        sum = gk_of(table)[at[0] * d + i % d];
    for (int64_t t = 1; t < n_token; t++)
        sum += gk_of(table)[at[t] * d + i % d];
    gk_of(y)[i] = sum;
}

static __global__ void embed_backward(gk_span dtable, gk_inverse inverse, gk_span dy, int64_t d, int64_t n_token)
{
    const int32_t *first = gk_of(inverse.first) + blockIdx.x, *place = gk_of(inverse.place);
    for (int64_t j = threadIdx.x; j < d; j += blockDim.x) {
        gk_real sum = 0;
        for (int32_t i = first[0]; i < first[1]; i++)
            sum += gk_of(dy)[place[i] / n_token * d + j];
        gk_of(dtable)[blockIdx.x * d + j] += sum;
    }
}

static void forward(gk_work *work, const gk_node *y, int64_t n_token)
{
    const gk_node *index = y->src[1];
    int64_t        d = y->src[0]->dim[1], n = gk_n_real(work, index) / n_token;
    GK_LAUNCH_ELEMENTS(embed_forward, gk_element_grid(n * d, work->n_replica), work->device->stream, gk_data_of(work, y, 0),
                       work->index[index->id], work->data[y->id], n, d, n_token);
}

static void backward(gk_work *work, const gk_node *y, int64_t n_token)
{
    const gk_node *table = y->src[0];
    if (table->needs_grad)
        GK_LAUNCH_BLOCKS(embed_backward, gk_grid(table->dim[0], work->n_replica), GK_BLOCK_THREADS, work->device->stream,
                         gk_grad_of(work, y, 0), work->inverse[y->src[1]->id], work->grad[y->id], table->dim[1], n_token);
}

void cuda_embed_forward(gk_work *work, const gk_node *y)
{
    forward(work, y, 1);
}

void cuda_embed_backward(gk_work *work, const gk_node *y)
{
    backward(work, y, 1);
}

void cuda_embed_sum_forward(gk_work *work, const gk_node *y)
{
    forward(work, y, y->src[1]->size);
}

void cuda_embed_sum_backward(gk_work *work, const gk_node *y)
{
    backward(work, y, y->src[1]->size);
}

/* --- selection --------------------------------------------------------------------------------------------------------- */

typedef struct positions { int n; int at[GK_MAX_READ]; } positions;

static positions positions_of(const gk_node *y)
{
    positions p = { y->args.select.n_read, { 0 } };
    for (int i = 0; i < p.n; i++)
        p.at[i] = y->args.select.read[i];
    return p;
}

static __global__ void select_forward(positions p, gk_span x, gk_span y, int64_t n, int64_t d, int64_t n_position)
{
    int64_t i = gk_element(), per_row = p.n * d;
    if (i < n)
        gk_of(y)[i] = gk_of(x)[(i / per_row * n_position + p.at[i % per_row / d]) * d + i % d];
}

void cuda_select_forward(gk_work *work, const gk_node *y)
{
    int64_t n = gk_n_real(work, y);
    GK_LAUNCH_ELEMENTS(select_forward, gk_element_grid(n, work->n_replica), work->device->stream, positions_of(y),
                       gk_data_of(work, y, 0), work->data[y->id], n, y->dim[1], y->src[0]->dim[0]);
}

/* Every element of x looks for the reads of its position. */
static __global__ void select_backward(positions p, gk_span dx, gk_span dy, int64_t n, int64_t d, int64_t n_position,
                                       bool accumulate)
{
    int64_t i = gk_element(), row = i / d / n_position, position = i / d % n_position;
    gk_real sum = 0;
    if (i >= n)
        return;
    for (int read = 0; read < p.n; read++)
        if (p.at[read] == position)
            sum += gk_of(dy)[(row * p.n + read) * d + i % d];
    gk_of(dx)[i] = accumulate ? gk_of(dx)[i] + sum : sum;
}

void cuda_select_backward(gk_work *work, const gk_node *y)
{
    int64_t n = gk_n_real(work, y->src[0]);
    GK_LAUNCH_ELEMENTS(select_backward, gk_element_grid(n, work->n_replica), work->device->stream, positions_of(y),
                       gk_grad_of(work, y, 0), work->grad[y->id], n, y->dim[1], y->src[0]->dim[0], y->accumulate[0]);
}

}
