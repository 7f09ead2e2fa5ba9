/* ops.h -- what ops.def says of each kind of node, and activations.def of each activation. */
#ifndef GK_GRAPH_OPS_H
#define GK_GRAPH_OPS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/choice.h"

typedef enum {
#define LEAF(name, words, rate, traits, meaning) GK_OP_##name,
#define OP(name, fewest, most, reads, traits, sums, scratch, meaning) GK_OP_##name,
#include "graph/ops.def"
    GK_N_OP
} gk_op;

typedef enum { GK_STEP_RATE, GK_ROW_RATE } gk_rate;

typedef enum {
#define ACTIVATION(constant, name, option, reads, meaning) constant,
#include "graph/activations.def"
#undef ACTIVATION
    GK_N_ACTIVATION
} gk_activation;
extern const char *const gk_activation_names[];    /* as options have them, then NULL */

/* What a backward, or the slope of an activation, is computed from. */
typedef enum { GK_READS_NOTHING, GK_READS_RESULT, GK_READS_SOURCE, GK_READS_OTHERS, GK_READS_AS_ACTIVATION } gk_reads;
extern const gk_reads gk_activation_reads[GK_N_ACTIVATION];

enum {
    GK_LEAF     = 1 << 0,    /* made by nothing */
    GK_INDEX    = 1 << 1,    /* whole numbers, not reals */
    GK_GATHERS  = 1 << 2,    /* its last source, if that is an index, names rows of its step-rate sources */
    GK_PRODUCT  = 1 << 3,    /* of matrices: the one step-rate work worth dividing among threads */
    GK_IN_PLACE = 1 << 4,    /* its kernels may put result and gradient where those of its first source stand */
    GK_VIEW     = 1 << 5,    /* the same numbers as its source: always in its place */
    GK_MOMENTS  = 1 << 6,    /* two reals describe each stretch of the last axis; devices keep them for the backward */
    GK_LOSS     = 1 << 7,    /* one number a row, whose mean is lowered; its forward fills gk_metrics */
    GK_SPACED   = 1 << 8     /* its kernels on a device go from line to line of the last axis by gk_width (cuda/work.h) */
};

typedef struct gk_op_info {
    const char *name;
    gk_rate     rate;                    /* of a leaf; an op's follows from its sources */
    int         fewest_src, most_src;
    gk_reads    reads;
    unsigned    traits;
    int         n_sum;
    const char *meaning;
} gk_op_info;
extern const gk_op_info gk_ops[GK_N_OP];

static inline bool gk_op_is(gk_op op, unsigned trait)
{
    return gk_ops[op].traits & trait;
}

#endif
