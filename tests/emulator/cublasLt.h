/* cublasLt.h -- as much of cuBLASLt as cuda/ uses, on the host, as its documentation has it: columns first. */
#ifndef GK_EMULATED_CUBLASLT_H
#define GK_EMULATED_CUBLASLT_H

#include "base/bf16.h"
#include "cuda_runtime.h"

typedef enum { CUBLAS_STATUS_SUCCESS, CUBLAS_STATUS_INVALID_VALUE = 7, CUBLAS_STATUS_NOT_SUPPORTED = 15 } cublasStatus_t;
typedef enum { CUBLAS_OP_N, CUBLAS_OP_T } cublasOperation_t;
typedef enum { CUDA_R_32F, CUDA_R_64F, CUDA_R_16BF = 14 } cudaDataType_t;
typedef enum {
    CUBLAS_COMPUTE_32F, CUBLAS_COMPUTE_32F_FAST_TF32, CUBLAS_COMPUTE_32F_FAST_16BF, CUBLAS_COMPUTE_64F
} cublasComputeType_t;
typedef enum { CUBLASLT_EPILOGUE_DEFAULT = 1, CUBLASLT_EPILOGUE_BIAS = 4, CUBLASLT_EPILOGUE_RELU_BIAS = 6 } cublasLtEpilogue_t;
typedef enum { CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET } cublasLtMatrixLayoutAttribute_t;
typedef enum {
    CUBLASLT_MATMUL_DESC_TRANSA, CUBLASLT_MATMUL_DESC_TRANSB, CUBLASLT_MATMUL_DESC_EPILOGUE, CUBLASLT_MATMUL_DESC_BIAS_POINTER,
    CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE
} cublasLtMatmulDescAttributes_t;
typedef enum {
    CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES,
    CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES,
    CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES
} cublasLtMatmulPreferenceAttributes_t;

typedef struct emulated_lt *cublasLtHandle_t;
typedef struct emulated_layout {
    cudaDataType_t type;
    int64_t n_row, n_column, width, step;
    int32_t n_batch;
} *cublasLtMatrixLayout_t;
typedef struct emulated_product {
    cublasComputeType_t compute;
    cublasOperation_t op[2];
    cublasLtEpilogue_t epilogue;
    const void *bias;
    int64_t bias_step;
} *cublasLtMatmulDesc_t;
/* Bytes of alignment that were promised of a, b, c, d: kept as the algorithm, and checked when it is used. */
typedef struct emulated_preference { uint32_t align[4]; } *cublasLtMatmulPreference_t;
typedef emulated_preference cublasLtMatmulAlgo_t;
typedef struct { cublasLtMatmulAlgo_t algo; } cublasLtMatmulHeuristicResult_t;

inline cublasStatus_t cublasLtCreate(cublasLtHandle_t *blas) { *blas = NULL; return CUBLAS_STATUS_SUCCESS; }
inline cublasStatus_t cublasLtDestroy(cublasLtHandle_t) { return CUBLAS_STATUS_SUCCESS; }

inline cublasStatus_t cublasLtMatrixLayoutCreate(cublasLtMatrixLayout_t *it, cudaDataType_t type, uint64_t n_row,
                                                 uint64_t n_column, int64_t width)
{
    *it = new emulated_layout{ type, (int64_t)n_row, (int64_t)n_column, width, 0, 1 };
    return CUBLAS_STATUS_SUCCESS;
}
inline cublasStatus_t cublasLtMatrixLayoutDestroy(cublasLtMatrixLayout_t it) { delete it; return CUBLAS_STATUS_SUCCESS; }
inline cublasStatus_t cublasLtMatrixLayoutSetAttribute(cublasLtMatrixLayout_t it, cublasLtMatrixLayoutAttribute_t which,
                                                       const void *value, size_t n_byte)
{
    bool is_count = which == CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT;
    memcpy(is_count ? (void *)&it->n_batch : (void *)&it->step, value, n_byte);
    return CUBLAS_STATUS_SUCCESS;
}

