/* script.c -- a figure as a script for gnuplot: what is drawn in each panel, at the places that layout.h has given it. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "plot/figure_private.h"
#include "plot/gnuplot.h"

GK_CHOICE_NAMES(gk_line_style, GK_LINE_STYLES);
GK_CHOICE_NAMES(gk_legend_place, GK_LEGENDS);

#define BAND      0.18     /* how much a band covers; one of a thin line */
#define THIN_BAND 0.1
#define SVG_DOTS  96

/* --- the terminal of gnuplot -------------------------------------------------------------------------------------- */

double gk_script_width(const gk_canvas *canvas, double points)
{
    return points * (canvas->format == GK_SVG ? SVG_DOTS / 72.0 : canvas->format == GK_PNG ? canvas->dots_per_inch / 72 : 2);
}

/* All fonts are said as of 10, for fontscale to make of it what this kind of file calls em. */
static void write_terminal(const gk_writer *w)
{
    const gk_canvas *canvas = w->canvas;
    double font = canvas->font_size / 10;

    switch (canvas->format) {
    case GK_SVG:
        fprintf(
            w->out, "set terminal svg size %.0f,%.0f %s enhanced background rgb 'white' font 'sans-serif,10' fontscale %.4f\n",
            canvas->width * SVG_DOTS, canvas->height * SVG_DOTS, canvas->is_print ? "fixed" : "dynamic", font * SVG_DOTS / 72);
        break;
    case GK_PNG:    /* a font of n is n 1/72 inch at 96 dots an inch */
        fprintf(w->out, "set terminal pngcairo size %.0f,%.0f enhanced background rgb 'white' font 'sans,10' fontscale %.4f\n",
                canvas->width * canvas->dots_per_inch, canvas->height * canvas->dots_per_inch, font * canvas->dots_per_inch / 96);
        break;
    default:        /* a font of n is n 1/72 inch times 4/3 */
        fprintf(w->out,
                "set terminal pdfcairo size %.4fin,%.4fin enhanced background rgb 'white' font 'sans,10' fontscale %.4f\n",
                canvas->width, canvas->height, font * 0.75);
        break;
    }
}

/* --- numbers ------------------------------------------------------------------------------------------------------ */

FILE *gk_block_begin(gk_writer *w)
{
    if (!w->data)
        fprintf(w->out, "$b%d << EOD\n", w->n_block);
    return w->data ? w->data : w->out;
}

void gk_block_end(gk_writer *w)
{
    fputs(w->data ? "\n\n" : "EOD\n", w->data ? w->data : w->out);
    w->n_block++;
}

void gk_block_name(const gk_writer *w, int block)
{
    if (w->data) {
        char *name = NULL;
        if (asprintf(&name, "./%s", w->data_name) >= 0)    /* so that no name is taken for a command */
            gk_gnuplot_quote(w->out, name);
        fprintf(w->out, " index %d", block);
        free(name);
    } else {
        fprintf(w->out, "$b%d", block);
    }
}

static double clip(double value, bool is_log, double otherwise)
{
    return gk_is_drawn(value, is_log) ? value : otherwise;
}

/* The points of a line: x y low high; an empty line is a gap.  *out: where its block goes, NULL: it has not begun. */
static void write_points(gk_writer *w, const gk_figure_line *line, FILE **out)
{
    bool log_x = w->figure->x.is_log, log_y = w->figure->y[line->axis].is_log, is_gap = true;

    for (int64_t i = 0; i < line->n; i++) {
        double y = line->y[i];
        if (!gk_is_drawn(line->x[i], log_x) || !gk_is_drawn(y, log_y)) {
            is_gap = true;
            continue;
        }
        if (*out && is_gap)
            putc('\n', *out);
        is_gap = false;
        if (!*out)
            *out = gk_block_begin(w);
        fprintf(*out, "%.9g %.9g", line->x[i], y);
        if (line->low)
            fprintf(*out, " %.9g %.9g", clip(line->low[i], log_y, y), clip(line->high[i], log_y, y));
        putc('\n', *out);
    }
}

