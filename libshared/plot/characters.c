/* characters.c -- heat maps in a terminal: a character for each band of values, drawn by ourselves. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "plot/figure_private.h"

enum { LEFT = 10, MIN_ROWS = 4 };
static const char ramp[] = ".:-=+*#%@";
enum { N_RAMP = sizeof ramp - 1 };

/* A drawing area of characters, over which marks are laid. */
typedef struct paper {
    FILE            *out;
    const gk_figure *figure;
    int              width, height;
    bool             is_coloured;
    double           x_range[2], y_range[2];
    char            *over;           /* [height][width] marks and rules, 0: nothing */
} paper;

/* --- bands -------------------------------------------------------------------------------------------------------- */

/* Bands between the contour levels, or as many even ones as there are characters. */
static int n_band(const gk_colour_scale *scale)
{
    return scale->n_level > 0 && scale->n_level < N_RAMP ? scale->n_level + 1 : N_RAMP;
}

static double inverse(const gk_colour_scale *scale, double share)
{
    const double *range = scale->range;

    if (scale->kind == GK_COLOUR_LOG)
        return range[0] * pow(range[1] / range[0], share);
    if (scale->kind == GK_COLOUR_POWER && range[0] >= 0) {
        double low = pow(range[0], scale->power), high = pow(range[1], scale->power);
        return pow(low + share * (high - low), 1 / scale->power);
    }
    return range[0] + share * (range[1] - range[0]);
}

/* Where band number `band` begins, from 1 on. */
static double band_start(const gk_colour_scale *scale, int band)
{
    return n_band(scale) == scale->n_level + 1 ? scale->level[band - 1] : inverse(scale, band / (double)N_RAMP);
}

static int band_of(const gk_colour_scale *scale, double value)
{
    int band = 0;

    while (band + 1 < n_band(scale) && value >= band_start(scale, band + 1))
        band++;
    return band;
}

static char character_of(const gk_colour_scale *scale, int band)
{
    return ramp[band * (N_RAMP - 1) / (n_band(scale) - 1)];
}

/* Texts may be anybody's: nothing in them is to steer the terminal.  Their length, in characters. */
static int put_text(FILE *out, const char *text)
{
    gk_character next;
    int          n = 0;

    for (; (next = gk_text_character(text)).n_byte > 0; text += next.n_byte, n++)
        fprintf(out, "%.*s", next.is_printable ? next.n_byte : 1, next.is_printable ? text : "?");
    return n;
}

static void write_legend(const paper *p, bool has_infinite)
{
    const gk_colour_scale *scale = &p->figure->colour;
    int used = 0;

    if (scale->label)
        used = put_text(p->out, scale->label) + fprintf(p->out, ":");
    for (int band = 0; band < n_band(scale) + has_infinite; band++) {
        char entry[80];
        if (band == n_band(scale))
            snprintf(entry, sizeof entry, "? infinite");
        else if (band == 0)
            snprintf(entry, sizeof entry, "%c below %.3g", character_of(scale, 0), band_start(scale, 1));
        else
            snprintf(entry, sizeof entry, "%c %s%.3g", character_of(scale, band), band + 1 == n_band(scale) ? "from " : "",
                     band_start(scale, band));
        if (used + 2 + (int)strlen(entry) > LEFT + p->width)
            used = fprintf(p->out, "\n  ") - 1;
        used += fprintf(p->out, "  %s", entry);
    }
    putc('\n', p->out);
}

/* --- positions ---------------------------------------------------------------------------------------------------- */

/* The value on an axis in the middle of character `at` of `n`. */
static double value_at(const double range[2], bool is_log, int at, int n)
{
    double share = (at + 0.5) / n;

    return is_log ? range[0] * pow(range[1] / range[0], share) : range[0] + share * (range[1] - range[0]);
}

static int character_at(const double range[2], bool is_log, double value, int n)
{
    double share = gk_axis_share(range, is_log, value);

    return share >= 0 && share <= 1 ? (int)fmin(share * n, n - 1) : -1;
}

