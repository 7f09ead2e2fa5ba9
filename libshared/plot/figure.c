/* figure.c -- a figure as a script for gnuplot. */
#include "plot/figure.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "plot/figure_private.h"
#include "plot/gnuplot.h"

GK_CHOICE_NAMES(gk_line_style, GK_LINE_STYLES);

enum { DEFAULT_WIDTH = 800, KEY_ROW_CHARACTERS = 90, KEY_SAMPLE_CHARACTERS = 9, KEY_ROWS_MAX = 4, KEY_LABEL_BYTES = 41 };

/* Font and lines grow with the figure, so that it looks the same at every size; in a flat one they keep to its height. */
static double scale_of(const gk_canvas *canvas)
{
    return fmin((double)canvas->width / DEFAULT_WIDTH, canvas->height / (DEFAULT_WIDTH * 0.625));
}

static void write_terminal(FILE *out, const gk_canvas *canvas)
{
    double scale = scale_of(canvas);

    switch (canvas->format) {
    case GK_SVG:
        fprintf(out, "set terminal svg size %d,%d dynamic background rgb 'white' font 'sans-serif,14' fontscale %.3f "
                     "linewidth %.3f\n", canvas->width, canvas->height, scale, scale);
        break;
    case GK_PNG:
        fprintf(out, "set terminal pngcairo size %d,%d background rgb 'white' font 'sans,11' fontscale %.3f linewidth %.3f\n",
                canvas->width, canvas->height, scale, scale);
        break;
    case GK_PDF:
        fprintf(out, "set terminal pdfcairo size %.2fin,%.2fin background rgb 'white' font 'sans,10' fontscale %.3f "
                     "linewidth %.3f\n", canvas->width / 100.0, canvas->height / 100.0, scale, 2 * scale);
        break;
    case GK_TERMINAL:
        fprintf(out, "set terminal dumb size %d,%d %s\n", canvas->width, canvas->height, canvas->is_coloured ? "ansi" : "mono");
        break;
    }
    fputs("set encoding utf8\nset termoption noenhanced\n", out);
}

/* --- axes -------------------------------------------------------------------------------------------------------- */

static bool is_drawn(double value, bool is_log)
{
    return isfinite(value) && (!is_log || value > 0);
}

static void widen(double range[2], const double *value, int64_t n, bool is_log)
{
    for (int64_t i = 0; value && i < n; i++)
        if (is_drawn(value[i], is_log)) {
            range[0] = fmin(range[0], value[i]);
            range[1] = fmax(range[1], value[i]);
        }
}

double gk_axis_share(const double range[2], bool is_log, double value)
{
    return is_log ? log(value / range[0]) / log(range[1] / range[0]) : (value - range[0]) / (range[1] - range[0]);
}

void gk_figure_extent(const gk_figure *figure, bool is_x, double out[2])
{
    const double *given = is_x ? figure->x_range : figure->y_range;
    bool is_log = is_x ? figure->log_x : figure->log_y;

    out[0] = INFINITY;
    out[1] = -INFINITY;
    for (int64_t l = 0; l < figure->n_line; l++) {
        const gk_figure_line *line = &figure->line[l];
        widen(out, is_x ? line->x : line->y, line->n, is_log);
        widen(out, is_x ? NULL : line->low, line->n, is_log);
        widen(out, is_x ? NULL : line->high, line->n, is_log);
    }
    for (int m = 0; m < figure->n_map; m++)
        widen(out, is_x ? figure->map[m].x_edge : figure->map[m].y_edge,
              (is_x ? figure->map[m].n_x : figure->map[m].n_y) + 1, is_log);
    for (int end = 0; end < 2; end++)
        if (isfinite(given[end]))
            out[end] = given[end];
}

/* Labels of a logarithmic axis that spans few decades: 1, 2, 5, or even steps where that gives too few.  More decades are
 * labelled by gnuplot, at their powers of ten. */
