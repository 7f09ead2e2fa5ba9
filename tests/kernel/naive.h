/* naive.h -- every op by its textbook formula, in double, one number at a time: the truth that kernels are held against.
 *
 * naive_formulas has an entry for every line of ops.def: an op without a formula here does not compile. */
#ifndef GK_TESTS_KERNEL_NAIVE_H
#define GK_TESTS_KERNEL_NAIVE_H

#include <math.h>
#include "base/rng.h"
#include "graph/node.h"

/* What a formula reads, and where it writes.  Reals of a row-rate node are [n_row][size], of a step-rate node [size]. */
typedef struct naive {
    const gk_node *y;
    int64_t        n_row;
    const double  *src[GK_MAX_SRC];      /* reals of each source */
    const int32_t *index[GK_MAX_SRC];    /* whole numbers of index sources */
    const int32_t *label;                /* [n_row] */
    double         dropout, temperature, smoothing, messiness;
    uint64_t       seed, step;
    int64_t        first_row;
    double        *out;
} naive;

typedef void naive_formula(const naive *f);

/* Rows of the result: the block's, or 1 at step rate. */
static inline int64_t naive_rows(const naive *f)
{
    return f->y->rate == GK_ROW_RATE ? f->n_row : 1;
}

static inline const double *naive_src(const naive *f, int s, int64_t row)
{
    return f->src[s] + (f->y->src[s]->rate == GK_ROW_RATE ? row * f->y->src[s]->size : 0);
}

static inline const int32_t *naive_index(const naive *f, int s, int64_t row)
{
    return f->index[s] + (f->y->src[s]->rate == GK_ROW_RATE ? row * f->y->src[s]->size : 0);
}

static inline int64_t naive_last_dim(const gk_node *node)
{
    return node->dim[node->n_dim - 1];
}

static inline void naive_embed(const naive *f)
{
    int64_t d = f->y->dim[1];
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int64_t i = 0; i < f->y->size; i++)
            f->out[row * f->y->size + i] = f->src[0][naive_index(f, 1, row)[i / d] * d + i % d];
}

static inline void naive_embed_sum(const naive *f)
{
    int64_t d = f->y->size;
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int64_t i = 0; i < d; i++) {
            f->out[row * d + i] = 0;
            for (int64_t t = 0; t < f->y->src[1]->size; t++)
                f->out[row * d + i] += f->src[0][naive_index(f, 1, row)[t] * d + i];
        }
}

static inline void naive_matmul(const naive *f)
{
    int64_t n_in = f->y->src[1]->dim[0], n_out = f->y->src[1]->dim[1];
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++) {
        f->out[i] = 0;
        for (int64_t k = 0; k < n_in; k++)
            f->out[i] += f->src[0][i / n_out * n_in + k] * f->src[1][k * n_out + i % n_out];
    }
}

static inline void naive_head_matmul(const naive *f)
{
    int64_t n_head = f->y->dim[1], d = f->y->dim[2], n_in = f->y->src[1]->dim[0], d_head = n_in / n_head;
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++) {
        int64_t n = i / (n_head * d), h = i / d % n_head;
        f->out[i] = 0;
        for (int64_t k = h * d_head; k < (h + 1) * d_head; k++)
            f->out[i] += f->src[0][n * n_in + k] * f->src[1][k * d + i % d];
    }
}

/* x at place (i, j) of an image, and 0 beyond its edges. */
static inline double naive_pixel(const gk_node *node, const double *x, int64_t i, int64_t j, int64_t channel)
{
    bool inside = i >= 0 && j >= 0 && i < node->dim[0] && j < node->dim[1];
    return inside ? x[(i * node->dim[1] + j) * node->dim[2] + channel] : 0;
}

static inline void naive_conv(const naive *f)
{
    const gk_node *x = f->y->src[0];
    int64_t kernel = f->y->args.conv.kernel, stride = f->y->args.conv.stride, pad = f->y->args.conv.pad, n_out = f->y->dim[2];
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int64_t at = 0; at < f->y->size; at++) {
            int64_t i = at / n_out / f->y->dim[1] * stride - pad, j = at / n_out % f->y->dim[1] * stride - pad;
            double  sum = 0;
            for (int64_t tap = 0; tap < kernel * kernel; tap++)
                for (int64_t c = 0; c < x->dim[2]; c++)
                    sum += naive_pixel(x, naive_src(f, 0, row), i + tap / kernel, j + tap % kernel, c) *
                           f->src[1][(tap * x->dim[2] + c) * n_out + at % n_out];
            f->out[row * f->y->size + at] = sum;
        }
}

