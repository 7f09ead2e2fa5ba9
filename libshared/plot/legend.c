/* legend.c -- which colours and dashes curves have, and what a legend says of them. */
#include <math.h>
#include <string.h>
#include "analysis/map.h"
#include "plot/lines.h"
#include "plot/words.h"

enum { MAX_KEY = 16 };

/* --- colours ------------------------------------------------------------------------------------------------------ */

/* Okabe and Ito's colours, which readers with any kind of colour vision can tell apart (their yellow is too light for lines). */
static const uint32_t palette[] = { 0x0072b2, 0xd55e00, 0x009e73, 0xcc79a7, 0xe69f00, 0x56b4e9, 0x000000 };
enum { N_PALETTE = sizeof palette / sizeof *palette };

static uint32_t blend(uint32_t from, uint32_t to, double share)
{
    uint32_t out = 0;

    for (int shift = 0; shift < 24; shift += 8) {
        double a = from >> shift & 255, b = to >> shift & 255;
        out |= (uint32_t)lround(a + share * (b - a)) << shift;
    }
    return out;
}

uint32_t gk_plot_colour(const gk_plot_request *request, int64_t index, int64_t n)
{
    static const uint32_t ramp[] = { 0x440154, 0x3b528b, 0x21918c, 0x5ec962, 0xd8c81c };    /* viridis without its lightest end */
    double place = n > 1 ? (double)index / (double)(n - 1) * 4 : 0;
    int below = place >= 4 ? 3 : (int)place;

    if (request->n_palette > 0)
        return request->palette[index % request->n_palette];
    return n <= N_PALETTE ? palette[index] : blend(ramp[below], ramp[below + 1], place - below);
}

/* --- what a metric is drawn with ---------------------------------------------------------------------------------- */

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const char *metric(const gk_frame *frame, const gk_plot_request *request, int y)
{
    return frame->column[request->y[y]].name;
}

/* Are both drawn in the same panels? */
static bool is_beside(const gk_plot_request *request, int a, int b)
{
    int right = request->has_right ? request->n_axis - 1 : -1;
    int row_a = request->axis[a] == right ? 0 : request->axis[a], row_b = request->axis[b] == right ? 0 : request->axis[b];

    return row_a == row_b;
}

/* Whether a metric has its panels to itself: then their axis tells what it is. */
static bool is_alone(const gk_plot_request *request, int y)
{
    for (int other = 0; other < request->n_y; other++)
        if (other != y && is_beside(request, y, other))
            return false;
    return true;
}

/* Whether the metrics that share panels are of the train and of the test items, and no sort is twice at an axis: then that is
 * all that is to be told of them. */
static bool are_pairs(const gk_frame *frame, const gk_plot_request *request)
{
    int n = 0, n_train = 0;

    for (int y = 0; y < request->n_y; y++) {
        bool is_train = starts_with(metric(frame, request, y), "train_");
        if (is_alone(request, y))
            continue;
        if (!is_train && !starts_with(metric(frame, request, y), "test_"))
            return false;
        n++;
        n_train += is_train;
        for (int other = 0; other < y; other++)
            if (request->axis[other] == request->axis[y] && starts_with(metric(frame, request, other), "train_") == is_train)
                return false;
    }
    return n_train > 0 && n_train < n;
}

/* Metrics of the same panels have different dashes.  Training curves are dashed and the others solid, so that the same pair
 * looks the same in every figure. */
static int dash_of(const gk_frame *frame, const gk_plot_request *request, int y)
{
    static const int dashes[] = { 1, 3, 4, 5 };
    int n_before = 0;

    for (int i = 0; i < y; i++)
        n_before += is_beside(request, i, y) && !starts_with(metric(frame, request, i), "train_");
    if (is_alone(request, y))
        return 1;
    return starts_with(metric(frame, request, y), "train_") ? 2 : dashes[n_before % 4];
}

/* --- what a set is drawn with ------------------------------------------------------------------------------------- */

