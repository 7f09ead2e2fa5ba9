/* censor.c -- see censor.h. */
#include "table/censor.h"

#include <math.h>
#include <string.h>
#include "analysis/detect.h"

static const char END[] = "step_end";

static const double *numbers(const gk_frame *frame, const char *name)
{
    int c = gk_frame_find(frame, name);
    return c < 0 ? NULL : frame->column[c].value;
}

static const char *const *texts(const gk_frame *frame, const char *name)
{
    int c = gk_frame_find(frame, name);
    return c < 0 ? NULL : frame->column[c].text;
}

/* --- times --------------------------------------------------------------------------------------------------------------- */

/* Times, or (unit not NULL) times in units of others. */
static void censor_times(gk_frame *frame, gk_frame_column *column, const double *end, const double *unit)
{
    column->range = gk_arena_alloc(&frame->arena, (size_t)(frame->n_row + 1) * sizeof *column->range);
    for (int64_t row = 0; row < frame->n_row; row++) {
        double least = (end[row] + 1) / (unit ? fmax(unit[row], 1) : 1);
        column->range[row] = gk_exactly(column->value[row]);
        if (column->value[row] == INFINITY && isfinite(least))
            column->range[row] = gk_range_within(INFINITY, least, INFINITY, true);
    }
}

/* --- Definition 3.1 ------------------------------------------------------------------------------------------------------- */

static const gk_detect_status no_status = GK_GROK + 1;    /* "diverged" */

/* The columns of a detection; NULL: not in the table. */
typedef struct detections {
    const char *const *status, *const *flags;
    const double      *t_r, *alpha0, *alpha1, *delta_s, *delta_t, *support;
} detections;

static double at(const double *column, int64_t row)
{
    return column ? column[row] : NAN;
}

static gk_detection detection_at(const detections *of, int64_t row)
{
    gk_detection d = { .status = 0, .t_r = at(of->t_r, row), .alpha0 = at(of->alpha0, row), .alpha1 = at(of->alpha1, row),
                       .delta_s = at(of->delta_s, row), .delta_t = at(of->delta_t, row), .support = at(of->support, row) };
    while (d.status < no_status && strcmp(of->status[row], gk_detect_status_names[d.status]) != 0)
        d.status++;
    d.censored = strcmp(of->flags[row], "censored") == 0 && d.status < no_status;
    return d;
}

/* Names of the statuses in a set, up to a NULL. */
static const char **names_of(gk_arena *arena, unsigned set)
{
    const char **name = gk_arena_alloc(arena, (size_t)(no_status + 1) * sizeof *name);
    int n = 0;
    for (gk_detect_status status = 0; status < no_status; status++)
        if (set >> status & 1)
            name[n++] = gk_detect_status_names[status];
    return name;
}

static void censor_status(gk_frame *frame, gk_frame_column *column, const gk_detect_args *args, const detections *of)
{
    column->or_else = gk_arena_alloc(&frame->arena, (size_t)(frame->n_row + 1) * sizeof *column->or_else);
    for (int64_t row = 0; row < frame->n_row; row++) {
        gk_detection d = detection_at(of, row);
        unsigned     set = gk_detect_might_be(args, &d);
        column->or_else[row] = set ? names_of(&frame->arena, set) : NULL;
    }
}

/* How far one of the measures may be above (or below) what was found; 0: it is exact. */
typedef struct change { double down, up; } change;
typedef change change_of(const gk_detect_args *args, const gk_detection *d);

static change rise(const gk_detect_args *args, const gk_detection *d)     { return (change){ 0, gk_detect_room(args, d) }; }
static change fall(const gk_detect_args *args, const gk_detection *d)     { return (change){ gk_detect_room(args, d), 0 }; }
static change delay(const gk_detect_args *args, const gk_detection *d)
{
    return (change){ 0, gk_detect_is_cut(args, d) ? INFINITY : 0 };
}

static const struct { const char *name; change_of *of; } measures[] = {
    { "sigma_e", rise }, { "delta_s", rise }, { "delta_t", fall }, { "alpha1", delay },
};

static void censor_measure(gk_frame *frame, gk_frame_column *column, const gk_detect_args *args, const detections *of,
                           change_of *change_at)
{
    column->range = gk_arena_alloc(&frame->arena, (size_t)(frame->n_row + 1) * sizeof *column->range);
    for (int64_t row = 0; row < frame->n_row; row++) {
        double       value = column->value[row];
        gk_detection d = detection_at(of, row);
        change       by = change_at(args, &d);
        column->range[row] = by.down > 0 || by.up > 0 ? gk_range_within(value, value - by.down, value + by.up, true)
                                                      : gk_exactly(value);
    }
}

static void censor_detections(gk_frame *frame)
{
    const gk_detect_args args = gk_detect_defaults();
    const detections     of = { texts(frame, "status"), texts(frame, "flags"), numbers(frame, "t_r"), numbers(frame, "alpha0"),
                                numbers(frame, "alpha1"), numbers(frame, "delta_s"), numbers(frame, "delta_t"),
                                numbers(frame, "support") };
    if (!of.status || !of.flags)
        return;
    censor_status(frame, &frame->column[gk_frame_find(frame, "status")], &args, &of);
    for (size_t i = 0; i < sizeof measures / sizeof *measures; i++)
        if (numbers(frame, measures[i].name))
            censor_measure(frame, &frame->column[gk_frame_find(frame, measures[i].name)], &args, &of, measures[i].of);
}

void gk_frame_censor(gk_frame *frame)
{
    const double *end = numbers(frame, END), *memorised = numbers(frame, "step_train_99");
    if (!end)
        return;
    censor_detections(frame);
    for (int c = 0; c < frame->n_column; c++) {
        gk_frame_column *column = &frame->column[c];
        if (column->value && strncmp(column->name, "step_", 5) == 0 && strcmp(column->name, END) != 0)
            censor_times(frame, column, end, NULL);
        else if (column->value && memorised && strncmp(column->name, "gap_", 4) == 0)
            censor_times(frame, column, end, memorised);
    }
}
