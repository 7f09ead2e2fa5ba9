/* layout_levels.c -- where the values of contours are written: on the longest lines, along them, where no other line is. */
#include <math.h>
#include <string.h>
#include "plot/extent.h"
#include "plot/layout_private.h"
#include "plot/letters.h"

enum { MOST_LINES = 8 };    /* of a level that are tried */

/* --- where lines are, to be asked often --------------------------------------------------------------------------------- */

/* The places of a panel's lines, in squares of one em. */
typedef struct place { double at[2]; const double *level; int64_t next; } place;
typedef struct places {
    gk_box   plot;
    int64_t  n_across, n_up, n;
    int64_t *first;       /* [n_up][n_across] 1 + a place, each of which knows the next of its square; 0: none */
    place   *place;
} places;

static int64_t square(double at, double start, int64_t n)
{
    double i = floor(at - start);

    return i < 0 ? 0 : i >= (double)n ? n - 1 : (int64_t)i;
}

static places gather(const gk_figure *figure, const gk_layout *layout, int panel, gk_arena *arena)
{
    places  p = { .plot = layout->plot[panel] };
    int64_t n = 0;
    double  at[2];

    p.n_across = (int64_t)ceil(p.plot.right - p.plot.left) + 1;
    p.n_up = (int64_t)ceil(p.plot.top - p.plot.bottom) + 1;
    p.first = gk_arena_alloc(arena, (size_t)(p.n_across * p.n_up) * sizeof *p.first);
    for (int64_t l = 0; l < figure->n_line; l++) {
        gk_walk w = gk_walk_along(figure, layout, &figure->line[l]);
        while (figure->line[l].panel == panel && gk_walk_next(&w, at))
            n++;
    }
    p.place = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *p.place);
    for (int64_t l = 0; l < figure->n_line; l++) {
        gk_walk w = gk_walk_along(figure, layout, &figure->line[l]);
        while (figure->line[l].panel == panel && gk_walk_next(&w, at)) {
            int64_t *first = &p.first[square(at[1], p.plot.bottom, p.n_up) * p.n_across + square(at[0], p.plot.left, p.n_across)];
            p.place[p.n] = (place){ { at[0], at[1] }, figure->line[l].level, *first };
            *first = ++p.n;
        }
    }
    return p;
}

/* Whether a line other than those of this level, straight ones among them, goes through a box. */
static bool meets_others(const gk_figure *figure, const gk_layout *layout, const places *p, int panel, double level,
                         const gk_box *box)
{
    double at[2];

    for (int i = 0; i < figure->n_rule; i++) {
        bool is_x = figure->rule[i].is_x;
        gk_layout_place(layout, figure, panel, 0, is_x ? figure->rule[i].at : layout->x_range[0],
                        is_x ? layout->y_range[0][0] : figure->rule[i].at, at);
        if (is_x ? at[0] > box->left && at[0] < box->right : at[1] > box->bottom && at[1] < box->top)
            return true;
    }
    for (int64_t row = square(box->bottom, p->plot.bottom, p->n_up); row <= square(box->top, p->plot.bottom, p->n_up); row++)
        for (int64_t c = square(box->left, p->plot.left, p->n_across); c <= square(box->right, p->plot.left, p->n_across); c++)
            for (int64_t k = p->first[row * p->n_across + c]; k > 0; k = p->place[k - 1].next) {
                const place *other = &p->place[k - 1];
                if (!(other->level && *other->level == level) && other->at[0] >= box->left && other->at[0] <= box->right &&
                    other->at[1] >= box->bottom && other->at[1] <= box->top)
                    return true;
            }
    return false;
}

/* --- texts -------------------------------------------------------------------------------------------------------------- */

static double length_of(const gk_figure *figure, const gk_layout *layout, const gk_figure_line *line)
{
    double length = 0, at[2];

    for (gk_walk w = gk_walk_along(figure, layout, line); gk_walk_next(&w, at);)
        length += GK_STRIDE;
    return length;
}

/* The value on one line: along it, as near to its middle as there is room; false if there is none anywhere. */
static bool label_line(const gk_figure *figure, gk_layout *layout, const places *p, const gk_figure_line *line, double length,
                       gk_arena *arena)
{
    const gk_box *plot = &p->plot;
    const char *text = gk_arena_printf(arena, "%.6g", *line->level);
    gk_placed best = { 0 };
    double    long_half = GK_LEVEL_SIZE * gk_letters_width(text) / 2 + 0.12, short_half = 0.42;
    double    at[2], before[2] = { NAN, NAN }, passed = 0, nearest = INFINITY;

    for (gk_walk w = gk_walk_along(figure, layout, line); gk_walk_next(&w, at); passed += GK_STRIDE) {
        bool   is_upright = fabs(at[1] - before[1]) > 1.2 * fabs(at[0] - before[0]);
        double dx = is_upright ? short_half : long_half, dy = is_upright ? long_half : short_half;
        gk_box box = { at[0] - dx, at[0] + dx, at[1] - dy, at[1] + dy };
        bool   is_inside = box.left > plot->left + 0.1 && box.right < plot->right - 0.1 && box.bottom > plot->bottom + 0.1 &&
                         box.top < plot->top - 0.1;
        bool   is_better = fabs(passed - length / 2) < nearest && isfinite(before[0]);
        memcpy(before, at, sizeof before);
        if (!is_better || !is_inside || !gk_layout_is_free(layout, &box) ||
            meets_others(figure, layout, p, line->panel, *line->level, &box))
            continue;
        nearest = fabs(passed - length / 2);
        uint32_t back = gk_colour_ramp(gk_colour_share(&figure->colour, *line->level));
        best = (gk_placed){ .of = GK_OF_LEVEL, .text = text, .x = at[0], .y = at[1], .size = GK_LEVEL_SIZE, .box = box,
                            .is_upright = is_upright, .has_back = true, .back = back, .colour = gk_colour_contrast(back) };
    }
    if (best.text)
        gk_layout_add(layout, arena, best);
    return best.text != NULL;
}

/* The longest lines of a level in a panel, longest first; their number. */
static int longest_lines(const gk_figure *figure, const gk_layout *layout, int panel, double level,
                         const gk_figure_line *line[MOST_LINES], double length[MOST_LINES])
{
    int n = 0;

    for (int64_t l = 0; l < figure->n_line; l++) {
        const gk_figure_line *one = &figure->line[l];
        bool   is_of = one->panel == panel && one->level && *one->level == level && one->has_halo;
        double here = is_of ? length_of(figure, layout, one) : 0;
        int    rank = n;
        while (rank > 0 && length[rank - 1] < here)
            rank--;
        if (here < 3 * GK_STRIDE || rank == MOST_LINES)
            continue;
        n = n < MOST_LINES ? n + 1 : n;
        for (int k = n - 1; k > rank; k--) {
            line[k] = line[k - 1];
            length[k] = length[k - 1];
        }
        line[rank] = one;
        length[rank] = here;
    }
    return n;
}

/* Each level is told once in a panel. */
void gk_layout_levels(const gk_figure *figure, gk_layout *layout, gk_arena *arena)
{
    for (int panel = 0; panel < layout->n_panel && figure->colour.n_level > 0; panel++) {
        places p = gather(figure, layout, panel, arena);
        for (int level = 0; level < figure->colour.n_level; level++) {
            const gk_figure_line *line[MOST_LINES];
            double length[MOST_LINES];
            int n = longest_lines(figure, layout, panel, figure->colour.level[level], line, length);
            for (int k = 0; k < n && !label_line(figure, layout, &p, line[k], length[k], arena);)
                k++;
        }
    }
}
