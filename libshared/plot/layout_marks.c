/* layout_marks.c -- texts and signs within panels: of straight lines, marks, infinite values. */
#include <math.h>
#include <stdlib.h>
#include "plot/extent.h"
#include "plot/layout_private.h"
#include "plot/letters.h"

#define SIGN_APART  0.8     /* signs of one line keep so far apart */
#define NEVER       1e-6
enum { MAX_STRIDES = 200, MAX_RULE_ROWS = 4 };

/* --- straight lines ----------------------------------------------------------------------------------------------- */

typedef struct named_rule { const gk_figure_rule *rule; int index; } named_rule;

static int compare_rules(const void *left, const void *right)
{
    const named_rule *a = left, *b = right;

    return a->rule->at < b->rule->at ? -1 : a->rule->at > b->rule->at ? 1 : a->index - b->index;
}

/* Named lines of one direction, ascending. */
static int named_rules(const gk_figure *figure, bool is_x, gk_arena *arena, named_rule **out)
{
    named_rule *found = gk_arena_alloc(arena, (size_t)(figure->n_rule + 1) * sizeof *found);
    int n = 0;

    for (int i = 0; i < figure->n_rule; i++)
        if (figure->rule[i].is_x == is_x && figure->rule[i].text && *figure->rule[i].text)
            found[n++] = (named_rule){ &figure->rule[i], i };
    qsort(found, (size_t)n, sizeof *found, compare_rules);
    *out = found;
    return n;
}

/* Above a panel: each text over its line, in the lowest row where it has room. */
static int place_x_rules(const gk_figure *figure, gk_layout *layout, int panel, bool is_final, gk_arena *arena)
{
    named_rule *rule;
    const gk_box *plot = &layout->plot[panel];
    double end[MAX_RULE_ROWS] = { -INFINITY, -INFINITY, -INFINITY, -INFINITY };
    int    n = named_rules(figure, true, arena, &rule), n_row = 0;

    for (int i = 0; i < n; i++) {
        double share = gk_axis_share(layout->x_range, figure->x.is_log, rule[i].rule->at);
        double x = plot->left + share * (plot->right - plot->left);
        double half = GK_RULE_SIZE * gk_letters_width(rule[i].rule->text) / 2;
        int    row = 0;
        x = fmin(x, layout->width - GK_PAD - half);
        while (row + 1 < MAX_RULE_ROWS && x - half < end[row] + 0.5)
            row++;
        end[row] = fmax(end[row], x + half);
        n_row = row + 1 > n_row ? row + 1 : n_row;
        layout->rule_end[rule[i].index] = row * GK_RULE_LINE + 0.15;
        if (is_final)
            gk_layout_add(layout, arena, (gk_placed){ .of = GK_OF_RULE, .text = rule[i].rule->text, .x = x, .size = GK_RULE_SIZE,
                                                      .y = plot->top + (row + 0.5) * GK_RULE_LINE + 0.1 });
    }
    return n_row;
}

/* At the right of a panel: each text beside its line, or as near to it as its neighbours leave. */
static void place_y_rules(const gk_figure *figure, gk_layout *layout, int panel, gk_arena *arena)
{
    named_rule *rule;
    const gk_box *plot = &layout->plot[panel];
    int    n = named_rules(figure, false, arena, &rule), right = figure->n_axis - 1;
    double *y = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *y), apart = GK_RULE_SIZE * 1.1, x = plot->right + 0.3;

    if (figure->has_right)
        x += GK_TICK + GK_NUMBER_GAP + GK_NUMBER_SIZE * layout->y[right].widest + (figure->y[right].label ? GK_LINE : 0);
    for (int i = 0; i < n; i++) {
        double share = gk_axis_share(layout->y_range[0], figure->y[0].is_log, rule[i].rule->at);
        y[i] = fmax(plot->bottom + share * (plot->top - plot->bottom), i > 0 ? y[i - 1] + apart : -INFINITY);
    }
    for (int i = n - 1; i >= 0; i--)    /* not out of the panel at its top, where other texts are */
        y[i] = fmin(y[i], i == n - 1 ? plot->top - GK_RULE_SIZE / 2 : y[i + 1] - apart);
    for (int i = 0; i < n; i++)
        gk_layout_add(layout, arena, (gk_placed){ .of = GK_OF_RULE, .text = rule[i].rule->text, .x = x, .y = y[i], .align = -1,
                                                  .size = GK_RULE_SIZE });
}

int gk_layout_rules(const gk_figure *figure, gk_layout *layout, bool is_final, gk_arena *arena)
{
    int n_row = 0;

    for (int panel = 0; panel < (is_final ? layout->n_panel : 1); panel++) {
        n_row = place_x_rules(figure, layout, panel, is_final, arena);
        bool is_outer = panel % layout->n_column == layout->n_column - 1 || panel == layout->n_panel - 1;
        if (is_final && is_outer)
            place_y_rules(figure, layout, panel, arena);
    }
    return n_row;
}

/* --- where lines are ---------------------------------------------------------------------------------------------- */

static bool is_there(const gk_walk *w, int64_t i)
{
    return gk_is_drawn(w->line->x[i], w->figure->x.is_log) && gk_is_drawn(w->line->y[i], w->figure->y[w->line->axis].is_log);
}

static void where(const gk_walk *w, int64_t i, double out[2])
{
    gk_layout_place(w->layout, w->figure, w->line->panel, w->line->axis, w->line->x[i], w->line->y[i], out);
}

gk_walk gk_walk_along(const gk_figure *figure, const gk_layout *layout, const gk_figure_line *line)
{
    return (gk_walk){ .figure = figure, .layout = layout, .line = line, .i = -1 };
}