static inline void naive_lstm(const naive *f)
{
    int64_t n_step = f->y->dim[0], h = f->y->dim[1];
    bool    any = f->y->n_src > 2;
    for (int64_t row = 0; row < f->n_row; row++)
        for (int64_t t = 0; t < n_step; t++)
            for (int64_t j = 0; j < h; j++) {
                double *out = f->out + row * f->y->size, gate[4], cell = any ? naive_src(f, 3, row)[j] : 0;
                for (int64_t s = 0; s <= t; s++) {    /* the cell is worked out anew from the first step on */
                    for (int k = 0; k < 4; k++) {
                        gate[k] = naive_src(f, 0, row)[s * 4 * h + k * h + j];
                        if (s == 0 && any)
                            gate[k] += naive_src(f, 2, row)[k * h + j];
                        for (int64_t i = 0; s > 0 && i < h; i++)
                            gate[k] += out[(s - 1) * h + i] * f->src[1][i * 4 * h + k * h + j];
                        gate[k] = k == 2 ? tanh(gate[k]) : 1 / (1 + exp(-gate[k]));
                    }
                    cell = gate[1] * cell + gate[0] * gate[2];
                }
                out[t * h + j] = gate[3] * tanh(cell);
            }
}

static inline void naive_lstm_cell(const naive *f)
{
    int64_t h = naive_last_dim(f->y);
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++) {
        const double *x = f->src[0] + i / h * 4 * h + i % h;
        double        before = f->y->n_src > 1 ? f->src[1][i] : 0;
        f->out[i] = before / (1 + exp(-x[h])) + tanh(x[2 * h]) / (1 + exp(-x[0]));
    }
}

static inline void naive_lstm_out(const naive *f)
{
    int64_t h = naive_last_dim(f->y);
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++)
        f->out[i] = tanh(f->src[1][i]) / (1 + exp(-f->src[0][i / h * 4 * h + 3 * h + i % h]));
}

static inline void naive_mean_pool(const naive *f)
{
    int64_t d = f->y->size, n = f->y->src[0]->size / d;
    for (int64_t i = 0; i < naive_rows(f) * d; i++) {
        f->out[i] = 0;
        for (int64_t place = 0; place < n; place++)
            f->out[i] += naive_src(f, 0, i / d)[place * d + i % d] / (double)n;
    }
}

static inline void naive_edge_sum(const naive *f)
{
    int64_t n = f->y->dim[0], d = f->y->dim[1], k = f->y->src[1]->size / n;
    for (int64_t row = 0; row < f->n_row; row++)
        for (int64_t i = 0; i < f->y->size; i++) {
            const int32_t *edge = naive_index(f, 1, row) + i / d * k;
            f->out[row * f->y->size + i] = 0;
            for (int64_t e = 0; e < k; e++)
                f->out[row * f->y->size + i] += edge[e] < 0 ? 0 : naive_src(f, 0, row)[edge[e] * d + i % d];
        }
}

static inline void naive_sum_pool(const naive *f)
{
    int64_t d = f->y->size;
    for (int64_t i = 0; i < f->n_row * d; i++) {
        f->out[i] = 0;
        for (int64_t node = 0; node < naive_index(f, 1, i / d)[0]; node++)
            f->out[i] += naive_src(f, 0, i / d)[node * d + i % d];
    }
}

static inline double naive_activation(const gk_node *y, double s)
{
    switch (y->args.bias_act.activation) {
    case GK_RELU:       return fmax(s, 0);
    case GK_LEAKY_RELU: return s > 0 ? s : y->args.bias_act.slope * s;
    case GK_GELU:       return s * 0.5 * erfc(-s / sqrt(2));
    case GK_TANH:       return tanh(s);
    case GK_SIGMOID:    return 0.5 * (1 + tanh(0.5 * s));
    case GK_SOFTPLUS:   return s > 40 ? s : log1p(exp(s));
    case GK_SILU:       return s * 0.5 * (1 + tanh(0.5 * s));
    case GK_SQUARE:     return s * s;
    case GK_N_ACTIVATION:
    case GK_IDENTITY:   break;
    }
    return s;
}

