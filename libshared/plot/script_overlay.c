/* script_overlay.c -- the parts of a script for gnuplot that stand over the panels: texts, legend, colour bar, signs,
 * straight lines. */
#include <math.h>
#include <stdlib.h>
#include "plot/figure_private.h"
#include "plot/gnuplot.h"
#include "plot/layout_private.h"

enum { N_SLICE = 100, FIRST_BAR = 1, FIRST_KEY = 200, FIRST_BACK = 300, FIRST_TEXT = 1000, FIRST_SIGN = 5000, FIRST_RULE = 300 };

static double across(const gk_writer *w, double em)
{
    return em / w->layout->width;
}

static double up(const gk_writer *w, double em)
{
    return em / w->layout->height;
}

static void write_rectangle(const gk_writer *w, int tag, const gk_box *box, uint32_t colour, const char *rest)
{
    fprintf(w->out,
            "set object %d rectangle from screen %.5f,%.5f to screen %.5f,%.5f front fillcolor rgb '#%06x' fillstyle %s\n", tag,
            across(w, box->left), up(w, box->bottom), across(w, box->right), up(w, box->top), (unsigned)colour, rest);
}

/* --- texts -------------------------------------------------------------------------------------------------------- */

static void write_text(const gk_writer *w, int tag, const gk_placed *text)
{
    static const char *const aligned[] = { "left", "center", "right" };
    char *raised = NULL;

    fprintf(w->out, "set label %d ", tag);
    if (text->power && asprintf(&raised, "%s^{%s}", text->text, text->power) >= 0)    /* our own numbers: nobody's text */
        gk_gnuplot_quote(w->out, raised);
    else
        gk_gnuplot_quote(w->out, text->text);
    free(raised);
    fprintf(w->out, " at screen %.5f,%.5f %s %s%s front font ',%.3f' textcolor rgb '#%06x'\n", across(w, text->x), up(w, text->y),
            aligned[text->align + 1], text->is_upright ? "rotate by 90 " : "", text->power ? "enhanced" : "noenhanced",
            10 * text->size, (unsigned)text->colour);
}

static void write_texts(const gk_writer *w)
{
    for (int i = 0; i < w->layout->n_text; i++) {
        const gk_placed *text = &w->layout->text[i];
        if (text->has_back)
            write_rectangle(w, FIRST_BACK + i, &text->box, text->back,
                            text->has_border ? "solid 1.0 border linecolor rgb '#000000' linewidth 1" : "solid 1.0 noborder");
        write_text(w, FIRST_TEXT + i, text);
    }
}

/* --- colour bar --------------------------------------------------------------------------------------------------- */

static void write_screen_line(const gk_writer *w, int tag, double x0, double y0, double x1, double y1)
{
    fprintf(w->out, "set arrow %d from screen %.5f,%.5f to screen %.5f,%.5f nohead front ", tag, across(w, x0), up(w, y0),
            across(w, x1), up(w, y1));
}

/* Slices that each reach to the top, so that no edges show between them. */
static void write_bar(const gk_writer *w)
{
    const gk_box *bar = &w->layout->bar;
    const gk_colour_scale *scale = &w->figure->colour;
    double height = bar->top - bar->bottom, thin = gk_script_width(w->canvas, w->canvas->font_size / 15);

    for (int i = 0; i < N_SLICE; i++) {
        gk_box slice = { bar->left, bar->right, bar->bottom + height * i / N_SLICE, bar->top };
        write_rectangle(w, FIRST_BAR + i, &slice, gk_colour_ramp((i + 0.5) / N_SLICE), "solid 1.0 noborder");
    }
    fprintf(w->out,
            "set object %d rectangle from screen %.5f,%.5f to screen %.5f,%.5f front fillstyle empty border linecolor rgb "
            "'#444444' linewidth %.3f\n",
            FIRST_BAR + N_SLICE, across(w, bar->left), up(w, bar->bottom), across(w, bar->right), up(w, bar->top), thin);
    for (int i = 0; i < w->layout->bar_ticks.n_label; i++) {
        double y = bar->bottom + height * gk_colour_share(scale, w->layout->bar_ticks.tick[i].at);
        write_screen_line(w, FIRST_BAR + i, bar->right, y, bar->right + GK_TICK / 2, y);
        fprintf(w->out, "linecolor rgb '#444444' linewidth %.3f\n", thin);
    }
    for (int i = 0; i < scale->n_level && i < N_SLICE; i++) {
        double share = gk_colour_share(scale, scale->level[i]), y = bar->bottom + height * share;
        if (share < 0 || share > 1 || w->figure->n_map == 0)
            continue;
        write_screen_line(w, FIRST_BAR + 50 + i, bar->left, y, bar->right, y);
        fprintf(w->out, "linecolor rgb '#%06x' linewidth %.3f\n", (unsigned)gk_colour_contrast(gk_colour_ramp(share)), 2 * thin);
    }
}

