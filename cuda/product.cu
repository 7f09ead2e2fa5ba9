/* product.cu -- the only user of cuBLAS.
 *
 * A plan is made once for each shape: its algorithm is the first that the library's heuristic names for the shape, the alignment
 * of the matrices and a workspace of fixed size, so that it depends on nothing else, such as free memory or timing.  Bias and
 * ReLU come with the product at nearly no cost (measured: docs/performance.md); the epilogues that keep a mask of ReLU or use one
 * are no part of the kernels, and slower than passes of our own. */
#include "product.h"

#include <cublasLt.h>
#include <string.h>
#include <vector>

namespace GK_REALS {

/* All that a plan depends on.  Only whole numbers of one size: plans are compared as bytes. */
typedef struct shape {
    int64_t n_batch, m, n, k, a_width, a_step, b_width, b_step, c_width, c_step, bias_step, sum_step;
    int64_t a_align, b_align, c_align, a_transposed, b_transposed, accumulate, has_bias, relu, narrow, c_narrow, has_sum;
    int64_t sum_align;
} shape;

typedef struct plan {
    shape                  of;
    cublasLtMatmulDesc_t   product;
    cublasLtMatrixLayout_t a, b, c, sum;    /* sum: of what is added, c itself where nothing is */
    cublasLtMatmulAlgo_t   algorithm;
    cublasStatus_t         status;
} plan;

struct gk_plans {
    cublasLtHandle_t    blas;
    cublasComputeType_t compute;
    std::vector<plan>   all;
};

int gk_open_products(gk_device *device, gk_product product)
{
    device->plans = new gk_plans();
    device->plans->compute = GK_REAL_BITS == 64           ? CUBLAS_COMPUTE_64F
                             : product == GK_PRODUCT_TF32 ? CUBLAS_COMPUTE_32F_FAST_TF32
                             : product == GK_PRODUCT_BF16 ? CUBLAS_COMPUTE_32F_FAST_16BF
                                                          : CUBLAS_COMPUTE_32F;
    return cublasLtCreate(&device->plans->blas) == CUBLAS_STATUS_SUCCESS ? 0 : gk_cuda_error("cannot begin to use cuBLAS");
}

/* Bytes that every matrix of a batch is aligned to, up to 256. */
static int64_t alignment(gk_matrix m)
{
    uint64_t bits = (uint64_t)(uintptr_t)m.at | (uint64_t)(m.step * gk_cell_bytes(m.narrow)) | 256;
    return (int64_t)(bits & -bits);
}

static const cudaDataType_t TYPE = GK_REAL_BITS == 64 ? CUDA_R_64F : CUDA_R_32F;

/* The library counts columns first: a row-major matrix is its transpose there. */
static cublasLtMatrixLayout_t layout(int64_t n_row, int64_t n_column, int64_t width, int64_t step, int64_t n_batch, bool narrow)
{
    cublasLtMatrixLayout_t it = NULL;
    int32_t                count = (int32_t)n_batch;
    cublasLtMatrixLayoutCreate(&it, narrow ? CUDA_R_16BF : TYPE, (uint64_t)n_column, (uint64_t)n_row, width);
    cublasLtMatrixLayoutSetAttribute(it, CUBLASLT_MATRIX_LAYOUT_BATCH_COUNT, &count, sizeof count);
    cublasLtMatrixLayoutSetAttribute(it, CUBLASLT_MATRIX_LAYOUT_STRIDED_BATCH_OFFSET, &step, sizeof step);
    return it;
}

static cublasLtMatmulDesc_t description(const gk_device *device, const shape *s)
{
    cublasLtMatmulDesc_t it = NULL;
    cublasOperation_t    op_a = s->a_transposed ? CUBLAS_OP_T : CUBLAS_OP_N, op_b = s->b_transposed ? CUBLAS_OP_T : CUBLAS_OP_N;
    cublasLtEpilogue_t   epilogue = !s->has_bias ? CUBLASLT_EPILOGUE_DEFAULT
                                    : s->relu    ? CUBLASLT_EPILOGUE_RELU_BIAS
                                                 : CUBLASLT_EPILOGUE_BIAS;

    cublasLtMatmulDescCreate(&it, s->narrow ? CUBLAS_COMPUTE_32F : device->plans->compute, TYPE);
    cublasLtMatmulDescSetAttribute(it, CUBLASLT_MATMUL_DESC_TRANSA, &op_b, sizeof op_b);    /* c^T = b^T a^T */
    cublasLtMatmulDescSetAttribute(it, CUBLASLT_MATMUL_DESC_TRANSB, &op_a, sizeof op_a);
    cublasLtMatmulDescSetAttribute(it, CUBLASLT_MATMUL_DESC_EPILOGUE, &epilogue, sizeof epilogue);
    if (s->has_bias)
        cublasLtMatmulDescSetAttribute(it, CUBLASLT_MATMUL_DESC_BIAS_BATCH_STRIDE, &s->bias_step, sizeof s->bias_step);
    return it;
}

/* The bias's address matters only for its alignment, which is that of parameters. */
static void set_bias(cublasLtMatmulDesc_t product, const void *bias)
{
    cublasLtMatmulDescSetAttribute(product, CUBLASLT_MATMUL_DESC_BIAS_POINTER, &bias, sizeof bias);
}

static cublasStatus_t choose(const gk_device *device, plan *p)
{
    cublasLtMatmulPreference_t      preference = NULL;
    cublasLtMatmulHeuristicResult_t found;
    uint32_t                        align_a = (uint32_t)p->of.b_align, align_b = (uint32_t)p->of.a_align;
    uint32_t                        align_c = (uint32_t)p->of.c_align, align_sum = (uint32_t)p->of.sum_align;
    uint64_t                        n_byte = (uint64_t)device->workspace_bytes;
    int                             n_found = 0;

    cublasLtMatmulPreferenceCreate(&preference);
    cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES, &n_byte, sizeof n_byte);
    cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES, &align_a, sizeof align_a);
    cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES, &align_b, sizeof align_b);
    cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES, &align_sum, sizeof align_sum);
    cublasLtMatmulPreferenceSetAttribute(preference, CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES, &align_c, sizeof align_c);
    cublasStatus_t status = cublasLtMatmulAlgoGetHeuristic(device->plans->blas, p->product, p->b, p->a, p->sum, p->c, preference,
                                                           1, &found, &n_found);
    cublasLtMatmulPreferenceDestroy(preference);
    if (status != CUBLAS_STATUS_SUCCESS || n_found == 0)
        return status != CUBLAS_STATUS_SUCCESS ? status : CUBLAS_STATUS_NOT_SUPPORTED;
    p->algorithm = found.algo;
    return CUBLAS_STATUS_SUCCESS;
}