static inline void naive_bias_act(const naive *f)
{
    int64_t d = naive_last_dim(f->y);
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++)
        f->out[i] = naive_activation(f->y, f->src[0][i] + (f->y->n_src == 2 ? f->src[1][i % d] : 0));
}

static inline void naive_add(const naive *f)
{
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int64_t i = 0; i < f->y->size; i++)
            f->out[row * f->y->size + i] = naive_src(f, 0, row)[i] + naive_src(f, 1, row)[i];
}

static inline void naive_add_scaled(const naive *f)
{
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++)
        f->out[i] = f->src[0][i] + f->src[2][0] * f->src[1][i];
}

static inline void naive_blend(const naive *f)
{
    bool is_number = f->y->src[1]->size == 1;
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int64_t i = 0; i < f->y->size; i++)
            f->out[row * f->y->size + i] = f->messiness * naive_src(f, 0, row)[i] +
                                           (1 - f->messiness) * naive_src(f, 1, row)[is_number ? 0 : i];
}

static inline void naive_norm(const naive *f, double centred)
{
    int64_t d = naive_last_dim(f->y);
    for (int64_t row = 0; row < naive_rows(f) * f->y->size / d; row++) {
        const double *x = f->src[0] + row * d;
        double        mean = 0, variance = 0;
        for (int64_t i = 0; i < d; i++)
            mean += centred * x[i] / (double)d;
        for (int64_t i = 0; i < d; i++)
            variance += pow(x[i] - mean, 2) / (double)d;
        for (int64_t i = 0; i < d; i++)
            f->out[row * d + i] = f->src[1][i] * (x[i] - mean) / sqrt(variance + f->y->args.norm.epsilon) +
                                  (centred ? f->src[2][i] : 0);
    }
}

static inline void naive_layernorm(const naive *f) { naive_norm(f, 1); }
static inline void naive_rmsnorm(const naive *f) { naive_norm(f, 0); }

/* Query, key or value (s = 0, 1, 2) of head h: at position t of the row, or for queries at read number i; [d] reals. */
static inline const double *naive_head(const naive *f, int s, int64_t row, int i, int t, int h)
{
    const gk_node *src = f->y->src[s];
    int64_t        width = src->size / src->dim[0], at = s == 0 ? i : t;
    if (src->rate == GK_STEP_RATE)
        at = naive_index(f, 3, row)[s == 0 ? f->y->args.attention.read[i] : t];
    return naive_src(f, s, row) + at * width + h * width / f->y->args.attention.n_head;
}

static inline void naive_attention(const naive *f)
{
    const gk_node *q = f->y->src[0], *v = f->y->src[2];
    int            n_head = f->y->args.attention.n_head, n_token = f->y->args.attention.n_token;
    int64_t        d_key = q->dim[1] / n_head, d_value = v->size / v->dim[0] / n_head;
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++)
        f->out[i] = 0;
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int i = 0; i < f->y->args.attention.n_read; i++)
            for (int h = 0; h < n_head; h++) {
                double score[64], sum = 0;
                int    n = f->y->args.attention.causal ? f->y->args.attention.read[i] + 1 : n_token;
                for (int t = 0; t < n; t++) {
                    score[t] = 0;
                    for (int64_t j = 0; j < d_key; j++)
                        score[t] += naive_head(f, 0, row, i, t, h)[j] * naive_head(f, 1, row, i, t, h)[j];
                    sum += score[t] = exp(score[t] / sqrt((double)d_key));
                }
                double *out = f->out + row * f->y->size + i * f->y->dim[1] + (f->y->args.attention.sum_heads ? 0 : h * d_value);
                for (int t = 0; t < n; t++)
                    for (int64_t j = 0; j < d_value; j++)
                        out[j] += score[t] / sum * naive_head(f, 2, row, i, t, h)[j];
            }
}

static inline void naive_select(const naive *f)
{
    int64_t d = f->y->dim[1];
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int64_t i = 0; i < f->y->size; i++)
            f->out[row * f->y->size + i] = naive_src(f, 0, row)[f->y->args.select.read[i / d] * d + i % d];
}

static inline void naive_prepend(const naive *f)
{
    int64_t n_a = f->y->src[1]->size;
    for (int64_t row = 0; row < naive_rows(f); row++)
        for (int64_t i = 0; i < f->y->size; i++)
            f->out[row * f->y->size + i] = i < n_a ? f->src[1][i] : naive_src(f, 0, row)[i - n_a];
}

