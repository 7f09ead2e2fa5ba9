/* cublas_v2.h -- the one product of cuBLAS that cuda/ uses, on the host, as its documentation has it: columns first. */
#ifndef GK_EMULATED_CUBLAS_V2_H
#define GK_EMULATED_CUBLAS_V2_H

#include "cuda_runtime.h"

typedef struct emulated_blas { cudaStream_t stream; } *cublasHandle_t;
typedef enum { CUBLAS_STATUS_SUCCESS, CUBLAS_STATUS_INVALID_VALUE = 7 } cublasStatus_t;
typedef enum { CUBLAS_OP_N, CUBLAS_OP_T } cublasOperation_t;
typedef enum { CUDA_R_32F, CUDA_R_64F } cudaDataType_t;
typedef enum {
    CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_32F_FAST_TF32, CUBLAS_COMPUTE_32F_FAST_16BF, CUBLAS_COMPUTE_64F
} cublasComputeType_t;
enum { CUBLAS_GEMM_DEFAULT = -1 };

inline cublasStatus_t cublasCreate(cublasHandle_t *blas)
{
    *blas = new emulated_blas();
    return CUBLAS_STATUS_SUCCESS;
}
inline cublasStatus_t cublasDestroy(cublasHandle_t blas) { delete blas; return CUBLAS_STATUS_SUCCESS; }
inline cublasStatus_t cublasSetStream(cublasHandle_t blas, cudaStream_t stream)
{
    blas->stream = stream;
    return CUBLAS_STATUS_SUCCESS;
}
inline cublasStatus_t cublasSetWorkspace(cublasHandle_t, void *, size_t) { return CUBLAS_STATUS_SUCCESS; }

/* C[m,n] = alpha op(A)[m,k] op(B)[k,n] + beta C; element (i, j) of a matrix at i + j * its leading dimension. */
template <typename Real>
void emulated_gemm(bool ta, bool tb, int m, int n, int k, Real alpha, const Real *a, int64_t lda, const Real *b, int64_t ldb,
                   Real beta, Real *c, int64_t ldc)
{
    for (int64_t j = 0; j < n; j++)
        for (int64_t i = 0; i < m; i++) {
            Real sum = 0;
            for (int64_t l = 0; l < k; l++)
                sum += a[ta ? l + i * lda : i + l * lda] * b[tb ? j + l * ldb : l + j * ldb];
            c[i + j * ldc] = alpha * sum + (beta == 0 ? 0 : beta * c[i + j * ldc]);
        }
}

template <typename Real>
void emulated_batch(cublasHandle_t blas, bool ta, bool tb, int m, int n, int k, const void *alpha, const void *a, int64_t lda,
                    int64_t step_a, const void *b, int64_t ldb, int64_t step_b, const void *beta, void *c, int64_t ldc,
                    int64_t step_c, int n_batch)
{
    Real one = *(const Real *)alpha, kept = *(const Real *)beta;
    emulated_submit(blas->stream, [=] {
        for (int64_t r = 0; r < n_batch; r++)
            emulated_gemm<Real>(ta, tb, m, n, k, one, (const Real *)a + r * step_a, lda, (const Real *)b + r * step_b, ldb, kept,
                                (Real *)c + r * step_c, ldc);
    });
}

inline cublasStatus_t cublasGemmStridedBatchedEx(cublasHandle_t blas, cublasOperation_t ta, cublasOperation_t tb, int m, int n,
                                                 int k, const void *alpha, const void *a, cudaDataType_t type, int lda,
                                                 long long step_a, const void *b, cudaDataType_t, int ldb, long long step_b,
                                                 const void *beta, void *c, cudaDataType_t, int ldc, long long step_c,
                                                 int n_batch, cublasComputeType_t, int)
{
    if (lda < (ta ? k : m) || ldb < (tb ? n : k) || ldc < m || m < 1 || n < 1 || k < 1 || n_batch < 1)
        return CUBLAS_STATUS_INVALID_VALUE;
    (type == CUDA_R_64F ? emulated_batch<double> : emulated_batch<float>)(blas, ta, tb, m, n, k, alpha, a, lda, step_a, b, ldb,
                                                                          step_b, beta, c, ldc, step_c, n_batch);
    return CUBLAS_STATUS_SUCCESS;
}

#endif
