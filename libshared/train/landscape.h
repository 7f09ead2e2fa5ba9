/* landscape.h -- what the cells of a reduced landscape come to (Liu et al. 2022; experiments A.9).
 *
 * A cell is a run whose norm is held: it looks for the parameters of lowest train loss on the sphere of norm w.  Its losses and
 * errors are read three ways, all from the history: at its end; where the train loss was lowest (the definition); and the lowest
 * of each by itself, as most published maps show. */
#ifndef GK_TRAIN_LANDSCAPE_H
#define GK_TRAIN_LANDSCAPE_H

#include "train/plan.h"

/* (Re)make the columns of /landscape for group `index` of the plan from its history; those that other code fills in stay.  In
 * arena memory when made for the first time. */
void    gk_landscape_results(const gk_plan *plan, int index, gk_group *group, gk_arena *arena);

/* A column of /landscape by name, [R]; NULL: there is none. */
double *gk_landscape_column(gk_group *group, const char *name);

#endif
