/* layout_key.c -- where the entries of a legend stand. */
#include <math.h>
#include "plot/layout_private.h"
#include "plot/letters.h"

#define SAMPLE      2.2    /* length of an entry's line */
#define SAMPLE_GAP  0.5
#define COLUMN_GAP  1.4
#define INSIDE_SIZE 0.9
#define MAX_LABEL   30.0
#define FRAME_PAD   0.4

static double label_width(const gk_figure *figure, int k)
{
    return fmin(gk_letters_width(figure->key[k].label), MAX_LABEL);
}

/* Columns as wide as their widest entry, as many as have room; at least one. */
gk_key_size gk_layout_key_size(const gk_figure *figure, double width, gk_arena *arena)
{
    gk_key_size size = { .n_column = figure->n_key > 0 ? figure->n_key : 1 };

    size.column = gk_arena_alloc(arena, (size_t)size.n_column * sizeof *size.column);
    for (;; size.n_column--) {
        size.width = (size.n_column - 1) * COLUMN_GAP;
        for (int c = 0; c < size.n_column; c++) {
            size.column[c] = 0;
            for (int k = c; k < figure->n_key; k += size.n_column)
                size.column[c] = fmax(size.column[c], SAMPLE + SAMPLE_GAP + label_width(figure, k));
            size.width += size.column[c];
        }
        size.n_row = (figure->n_key + size.n_column - 1) / size.n_column;
        if (size.width <= width || size.n_column == 1)
            break;
    }
    if (size.width > width)
        size.width = size.column[0] = fmax(width, SAMPLE + SAMPLE_GAP + 2);
    return size;
}

static void add_entry(const gk_figure *figure, gk_layout *layout, int k, double left, double y, double room, double size,
                      gk_arena *arena)
{
    gk_placed text = { .of = GK_OF_KEY, .x = left + SAMPLE + SAMPLE_GAP, .y = y, .align = -1, .size = size };

    text.text = gk_letters_cut(figure->key[k].label, room / size, arena);
    layout->sample[k] = (gk_box){ left, left + SAMPLE, y - 0.1, y + 0.1 };
    gk_layout_add(layout, arena, text);
}

static void begin(const gk_figure *figure, gk_layout *layout, gk_arena *arena)
{
    layout->n_key = figure->n_key;
    layout->sample = gk_arena_alloc(arena, (size_t)(figure->n_key + 1) * sizeof *layout->sample);
}

void gk_layout_key_top(const gk_figure *figure, gk_layout *layout, const gk_key_size *size, double top, gk_arena *arena)
{
    begin(figure, layout, arena);
    for (int k = 0; k < figure->n_key; k++) {
        int    column = k % size->n_column, row = k / size->n_column;
        double left = (layout->width - size->width) / 2;
        for (int c = 0; c < column; c++)
            left += size->column[c] + COLUMN_GAP;
        add_entry(figure, layout, k, left, top - (row + 0.5) * GK_LINE, size->column[column] - SAMPLE - SAMPLE_GAP, 1, arena);
    }
}

void gk_layout_key_right(const gk_figure *figure, gk_layout *layout, const gk_key_size *size, double top, gk_arena *arena)
{
    double left = layout->width - GK_PAD - size->width, step = fmin(GK_LINE, (top - GK_PAD) / figure->n_key);

    begin(figure, layout, arena);
    for (int k = 0; k < figure->n_key; k++)
        add_entry(figure, layout, k, left, top - (k + 0.5) * step, size->column[0] - SAMPLE - SAMPLE_GAP, fmin(1, step / 1.05),
                  arena);
}

/* --- inside of a panel -------------------------------------------------------------------------------------------- */

bool gk_legend_is_inside(gk_legend_place place)
{
    return place >= GK_LEGEND_INSIDE && place <= GK_LEGEND_BOTTOM_RIGHT;
}

static double inside_height(const gk_figure *figure)
{
    return figure->n_key * GK_LINE * INSIDE_SIZE + 0.2;
}

bool gk_layout_key_fits(const gk_figure *figure, const gk_layout *layout)
{
    const gk_box *plot = &layout->plot[0];

    return inside_height(figure) < plot->top - plot->bottom - 2 * FRAME_PAD &&
           plot->right - plot->left - 2 * FRAME_PAD > SAMPLE + SAMPLE_GAP + 3;
}

/* corner: 0 to 3 in the order of gk_legend_place. */
static gk_box corner_box(const gk_box *plot, int corner, double width, double height)
{
    bool   is_left = corner % 2 == 0, is_top = corner < 2;
    double left = is_left ? plot->left + FRAME_PAD : plot->right - FRAME_PAD - width;
    double top = is_top ? plot->top - FRAME_PAD : plot->bottom + FRAME_PAD + height;

    return (gk_box){ left, left + width, top - height, top };
}

void gk_layout_key_inside(const gk_figure *figure, gk_layout *layout, gk_arena *arena)
{
    const gk_box *plot = &layout->plot[0];
    double room = plot->right - plot->left - 2 * FRAME_PAD, width = 0, step = GK_LINE * INSIDE_SIZE, least = INFINITY;
    double height = inside_height(figure);
    int    best = figure->legend - GK_LEGEND_TOP_LEFT;

    for (int k = 0; k < figure->n_key; k++)
        width = fmax(width, SAMPLE + SAMPLE_GAP + INSIDE_SIZE * label_width(figure, k) + 0.6);
    width = fmin(width, room);
    for (int corner = 0; corner < 4 && figure->legend == GK_LEGEND_INSIDE; corner++) {
        gk_box box = corner_box(plot, corner, width, height);
        double crowd = gk_layout_crowd(figure, layout, 0, &box) + (gk_layout_is_free(layout, &box) ? 0 : 1e3);
        if (crowd < least) {
            least = crowd;
            best = corner;
        }
    }
    layout->key_frame = corner_box(plot, best, width, height);
    begin(figure, layout, arena);
    for (int k = 0; k < figure->n_key; k++)
        add_entry(figure, layout, k, layout->key_frame.left + 0.3, layout->key_frame.top - 0.1 - (k + 0.5) * step,
                  width - 0.6 - SAMPLE - SAMPLE_GAP, INSIDE_SIZE, arena);
}
