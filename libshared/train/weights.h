/* weights.h -- parameters that another program has made, as a base to go on from. */
#ifndef GK_TRAIN_WEIGHTS_H
#define GK_TRAIN_WEIGHTS_H

#include "train/source.h"

/* Read config->weights.file for the model and data of `config`, of a grid the first.  Every parameter of the model must be there
 * in its shape, and whatever else is there must be a mask, or zero: a bias that this model does not have.  -1 with gk_error,
 * which names what does not fit.  gk_source_release frees it.
 *
 * What the file itself says (grok-export writes it) holds where nobody has set it in `given`, whose values are in `config`:
 * --names, and, unless other items are asked for, all options of data, so that the split is that of the run.  given NULL: all is
 * set.  *doubt: why items that count as test here may have been trained on there, in memory of `out`; NULL: they have not. */
int gk_weights_read(gk_given *given, const gk_config *config, gk_source *out, const char **doubt) GK_MUST_CHECK;

#endif
