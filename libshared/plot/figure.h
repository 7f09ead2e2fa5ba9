/* figure.h -- a figure in the abstract (lines, bands, heat maps, axes, legend), and its drawing by gnuplot, or, of heat maps in a
 * terminal, by ourselves. */
#ifndef GK_PLOT_FIGURE_H
#define GK_PLOT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/choice.h"
#include "base/error.h"

typedef enum { GK_SVG, GK_PNG, GK_PDF, GK_TERMINAL } gk_figure_format;
#define GK_LINE_STYLES(X) X(GK_STYLE_LINES, "lines") X(GK_STYLE_POINTS, "points") X(GK_STYLE_LINES_POINTS, "linespoints")
GK_CHOICES(gk_line_style, GK_LINE_STYLES);

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
    bool          has_halo;      /* a wider line of the opposite lightness below it, so that it stands out on any colour */
} gk_figure_line;

typedef struct gk_key_entry { const char *label; gk_pen pen; } gk_key_entry;

/* A heat map: one per panel, in order.  Cell (ix, iy) is z[iy * n_x + ix] and spans [x_edge[ix], x_edge[ix + 1]] and so on.  NaN:
 * blank; infinite: grey. */
typedef struct gk_figure_map {
    int64_t       n_x, n_y;
    const double *x, *y;              /* [n_x], [n_y] what the cells are of: numbers at a terminal's axes */
    const double *x_edge, *y_edge;    /* [n_x + 1], [n_y + 1] ascending; positive on a logarithmic axis */
    const double *z;                  /* [n_y][n_x] */
} gk_figure_map;

/* How the values of all maps become colours. */
typedef enum { GK_COLOUR_LINEAR, GK_COLOUR_LOG, GK_COLOUR_POWER } gk_colour_kind;
typedef struct gk_colour_scale {
    gk_colour_kind kind;
    double         power;           /* GK_COLOUR_POWER: colour by z^power, of z >= 0 */
    double         range[2];        /* values of the darkest and the lightest colour; what lies beyond has these */
    const char    *label;
    int            n_level;         /* contour levels, ascending: marked on the colour bar, and the bands of a terminal's map */
    const double  *level;
} gk_colour_scale;

/* A text at a point: a mark (boxed), or the value of a contour (on its own colour). */
typedef struct gk_figure_text {
    double      x, y;
    const char *text;
    bool        is_level;
    double      level;              /* is_level: its value on the colour scale */
    int         panel;              /* -1: in every panel */
} gk_figure_text;

/* A straight line across every panel: x = at, or y = at; text (or NULL) at its end. */
typedef struct gk_figure_rule { bool is_x; double at; const char *text; } gk_figure_rule;

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
    int              n_map;                                  /* 0, or one per panel */
    gk_figure_map   *map;
    gk_colour_scale  colour;
    int              n_text;
    gk_figure_text  *text;
    int              n_rule;
    gk_figure_rule  *rule;
} gk_figure;

typedef struct gk_canvas {
    gk_figure_format format;
    int              width, height;    /* pixels; PDF: 1/100 inch; terminal: characters.  0: the format's default */
    bool             is_coloured;      /* terminal only */
} gk_canvas;

/* Share of the way from the darkest to the lightest colour, not held within [0, 1]; -INFINITY for what a logarithmic scale has
 * no place for. */
double   gk_colour_share(const gk_colour_scale *scale, double value);
/* Colour of a share (held within [0, 1]), 0xrrggbb: viridis [Smith and van der Walt 2015], which all readers can tell apart and
 * which gets lighter all along. */
uint32_t gk_colour_ramp(double share);
/* Black on light colours, white on dark ones. */
uint32_t gk_colour_contrast(uint32_t colour);

/* Draw into memory that free() frees.  0, or -1 with gk_error. */
int gk_figure_draw(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output) GK_MUST_CHECK;

#endif