inline cublasStatus_t cublasLtMatmulDescCreate(cublasLtMatmulDesc_t *it, cublasComputeType_t compute, cudaDataType_t)
{
    *it = new emulated_product{ compute, { CUBLAS_OP_N, CUBLAS_OP_N }, CUBLASLT_EPILOGUE_DEFAULT, NULL, 0 };
    return CUBLAS_STATUS_SUCCESS;
}
inline cublasStatus_t cublasLtMatmulDescDestroy(cublasLtMatmulDesc_t it) { delete it; return CUBLAS_STATUS_SUCCESS; }
inline cublasStatus_t cublasLtMatmulDescSetAttribute(cublasLtMatmulDesc_t it, cublasLtMatmulDescAttributes_t which,
                                                     const void *value, size_t n_byte)
{
    void *const places[] = { &it->op[0], &it->op[1], &it->epilogue, &it->bias, &it->bias_step };
    memcpy(places[which], value, n_byte);
    return CUBLAS_STATUS_SUCCESS;
}

inline cublasStatus_t cublasLtMatmulPreferenceCreate(cublasLtMatmulPreference_t *it)
{
    *it = new emulated_preference{ { 256, 256, 256, 256 } };
    return CUBLAS_STATUS_SUCCESS;
}
inline cublasStatus_t cublasLtMatmulPreferenceDestroy(cublasLtMatmulPreference_t it) { delete it; return CUBLAS_STATUS_SUCCESS; }
inline cublasStatus_t cublasLtMatmulPreferenceSetAttribute(cublasLtMatmulPreference_t it,
                                                           cublasLtMatmulPreferenceAttributes_t which, const void *value,
                                                           size_t n_byte)
{
    if (which != CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES)
        memcpy(&it->align[which - CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES], value, n_byte);
    return CUBLAS_STATUS_SUCCESS;
}
/* Types that go together: both operands of one, and products of bfloat16 have their sums in float32, stored as either; with a
 * bias all of one. */
inline bool emulated_types(const emulated_product *product, cudaDataType_t a, cudaDataType_t b, cudaDataType_t c)
{
    if (a == CUDA_R_16BF)
        return b == a && (c == a || (c == CUDA_R_32F && product->epilogue == CUBLASLT_EPILOGUE_DEFAULT)) &&
               product->compute == CUBLAS_COMPUTE_32F;
    return a == b && b == c && (a == CUDA_R_64F) == (product->compute == CUBLAS_COMPUTE_64F);
}

inline cublasStatus_t cublasLtMatmulAlgoGetHeuristic(cublasLtHandle_t, cublasLtMatmulDesc_t product, cublasLtMatrixLayout_t a,
                                                     cublasLtMatrixLayout_t b, cublasLtMatrixLayout_t c, cublasLtMatrixLayout_t,
                                                     cublasLtMatmulPreference_t preference, int,
                                                     cublasLtMatmulHeuristicResult_t *found, int *n_found)
{
    bool    ta = product->op[0] == CUBLAS_OP_T, tb = product->op[1] == CUBLAS_OP_T;
    int64_t m = ta ? a->n_column : a->n_row, k = ta ? a->n_row : a->n_column, n = tb ? b->n_row : b->n_column;
    if (m != c->n_row || n != c->n_column || k != (tb ? b->n_column : b->n_row) || a->width < a->n_row || b->width < b->n_row ||
        c->width < c->n_row || m < 1 || n < 1 || k < 1 || c->n_batch < 1)
        return CUBLAS_STATUS_INVALID_VALUE;
    if (!emulated_types(product, a->type, b->type, c->type))
        return CUBLAS_STATUS_NOT_SUPPORTED;
    found->algo = *preference;
    *n_found = 1;
    return CUBLAS_STATUS_SUCCESS;
}

inline float emulated_value(gk_bf16 cell) { return gk_bf16_value(cell); }
inline float emulated_value(float x) { return x; }
inline double emulated_value(double x) { return x; }
inline void emulated_put(gk_bf16 *to, float x) { *to = gk_bf16_of(x); }
inline void emulated_put(float *to, float x) { *to = x; }
inline void emulated_put(double *to, double x) { *to = x; }

/* D[m,n] = alpha op(A)[m,k] op(B)[k,n] + beta C, and the epilogue; element (i, j) of a matrix at i + j * its width.  The bias is
 * of the type of D. */
