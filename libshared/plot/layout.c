/* layout.c -- see layout.h: panels and the texts around them. */
#include "plot/layout.h"

#include <math.h>
#include <string.h>
#include "plot/extent.h"
#include "plot/figure_private.h"
#include "plot/layout_private.h"
#include "plot/letters.h"

enum { N_PASS = 5, MAX_TITLE_LINES = 2, MAX_CAPTION_LINES = 4, KEY_ROWS_MAX = 4, TEXT_CHUNK = 64 };
#define MIN_PANEL  8.5     /* width that a panel is to have at least */
#define RIGHT_KEY  0.42    /* of the figure's width, for a legend beside the panels */
#define MIN_PLOT   0.5     /* what stays of a plot where there is no room */

/* --- texts -------------------------------------------------------------------------------------------------------- */

bool gk_box_meets(const gk_box *a, const gk_box *b)
{
    return a->left < b->right && b->left < a->right && a->bottom < b->top && b->bottom < a->top;
}

static double width_of(const gk_placed *text)
{
    gk_tick tick = { 0, text->text, text->power };

    return text->size * gk_tick_width(&tick);
}

static gk_box box_of(const gk_placed *text)
{
    double width = width_of(text), half = 0.5 * text->size, start = -width * (1 + text->align) / 2;

    if (text->is_upright)
        return (gk_box){ text->x - half, text->x + half, text->y + start, text->y + start + width };
    return (gk_box){ text->x + start, text->x + start + width, text->y - half, text->y + half };
}

gk_placed *gk_layout_add(gk_layout *layout, gk_arena *arena, gk_placed text)
{
    if (layout->n_text == layout->max_text) {
        gk_placed *more = gk_arena_alloc(arena, (size_t)(2 * layout->max_text + TEXT_CHUNK) * sizeof *more);
        if (layout->n_text > 0)
            memcpy(more, layout->text, (size_t)layout->n_text * sizeof *more);
        layout->text = more;
        layout->max_text = 2 * layout->max_text + TEXT_CHUNK;
    }
    if (text.size <= 0)
        text.size = 1;
    if (!text.has_back)
        text.box = box_of(&text);
    layout->text[layout->n_text] = text;
    return &layout->text[layout->n_text++];
}

gk_placed gk_layout_fit(gk_placed text, double room, gk_arena *arena)
{
    double width = width_of(&text), least = 0.75 * text.size;

    if (width > room)
        text.size = fmax(text.size * room / width, least);
    if (width_of(&text) > room + 1e-9)
        text.text = gk_letters_cut(text.text, room / text.size, arena);
    return text;
}

bool gk_layout_is_free(const gk_layout *layout, const gk_box *box)
{
    for (int i = 0; i < layout->n_text; i++)
        if (gk_box_meets(&layout->text[i].box, box))
            return false;
    return true;
}

/* --- geometry ----------------------------------------------------------------------------------------------------- */

void gk_layout_place(const gk_layout *layout, const gk_figure *figure, int panel, int axis, double x, double y, double out[2])
{
    const gk_box *plot = &layout->plot[panel];

    out[0] = plot->left + gk_axis_share(layout->x_range, figure->x.is_log, x) * (plot->right - plot->left);
    out[1] = plot->bottom + gk_axis_share(layout->y_range[axis], figure->y[axis].is_log, y) * (plot->top - plot->bottom);
}

static int axis_of(const gk_figure *figure, int panel)
{
    return figure->panel ? figure->panel[panel].axis : 0;
}

static const char *title_of(const gk_figure *figure, int panel)
{
    return figure->panel && figure->panel[panel].title ? figure->panel[panel].title : "";
}

static int right_axis(const gk_figure *figure)
{
    return figure->has_right ? figure->n_axis - 1 : -1;
}

static bool is_text(const char *text)
{
    return text && *text;
}

/* One panel per row and axis if panels have several axes (then columns are said), else as many as have room. */
static int n_column(const gk_figure *figure, int n_panel, double width)
{
    int most = (int)fmax(1, fmin(3, (width - 5) / MIN_PANEL));

    if (figure->n_column > 0)
        return figure->n_column < n_panel ? figure->n_column : n_panel;
    if (n_panel <= most)
        return n_panel;
    if (n_panel == 4)
        return most < 2 ? 1 : 2;
    int rows = (n_panel + most - 1) / most;
    return (n_panel + rows - 1) / rows;
}

/* What the figure has beside its panels, in em. */
typedef struct frame {
    double left, right, bottom, top;     /* of what is left for panels with their numbers */
    double head;                         /* above each panel: its title and texts of lines */
    double below;                        /* numbers of the x axis */
    double gap_across, gap_up, gap_last; /* between columns, rows, and above a last row that is not full */
} frame;

