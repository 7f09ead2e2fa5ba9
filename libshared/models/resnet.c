/* resnet.c -- residual network of convolutions [He et al. 2016] on square images of one channel, with a learnt gain of each
 * branch in place of normalisation, which begins at 0 [De and Smith 2020; Bachlechner et al. 2021]:
 *
 *   x = act(conv3(image))
 *   x = act(shortcut(x) + scale conv3(act(conv3(x))))       for each of --widths, which are the blocks' channels
 *   logits = mean of x over places, times W + b
 *
 * Every block but the first halves the image, by a stride of 2 in its first convolution.  Its shortcut is x, or a convolution
 * 1 x 1 of the same stride where the shape changes.  The mean over places is the result of the layer `pool`. */
#include "models/builders.h"

#include <math.h>
#include "models/layers.h"

typedef struct resnet {
    gk_graph            *graph;
    const gk_model_args *args;
} resnet;

/* activation(conv(x) + bias), of `kernel` x `kernel` places, with a border that keeps the image's size but for the stride. */
static gk_node *convolution(const resnet *net, gk_node *x, int64_t n_out, int kernel, int stride, gk_activation activation)
{
    gk_linear_args conv = { "height*width*channel_in", "channel", kernel * kernel * x->dim[2], n_out,
                            .bias = net->args->bias != GK_BIAS_NONE, .activation = activation };
    gk_node *weight = gk_linear_weight(net->graph, net->args, &conv);
    gk_node *bias = gk_linear_bias(net->graph, net->args, &conv);
    return gk_linear_finish(net->graph, gk_conv(net->graph, x, weight, kernel, stride, kernel / 2), bias, &conv);
}

static gk_node *block(const resnet *net, int number, gk_node *x, int64_t n_out)
{
    gk_graph *graph = net->graph;
    gk_linear_args after = { .activation = (gk_activation)net->args->activation };
    int stride = number == 0 ? 1 : 2;
    gk_graph_layer(graph, "block%d.conv1", number);
    gk_node *branch = convolution(net, x, n_out, 3, stride, after.activation);
    gk_graph_layer(graph, "block%d.conv2", number);
    branch = convolution(net, branch, n_out, 3, 1, GK_IDENTITY);
    if (stride > 1 || n_out != x->dim[2]) {
        gk_graph_layer(graph, "block%d.shortcut", number);
        x = convolution(net, x, n_out, 1, stride, GK_IDENTITY);
    }
    gk_graph_layer(graph, "block%d", number);
    gk_node *gain = gk_param(graph, "scale", "one", GK_INIT_FILL, 0.0, 1, (int64_t)1);
    return gk_linear_finish(graph, gk_add_scaled(graph, x, branch, gain), NULL, &after);
}

static int check(const gk_model_args *args, const gk_model_data *data, int64_t side)
{
    if (data->n_token > 0)
        return gk_usage_error("a resnet takes images: these items are tokens");
    if (side * side != data->n_real)
        return gk_usage_error("a resnet takes square images: %d reals are none", data->n_real);
    if (args->init == GK_INIT_NANDA || args->init == GK_INIT_TORCH_MHA)
        return gk_usage_error("the initial law '%s' is a transformer's: a resnet takes 'he', 'power' or 'torch'",
                              gk_init_names[args->init]);
    return 0;
}

gk_node *gk_model_resnet(gk_graph *graph, const gk_model_args *args, const gk_model_data *data)
{
    int64_t width[GK_MAX_WIDTHS], side = lround(sqrt(data->n_real));
    int n_block = gk_parse_widths(args->widths, width);
    if (n_block < 0 || check(args, data, side) < 0)
        return NULL;
    resnet net = { graph, args };
    graph->part = GK_PART_HIDDEN;
    gk_graph_layer(graph, "stem");
    gk_node *x = gk_reshape(graph, gk_real_input(graph, args, data), 3, side, side, (int64_t)1);
    x = convolution(&net, x, width[0], 3, 1, (gk_activation)args->activation);
    for (int i = 0; i < n_block; i++)
        x = block(&net, i, x, width[i]);
    gk_graph_layer(graph, "pool");
    x = gk_mean_pool(graph, x);
    if (args->dropout)
        x = gk_dropout(graph, x);
    graph->part = GK_PART_UNEMBEDDING;
    gk_graph_layer(graph, "head");
    gk_linear_args head = { "channel", gk_model_out_axis(args, data), width[n_block - 1], gk_model_n_out(args, data),
                            .bias = args->bias == GK_BIAS_MLP || args->bias == GK_BIAS_ALL };
    return gk_linear(graph, args, x, &head);
}
