/* activation.h -- the activations of activations.def and their slopes, written once for host and device.
 *
 * gk_act_<name>(s, c): of s = x + b; c is the constant of bias_act.slope, which only the leaky ReLU has.
 * gk_act_<name>_slope(a, c): of what the row says that it reads: the result, or s. */
#ifndef GK_GRAPH_ACTIVATION_H
#define GK_GRAPH_ACTIVATION_H

#include "graph/formula.h"

#define ONE_NUMBER(name, formula) \
    GK_FORMULA gk_real gk_act_##name(gk_real s, gk_real c) { (void)c; return formula; }
#define ITS_SLOPE(name, formula) \
    GK_FORMULA gk_real gk_act_##name##_slope(gk_real a, gk_real c) { (void)c; return formula; }

ONE_NUMBER(identity, s)
ITS_SLOPE(identity, ((void)a, (gk_real)1))

ONE_NUMBER(relu, s < 0 ? 0 : s)    /* NaN stays NaN: divergence is seen */
ITS_SLOPE(relu, a > 0 ? (gk_real)1 : (gk_real)0)

ONE_NUMBER(leaky_relu, s > 0 ? s : c * s)
ITS_SLOPE(leaky_relu, a > 0 ? 1 : c)

ONE_NUMBER(tanh, gk_tanh(s))
ITS_SLOPE(tanh, 1 - a * a)

ONE_NUMBER(sigmoid, gk_sigmoid(s))
ITS_SLOPE(sigmoid, a * (1 - a))

ONE_NUMBER(gelu, gk_gelu(s))
ITS_SLOPE(gelu, gk_gelu_slope(a))

/* max(s, 0) + log(1 + e^-|s|), which does not overflow. */
ONE_NUMBER(softplus, (s > 0 ? s : 0) + (gk_real)log1p((double)gk_exp(s > 0 ? -s : s)))
ITS_SLOPE(softplus, gk_sigmoid(a))

ONE_NUMBER(silu, s * gk_sigmoid(s))
ITS_SLOPE(silu, gk_sigmoid(a) * (1 + a * (1 - gk_sigmoid(a))))

ONE_NUMBER(square, s * s)
ITS_SLOPE(square, 2 * a)

#undef ONE_NUMBER
#undef ITS_SLOPE
#endif
