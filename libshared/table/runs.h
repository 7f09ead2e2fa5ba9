/* runs.h -- the runs of one or more checkpoints under one set of columns and metrics, whatever shape group they are in.
 *
 * Columns are those of /runs (run, seed, every option that varies), united over groups and files; metrics are those of
 * /history, united likewise.  Where a group lacks a column or metric, its cells are empty. */
#ifndef GK_TABLE_RUNS_H
#define GK_TABLE_RUNS_H

#include <stdbool.h>
#include "io/checkpoint.h"
#include "table/frame.h"

typedef enum { GK_CELL_EMPTY, GK_CELL_INT, GK_CELL_REAL, GK_CELL_TEXT } gk_cell_type;
typedef struct gk_cell { gk_cell_type type; int64_t integer; double real; const char *text; } gk_cell;

typedef struct gk_run {
    int             file;       /* index among the checkpoints */
    int             group;
    const gk_group *data;
    int64_t         replica;    /* within the group */
    const int      *column;     /* [n_column] index into data->run_column, -1: none */
    const int      *metric;     /* [n_metric] index into data->history, -1: none */
} gk_run;

typedef struct gk_runs {
    gk_arena              arena;
    int                   n_file;
    gk_checkpoint *const *file;       /* borrowed */
    int                   n_column;   /* run and seed first, then what varies */
    const char          **column;
    int                   n_metric;   /* those selected */
    const char          **metric;
    const char          **metric_title;   /* its column in tables: "metric_<name>" where an option that varies has the name */
    int64_t               n_run;
    gk_run               *run;
} gk_runs;

/* Gather.  The checkpoints are borrowed and must outlive the result.  metrics: comma-separated names; "all"; or NULL: those
 * without '/' in their name.  only_run, only_group: -1, or the one to keep (by the number in column run; by place in the file).
 * NULL with gk_error: no metric of that name (naming those that there are), no such run or group. */
gk_runs *gk_runs_new(int n_file, gk_checkpoint *const *files, const char *metrics, int64_t only_run, int64_t only_group);
void     gk_runs_free(gk_runs *runs);    /* NULL is fine */

gk_cell     gk_runs_cell(const gk_runs *runs, const gk_run *run, int column);
int64_t     gk_run_step(const gk_run *run);        /* updates done */
const char *gk_run_status(const gk_run *run);      /* "running", ...: gk_replica_status_names */
/* Value of a metric (index into runs->metric) at a record of the run's history; NaN if it has none. */
double      gk_runs_metric(const gk_runs *runs, const gk_run *run, int metric, int64_t record);
/* Whether the run was still evaluated at this record: retired runs are not. */
bool        gk_run_has_record(const gk_run *run, int64_t record);
int64_t     gk_run_last_record(const gk_run *run);     /* -1: none */

/* The long table in memory: the columns, step (unit updates), and the metrics; one row per record and run. */
gk_frame   *gk_runs_frame(const gk_runs *runs);

#endif
