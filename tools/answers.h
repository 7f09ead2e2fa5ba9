/* answers.h -- what models answer: the logits of every item, of several runs of a group at once. */
#ifndef GK_TOOLS_ANSWERS_H
#define GK_TOOLS_ANSWERS_H

#include "device.h"
#include "run_models.h"
#include "train/outcome.h"
#include "train/source.h"

/* Which set of a run an item is in. */
enum { GK_IN_NEITHER, GK_IN_TRAIN, GK_IN_TEST };

/* A group of runs, and the items that they are asked about. */
typedef struct gk_subject {
    gk_source         source;
    gk_dataset       *other;       /* in place of what it learnt; NULL */
    const gk_dataset *dataset;
    const gk_group   *group;       /* NULL: not open */
} gk_subject;

/* The group of a model, on what its runs learnt from, or on what `given` says of data.  Ends the program if that cannot be. */
void gk_subject_open(gk_subject *subject, const gk_run_model *model, gk_given *given);
void gk_subject_close(gk_subject *subject);

typedef struct gk_answers {
    gk_arena          arena;
    const gk_subject *subject;
    const gk_dataset *dataset;
    gk_config         config;      /* of the run */
    int64_t           n_out;
    double           *logits;      /* [n_item][n_out] */
    int8_t           *set_of;      /* [n_item] GK_IN_* */
    int32_t          *label;       /* [n_item] of train items: what was learnt, noise included */
} gk_answers;

/* How many of n models are asked at once, from the first on: of one group, as many as memory allows for. */
int64_t gk_answers_batch(const gk_subject *subject, int64_t n, const gk_run_model *model);

/* Ask them, into out [n].  Ends the program if something fails. */
void    gk_answers_ask(const gk_subject *subject, int64_t n, const gk_run_model *model, const gk_compute *compute, int n_thread,
                       gk_answers *out);
void    gk_answers_release(gk_answers *answers);

gk_outcome gk_answers_outcome(const gk_answers *answers, int64_t item);

#endif