static plan *plan_of(gk_device *device, const shape *s, const void *bias)
{
    std::vector<plan> &all = device->plans->all;
    for (size_t i = 0; i < all.size(); i++)
        if (memcmp(&all[i].of, s, sizeof *s) == 0)
            return &all[i];
    plan p = { *s, description(device, s), NULL, NULL, NULL, NULL, {}, CUBLAS_STATUS_SUCCESS };
    p.a = s->a_transposed ? layout(s->k, s->m, s->a_width, s->a_step, s->n_batch, s->narrow)
                          : layout(s->m, s->k, s->a_width, s->a_step, s->n_batch, s->narrow);
    p.b = s->b_transposed ? layout(s->n, s->k, s->b_width, s->b_step, s->n_batch, s->narrow)
                          : layout(s->k, s->n, s->b_width, s->b_step, s->n_batch, s->narrow);
    p.c = layout(s->m, s->n, s->c_width, s->c_step, s->n_batch, s->c_narrow);
    p.sum = layout(s->m, s->n, s->c_width, s->has_sum ? s->sum_step : s->c_step, s->n_batch, s->c_narrow);
    if (s->has_bias)
        set_bias(p.product, bias);
    p.status = choose(device, &p);
    all.push_back(p);
    return &all.back();
}

void gk_multiply(gk_device *device, int64_t n_batch, int64_t m, int64_t n, int64_t k, gk_matrix a, gk_matrix b, bool accumulate,
                 gk_matrix c, gk_finish finish)
{
    const gk_real one = 1, beta = accumulate || finish.sum ? 1 : 0;
    gk_matrix     sum = c;
    if (finish.sum) {
        sum.at = (void *)finish.sum;
        sum.step = finish.sum_step;
    }
    shape         s = { n_batch, m, n, k, a.width, a.step, b.width, b.step, c.width, c.step, finish.step, sum.step,
                        alignment(a),
                        alignment(b), alignment(c), a.transposed, b.transposed, accumulate, finish.at != NULL, finish.relu,
                        a.narrow, c.narrow, finish.sum != NULL, alignment(sum) };

    if (m == 0 || n == 0)
        return;
    plan *p = plan_of(device, &s, finish.at);
    if (p->status == CUBLAS_STATUS_SUCCESS && finish.at)
        set_bias(p->product, finish.at);
    cublasStatus_t status = p->status;
    if (status == CUBLAS_STATUS_SUCCESS)
        status = cublasLtMatmul(device->plans->blas, p->product, &one, b.at, p->b, a.at, p->a, &beta, sum.at, p->sum, c.at,
                                p->c, &p->algorithm, device->workspace[device->on_branch], (size_t)device->workspace_bytes,
                                device->on_branch ? device->branch : device->stream);
    if (device->blas_status == 0)
        device->blas_status = status;
}

void gk_close_products(gk_device *device)
{
    if (!device->plans)
        return;
    for (size_t i = 0; i < device->plans->all.size(); i++) {
        plan *p = &device->plans->all[i];
        cublasLtMatmulDescDestroy(p->product);
        cublasLtMatrixLayoutDestroy(p->a);
        cublasLtMatrixLayoutDestroy(p->b);
        cublasLtMatrixLayoutDestroy(p->c);
        cublasLtMatrixLayoutDestroy(p->sum);
    }
    if (device->plans->blas)
        cublasLtDestroy(device->plans->blas);
    delete device->plans;
    device->plans = NULL;
}

}
