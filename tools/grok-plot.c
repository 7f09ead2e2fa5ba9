/* grok-plot.c -- curves and heat maps of a checkpoint or of a table as SVG, PNG, PDF, or in the terminal, through gnuplot. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include "base/die.h"
#include "base/choice.h"
#include "base/options.h"
#include "base/outfile.h"
#include "plot/extent.h"
#include "plot/input.h"
#include "plot/map.h"
#include "plot/marks.h"
#include "plot/panels.h"
#include "plot/request.h"
#include "plot/words.h"
#include "table/cells.h"

#define FORMATS(X) \
    X(FORMAT_SVG = GK_SVG, "svg") X(FORMAT_PNG = GK_PNG, "png") X(FORMAT_PDF = GK_PDF, "pdf") X(FORMAT_BY_NAME, "auto")
GK_LOCAL_CHOICES(plot_format, FORMATS);

static struct {
    const char *x, *y, *y2, *by, *panel, *title, *caption, *bold, *x_label, *y_label, *y2_label, *x_range, *y_range, *y2_range;
    const char *heatmap, *contours, *z_range, *mark, *mark_x, *mark_y, *path, *colour_by, *palette, *output, *size;
    double      colour_power, blur, opacity, font_size, line_width, dpi;
    bool        log_x, log_y, log_y2, linear_x, linear_y, log_colour, each, together, terminal, script;
    gk_line_style   style;
    gk_legend_place legend;
    gk_band_kind  band;
    plot_format   format;
    gk_select     select;
} o = { .colour_power = 1, .opacity = 1, .font_size = NAN, .line_width = NAN, .dpi = 144, .x = "step", .band = GK_BAND_AUTO,
        .format = FORMAT_BY_NAME };

GK_CONDITION(of_maps, __typeof__(o), "maps (--heatmap)", at->heatmap != NULL);
GK_CONDITION(of_curves, __typeof__(o), "curves, not for --heatmap", at->heatmap == NULL);
GK_CONDITION(with_right, __typeof__(o), "a right axis (--y2)", at->y2 != NULL);
GK_CONDITION(in_files, __typeof__(o), "files, not for --term", !at->terminal);
GK_CONDITION(with_colours, __typeof__(o), "maps (--heatmap) and --colour-by", at->heatmap != NULL || at->colour_by != NULL);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option data_options[] = {
    GK_TEXT_OPTION("x", x, .key = 'x', .arg = "NAME", .help = "column or metric along the horizontal axis"),
    GK_TEXT_OPTION("y", y, .key = 'y', .flags = GK_MANY, .join = GK_PLOT_GROUPS, .arg = "NAME,...",
                   .help = "columns or metrics to draw (default: train_acc,test_acc); those of several kinds, as accuracy and "
                           "norm, have a row of panels each, and so have those of each -y that is given"),
    GK_TEXT_OPTION("y2", y2, .arg = "NAME,...", .when = &of_curves, .help = "others to draw, on an axis at the right"),
    GK_SWITCH_OPTION("together", together, .when = &of_curves, .help = "all kinds of metrics on one axis"),
    GK_TEXT_OPTION("by", by, .key = 'b', .arg = "NAME,...",
                   .help = "one curve and colour per value of these columns; 'none': one curve (default: the options that vary)"),
    GK_TEXT_OPTION("colour-by", colour_by, .arg = "NAME", .when = &of_curves,
                   .help = "colours tell the values of this column: numbers on a scale with a bar; seed or run one by one"),
    GK_CHOICE_OPTION("select", select, gk_select,
                     .help = "of a landscape's cells: the values at the record of lowest train loss, at the end, the lowest of "
                             "each column by itself, or all three (train_loss_argmin, ...)"),
    GK_TEXT_OPTION("panel", panel, .arg = "NAME", .help = "a plot per value of this column, side by side"),
    GK_SWITCH_OPTION("each", each, .when = &of_curves, .help = "one line per run, instead of the median"),
    GK_CHOICE_OPTION("band", band, gk_band_kind, .when = &of_curves,
                     .help = "around the median of several runs; auto: their range, from 8 runs on their quartiles"),
    GK_OPTION_END
};
static const gk_option map_options[] = {
    GK_TEXT_OPTION("heatmap", heatmap, .arg = "NAME,...",
                   .help = "colour cells of x and y by this column, the median of a cell's runs; several: side by side"),
    GK_TEXT_OPTION("contours", contours, .arg = "LEVEL,...", .when = &of_maps,
                   .help = "lines of equal values; with --by nothing else, a colour per value of its columns"),
    GK_SWITCH_OPTION("log-colour", log_colour, .when = &with_colours,
                     .help = "colours by the logarithm (as is with --colour-by if values are spaced so)"),
    GK_REAL_OPTION("colour-power", colour_power, 0.01, 100, .arg = "P", .when = &with_colours, .help = "colours by value^P"),
    GK_TEXT_OPTION("zrange", z_range, .arg = "LOW:HIGH", .when = &with_colours,
                   .help = "values of the darkest and the lightest colour"),
    GK_REAL_OPTION("blur", blur, 0, 100, .arg = "SIGMA", .when = &of_maps,
                   .help = "smooth what is drawn by a Gaussian, in cells"),
    GK_OPTION_END
};
static const gk_option look_options[] = {
    GK_SWITCH_OPTION("log-x", log_x, .help = "logarithmic horizontal axis (as is if x is step; in a map if it is spaced so)"),
    GK_SWITCH_OPTION("linear-x", linear_x, .help = "linear horizontal axis"),
    GK_SWITCH_OPTION("log-y", log_y, .help = "logarithmic vertical axis (as is in a map if it is spaced so)"),
    GK_SWITCH_OPTION("linear-y", linear_y, .help = "linear vertical axis"),
    GK_TEXT_OPTION("xrange", x_range, .arg = "LOW:HIGH", .help = "part of the horizontal axis; either end may be empty"),
    GK_TEXT_OPTION("yrange", y_range, .arg = "LOW:HIGH", .help = "part of the vertical axis, the first if there are several"),
    GK_TEXT_OPTION("y2range", y2_range, .arg = "LOW:HIGH", .when = &with_right, .help = "part of the right axis"),
    GK_SWITCH_OPTION("log-y2", log_y2, .when = &with_right, .help = "logarithmic right axis"),
    GK_TEXT_OPTION("title", title, .arg = "TEXT", .help = "title (default: the task of a checkpoint)"),
    GK_TEXT_OPTION("caption", caption, .arg = "TEXT",
                   .help = "below the figure (default: how many runs); what could not be drawn is told behind it"),
    GK_TEXT_OPTION("bold", bold, .arg = "WORD,...", .when = &of_curves,
                   .help = "curves whose legend has one of these; the others are thin and below them, with paler bands"),
    GK_TEXT_OPTION("xlabel", x_label, .arg = "TEXT", .help = "label of the horizontal axis"),
    GK_TEXT_OPTION("ylabel", y_label, .arg = "TEXT", .help = "label of the vertical axis, the first if there are several"),
    GK_TEXT_OPTION("y2label", y2_label, .arg = "TEXT", .when = &with_right, .help = "label of the right axis"),
    GK_CHOICE_OPTION("legend", legend, gk_legend_place,
                     .help = "where it stands: above the plot, beside it, in the corner that has fewest data, in this corner"),
    GK_TEXT_OPTION("palette", palette, .arg = "#RRGGBB,...", .when = &of_curves, .help = "colours to use, in this order"),
    GK_REAL_OPTION("opacity", opacity, 0.01, 1, .arg = "SHARE", .when = &of_curves,
                   .help = "of lines: 0.2 shows where many of them lie"),
    GK_REAL_OPTION("font-size", font_size, 1, 200, .arg = "POINTS", .when = &in_files,
                   .help = "of labels (default: 8 for a size in inches, else in proportion: 10.5 at 800x500)"),
    GK_REAL_OPTION("line-width", line_width, 0.05, 50, .arg = "POINTS", .when = &in_files,
                   .help = "of curves (default: 1/7 of the font's size)"),
    GK_TEXT_OPTION("mark", mark, .flags = GK_MANY, .arg = "NAME=X,Y", .help = "a named point"),
    GK_TEXT_OPTION("mark-x", mark_x, .flags = GK_MANY, .arg = "[NAME=]X", .help = "a vertical line, its name above the plot"),
    GK_TEXT_OPTION("mark-y", mark_y, .flags = GK_MANY, .arg = "[NAME=]Y", .help = "a horizontal line, its name beside the plot"),
    GK_TEXT_OPTION("path", path, .flags = GK_MANY, .arg = "FILE", .when = &of_maps,
                   .help = "a line over a map through the rows of this TSV, broken by rows of nan: columns named as the axes, "
                           "or x and y"),
    GK_CHOICE_OPTION("style", style, gk_line_style, .when = &of_curves, .help = "how points are joined"),
    GK_OPTION_END
};
static const gk_option output_options[] = {
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE",
                   .help = "write here; .svg, .png or .pdf says what; - is standard output"),
    GK_CHOICE_OPTION("format", format, plot_format, .help = "what to write; auto: by the name of the file"),
    GK_TEXT_OPTION(
        "size", size, .arg = "WxH",
        .help = "dots (PDF: 1/100 inch; terminal: characters), with letters in proportion (default: 800x500, PNG 1200x750, "
                "higher for several rows of panels; the terminal's own); or 3.5in, 3.5x2.5in, 9x6cm: as in print"),
    GK_REAL_OPTION("dpi", dpi, 20, 2400, .when = &in_files, .help = "dots an inch of a PNG"),
    GK_SWITCH_OPTION("script", script, .when = &in_files,
                     .help = "write beside FILE.svg also FILE.gp and FILE.dat: 'gnuplot FILE.gp' there draws it again"),
    GK_SWITCH_OPTION("term", terminal, .key = 't', .help = "draw in the terminal"),
    GK_OPTION_END
};
static const gk_option_group groups[] = {
    { "What", data_options, &o },
    { "Heat map", map_options, &o },
    { "Look", look_options, &o },
    { "Output", output_options, &o },
    { 0 }
};
static const gk_cli cli = {
    .name = "grok-plot",
    .summary = "draw curves or heat maps of a checkpoint or of a table (TSV) through gnuplot",
    .arguments = "FILE",
    .details = "FILE is a checkpoint or a TSV; - reads either from standard input.  In a TSV, columns file, run,\n"
               "replica and seed tell runs apart, and those between run and step are the options that vary.\n"
               "Several runs of one colour are drawn as their median and a band; a run that ended early keeps\n"
               "its last value.  A map needs one row per run; cells without one are blank.\n\n"
               "  grok-plot run.h5 -o run.svg\n"
               "  grok-plot run.h5 --term -y train_loss,test_loss --log-y\n"
               "  grok-log --final grid.h5 | grok-plot - -x fraction -y step_test_99 --log-y -o times.png\n"
               "  grok-plot land.h5 --heatmap test_error -x alpha -y size --contours 0.1,0.2 --mark A=1,200 -o map.svg\n"
               "  grok-plot land.h5 -x alpha -y train_loss,test_loss --log-x --log-y --select end -o slices.svg\n"
               "  grok-plot run.h5 -y train_acc,test_acc --y2 l2_norm --size 3.5in --legend inside -o paper.pdf\n"
               "  grok-plot grid.h5 --each --colour-by weight_decay -y test_acc --opacity 0.4 -o all.svg\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = 1
};

/* --- options ------------------------------------------------------------------------------------------------------ */

