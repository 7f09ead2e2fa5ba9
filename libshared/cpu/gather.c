/* gather.c -- rows by index: embeddings and the selection of positions. */
#include <string.h>

#include "cpu/cpu.h"

/* Indices of this call: a constant list once, or an input's for every row of the block. */
static int64_t n_index(const gk_work *work, const gk_node *index)
{
    return index->rate == GK_ROW_RATE ? work->n_row * index->size : index->size;
}

void cpu_embed_forward(gk_work *work, const gk_node *y)
{
    const gk_node *table = y->src[0], *index = y->src[1];
    int64_t        d = table->dim[1], n = n_index(work, index);
    const gk_real *from = work->data[table->id];
    gk_real       *out  = work->data[y->id];

    for (int64_t i = 0; i < n; i++)
        memcpy(out + i * d, from + work->index[index->id][i] * d, (size_t)d * sizeof *out);
}

void cpu_embed_backward(gk_work *work, const gk_node *y)
{
    const gk_node *table = y->src[0], *index = y->src[1];
    int64_t        d = table->dim[1], n = n_index(work, index);
    const gk_real *dy = work->grad[y->id];

    for (int64_t i = 0; i < n; i++, dy += d) {
        gk_real *to = work->grad[table->id] + work->index[index->id][i] * d;
        for (int64_t j = 0; j < d; j++)
            to[j] += dy[j];
    }
}

void cpu_embed_sum_forward(gk_work *work, const gk_node *y)
{
    const gk_node *table = y->src[0], *index = y->src[1];
    int64_t        d = table->dim[1], n_token = index->size;
    const int32_t *at  = work->index[index->id];
    gk_real       *out = work->data[y->id];

    for (int64_t row = 0; row < work->n_row; row++, at += n_token, out += d) {
        memcpy(out, work->data[table->id] + at[0] * d, (size_t)d * sizeof *out);
        for (int64_t t = 1; t < n_token; t++)
            for (int64_t j = 0; j < d; j++)
                out[j] += work->data[table->id][at[t] * d + j];
    }
}

void cpu_embed_sum_backward(gk_work *work, const gk_node *y)
{
    const gk_node *table = y->src[0], *index = y->src[1];
    int64_t        d = table->dim[1], n_token = index->size;
    const int32_t *at = work->index[index->id];
    const gk_real *dy = work->grad[y->id];

    for (int64_t row = 0; row < work->n_row; row++, at += n_token, dy += d)
        for (int64_t t = 0; t < n_token; t++) {
            gk_real *to = work->grad[table->id] + at[t] * d;
            for (int64_t j = 0; j < d; j++)
                to[j] += dy[j];
        }
}

void cpu_select_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    int64_t        d = y->dim[1];

    for (int64_t row = 0; row < work->n_row; row++)
        for (int64_t i = 0; i < y->dim[0]; i++)
            memcpy(work->data[y->id] + row * y->size + i * d,
                   work->data[x->id] + row * x->size + y->args.select.read[i] * d, (size_t)d * sizeof(gk_real));
}

void cpu_select_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0];
    int64_t        d = y->dim[1];

    if (!y->accumulate[0])
        memset(work->grad[x->id], 0, (size_t)(work->n_row * x->size) * sizeof(gk_real));
    for (int64_t row = 0; row < work->n_row; row++)
        for (int64_t i = 0; i < y->dim[0]; i++) {
            gk_real       *to   = work->grad[x->id] + row * x->size + y->args.select.read[i] * d;
            const gk_real *from = work->grad[y->id] + row * y->size + i * d;
            for (int64_t j = 0; j < d; j++)
                to[j] += from[j];
        }
}
