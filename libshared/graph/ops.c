/* ops.c -- the tables of ops.h. */
#include "graph/ops.h"

#include <stddef.h>

const gk_op_info gk_ops[GK_N_OP] = {
#define LEAF(name, words, rate, traits, meaning) { words, rate, 0, 0, GK_READS_NOTHING, GK_LEAF | (traits), 0, meaning },
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) \
    { #name, GK_STEP_RATE, fewest, most, reads, traits, sums, meaning },
#include "graph/ops.def"
};

#define ACTIVATION(constant, name, option, reads, meaning) option,
const char *const gk_activation_names[] = {
#include "graph/activations.def"
    NULL
};
#undef ACTIVATION
#define ACTIVATION(constant, name, option, reads, meaning) reads,
const gk_reads gk_activation_reads[GK_N_ACTIVATION] = {
#include "graph/activations.def"
};
#undef ACTIVATION
