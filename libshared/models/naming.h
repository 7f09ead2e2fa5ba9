/* naming.h -- our parameters under the names, and in the layouts, of other programs (naming.def). */
#ifndef GK_MODELS_NAMING_H
#define GK_MODELS_NAMING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/choice.h"
#include "base/error.h"

#define GK_NAMINGS(X) X(GK_NAMES_GROKTOOLS, "groktools") X(GK_NAMES_TORCH, "torch") \
    X(GK_NAMES_TRANSFORMERLENS, "transformerlens") X(GK_NAMES_PROGRESS, "progress-measures")
GK_CHOICES(gk_naming, GK_NAMINGS);

/* Their shape and order of ours, [n_in, n_out] for matrices; h heads of e:
 *   SAME              as it is
 *   TRANSPOSED        [n_out, n_in]
 *   HEADS_APART       [h * e, ...] -> [h, e, ...]
 *   HEADS_OUTSIDE     [n_in, h * e] -> [h, n_in, e]
 *   HEADS_TRANSPOSED  [n_in, h * e] -> [h, e, n_in] */
typedef enum { GK_SAME, GK_TRANSPOSED, GK_HEADS_APART, GK_HEADS_OUTSIDE, GK_HEADS_TRANSPOSED } gk_layout;

enum { GK_NAMED_MAX_DIM = 8 };

/* A parameter as others have it. */
typedef struct gk_named {
    const char *name;              /* in arena memory */
    gk_layout   layout;
    int         n_dim;
    int64_t     dim[GK_NAMED_MAX_DIM];
    int64_t     n_in, n_out, n_head;    /* of ours */
} gk_named;

/* Our parameter `name` [dim], of a model with n_head heads.  -1 with gk_usage_error: they have no name for it. */
int  gk_named_of(gk_naming naming, const char *name, int n_dim, const int64_t *dim, int64_t n_head, gk_arena *arena,
                 gk_named *out) GK_MUST_CHECK;

/* Where element i of ours stands in theirs. */
int64_t gk_named_index(const gk_named *named, int64_t i);

#endif
