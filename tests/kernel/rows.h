/* rows.h -- the rows of the tests of ops: what an op is tried on.  The CPU's kernels are compared with naive formulas on them
 * (test_ops.c), a device with the CPU (tests/cuda/test_rows.c). */
#ifndef GK_TESTS_KERNEL_ROWS_H
#define GK_TESTS_KERNEL_ROWS_H

#include "base/rng.h"
#include "graph/graph.h"

/* A source.  kind 'r': reals of each row, 's': reals at step rate, 'i': whole numbers of each row, 'c': constant ones,
 * 'p': probabilities of each row, without gradient; some are 0.  'e': edges of a graph for each row, [n][k]; 'n': how many of the
 * first source's places there are. */
typedef struct source { char kind; int64_t dim[3]; } source;

typedef struct op_row {
    gk_op       op;
    const char *why;
    gk_op_args  args;
    source      src[GK_MAX_SRC];
    int         n_row;
    double      scale;           /* of the sources' values, which are normal, and at most 80 */
    double      tolerance;       /* in float32, times the larger of 1 and the expected number */
} op_row;

/* Labels are below this, the last source-0 dimension being n: one output stands for two classes. */
static inline int64_t op_row_classes(const op_row *row, int64_t n)
{
    return row->op == GK_OP_margin ? 2 : n;
}

#define ACT(f)        { .bias_act = { f, 0.2 } }
#define CONV(k, s, p) { .conv = { k, s, p } }
#define EPS(e)        { .norm = { e } }
#define ATTEND(h, t, n, c, s, ...) { .attention = { h, t, n, { __VA_ARGS__ }, c, s } }
#define R(...)        { 'r', { __VA_ARGS__ } }
#define P(...) { 'p', { __VA_ARGS__ } }
#define S(...)        { 's', { __VA_ARGS__ } }
#define INPUT(n)      { 'i', { n } }
#define CONST(n)      { 'c', { n } }
#define EDGES(n, k)   { 'e', { n, k } }
#define COUNT         { 'n', { 1 } }

/* Tolerances in float32: 1e-6 (some 2^-23) where numbers are moved or added once; more where sums are longer or slopes steep;
 * norms divide by deviations that may be small; extreme logits carry the rounding of 80, 4e-6, into every exponential. */