/* "10:", ":1", "0.1:1e4" */
static void parse_range(const char *name, const char *text, double out[2])
{
    char low[64] = "";
    const char *colon = text ? strchr(text, ':') : NULL;

    out[0] = out[1] = NAN;
    if (!text)
        return;
    if (!colon || (size_t)(colon - text) >= sizeof low)
        gk_usage("--%s '%s': expected LOW:HIGH", name, text);
    memcpy(low, text, (size_t)(colon - text));
    if ((*low && gk_parse_real(low, &out[0]) < 0) || (colon[1] && gk_parse_real(colon + 1, &out[1]) < 0))
        gk_usage("--%s '%s': %s", name, text, gk_error_message());
    if (out[0] >= out[1])
        gk_usage("--%s '%s': the first must be less than the second", name, text);
}

static gk_canvas choose_canvas(void)
{
    gk_canvas canvas = { .format = GK_TERMINAL, .dots_per_inch = o.dpi };
    const char *dot = o.output ? strrchr(o.output, '.') : NULL;
    struct winsize window;

    if (o.terminal ? o.output != NULL : o.output == NULL)
        gk_usage(o.terminal ? "--term and --output cannot be given together"
                            : "say where to draw: -o FILE.svg, .png or .pdf, or --term");
    if (o.terminal && isatty(STDOUT_FILENO)) {
        canvas.is_coloured = getenv("NO_COLOR") == NULL;
        if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) == 0 && window.ws_col >= 40 && window.ws_row >= 12) {
            canvas.columns = window.ws_col;
            canvas.rows = window.ws_row - 1;
        }
    }
    for (int format = GK_SVG; !o.terminal && o.format == FORMAT_BY_NAME && format <= GK_PDF; format++)
        if (dot && strcasecmp(dot + 1, plot_format_names[format]) == 0)
            o.format = (plot_format)format;
    if (!o.terminal && o.format == FORMAT_BY_NAME)
        gk_usage("'%s' says no format: expected a name that ends in .svg, .png or .pdf, or --format", o.output);
    if (!o.terminal)
        canvas.format = (gk_figure_format)o.format;
    if (o.size && gk_canvas_size(&canvas, o.size) < 0)
        gk_usage("--size %s", gk_error_message());
    canvas.font_size = isnan(o.font_size) ? 0 : o.font_size;
    canvas.line_width = isnan(o.line_width) ? 0 : o.line_width;
    return canvas;
}