static inline void naive_reshape(const naive *f)
{
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++)
        f->out[i] = f->src[0][i];
}

static inline void naive_dropout(const naive *f)
{
    for (int64_t i = 0; i < naive_rows(f) * f->y->size; i++) {
        double u = gk_rng_uniform(f->seed, GK_RNG_DROPOUT, f->step * 1024 + (uint64_t)f->y->id,
                                  (uint64_t)(f->first_row * f->y->size + i));
        f->out[i] = u < f->dropout ? 0 : f->src[0][i] / (1 - f->dropout);
    }
}

static inline double naive_score(gk_softmax softmax, double x)
{
    return softmax != GK_STABLEMAX ? exp(x) : x >= 0 ? x + 1 : 1 / (1 - x);
}

static inline double naive_probability(gk_softmax softmax, const double *x, int64_t n, int64_t class)
{
    double sum = 0;
    for (int64_t j = 0; j < n; j++)
        sum += naive_score(softmax, x[j]);
    return naive_score(softmax, x[class]) / sum;
}

/* Losses: one number per row. */
static inline void naive_cross_entropy(const naive *f)
{
    int64_t n = f->y->src[0]->size;
    for (int64_t row = 0; row < f->n_row; row++) {
        f->out[row] = 0;
        for (int64_t j = 0; j < n; j++) {
            double target = (1 - f->smoothing) * (j == f->label[row]) + f->smoothing / (double)n;
            if (target > 0)
                f->out[row] -= target * log(naive_probability(f->y->args.loss.softmax, naive_src(f, 0, row), n, j));
        }
    }
}

static inline void naive_mse_softmax(const naive *f)
{
    int64_t n = f->y->src[0]->size;
    for (int64_t row = 0; row < f->n_row; row++) {
        f->out[row] = 0;
        for (int64_t j = 0; j < n; j++)
            f->out[row] += pow(naive_probability(GK_SOFTMAX_STABLE, naive_src(f, 0, row), n, j) - (j == f->label[row]), 2);
    }
}

static inline void naive_mse_onehot(const naive *f)
{
    int64_t n = f->y->src[0]->size;
    for (int64_t row = 0; row < f->n_row; row++) {
        f->out[row] = 0;
        for (int64_t j = 0; j < n; j++)
            f->out[row] += pow(naive_src(f, 0, row)[j] - (j == f->label[row]), 2) / (double)n;
    }
}

static inline void naive_mse(const naive *f)
{
    int64_t n = f->y->src[0]->size;
    for (int64_t row = 0; row < f->n_row; row++) {
        f->out[row] = 0;
        for (int64_t j = 0; j < n; j++)
            f->out[row] += pow(naive_src(f, 0, row)[j] - naive_src(f, 1, row)[j], 2) / (double)n;
    }
}

/* Of two classes, s = -1 or 1. */
static inline void naive_margin(const naive *f)
{
    for (int64_t row = 0; row < f->n_row; row++) {
        double m = (2 * (f->label[row] > 0) - 1) * naive_src(f, 0, row)[0];
        switch (f->y->args.loss.margin) {
        case GK_MARGIN_HINGE:    f->out[row] = fmax(0, 1 - m); break;
        case GK_MARGIN_LOGISTIC: f->out[row] = log(1 + exp(-m)); break;
        case GK_MARGIN_SQUARE:   f->out[row] = pow(1 - m, 2); break;
        case GK_N_MARGIN:        break;
        }
    }
}

static inline void naive_kl_target(const naive *f)
{
    int64_t n = f->y->src[0]->size;
    for (int64_t row = 0; row < f->n_row; row++) {
        double sum = 0;
        f->out[row] = 0;
        for (int64_t j = 0; j < n; j++)
            sum += exp(naive_src(f, 0, row)[j] / f->temperature);
        for (int64_t j = 0; j < n; j++) {
            double q = naive_src(f, 1, row)[j];
            f->out[row] += q > 0 ? q * (log(q) - naive_src(f, 0, row)[j] / f->temperature + log(sum)) : 0;
        }
    }
}

static naive_formula *const naive_formulas[GK_N_OP] = {
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) [GK_OP_##name] = naive_##name,
#include "graph/ops.def"
};

#endif