static const op_row op_rows[] = {
    { GK_OP_embed, "a table by constant index",      {{0}}, { S(5, 3), CONST(7) },                  4, 1, 1e-6 },
    { GK_OP_embed, "a table by the row's index",     {{0}}, { S(5, 17), INPUT(3) },                 9, 1, 1e-6 },
    { GK_OP_embed, "one token, one column, one row", {{0}}, { S(1, 1), INPUT(1) },                  1, 1, 1e-6 },
    { GK_OP_embed_sum, "several tokens",             {{0}}, { S(6, 17), INPUT(3) },                11, 1, 2e-6 },
    { GK_OP_embed_sum, "one token",                  {{0}}, { S(4, 1), INPUT(1) },                  3, 1, 1e-6 },
    { GK_OP_matmul, "rows",                          {{0}}, { R(17), S(17, 33) },                  19, 1, 1e-5 },
    { GK_OP_matmul, "rows of several positions",     {{0}}, { R(3, 5), S(5, 7) },                   4, 1, 1e-5 },
    { GK_OP_matmul, "all sizes 1",                   {{0}}, { R(1), S(1, 1) },                      1, 1, 1e-6 },
    { GK_OP_matmul, "step rate",                     {{0}}, { S(17, 5), S(5, 9) },                  1, 1, 1e-5 },
    { GK_OP_matmul, "step rate, fewer rows than parts", {{0}}, { S(3, 2), S(2, 1) },                1, 1, 1e-5 },
    { GK_OP_head_matmul, "step rate, two heads",     { .head_matmul = { 2 } }, { S(7, 6), S(6, 5) },  1, 1, 1e-5 },
    { GK_OP_head_matmul, "step rate, heads of 1",    { .head_matmul = { 3 } }, { S(17, 3), S(3, 16) }, 1, 1, 1e-5 },
    { GK_OP_head_matmul, "rows",                     { .head_matmul = { 2 } }, { R(3, 10), S(10, 3) }, 5, 1, 1e-5 },
    { GK_OP_conv, "3 x 3",                           CONV(3, 1, 1), { R(5, 4, 3), S(27, 5) },         2, 1, 2e-5 },
    { GK_OP_conv, "3 x 3, stride 2, odd and even",   CONV(3, 2, 1), { R(5, 6, 2), S(18, 3) },         2, 1, 2e-5 },
    { GK_OP_conv, "1 x 1",                           CONV(1, 1, 0), { R(2, 3, 5), S(5, 4) },          3, 1, 1e-5 },
    { GK_OP_conv, "1 x 1, stride 2: places that nobody reads", CONV(1, 2, 0), { R(4, 3, 2), S(2, 3) }, 3, 1, 1e-5 },
    { GK_OP_conv, "3 x 3 without border",            CONV(3, 1, 0), { R(3, 5, 2), S(18, 2) },         2, 1, 2e-5 },
    { GK_OP_conv, "2 x 2, stride 3, a border wider than the kernel", CONV(2, 3, 3), { R(3, 2, 1), S(4, 2) }, 2, 1, 1e-5 },
    { GK_OP_conv, "whole vectors, and one and a half", CONV(3, 1, 1), { R(2, 15, 16), S(144, 24) },   1, 1, 1e-4 },
    { GK_OP_conv, "more than two vectors",           CONV(1, 1, 0), { R(1, 2, 33), S(33, 35) },       2, 1, 5e-5 },
    { GK_OP_lstm, "four steps",                      {{0}}, { R(4, 12), S(3, 12) },                  5, 1, 1e-5 },
    { GK_OP_lstm, "one step: nothing before it",     {{0}}, { R(1, 8), S(2, 8) },                    3, 1, 1e-5 },
    { GK_OP_lstm, "more steps than rows",            {{0}}, { R(7, 20), S(5, 20) },                  2, 1, 2e-5 },
    { GK_OP_lstm, "whole vectors",                   {{0}}, { R(3, 64), S(16, 64) },                 4, 0.5, 2e-5 },
    { GK_OP_lstm, "gates that are all but 0 or 1",   {{0}}, { R(3, 8), S(2, 8) },                    6, 9, 2e-4 },
    { GK_OP_lstm, "what came before",                {{0}}, { R(3, 12), S(3, 12), R(12), R(3) },     5, 1, 1e-5 },
    { GK_OP_lstm, "one step, what came before, whole vectors", {{0}}, { R(1, 64), S(16, 64), R(64), R(1, 16) }, 4, 0.5, 2e-5 },
    { GK_OP_lstm, "what came before, more steps than rows", {{0}}, { R(4, 20), S(5, 20), R(20), R(5) }, 2, 1, 2e-5 },
    { GK_OP_lstm, "two steps, what came before",     {{0}}, { R(2, 12), S(3, 12), R(12), R(3) },     5, 1, 1e-5 },
    { GK_OP_lstm_cell, "a table",                    {{0}}, { S(7, 20), S(7, 5) },                    1, 1, 1e-6 },
    { GK_OP_lstm_cell, "a table, nothing before",    {{0}}, { S(3, 64) },                             1, 1, 1e-6 },
    { GK_OP_lstm_cell, "rows",                       {{0}}, { R(2, 12), R(2, 3) },                    5, 1, 1e-6 },
    { GK_OP_lstm_cell, "rows, whole vectors, gates that are all but 0 or 1", {{0}}, { R(64), R(16) }, 3, 9, 1e-5 },
    { GK_OP_lstm_out, "a table",                     {{0}}, { S(7, 20), S(7, 5) },                    1, 1, 1e-6 },
    { GK_OP_lstm_out, "rows",                        {{0}}, { R(2, 12), R(2, 3) },                    5, 1, 1e-6 },
    { GK_OP_lstm_out, "rows, whole vectors, gates that are all but 0 or 1", {{0}}, { R(64), R(16) },  3, 9, 1e-5 },
    { GK_OP_mean_pool, "places",                     {{0}}, { R(3, 2, 5) },                           4, 1, 1e-6 },
    { GK_OP_mean_pool, "one place",                  {{0}}, { R(1, 17) },                             3, 1, 1e-6 },
    { GK_OP_edge_sum, "graphs",                      {{0}}, { R(5, 3, 4), EDGES(5, 3) },              4, 1, 1e-6 },
    { GK_OP_edge_sum, "one type, one column",        {{0}}, { R(4, 1, 1), EDGES(4, 2) },              7, 1, 1e-6 },
    { GK_OP_edge_sum, "whole vectors",               {{0}}, { R(7, 4, 16), EDGES(7, 4) },             3, 1, 1e-6 },
    { GK_OP_edge_sum, "a node alone",                {{0}}, { R(1, 2, 5), EDGES(1, 1) },              3, 1, 1e-6 },
    { GK_OP_sum_pool, "some of the places",          {{0}}, { R(6, 5), COUNT },                       9, 1, 2e-6 },
    { GK_OP_sum_pool, "one place",                   {{0}}, { R(1, 3), COUNT },                       3, 1, 1e-6 },
    { GK_OP_sum_pool, "whole vectors",               {{0}}, { R(9, 16), COUNT },                      4, 1, 2e-6 },
    { GK_OP_bias_act, "identity and bias",           ACT(GK_IDENTITY),   { R(17), S(17) },          3, 1, 1e-6 },
    { GK_OP_bias_act, "identity alone",              ACT(GK_IDENTITY),   { R(17) },                 3, 1, 1e-6 },
    { GK_OP_bias_act, "ReLU, one past a multiple of 16", ACT(GK_RELU),   { R(1025), S(1025) },      2, 1, 1e-6 },
    { GK_OP_bias_act, "ReLU without bias",           ACT(GK_RELU),       { R(2, 3) },               5, 1, 1e-6 },
    { GK_OP_bias_act, "GELU",                        ACT(GK_GELU),       { R(17), S(17) },          9, 2, 2e-6 },
    { GK_OP_bias_act, "GELU without bias, far out",  ACT(GK_GELU),       { R(33) },                 5, 9, 2e-6 },
    { GK_OP_bias_act, "tanh",                        ACT(GK_TANH),       { R(17), S(17) },          9, 2, 2e-6 },
    { GK_OP_bias_act, "tanh without bias, far out",  ACT(GK_TANH),       { R(33) },                 5, 40, 2e-6 },
    { GK_OP_bias_act, "sigmoid",                     ACT(GK_SIGMOID),    { R(17), S(17) },          9, 2, 2e-6 },
    { GK_OP_bias_act, "sigmoid, far out",            ACT(GK_SIGMOID),    { R(33) },                 5, 70, 2e-6 },
    { GK_OP_bias_act, "leaky ReLU",                  ACT(GK_LEAKY_RELU), { R(3, 5), S(5) },         7, 1, 2e-6 },
    { GK_OP_bias_act, "softplus",                    ACT(GK_SOFTPLUS),   { R(17), S(17) },          9, 2, 2e-6 },
    { GK_OP_bias_act, "softplus, far out",           ACT(GK_SOFTPLUS),   { R(33) },                 5, 40, 2e-6 },
    { GK_OP_bias_act, "SiLU",                        ACT(GK_SILU),       { R(17), S(17) },          9, 2, 2e-6 },
    { GK_OP_bias_act, "SiLU, far out",               ACT(GK_SILU),       { R(33) },                 5, 40, 2e-6 },
    { GK_OP_bias_act, "square",                      ACT(GK_SQUARE),     { R(17), S(17) },          9, 2, 2e-6 },
    { GK_OP_bias_act, "step rate: rows of a table",  ACT(GK_TANH),       { S(7, 5), S(5) },         1, 1, 2e-6 },
    { GK_OP_bias_act, "step rate, ReLU",             ACT(GK_RELU),       { S(7, 5), S(5) },         1, 1, 2e-6 },
    { GK_OP_add, "rows and rows",                    {{0}}, { R(3, 5), R(3, 5) },                   7, 1, 1e-6 },
    { GK_OP_add, "rows and a parameter",             {{0}}, { R(3, 5), S(3, 5) },                   7, 1, 2e-6 },
    { GK_OP_add, "step rate",                        {{0}}, { S(17), S(17) },                       1, 1, 1e-6 },
    { GK_OP_add_scaled, "rows",                      {{0}}, { R(3, 5), R(3, 5), S(1) },               7, 1, 1e-5 },
    { GK_OP_add_scaled, "images",                    {{0}}, { R(2, 2, 8), R(2, 2, 8), S(1) },         5, 1, 1e-5 },
    { GK_OP_blend, "rows and rows",                  {{0}}, { R(3, 5), R(3, 5) },                   7, 1, 1e-6 },
    { GK_OP_blend, "rows and a parameter",           {{0}}, { R(3, 5), S(3, 5) },                   7, 1, 2e-6 },
    { GK_OP_blend, "rows and a number each",         {{0}}, { R(17), R(1) },                        5, 1, 2e-6 },
    { GK_OP_blend, "rows and one number",            {{0}}, { R(17), S(1) },                        5, 1, 1e-5 },
    { GK_OP_blend, "one number a row",               {{0}}, { R(1), R(1) },                         5, 1, 1e-6 },
    { GK_OP_blend, "one number a row and one number", {{0}}, { R(1), S(1) },                        5, 1, 2e-6 },
    { GK_OP_blend, "step rate",                      {{0}}, { S(7, 5), S(7, 5) },                   1, 1, 1e-6 },
    { GK_OP_blend, "step rate and one number",       {{0}}, { S(7, 5), S(1) },                      1, 1, 1e-5 },
    { GK_OP_layernorm, "rows",                       EPS(1e-5), { R(17), S(17), S(17) },           13, 1, 2e-5 },
    { GK_OP_layernorm, "positions of rows",          EPS(1e-5), { R(3, 4), S(4), S(4) },            5, 1, 2e-5 },
    { GK_OP_layernorm, "step rate",                  EPS(1e-2), { S(7, 3), S(3), S(3) },            1, 1, 2e-5 },
    { GK_OP_layernorm, "one column: only eps is left", EPS(1e-2), { R(1), S(1), S(1) },             3, 1, 1e-5 },
    { GK_OP_rmsnorm, "rows",                         EPS(1e-5), { R(17), S(17) },                  13, 1, 2e-5 },
    { GK_OP_rmsnorm, "step rate",                    EPS(1e-2), { S(7, 3), S(3) },                  1, 1, 2e-5 },
    { GK_OP_rmsnorm, "one column",                   EPS(1e-2), { R(2, 1), S(1) },                  3, 1, 1e-5 },
    { GK_OP_attention, "rows, causal",               ATTEND(2, 3, 3, true, false, 0, 1, 2), { R(3, 6), R(3, 6), R(3, 10) },
      5, 1, 1e-5 },
    { GK_OP_attention, "rows, all see all, read the last two", ATTEND(2, 4, 2, false, false, 2, 3),
      { R(2, 4), R(4, 4), R(4, 34) }, 5, 1, 1e-5 },
    { GK_OP_attention, "one token, one head, one column", ATTEND(1, 1, 1, true, false, 0), { R(1, 1), R(1, 1), R(1, 1) },
      3, 1, 1e-6 },
    { GK_OP_attention, "tables, heads added",        ATTEND(2, 3, 1, true, true, 2), { S(7, 34), S(7, 34), S(7, 2, 5), INPUT(3) },
      9, 1, 2e-5 },
    { GK_OP_attention, "tables, heads side by side, read twice and in disorder", ATTEND(3, 3, 3, true, false, 2, 0, 0),
      { S(5, 6), S(5, 6), S(5, 3), INPUT(3) }, 9, 1, 2e-5 },
    { GK_OP_attention, "keys and values from tables, queries of the row", ATTEND(2, 3, 2, false, true, 1, 2),
      { R(2, 6), S(6, 6), S(6, 2, 3), INPUT(3) }, 6, 1, 2e-5 },
    { GK_OP_attention, "queries from a table, keys and values of the row", ATTEND(2, 3, 2, true, false, 1, 2),
      { S(6, 6), R(3, 6), R(3, 4), INPUT(3) }, 6, 1, 2e-5 },
    { GK_OP_attention, "rows, heads added",          ATTEND(2, 2, 1, false, true, 1), { R(1, 6), R(2, 6), R(2, 2, 3) },
      4, 1, 1e-5 },
    { GK_OP_attention, "weights that are all but 0 or 1", ATTEND(1, 3, 1, false, false, 2), { R(1, 4), R(3, 4), R(3, 2) },
      8, 5, 2e-4 },
    { GK_OP_select, "one position of three",         { .select = { 1, { 2 } } },       { R(3, 5) }, 7, 1, 1e-6 },
    { GK_OP_select, "a position twice",              { .select = { 3, { 1, 0, 1 } } }, { R(3, 17) }, 7, 1, 1e-6 },
    { GK_OP_prepend, "one row before several",       {{0}}, { R(3, 5), S(1, 5) },                   7, 1, 2e-6 },
    { GK_OP_prepend, "several rows before one",      {{0}}, { R(1, 17), S(3, 17) },                 9, 1, 2e-6 },
    { GK_OP_prepend, "by fours",                     {{0}}, { R(3, 8), S(1, 8) },                  11, 1, 2e-6 },
    { GK_OP_reshape, "rows",                         {{0}}, { R(3, 5) },                            7, 1, 1e-6 },
    { GK_OP_reshape, "step rate",                    {{0}}, { S(17) },                              1, 1, 1e-6 },
    { GK_OP_dropout, "rows",                         {{0}}, { R(3, 5) },                            7, 1, 1e-6 },
    { GK_OP_dropout, "one number a row",             {{0}}, { R(1) },                              17, 1, 1e-6 },
    { GK_OP_cross_entropy, "stable",                 { .loss = { .softmax = GK_SOFTMAX_STABLE } }, { R(17) },  9, 1, 2e-6 },
    { GK_OP_cross_entropy, "stable, extreme",        { .loss = { .softmax = GK_SOFTMAX_STABLE } }, { R(5) },  33, 80, 5e-6 },
    { GK_OP_cross_entropy, "naive",                  { .loss = { .softmax = GK_SOFTMAX_NAIVE } },  { R(17) },  9, 1, 2e-6 },
    { GK_OP_cross_entropy, "naive, extreme",         { .loss = { .softmax = GK_SOFTMAX_NAIVE } },  { R(5) },  33, 80, 5e-6 },
    { GK_OP_cross_entropy, "stablemax",              { .loss = { .softmax = GK_STABLEMAX } },      { R(17) },  9, 1, 2e-6 },
    { GK_OP_cross_entropy, "stablemax, extreme",     { .loss = { .softmax = GK_STABLEMAX } },      { R(5) },  33, 80, 5e-6 },
    { GK_OP_cross_entropy, "one class: no loss",     { .loss = { .softmax = GK_SOFTMAX_STABLE } }, { R(1) },   3, 1, 1e-6 },
    { GK_OP_mse_softmax, "usual",                    {{0}}, { R(17) },                              9, 1, 2e-6 },
    { GK_OP_mse_softmax, "extreme",                  {{0}}, { R(5) },                              33, 80, 5e-6 },
    { GK_OP_mse_onehot, "usual",                     {{0}}, { R(17) },                              9, 1, 2e-6 },
    { GK_OP_mse_onehot, "far out",                   {{0}}, { R(3) },                               9, 80, 2e-6 },
    { GK_OP_mse, "usual",                            { .loss = { .threshold = 1.0 } }, { R(17), P(17) },  9, 1, 2e-6 },
    { GK_OP_mse, "one number, far out",              { .loss = { .threshold = 900 } }, { R(1), P(1) },   13, 80, 2e-6 },
    { GK_OP_margin, "hinge",                         { .loss = { .margin = GK_MARGIN_HINGE } },    { R(1) },  33, 1, 2e-6 },
    { GK_OP_margin, "hinge, far out",                { .loss = { .margin = GK_MARGIN_HINGE } },    { R(1) },  17, 80, 2e-6 },
    { GK_OP_margin, "logistic",                      { .loss = { .margin = GK_MARGIN_LOGISTIC } }, { R(1) },  33, 1, 2e-6 },
    { GK_OP_margin, "logistic, far out",             { .loss = { .margin = GK_MARGIN_LOGISTIC } }, { R(1) },  17, 80, 5e-6 },
    { GK_OP_margin, "square",                        { .loss = { .margin = GK_MARGIN_SQUARE } },   { R(1) },  33, 1, 2e-6 },
    { GK_OP_kl_target, "usual",                      { .loss = { .n_teach = 1 } }, { R(17), P(17) },  9, 1, 2e-6 },
    { GK_OP_kl_target, "extreme",                    { .loss = { .n_teach = 1 } }, { R(5), P(5) },   33, 80, 5e-6 },
};
enum { N_OP_ROW = sizeof op_rows / sizeof *op_rows };

