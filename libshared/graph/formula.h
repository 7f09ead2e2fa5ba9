/* formula.h -- the arithmetic of ops, written once: scalar formulas for host C and device code.
 *
 * exp and tanh in float32 are polynomials in plain arithmetic, so that compilers vectorise the loops that call them without
 * giving up IEEE semantics (after Cephes; at most 2 ulp, tested).  float64 is the reference and uses the C library. */
#ifndef GK_GRAPH_FORMULA_H
#define GK_GRAPH_FORMULA_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "graph/node.h"
#include "graph/real.h"

#ifdef __CUDACC__
#define GK_FORMULA static __host__ __device__ inline
#else
#define GK_FORMULA static inline
#endif

#if GK_REAL_BITS == 32
/* e^x; 0 below -87.3 (where float32 leaves its normal range), clamped at 88; NaN for NaN. */
GK_FORMULA float gk_exp(float x)
{
    float y = x > 88.0f ? 88.0f : x < -87.3f ? -87.3f : x;
    float shifted = y * 1.44269504088896341f + 12582912.0f;    /* adding 1.5 * 2^23 rounds to a whole number */
    float n       = shifted - 12582912.0f;
    float r       = (y - n * 0.693359375f) + n * 2.12194440e-4f;
    float p       = 1.9875691500e-4f;
    p             = p * r + 1.3981999507e-3f;
    p             = p * r + 8.3334519073e-3f;
    p             = p * r + 4.1665795894e-2f;
    p             = p * r + 1.6666665459e-1f;
    p             = p * r + 5.0000001201e-1f;
    p             = p * (r * r) + r + 1.0f;
    uint32_t bits;                                             /* the low bits of shifted are n; of NaN, anything */
    float    scale;
    memcpy(&bits, &shifted, sizeof bits);
    bits = (bits + 127) << 23;                                 /* 2^n */
    memcpy(&scale, &bits, sizeof scale);
    return x < -87.3f ? 0.0f : p * scale;
}

GK_FORMULA float gk_tanh(float x)
{
    float a = fabsf(x), z = x * x;
    float p = -5.70498872745e-3f;
    p       = p * z + 2.06390887954e-2f;
    p       = p * z - 5.37397155531e-2f;
    p       = p * z + 1.33314422036e-1f;
    p       = p * z - 3.33332819422e-1f;
    p       = p * z * x + x;
    float q = 1.0f - 2.0f / (gk_exp(2.0f * a) + 1.0f);
    return a < 0.625f ? p : copysignf(q, x);
}
#else
GK_FORMULA double gk_exp(double x) { return exp(x); }
GK_FORMULA double gk_tanh(double x) { return tanh(x); }
#endif

GK_FORMULA gk_real gk_sigmoid(gk_real x) { return 1 / (1 + gk_exp(-x)); }

/* One unit of an LSTM [Hochreiter and Schmidhuber 1997], of the sums that its gates see, in PyTorch's order, and its cell before:
 *   i, f, o = sigmoid(sum), g = tanh(sum);   cell = f before + i g;   its output is o tanh(cell). */
typedef struct gk_lstm_unit { gk_real i, f, g, o, cell; } gk_lstm_unit;

GK_FORMULA gk_lstm_unit gk_lstm_of(gk_real i, gk_real f, gk_real g, gk_real o, gk_real before)
{
    gk_lstm_unit u = { gk_sigmoid(i), gk_sigmoid(f), gk_tanh(g), gk_sigmoid(o), 0 };
    u.cell = u.f * before + u.i * u.g;
    return u;
}

/* Slopes by its sums, and as `cell` that by the cell before, if dy is the slope by its output and dcell that by its cell. */
GK_FORMULA gk_lstm_unit gk_lstm_slope(gk_lstm_unit u, gk_real before, gk_real dy, gk_real dcell)
{
    gk_real      output = gk_tanh(u.cell), d = dcell + dy * u.o * (1 - output * output);
    gk_lstm_unit slope = { d * u.g * u.i * (1 - u.i), d * before * u.f * (1 - u.f), d * u.i * (1 - u.g * u.g),
                           dy * output * u.o * (1 - u.o), d * u.f };
    return slope;
}

/* GELU, exact form: x Phi(x) [Hendrycks and Gimpel 2016]. */
GK_FORMULA gk_real gk_gelu(gk_real x) { return (gk_real)(0.5 * x * (1 + erf(x * 0.70710678118654752))); }

GK_FORMULA gk_real gk_gelu_slope(gk_real x)
{
    return (gk_real)(0.5 * (1 + erf(x * 0.70710678118654752)) + x * 0.39894228040143268 * exp(-0.5 * (double)x * x));
}

/* StableMax in place of exp: x + 1 for x >= 0, 1/(1 - x) below [Prieto et al. 2025, eq. 4], and its slope. */
GK_FORMULA gk_real gk_stablemax(gk_real x) { return x >= 0 ? x + 1 : 1 / (1 - x); }
GK_FORMULA gk_real gk_stablemax_slope(gk_real x) { return x >= 0 ? 1 : 1 / ((1 - x) * (1 - x)); }

/* Entropy of softmax(x) in nats, exact far below 1e-16: with d_j = x_j - max x, and sums over all classes but the one of the
 * largest logit, H = log1p(sum e^d) - sum e^d d / (1 + sum e^d).  Neither term is ever negative. */
typedef struct gk_entropy_sums { double others, weighted; } gk_entropy_sums;

GK_FORMULA void gk_entropy_add(gk_entropy_sums *sums, double d)
{
    double e = exp(d);
    sums->others += e;
    sums->weighted -= e > 0 ? e * d : 0;
}

GK_FORMULA double gk_entropy_of(gk_entropy_sums sums) { return log1p(sums.others) + sums.weighted / (1 + sums.others); }

/* Number i of a leaf of input reals, in full precision: pixels are 255ths, which float32 rounds. */
static inline gk_real gk_input_at(const gk_node *leaf, int64_t i)
{
    return GK_REAL_BITS == 64 && leaf->pixel ? (gk_real)leaf->pixel[i] / 255 : (gk_real)leaf->real[i];
}

#endif