/* --- what to draw ------------------------------------------------------------------------------------------------- */

static int make_request(const gk_frame *frame, const char *y, const gk_colour_scale *scale, gk_arena *arena,
                        gk_plot_request *request)
{
    *request = (gk_plot_request){ .each = o.each, .band = o.band, .full_key = o.terminal, .scale = *scale };
    if ((request->x = gk_plot_number_column(frame, o.x)) < 0 ||
        gk_plot_metrics(frame, y, o.y2, o.together || o.terminal, arena, request) < 0)
        return -1;
    request->log_x = !o.linear_x && (o.log_x || strcmp(o.x, "step") == 0);
    if (o.colour_by && (request->colour_by = gk_frame_asked(frame, o.colour_by)) < 0)
        return -1;
    request->has_colour_by = o.colour_by != NULL;
    if (o.palette && (request->n_palette = gk_plot_palette(o.palette, arena, &request->palette)) < 0)
        gk_usage("--palette %s", gk_error_message());
    gk_plot_identity(frame, request);
    if (!o.by)
        gk_plot_default_by(frame, request);
    else if (strcmp(o.by, "none") != 0 && (request->n_by = gk_plot_columns(frame, o.by, false, request->by)) < 0)
        return -1;
    if (o.each && !o.by && !o.colour_by && request->n_by == 0 && request->n_id > 0)
        request->by[request->n_by++] = request->id[request->n_id - 1];    /* seed if there is one, else run */
    return 0;
}

