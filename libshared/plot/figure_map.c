/* figure_map.c -- heat maps in a script for gnuplot: cells, colour bar, contour values, marks. */
#include <math.h>
#include <string.h>
#include "plot/figure_private.h"
#include "plot/gnuplot.h"

enum { GREY = 0xb8b8b8, MAX_TICS = 9, FIRST_TEXT = 100 };
#define SEAM 0.1
#define CHARACTER 0.016    /* width of a letter in a plot as wide as the figure, as a share of it */

/* --- cells -------------------------------------------------------------------------------------------------------- */

static bool has_value(const gk_figure_map *map, int64_t ix, int64_t iy)
{
    return ix < map->n_x && iy < map->n_y && isfinite(map->z[iy * map->n_x + ix]);
}

/* Where a cell ends: a little below a neighbour that is drawn later, because edges that only touch show the background between
 * them when they are drawn with antialiasing. */
static double reach(const double *edge, int64_t i, bool goes_on, bool is_log)
{
    if (!goes_on)
        return edge[i + 1];
    return is_log ? edge[i + 1] * pow(edge[i + 2] / edge[i + 1], SEAM) : edge[i + 1] + SEAM * (edge[i + 2] - edge[i + 1]);
}

/* Reaching both ways covers a corner of the cell across; if that has no value, the cell is two boxes that reach one way each. */
static void write_cell(FILE *out, const gk_figure *figure, const gk_figure_map *map, int64_t ix, int64_t iy)
{
    double z = map->z[iy * map->n_x + ix], left = map->x_edge[ix], low = map->y_edge[iy];
    bool has_right = has_value(map, ix + 1, iy) && isfinite(z), has_above = has_value(map, ix, iy + 1) && isfinite(z);
    bool is_twice = has_right && has_above && !has_value(map, ix + 1, iy + 1);

    for (int way = 0; way <= is_twice; way++)
        fprintf(out, "%.9g %.9g %.9g %.9g %.9g %.9g %.6f\n", left, low, left,
                reach(map->x_edge, ix, has_right && way == 0, figure->log_x), low,
                reach(map->y_edge, iy, has_above && (!is_twice || way == 1), figure->log_y),
                isinf(z) ? 0 : fmin(fmax(gk_colour_share(&figure->colour, z), 0), 1));
}

/* 'm': cells with a colour, 'i': those that are infinite.  Their number. */
static int64_t write_cells(FILE *out, const gk_figure *figure, int panel, char kind)
{
    const gk_figure_map *map = &figure->map[panel];
    int64_t n = 0;

    fprintf(out, "$%c%d << EOD\n", kind, panel);
    for (int64_t iy = 0; iy < map->n_y; iy++)
        for (int64_t ix = 0; ix < map->n_x; ix++) {
            double z = map->z[iy * map->n_x + ix];
            if (kind == 'm' ? !isfinite(z) : !isinf(z))
                continue;
            write_cell(out, figure, map, ix, iy);
            n++;
        }
    fputs("EOD\n", out);
    return n;
}

const char *gk_figure_map_plot(FILE *out, const gk_figure *figure, int panel, const char *comma)
{
    static const char boxes[] = "using 1:2:3:4:5:6:7 with boxxyerror fillstyle solid 1.0 noborder";
    bool has_finite = false, has_infinite = false;

    for (int64_t i = 0; i < figure->map[panel].n_x * figure->map[panel].n_y; i++) {
        has_finite |= isfinite(figure->map[panel].z[i]);
        has_infinite |= isinf(figure->map[panel].z[i]);
    }
    if (has_infinite) {
        fprintf(out, "%s$i%d %s fillcolor rgb '#%06x' notitle", comma, panel, boxes, (unsigned)GREY);
        comma = ", \\\n     ";
    }
    if (has_finite) {
        fprintf(out, "%s$m%d %s fillcolor palette notitle", comma, panel, boxes);
        comma = ", \\\n     ";
    }
    return comma;
}

void gk_figure_map_data(FILE *out, const gk_figure *figure)
{
    for (int m = 0; m < figure->n_map; m++) {
        write_cells(out, figure, m, 'm');
        write_cells(out, figure, m, 'i');
    }
}

/* --- colour bar --------------------------------------------------------------------------------------------------- */

void gk_figure_map_colours(FILE *out, const gk_figure *figure, double bottom, double top)
{
    const gk_colour_scale *scale = &figure->colour;
    double tic[MAX_TICS], height = top - bottom;
    int n_tic = gk_colour_tics(scale, MAX_TICS, tic);

    fputs("set palette defined (", out);
    for (int i = 0; i <= 20; i++)
        fprintf(out, "%s%g '#%06x'", i ? ", " : "", i / 20.0, (unsigned)gk_colour_ramp(i / 20.0));
    fprintf(out, ") maxcolors 256\nset cbrange [0:1]\nset colorbox vertical user origin screen %.4f,%.4f size screen %.4f,%.4f "
                 "border\nset format cb '%%g'\nset cbtics (", GK_BAR_LEFT, bottom, GK_BAR_WIDTH, height);
    for (int i = 0; i < n_tic; i++)
        fprintf(out, "%s'%.9g' %.9g", i ? ", " : "", fabs(tic[i]) < 1e-12 * fabs(scale->range[1]) ? 0 : tic[i],
                gk_colour_share(scale, tic[i]));
    fputs(") scale 0.6 out\n", out);
    for (int i = 0; i < scale->n_level; i++) {
        double share = gk_colour_share(scale, scale->level[i]), at = bottom + height * share;
        if (share >= 0 && share <= 1)
            fprintf(out, "set arrow from screen %.5f,%.5f to screen %.5f,%.5f nohead front linecolor rgb '#%06x' linewidth 1.5\n",
                    GK_BAR_LEFT, at, GK_BAR_LEFT + GK_BAR_WIDTH, at, (unsigned)gk_colour_contrast(gk_colour_ramp(share)));
    }
    if (scale->label && *scale->label) {
        fputs("set label 4 ", out);
        gk_gnuplot_quote(out, scale->label);
        fprintf(out, " at screen 0.975,%.4f center rotate by 90 noenhanced\n", (bottom + top) / 2);
    }
}

