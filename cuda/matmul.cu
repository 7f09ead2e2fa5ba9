/* matmul.cu -- matrix products: the only user of cuBLAS.  All replicas are one batch of products with constant strides. */
#include "work.h"

namespace GK_REALS {

/* One matrix of every replica: replica r's begins at at + r * step; rows are `width` reals apart. */
typedef struct matrix { gk_real *at; int64_t step, width; bool transposed; } matrix;

static matrix plain(gk_span span, int64_t width)
{
    matrix m = { span.at, span.step, width, false };
    return m;
}

static matrix transposed(gk_span span, int64_t width)
{
    matrix m = { span.at, span.step, width, true };
    return m;
}

/* Matrix i of a batch in which they lie `each` apart. */
static matrix shifted(matrix m, int64_t i, int64_t each)
{
    m.at += i * each;
    return m;
}

/* c[m,n] = beta c + a b, row-major, for n_batch matrices.  cuBLAS counts columns first, so it is asked for c^T = b^T a^T. */
static void batch(gk_device *device, int64_t n_batch, int64_t m, int64_t n, int64_t k, matrix a, matrix b, bool accumulate,
                  matrix c)
{
    const gk_real     one = 1, beta = accumulate ? 1 : 0;
    cudaDataType_t    type = GK_REAL_BITS == 64 ? CUDA_R_64F : CUDA_R_32F;
    cublasOperation_t op_a = a.transposed ? CUBLAS_OP_T : CUBLAS_OP_N, op_b = b.transposed ? CUBLAS_OP_T : CUBLAS_OP_N;

    if (m == 0 || n == 0)
        return;
    cublasStatus_t status = cublasGemmStridedBatchedEx(
        device->on_branch ? device->branch_blas : device->blas, op_b, op_a, (int)n, (int)m, (int)k, &one, b.at, type,
        (int)b.width, b.step, a.at, type, (int)a.width, a.step, &beta, c.at, type, (int)c.width, c.step, (int)n_batch,
        device->compute, CUBLAS_GEMM_DEFAULT);
    if (device->blas_status == 0)
        device->blas_status = status;
}

/* One product for every replica. */
static void gemm(gk_work *work, int64_t m, int64_t n, int64_t k, matrix a, matrix b, bool accumulate, matrix c)
{
    batch(work->device, work->n_replica, m, n, k, a, b, accumulate, c);
}

/* Where the matrix of the next head begins, in a, b and c. */
typedef struct heads { int64_t n, a, b, c; } heads;

/* One product for every replica and head.  A batch has one stride: it is of heads, or of replicas if those are more. */
static void gemm_heads(gk_work *work, heads head, int64_t m, int64_t n, int64_t k, matrix a, matrix b, bool accumulate, matrix c)
{
    if (work->n_replica >= head.n) {
        for (int64_t h = 0; h < head.n; h++)
            gemm(work, m, n, k, shifted(a, h, head.a), shifted(b, h, head.b), accumulate, shifted(c, h, head.c));
        return;
    }
    for (int64_t r = 0; r < work->n_replica; r++) {
        matrix x = shifted(a, r, a.step), y = shifted(b, r, b.step), z = shifted(c, r, c.step);
        x.step = head.a;
        y.step = head.b;
        z.step = head.c;
        batch(work->device, head.n, m, n, k, x, y, accumulate, z);
    }
}

/* y = x w */
void cuda_matmul_forward(gk_work *work, const gk_node *y)
{
    int64_t n_in = y->src[1]->dim[0], n_out = y->src[1]->dim[1];
    gemm(work, gk_n_real(work, y) / n_out, n_out, n_in, plain(gk_data_of(work, y, 0), n_in),
         plain(gk_data_of(work, y, 1), n_out), false, plain(work->data[y->id], n_out));
}

/* dx = or += dy w^T,  dw += x^T dy */
void cuda_matmul_backward(gk_work *work, const gk_node *y)
{
    int64_t n_in = y->src[1]->dim[0], n_out = y->src[1]->dim[1], n = gk_n_real(work, y) / n_out;
    gk_span dx = gk_grad_of(work, y, 0), dw = gk_grad_of(work, y, 1), dy = work->grad[y->id];
    if (dw.at) {
        bool forked = dx.at && y->rate == GK_ROW_RATE && gk_fork(work, dw.at, dy.at);
        gemm(work, n_in, n_out, n, transposed(gk_data_of(work, y, 0), n_in), plain(dy, n_out), true, plain(dw, n_out));
        if (forked)
            gk_leave_branch(work);
    }
    if (dx.at)
        gemm(work, n, n_in, n_out, plain(dy, n_out), transposed(gk_data_of(work, y, 1), n_out), y->accumulate[0],
             plain(dx, n_in));
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
