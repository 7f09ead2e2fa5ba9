/* lines.h -- from the rows of a table to the lines of a figure: which rows are one run, which runs are one curve. */
#ifndef GK_PLOT_LINES_H
#define GK_PLOT_LINES_H

#include "base/arena.h"
#include "base/choice.h"
#include "plot/figure.h"
#include "table/frame.h"

#define GK_BANDS(X) X(GK_BAND_AUTO, "auto") X(GK_BAND_RANGE, "range") X(GK_BAND_QUARTILES, "quartiles") X(GK_BAND_NONE, "none")
GK_CHOICES(gk_band_kind, GK_BANDS);

enum { GK_PLOT_MAX_COLUMN = 64 };

typedef struct gk_plot_request {
    int             x;                            /* column */
    int             n_y, y[GK_PLOT_MAX_COLUMN];
    int             axis[GK_PLOT_MAX_COLUMN];     /* of each y: its vertical axis, with panels of its own but for the right one */
    int             n_axis;                       /* 0: one */
    bool            has_right;                    /* the last axis is the right one, in the panels of axis 0 */
    int             n_by, by[GK_PLOT_MAX_COLUMN]; /* one curve for each combination of values in these columns */
    int             n_id, id[GK_PLOT_MAX_COLUMN]; /* rows that agree in these and in `by` are one run */
    bool            each;                         /* a line per run instead of the median */
    gk_band_kind    band;
    bool            log_x;
    bool            full_key;                     /* a legend entry for every pair of colour and metric */
    bool            has_colour_by;                /* colours tell the values of this column, not the curves: */
    int             colour_by;
    gk_colour_scale scale;                        /* of numbers that tell no runs apart; kind and range (NaN: from the data) */
    int             n_palette;                    /* colours to use instead of ours; 0: none */
    const uint32_t *palette;
} gk_plot_request;

/* The sets of a figure: the combinations of values of the `by` columns, and a row that has each; and what colours tell. */
typedef struct gk_plot_sets {
    const gk_frame *frame;
    int64_t         n, *row;
    int64_t         n_colour, *colour_row;        /* with colour_by: its values, where they are no numbers on a scale */
    gk_colour_scale scale;                        /* where they are */
    bool            has_scale;
} gk_plot_sets;

/* The column behind the options that vary in grok-log's tables: step, else steps; -1 if there is neither. */
int  gk_plot_options_end(const gk_frame *frame);

/* Columns that tell runs apart (file, run, replica, seed), and the default of `by`: the options that vary, which are those before
 * gk_plot_options_end that do not tell runs apart. */
void gk_plot_identity(const gk_frame *frame, gk_plot_request *request);
void gk_plot_default_by(const gk_frame *frame, gk_plot_request *request);
bool gk_plot_is_identity(const char *column);

/* Axes for the metrics: one for each kind (words.h), in order of appearance. */
void gk_plot_split(const gk_frame *frame, gk_arena *arena, gk_plot_request *request);

/* The sets among the rows of a table, and the legend or colour bar of a figure that shows them.  Memory from arena; 0, or -1 with
 * gk_error: out of memory, a colour's column that varies within a curve or has no place on its scale. */
int  gk_plot_legend(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_plot_sets *sets,
                    gk_figure *figure) GK_MUST_CHECK;

/* Fill figure->line and ->caption from rows whose sets are among these; memory from arena.  A line's panel is its axis (the right
 * one's: 0).  -1 with gk_error: out of memory. */
int  gk_plot_lines(const gk_frame *frame, const gk_plot_request *request, const gk_plot_sets *sets, gk_arena *arena,
                   gk_figure *figure) GK_MUST_CHECK;

/* Colour of one of n sets: the palette while it lasts, then a ramp. */
uint32_t    gk_plot_colour(const gk_plot_request *request, int64_t index, int64_t n);
/* How the line of metric y is drawn, of the set that this row is of. */
gk_pen      gk_plot_pen(const gk_plot_sets *sets, const gk_plot_request *request, const gk_frame *frame, int64_t row, int y);
/* "weight decay 0.1, prime 97": the values of the `by` columns in a row. */
const char *gk_plot_set_label(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, int64_t row);

/* Adds to the caption what the figure cannot show as a number: values that are infinite, and those that a logarithmic axis
 * has no place for.  (In medians the former count, as larger than every number.) */
void gk_plot_tell_undrawn(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_figure *figure);

/* Draw the curves whose legend contains one of the comma-separated words as usual, all others thin and below them, with paler
 * bands. */
void gk_plot_emphasise(const char *words, gk_arena *arena, gk_figure *figure);

#endif
