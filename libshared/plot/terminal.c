/* terminal.c -- curves in a terminal: gnuplot's characters, on our axes. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "plot/figure_private.h"
#include "plot/gnuplot.h"

#define LABEL_EM 0.6    /* a character in em, for the width of numbers */

static void write_axis(FILE *out, const char *name, const gk_axis *axis, const double range[2], double length, gk_arena *arena)
{
    gk_ticks ticks;

    if (axis->is_log)
        fprintf(out, "set logscale %s 10\n", name);
    fprintf(out, "set %srange [%.12g:%.12g] noextend\nset %stics nomirror scale 0.6 (", name, range[0], range[1], name);
    gk_ticks_choose(range, axis->is_log, length, *name == 'x', arena, &ticks);
    for (int i = 0; i < ticks.n_label; i++) {
        fputs(i ? ", " : "", out);
        gk_gnuplot_quote(out, gk_tick_plain(&ticks.tick[i], arena));
        fprintf(out, " %.12g", ticks.tick[i].at);
    }
    fputs(")\n", out);
    if (!axis->label || !*axis->label)
        return;
    fputs(*name == 'x' ? "set xlabel " : name[1] ? "set label 3002 " : "set label 3001 ", out);
    gk_gnuplot_quote(out, axis->label);
    fputs(*name == 'x' ? " noenhanced\n"    /* of the others above, at either end: beside an axis there is no room */
          : name[1]   ? " at graph 1,1 right offset character 4,1 noenhanced\n"
                      : " at graph 0,1 left offset character 0,1 noenhanced\n", out);
}

static void write_axes(const gk_writer *w, gk_arena *arena)
{
    const gk_figure *figure = w->figure;
    double range[2];

    gk_figure_range(figure, true, 0, range);
    write_axis(w->out, "x", &figure->x, range, (w->canvas->columns - 12) * LABEL_EM, arena);
    for (int a = 0; a < (figure->n_axis > 0 ? figure->n_axis : 1) && a < 2; a++) {
        gk_figure_range(figure, false, a, range);
        write_axis(w->out, a ? "y2" : "y", &figure->y[a], range, (w->canvas->rows - 8) * 1.2, arena);
    }
}

static void write_curves(const gk_writer *w)
{
    static const char *const styles[] = { "lines", "points", "linespoints" };
    const gk_figure *figure = w->figure;
    const char *comma = "plot ";

    for (int64_t l = 0; l < figure->n_line; l++) {
        fprintf(w->out, "%s$d%lld using 1:2%s with %s linetype %d notitle", comma, (long long)l,
                figure->has_right && figure->line[l].axis == figure->n_axis - 1 ? " axes x1y2" : "", styles[figure->style],
                figure->line[l].pen.symbol);
        comma = ", \\\n     ";
    }
    for (int k = 0; k < figure->n_key; k++) {
        fprintf(w->out, "%sNaN with %s linetype %d title ", comma, styles[figure->style], figure->key[k].pen.symbol);
        gk_gnuplot_quote(w->out, figure->key[k].label);
        comma = ", \\\n     ";
    }
    putc('\n', w->out);
}

static void write_rules(const gk_writer *w)
{
    for (int i = 0; i < w->figure->n_rule; i++) {
        const gk_figure_rule *rule = &w->figure->rule[i];
        bool has_text = rule->text && *rule->text;
        fprintf(w->out, rule->is_x ? "set arrow %d from first %.9g,graph 0 to first %.9g,graph %g nohead back\n"
                                   : "set arrow %d from graph 0,first %.9g rto graph %.3g,0 nohead back\n",
                i + 1, rule->at, rule->is_x ? rule->at : has_text ? 0.8 : 1, has_text ? 0.93 : 1.0);
        if (!has_text)
            continue;
        fprintf(w->out, "set label %d ", i + 1);
        gk_gnuplot_quote(w->out, rule->text);
        fprintf(w->out, rule->is_x ? " at first %.9g,graph 0.97 center noenhanced back\n"
                                   : " at graph 0.9,first %.9g center noenhanced back\n", rule->at);
    }
    for (int i = 0; i < w->figure->n_mark; i++) {
        fprintf(w->out, "set label %d ", 1000 + i);
        gk_gnuplot_quote(w->out, w->figure->mark[i].text);
        fprintf(w->out, " at first %.9g,%.9g center noenhanced front\n", w->figure->mark[i].x, w->figure->mark[i].y);
    }
}

static void write_all(const gk_writer *w, gk_arena *arena)
{
    const gk_figure *figure = w->figure;

    fprintf(w->out, "set terminal dumb size %d,%d %s\nset encoding utf8\nset termoption noenhanced\nset border %d\n",
            w->canvas->columns, w->canvas->rows, w->canvas->is_coloured ? "ansi" : "mono", figure->has_right ? 11 : 3);
    fputs("set title ", w->out);    /* or its row, for what the vertical axes are of */
    gk_gnuplot_quote(w->out, figure->title && *figure->title ? figure->title : " ");
    fputs(" noenhanced\n", w->out);
    fputs(figure->n_key && figure->legend != GK_LEGEND_NONE ? "set key outside top center horizontal noenhanced\n"
                                                            : "set key off\n",
          w->out);
    write_axes(w, arena);
    write_rules(w);
    for (int64_t l = 0; l < figure->n_line; l++) {
        const gk_figure_line *line = &figure->line[l];
        fprintf(w->out, "$d%lld << EOD\n", (long long)l);
        for (int64_t i = 0; i < line->n; i++)
            if (gk_is_drawn(line->x[i], figure->x.is_log) && gk_is_drawn(line->y[i], figure->y[line->axis].is_log))
                fprintf(w->out, "%.9g %.9g\n", line->x[i], line->y[i]);
            else
                putc('\n', w->out);
        fputs("EOD\n", w->out);
    }
    write_curves(w);
}

int gk_figure_terminal(const gk_figure *figure, const gk_canvas *canvas, char **output, size_t *n_output)
{
    gk_arena  arena = { 0 };
    char     *script = NULL;
    size_t    n_script = 0;
    gk_writer w = { .out = open_memstream(&script, &n_script), .figure = figure, .canvas = canvas };
    int       status = 0;

    if (!w.out)
        return gk_error("cannot write the script for gnuplot: %s", strerror(errno));
    write_all(&w, &arena);
    gk_arena_release(&arena);
    if (fclose(w.out) == EOF)
        status = gk_error("cannot write the script for gnuplot: %s", strerror(errno));
    else
        status = gk_gnuplot_run(script, n_script, output, n_output);
    if (status == 0 && *n_output > 0 && **output == '\f')
        memmove(*output, *output + 1, (*n_output)--);    /* gnuplot begins a page with a form feed */
    free(script);
    return status;
}
