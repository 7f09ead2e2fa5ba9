/* matmul.c -- matrix products: the only user of the BLAS.  Products are single-threaded; threads work on different blocks. */
#include "cpu/cpu.h"

#include "base/blas.h"

void gk_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, const gk_real *a, int64_t lda, const gk_real *b,
             int64_t ldb, gk_real beta, gk_real *c, int64_t ldc)
{
    if (m == 0 || n == 0)
        return;
#if GK_REAL_BITS == 32
    gk_blas_sgemm(
#else
    gk_blas_dgemm(
#endif
        trans_a, trans_b, (int)m, (int)n, (int)k, a, (int)lda, b, (int)ldb, beta, c, (int)ldc);
}

/* y = x w */
void cpu_matmul_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    int64_t        n_in = w->dim[0], n_out = w->dim[1], begin, end;

    gk_share(work, y, gk_n_real(work, y) / n_out, &begin, &end);
    gk_gemm(false, false, end - begin, n_out, n_in, work->data[x->id] + begin * n_in, n_in, work->data[w->id], n_out, 0,
            work->data[y->id] + begin * n_out, n_out);
}

/* dx += dy w^T by rows, dw += x^T dy by rows of w: both divide without sharing a sum. */
void cpu_matmul_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    int64_t        n_in = w->dim[0], n_out = w->dim[1], n = gk_n_real(work, y) / n_out, begin, end;
    const gk_real *dy = work->grad[y->id];

    if (x->needs_grad) {
        gk_share(work, y, n, &begin, &end);
        gk_gemm(false, true, end - begin, n_in, n_out, dy + begin * n_out, n_out, work->data[w->id], n_out,
                y->accumulate[0], work->grad[x->id] + begin * n_in, n_in);
    }
    if (w->needs_grad) {
        gk_share(work, y, n_in, &begin, &end);
        gk_gemm(true, false, end - begin, n_out, n, work->data[x->id] + begin, n_in, dy, n_out, 1,
                work->grad[w->id] + begin * n_out, n_out);
    }
}

/* y[:, h, :] = x[:, block h] w[block h, :] */
void cpu_head_matmul_forward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    int64_t        n_head = y->dim[1], d = y->dim[2], n_in = w->dim[0], d_head = n_in / n_head, begin, end;

    gk_share(work, y, gk_n_real(work, y) / (n_head * d), &begin, &end);
    for (int64_t h = 0; h < n_head; h++)
        gk_gemm(false, false, end - begin, d, d_head, work->data[x->id] + begin * n_in + h * d_head, n_in,
                work->data[w->id] + h * d_head * d, d, 0, work->data[y->id] + (begin * n_head + h) * d, n_head * d);
}

void cpu_head_matmul_backward(gk_work *work, const gk_node *y)
{
    const gk_node *x = y->src[0], *w = y->src[1];
    int64_t        n_head = y->dim[1], d = y->dim[2], n_in = w->dim[0], d_head = n_in / n_head, begin, end;
    int64_t        n  = gk_n_real(work, y) / (n_head * d);
    const gk_real *dy = work->grad[y->id];

    for (int64_t h = 0; x->needs_grad && h < n_head; h++) {
        gk_share(work, y, n, &begin, &end);
        gk_gemm(false, true, end - begin, d_head, d, dy + (begin * n_head + h) * d, n_head * d,
                work->data[w->id] + h * d_head * d, d, y->accumulate[0],
                work->grad[x->id] + begin * n_in + h * d_head, n_in);
    }
    for (int64_t h = 0; w->needs_grad && h < n_head; h++) {
        gk_share(work, y, d_head, &begin, &end);
        gk_gemm(true, false, end - begin, d, n, work->data[x->id] + h * d_head + begin, n_in, dy + h * d, n_head * d, 1,
                work->grad[w->id] + (h * d_head + begin) * d, d);
    }
}
