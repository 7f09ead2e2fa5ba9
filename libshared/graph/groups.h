/* groups.h -- parameter groups: tensors that are updated with settings of their own, or not at all.
 *
 *   text      ENTRY; ENTRY; ...         ENTRY     PATTERN,PATTERN,...: SETTING SETTING ...
 *   PATTERN   of names, as of files: 'block0.*', '*.bias'; or what a tensor is: @embedding, @hidden, @unembedding (gk_part),
 *             @vectors, @matrices (of one dimension, or more)
 *   SETTING   freeze, or NAME=VALUE of a row of hyper.def that is GROUPED; blanks or commas stand between settings
 *
 * A tensor has the settings of all entries that it matches; of two for one hyperparameter the later one holds, and what nobody
 * sets is that of the run.  A value may be a list or a range: the text stands for one text per combination, the last list
 * fastest. */
#ifndef GK_GRAPH_GROUPS_H
#define GK_GRAPH_GROUPS_H

#include "graph/backend.h"

enum { GK_MAX_ENTRY = 16 };

typedef struct gk_param_entry {
    const char *patterns;
    bool        frozen;
    uint32_t    sets;              /* bits 1 << gk_hyper_index of the hyperparameters that it sets, ... */
    gk_hyper    value;             /* ... to these */
} gk_param_entry;

/* The texts without lists that a text stands for (base/options.h, gk_text_lists). */
int gk_groups_lists(gk_arena *arena, const char *text, const char ***texts, int64_t *n_text) GK_MUST_CHECK;

/* The entries of a text without lists, which is NULL if there are none.  Returns how many, or -1 with gk_error. */
int gk_groups_parse(gk_arena *arena, const char *text, gk_param_entry **entries) GK_MUST_CHECK;

/* A value that differs between the texts that one with lists stands for, as a column of numbers: "params1_learning_rate" of the
 * first entry. */
typedef struct gk_group_column { const char *name; int entry; size_t offset; } gk_group_column;

/* Those of a text with lists; returns how many, or -1 with gk_error.  And what a column has for a text without. */
int    gk_groups_columns(gk_arena *arena, const char *text, gk_group_column **columns) GK_MUST_CHECK;
double gk_groups_value(const char *text, const gk_group_column *column);

/* Does any entry set this hyperparameter to more than 0?  Of a text that was parsed before. */
bool gk_groups_any(const char *text, gk_hyper_index hyper);

/* Mark what is frozen and number the groups (gk_node.group, graph->n_group), before gk_graph_freeze.  frozen: patterns of one
 * more entry that freezes; NULL.  -1 with gk_error: a pattern that matches nothing, or nothing is left to train. */
int gk_groups_apply(gk_graph *graph, const char *text, const char *frozen) GK_MUST_CHECK;

/* What each group of a graph is updated with, into out [graph->n_group]: group 0 as the run says.  `text` differs from the one
 * that was applied in values alone.  0, or -1 with gk_error. */
int gk_groups_hyper(const gk_graph *graph, const char *text, const gk_hyper *run, gk_hyper *out) GK_MUST_CHECK;

#endif