static bool is_same_set(const gk_plot_sets *sets, const gk_plot_request *request, const gk_frame *frame, int64_t row,
                        int64_t place)
{
    for (int i = 0; i < request->n_by; i++)
        if (!gk_cell_same(&frame->column[request->by[i]], row, &sets->frame->column[request->by[i]], sets->row[place]))
            return false;
    return true;
}

static uint32_t colour_of_value(const gk_plot_sets *sets, const gk_plot_request *request, const gk_frame *frame, int64_t row)
{
    const gk_frame_column *column = &frame->column[request->colour_by], *of_all = &sets->frame->column[request->colour_by];
    int64_t place = 0;

    if (sets->has_scale)
        return isfinite(column->value[row]) ? gk_colour_ramp(gk_colour_share(&sets->scale, column->value[row])) : 0x888888;
    while (place < sets->n_colour - 1 && !gk_cell_same(column, row, of_all, sets->colour_row[place]))
        place++;
    return gk_plot_colour(request, place, sets->n_colour);
}

/* Metrics that have their panels to themselves have the first colour. */
static int place_of(const gk_plot_request *request, int y)
{
    int place = 0;

    for (int other = 0; other < y; other++)
        place += !is_alone(request, other);
    return is_alone(request, y) ? 0 : place;
}

/* With one set the colours are free to tell the metrics apart. */
gk_pen gk_plot_pen(const gk_plot_sets *sets, const gk_plot_request *request, const gk_frame *frame, int64_t row, int y)
{
    int64_t set = 0;

    if (request->has_colour_by)
        return (gk_pen){ colour_of_value(sets, request, frame, row), y + 1, dash_of(frame, request, y), false };
    while (set < sets->n - 1 && !is_same_set(sets, request, frame, row, set))
        set++;
    if (sets->n > 1)
        return (gk_pen){ gk_plot_colour(request, set, sets->n), (int)(set % 8) * request->n_y + y + 1, dash_of(frame, request, y),
                         false };
    if (are_pairs(frame, request) && !is_alone(request, y))
        return (gk_pen){ gk_plot_colour(request, starts_with(metric(frame, request, y), "train_"), 2), y + 1, 1, false };
    return (gk_pen){ gk_plot_colour(request, place_of(request, y), request->n_y), y + 1, 1, false };
}

/* --- legend ------------------------------------------------------------------------------------------------------- */

static const char *value_text(const gk_frame *frame, gk_arena *arena, int column, int64_t row)
{
    const gk_frame_column *found = &frame->column[column];

    return found->text ? found->text[row] : gk_arena_printf(arena, "%.6g", found->value[row]);
}

static const char *named_value(const gk_frame *frame, gk_arena *arena, int column, int64_t row)
{
    const char *name = frame->column[column].name, *value = value_text(frame, arena, column, row);

    if (strcmp(name, "curve") == 0)    /* a column that says what to call it */
        return value;
    return gk_arena_printf(arena, "%s %s", gk_plot_words(name, arena), value);
}

const char *gk_plot_set_label(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, int64_t row)
{
    const char *label = "";

    for (int i = 0; i < request->n_by; i++)
        label = gk_arena_printf(arena, "%s%s%s", label, i ? ", " : "", named_value(frame, arena, request->by[i], row));
    return label;
}

/* "train" and "test" where that is all the difference. */
static const char *metric_label(const gk_frame *frame, const gk_plot_request *request, int y, gk_arena *arena)
{
    const char *name = metric(frame, request, y), *words = gk_plot_words(name, arena);

    if (are_pairs(frame, request))
        words = starts_with(name, "train_") ? "train" : "test";
    return request->has_right && request->axis[y] == request->n_axis - 1 ? gk_arena_printf(arena, "%s (right)", words) : words;
}

/* Entries of the metrics: none of one that has its panels to itself, since its axis tells what it is. */
static void add_metrics(const gk_plot_sets *sets, const gk_plot_request *request, bool is_grey, gk_arena *arena,
                        gk_figure *figure)
{
    const gk_frame *frame = sets->frame;
    int first = figure->n_key;

    for (int y = 0; y < request->n_y; y++) {
        const char *label = metric_label(frame, request, y, arena);
        gk_pen pen = gk_plot_pen(sets, request, frame, 0, y);
        bool is_known = is_alone(request, y);
        for (int k = first; k < figure->n_key; k++)
            is_known = is_known || strcmp(figure->key[k].label, label) == 0;
        if (is_grey)
            pen.colour = 0x666666;
        if (!is_known)
            figure->key[figure->n_key++] = (gk_key_entry){ label, pen };
    }
}