static const char *axis_label(const gk_frame_column *column, gk_arena *arena)
{
    const char *words = gk_plot_words(column->name, arena);

    if (strcmp(words, "alpha") == 0 && !o.panel && !(o.heatmap && strchr(o.heatmap, ',')))    /* where it has room */
        return "alpha (weight norm / standard initial norm)";
    return *column->unit && words == column->name ? gk_arena_printf(arena, "%s (%s)", words, column->unit) : words;
}

static void make_axes(const gk_plot_input *input, const gk_plot_request *request, gk_arena *arena, gk_figure *figure)
{
    figure->x.is_log = request->log_x;
    figure->style = o.style;
    figure->opacity = o.opacity;
    figure->title = o.title ? o.title : input->title;
    figure->x.label = o.x_label ? o.x_label : axis_label(&input->frame->column[request->x], arena);
    for (int a = 0; a < request->n_axis; a++) {
        bool is_right = request->has_right && a == request->n_axis - 1;
        figure->y[a].is_log = is_right ? o.log_y2 : o.log_y;
        parse_range(is_right ? "y2range" : "yrange", is_right ? o.y2_range : a == 0 ? o.y_range : NULL, figure->y[a].range);
        figure->y[a].label = is_right ? o.y2_label : a == 0 ? o.y_label : NULL;
    }
    gk_plot_axes(input->frame, request, input->loss_unit, arena, figure);
}

static int check_drawable(const gk_plot_input *input, const gk_plot_request *request, const gk_figure *figure)
{
    for (int64_t l = 0; l < figure->n_line; l++)
        for (int64_t i = 0; i < figure->line[l].n; i++)
            if (gk_is_drawn(figure->line[l].y[i], figure->y[figure->line[l].axis].is_log))
                return 0;
    return gk_error("nothing to draw in '%s': no row has numbers in '%s' and '%s'%s", input->frame->path,
                    input->frame->column[request->x].name, input->frame->column[request->y[0]].name,
                    figure->x.is_log || figure->y[0].is_log ? " that fit on a logarithmic axis" : "");
}

/* --- main --------------------------------------------------------------------------------------------------------- */

static int write_file(const char *path, gk_outfile_kind kind, const char *data, size_t n_bytes)
{
    gk_outfile *output = gk_outfile_new(path, kind);

    if (!output)
        return -1;
    if (gk_outfile_write(output, data, n_bytes) == 0)
        return gk_outfile_commit(output);
    gk_outfile_discard(output);
    return -1;
}

