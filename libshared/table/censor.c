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

static void censor_status(gk_frame *frame, gk_frame_column *status)
{
    int flags = gk_frame_find(frame, "flags");
    if (!status->text || flags < 0 || !frame->column[flags].text)
        return;
    status->or_else = gk_arena_alloc(&frame->arena, (size_t)(frame->n_row + 1) * sizeof *status->or_else);
    for (int64_t row = 0; row < frame->n_row; row++)
        if (strcmp(status->text[row], gk_detect_status_names[GK_UNSUPPORTED]) == 0 &&
            strcmp(frame->column[flags].text[row], "censored") == 0)
            status->or_else[row] = gk_detect_status_names[GK_GROK];
}

void gk_frame_censor(gk_frame *frame)
{
    const double *end = numbers(frame, END), *memorised = numbers(frame, "step_train_99");
    for (int c = 0; end && c < frame->n_column; c++) {
        gk_frame_column *column = &frame->column[c];
        if (strcmp(column->name, "status") == 0)
            censor_status(frame, column);
        else if (column->value && strncmp(column->name, "step_", 5) == 0 && strcmp(column->name, END) != 0)
            censor_times(frame, column, end, NULL);
        else if (column->value && memorised && strncmp(column->name, "gap_", 4) == 0)
            censor_times(frame, column, end, memorised);
    }
}
