/* model.h -- models by name: each is a function that builds its forward graph; the backward is derived. */
#ifndef GK_MODELS_MODEL_H
#define GK_MODELS_MODEL_H

#include "graph/graph.h"

typedef enum { GK_NORM_NONE, GK_NORM_PRE, GK_NORM_POST } gk_norm_place;
typedef enum { GK_LAYERNORM, GK_RMSNORM } gk_norm_kind;
typedef enum { GK_BIAS_NONE, GK_BIAS_MLP, GK_BIAS_ALL } gk_bias;
typedef enum { GK_POSITION_LEARNED, GK_POSITION_SINUSOIDAL, GK_POSITION_NONE } gk_position;
/* nanda: normal, variance 1/d_model, unembedding 1/n_out (T1); power: uniform +-1/sqrt(fan in), embedding N(0,1) (T2);
 * torch: PyTorch's defaults of Linear and Embedding.  In full: layers.h. */
typedef enum { GK_INIT_NANDA, GK_INIT_POWER, GK_INIT_TORCH } gk_init;
typedef enum { GK_LOSS_CE, GK_LOSS_MSE_SOFTMAX, GK_LOSS_MSE_ONEHOT, GK_LOSS_MSE } gk_loss;
typedef enum { GK_OUTPUT_VOCAB, GK_OUTPUT_ANSWERS } gk_output;

typedef struct gk_model_args {
    int         model;               /* row of models.def */
    int64_t     n_layer, n_head, d_model, d_mlp;
    int         norm_place;          /* gk_norm_place */
    int         norm_kind;           /* gk_norm_kind */
    int         bias;                /* gk_bias */
    int         position;            /* gk_position */
    int         init;                /* gk_init */
    int         activation;          /* gk_activation */
    bool        causal;
    bool        final_norm;          /* a norm before the unembedding */
    bool        dropout;             /* build dropout nodes: some replica has a rate above 0 */
    bool        messy;               /* blend the input with its tidy form: some replica has a messiness below 1 */
    const char *widths;              /* MLP: hidden widths, "200x200" */
    int         input;               /* MLP: GK_INPUT_EMBED, ... */
    bool        train_latent;        /* MLP: what is learnt is added to the latents that the data bring */
    int         output;              /* gk_output */
    int         loss;                /* gk_loss */
    int         softmax;             /* gk_softmax */
    double      correct_below;       /* GK_LOSS_MSE: an item is correct if its squared error is below this */
    bool        kd_squared;          /* KL terms times t^2 */
    const char *frozen;              /* parameters that are never updated: name patterns, comma-separated; NULL */
    bool        two_rate;            /* step-rate tables before the first attention; false: the plain path, for tests */
} gk_model_args;

enum { GK_INPUT_EMBED, GK_INPUT_ONEHOT, GK_INPUT_LATENT };

/* What a model may know of its data.  Borrowed while the graph lives. */
typedef struct gk_model_data {
    int64_t        n_item;
    int            n_token, n_vocab, n_answer, n_real;
    const int32_t *token;            /* [n_item, n_token] */
    const float   *real;             /* [n_item, n_real] */
    int            n_target, n_latent;         /* these and what follows: as in gk_dataset */
    const float   *target, *random_latent, *linear_latent, *template_value;    /* target NULL, with n_target: every row brings
                                                                                * its own (gk_target) */
    int            n_read;           /* positions whose logits are read: the last by default */
    int            read[GK_MAX_READ];
    int            n_teach, teach[GK_MAX_LOSS];    /* of the positions read, those that a teacher's probabilities [n_out] are for,
                                                    * each with a KL term; the graph's targets, in this order */
    const char    *read_layer;       /* predict gives the result of this layer ("block0.mlp.in": its neurons) in place of the
                                      * logits; NULL */
} gk_model_data;

/* Build and freeze.  -1 with gk_error: options that do not fit together ("128 is not a multiple of 3 heads"). */
int gk_model_build(gk_graph *graph, const gk_model_args *args, const gk_model_data *data) GK_MUST_CHECK;

/* Number of outputs: the vocabulary, or the possible answers. */
int64_t gk_model_n_out(const gk_model_args *args, const gk_model_data *data);

/* Initial parameters of one replica, [P] doubles: law times scale, from (seed, GK_RNG_INIT, parameter number). */
void gk_model_init(const gk_graph *graph, uint64_t seed, double scale, double *out);

/* From models.def, ended by NULL. */
extern const char *const gk_model_names[], *const gk_model_descriptions[];

#endif
