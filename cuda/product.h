/* product.h -- matrix products: batches with constant strides, and what is added to them on the way out (product.cu). */
#ifndef GK_CUDA_PRODUCT_H
#define GK_CUDA_PRODUCT_H

#include "work.h"

namespace GK_REALS {

/* One matrix of a batch: matrix i begins i * step reals behind `at`; rows are `width` reals apart.  narrow: see gk_span. */
typedef struct gk_matrix { void *at; int64_t step, width; bool transposed, narrow; } gk_matrix;

static inline gk_matrix gk_matrix_of(gk_span span, int64_t width, bool transposed = false)
{
    gk_matrix m = { span.at, span.step, width, transposed, span.narrow };
    return m;
}

/* What a product does to its result before it is stored: adds a bias to every row, if at is not NULL, and takes max(., 0), where
 * that of NaN is 0, other than in graph/activation.h; and, without that, adds a matrix, if sum is not NULL, whose rows stand as
 * those of the result.  A bias is as narrow as the result and the operands, a matrix as the result. */
typedef struct gk_finish {
    const void *at;
    int64_t     step;
    bool        relu;
    const void *sum = NULL;
    int64_t     sum_step = 0;
} gk_finish;

/* c[m,n] = beta c + a[m,k] b[k,n], row-major, for n_batch matrices, on the stream or its branch; beta is 1 to accumulate, else
 * 0.  Both of a and b are narrow, or neither and nor is c.  What fails is kept in device->blas_status. */
void gk_multiply(gk_device *device, int64_t n_batch, int64_t m, int64_t n, int64_t k, gk_matrix a, gk_matrix b, bool accumulate,
                 gk_matrix c, gk_finish finish);

}
#endif
