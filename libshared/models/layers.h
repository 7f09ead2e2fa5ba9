/* layers.h -- compositions of ops that several models use, and the initial laws of their parameters.
 *
 *   law      matrix [n_in, n_out]             bias                       embedding, learned position
 *   nanda    N(0, 1/d_model) *                0                          N(0, 1/d_model)
 *   power    U(+-1/sqrt(n_in))                0                          N(0, 1)
 *   torch    U(+-1/sqrt(n_in))                U(+-1/sqrt(n_in))          N(0, 1)
 *   he       U(+-sqrt(6/n_in))                0                          N(0, 1)
 *   torch-mha  as torch; attention's q, k, v U(+-sqrt(6/(n_in + 3 n_out))), its biases 0
 *   * unembedding: N(0, 1/n_out)  [Nanda et al. 2023; Power et al. 2022; PyTorch's Linear and Embedding; He et al. 2015;
 *   torch-mha with its MultiheadAttention: Xavier over the joined q, k, v, of Glorot and Bengio 2010]
 *
 * Parameters are named after the graph's layer: "<layer>.weight", "<layer>.bias", "<layer>.gain".  Everything works at both
 * rates: x is a table of n rows (step rate) or the positions of one item (row rate). */
#ifndef GK_MODELS_LAYERS_H
#define GK_MODELS_LAYERS_H

#include "models/model.h"

#define GK_LEAKY_RELU_SLOPE 0.2
#define GK_NORM_EPSILON     1e-5

/* Where a linear map stands, if laws of initial parameters ask for it. */
typedef enum { GK_LINEAR, GK_LINEAR_QKV, GK_LINEAR_ATTENTION_OUT, GK_LINEAR_UNEMBED } gk_linear_role;

/* A linear map and what follows it. */
typedef struct gk_linear_args {
    const char    *axis_in, *axis_out;   /* names for the checkpoint */
    int64_t        n_in, n_out;
    bool           bias;
    gk_linear_role role;
    gk_activation  activation;           /* of the result; GK_IDENTITY by default */
} gk_linear_args;

/* Parameters "weight" [n_in, n_out] and "bias" [n_out] (NULL if the layer has none). */
gk_node *gk_linear_weight(gk_graph *graph, const gk_model_args *args, const gk_linear_args *linear);
gk_node *gk_linear_bias(gk_graph *graph, const gk_model_args *args, const gk_linear_args *linear);

/* activation(x + bias); x itself where there is nothing to do. */
gk_node *gk_linear_finish(gk_graph *graph, gk_node *x, gk_node *bias, const gk_linear_args *linear);

/* activation(x weight + bias), x [..., n_in] -> [..., n_out]. */
gk_node *gk_linear(gk_graph *graph, const gk_model_args *args, gk_node *x, const gk_linear_args *linear);

/* "200x200" -> {200, 200}, at most GK_MAX_WIDTHS.  The number of widths; -1 with gk_error. */
enum { GK_MAX_WIDTHS = 32 };
int gk_parse_widths(const char *text, int64_t *width) GK_MUST_CHECK;

/* The reals of an item, or something between them and its template (args->messy): [n_real]. */
gk_node *gk_real_input(gk_graph *graph, const gk_model_args *args, const gk_model_data *data);

/* Parameter "weight" [n, d_model] of an embedding; axis names the first axis. */
gk_node *gk_embedding(gk_graph *graph, const gk_model_args *args, const char *axis, int64_t n);

/* The norm of args->norm_kind over the last axis (d_model), with "gain" and, LayerNorm only, "bias". */
gk_node *gk_norm(gk_graph *graph, const gk_model_args *args, gk_node *x);

#endif