static void write_log_tics(FILE *out, char axis, double low, double high)
{
    static const double steps[] = { 1, 2, 5 };
    const char *comma = "";

    fprintf(out, "set %ctics (", axis);
    if (high / low >= 4) {
        for (int decade = (int)floor(log10(low)); decade <= (int)ceil(log10(high)); decade++)
            for (int i = 0; i < 3; i++) {
                fprintf(out, "%s%.9g", comma, steps[i] * pow(10, decade));
                comma = ", ";
            }
    } else {
        double unit = pow(10, floor(log10((high - low) / 4))), ratio = (high - low) / 4 / unit;
        double step = unit * (ratio < 2 ? 1 : ratio < 5 ? 2 : 5);
        for (double tic = ceil(low / step) * step; tic <= high * (1 + 1e-9); tic += step) {
            fprintf(out, "%s%.9g", comma, tic);
            comma = ", ";
        }
    }
    fputs(")\n", out);
}

static void write_scale(FILE *out, const gk_figure *figure, char axis)
{
    double range[2];
    bool is_x = axis == 'x', is_log = is_x ? figure->log_x : figure->log_y;

    gk_figure_extent(figure, is_x, range);
    bool is_spread = is_log && range[0] > 0 && range[1] > range[0];
    bool is_even = is_spread && range[1] / range[0] < 4;
    if (is_log)
        fprintf(out, "set logscale %c 10\nset m%ctics 10\n", axis, axis);
    if (is_spread && range[1] / range[0] < 300)
        write_log_tics(out, axis, range[0], range[1]);
    if (is_spread && !is_even && range[0] >= 1 && range[1] >= 2000)
        fprintf(out, "set format %c '%%.0s%%c'\n", axis);    /* 1, 10, 100, 1k, 10k */
    else
        fprintf(out, "set format %c '%%g'\n", axis);
}

static void write_range(FILE *out, const char *axis, const double range[2])
{
    char low[40] = "*", high[40] = "*";

    if (isfinite(range[0]))
        snprintf(low, sizeof low, "%.9g", range[0]);
    if (isfinite(range[1]))
        snprintf(high, sizeof high, "%.9g", range[1]);
    fprintf(out, "set %srange [%s:%s] noextend\n", axis, low, high);
}

static void write_text(FILE *out, const char *command, const char *text, const char *rest)
{
    if (!text || !*text)
        return;
    fprintf(out, "set %s ", command);
    gk_gnuplot_quote(out, text);
    fprintf(out, " %s\n", rest);
}

/* Plots that are placed by hand; a map always is, because the colour bar stands beside it. */
static bool has_panels(const gk_figure *figure)
{
    return figure->n_panel > 1 || figure->n_map > 0;
}

static void write_caption(FILE *out, const gk_figure *figure, const gk_canvas *canvas)
{
    if (canvas->format == GK_TERMINAL || !figure->caption || !*figure->caption)
        return;
    if (!has_panels(figure))
        fputs("set bmargin 5\n", out);
    write_text(out, "label 1", figure->caption, "at screen 0.985,0.02 right noenhanced font ',10' textcolor rgb '#666666'");
}

/* A map fills its frame, so a grid would be hidden or hide it. */
static void write_border(FILE *out, const gk_figure *figure, const gk_canvas *canvas)
{
    fprintf(out, "set border %d front linecolor rgb '#444444'\nset tics nomirror out scale 0.6\nset xtics nomirror\n"
                 "set ytics nomirror\n", figure->n_map > 0 ? 15 : 3);
    if (canvas->format != GK_TERMINAL && figure->n_map == 0)
        fputs("set grid xtics ytics back linetype 1 linecolor rgb '#e0e0e0' linewidth 0.8\n", out);
}

static void write_axes(FILE *out, const gk_figure *figure, const gk_canvas *canvas)
{
    fputs("set datafile missing NaN\n", out);
    write_border(out, figure, canvas);
    write_scale(out, figure, 'x');
    write_scale(out, figure, 'y');
    write_range(out, "x", figure->x_range);
    write_range(out, "y", figure->y_range);
    write_text(out, "xlabel", figure->x_label, "noenhanced");
    write_text(out, "ylabel", figure->y_label, "noenhanced");
    write_caption(out, figure, canvas);
}

