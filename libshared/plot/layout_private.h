/* layout_private.h -- what the files that lay a figure out share. */
#ifndef GK_PLOT_LAYOUT_PRIVATE_H
#define GK_PLOT_LAYOUT_PRIVATE_H

#include "plot/layout.h"

/* Sizes in em: of fonts, then lines of text with what is above and below. */
#define GK_TITLE_SIZE   1.15
#define GK_NUMBER_SIZE  0.92
#define GK_CAPTION_SIZE 0.75
#define GK_RULE_SIZE    0.85
#define GK_LEVEL_SIZE   0.7
#define GK_PAD          0.5
#define GK_TICK         0.4      /* length of a tick */
#define GK_NUMBER_GAP   0.25     /* from a tick to its number */
#define GK_LINE         1.35
#define GK_RULE_LINE    1.1
#define GK_BAR_GAP      1.2
#define GK_BAR_WIDTH    1.1

/* What is decided before panels have their places, and again once they have. */
typedef struct gk_margins {
    double numbers, right_numbers;      /* widest at the left and at the right axis */
    double before, behind;              /* how far numbers of the x axis go out at either end */
    double rule_right;                  /* widest text of a horizontal line */
    int    rule_rows;                   /* rows of texts of vertical lines */
} gk_margins;

gk_placed *gk_layout_add(gk_layout *layout, gk_arena *arena, gk_placed text);
/* A text in so much room: smaller, down to 0.75 of its size, then cut. */
gk_placed  gk_layout_fit(gk_placed text, double room, gk_arena *arena);

/* Whether a text of this box lies on none. */
bool gk_layout_is_free(const gk_layout *layout, const gk_box *box);

/* The legend: how much it takes at the top or at the right; then its places.  Above everything else at `top`. */
typedef struct gk_key_size { int n_column, n_row; double width, *column; } gk_key_size;
gk_key_size gk_layout_key_size(const gk_figure *figure, double width, gk_arena *arena);
void gk_layout_key_top(const gk_figure *figure, gk_layout *layout, const gk_key_size *size, double top, gk_arena *arena);
void gk_layout_key_right(const gk_figure *figure, gk_layout *layout, const gk_key_size *size, double top, gk_arena *arena);
void gk_layout_key_inside(const gk_figure *figure, gk_layout *layout, gk_arena *arena);
bool gk_legend_is_inside(gk_legend_place place);
/* Whether the first panel has room for it. */
bool gk_layout_key_fits(const gk_figure *figure, const gk_layout *layout);

/* Rows that the texts of vertical lines take above a panel, and with is_final the texts. */
int  gk_layout_rules(const gk_figure *figure, gk_layout *layout, bool is_final, gk_arena *arena);
/* Signs of infinite values, texts of marks, values on contours. */
void gk_layout_signs(const gk_figure *figure, gk_layout *layout, gk_arena *arena);
void gk_layout_marks(const gk_figure *figure, gk_layout *layout, gk_arena *arena);
void gk_layout_levels(const gk_figure *figure, gk_layout *layout, gk_arena *arena);

/* The places of a line every GK_STRIDE em and at its points, one after the other; false: none is left. */
#define GK_STRIDE 0.3
typedef struct gk_walk {
    const gk_figure      *figure;
    const gk_layout      *layout;
    const gk_figure_line *line;
    int64_t               i;
    int                   k, n;
    double                from[2], to[2];
} gk_walk;
gk_walk gk_walk_along(const gk_figure *figure, const gk_layout *layout, const gk_figure_line *line);
bool    gk_walk_next(gk_walk *walk, double out[2]);

/* How much of the panel's lines goes through a box, in em. */
double gk_layout_crowd(const gk_figure *figure, const gk_layout *layout, int panel, const gk_box *box);

#endif