bool gk_walk_next(gk_walk *w, double out[2])
{
    while (w->k >= w->n) {
        if (++w->i >= w->line->n)
            return false;
        if (!is_there(w, w->i))
            continue;
        where(w, w->i, w->from);
        w->k = 0;
        w->n = 1;
        if (w->i + 1 < w->line->n && is_there(w, w->i + 1)) {
            where(w, w->i + 1, w->to);
            w->n = (int)fmin(fmax(hypot(w->to[0] - w->from[0], w->to[1] - w->from[1]) / GK_STRIDE, 1), MAX_STRIDES);
        } else {
            w->to[0] = w->from[0];
            w->to[1] = w->from[1];
        }
    }
    for (int c = 0; c < 2; c++)
        out[c] = w->from[c] + (w->to[c] - w->from[c]) * w->k / w->n;
    w->k++;
    return true;
}

static bool holds(const gk_box *box, const double at[2])
{
    return at[0] >= box->left && at[0] <= box->right && at[1] >= box->bottom && at[1] <= box->top;
}

double gk_layout_crowd(const gk_figure *figure, const gk_layout *layout, int panel, const gk_box *box)
{
    double crowd = 0, at[2];

    for (int64_t l = 0; l < figure->n_line; l++) {
        gk_walk w = gk_walk_along(figure, layout, &figure->line[l]);
        while (figure->line[l].panel == panel && gk_walk_next(&w, at))
            crowd += holds(box, at) * GK_STRIDE;
    }
    return crowd;
}

/* --- infinite values ---------------------------------------------------------------------------------------------- */

void gk_layout_signs(const gk_figure *figure, gk_layout *layout, gk_arena *arena)
{
    int64_t n = figure->n_mark * layout->n_panel;
    for (int64_t l = 0; l < figure->n_line; l++)
        for (int64_t i = 0; i < figure->line[l].n; i++)
            n += isinf(figure->line[l].y[i]) != 0;
    layout->sign = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *layout->sign);
    for (int64_t l = 0; l < figure->n_line; l++) {
        const gk_figure_line *line = &figure->line[l];
        const gk_box *plot = &layout->plot[line->panel];
        double last = -INFINITY;
        for (int64_t i = 0; i < line->n; i++) {
            double share = isinf(line->y[i]) && gk_is_drawn(line->x[i], figure->x.is_log)
                               ? gk_axis_share(layout->x_range, figure->x.is_log, line->x[i]) : -1;
            double x = plot->left + share * (plot->right - plot->left);
            bool   is_up = line->y[i] > 0;
            if (share < -NEVER || share > 1 + NEVER || x < last + SIGN_APART)
                continue;
            layout->sign[layout->n_sign++] = (gk_sign){ is_up ? GK_SIGN_UP : GK_SIGN_DOWN, x,
                                                        is_up ? plot->top - 0.35 : plot->bottom + 0.35, line->pen.colour };
            last = x;
        }
    }
}

/* --- named points ------------------------------------------------------------------------------------------------- */

/* Beside a dot, where fewest lines are. */
static gk_placed beside(const gk_figure *figure, const gk_layout *layout, int panel, const double at[2], const char *text)
{
    static const double way[8][2] = { { 1, 1 }, { -1, 1 }, { 1, -1 }, { -1, -1 }, { 1, 0 }, { -1, 0 }, { 0, 1 }, { 0, -1 } };
    double    half = gk_letters_width(text) * 0.95 / 2, least = INFINITY;
    gk_placed best = { 0 };

    for (int w = 0; w < 8; w++) {
        double x = at[0] + way[w][0] * (half + 0.5), y = at[1] + way[w][1] * 0.85;
        gk_box box = { x - half, x + half, y - 0.5, y + 0.5 };
        const gk_box *plot = &layout->plot[panel];
        bool   is_inside = box.left > plot->left && box.right < plot->right && box.bottom > plot->bottom && box.top < plot->top;
        double crowd =
            gk_layout_crowd(figure, layout, panel, &box) + (is_inside ? 0 : 1e2) + (gk_layout_is_free(layout, &box) ? 0 : 1e3);
        if (crowd < least) {
            least = crowd;
            best = (gk_placed){ .of = GK_OF_MARK, .text = text, .x = x, .y = y, .size = 0.95 };
        }
    }
    return best;
}

void gk_layout_marks(const gk_figure *figure, gk_layout *layout, gk_arena *arena)
{
    for (int panel = 0; panel < layout->n_panel; panel++)
        for (int i = 0; i < figure->n_mark; i++) {
            const gk_figure_mark *mark = &figure->mark[i];
            double at[2], half = 0.85 * gk_letters_width(mark->text) / 2 + 0.35;
            gk_layout_place(layout, figure, panel, figure->panel ? figure->panel[panel].axis : 0, mark->x, mark->y, at);
            if (figure->n_map > 0) {
                gk_layout_add(layout, arena,
                              (gk_placed){ .of = GK_OF_MARK,
                                           .text = mark->text,
                                           .x = at[0],
                                           .y = at[1],
                                           .size = 0.85,
                                           .has_back = true,
                                           .has_border = true,
                                           .back = 0xffffff,
                                           .box = { at[0] - half, at[0] + half, at[1] - 0.6, at[1] + 0.6 } });
            } else {
                gk_layout_add(layout, arena, beside(figure, layout, panel, at, mark->text));
                layout->sign[layout->n_sign++] = (gk_sign){ GK_SIGN_DOT, at[0], at[1], 0 };
            }
        }
}