/* Width of a colour bar with its numbers and label. */
static double bar_room(const gk_figure *figure, const gk_layout *layout)
{
    if (!figure->has_bar && figure->n_map == 0)
        return 0;
    return GK_BAR_GAP + GK_BAR_WIDTH + GK_TICK / 2 + GK_NUMBER_GAP + GK_NUMBER_SIZE * layout->bar_ticks.widest +
           (is_text(figure->colour.label) ? GK_LINE : 0);
}

static double left_room(const gk_figure *figure, const gk_margins *margins)
{
    bool has_label = false;

    for (int a = 0; a < (figure->n_axis > 0 ? figure->n_axis : 1); a++)
        has_label |= a != right_axis(figure) && is_text(figure->y[a].label);
    return fmax(GK_PAD + (has_label ? GK_LINE : 0) + margins->numbers + GK_TICK + GK_NUMBER_GAP, GK_PAD + margins->before);
}

static double right_room(const gk_figure *figure, const gk_margins *margins)
{
    double room = 0;

    if (figure->has_right)
        room = margins->right_numbers + GK_TICK + GK_NUMBER_GAP + (is_text(figure->y[right_axis(figure)].label) ? GK_LINE : 0);
    return fmax(room + margins->rule_right, margins->behind);
}

static void place_panels(const frame *f, gk_layout *layout)
{
    int    n_col = layout->n_column, n_row = layout->n_row;
    bool   is_full = layout->n_panel % n_col == 0;
    double gaps = n_row > 1 ? (n_row - 2) * f->gap_up + (is_full ? f->gap_up : f->gap_last) : 0;
    double width = fmax((f->right - f->left - (n_col - 1) * f->gap_across) / n_col, MIN_PLOT);
    double height = fmax((f->top - f->bottom - gaps - n_row * f->head) / n_row, MIN_PLOT);

    for (int panel = 0; panel < layout->n_panel; panel++) {
        int    row = panel / n_col, column = panel % n_col;
        double above =
            row * (height + f->head + f->gap_up) + (row == n_row - 1 && row > 0 && !is_full ? f->gap_last - f->gap_up : 0);
        double left = f->left + column * (width + f->gap_across), top = f->top - f->head - above;
        layout->plot[panel] = (gk_box){ left, left + width, top - height, top };
    }
}

static bool has_numbers_below(const gk_layout *layout, int panel)
{
    return panel + layout->n_column >= layout->n_panel;
}

/* Ticks for panels of this size, and the margins that their numbers need. */
static void choose_ticks(const gk_figure *figure, gk_layout *layout, gk_margins *margins, gk_arena *arena)
{
    const gk_box *plot = &layout->plot[0];
    double width = plot->right - plot->left, height = plot->top - plot->bottom;

    gk_ticks_choose(layout->x_range, figure->x.is_log, width / GK_NUMBER_SIZE, true, arena, &layout->x);
    margins->before = margins->behind = 0;
    for (int i = 0; i < layout->x.n_label; i++) {
        double at = gk_axis_share(layout->x_range, figure->x.is_log, layout->x.tick[i].at) * width;
        double half = GK_NUMBER_SIZE * gk_tick_width(&layout->x.tick[i]) / 2;
        margins->before = fmax(margins->before, half - at);
        margins->behind = fmax(margins->behind, at + half - width);
    }
    margins->numbers = margins->right_numbers = 0;
    for (int a = 0; a < (figure->n_axis > 0 ? figure->n_axis : 1); a++) {
        double *widest = a == right_axis(figure) ? &margins->right_numbers : &margins->numbers;
        gk_ticks_choose(layout->y_range[a], figure->y[a].is_log, height / GK_NUMBER_SIZE, false, arena, &layout->y[a]);
        *widest = fmax(*widest, GK_NUMBER_SIZE * layout->y[a].widest);
    }
    margins->rule_right = 0;
    for (int i = 0; i < figure->n_rule; i++)
        if (!figure->rule[i].is_x && is_text(figure->rule[i].text))
            margins->rule_right = fmax(margins->rule_right, 0.4 + GK_RULE_SIZE * gk_letters_width(figure->rule[i].text));
    margins->rule_rows = gk_layout_rules(figure, layout, false, arena);
}