template <typename Real, typename From, typename To>
void emulated_gemm(const emulated_product *product, int64_t k, Real alpha, const From *a, int64_t lda, const From *b, int64_t ldb,
                   Real beta, const To *c, To *d, const emulated_layout *of, const To *bias)
{
    bool ta = product->op[0] == CUBLAS_OP_T, tb = product->op[1] == CUBLAS_OP_T;
    for (int64_t j = 0; j < of->n_column; j++)
        for (int64_t i = 0; i < of->n_row; i++) {
            Real sum = 0;
            To  *to = &d[i + j * of->width];
            for (int64_t l = 0; l < k; l++)
                sum += emulated_value(a[ta ? l + i * lda : i + l * lda]) * emulated_value(b[tb ? j + l * ldb : l + j * ldb]);
            sum = alpha * sum + (beta == 0 ? 0 : beta * emulated_value(c[i + j * of->width])) +
                  (bias ? emulated_value(bias[i]) : 0);
            emulated_put(to, product->epilogue == CUBLASLT_EPILOGUE_RELU_BIAS && !(sum > 0) ? 0 : sum);
        }
}

/* Bytes of a number. */
inline int64_t emulated_bytes(const emulated_layout *of)
{
    return of->type == CUDA_R_64F ? 8 : of->type == CUDA_R_16BF ? 2 : 4;
}

/* A product for the log: what it is, and whether every extent and distance between lines is a multiple of 16 bytes. */
inline std::string emulated_said(const emulated_layout *a, const emulated_layout *b, const emulated_layout *c)
{
    int64_t all = 0;
    char    said[200];
    for (const emulated_layout *of : { a, b, c })
        all |= (of->n_row | of->width | (of->n_batch > 1 ? of->step : 0)) * emulated_bytes(of);
    snprintf(said, sizeof said, "product %lld x %lld, %lld matrices%s, %s", (long long)c->n_column, (long long)c->n_row,
             (long long)c->n_batch, a->type == CUDA_R_16BF ? " in bfloat16" : "", all % 16 == 0 ? "aligned" : "unaligned");
    return said;
}

template <typename Real, typename From, typename To>
void emulated_batch(cudaStream_t stream, emulated_product product, const void *scale, const void *at_a, emulated_layout la,
                    const void *at_b, emulated_layout lb, const void *scale_c, const void *at_c, emulated_layout lc,
                    void *at_d, emulated_layout ld)
{
    int64_t k = product.op[0] == CUBLAS_OP_T ? la.n_row : la.n_column;
    Real    alpha = *(const Real *)scale, beta = *(const Real *)scale_c;
    const From *a = (const From *)at_a, *b = (const From *)at_b;
    const To   *bias = product.epilogue == CUBLASLT_EPILOGUE_DEFAULT ? NULL : (const To *)product.bias;
    const To   *c = (const To *)at_c;
    To         *d = (To *)at_d;
    emulated_submit(stream, emulated_said(&la, &lb, &ld), [=] {
        for (int64_t r = 0; r < ld.n_batch; r++)
            emulated_gemm<Real, From, To>(&product, k, alpha, a + r * la.step, la.width, b + r * lb.step, lb.width, beta,
                                          c + r * lc.step, d + r * ld.step, &ld, bias ? bias + r * product.bias_step : NULL);
    });
}

inline bool emulated_aligned(const void *at, const emulated_layout *of, uint32_t n_byte)
{
    size_t step = (size_t)(of->step * emulated_bytes(of));
    return ((uintptr_t)at | step) % n_byte == 0;
}

inline cublasStatus_t cublasLtMatmul(cublasLtHandle_t, cublasLtMatmulDesc_t product, const void *alpha, const void *a,
                                     cublasLtMatrixLayout_t la, const void *b, cublasLtMatrixLayout_t lb, const void *beta,
                                     const void *c, cublasLtMatrixLayout_t lc, void *d, cublasLtMatrixLayout_t ld,
                                     const cublasLtMatmulAlgo_t *algorithm, void *, size_t, cudaStream_t stream)
{
    if (lc->type != ld->type || lc->width != ld->width || (c == d && lc->step != ld->step) ||
        !emulated_aligned(c, lc, algorithm->align[2]) || !emulated_aligned(a, la, algorithm->align[0]) ||
        !emulated_aligned(b, lb, algorithm->align[1]) ||
        !emulated_aligned(d, ld, algorithm->align[3]))
        return CUBLAS_STATUS_INVALID_VALUE;
    auto batch = la->type == CUDA_R_64F ? &emulated_batch<double, double, double>
                 : la->type == CUDA_R_32F ? &emulated_batch<float, float, float>
                 : ld->type == CUDA_R_32F ? &emulated_batch<float, gk_bf16, float>
                                          : &emulated_batch<float, gk_bf16, gk_bf16>;
    batch(stream, *product, alpha, a, *la, b, *lb, beta, c, *lc, d, *ld);
    return CUBLAS_STATUS_SUCCESS;
}

#endif
