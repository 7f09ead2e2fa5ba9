/* norms_efficiency.h -- how loudly networks of checkpoints say the right answer, and the norm that a given loudness takes. */
#ifndef GK_TOOLS_NORMS_EFFICIENCY_H
#define GK_TOOLS_NORMS_EFFICIENCY_H

#include "base/choice.h"
#include "run_models.h"

/* What is scaled: all parameters; embeddings, the map to the logits, and all between them, each by itself; each tensor. */
#define GK_SCALED(X) X(GK_SCALE_ALL, "all") X(GK_SCALE_PARTS, "parts") X(GK_SCALE_TENSORS, "tensors")
GK_CHOICES(gk_scaled, GK_SCALED);

typedef struct gk_efficiency_args {
    gk_scaled what;
    double    logit;       /* that is wanted */
    int64_t   n_item;      /* of the train items; 0: all */
    int       n_thread;
} gk_efficiency_args;

void gk_efficiency_columns(gk_table *table);

/* Rows of one model, each begun by begin(context): scaled, l2_norm of what is scaled, correct_logit, scale, norm_needed,
 * efficiency.  -1 with gk_error: targets in place of classes, ... */
typedef void gk_row_begin(void *context);
int gk_put_efficiency(gk_table *table, const gk_run_model *model, const gk_efficiency_args *args, gk_row_begin *begin,
                      void *context) GK_MUST_CHECK;

#endif