static void choose_bar(const gk_figure *figure, gk_layout *layout, double height, gk_arena *arena)
{
    double tic[GK_MAX_TICK];
    int    n_most = (int)fmax(2, fmin(9, height / 1.9));

    layout->bar_ticks = (gk_ticks){ 0 };
    if (figure->has_bar || figure->n_map > 0)
        gk_ticks_write(gk_colour_tics(&figure->colour, n_most, tic), tic, figure->colour.kind != GK_COLOUR_LINEAR, arena,
                       &layout->bar_ticks);
}

/* --- texts around panels ------------------------------------------------------------------------------------------ */

static void number_axis(const gk_figure *figure, gk_layout *layout, int panel, int axis, bool is_right, gk_arena *arena)
{
    const gk_box *plot = &layout->plot[panel];
    double x = is_right ? plot->right + GK_TICK + GK_NUMBER_GAP : plot->left - GK_TICK - GK_NUMBER_GAP;

    for (int i = 0; i < layout->y[axis].n_label; i++) {
        const gk_tick *tick = &layout->y[axis].tick[i];
        double share = gk_axis_share(layout->y_range[axis], figure->y[axis].is_log, tick->at);
        gk_layout_add(layout, arena, (gk_placed){ .of = GK_OF_NUMBER, .text = tick->label, .power = tick->power, .x = x,
                                                  .y = plot->bottom + share * (plot->top - plot->bottom),
                                                  .align = is_right ? -1 : 1, .size = GK_NUMBER_SIZE, .colour = 0x333333 });
    }
}

static void number_panel(const gk_figure *figure, gk_layout *layout, int panel, gk_arena *arena)
{
    const gk_box *plot = &layout->plot[panel];
    int column = panel % layout->n_column;

    for (int i = 0; has_numbers_below(layout, panel) && i < layout->x.n_label; i++) {
        const gk_tick *tick = &layout->x.tick[i];
        double share = gk_axis_share(layout->x_range, figure->x.is_log, tick->at);
        gk_layout_add(layout, arena, (gk_placed){ .of = GK_OF_NUMBER, .text = tick->label, .power = tick->power,
                                                  .x = plot->left + share * (plot->right - plot->left),
                                                  .y = plot->bottom - GK_TICK - GK_NUMBER_GAP - GK_NUMBER_SIZE / 2,
                                                  .size = GK_NUMBER_SIZE, .colour = 0x333333 });
    }
    if (column == 0)
        number_axis(figure, layout, panel, axis_of(figure, panel), false, arena);
    if (figure->has_right && (column == layout->n_column - 1 || panel == layout->n_panel - 1))
        number_axis(figure, layout, panel, right_axis(figure), true, arena);
    if (layout->n_panel > 1 && *title_of(figure, panel))
        gk_layout_add(layout, arena, gk_layout_fit((gk_placed){ .of = GK_OF_PANEL, .text = title_of(figure, panel), .size = 1,
                                                                .x = (plot->left + plot->right) / 2,
                                                                .y = plot->top + layout->rule_top + 0.75 },
                                                   plot->right - plot->left, arena));
}

/* The label of a vertical axis, in the middle of all rows that it belongs to. */
static void label_axis(const gk_figure *figure, gk_layout *layout, int axis, double x, gk_arena *arena)
{
    bool   is_right = axis == right_axis(figure);
    double bottom = INFINITY, top = -INFINITY;

    for (int panel = 0; panel < layout->n_panel; panel++)
        if (is_right || axis_of(figure, panel) == axis) {
            bottom = fmin(bottom, layout->plot[panel].bottom);
            top = fmax(top, layout->plot[panel].top);
        }
    if (is_text(figure->y[axis].label) && top > bottom)
        gk_layout_add(layout, arena, gk_layout_fit((gk_placed){ .of = GK_OF_AXIS, .text = figure->y[axis].label, .size = 1,
                                                                .is_upright = true, .x = x, .y = (bottom + top) / 2 },
                                                   top - bottom + 1, arena));
}

static void label_axes(const gk_figure *figure, gk_layout *layout, const gk_margins *margins, double below, gk_arena *arena)
{
    const gk_box *first = &layout->plot[0], *last = &layout->plot[layout->n_column - 1];
    double right = last->right + GK_TICK + GK_NUMBER_GAP + margins->right_numbers + GK_LINE / 2;

    for (int a = 0; a < (figure->n_axis > 0 ? figure->n_axis : 1); a++)
        label_axis(figure, layout, a, a == right_axis(figure) ? right : GK_PAD + 0.5, arena);
    if (is_text(figure->x.label))
        gk_layout_add(layout, arena, gk_layout_fit((gk_placed){ .of = GK_OF_AXIS, .text = figure->x.label, .size = 1,
                                                                .x = (first->left + last->right) / 2,
                                                                .y = layout->plot[layout->n_panel - 1].bottom - below - 0.5 },
                                                   layout->width - 2 * GK_PAD - first->left, arena));
}

