/* layout.h -- where everything of a figure stands, before anything draws it.
 *
 * The unit is em, the size of the labels' font, from the lower left corner of the figure; so a layout depends on the figure's
 * size in em alone.  All texts are placed here with the boxes that they cover (by letters.h): they lie within the figure, and
 * none lies on another, as long as there is room for panels that are a line high (tests/unit/test_layout.c). */
#ifndef GK_PLOT_LAYOUT_H
#define GK_PLOT_LAYOUT_H

#include "base/arena.h"
#include "plot/figure.h"
#include "plot/ticks.h"

typedef struct gk_box { double left, right, bottom, top; } gk_box;

typedef enum { GK_OF_TITLE, GK_OF_PANEL, GK_OF_AXIS, GK_OF_NUMBER, GK_OF_KEY, GK_OF_CAPTION, GK_OF_RULE, GK_OF_MARK,
               GK_OF_LEVEL, GK_OF_BAR } gk_text_of;

/* A text, centred at the height y; box.left, its middle or box.right are at x as align is -1, 0, 1. */
typedef struct gk_placed {
    gk_text_of  of;
    const char *text, *power;     /* power: above and behind it, or NULL */
    double      x, y, size;       /* size of its font */
    int         align;
    bool        is_upright;       /* reads from below to above; align along y then */
    uint32_t    colour;
    bool        has_back, has_border;
    uint32_t    back;             /* its box is filled with this colour */
    gk_box      box;
} gk_placed;

/* An infinite value: a triangle at the edge of its panel.  A named point: a dot. */
typedef enum { GK_SIGN_UP, GK_SIGN_DOWN, GK_SIGN_DOT } gk_sign_kind;
typedef struct gk_sign { gk_sign_kind kind; double x, y; uint32_t colour; } gk_sign;

typedef struct gk_layout {
    double    width, height;
    int       n_panel, n_column, n_row;
    gk_box    plot[GK_MAX_PANEL];              /* inside of the axes */
    double    x_range[2], y_range[GK_MAX_AXIS][2];    /* finite, ascending */
    gk_ticks  x, y[GK_MAX_AXIS];
    gk_box    bar;                             /* of colours; empty if there is none */
    gk_ticks  bar_ticks;                       /* at = share of the bar */
    gk_box    key_frame;                       /* behind a legend inside of a panel, else empty */
    int       n_key;
    gk_box   *sample;                          /* [n_key] where each entry's line goes, from left to right at half height */
    double    rule_top;                        /* how far above its panel a vertical line goes at most */
    double   *rule_end;                        /* [n_rule] em above the panel at which a vertical line ends */
    int       n_text, n_sign, max_text;
    gk_placed *text;
    gk_sign   *sign;
} gk_layout;

/* canvas: complete, not of a terminal.  All in arena memory. */
gk_layout *gk_layout_new(const gk_figure *figure, const gk_canvas *canvas, gk_arena *arena);

/* Where a point of the data is, in a panel. */
void gk_layout_place(const gk_layout *layout, const gk_figure *figure, int panel, int axis, double x, double y, double out[2]);

bool gk_box_meets(const gk_box *a, const gk_box *b);

#endif