/* Pieces of one contour: one thing to draw, since gnuplot takes long for thousands. */
static bool goes_on(const gk_figure *figure, int64_t index)
{
    const gk_figure_line *line = &figure->line[index];

    return index + 1 < figure->n_line && line->level && line[1].level == line->level && line[1].panel == line->panel &&
           line[1].pen.colour == line->pen.colour;
}

/* A line, and those after it that are its pieces: the last of them. */
static int64_t write_line(gk_writer *w, int64_t index)
{
    FILE   *out = NULL;
    int64_t last = index;

    write_points(w, &w->figure->line[index], &out);
    for (; goes_on(w->figure, last); last++) {
        write_points(w, &w->figure->line[last + 1], &out);
        w->line_block[last + 1] = -1;
    }
    w->line_block[index] = out ? w->n_block : -1;
    if (out)
        gk_block_end(w);
    return last;
}

/* --- lines -------------------------------------------------------------------------------------------------------- */

static void write_dash(FILE *out, int dash)
{
    static const char *const dashes[GK_N_DASH] = { "solid", "(9,3)", "(2.5,2.5)", "(10,3,2.5,3)", "(5,2.5)" };

    fprintf(out, " dashtype %s", dashes[(dash - 1) % GK_N_DASH]);
}

static unsigned colour_of(const gk_writer *w, uint32_t colour)
{
    double opacity = w->figure->opacity > 0 ? w->figure->opacity : 1;

    return (unsigned)lround(255 * (1 - opacity)) << 24 | (colour & 0xffffffu);
}

void gk_script_pen(const gk_writer *w, gk_pen pen, int turn)
{
    fprintf(w->out, "linecolor rgb '#%08x' linewidth %.3f", colour_of(w, pen.colour),
            gk_script_width(w->canvas, w->canvas->line_width * (pen.is_thin ? 0.55 : 1)) + 0.001 * turn);
    write_dash(w->out, pen.dash);
}

/* A mark of gnuplot's size 1 has as many dots (PDF: points) whatever the font is. */
double gk_script_point(const gk_canvas *canvas, double em)
{
    double points = em * canvas->font_size;

    return canvas->format == GK_SVG   ? gk_script_width(canvas, points) / 7.5
           : canvas->format == GK_PNG ? gk_script_width(canvas, points) / 7
                                      : points / 6.5;
}

static const char *axes_of(const gk_writer *w, const gk_figure_line *line)
{
    return w->figure->has_right && line->axis == w->figure->n_axis - 1 ? " axes x1y2" : "";
}

/* A wider line below a line, light below dark and dark below light. */
static void write_halo(const gk_writer *w, int64_t index, const char *comma)
{
    const gk_pen *pen = &w->figure->line[index].pen;

    fputs(comma, w->out);
    gk_block_name(w, w->line_block[index]);
    fprintf(w->out, " using 1:2 with lines linetype 1 linecolor rgb '#40%06x' linewidth %.3f notitle",
            (unsigned)gk_colour_contrast(pen->colour),
            gk_script_width(w->canvas, w->canvas->line_width * (pen->is_thin ? 1.4 : 2)));
}

static const char *write_curve(const gk_writer *w, int64_t index, const char *comma)
{
    static const char *const styles[] = { "lines", "points", "linespoints" };
    const gk_figure_line *line = &w->figure->line[index];

    if (line->has_halo) {
        write_halo(w, index, comma);
        comma = ", \\\n     ";
    }
    fputs(comma, w->out);
    gk_block_name(w, w->line_block[index]);
    fprintf(w->out, " using 1:2%s with %s linetype 1 ", axes_of(w, line),
            styles[line->level ? GK_STYLE_LINES : w->figure->style]);
    gk_script_pen(w, line->pen, 0);
    if (w->figure->style != GK_STYLE_LINES && !line->level)
        fprintf(w->out, " pointtype 7 pointsize %.3f",
                gk_script_point(w->canvas, GK_POINT * w->canvas->line_width * 7 / w->canvas->font_size));
    fputs(" notitle", w->out);
    return ", \\\n     ";
}