/* One entry for every line, as far as there is room. */
static void make_full_key(const gk_plot_sets *sets, const gk_plot_request *request, gk_arena *arena, gk_figure *figure)
{
    const gk_frame *frame = sets->frame;

    figure->key = gk_arena_alloc(arena, (MAX_KEY + 1) * sizeof *figure->key);
    for (int64_t set = 0; set < sets->n; set++)
        for (int y = 0; y < request->n_y && figure->n_key < MAX_KEY; y++) {
            const char *label = gk_plot_set_label(frame, request, arena, sets->row[set]);
            figure->key[figure->n_key++] =
                (gk_key_entry){ gk_arena_printf(arena, "%s %s", label, metric_label(frame, request, y, arena)),
                                gk_plot_pen(sets, request, frame, sets->row[set], y) };
        }
}

static void make_key(const gk_plot_sets *sets, const gk_plot_request *request, gk_arena *arena, gk_figure *figure)
{
    const gk_frame *frame = sets->frame;
    const int64_t  *row = request->has_colour_by ? sets->colour_row : sets->row;
    int64_t n = sets->has_scale ? 0 : request->has_colour_by ? sets->n_colour : sets->n, stride = (n + MAX_KEY - 1) / MAX_KEY;
    bool has_sets = n > 1;

    if (request->full_key && has_sets && request->n_y > 1 && !request->has_colour_by) {
        make_full_key(sets, request, arena, figure);
        return;
    }
    figure->key = gk_arena_alloc(arena, (size_t)(MAX_KEY + 1 + request->n_y) * sizeof *figure->key);
    for (int64_t i = 0; has_sets && i < n; i += stride) {
        gk_pen pen = gk_plot_pen(sets, request, frame, row[i], request->n_y - 1);
        pen.dash = 1;
        figure->key[figure->n_key++] = (gk_key_entry){
            request->has_colour_by ? named_value(frame, arena, request->colour_by, row[i])
                                   : gk_plot_set_label(frame, request, arena, row[i]), pen };
    }
    add_metrics(sets, request, has_sets || sets->has_scale, arena, figure);
}

/* --- colours of values -------------------------------------------------------------------------------------------- */

/* The scale of a column of numbers: its ends as asked for, else those of the data; logarithmic if the values are spaced so. */
static int make_scale(const gk_frame *frame, const gk_plot_request *request, const gk_frame_levels *levels, gk_arena *arena,
                      gk_plot_sets *sets, gk_figure *figure)
{
    const gk_frame_column *column = &frame->column[request->colour_by];
    double *value = gk_arena_alloc(arena, (size_t)(levels->n_level + 1) * sizeof *value);
    int64_t n = 0;

    for (int64_t l = 0; l < levels->n_level; l++)
        if (isfinite(column->value[levels->first_row[l]]))
            value[n++] = column->value[levels->first_row[l]];
    if (n == 0)
        return gk_error("cannot colour by '%s' of '%s': it has no numbers", column->name, frame->path);
    sets->has_scale = true;
    sets->scale = request->scale;
    if (sets->scale.kind == GK_COLOUR_LINEAR && gk_map_looks_log(n, value) && !(sets->scale.range[0] <= 0))
        sets->scale.kind = GK_COLOUR_LOG;
    if (sets->scale.kind != GK_COLOUR_LINEAR && value[0] < (sets->scale.kind == GK_COLOUR_LOG ? 1e-300 : 0))
        return gk_error("'%s' is %g in '%s', which has no place on this scale of colours", column->name, value[0], frame->path);
    for (int end = 0; end < 2; end++)
        if (!isfinite(sets->scale.range[end]))
            sets->scale.range[end] = value[end ? n - 1 : 0];
    if (!(sets->scale.range[0] <= sets->scale.range[1]))
        return gk_error("nothing to colour: '%s' of '%s' has no value between %g and %g", column->name, frame->path,
                        sets->scale.range[0], sets->scale.range[1]);
    figure->colour = sets->scale;
    figure->colour.label = gk_plot_words(column->name, arena);
    figure->has_bar = true;
    return 0;
}