static void add_bar(const gk_figure *figure, gk_layout *layout, double left, gk_arena *arena)
{
    double x = left + GK_BAR_WIDTH + GK_TICK / 2 + GK_NUMBER_GAP, bottom = layout->plot[layout->n_panel - 1].bottom;
    double top = layout->plot[0].top;

    layout->bar = (gk_box){ left, left + GK_BAR_WIDTH, bottom, top };
    for (int i = 0; i < layout->bar_ticks.n_label; i++) {
        const gk_tick *tick = &layout->bar_ticks.tick[i];
        gk_layout_add(layout, arena, (gk_placed){ .of = GK_OF_BAR, .text = tick->label, .power = tick->power, .x = x, .align = -1,
                                                  .y = bottom + gk_colour_share(&figure->colour, tick->at) * (top - bottom),
                                                  .size = GK_NUMBER_SIZE, .colour = 0x333333 });
    }
    if (is_text(figure->colour.label))
        gk_layout_add(layout, arena, gk_layout_fit((gk_placed){ .of = GK_OF_BAR, .text = figure->colour.label, .size = 1,
                                                                .is_upright = true, .y = (bottom + top) / 2,
                                                                .x = x + GK_NUMBER_SIZE * layout->bar_ticks.widest + 0.85 },
                                                   top - bottom + 1, arena));
}

