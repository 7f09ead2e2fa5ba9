/* builders.h -- the builders of models.def; called by gk_model_build alone. */
#ifndef GK_MODELS_BUILDERS_H
#define GK_MODELS_BUILDERS_H

#include "models/model.h"

/* The model's logits, row rate, [n_read, n_out] or [n_out].  NULL with gk_error: options that do not fit together or the
 * data.  A shape that does not fit stays in the graph. */
typedef gk_node *gk_model_builder(gk_graph *graph, const gk_model_args *args, const gk_model_data *data);

#define MODEL(name, init, reads, description) gk_model_builder gk_model_##name;
#include "models/models.def"
#undef MODEL

/* Name of that axis in the checkpoint. */
const char *gk_model_out_axis(const gk_model_args *args, const gk_model_data *data);

#endif
