/* model.c -- models by name: check what all models share, build, add the loss, freeze; initial parameters. */
#include "models/model.h"

#include <string.h>
#include "base/names.h"
#include "base/rng.h"
#include "graph/groups.h"
#include "models/builders.h"

GK_CHOICE_NAMES(gk_norm_place, GK_NORM_PLACES);
GK_CHOICE_NAMES(gk_norm_kind, GK_NORM_KINDS);
GK_CHOICE_NAMES(gk_bias, GK_BIASES);
GK_CHOICE_NAMES(gk_position, GK_POSITIONS);
GK_CHOICE_NAMES(gk_init, GK_INITS);
GK_CHOICE_NAMES(gk_loss, GK_LOSSES);
GK_CHOICE_NAMES(gk_output, GK_OUTPUTS);
GK_CHOICE_NAMES(gk_input_kind, GK_INPUTS);

const char *const gk_model_names[] = {
#define MODEL(name, init, reads, description) #name,
#include "models/models.def"
#undef MODEL
    NULL
};

const char *const gk_model_descriptions[] = {
#define MODEL(name, init, reads, description) description,
#include "models/models.def"
#undef MODEL
    NULL
};

static gk_model_builder *const builders[] = {
#define MODEL(name, init, reads, description) gk_model_##name,
#include "models/models.def"
#undef MODEL
};

static const gk_init initial_laws[] = {
#define MODEL(name, init, reads, description) GK_INIT_##init,
#include "models/models.def"
#undef MODEL
};

enum { READS_POSITIONS, READS_ROWS };
static const int reading[] = {
#define MODEL(name, init, reads, description) READS_##reads,
#include "models/models.def"
#undef MODEL
};

gk_init gk_model_initial_law(const gk_model_args *args)
{
    return args->init == GK_INIT_AUTO ? initial_laws[args->model] : args->init;
}

bool gk_model_is_causal(const gk_model_args *args)
{
    return reading[args->model] == READS_POSITIONS && args->causal;
}

/* Vectors of reals have no vocabulary, and targets are no tokens: their outputs are always the answers. */
static bool answers_only(const gk_model_args *args, const gk_model_data *data)
{
    return args->output == GK_OUTPUT_ANSWERS || data->n_token == 0 || data->n_target > 0;
}

bool gk_loss_is_margin(gk_loss loss, gk_margin *margin)
{
    static const gk_margin of[] = { [GK_LOSS_HINGE] = GK_MARGIN_HINGE, [GK_LOSS_LOGISTIC] = GK_MARGIN_LOGISTIC,
                                    [GK_LOSS_MSE_SIGN] = GK_MARGIN_SQUARE };
    if (loss != GK_LOSS_HINGE && loss != GK_LOSS_LOGISTIC && loss != GK_LOSS_MSE_SIGN)
        return false;
    if (margin)
        *margin = of[loss];
    return true;
}

int64_t gk_model_n_out(const gk_model_args *args, const gk_model_data *data)
{
    if (data->n_target == 0 && gk_loss_is_margin(args->loss, NULL))
        return 1;
    return data->n_target > 0 ? data->n_target : answers_only(args, data) ? data->n_answer : data->n_vocab;
}

const char *gk_model_out_axis(const gk_model_args *args, const gk_model_data *data)
{
    if (data->n_target == 0 && gk_loss_is_margin(args->loss, NULL))
        return "n_output";
    return data->n_target > 0 ? "n_target" : answers_only(args, data) ? "n_answer" : "n_vocab";
}

static int check_data(const gk_model_args *args, const gk_model_data *data)
{
    if (data->n_item < 1)
        return gk_error("cannot build a model for data without items");
    if ((data->n_token > 0) == (data->n_real > 0))
        return gk_error("cannot build a model for items of %d tokens and %d reals: expected one of the two",
                        data->n_token, data->n_real);
    for (int64_t i = 0; i < data->n_item * data->n_token; i++)
        if (data->token[i] < 0 || data->token[i] >= data->n_vocab)
            return gk_error("token %d of item %lld is %d, expected 0 to %d", (int)(i % data->n_token),
                            (long long)(i / data->n_token), (int)data->token[i], data->n_vocab - 1);
    if (gk_model_n_out(args, data) < 1)
        return gk_error("cannot build a model for data with %lld answers", (long long)gk_model_n_out(args, data));
    if (data->n_token == 0)
        return 0;
    if (data->n_read < 1 || data->n_read > GK_MAX_READ)
        return gk_error("%d positions are read, expected 1 to %d", data->n_read, GK_MAX_READ);
    for (int i = 0; i < data->n_read; i++)
        if (data->read[i] < 0 || data->read[i] >= data->n_token)
            return gk_error("position %d is read, expected 0 to %d", data->read[i], data->n_token - 1);
    return 0;
}

