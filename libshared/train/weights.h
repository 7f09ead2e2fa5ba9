/* weights.h -- parameters that another program has made, as a base to go on from. */
#ifndef GK_TRAIN_WEIGHTS_H
#define GK_TRAIN_WEIGHTS_H

#include "train/source.h"

/* Read config->weights.file for the model and data of `config`, of a grid the first.  Every parameter of the model must be there
 * in its shape, and whatever else is there must be a mask, or zero: a bias that this model does not have.  -1 with gk_error,
 * which names what does not fit.  gk_source_release frees it. */
int gk_weights_read(const gk_config *config, gk_source *out) GK_MUST_CHECK;

#endif
