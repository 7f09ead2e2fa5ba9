/* input.h -- what grok-plot draws: a checkpoint or a TSV, told apart by their contents, as one table. */
#ifndef GK_PLOT_INPUT_H
#define GK_PLOT_INPUT_H

#include "base/arena.h"
#include "table/cells.h"
#include "table/frame.h"

typedef struct gk_plot_input {
    gk_select   select;       /* which value of a landscape's cells; set before reading */
    gk_arena    arena;
    gk_frame   *frame;
    const char *y;            /* columns to draw: as asked for, or those that the table has of the usual ones */
    const char *title;        /* "add mod 97, train fraction 0.3", or NULL */
    const char *loss_unit;    /* "nats", or "" if that is not known */
} gk_plot_input;

/* path "-": stdin.  Of a checkpoint only the metrics named in x, y (NULL: the default) and more (NULL: none), lists as of
 * request.h, are taken.  0, or -1 with gk_error. */
int  gk_plot_read(gk_plot_input *input, const char *path, const char *x, const char *y, const char *more) GK_MUST_CHECK;
/* The same for maps, with one row per run: a table as it is, of a landscape its cells, of another checkpoint what each run
 * had at its end; but of a checkpoint the whole history, of the metrics z, if x or y is step.  A table with one step of each
 * run has no map over step: -1. */
int  gk_plot_read_cells(gk_plot_input *input, const char *path, const char *x, const char *y, const char *z) GK_MUST_CHECK;
void gk_plot_input_release(gk_plot_input *input);

#endif