static const char *write_bands(const gk_writer *w, int panel, const char *comma)
{
    for (int64_t l = 0; l < w->figure->n_line; l++) {
        const gk_figure_line *line = &w->figure->line[l];
        if (!line->low || line->panel != panel || w->line_block[l] < 0)
            continue;
        fputs(comma, w->out);
        gk_block_name(w, w->line_block[l]);
        fprintf(w->out, " using 1:3:4%s with filledcurves fillcolor rgb '#%06x' fillstyle transparent solid %g noborder notitle",
                axes_of(w, line), (unsigned)line->pen.colour & 0xffffffu, line->pen.is_thin ? THIN_BAND : BAND);
        comma = ", \\\n     ";
    }
    return comma;
}

/* The map, the bands and the lines of one panel. */
static void write_plot(const gk_writer *w, int panel)
{
    const char *comma = "plot ";

    if (panel < w->figure->n_map)
        comma = gk_script_map_plot(w, panel, comma);
    comma = write_bands(w, panel, comma);
    for (int64_t l = 0; l < w->figure->n_line; l++)
        if (w->figure->line[l].panel == panel && w->line_block[l] >= 0)
            comma = write_curve(w, l, comma);
    fputs(*comma == 'p' ? "plot NaN notitle\n" : "\n", w->out);    /* an empty panel has its axes */
}

/* --- axes --------------------------------------------------------------------------------------------------------- */

/* Their numbers are texts of the layout. */
static void write_ticks(FILE *out, const char *axis, const gk_ticks *ticks)
{
    if (ticks->n == 0) {
        fprintf(out, "unset %stics\n", axis);
        return;
    }
    fprintf(out, "set %stics nomirror out (", axis);
    for (int i = 0; i < ticks->n; i++)
        fprintf(out, "%s'' %.12g %d", i ? ", " : "", ticks->tick[i].at, ticks->tick[i].label == NULL);
    fputs(")\n", out);
}

static void write_axis(FILE *out, const char *axis, const gk_axis *of, const double range[2], const gk_ticks *ticks)
{
    fprintf(out, of->is_log ? "set logscale %s 10\n" : "unset logscale %s\n", axis);
    fprintf(out, "set %srange [%.12g:%.12g] noextend\n", axis, range[0], range[1]);
    write_ticks(out, axis, ticks);
}

static void write_panel(const gk_writer *w, int panel)
{
    const gk_layout *layout = w->layout;
    const gk_box    *plot = &layout->plot[panel];
    int axis = w->figure->panel ? w->figure->panel[panel].axis : 0, right = w->figure->n_axis - 1;

    fprintf(w->out,
            "set lmargin at screen %.5f\nset rmargin at screen %.5f\nset bmargin at screen %.5f\nset tmargin at screen %.5f\n",
            plot->left / layout->width, plot->right / layout->width, plot->bottom / layout->height, plot->top / layout->height);
    write_axis(w->out, "y", &w->figure->y[axis], layout->y_range[axis], &layout->y[axis]);
    if (w->figure->has_right)
        write_axis(w->out, "y2", &w->figure->y[right], layout->y_range[right], &layout->y[right]);
    gk_script_rules(w, panel);
    if (panel == layout->n_panel - 1)    /* what lies over all panels is drawn with the last */
        gk_script_overlay(w);
    write_plot(w, panel);
}