/* FILE.gp and FILE.dat beside FILE.svg. */
static int write_script(const gk_figure *figure, const gk_canvas *canvas, gk_arena *arena)
{
    const char *slash = strrchr(o.output, '/'), *name = slash ? slash + 1 : o.output, *dot = strrchr(name, '.');
    const char *path = gk_arena_printf(arena, "%.*s", (int)(dot ? dot - o.output : (long)strlen(o.output)), o.output);
    const char *stem = gk_arena_printf(arena, "%.*s", (int)(dot ? dot - name : (long)strlen(name)), name);
    gk_script script;
    int status;

    if (gk_figure_script(figure, canvas, gk_arena_printf(arena, "%s.dat", stem), name, &script) < 0)
        return -1;
    status = write_file(gk_arena_printf(arena, "%s.dat", path), GK_OUTFILE_TABLE, script.data, script.n_data);
    if (status == 0)
        status = write_file(gk_arena_printf(arena, "%s.gp", path), GK_OUTFILE_TABLE, script.text, script.n_text);
    free(script.text);
    free(script.data);
    return status;
}

static int write_all(const char *data, size_t n_bytes)
{
    if (!o.terminal)
        return write_file(o.output, GK_OUTFILE_FIGURE, data, n_bytes);
    (void)fwrite(data, 1, n_bytes, stdout);
    return gk_print_end();
}

static int make_curves(const gk_plot_input *input, gk_arena *arena, gk_figure *figure)
{
    gk_plot_request request;
    int panel = o.panel ? gk_frame_asked(input->frame, o.panel) : -1;

    if ((o.panel && panel < 0) || make_request(input->frame, input->y, &figure->colour, arena, &request) < 0)
        return -1;
    make_axes(input, &request, arena, figure);
    if (gk_plot_panels(input->frame, &request, panel, arena, figure) < 0)
        return -1;
    if (o.caption)
        figure->caption = o.caption;
    gk_plot_tell_undrawn(input->frame, &request, arena, figure);
    if (o.bold)
        gk_plot_emphasise(o.bold, arena, figure);
    return check_drawable(input, &request, figure);
}

static gk_axis_kind axis_kind(bool is_log, bool is_linear)
{
    return is_log ? GK_AXIS_LOG : is_linear ? GK_AXIS_LINEAR : GK_AXIS_AUTO;
}

static int make_map(const gk_plot_input *input, gk_arena *arena, gk_figure *figure)
{
    const gk_frame *frame = input->frame;
    gk_map_request request = { .panel = -1, .axis = { axis_kind(o.log_x, o.linear_x), axis_kind(o.log_y, o.linear_y) },
                               .colour = figure->colour, .blur = o.blur };
    if ((request.x = gk_plot_number_column(frame, o.x)) < 0 || (request.y = gk_plot_number_column(frame, o.y)) < 0 ||
        (request.n_z = gk_plot_columns(frame, o.heatmap, true, request.z)) < 0 ||
        (o.panel && (request.panel = gk_frame_asked(frame, o.panel)) < 0) ||
        (o.by && (request.n_by = gk_plot_columns(frame, o.by, false, request.by)) < 0))
        return -1;
    figure->title = o.title ? o.title : input->title;
    figure->x.label = o.x_label ? o.x_label : axis_label(&frame->column[request.x], arena);
    figure->y[0].label = o.y_label ? o.y_label : axis_label(&frame->column[request.y], arena);
    parse_range("yrange", o.y_range, figure->y[0].range);
    figure->colour.label = gk_plot_axis_label(frame, request.n_z, request.z, input->loss_unit, arena);
    if (gk_plot_map(frame, &request, arena, figure) < 0)
        return -1;
    if (o.caption)
        figure->caption = o.caption;
    return o.path ? gk_plot_paths(o.path, o.x, o.y, arena, figure) : 0;
}

static int draw(const gk_plot_input *input, gk_figure *figure, const gk_canvas *canvas, gk_arena *arena)
{
    char *data = NULL;
    size_t n_bytes = 0;
    int status = (o.heatmap ? make_map : make_curves)(input, arena, figure);

    figure->legend = o.legend;
    if (status == 0 && gk_plot_check_marks(figure) == 0 && gk_figure_draw(figure, canvas, &data, &n_bytes) == 0)
        status = write_all(data, n_bytes);
    else
        status = -1;
    if (status == 0 && o.script)
        status = write_script(figure, canvas, arena);
    free(data);
    return status;
}