/* Do loss and input fit the data? */
static int check_use(const gk_model_args *args, const gk_model_data *data)
{
    const bool has_tidy = data->template_value || (args->input == GK_INPUT_LATENT && data->n_latent > 0);
    if (data->n_target > 0 && args->loss != GK_LOSS_MSE)
        return gk_usage_error("the items have targets, not classes: they need '--loss mse'");
    if (data->n_target == 0 && args->loss == GK_LOSS_MSE)
        return gk_usage_error("the items have classes, not targets: '--loss mse' is not for them, '--loss mse-onehot' is");
    if (gk_loss_is_margin(args->loss, NULL) && data->n_answer != 2)
        return gk_usage_error("'--loss %s' is for two classes: the items have %d", gk_loss_names[args->loss], data->n_answer);
    if (gk_loss_is_margin(args->loss, NULL) && data->n_teach > 0)
        return gk_usage_error("a teacher gives probabilities of classes: with '--loss %s' there is one output",
                              gk_loss_names[args->loss]);
    if (data->n_target > 0 && data->n_teach > 0)
        return gk_usage_error("a teacher gives probabilities of classes: these items have targets");
    if (args->messy && !has_tidy)
        return gk_usage_error("'--messiness' below 1 needs data with a tidy representation: images of digits, or toy-addition "
                              "with '--input latent'");
    return 0;
}

static gk_node *loss_of(gk_graph *graph, const gk_model_args *args, const gk_model_data *data, gk_node *logits)
{
    gk_margin margin;
    gk_graph_layer(graph, "loss");
    if (gk_loss_is_margin(args->loss, &margin))
        return gk_margin_of(graph, logits, margin);
    switch (args->loss) {
    case GK_LOSS_MSE: {
        gk_node *target = data->target ? gk_input_real(graph, "target", data->target, data->n_target)
                                       : gk_target(graph, "target", data->n_target);
        return gk_mse(graph, logits, target, args->correct_below);
    }
    case GK_LOSS_MSE_SOFTMAX: return gk_mse_softmax(graph, logits);
    case GK_LOSS_MSE_ONEHOT:  return gk_mse_onehot(graph, logits);
    default:                  return gk_cross_entropy(graph, logits, (gk_softmax)args->softmax);
    }
}

/* The logits at one of the positions that are read, [n_out]. */
static gk_node *at_position(gk_graph *graph, gk_node *logits, int which, int64_t n_out)
{
    if (logits->n_dim != 2)
        return logits;
    if (logits->dim[0] > 1)
        logits = gk_select(graph, logits, 1, &which);
    return gk_reshape(graph, logits, 1, n_out);
}

/* The KL terms; `last`: the logits at the last position that is read, which the label belongs to. */
static void teach(gk_graph *graph, const gk_model_args *args, const gk_model_data *data, gk_node *logits, gk_node *last)
{
    int64_t n_out = last->size;
    for (int i = 0; i < data->n_teach; i++) {
        gk_graph_layer(graph, "teacher%d", i);
        gk_node *student = data->teach[i] == data->n_read - 1 ? last : at_position(graph, logits, data->teach[i], n_out);
        gk_graph_teach(graph, gk_kl_target(graph, student, gk_target(graph, "probabilities", n_out), args->kd_squared));
    }
}

/* The last result that a layer makes; NULL with gk_error, which tells the layers that there are. */
static gk_node *result_of(gk_graph *graph, const char *layer)
{
    gk_names names = { 0 };
    gk_arena scratch = { 0 };
    for (int i = graph->n_node - 1; i >= 0; i--)
        if (gk_is_op(graph->node[i]) && strcmp(graph->node[i]->name, layer) == 0)
            return graph->node[i];
    for (int i = 0; i < graph->n_node; i++)
        if (gk_is_op(graph->node[i]))
            gk_names_add(&names, graph->node[i]->name);
    gk_usage_error("the model has no layer '%s'%s", layer, gk_names_suggest(&names, layer, &scratch));
    gk_names_release(&names);
    gk_arena_release(&scratch);
    return NULL;
}

int gk_model_build(gk_graph *graph, const gk_model_args *asked, const gk_model_data *data)
{
    gk_model_args resolved = *asked, *args = &resolved;
    resolved.init = gk_model_initial_law(asked);
    gk_assert(args->model >= 0 && args->model < (int)(sizeof builders / sizeof *builders));
    if (check_data(args, data) < 0 || check_use(args, data) < 0)
        return -1;
    gk_node *logits = builders[args->model](graph, args, data);
    if (!logits)
        return -1;
    gk_graph_layer(graph, "logits");
    gk_node *last = at_position(graph, logits, data->n_read - 1, gk_model_n_out(args, data));
    if (data->n_read == 1)
        logits = last;
    teach(graph, args, data, logits, last);
    if (gk_groups_apply(graph, args->groups, args->frozen) < 0)
        return -1;
    gk_node *loss = loss_of(graph, args, data, last);
    if (data->read_layer && !(logits = result_of(graph, data->read_layer)))
        return -1;
    return gk_graph_freeze(graph, logits, loss);
}

void gk_model_init(const gk_graph *graph, uint64_t seed, double scale, double *out)
{
    memset(out, 0, (size_t)graph->n_param_real * sizeof *out);    /* parameters are aligned: there are gaps */
    for (int p = 0; p < graph->n_param; p++) {
        const gk_node *param = graph->param[p];
        double *value = out + param->offset;
        if (param->init == GK_INIT_NORMAL)
            gk_rng_normals(seed, GK_RNG_INIT, (uint64_t)p, value, param->size);
        for (int64_t i = 0; i < param->size; i++) {
            double law = param->init == GK_INIT_NORMAL    ? value[i]
                         : param->init == GK_INIT_UNIFORM ? 2 * gk_rng_uniform(seed, GK_RNG_INIT, (uint64_t)p, (uint64_t)i) - 1
                                                          : 1;
            value[i]   = scale * param->init_scale * law;
        }
    }
}
