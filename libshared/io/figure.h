/* figure.h -- a figure in the abstract (lines, bands, axes, legend), and its drawing by gnuplot. */
#ifndef GK_IO_FIGURE_H
#define GK_IO_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/error.h"

typedef enum { GK_SVG, GK_PNG, GK_PDF, GK_TERMINAL } gk_figure_format;
typedef enum { GK_STYLE_LINES, GK_STYLE_POINTS, GK_STYLE_LINES_POINTS } gk_line_style;

typedef struct gk_pen {
    uint32_t colour;     /* 0xrrggbb */
    int      symbol;     /* number of the pen: which point mark, and which letter in a terminal */
    int      dash;       /* 1 solid; 2, 3, ... gnuplot's dash types */
    bool     is_thin;
} gk_pen;

typedef struct gk_figure_line {
    int64_t       n;
    const double *x, *y;         /* [n]; what is not finite, or not positive on a logarithmic axis, breaks the line */
    const double *low, *high;    /* [n] a band around it, or NULL */
    gk_pen        pen;
    int           panel;         /* where it is drawn */
} gk_figure_line;

typedef struct gk_key_entry { const char *label; gk_pen pen; } gk_key_entry;

typedef struct gk_figure {
    const char      *title, *caption, *x_label, *y_label;    /* texts from anywhere; NULL: none */
    bool             log_x, log_y;
    double           x_range[2], y_range[2];                 /* NaN: from the data */
    gk_line_style    style;
    int64_t          n_line;
    gk_figure_line  *line;                                   /* later ones are drawn on top */
    int              n_key;
    gk_key_entry    *key;
    int              n_panel;                                /* plots side by side with the same axes; 0: one */
    const char     **panel_title;                            /* [n_panel] */
} gk_figure;

typedef struct gk_canvas {
    gk_figure_format format;
    int              width, height;    /* pixels; PDF: 1/100 inch; terminal: characters.  0: the format's default */
    bool             is_coloured;      /* terminal only */
} gk_canvas;

/* Draw into memory that free() frees.  0, or -1 with gk_error. */
int gk_figure_draw(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output) GK_MUST_CHECK;

#endif
