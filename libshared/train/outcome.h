/* outcome.h -- what an item's logits come to: its answer, and how good it is.  In float64, item by item, for tables; the sums
 * that runs record are the backends' (graph/metrics.def), and agree to their precision. */
#ifndef GK_TRAIN_OUTCOME_H
#define GK_TRAIN_OUTCOME_H

#include "models/model.h"

typedef struct gk_outcome {
    int64_t answer;          /* the largest logit; -1 with targets, or if a logit is not finite */
    double  right;           /* 1 or 0; of targets: whether the loss is below correct_below; NaN if a logit is not finite */
    double  loss;            /* as the model's --loss defines it: nats, or squared error; NaN likewise */
    double  probability;     /* of the right answer: its share of the softmax; NaN with targets */
    double  margin;          /* logit of the right answer less the largest other one */
    int64_t rank;            /* of the right answer: 1 if no logit is larger; 0 with targets */
} gk_outcome;

/* logits [n]; label in [0, n), and with one output for two classes in [0, 2), of which the logits are 0 and it; targets [n] in
 * its place with GK_LOSS_MSE, else NULL. */
gk_outcome gk_outcome_of(const gk_model_args *model, int64_t n, const double *logits, int32_t label, const float *target);

/* The logits of classes that outputs [n_item][n_out] mean, in place: of the one output of two classes 0 and it.  `outputs` has
 * room for 2 numbers an item at least.  How many there are of an item. */
int64_t gk_class_logits(const gk_model_args *model, int64_t n_item, int64_t n_out, double *outputs);

#endif