/* All rows of a curve have one colour. */
static int check_colours(const gk_frame *frame, const gk_plot_request *request, const gk_plot_sets *sets)
{
    int columns[GK_PLOT_MAX_COLUMN + 1];
    gk_frame_levels levels;

    memcpy(columns, request->by, (size_t)request->n_by * sizeof *columns);
    columns[request->n_by] = request->colour_by;
    if (gk_frame_code(frame, request->n_by + 1, columns, &levels) < 0)
        return -1;
    bool varies = levels.n_level > sets->n;
    gk_frame_levels_release(&levels);
    return varies ? gk_error("column '%s' of '%s' varies within a curve: name it in --by, or draw --each run",
                             frame->column[request->colour_by].name, frame->path)
                  : 0;
}

static int make_colours(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_plot_sets *sets,
                        gk_figure *figure)
{
    const gk_frame_column *column = &frame->column[request->colour_by];
    gk_frame_levels levels;
    int status = 0;

    if ((!request->each && check_colours(frame, request, sets) < 0) || gk_frame_code(frame, 1, &request->colour_by, &levels) < 0)
        return -1;
    sets->n_colour = levels.n_level;
    sets->colour_row = gk_arena_alloc(arena, (size_t)(levels.n_level + 1) * sizeof *sets->colour_row);
    memcpy(sets->colour_row, levels.first_row, (size_t)levels.n_level * sizeof *sets->colour_row);
    if (!column->text && !gk_plot_is_identity(column->name) && request->n_palette == 0)
        status = make_scale(frame, request, &levels, arena, sets, figure);
    gk_frame_levels_release(&levels);
    return status;
}

int gk_plot_legend(const gk_frame *frame, const gk_plot_request *request, gk_arena *arena, gk_plot_sets *sets, gk_figure *figure)
{
    gk_frame_levels levels;

    if (gk_frame_code(frame, request->n_by, request->by, &levels) < 0)
        return -1;
    *sets = (gk_plot_sets){ .frame = frame, .n = levels.n_level };
    sets->row = gk_arena_alloc(arena, (size_t)(levels.n_level + 1) * sizeof *sets->row);
    memcpy(sets->row, levels.first_row, (size_t)levels.n_level * sizeof *sets->row);
    gk_frame_levels_release(&levels);
    if (request->has_colour_by && make_colours(frame, request, arena, sets, figure) < 0)
        return -1;
    make_key(sets, request, arena, figure);
    return 0;
}

/* Thin ones first, so that they are below; each kind in its order. */
static void put_thin_first(gk_figure *figure, gk_arena *arena)
{
    gk_figure_line *ordered = gk_arena_alloc(arena, (size_t)(figure->n_line + 1) * sizeof *ordered);
    int64_t n = 0;

    for (int is_bold = 0; is_bold < 2; is_bold++)
        for (int64_t i = 0; i < figure->n_line; i++)
            if (figure->line[i].pen.is_thin == !is_bold)
                ordered[n++] = figure->line[i];
    memcpy(figure->line, ordered, (size_t)n * sizeof *ordered);
}

void gk_plot_emphasise(const char *words, gk_arena *arena, gk_figure *figure)
{
    for (int k = 0; k < figure->n_key; k++) {
        char *rest = gk_arena_strdup(arena, words);
        bool  bold = false;
        for (char *word; (word = strsep(&rest, ","));)
            bold |= *word && strstr(figure->key[k].label, word) != NULL;
        figure->key[k].pen.is_thin = !bold;
        for (int64_t i = 0; i < figure->n_line; i++)
            if (figure->line[i].pen.colour == figure->key[k].pen.colour)
                figure->line[i].pen.is_thin = !bold;
    }
    put_thin_first(figure, arena);
}
