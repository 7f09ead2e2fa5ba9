/* source.h -- a checkpoint that runs learn from: a teacher, or the base that they go on from. */
#ifndef GK_TRAIN_SOURCE_H
#define GK_TRAIN_SOURCE_H

#include "train/config.h"

typedef struct gk_source {
    const char    *role;           /* "teacher", "base": as in /lineage */
    const char    *path;
    const char    *group_name;     /* teacher of this group of items alone, "p1"; NULL */
    gk_checkpoint *checkpoint;
    gk_checkpoint *view;           /* the same, if it is one group of a file that is not the source's own; NULL */
    const gk_group *group;         /* its runs: one shape group */
    gk_config      config;         /* as its first run was made with */
    gk_given      *given;          /* of config */
    gk_dataset    *dataset;        /* what it was trained on: names of its tokens */
} gk_source;

/* Read a checkpoint of one shape group with parameters, and what it was trained on.  `parts` as in gk_checkpoint_read, beside
 * the model.  -1 with gk_error: damaged, several groups, no parameters, items from a file that is not there any more, ... */
int  gk_source_read(gk_source *source, const char *role, const char *path, unsigned parts) GK_MUST_CHECK;
/* The same from a checkpoint that has been read, and is taken over; it may have snapshots alone. */
int  gk_source_of(gk_source *source, const char *role, const char *path, gk_checkpoint *checkpoint) GK_MUST_CHECK;
/* The same from one group of a file that is borrowed. */
int  gk_source_of_group(gk_source *source, const char *role, const gk_checkpoint *file, const gk_group *group) GK_MUST_CHECK;
void gk_source_release(gk_source *source);

/* Options of `given` that nobody has set and that must fit the source's vocabulary and shape, to the source's values: tokens
 * (--sequence, --vocab-prime, --logits) and, unless another is asked for, model.  -1 with gk_error. */
int  gk_source_defaults(const gk_source *source, gk_given *given) GK_MUST_CHECK;

/* The source's replica for a run with this seed: `only` if it is not -1; the one there is; else the one with the same seed.
 * -1 with gk_error: no such run, no or several runs with this seed. */
int64_t gk_source_replica(const gk_source *source, int64_t only, int64_t seed) GK_MUST_CHECK;

/* How replica `replica` of the source was made. */
gk_config gk_source_config(const gk_source *source, int64_t replica);

/* Have its numbers become infinite?  Weights of other programs say nothing of it. */
bool gk_source_has_diverged(const gk_source *source, int64_t replica);

/* Last recorded test accuracy of a replica; NaN if none. */
double gk_source_test_accuracy(const gk_source *source, int64_t replica);

/* For each of n token names the source's token with this name, -1 if it has none ("mod P2" stands for any second modulus). */
void gk_source_tokens(const gk_source *source, int n, const char *const *names, int32_t *out);

/* One replica's array (the model, or an optimiser slot [R][P]) of the source's group, laid out as the graph's parameters
 * [P] of type real.  -1 with gk_error: a parameter that the other lacks or that has another shape. */
int  gk_source_params(const gk_source *source, const void *array, int64_t replica, const gk_graph *graph, gk_dtype real,
                      void *out) GK_MUST_CHECK;

/* Make other items such as the source's network reads: token ids and labels become those of its vocabulary, by name.  -1 with
 * gk_usage_error: a token that it does not know, or items of another kind or length. */
int  gk_source_adopt(const gk_source *source, gk_dataset *items) GK_MUST_CHECK;

/* Build a replica's network over items (the source's own, or adopted) as it is evaluated; layer: whose results stand in place of
 * the logits, NULL: the logits.  -1 with gk_error; release the graph either way. */
int  gk_source_build(const gk_source *source, int64_t replica, const gk_dataset *items, const char *layer,
                     gk_graph *graph) GK_MUST_CHECK;

/* What the network with these parameters (of one replica of `array`, as above) makes of items 0 .. n_row - 1 of the graph's
 * data: [n_row][size of graph->logits].  The graph is of the source's shape, and frozen; it is computed in the source's own type,
 * by device[GK_PRECISION_FP32] or [GK_PRECISION_FP64]; NULL: on the CPU.  -1 with gk_error. */
int  gk_source_predict(const gk_source *source, const void *array, int64_t replica, const gk_graph *graph, int64_t n_row,
                       const gk_backend *const *device, int n_thread, double *out) GK_MUST_CHECK;

/* The same of n models at once, whose networks are that of the graph; out: as above, of each. */
typedef struct gk_source_model { const void *array; int64_t replica; double *out; } gk_source_model;
int  gk_source_predict_all(const gk_source *source, int64_t n, const gk_source_model *model, const gk_graph *graph, int64_t n_row,
                           const gk_backend *const *device, int n_thread) GK_MUST_CHECK;

#endif
