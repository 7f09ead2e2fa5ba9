/* lines.h -- from the rows of a table to the lines of a figure: which rows are one run, which runs are one colour. */
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
    int          x;                           /* column */
    int          n_y, y[GK_PLOT_MAX_COLUMN];
    int          n_by, by[GK_PLOT_MAX_COLUMN];    /* one colour for each combination of values in these columns */
    int          n_id, id[GK_PLOT_MAX_COLUMN];    /* rows that agree in these and in `by` are one run */
    bool         each;                        /* a line per run instead of the median */
    gk_band_kind band;
    bool         log_x;
    bool         full_key;                    /* a legend entry for every pair of colour and metric: without dashes and colours */
} gk_plot_request;

/* The sets of a figure, one colour each: the combinations of values of the `by` columns, and a row that has each. */
typedef struct gk_plot_sets { const gk_frame *frame; int64_t n, *row; } gk_plot_sets;

/* The column behind the options that vary in grok-log's tables: step, else steps; -1 if there is neither. */
int  gk_plot_options_end(const gk_frame *frame);

/* Columns that tell runs apart (file, run, replica, seed), and the default of `by`: the options that vary, which are those before
 * gk_plot_options_end that do not tell runs apart. */
void gk_plot_identity(const gk_frame *frame, gk_plot_request *request);
void gk_plot_default_by(const gk_frame *frame, gk_plot_request *request);

/* The sets among the rows of a table, and the legend of a figure that shows them: figure->key.  Memory from arena; 0, or -1 with
 * gk_error: out of memory. */
int  gk_plot_legend(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_plot_sets *sets,
                    gk_figure *figure) GK_MUST_CHECK;

/* Fill figure->line and ->caption from rows whose sets are among these; memory from arena, and arrays that live until the process
 * ends.  -1 with gk_error: nothing to draw, out of memory. */
int  gk_plot_lines(const gk_frame *frame, const gk_plot_request *request, const gk_plot_sets *sets, gk_arena *arena,
                   gk_figure *figure) GK_MUST_CHECK;

/* Colour of one of n sets. */
uint32_t    gk_plot_colour(int64_t index, int64_t n);
/* "weight decay 0.1, prime 97": the values of the `by` columns in a row. */
const char *gk_plot_set_label(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, int64_t row);
/* "train_acc" as a reader would say it: "train accuracy". */
const char *gk_plot_words(const char *column);

/* Adds to the caption "2 of 12 values are infinite: not drawn", if so.  (In medians they count, as larger than every number.) */
void gk_plot_tell_infinite(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_figure *figure);

#endif
