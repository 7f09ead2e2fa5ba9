/* figure.h -- a figure in the abstract: lines, bands, heat maps, axes, panels, legend, marks; and its drawing.
 *
 * Where everything stands is decided by ourselves (layout.h), so that nothing runs into anything else at any size; gnuplot gets
 * places and draws.  Heat maps in a terminal are drawn without it. */
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

/* Where the legend stands: above the panels, beside them, in the corner of the first panel that has fewest data, in that
 * corner. */
#define GK_LEGENDS(X) \
    X(GK_LEGEND_TOP, "top") X(GK_LEGEND_RIGHT, "right") X(GK_LEGEND_INSIDE, "inside") X(GK_LEGEND_TOP_LEFT, "top-left") \
    X(GK_LEGEND_TOP_RIGHT, "top-right") X(GK_LEGEND_BOTTOM_LEFT, "bottom-left") X(GK_LEGEND_BOTTOM_RIGHT, "bottom-right") \
    X(GK_LEGEND_NONE, "none")
GK_CHOICES(gk_legend_place, GK_LEGENDS);

enum { GK_MAX_PANEL = 12, GK_MAX_AXIS = 8, GK_N_DASH = 5 };

typedef struct gk_pen {
    uint32_t colour;     /* 0xrrggbb */
    int      symbol;     /* number of the pen: which letter in a terminal */
    int      dash;       /* 1 solid; up to GK_N_DASH: others, all with more line than gap */
    bool     is_thin;
} gk_pen;

typedef struct gk_figure_line {
    int64_t       n;
    const double *x, *y;         /* [n]; what is not finite, or not positive on a logarithmic axis, breaks the line */
    const double *low, *high;    /* [n] a band around it, or NULL */
    gk_pen        pen;
    int           panel;         /* where it is drawn */
    int           axis;          /* on which of the vertical axes */
    const double *level;         /* of a contour: its value, to be written on it; else NULL */
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

/* A named point, in every panel: on a map its name in a box, elsewhere a dot with its name beside it. */
typedef struct gk_figure_mark { double x, y; const char *text; } gk_figure_mark;

/* A straight line across every panel: x = at, or y = at on the first axis; text (or NULL) at its end, outside of the frame. */
typedef struct gk_figure_rule { bool is_x; double at; const char *text; } gk_figure_rule;

typedef struct gk_axis {
    const char *label;         /* from anywhere; NULL: none */
    bool        is_log;
    double      range[2];      /* NaN: from the data */
} gk_axis;

typedef struct gk_panel { const char *title; int axis; } gk_panel;    /* its left axis; panels of one axis span the same */

typedef struct gk_figure {
    const char      *title, *caption;                        /* texts from anywhere; NULL: none */
    gk_axis          x;
    int              n_axis;                                 /* vertical axes; 0: one */
    gk_axis          y[GK_MAX_AXIS];
    bool             has_right;                              /* the last of them is at the right, of every panel */
    gk_line_style    style;
    double           opacity;                                /* of lines, in (0, 1]; 0: 1 */
    int64_t          n_line;
    gk_figure_line  *line;                                   /* later ones are drawn on top */
    gk_legend_place  legend;
    int              n_key;
    gk_key_entry    *key;
    int              n_panel;                                /* 0: one */
    int              n_column;                               /* panels in a row; 0: as they fit */
    gk_panel        *panel;                                  /* [n_panel], or NULL if there is one */
    int              n_map;                                  /* 0, or one per panel */
    gk_figure_map   *map;
    bool             has_bar;                                /* a colour bar; always beside maps */
    gk_colour_scale  colour;
    int              n_mark;
    gk_figure_mark  *mark;
    int              n_rule;
    gk_figure_rule  *rule;
} gk_figure;

typedef struct gk_canvas {
    gk_figure_format format;
    int              columns, rows;    /* of a terminal, in characters; 0: 80 x 24 */
    bool             is_coloured;      /* terminal only */
    double           width, height;    /* inches; 0: the default, of the height by the number of panels */
    double           dots_per_inch;    /* PNG only; 0: 144 */
    bool             is_print;         /* its size is in a unit of length, and stays that */
    double           font_size;        /* of labels, points; 0: 8 in print, else 10.5 at 8 1/3 inches, in proportion */
    double           line_width;       /* of curves, points; 0: 1/7 of the font's size */
} gk_canvas;

/* "800x500": dots (PDF: 1/100 inch; terminal: characters), with everything in proportion; "3.5in", "3.5x2.5in", "8.9x6cm":
 * inches, centimetres, and a font of 8 points, as in print.  -1 with gk_error. */
int gk_canvas_size(gk_canvas *canvas, const char *text) GK_MUST_CHECK;
/* Every 0 replaced by its default. */
gk_canvas gk_canvas_complete(const gk_canvas *canvas, int n_row);

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

/* The script that gk_figure_draw gives to gnuplot.  With names of files, of one folder, it reads its numbers from data_name
 * and writes picture_name; *data is what the former must hold.  Else data is not used and numbers stand in the script.  Not
 * of a terminal.  In memory that free() frees; 0, or -1 with gk_error. */
typedef struct gk_script { char *text, *data; size_t n_text, n_data; } gk_script;
int gk_figure_script(const gk_figure *figure, const gk_canvas *canvas, const char *data_name, const char *picture_name,
                     gk_script *out) GK_MUST_CHECK;

#endif