/* Edges that joint tries make, as long as both nodes have room: [n][k] numbers of the type of op_rows.src[0] ... */
static inline void op_row_edges(const op_row *row, const source *from, int at, int32_t *out)
{
    int n = (int)from->dim[0], k = (int)from->dim[1], n_type = (int)row->src[0].dim[1], n_in[16] = { 0 };
    for (int i = 0; i < n * k; i++)
        out[i] = -1;
    for (int i = 0; i < 2 * n * k; i++) {
        int draw[3] = { n, n, n_type };
        for (int j = 0; j < 3; j++)
            draw[j] = (int)gk_rng_below(14, GK_RNG_TEST, (uint64_t)at, (uint64_t)(3 * i + j), (uint32_t)draw[j]);
        int a = draw[0], b = draw[1];
        if (a == b || n_in[a] == k || n_in[b] == k)
            continue;
        out[a * k + n_in[a]++] = b * n_type + draw[2];
        out[b * k + n_in[b]++] = a * n_type + draw[2];
    }
}

/* ... and how many places a row has: 1 to all. */
static inline int32_t op_row_count(const op_row *row, int at)
{
    return 1 + (int32_t)gk_rng_below(15, GK_RNG_TEST, 0, (uint64_t)at, (uint32_t)row->src[0].dim[0]);
}

#endif
