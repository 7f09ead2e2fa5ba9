/* classes.h -- which of many things are the same: the first of each class, found by a hash and not by comparing all with all. */
#ifndef GK_BASE_CLASSES_H
#define GK_BASE_CLASSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"

typedef struct gk_classes {
    gk_arena  arena;
    int64_t   n, capacity;     /* classes; slots, a power of two */
    uint64_t *hash;            /* [capacity] */
    int64_t  *first;           /* [capacity] index of the first member + 1; 0: empty */
    bool    (*same)(const void *context, int64_t a, int64_t b);
    const void *context;
} gk_classes;

/* Are things a and b the same?  Then their hashes are. */
gk_classes gk_classes_new(bool (*same)(const void *context, int64_t a, int64_t b), const void *context);
void       gk_classes_release(gk_classes *classes);

/* The first thing that is the same as `index`, which is itself if there was none before. */
int64_t    gk_class_first(gk_classes *classes, int64_t index, uint64_t hash);

/* Hashes of several parts, one after another; begin with GK_HASH. */
#define GK_HASH UINT64_C(14695981039346656037)
uint64_t   gk_hash_bytes(uint64_t hash, const void *data, size_t n_bytes);
uint64_t   gk_hash_whole(uint64_t hash, int64_t value);
uint64_t   gk_hash_real(uint64_t hash, double value);    /* equal numbers (0 and -0) have equal hashes */

#endif