/* Index of the cell that has the value within its edges, -1: none. */
static int64_t cell_at(const double *edge, int64_t n, double value)
{
    int64_t low = 0, high = n;

    if (!(value >= edge[0] && value <= edge[n]))
        return -1;
    while (high - low > 1) {
        int64_t middle = (low + high) / 2;
        if (value >= edge[middle])
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* Row 0 is the highest. */
static int64_t cell_of_row(const paper *p, const gk_figure_map *map, int row)
{
    return cell_at(map->y_edge, map->n_y, value_at(p->y_range, p->figure->y[0].is_log, p->height - 1 - row, p->height));
}

/* --- a panel ------------------------------------------------------------------------------------------------------ */

static void lay_over(paper *p)
{
    const gk_figure *figure = p->figure;

    memset(p->over, 0, (size_t)p->width * (size_t)p->height);
    for (int i = 0; i < figure->n_rule; i++) {
        const gk_figure_rule *rule = &figure->rule[i];
        int at = rule->is_x ? character_at(p->x_range, figure->x.is_log, rule->at, p->width)
                            : character_at(p->y_range, figure->y[0].is_log, rule->at, p->height);
        for (int k = 0; at >= 0 && k < (rule->is_x ? p->height : p->width); k += 2)    /* what lies below shows between */
            p->over[rule->is_x ? k * p->width + at : (p->height - 1 - at) * p->width + k] = rule->is_x ? '|' : '_';
    }
    for (int i = 0; i < figure->n_mark; i++) {
        const gk_figure_mark *text = &figure->mark[i];
        int column = character_at(p->x_range, figure->x.is_log, text->x, p->width);
        int row = character_at(p->y_range, figure->y[0].is_log, text->y, p->height);
        int length = (int)strlen(text->text), start = column - (length + 1) / 2;
        if (column < 0 || row < 0)
            continue;
        for (int k = 0; k < length + 2; k++)    /* [A], or as much of it as has room */
            if (start + k >= 0 && start + k < p->width)
                p->over[(p->height - 1 - row) * p->width + start + k] = k == 0 ? '[' : k > length ? ']' : text->text[k - 1];
    }
}

static void write_cell(const paper *p, double z, char over)
{
    const gk_colour_scale *scale = &p->figure->colour;
    char shown = over ? over : isnan(z) ? ' ' : isinf(z) ? '?' : character_of(scale, band_of(scale, z));

    if (p->is_coloured && isfinite(z)) {
        uint32_t colour = gk_colour_ramp(gk_colour_share(scale, z));
        unsigned r = (colour >> 16 & 255) * 5 / 255, g = (colour >> 8 & 255) * 5 / 255, b = (colour & 255) * 5 / 255;
        fprintf(p->out, "\033[48;5;%u;38;5;%dm%c\033[0m", 16 + 36 * r + 6 * g + b, gk_colour_contrast(colour) ? 231 : 16, shown);
    } else {
        putc(shown, p->out);
    }
}

/* Numbers below the axis, where they do not run into each other. */
static void write_x_numbers(const paper *p, const gk_figure_map *map)
{
    int used = 0;

    fprintf(p->out, "%*s+", LEFT, "");
    for (int column = 0; column < p->width; column++)
        putc('-', p->out);
    fprintf(p->out, "\n%*s", LEFT + 1, "");
    for (int64_t ix = 0; ix < map->n_x; ix++) {
        int at = character_at(p->x_range, p->figure->x.is_log, map->x[ix], p->width);
        if (at < used + 2 * (used > 0) || at + 6 > p->width + 4)
            continue;
        used += fprintf(p->out, "%*s%.4g", at - used, "", map->x[ix]);
    }
    putc('\n', p->out);
}

/* A row's number stands where the centre of its cell is. */
static void write_map(paper *p, int panel)
{
    const gk_figure_map *map = &p->figure->map[panel];

    lay_over(p);
    for (int row = 0; row < p->height; row++) {
        int64_t iy = cell_of_row(p, map, row);
        if (iy >= 0 && character_at(p->y_range, p->figure->y[0].is_log, map->y[iy], p->height) == p->height - 1 - row)
            fprintf(p->out, "%*.5g |", LEFT - 1, map->y[iy]);
        else
            fprintf(p->out, "%*s|", LEFT, "");
        for (int column = 0; column < p->width; column++) {
            int64_t ix = cell_at(map->x_edge, map->n_x, value_at(p->x_range, p->figure->x.is_log, column, p->width));
            write_cell(p, ix < 0 || iy < 0 ? NAN : map->z[iy * map->n_x + ix], p->over[row * p->width + column]);
        }
        putc('\n', p->out);
    }
    write_x_numbers(p, map);
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void write_centred(const paper *p, const char *text)
{
    int length = text ? (int)strlen(text) : 0, room = LEFT + p->width;

    if (length > 0) {
        fprintf(p->out, "%*s", length < room ? (room - length) / 2 : 0, "");
        put_text(p->out, text);
        putc('\n', p->out);
    }
}

static bool any_infinite(const gk_figure *figure)
{
    for (int m = 0; m < figure->n_map; m++)
        for (int64_t i = 0; i < figure->map[m].n_x * figure->map[m].n_y; i++)
            if (isinf(figure->map[m].z[i]))
                return true;
    return false;
}

int gk_figure_map_characters(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output)
{
    int n_other = 6 + (figure->title && *figure->title) + (figure->n_panel > 1);
    paper p = { .figure = figure, .width = canvas->columns - LEFT - 1, .is_coloured = canvas->is_coloured };

    p.height = canvas->rows - n_other > MIN_ROWS ? canvas->rows - n_other : MIN_ROWS;
    gk_figure_extent(figure, true, 0, p.x_range);
    gk_figure_extent(figure, false, 0, p.y_range);
    if (!(p.over = calloc((size_t)p.width, (size_t)p.height)) || !(p.out = open_memstream(output, n_output))) {
        free(p.over);
        return gk_error("cannot draw a map: %s", strerror(errno));
    }
    write_centred(&p, figure->title);
    for (int panel = 0; panel < figure->n_map; panel++) {
        if (figure->n_panel > 1)
            write_centred(&p, figure->panel[panel].title);
        if (figure->y[0].label) {
            put_text(p.out, figure->y[0].label);
            putc('\n', p.out);
        }
        write_map(&p, panel);
        write_centred(&p, figure->x.label);
    }
    write_legend(&p, any_infinite(figure));
    free(p.over);
    if (fclose(p.out) == EOF)
        return gk_error("cannot draw a map: %s", strerror(errno));
    return 0;
}