/* Lines of a text below each other, the first at y. */
static void add_lines(gk_layout *layout, int n, const char **line, gk_placed like, double step, gk_arena *arena)
{
    for (int i = 0; i < n; i++) {
        like.text = line[i];
        gk_layout_add(layout, arena, like);
        like.y -= step;
    }
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

typedef struct outer { const char **title, **caption; int n_title, n_caption; gk_key_size key; gk_legend_place place; } outer;

static outer plan_outer(const gk_figure *figure, const gk_layout *layout, gk_legend_place place, gk_arena *arena)
{
    double width = layout->width - 2 * GK_PAD;
    outer  o = { .place = figure->n_key > 0 ? place : GK_LEGEND_NONE };

    if (is_text(figure->title))
        o.n_title = gk_letters_wrap(figure->title, width / GK_TITLE_SIZE, MAX_TITLE_LINES, arena, &o.title);
    if (is_text(figure->caption))
        o.n_caption = gk_letters_wrap(figure->caption, width / GK_CAPTION_SIZE, MAX_CAPTION_LINES, arena, &o.caption);
    if (o.place == GK_LEGEND_TOP) {
        o.key = gk_layout_key_size(figure, width, arena);
        if (o.key.n_row > KEY_ROWS_MAX)
            o.place = GK_LEGEND_RIGHT;
    }
    if (o.place == GK_LEGEND_RIGHT)
        o.key = gk_layout_key_size(figure, layout->width * RIGHT_KEY, arena);
    return o;
}

static frame plan_frame(const gk_figure *figure, const gk_layout *layout, const outer *o, const gk_margins *m)
{
    bool  has_titles = false;
    frame f = { .below = GK_TICK + GK_NUMBER_GAP + GK_NUMBER_SIZE + 0.3 };

    for (int panel = 0; layout->n_panel > 1 && panel < layout->n_panel; panel++)
        has_titles |= *title_of(figure, panel) != '\0';
    f.head = (has_titles ? 1.45 : 0) + m->rule_rows * GK_RULE_LINE;
    f.left = left_room(figure, m);
    f.right = layout->width - GK_PAD - bar_room(figure, layout) - right_room(figure, m) -
              (o->place == GK_LEGEND_RIGHT ? o->key.width + 1 : 0);
    f.bottom = GK_PAD + (o->n_caption ? o->n_caption * GK_CAPTION_SIZE * 1.3 + 0.25 : 0) + (is_text(figure->x.label) ? 1.25 : 0) +
               f.below;
    f.top = layout->height - GK_PAD - o->n_title * GK_TITLE_SIZE * 1.25 -
            (o->place == GK_LEGEND_TOP ? o->key.n_row * GK_LINE + 0.2 : 0) - (has_titles ? 0 : 0.3);
    f.gap_across = fmax(1, m->before + m->behind + 0.7);
    f.gap_up = has_titles ? 0.4 : 1;
    f.gap_last = f.gap_up + f.below;
    return f;
}

static void add_texts(const gk_figure *figure, gk_layout *layout, const outer *o, const gk_margins *m, const frame *f,
                      gk_arena *arena)
{
    double top = layout->height - GK_PAD - o->n_title * GK_TITLE_SIZE * 1.25;

    add_lines(layout, o->n_title, o->title, (gk_placed){ .of = GK_OF_TITLE, .x = layout->width / 2, .size = GK_TITLE_SIZE,
                                                         .y = layout->height - GK_PAD - GK_TITLE_SIZE / 2 },
              GK_TITLE_SIZE * 1.25, arena);
    add_lines(layout, o->n_caption, o->caption,
              (gk_placed){ .of = GK_OF_CAPTION,
                           .x = layout->width - GK_PAD,
                           .align = 1,
                           .size = GK_CAPTION_SIZE,
                           .colour = 0x666666,
                           .y = GK_PAD + (o->n_caption - 0.5) * GK_CAPTION_SIZE * 1.3 },
              GK_CAPTION_SIZE * 1.3, arena);
    for (int panel = 0; panel < layout->n_panel; panel++)
        number_panel(figure, layout, panel, arena);
    label_axes(figure, layout, m, f->below, arena);
    if (figure->n_map > 0 || figure->has_bar)
        add_bar(figure, layout, f->right + right_room(figure, m) + GK_BAR_GAP, arena);
    gk_layout_rules(figure, layout, true, arena);
    if (o->place == GK_LEGEND_TOP)
        gk_layout_key_top(figure, layout, &o->key, top, arena);
    else if (o->place == GK_LEGEND_RIGHT)
        gk_layout_key_right(figure, layout, &o->key, layout->plot[0].top, arena);
    gk_layout_signs(figure, layout, arena);
    gk_layout_marks(figure, layout, arena);
    if (gk_legend_is_inside(o->place))
        gk_layout_key_inside(figure, layout, arena);
    gk_layout_levels(figure, layout, arena);
}

/* Panels with their numbers: these need room, and room decides which there are. */
static frame settle(const gk_figure *figure, gk_layout *layout, const outer *o, gk_margins *margins, gk_arena *arena)
{
    frame f;

    for (int pass = 0; pass < N_PASS; pass++) {
        gk_margins before = *margins;
        f = plan_frame(figure, layout, o, margins);
        place_panels(&f, layout);
        choose_bar(figure, layout, layout->plot[0].top - layout->plot[layout->n_panel - 1].bottom, arena);
        choose_ticks(figure, layout, margins, arena);
        if (pass > 1) {    /* from here on room only grows, so that it comes to rest */
            margins->numbers = fmax(margins->numbers, before.numbers);
            margins->behind = fmax(margins->behind, before.behind);
            margins->before = fmax(margins->before, before.before);
            margins->rule_rows = margins->rule_rows > before.rule_rows ? margins->rule_rows : before.rule_rows;
        }
    }
    f = plan_frame(figure, layout, o, margins);
    place_panels(&f, layout);
    gk_margins same = *margins;
    choose_ticks(figure, layout, &same, arena);
    layout->rule_top = margins->rule_rows * GK_RULE_LINE;
    return f;
}

gk_layout *gk_layout_new(const gk_figure *figure, const gk_canvas *canvas, gk_arena *arena)
{
    gk_layout *layout = gk_arena_alloc(arena, sizeof *layout);
    gk_margins margins = { .numbers = 2, .before = 0.5, .behind = 0.5 };

    layout->width = canvas->width * 72 / canvas->font_size;
    layout->height = canvas->height * 72 / canvas->font_size;
    layout->n_panel = figure->n_panel > 1 ? figure->n_panel : 1;
    layout->n_column = n_column(figure, layout->n_panel, layout->width);
    layout->n_row = (layout->n_panel + layout->n_column - 1) / layout->n_column;
    layout->rule_end = gk_arena_alloc(arena, (size_t)(figure->n_rule + 1) * sizeof *layout->rule_end);
    gk_figure_range(figure, true, 0, layout->x_range);
    for (int a = 0; a < (figure->n_axis > 0 ? figure->n_axis : 1); a++)
        gk_figure_range(figure, false, a, layout->y_range[a]);
    outer o = plan_outer(figure, layout, figure->legend, arena);
    frame f = settle(figure, layout, &o, &margins, arena);
    if (gk_legend_is_inside(o.place) && !gk_layout_key_fits(figure, layout)) {
        o = plan_outer(figure, layout, GK_LEGEND_TOP, arena);
        f = settle(figure, layout, &o, &margins, arena);
    }
    add_texts(figure, layout, &o, &margins, &f, arena);
    return layout;
}