/* Rows that the legend takes above the plot: gnuplot gives all entries the width of the longest. */
static int key_rows(const gk_figure *figure)
{
    size_t longest = 0;
    int per_row;

    for (int k = 0; k < figure->n_key; k++)
        longest = strlen(figure->key[k].label) > longest ? strlen(figure->key[k].label) : longest;
    per_row = KEY_ROW_CHARACTERS / (int)((longest < KEY_LABEL_BYTES ? longest : KEY_LABEL_BYTES) + KEY_SAMPLE_CHARACTERS);
    return (figure->n_key + per_row - 1) / per_row;
}

/* Title and legend above the plot, in this order; a long legend beside it. */
static void write_key(FILE *out, const gk_figure *figure, const gk_canvas *canvas)
{
    bool has_title = figure->title && *figure->title;
    int rows = key_rows(figure);

    if (canvas->format == GK_TERMINAL) {
        write_text(out, "title", figure->title, "noenhanced");
        fputs(figure->n_key ? "set key outside top center horizontal noenhanced\n" : "set key off\n", out);
        return;
    }
    write_text(out, "label 2", figure->title, "at screen 0.5,0.955 center noenhanced font ',15'");
    if (figure->n_key == 0) {
        fprintf(out, "set key off\nset tmargin at screen %.3f\n", has_title ? 0.91 : 0.96);
    } else if (rows <= KEY_ROWS_MAX || has_panels(figure)) {
        double top = has_title ? 0.925 : 0.985;
        fprintf(out, "set key at screen 0.5,%.3f center top horizontal Left reverse noenhanced samplen 2.5 width 1\n"
                     "set tmargin at screen %.3f\n", top, top - 0.025 - 0.04 * rows);
    } else {
        fprintf(out, "set key outside right top vertical Left reverse noenhanced samplen 2 width 1\n"
                     "set tmargin at screen %.3f\n", has_title ? 0.91 : 0.96);
    }
}

/* --- data and lines ---------------------------------------------------------------------------------------------- */

static double clip(double value, bool is_log, double otherwise)
{
    return is_drawn(value, is_log) ? value : otherwise;
}

/* x y low high; an empty line is a gap. */
static void write_data(FILE *out, const gk_figure *figure, int64_t index)
{
    const gk_figure_line *line = &figure->line[index];

    fprintf(out, "$d%lld << EOD\n", (long long)index);
    for (int64_t i = 0; i < line->n; i++) {
        double y = line->y[i];
        if (!is_drawn(line->x[i], figure->log_x) || !is_drawn(y, figure->log_y)) {
            putc('\n', out);
            continue;
        }
        fprintf(out, "%.9g %.9g", line->x[i], y);
        if (line->low)
            fprintf(out, " %.9g %.9g", clip(line->low[i], figure->log_y, y), clip(line->high[i], figure->log_y, y));
        putc('\n', out);
    }
    fputs("EOD\n", out);
}

static void write_pen(FILE *out, const gk_figure *figure, const gk_canvas *canvas, gk_pen pen)
{
    static const char *const styles[] = { "lines", "points", "linespoints" };

    fprintf(out, "with %s linetype %d", styles[figure->style], pen.symbol);
    if (canvas->format == GK_TERMINAL)
        return;
    fprintf(out, " linecolor rgb '#%06x' linewidth %s", (unsigned)pen.colour & 0xffffffu, pen.is_thin ? "1" : "2");
    if (figure->style != GK_STYLE_POINTS)
        fprintf(out, " dashtype %d", pen.dash);
    if (figure->style != GK_STYLE_LINES)
        fputs(" pointtype 7 pointsize 0.6", out);
}

/* A legend is not to push the plot out of the figure. */
static void write_label(FILE *out, const char *label)
{
    char text[KEY_LABEL_BYTES];

    if (snprintf(text, sizeof text, "%s", label) >= (int)sizeof text)
        memcpy(text + sizeof text - 4, "...", 4);
    gk_gnuplot_quote(out, text);
}

static const char *write_key_entries(FILE *out, const gk_figure *figure, const gk_canvas *canvas, const char *comma)
{
    for (int k = 0; k < figure->n_key; k++) {
        fprintf(out, "%sNaN ", comma);
        write_pen(out, figure, canvas, figure->key[k].pen);
        fputs(" title ", out);
        write_label(out, figure->key[k].label);
        comma = ", \\\n     ";
    }
    return comma;
}

