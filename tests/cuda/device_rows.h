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

static const op_row device_rows[] = {
    COLUMNS(1, 40), COLUMNS(2, 33), COLUMNS(3, 40), COLUMNS(4, 70), COLUMNS(5, 257), COLUMNS(7, 4), COLUMNS(36, 128),
    COLUMNS(128, 129), COLUMNS(200, 65), { GK_OP_bias_act, "three positions", ACT(GK_TANH), { R(3, 4), S(4) }, 50, 1, 5e-6 },
    { GK_OP_add, "three positions", {{0}}, { R(3, 4), S(3, 4) }, 50, 1, 5e-6 },
    CLASSES(1, 33), CLASSES(2, 7), CLASSES(5, 9), CLASSES(10, 13), CLASSES(16, 5), CLASSES(17, 5), CLASSES(31, 5), CLASSES(32, 4),
    CLASSES(33, 5), CLASSES(113, 5), CLASSES(114, 3), CLASSES(128, 3), CLASSES(129, 3), CLASSES(1000, 3),
};
enum { N_ROW = N_OP_ROW + sizeof device_rows / sizeof *device_rows };

#endif