/* A map fills its frame, so a grid would be hidden or hide it. */
static void write_frame(const gk_writer *w)
{
    double line = gk_script_width(w->canvas, w->canvas->font_size / 15);

    fprintf(w->out,
            "unset key\nunset colorbox\nset border %d front linecolor rgb '#444444' linewidth %.3f\nset tics scale 0.55,0.3\n",
            w->figure->n_map > 0   ? 15
            : w->figure->has_right ? 11
                                   : 3,
            line);
    write_axis(w->out, "x", &w->figure->x, w->layout->x_range, &w->layout->x);
    if (w->figure->n_map == 0)
        fprintf(w->out, "set grid xtics ytics back linetype 1 linecolor rgb '#e0e0e0' linewidth %.3f\n", line * 0.8);
    if (w->figure->n_map > 0)
        gk_script_palette(w);
}

/* --- all of it ---------------------------------------------------------------------------------------------------- */

static void write_all(gk_writer *w, const char *picture_name, gk_arena *arena)
{
    const gk_figure *figure = w->figure;

    w->line_block = gk_arena_alloc(arena, (size_t)(figure->n_line + 1) * sizeof *w->line_block);
    for (int kind = 0; kind < 2; kind++)
        w->map_block[kind] = gk_arena_alloc(arena, (size_t)(figure->n_map + 1) * sizeof *w->map_block[kind]);
    fputs("set encoding utf8\n", w->out);
    write_terminal(w);
    if (picture_name) {
        fputs("set output ", w->out);
        gk_gnuplot_quote(w->out, gk_arena_printf(arena, "./%s", picture_name));
        putc('\n', w->out);
    }
    gk_script_map_data(w);
    for (int64_t l = 0; l < figure->n_line; l++)
        l = write_line(w, l);
    write_frame(w);
    if (w->layout->n_panel > 1)
        fputs("set multiplot\n", w->out);
    for (int panel = 0; panel < w->layout->n_panel; panel++)
        write_panel(w, panel);
    if (w->layout->n_panel > 1)
        fputs("unset multiplot\n", w->out);
    if (picture_name)
        fputs("set output\n", w->out);
}

static int n_row_of(const gk_figure *figure, const gk_canvas *canvas, gk_arena *arena)
{
    gk_canvas trial = gk_canvas_complete(canvas, 1);

    return figure->n_panel > 1 ? gk_layout_new(figure, &trial, arena)->n_row : 1;
}

int gk_figure_script(const gk_figure *figure, const gk_canvas *canvas, const char *data_name, const char *picture_name,
                     gk_script *out)
{
    gk_arena  arena = { 0 };
    gk_canvas full = gk_canvas_complete(canvas, n_row_of(figure, canvas, &arena));
    gk_writer w = { .figure = figure, .canvas = &full, .data_name = data_name };
    int status = 0;

    *out = (gk_script){ 0 };
    w.layout = gk_layout_new(figure, &full, &arena);
    w.out = open_memstream(&out->text, &out->n_text);
    w.data = data_name ? open_memstream(&out->data, &out->n_data) : NULL;
    if (w.out && (w.data || !data_name))
        write_all(&w, picture_name, &arena);
    else
        status = -1;
    if (w.out && fclose(w.out) == EOF)
        status = -1;
    if (w.data && fclose(w.data) == EOF)
        status = -1;
    gk_arena_release(&arena);
    if (status == 0)
        return 0;
    gk_error("cannot write the script for gnuplot: %s", strerror(errno));
    free(out->text);
    free(out->data);
    *out = (gk_script){ 0 };
    return -1;
}

int gk_figure_draw(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output)
{
    gk_canvas full = gk_canvas_complete(canvas, 1);
    gk_script script;

    if (canvas->format == GK_TERMINAL)
        return (figure->n_map > 0 ? gk_figure_map_characters : gk_figure_terminal)(figure, &full, output, n_output);
    if (gk_figure_script(figure, canvas, NULL, NULL, &script) < 0)
        return -1;
    int status = gk_gnuplot_run(script.text, script.n_text, output, n_output);
    free(script.text);
    return status;
}
