/* train_traces.c -- with --jacobian: the traces of all cells of a group that is done. */
#include "train/train_private.h"

#include <math.h>
#include "train/jacobian.h"
#include "train/landscape.h"

/* Is the trace of a cell still to be computed?  Not if it cannot be, or never will. */
static bool lacks_trace(gk_group *group, int64_t replica)
{
    const double *trace = gk_landscape_column(group, "jacobian");
    return trace && group->model && group->status[replica] != GK_DIVERGED && isnan(trace[replica]);
}

bool gk_traces_lacking(gk_group *group)
{
    for (int64_t replica = 0; replica < group->n_replica; replica++)
        if (lacks_trace(group, replica))
            return true;
    return false;
}

void gk_traces_forget(gk_group *group)
{
    double *trace = gk_landscape_column(group, "jacobian");
    for (int64_t replica = 0; trace && replica < group->n_replica; replica++)
        trace[replica] = NAN;
}

int gk_traces_take(gk_training *training, const gk_trainer *trainer, const gk_train_hooks *hooks)
{
    gk_group *group = trainer->group;
    if (!training->plan->first.landscape.jacobian)
        return GK_TRAIN_DONE;
    gk_landscape_results(training->plan, training->status.group, group, &training->keeper.arena);    /* there is a column now */
    double *trace = gk_landscape_column(group, "jacobian");
    for (int64_t replica = 0; replica < group->n_replica; replica++) {
        if (!lacks_trace(group, replica))
            continue;
        int status = gk_jacobian_of_replica(trainer, replica, hooks->interrupted, hooks->context, &trace[replica]);
        if (status > 0)
            return gk_training_write(training) < 0 ? -1 : GK_TRAIN_INTERRUPTED;
        if (status < 0 || (gk_training_write_is_due(training) && gk_training_write_on_the_way(training, hooks) < 0))
            return -1;
        hooks->progress(hooks->context, &training->status);
    }
    return GK_TRAIN_DONE;
}