/* A wider line below a line, light below dark and dark below light. */
static const char *write_halo(FILE *out, const gk_figure *figure, int64_t index, const char *comma)
{
    const gk_pen *pen = &figure->line[index].pen;

    fprintf(out, "%s$d%lld using 1:2 with lines linetype 1 linecolor rgb '#40%06x' linewidth %s notitle", comma, (long long)index,
            (unsigned)gk_colour_contrast(pen->colour), pen->is_thin ? "2.6" : "4");
    return ", \\\n     ";
}

/* The map, the bands and the lines of one panel. */
static void write_plot(FILE *out, const gk_figure *figure, const gk_canvas *canvas, int panel)
{
    const char *comma = "plot ";

    gk_figure_texts(out, figure, panel);
    if (panel < figure->n_map)
        comma = gk_figure_map_plot(out, figure, panel, comma);
    for (int64_t l = 0; l < figure->n_line && canvas->format != GK_TERMINAL; l++)
        if (figure->line[l].low && figure->line[l].panel == panel && !figure->line[l].pen.is_thin) {
            fprintf(out, "%s$d%lld using 1:3:4 with filledcurves fillcolor rgb '#%06x' fillstyle transparent solid 0.18 noborder "
                         "notitle", comma, (long long)l, (unsigned)figure->line[l].pen.colour & 0xffffffu);
            comma = ", \\\n     ";
        }
    for (int64_t l = 0; l < figure->n_line; l++) {
        if (figure->line[l].panel != panel)
            continue;
        if (figure->line[l].has_halo && canvas->format != GK_TERMINAL)
            comma = write_halo(out, figure, l, comma);
        fprintf(out, "%s$d%lld using 1:2 ", comma, (long long)l);
        write_pen(out, figure, canvas, figure->line[l].pen);
        fputs(" notitle", out);
        comma = ", \\\n     ";
    }
    if (!has_panels(figure))
        write_key_entries(out, figure, canvas, comma);
    putc('\n', out);
}

/* --- panels ------------------------------------------------------------------------------------------------------ */

#define PANELS_BOTTOM 0.17

int gk_panel_columns(int n_panel)
{
    return n_panel == 4 ? 2 : n_panel < 3 ? n_panel : 3;
}

/* The same axes everywhere: what all lines span, and a little air where the axis is linear. */
static void write_shared_ranges(FILE *out, const gk_figure *figure)
{
    for (int is_x = 0; is_x < 2; is_x++) {
        double range[2];
        bool   is_log = is_x ? figure->log_x : figure->log_y;
        gk_figure_extent(figure, is_x, range);
        double air = is_log || is_x || figure->n_map > 0 ? 0 : 0.02 * (range[1] - range[0]);
        const double *given = is_x ? figure->x_range : figure->y_range;
        for (int end = 0; end < 2; end++)
            if (!isfinite(given[end]))
                range[end] += end ? air : -air;
        if (range[0] < range[1])
            write_range(out, is_x ? "x" : "y", range);
    }
}

/* Where panel number `panel` stands, its title, and labels at the outer axes alone. */
static void write_panel(FILE *out, const gk_figure *figure, int panel, double top)
{
    int    n_panel = figure->n_panel > 1 ? figure->n_panel : 1;
    int    n_column = gk_panel_columns(n_panel), n_row = (n_panel + n_column - 1) / n_column;
    int    row = panel / n_column, column = panel % n_column;
    double left = 0.095, right = figure->n_map > 0 ? GK_BAR_LEFT - 0.025 : 0.985, bottom = PANELS_BOTTOM, gap = 0.055;
    double width = (right - left + 0.03) / n_column, height = (top - bottom - (n_row - 1) * gap) / n_row;
    double title = n_panel > 1 ? 0.05 : 0, x = left + column * width, y = top - (row + 1) * height - row * gap;
    char   place[80];
    bool   is_lowest = panel + n_column >= n_panel;

    fprintf(out, "set lmargin at screen %.4f\nset rmargin at screen %.4f\n"
                 "set tmargin at screen %.4f\nset bmargin at screen %.4f\n",
            x, x + width - 0.03, y + height - title, y);
    write_text(out, "label 3", n_panel > 1 ? figure->panel_title[panel] : NULL,
               "at graph 0.5,1.0 offset 0,0.6 center noenhanced font ',12'");
    fputs(is_lowest ? "set format x\n" : "unset xlabel\n", out);
    if (is_lowest) {
        write_scale(out, figure, 'x');
        write_text(out, "xlabel", figure->x_label, "noenhanced");
    }
    fputs(column == 0 ? "" : "set format y ''\nunset label 5\n", out);
    if (column == 0) {    /* gnuplot leaves out a label for which it takes the numbers to be too wide */
        write_scale(out, figure, 'y');
        snprintf(place, sizeof place, "at screen 0.022,%.4f center rotate by 90 noenhanced", y + (height - title) / 2);
        write_text(out, "label 5", figure->y_label, place);
    }
}

