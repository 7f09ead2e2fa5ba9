/* device_rows.h -- more rows of ops, for a device: those of the CPU take differences of every number, slowly. */
#ifndef GK_TESTS_CUDA_DEVICE_ROWS_H
#define GK_TESTS_CUDA_DEVICE_ROWS_H

#include "../kernel/rows.h"

/* Widths that are and are not moved by fours; chunks of column sums that are full, cut and one row too many; every way to share
 * classes among lanes. */
#define SOFTMAX(s, n, rows) { GK_OP_cross_entropy, #n " classes", { .loss = { .softmax = s } }, { R(n) }, rows, 2, 4e-6 }
#define CLASSES(n, rows)                                                                              \
    SOFTMAX(GK_SOFTMAX_STABLE, n, rows), SOFTMAX(GK_SOFTMAX_NAIVE, n, rows), SOFTMAX(GK_STABLEMAX, n, rows), \
    { GK_OP_mse_softmax, #n " classes", {{0}}, { R(n) }, rows, 2, 4e-6 },                             \
    { GK_OP_mse_onehot, #n " classes", {{0}}, { R(n) }, rows, 2, 2e-6 },                              \
    { GK_OP_mse, #n " numbers", { .loss = { .threshold = 2 } }, { R(n), P(n) }, rows, 2, 2e-6 },       \
    { GK_OP_kl_target, #n " classes", { .loss = { .n_teach = 1 } }, { R(n), P(n) }, rows, 2, 4e-6 }
#define COLUMNS(n, rows)                                                                     \
    { GK_OP_bias_act, #n " columns, ReLU", ACT(GK_RELU), { R(n), S(n) }, rows, 1, 5e-6 },    \
    { GK_OP_bias_act, #n " columns", ACT(GK_IDENTITY), { R(n), S(n) }, rows, 1, 5e-6 },      \
    { GK_OP_bias_act, #n " columns, SiLU", ACT(GK_SILU), { R(n), S(n) }, rows, 1, 5e-6 },    \
    { GK_OP_add, #n " columns", {{0}}, { R(n), S(n) }, rows, 1, 5e-6 },                      \
    { GK_OP_add, #n " columns of rows", {{0}}, { R(n), R(n) }, rows, 1, 2e-6 },              \
    { GK_OP_blend, #n " columns", {{0}}, { R(n), S(n) }, rows, 1, 5e-6 },                    \
    { GK_OP_dropout, #n " columns", {{0}}, { R(n) }, rows, 1, 2e-6 },                        \
    { GK_OP_rmsnorm, #n " columns", EPS(1e-1), { R(n), S(n) }, rows, 1, 4e-5 },              \
    { GK_OP_layernorm, #n " columns", EPS(1e-1), { R(n), S(n), S(n) }, rows, 1, 4e-5 }

#define FEW(n, rows) \
    SOFTMAX(GK_SOFTMAX_STABLE, n, rows), { GK_OP_mse_onehot, #n " classes", {{0}}, { R(n) }, rows, 2, 2e-6 }

/* Sources that are results of products, whose lines are padded (cuda/padding.h), and are in place or not. */
#define M(...) { 'm', { __VA_ARGS__ } }
#define PADDED(n, rows)                                                                                      \
    { GK_OP_cross_entropy, #n " padded classes, softmax", {{0}}, { M(n) }, rows, 1, 2e-5 },                   \
    { GK_OP_matmul, #n " padded columns", {{0}}, { M(n), S(n, 7) }, rows, 1, 2e-5 },                         \
    { GK_OP_matmul, #n " padded columns to whole vectors", {{0}}, { M(2, n), S(n, 4) }, rows, 1, 2e-5 },     \
    { GK_OP_bias_act, #n " padded columns, ReLU", ACT(GK_RELU), { M(n), S(n) }, rows, 1, 1e-5 },             \
    { GK_OP_bias_act, #n " padded columns, GELU", ACT(GK_GELU), { M(n), S(n) }, rows, 1, 1e-5 },             \
    { GK_OP_bias_act, #n " padded columns, tanh without bias", ACT(GK_TANH), { M(4, n) }, rows, 1, 1e-5 },   \
    { GK_OP_reshape, #n " padded columns", {{0}}, { M(1, n) }, rows, 1, 1e-5 },                              \
    { GK_OP_reshape, #n " columns to others", {{0}}, { M(2, n) }, rows, 1, 1e-5 },                           \
    { GK_OP_select, #n " padded columns", { .select = { 2, { 2, 0 } } }, { M(3, n) }, rows, 1, 1e-5 },       \
    { GK_OP_select, #n " padded columns of one", { .select = { 1, { 1 } } }, { M(2, n) }, rows, 1, 1e-5 },   \
    { GK_OP_add, #n " columns", {{0}}, { M(n), M(n) }, rows, 1, 1e-5 },                                      \
    { GK_OP_cross_entropy, #n " padded classes", { .loss = { .softmax = GK_STABLEMAX } }, { M(n) }, rows, 1, 2e-5 }, \
    { GK_OP_mse_softmax, #n " padded classes", {{0}}, { M(n) }, rows, 1, 2e-5 },                             \
    { GK_OP_mse_onehot, #n " padded classes", {{0}}, { M(n) }, rows, 1, 1e-5 },                              \
    { GK_OP_mse, #n " padded numbers", { .loss = { .threshold = 2 } }, { M(n), P(n) }, rows, 1, 1e-5 },      \
    { GK_OP_kl_target, #n " padded classes", { .loss = { .n_teach = 1 } }, { M(n), P(n) }, rows, 1, 2e-5 }

static const op_row device_rows[] = {
    PADDED(6, 5), PADDED(19, 3),
    COLUMNS(1, 9), COLUMNS(3, 17), COLUMNS(4, 17), COLUMNS(36, 9), COLUMNS(128, 2),
    { GK_OP_bias_act, "2 columns", ACT(GK_RELU), { R(2), S(2) }, 33, 1, 5e-6 },
    { GK_OP_bias_act, "5 columns", ACT(GK_RELU), { R(5), S(5) }, 33, 1, 5e-6 },
    { GK_OP_bias_act, "two strips", ACT(GK_RELU), { R(200), S(200) }, 9, 1, 5e-6 },
    { GK_OP_bias_act, "two chunks", ACT(GK_RELU), { R(128), S(128) }, 65, 1, 5e-6 },
    { GK_OP_layernorm, "two chunks", EPS(1e-1), { R(65), S(65), S(65) }, 65, 1, 4e-5 },
    { GK_OP_bias_act, "three positions", ACT(GK_TANH), { R(3, 4), S(4) }, 11, 1, 5e-6 },
    { GK_OP_add, "three positions", {{0}}, { R(3, 4), S(3, 4) }, 11, 1, 5e-6 },
    CLASSES(5, 9), CLASSES(16, 5), CLASSES(33, 3), CLASSES(128, 2), CLASSES(129, 2),
    FEW(1, 33), FEW(2, 7), FEW(10, 13), FEW(17, 3), FEW(31, 3), FEW(32, 2), FEW(113, 2), FEW(114, 2), FEW(1000, 2),
};
enum { N_ROW = N_OP_ROW + sizeof device_rows / sizeof *device_rows };

#endif
