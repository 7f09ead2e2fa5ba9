/* layers.c -- compositions of ops that several models use. */
#include "models/layers.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>

enum { MAX_WIDTH = 1 << 20 };

gk_node *gk_linear_weight(gk_graph *graph, const gk_model_args *args, const gk_linear_args *linear)
{
    const char *axes = gk_arena_printf(&graph->arena, "%s,%s", linear->axis_in, linear->axis_out);
    double      n_in = (double)linear->n_in, n_out = (double)linear->n_out, scale = 1 / sqrt(n_in);
    bool        nanda = args->init == GK_INIT_NANDA;
    if (nanda)
        scale = 1 / sqrt(linear->role == GK_LINEAR_UNEMBED ? n_out : (double)args->d_model);
    else if (args->init == GK_INIT_HE)
        scale = sqrt(6 / n_in);
    else if (args->init == GK_INIT_TORCH_MHA && linear->role == GK_LINEAR_QKV)
        scale = sqrt(6 / (n_in + 3 * n_out));
    return gk_param(graph, "weight", axes, nanda ? GK_INIT_NORMAL : GK_INIT_UNIFORM, scale, 2, linear->n_in, linear->n_out);
}

/* Do biases have PyTorch's law here, and do not begin at 0? */
static bool has_random_bias(const gk_model_args *args, const gk_linear_args *linear)
{
    bool attention = linear->role == GK_LINEAR_QKV || linear->role == GK_LINEAR_ATTENTION_OUT;
    return args->init == GK_INIT_TORCH || (args->init == GK_INIT_TORCH_MHA && !attention);
}

gk_node *gk_linear_bias(gk_graph *graph, const gk_model_args *args, const gk_linear_args *linear)
{
    if (!linear->bias)
        return NULL;
    if (!has_random_bias(args, linear))
        return gk_param(graph, "bias", linear->axis_out, GK_INIT_FILL, 0.0, 1, linear->n_out);
    return gk_param(graph, "bias", linear->axis_out, GK_INIT_UNIFORM, 1 / sqrt((double)linear->n_in), 1, linear->n_out);
}

gk_node *gk_linear_finish(gk_graph *graph, gk_node *x, gk_node *bias, const gk_linear_args *linear)
{
    if (!bias && linear->activation == GK_IDENTITY)
        return x;
    return gk_bias_act(graph, x, bias, linear->activation, linear->activation == GK_LEAKY_RELU ? GK_LEAKY_RELU_SLOPE : 0);
}

gk_node *gk_linear(gk_graph *graph, const gk_model_args *args, gk_node *x, const gk_linear_args *linear)
{
    gk_node *weight = gk_linear_weight(graph, args, linear);
    gk_node *bias = gk_linear_bias(graph, args, linear);
    return gk_linear_finish(graph, gk_matmul(graph, x, weight), bias, linear);
}

gk_node *gk_real_input(gk_graph *graph, const gk_model_args *args, const gk_model_data *data)
{
    gk_node *input = gk_input_real(graph, "input", data->real, data->n_real);
    input->pixel = data->pixel;
    return args->messy ? gk_blend(graph, input, gk_input_real(graph, "template", data->template_value, 1)) : input;
}

gk_node *gk_embedding(gk_graph *graph, const gk_model_args *args, const char *axis, int64_t n)
{
    double deviation = args->init == GK_INIT_NANDA ? 1 / sqrt((double)args->d_model) : 1;
    return gk_param(graph, "weight", gk_arena_printf(&graph->arena, "%s,d_model", axis), GK_INIT_NORMAL, deviation, 2,
                    n, args->d_model);
}

gk_node *gk_norm(gk_graph *graph, const gk_model_args *args, gk_node *x)
{
    gk_node *gain = gk_param(graph, "gain", "d_model", GK_INIT_FILL, 1.0, 1, args->d_model);
    if (args->norm_kind == GK_RMSNORM)
        return gk_rmsnorm(graph, x, gain, GK_NORM_EPSILON);
    gk_node *bias = gk_param(graph, "bias", "d_model", GK_INIT_FILL, 0.0, 1, args->d_model);
    return gk_layernorm(graph, x, gain, bias, GK_NORM_EPSILON);
}

int gk_parse_widths(const char *text, int64_t *width)
{
    int n = 0;
    for (const char *at = text ? text : ""; ; at++, n++) {
        char *end = NULL;
        long value = isdigit((unsigned char)*at) ? strtol(at, &end, 10) : 0;
        if (value < 1 || value > MAX_WIDTH || (*end != 'x' && *end != '\0'))
            return gk_usage_error("widths '%s': expected whole numbers from 1 to %d joined by 'x', such as '200x200'",
                                  text ? text : "", MAX_WIDTH);
        if (n == GK_MAX_WIDTHS)
            return gk_usage_error("widths '%s': more than %d hidden layers", text, GK_MAX_WIDTHS);
        width[n] = value;
        at = end;
        if (*at == '\0')
            return n + 1;
    }
}