/* --- texts and rules ---------------------------------------------------------------------------------------------- */

static int n_character(const char *text)
{
    int n = 0;

    for (; *text; text++)
        n += (*text & 0xc0) != 0x80;
    return n;
}

/* A box, and the text in it, at a place in gnuplot's coordinates.  (gnuplot's own boxed labels are a filter in SVG, which few
 * viewers draw.) */
typedef struct text_box { double width, height; unsigned back; int font; bool has_border; } text_box;

static void write_label(FILE *out, int tag, const char *text, const char *at, const char *layer, int font, uint32_t colour)
{
    fprintf(out, "set label %d ", tag);
    gk_gnuplot_quote(out, text);
    fprintf(out, " at %s center noenhanced %s font ',%d' textcolor rgb '#%06x'\n", at, layer, font, (unsigned)colour);
}

static void write_box(FILE *out, int tag, const char *text, const char *at, text_box box)
{
    fprintf(out, "set object %d rectangle center %s size character %.2f,%.2f front fillcolor rgb '#%06x' ", tag, at, box.width,
            box.height, box.back);
    fprintf(out, "fillstyle solid 1.0 %s\n", box.has_border ? "border linecolor rgb '#000000' linewidth 1" : "noborder");
    write_label(out, tag, text, at, "front", box.font, gk_colour_contrast(box.back));
}

static void write_text(FILE *out, const gk_figure *figure, int index)
{
    const gk_figure_text *text = &figure->text[index];
    double n = n_character(text->text);
    char at[80];

    snprintf(at, sizeof at, "first %.9g,%.9g", text->x, text->y);
    if (text->is_level)
        write_box(out, FIRST_TEXT + index, text->text, at,
                  (text_box){ 0.85 * n + 0.2, 0.9, gk_colour_ramp(gk_colour_share(&figure->colour, text->level)), 10, false });
    else
        write_box(out, FIRST_TEXT + index, text->text, at, (text_box){ n + 1, 1.2, 0xffffff, 12, true });
}

/* Dark dashes on a light line stand out on every colour of a map.  Curves are drawn over their rules and over what is written at
* them.  The line ends at its text. */
static void write_rule(FILE *out, const gk_figure *figure, int index)
{
    const gk_figure_rule *rule = &figure->rule[index];
    int    n_column = figure->n_panel > 1 ? gk_panel_columns(figure->n_panel) : 1;
    bool   has_text = rule->text && *rule->text;
    double n = has_text ? n_character(rule->text) + 1 : 0;
    double end = !has_text ? 1 : rule->is_x ? 0.93 : fmax(1 - CHARACTER * n * n_column, 0.5);
    int    tag = FIRST_TEXT + figure->n_text + index;
    char   at[80];

    for (int is_above = figure->n_map == 0; is_above <= 1; is_above++) {
        fprintf(out, rule->is_x ? "set arrow %d from first %.9g,graph 0 to first %.9g,graph %.3f"
                                : "set arrow %d from graph 0,first %.9g rto graph %.3f,0",
                FIRST_TEXT + 2 * index + is_above, rule->at, rule->is_x ? rule->at : end, end);
        fprintf(out, " nohead %s linecolor rgb '%s\n", figure->n_map ? "front" : "back",
                !is_above ? "#ffffff' linewidth 2.5" : figure->n_map ? "#000000' linewidth 1.2 dashtype 2"
                                                                    : "#666666' linewidth 1.5 dashtype 2");
    }
    if (has_text) {
        if (rule->is_x)
            snprintf(at, sizeof at, "first %.9g,graph %.3f", rule->at, (1 + end) / 2);
        else
            snprintf(at, sizeof at, "graph %.3f,first %.9g", (1 + end) / 2, rule->at);
        if (figure->n_map)
            write_box(out, tag, rule->text, at, (text_box){ 0.9 * n - 0.4, 1, 0xffffff, 11, false });
        else
            write_label(out, tag, rule->text, at, "back", 11, 0);
    }
}

void gk_figure_texts(FILE *out, const gk_figure *figure, int panel)
{
    for (int i = 0; i < figure->n_text; i++) {
        if (panel > 0)
            fprintf(out, "unset label %d\nunset object %d\n", FIRST_TEXT + i, FIRST_TEXT + i);
        if (figure->text[i].panel < 0 || figure->text[i].panel == panel)
            write_text(out, figure, i);
    }
    for (int i = 0; i < figure->n_rule; i++)
        write_rule(out, figure, i);
}
