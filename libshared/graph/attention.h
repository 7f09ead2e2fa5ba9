/* attention.h -- what of attention is one formula on host and device; in which order a row is visited is each backend's own. */
#ifndef GK_GRAPH_ATTENTION_H
#define GK_GRAPH_ATTENTION_H

#include "graph/formula.h"

/* Scores are products of queries and keys times this. */
GK_FORMULA gk_real gk_attention_scale(int64_t d_key)
{
    return (gk_real)(1 / sqrt((double)d_key));
}

/* Tokens that the query at position `read` sees. */
GK_FORMULA int gk_attention_visible(bool causal, int read, int n_token)
{
    return causal ? read + 1 : n_token;
}

/* What the softmax takes of a score, before it divides by the sum over those that are seen. */
GK_FORMULA gk_real gk_attention_part(gk_real score, gk_real largest)
{
    return gk_exp(score - largest);
}

/* Slope of a product of query and key, of the weight w, its slope dw, and mean = sum w dw. */
GK_FORMULA gk_real gk_attention_slope(gk_real w, gk_real dw, gk_real mean, gk_real scale)
{
    return w * (dw - mean) * scale;
}

#endif
