/* resident.h -- a small fully connected network whose training stays in the shared memory of a multiprocessor: which ones these
 * are, and where everything stands (network.cu), and the kernel (resident.cu).
 *
 * Shared memory holds, in this order: parameters, their gradient, the input of a tile of rows, the results of each layer (and
 * beside them what activations were computed from, where slopes need that), and what the outputs should be.  Matrices have
 * columns, and those of weights rows, of zeros up to a multiple of four, so that sums may run over them. */
#ifndef GK_CUDA_RESIDENT_H
#define GK_CUDA_RESIDENT_H

#include "engine.h"
#include "tiles.h"

namespace GK_REALS {

/* Layers, tiles of a replica's rows, and rows of a tile. */
enum { GK_MOST_LAYER = 8, GK_MOST_TILE = 8, GK_LEAST_ROOM = GK_REAL_BITS == 64 ? 12 : 40 };

/* y = f(x w + b); places are those of reals in shared memory. */
typedef struct gk_layer {
    int           n_in, n_out, in_stride, out_stride;
    int           weight, bias;        /* bias -1: none.  Their gradients stand gk_network.n_param further */
    int           in, out, source;     /* source: where the slope is computed from: out, or what it was before f */
    gk_activation activation;
    gk_real       slope;
    const gk_node *w, *b;
} gk_layer;

/* Up to four neighbouring parameters, of which a thread takes care. */
typedef struct alignas(16) gk_four {
    int32_t at, arena;                 /* place in shared memory, and in a replica's arenas */
    int32_t sphere;
    int16_t n, weight;                 /* n 4: both places are multiples of four; weight: how often squares count */
} gk_four;

typedef struct gk_network {
    int            n_layer;
    gk_layer       layers[GK_MOST_LAYER];
    int            n_param;            /* reals of parameters with their zeros */
    int            room;               /* rows of a tile, at most */
    int            target, scale;      /* of rows: what outputs should be, and what the error is multiplied by */
    int            n_byte, n_block;
    const gk_node *x, *wanted;         /* wanted NULL: the one-hot of the label */
    int            n_four;
    const gk_four *fours;
    int32_t       *next, *done;        /* stretches that were begun, and those that each replica has behind it */
} gk_network;

/* --- resident.cu --- */
/* Bytes of shared memory that are left for a network on this device. */
int64_t gk_cuda_resident_bytes(void);
/* Blocks that are at work at once, each with so many bytes. */
int     gk_cuda_resident_blocks(int n_byte);

}
#endif