static void write_panels(FILE *out, const gk_figure *figure, const gk_canvas *canvas)
{
    int    rows = figure->n_key ? key_rows(figure) : 0, n_panel = figure->n_panel > 1 ? figure->n_panel : 1;
    bool   has_title = figure->title && *figure->title;
    double top = (has_title ? 0.925 : 0.985) - (rows ? 0.025 + 0.04 * rows : n_panel == 1 ? 0.025 : 0);

    write_shared_ranges(out, figure);
    fputs("set multiplot\nunset ylabel\n", out);
    if (figure->n_key > 0) {    /* the legend in a plot of its own, as wide as the figure */
        fputs("set lmargin at screen 0.02\nset rmargin at screen 0.98\nset bmargin at screen 0.2\nunset border\nunset tics\n"
              "unset grid\nunset xlabel\n", out);
        write_key_entries(out, figure, canvas, "plot ");
        fputs("\nset key off\nunset label 1\nunset label 2\n", out);
        write_border(out, figure, canvas);
    }
    if (figure->n_map > 0)
        gk_figure_map_colours(out, figure, PANELS_BOTTOM, top - (n_panel > 1 ? 0.05 : 0));
    for (int panel = 0; panel < n_panel; panel++) {
        write_panel(out, figure, panel, top);
        write_plot(out, figure, canvas, panel);
        if (panel == 0)    /* what is the whole figure's is drawn once */
            fputs("unset colorbox\nunset label 1\nunset label 2\nunset label 4\n", out);
    }
    fputs("unset multiplot\n", out);
}

static gk_canvas with_defaults(const gk_canvas *canvas)
{
    gk_canvas full = *canvas;

    if (full.width <= 0)
        full.width = full.format == GK_TERMINAL ? 80 : full.format == GK_PNG ? 1200 : DEFAULT_WIDTH;
    if (full.height <= 0)
        full.height = full.format == GK_TERMINAL ? 24 : full.width * 5 / 8;
    return full;
}

int gk_figure_draw(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output)
{
    gk_canvas full = with_defaults(canvas);
    char *script = NULL;
    size_t n_script = 0;
    int status;

    if (figure->n_map > 0 && full.format == GK_TERMINAL)
        return gk_figure_map_characters(figure, &full, output, n_output);
    FILE *out = open_memstream(&script, &n_script);
    if (!out)
        return gk_error("cannot write the script for gnuplot: %s", strerror(errno));
    write_terminal(out, &full);
    write_axes(out, figure, &full);
    write_key(out, figure, &full);
    for (int64_t l = 0; l < figure->n_line; l++)
        write_data(out, figure, l);
    gk_figure_map_data(out, figure);
    if (has_panels(figure))
        write_panels(out, figure, &full);
    else
        write_plot(out, figure, &full, 0);
    if (fclose(out) == EOF)
        status = gk_error("cannot write the script for gnuplot: %s", strerror(errno));
    else
        status = gk_gnuplot_run(script, n_script, output, n_output);
    if (status == 0 && full.format == GK_TERMINAL && *n_output > 0 && **output == '\f')
        memmove(*output, *output + 1, (*n_output)--);    /* gnuplot begins a page with a form feed */
    free(script);
    return status;
}
