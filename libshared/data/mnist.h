/* mnist.h -- the files of MNIST: for reading them (mnist.c) and for fetching them (grok-data fetch). */
#ifndef GK_DATA_MNIST_H
#define GK_DATA_MNIST_H

#include <stdint.h>
#include "base/arena.h"

typedef struct gk_mnist_file {
    const char *name;      /* without ".gz" */
    int64_t     n_byte;    /* of the compressed file of the original distribution ... */
    const char *sha256;    /* ... and its checksum */
} gk_mnist_file;

/* Images and labels to train on, then to test with. */
enum { GK_N_MNIST_FILE = 4 };
extern const gk_mnist_file gk_mnist_files[GK_N_MNIST_FILE];

/* Where the files are looked for first, and put: $GROK_DATA/mnist; without GROK_DATA groktools/mnist in the user's data
 * folder. */
const char *gk_mnist_folder(gk_arena *arena);

#endif
