/* grok-trajectory.c -- the path of weight norm and representation on a reduced landscape. */
#include <math.h>
#include <string.h>
#include "analysis/flow.h"
#include "base/die.h"
#include "base/options.h"
#include "base/table.h"
#include "table/define.h"
#include "table/expression.h"
#include "table/origin.h"
#include "table/tsv.h"

enum { DIGITS = 9, MAX_ALSO = 16 };

static struct {
    const char *x, *y, *z, *also, *where, *define, *start, *velocity, *through, *output;
    double      gamma, eta_d, eta_r, inertia, dt, still;
    int64_t     steps, every, points;
    bool        log_x, log_y, log_z, json;
} o = { .x = "alpha", .z = "train_loss", .eta_d = 1, .eta_r = 1, .inertia = NAN, .dt = 0.01, .still = 1e-9, .steps = 100000,
        .every = 10, .points = 200, .output = "-" };

GK_CONDITION(going_down, __typeof__(o), "a path from --start", at->start != NULL);
GK_CONDITION(straight, __typeof__(o), "the points of --through", at->through != NULL);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option map_options[] = {
    GK_TEXT_OPTION("x", x, .key = 'x', .arg = "NAME", .help = "column of the weight norm w (or alpha, its ratio)"),
    GK_TEXT_OPTION("y", y, .key = 'y', .arg = "NAME", .help = "column of the representation m; without: a curve over X"),
    GK_TEXT_OPTION("z", z, .key = 'z', .arg = "NAME", .help = "column of the reduced loss l that is gone down"),
    GK_TEXT_OPTION("also", also, .arg = "NAME,...", .help = "tell these columns along the path, too, e.g. test_loss"),
    GK_TEXT_OPTION("where", where, .arg = "EXPRESSION", .help = "only rows for which this is true, e.g. 'size=45'"),
    GK_TEXT_OPTION("define", define, .flags = GK_MANY, .arg = "NAME=EXPRESSION",
                   .help = "one more column, e.g. 'gap=test_loss-train_loss'; may be given several times"),
    GK_SWITCH_OPTION("log-x", log_x, .help = "X is interpolated in its logarithm"),
    GK_SWITCH_OPTION("log-y", log_y, .help = "Y is interpolated in its logarithm"),
    GK_SWITCH_OPTION("log-z", log_z, .help = "Z is interpolated in its logarithm"),
    GK_OPTION_END
};
static const gk_option flow_options[] = {
    GK_TEXT_OPTION("start", start, .arg = "X,Y", .help = "where the path begins"),
    GK_REAL_OPTION("gamma", gamma, 0, 1e300, .flags = GK_VARY, .when = &going_down, .help = "weight decay"),
    GK_REAL_OPTION("eta-d", eta_d, 0, 1e300, .flags = GK_VARY, .when = &going_down,
                   .help = "learning rate of the decoder: of X"),
    GK_REAL_OPTION("eta-r", eta_r, 0, 1e300, .flags = GK_VARY, .when = &going_down,
                   .help = "learning rate of the representation: of Y"),
    GK_REAL_OPTION("inertia", inertia, 0, 1e300, .flags = GK_VARY, .arg = "TIME", .when = &going_down,
                   .help = "a velocity v follows the force F: TIME dv/dt = F - v (default 0: v = F; with --velocity 1)"),
    GK_TEXT_OPTION("velocity", velocity, .arg = "VX,VY", .when = &going_down,
                   .help = "velocity at the start, e.g. outwards: an overshoot"),
    GK_REAL_OPTION("dt", dt, 1e-300, 1e300, .when = &going_down, .help = "time of a step"),
    GK_INT_OPTION("steps", steps, 0, 1000000000, .when = &going_down, .help = "most steps"),
    GK_REAL_OPTION("still", still, 0, 1e300, .when = &going_down,
                   .help = "end when slower, in sides of the map per unit of time"),
    GK_TEXT_OPTION("through", through, .arg = "X,Y;...", .help = "instead of all this: straight from point to point"),
    GK_INT_OPTION("points", points, 1, 1000000, .when = &straight, .help = "of --through: rows between two points"),
    GK_OPTION_END
};
static const gk_option output_options[] = {
    GK_INT_OPTION("every", every, 1, 1000000000, .when = &going_down, .help = "a row every so many steps, and at the end"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Map", map_options, &o }, { "Path", flow_options, &o },
                                          { "Output", output_options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-trajectory", .summary = "the path of weight norm and representation down a reduced landscape",
    .arguments = "[TABLE]",
    .details = "TABLE (TSV; default standard input) is a grid of cells: X, Y and the loss Z in each, as grok-log --landscape\n"
               "prints it.  Rows of the same X and Y count by their median.  Between cells the map is bicubic, and the path\n"
               "follows\n\n"
               "  dX/dt = -eta_d (dZ/dX + gamma X)     dY/dt = -eta_r dZ/dY     [Omnigrok, Liu et al. 2023]\n\n"
               "by Runge-Kutta steps of fourth order.  The bounds of Y reflect; the path ends where X leaves the grid.\n"
               "Columns: what varies, t, X, Y, arc (length on the map whose sides are 1 long, in ln X with --log-x), Z,\n"
               "--also, state: start, moving, and in the last row still, outside (the next step would be) or end (of --steps).\n"
               "With --through: arc, X, Y, Z, --also, state (point or between).\n\n"
               "  grok-log --landscape land.h5 | grok-trajectory --y messiness --start 0.9,0.12 --gamma 0.01 --also test_loss\n"
               "  grok-trajectory -y messiness --through '1,1;3,0.975;2.5,0' --also test_loss land.tsv\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 0, .max_arguments = 1
};

static gk_arena arena;

/* --- the map: one surface per column ------------------------------------------------------------------------------------- */

typedef struct map { gk_surface *z, *also[MAX_ALSO]; int n_also; const char *also_name[MAX_ALSO]; } map;

static const double *numbers(const gk_frame *frame, const char *name)
{
    int c = gk_frame_asked(frame, name);
    if (c < 0)
        gk_die();
    if (!frame->column[c].value) {
        gk_error("column '%s' of '%s' holds texts, expected numbers", name, frame->path);
        gk_die();
    }
    return frame->column[c].value;
}

static gk_surface *surface_of(const gk_frame *frame, const gk_selection *rows, const char *name, bool log_z)
{
    const double *all_x = numbers(frame, o.x), *all_y = o.y ? numbers(frame, o.y) : all_x, *all_z = numbers(frame, name);
    unsigned log = (o.log_x ? GK_SURFACE_LOG_X : 0) | (o.log_y ? GK_SURFACE_LOG_Y : 0) | (log_z ? GK_SURFACE_LOG_Z : 0);
    size_t   most = (size_t)rows->n + 1;
    double  *x = gk_arena_alloc(&arena, most * sizeof *x), *y = gk_arena_alloc(&arena, most * sizeof *y);
    double  *z = gk_arena_alloc(&arena, most * sizeof *z);
    int64_t  n = 0;
    for (int64_t i = 0; i < rows->n; i++) {
        int64_t row = rows->row[i];
        x[n] = all_x[row];
        y[n] = all_y[row];
        z[n] = all_z[row];
        n += !isnan(x[n]) && !isnan(y[n]);
    }
    gk_surface *s = gk_surface_new(n, x, o.y ? y : NULL, z, log);
    if (!s) {
        gk_error_context("cannot draw '%s' of '%s' over '%s'%s%s%s", name, frame->path, o.x, o.y ? " and '" : "",
                         o.y ? o.y : "", o.y ? "'" : "");
        gk_die();
    }
    return s;
}

static map map_of(gk_frame *frame)
{
    const char  *unmet;
    gk_selection rows;
    map   m = { 0 };
    char *rest = o.also ? gk_arena_strdup(&arena, o.also) : NULL;
    if (gk_define_and_select(&frame, o.define, o.where, &arena, &rows, &unmet) < 0)
        gk_usage("%s", gk_error_message());
    if (unmet)
        gk_warn("%s", unmet);
    m.z = surface_of(frame, &rows, o.z, o.log_z);
    for (char *name; (name = strsep(&rest, ","));) {
        if (m.n_also == MAX_ALSO)
            gk_usage("more than %d columns for '--also'", MAX_ALSO);
        m.also_name[m.n_also] = name;
        m.also[m.n_also++] = surface_of(frame, &rows, name, false);
    }
    return m;
}

/* --- points -------------------------------------------------------------------------------------------------------------- */

/* "X,Y", or "X" on a curve. */
static void read_point(const char *option, const char *text, double out[2])
{
    char *rest = gk_arena_strdup(&arena, text);
    int   n = 0, expected = o.y ? 2 : 1;
    out[1] = 0;
    for (char *one; (one = strsep(&rest, ","));) {
        if (n == expected || gk_parse_real(one, &out[n++]) < 0)
            gk_usage("'%s' for '--%s': expected %s", text, option, o.y ? "two numbers X,Y" : "one number X (there is no '--y')");
    }
    if (n < expected)
        gk_usage("'%s' for '--%s': expected two numbers X,Y", text, option);
}

static void need_inside(const gk_surface *s, const char *option, const double point[2])
{
    double z, gradient[2];
    if (gk_surface_at(s, point[0], point[1], &z, gradient))
        return;
    if (o.y)
        gk_error("'--%s': %g,%g is not on the map, which has %s from %g to %g and %s from %g to %g, or is between missing cells",
                 option, point[0], point[1], o.x, s->x.x[0], s->x.x[s->x.n - 1], o.y, s->y.x[0], s->y.x[s->y.n - 1]);
    else
        gk_error("'--%s': %g is not on the curve, which has %s from %g to %g, or is between missing cells", option, point[0], o.x,
                 s->x.x[0], s->x.x[s->x.n - 1]);
    gk_die();
}

/* --- the table ----------------------------------------------------------------------------------------------------------- */

static void column(gk_table *table, const char *name)
{
    if (gk_table_count_named(table, name) > 0)
        gk_usage("two columns of the result are named '%s'", name);
    gk_table_column(table, name);
}

static void columns(gk_table *table, gk_given *given, const map *m)
{
    for (int i = 0; i < gk_grid_n_varied(given); i++) {
        char *name = gk_arena_strdup(&arena, gk_grid_varied(given, i)->name);
        for (char *dash; (dash = strchr(name, '-'));)
            *dash = '_';
        column(table, name);
    }
    column(table, o.through ? "arc" : "t");
    column(table, o.x);
    if (o.y)
        column(table, o.y);
    if (!o.through)
        column(table, "arc");
    column(table, o.z);
    for (int i = 0; i < m->n_also; i++)
        column(table, m->also_name[i]);
    column(table, "state");
}

static void put_point(gk_table *table, const map *m, double x, double y, const double *arc, const char *state)
{
    double z, gradient[2];
    gk_table_real(table, x, DIGITS);
    if (o.y)
        gk_table_real(table, y, DIGITS);
    if (arc)
        gk_table_real(table, *arc, DIGITS);
    for (int i = -1; i < m->n_also; i++) {
        (void)gk_surface_at(i < 0 ? m->z : m->also[i], x, y, &z, gradient);    /* NaN where there is none */
        gk_table_real(table, z, DIGITS);
    }
    gk_table_text(table, state);
    gk_table_end_row(table);
}

static void put_varied(gk_table *table, gk_given *given)
{
    for (int i = 0; i < gk_grid_n_varied(given); i++)
        gk_table_real(table, *(const double *)((const char *)&o + gk_grid_varied(given, i)->offset), DIGITS);
}

static void flow_along(gk_table *table, gk_given *given, const map *m, const double start[2], const double velocity[2])
{
    gk_flow flow = { m->z, o.eta_d, o.eta_r, o.gamma, isnan(o.inertia) ? (o.velocity ? 1 : 0) : o.inertia, o.dt, o.still };
    gk_flow_state at = { .x = start[0], .y = start[1], .vx = velocity[0], .vy = velocity[1] };
    gk_flow_status status = GK_FLOW_MOVES;
    for (int64_t step = 0; ; step++) {
        bool last = step == o.steps;
        if (step > 0) {
            status = gk_flow_step(&flow, &at);
            step -= status == GK_FLOW_OUTSIDE;    /* that step was not made */
        }
        last = last || status != GK_FLOW_MOVES;
        if (last || step % o.every == 0) {
            put_varied(table, given);
            gk_table_real(table, (double)step * o.dt, DIGITS);
            put_point(table, m, at.x, at.y, &at.arc, status == GK_FLOW_STILL ? "still" : status == GK_FLOW_OUTSIDE ? "outside" :
                      last ? "end" : step == 0 ? "start" : "moving");
        }
        if (last)
            break;
    }
}

/* The points of --through, all of them on the map; returns their number. */
static int read_through(const map *m, double (**points)[2])
{
    char *rest = gk_arena_strdup(&arena, o.through);
    int   n = 1;
    for (const char *c = rest; *c; c++)
        n += *c == ';';
    *points = gk_arena_alloc(&arena, (size_t)n * sizeof **points);
    for (int i = 0; i < n; i++) {
        read_point("through", strsep(&rest, ";"), (*points)[i]);
        need_inside(m->z, "through", (*points)[i]);
    }
    return n;
}

static void straight_through(gk_table *table, const map *m, int n, double (*points)[2])
{
    double at[2], arc = 0;
    for (int k = 0; k < n; k++) {
        double *from = points[k > 0 ? k - 1 : 0], *to = points[k];
        double  length = gk_map_distance(m->z, from[0], from[1], to[0], to[1]);
        for (int64_t i = k > 0 ? 1 : o.points; i <= o.points; i++) {
            double share = (double)i / (double)o.points;
            gk_map_between(m->z, from, to, share, at);
            gk_table_real(table, arc + share * length, DIGITS);
            put_point(table, m, at[0], at[1], NULL, i == o.points ? "point" : "between");
        }
        arc += length;
    }
}

int main(int argc, char **argv)
{
    double start[2], velocity[2] = { 0, 0 };
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    if (!o.start == !o.through)
        gk_usage("give '--start X,Y', or '--through' and points");
    if (o.start)
        read_point("start", o.start, start);
    if (o.velocity)
        read_point("velocity", o.velocity, velocity);
    for (int64_t run = 0; o.velocity && run < gk_grid_n_run(given); run++) {
        gk_grid_select(given, run, &o);
        if (o.inertia == 0)
            gk_usage("'--velocity' has no effect with '--inertia' 0");
    }
    gk_frame *frame = gk_tsv_read(gk_given_n_argument(given) > 0 ? gk_given_argument(given, 0) : "-");
    if (!frame)
        gk_die();
    map m = map_of(frame);
    if (o.start)
        need_inside(m.z, "start", start);
    double (*points)[2] = NULL;
    int n_point = o.through ? read_through(&m, &points) : 0;
    gk_table *table = gk_table_open(o.output, o.json);
    if (!table)
        gk_die();
    gk_table_provenance(table, "%s", gk_given_command_line(given));
    gk_origin_pass_on(table, 1, &frame);
    columns(table, given, &m);
    if (o.through)
        straight_through(table, &m, n_point, points);
    for (int64_t run = 0; !o.through && run < gk_grid_n_run(given); run++) {
        gk_grid_select(given, run, &o);
        flow_along(table, given, &m, start, velocity);
    }
    if (gk_table_close(table) < 0)
        gk_die();
    gk_surface_free(m.z);
    for (int i = 0; i < m.n_also; i++)
        gk_surface_free(m.also[i]);
    gk_frame_free(frame);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