/* --- legend and signs --------------------------------------------------------------------------------------------- */

static void write_point(const gk_writer *w, int tag, double x, double y, int type, double size, uint32_t colour)
{
    fprintf(w->out, "set label %d '' at screen %.5f,%.5f front point pointtype %d pointsize %.3f linecolor rgb '#%06x'\n", tag,
            across(w, x), up(w, y), type, gk_script_point(w->canvas, size), (unsigned)colour);
}

static void write_key(const gk_writer *w)
{
    const gk_layout *layout = w->layout;

    if (layout->key_frame.right > layout->key_frame.left)
        write_rectangle(w, FIRST_KEY, &layout->key_frame, 0xffffff, "transparent solid 0.85 noborder");
    for (int k = 0; k < layout->n_key; k++) {
        const gk_box *sample = &layout->sample[k];
        double y = (sample->bottom + sample->top) / 2;
        if (w->figure->style != GK_STYLE_POINTS) {
            write_screen_line(w, FIRST_KEY + k, sample->left, y, sample->right, y);
            gk_script_pen(w, w->figure->key[k].pen, k % 2);
            putc('\n', w->out);
        }
        if (w->figure->style != GK_STYLE_LINES)
            write_point(w, FIRST_KEY + k, (sample->left + sample->right) / 2, y, 7, GK_POINT, w->figure->key[k].pen.colour);
    }
}

static void write_signs(const gk_writer *w)
{
    static const int types[] = { 9, 11, 7 };    /* triangles up and down, a dot */
    static const double sizes[] = { 0.8, 0.8, 0.6 };    /* em */

    for (int i = 0; i < w->layout->n_sign; i++) {
        const gk_sign *sign = &w->layout->sign[i];
        write_point(w, FIRST_SIGN + i, sign->x, sign->y, types[sign->kind], sizes[sign->kind], sign->colour);
    }
}

void gk_script_overlay(const gk_writer *w)
{
    if (w->figure->has_bar || w->figure->n_map > 0)
        write_bar(w);
    write_key(w);
    write_texts(w);
    write_signs(w);
}

/* --- straight lines ----------------------------------------------------------------------------------------------- */

/* Dark dashes on a light line stand out on every colour of a map.  Curves are drawn over their rules. */
static void write_rule(const gk_writer *w, int index, int panel)
{
    const gk_figure_rule *rule = &w->figure->rule[index];
    double above = w->layout->plot[panel].top + (rule->text && *rule->text ? w->layout->rule_end[index] : 0);
    double thin = gk_script_width(w->canvas, w->canvas->font_size / 12);

    for (int is_above = w->figure->n_map == 0; is_above <= 1; is_above++) {
        fprintf(w->out, "set arrow %d ", FIRST_RULE + 2 * index + is_above);
        if (rule->is_x)
            fprintf(w->out, "from first %.9g,graph 0 to first %.9g,screen %.5f", rule->at, rule->at, up(w, above));
        else
            fprintf(w->out, "from graph 0,first %.9g to graph 1,first %.9g", rule->at, rule->at);
        fprintf(w->out, " nohead %s linecolor rgb '%s' linewidth %.3f dashtype %s\n", w->figure->n_map ? "front" : "back",
                !is_above ? "#ffffff" : w->figure->n_map ? "#000000" : "#666666", is_above ? thin : 2 * thin,
                is_above ? "(6,4)" : "1");
    }
}

void gk_script_rules(const gk_writer *w, int panel)
{
    bool is_first_axis = !w->figure->panel || w->figure->panel[panel].axis == 0;

    for (int i = 0; i < w->figure->n_rule; i++)
        if (w->figure->rule[i].is_x || is_first_axis)
            write_rule(w, i, panel);
        else
            fprintf(w->out, "unset arrow %d\n", FIRST_RULE + 2 * i + 1);
}