static int compare_levels(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;

    return a < b ? -1 : a > b;
}

static void parse_contours(gk_arena *arena, gk_colour_scale *scale)
{
    char *rest = gk_arena_strdup(arena, o.contours);
    double *level = gk_arena_alloc(arena, (strlen(rest) / 2 + 1) * sizeof *level);

    for (char *text; (text = strsep(&rest, ","));)
        if (gk_parse_real(text, &level[scale->n_level++]) < 0)
            gk_usage("--contours '%s': %s", o.contours, gk_error_message());
    qsort(level, (size_t)scale->n_level, sizeof *level, compare_levels);
    for (int i = 1; i < scale->n_level; i++)
        if (level[i] == level[i - 1])
            gk_usage("--contours '%s': %g twice", o.contours, level[i]);
    scale->level = level;
}

/* What belongs together, and what does not. */
static void check_map_options(const gk_given *given)
{
    if (o.heatmap && (!gk_option_given(given, "x") || !o.y))
        gk_usage("--heatmap needs --x and --y");
    if (o.by && o.heatmap && (!o.contours || o.panel || strchr(o.heatmap, ',')))
        gk_usage("--by in a map draws --contours of one column in one panel");
    if (o.log_colour && o.colour_power != 1)
        gk_usage("--log-colour and --colour-power cannot be given together");
}

static void parse_map_options(gk_arena *arena, gk_figure *figure)
{
    gk_colour_scale *scale = &figure->colour;

    scale->kind = o.log_colour ? GK_COLOUR_LOG : o.colour_power != 1 ? GK_COLOUR_POWER : GK_COLOUR_LINEAR;
    scale->power = o.colour_power;
    parse_range("zrange", o.z_range, scale->range);
    if (scale->kind != GK_COLOUR_LINEAR && scale->range[0] < (o.log_colour ? 1e-300 : 0))
        gk_usage("--zrange '%s': %g has no place on this scale", o.z_range, scale->range[0]);
    if (o.contours)
        parse_contours(arena, scale);
    if (o.mark && gk_plot_points(o.mark, arena, figure) < 0)
        gk_usage("--mark %s", gk_error_message());
    if (o.mark_x && gk_plot_rules(o.mark_x, true, arena, figure) < 0)
        gk_usage("--mark-x %s", gk_error_message());
    if (o.mark_y && gk_plot_rules(o.mark_y, false, arena, figure) < 0)
        gk_usage("--mark-y %s", gk_error_message());
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_canvas canvas = choose_canvas();
    gk_figure figure = { 0 };
    gk_arena arena = { 0 };
    gk_plot_input input = { .select = o.select };

    double checked[2];
    parse_range("xrange", o.x_range, figure.x.range);
    parse_range("yrange", o.y_range, checked);
    parse_range("y2range", o.y2_range, checked);
    const char *dot = o.script ? strrchr(o.output, '.') : NULL;
    if (o.script && (strcmp(o.output, "-") == 0 || (dot && (strcmp(dot, ".gp") == 0 || strcmp(dot, ".dat") == 0))))
        gk_usage("--script writes FILE.gp and FILE.dat beside FILE: say -o FILE.svg, .png or .pdf");
    check_map_options(given);
    parse_map_options(&arena, &figure);
    if (o.panel && o.terminal && !o.heatmap)
        gk_usage("--panel needs a file to draw into: -o FILE.svg, .png or .pdf");
    if (o.log_x && o.linear_x)
        gk_usage("--log-x and --linear-x cannot be given together");
    if (o.log_y && o.linear_y)
        gk_usage("--log-y and --linear-y cannot be given together");
    const char *path = gk_given_argument(given, 0), *more = o.by && strcmp(o.by, "none") != 0 ? o.by : NULL;
    const char *const others[] = { o.y2, o.colour_by };
    for (int i = 0; i < 2; i++)
        more = others[i] ? gk_arena_printf(&arena, "%s%s%s", more ? more : "", more ? "," : "", others[i]) : more;
    if ((o.heatmap ? gk_plot_read_cells(&input, path, o.x, o.y, o.heatmap) : gk_plot_read(&input, path, o.x, o.y, more)) < 0 ||
        draw(&input, &figure, &canvas, &arena) < 0)
        gk_die();
    gk_plot_input_release(&input);
    gk_arena_release(&arena);
    gk_given_free(given);
    return 0;
}
