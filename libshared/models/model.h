/* model.h -- models by name: each is a function that builds its forward graph; the backward is derived. */
#ifndef GK_MODELS_MODEL_H
#define GK_MODELS_MODEL_H

#include "graph/graph.h"

typedef enum {
#define MODEL(name, init, reads, description) GK_MODEL_##name,
#include "models/models.def"
#undef MODEL
} gk_model;
extern const char *const gk_model_names[], *const gk_model_descriptions[];    /* ended by NULL */

#define GK_NORM_PLACES(X) X(GK_NORM_NONE, "none") X(GK_NORM_PRE, "pre") X(GK_NORM_POST, "post")
GK_CHOICES(gk_norm_place, GK_NORM_PLACES);
#define GK_NORM_KINDS(X) X(GK_LAYERNORM, "layernorm") X(GK_RMSNORM, "rmsnorm")
GK_CHOICES(gk_norm_kind, GK_NORM_KINDS);
#define GK_BIASES(X) \
    X(GK_BIAS_NONE, "none") X(GK_BIAS_MLP, "mlp") X(GK_BIAS_ALL, "all") X(GK_BIAS_BLOCKS, "blocks")
GK_CHOICES(gk_bias, GK_BIASES);
#define GK_POSITIONS(X) X(GK_POSITION_LEARNED, "learned") X(GK_POSITION_SINUSOIDAL, "sinusoidal") X(GK_POSITION_NONE, "none")
GK_CHOICES(gk_position, GK_POSITIONS);
/* nanda: normal, variance 1/d_model, unembedding 1/n_out (T1); power: uniform +-1/sqrt(fan in), embedding N(0,1) (T2);
 * torch: PyTorch's defaults of Linear and Embedding; torch-mha: and of MultiheadAttention; he: that of networks of ReLUs.  In
 * full: layers.h.  auto: as models.def says, see gk_model_initial_law. */
#define GK_INITS(X) \
    X(GK_INIT_NANDA, "nanda") X(GK_INIT_POWER, "power") X(GK_INIT_TORCH, "torch") X(GK_INIT_AUTO, "auto") \
    X(GK_INIT_TORCH_MHA, "torch-mha") X(GK_INIT_HE, "he")
GK_CHOICES(gk_init, GK_INITS);
#define GK_LOSSES(X) \
    X(GK_LOSS_CE, "ce") X(GK_LOSS_MSE_SOFTMAX, "mse-softmax") X(GK_LOSS_MSE_ONEHOT, "mse-onehot") X(GK_LOSS_MSE, "mse") \
    X(GK_LOSS_HINGE, "hinge") X(GK_LOSS_LOGISTIC, "logistic") X(GK_LOSS_MSE_SIGN, "mse-sign")
GK_CHOICES(gk_loss, GK_LOSSES);
/* Has the model one output for two classes?  Then *margin is what is lost on it (NULL: nobody asks). */
bool gk_loss_is_margin(gk_loss loss, gk_margin *margin);
#define GK_OUTPUTS(X) X(GK_OUTPUT_VOCAB, "vocab") X(GK_OUTPUT_ANSWERS, "answers")
GK_CHOICES(gk_output, GK_OUTPUTS);
#define GK_INPUTS(X) X(GK_INPUT_EMBED, "embed") X(GK_INPUT_ONEHOT, "onehot") X(GK_INPUT_LATENT, "latent")
GK_CHOICES(gk_input_kind, GK_INPUTS);

typedef struct gk_model_args {
    gk_model      model;
    int64_t       n_layer, n_head, d_model, d_mlp;
    int64_t       n_token;           /* transformer of reals: tokens that those of an item are cut into */
    bool          cls;               /* and a learnt token before them, at which the logits are read */
    gk_norm_place norm_place;
    gk_norm_kind  norm_kind;
    gk_bias       bias;
    gk_position   position;
    gk_init       init;
    gk_activation activation;
    bool        causal;
    bool        final_norm;          /* a norm before the unembedding */
    bool        dropout;             /* build dropout nodes: some replica has a rate above 0 */
    bool        messy;               /* blend the input with its tidy form: some replica has a messiness below 1 */
    const char *widths;              /* MLP: hidden widths, "200x200"; resnet: channels of its blocks; LSTM: units of layers */
    gk_input_kind input;             /* MLP */
    bool        train_latent;        /* MLP: what is learnt is added to the latents that the data bring */
    gk_output   output;
    gk_loss     loss;
    gk_softmax  softmax;
    double      correct_below;       /* GK_LOSS_MSE: an item is correct if its squared error is below this */
    bool        kd_squared;          /* KL terms times t^2 */
    const char *frozen;              /* parameters that are never updated: patterns of graph/groups.h, with commas; NULL */
    const char *groups;              /* parameters with settings of their own, as graph/groups.h has it; NULL */
    bool        two_rate;            /* step-rate tables before the first attention; false: the plain path, for tests */
} gk_model_args;

/* What a model may know of its data.  Borrowed while the graph lives. */
typedef struct gk_model_data {
    int64_t        n_item;
    int            n_token, n_vocab, n_answer, n_real;
    const int32_t *token;            /* [n_item, n_token] */
    const float   *real;             /* [n_item, n_real] */
    const uint8_t *pixel;            /* [n_item, n_real] what real has been rounded from, see gk_node; NULL */
    int            n_target, n_latent;         /* these and what follows: as in gk_dataset */
    const float   *target, *random_latent, *linear_latent, *template_value;    /* target NULL, with n_target: every row brings
                                                                                * its own (gk_target) */
    int            n_edge_type, n_feature;     /* items that are graphs, as in gk_edges; 0: they are none */
    const int64_t *edge_first;
    const uint8_t *edge;
    const float   *feature;
    int            n_read;           /* positions whose logits are read: the last by default */
    int            read[GK_MAX_READ];
    int            n_teach, teach[GK_MAX_LOSS];    /* of the positions read, those that a teacher's probabilities [n_out] are for,
                                                    * each with a KL term; the graph's targets, in this order */
    const char    *read_layer;       /* predict gives the result of this layer ("block0.mlp.in": its neurons) in place of the
                                      * logits; NULL */
} gk_model_data;

/* The law that the model begins with: args->init, or what auto stands for. */
gk_init gk_model_initial_law(const gk_model_args *args);

/* Does a position see nothing behind it?  Not in models that read rows as a whole. */
bool gk_model_is_causal(const gk_model_args *args);

/* Build and freeze.  -1 with gk_error: options that do not fit together ("128 is not a multiple of 3 heads"). */
int gk_model_build(gk_graph *graph, const gk_model_args *args, const gk_model_data *data) GK_MUST_CHECK;

/* Number of outputs: the vocabulary, or the possible answers. */
int64_t gk_model_n_out(const gk_model_args *args, const gk_model_data *data);

/* Initial parameters of one replica, [P] doubles: law times scale, from (seed, GK_RNG_INIT, parameter number). */
void gk_model_init(const gk_graph *graph, uint64_t seed, double scale, double *out);

#endif
