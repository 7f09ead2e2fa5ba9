/* cells.c -- see cells.h. */
#include "table/cells.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

GK_CHOICE_NAMES(gk_select, GK_SELECTS);
static const char *const suffixes[] = { "_argmin", "_end", "_best" };
static const char *const values[] = { "train_loss", "test_loss", "train_error", "test_error" };
enum { N_VALUE = 4, N_OTHER = 6 };

static gk_frame_column *add_column(gk_frame *frame, const char *name, bool is_text)
{
    gk_frame_column *column = &frame->column[frame->n_column];
    size_t n = (size_t)frame->n_row + 1;
    *column = (gk_frame_column){ .name = gk_arena_strdup(&frame->arena, name), .unit = "" };
    if (is_text)
        column->text = gk_alloc_large(n * sizeof *column->text, "the table of cells");
    else
        column->value = gk_alloc_large(n * sizeof *column->value, "the table of cells");
    frame->n_column++;
    return column->text || column->value ? column : NULL;
}

static double number_of(gk_cell cell)
{
    return cell.type == GK_CELL_REAL ? cell.real : cell.type == GK_CELL_INT ? (double)cell.integer : NAN;
}

static bool is_text(const gk_runs *runs, int column)
{
    for (int64_t r = 0; r < runs->n_run; r++)
        if (gk_runs_cell(runs, &runs->run[r], column).type == GK_CELL_TEXT)
            return true;
    return false;
}

static int add_run_column(gk_frame *frame, const gk_runs *runs, int index)
{
    bool text = is_text(runs, index), is_alpha = strcmp(runs->column[index], "init_scale") == 0;
    gk_frame_column *column = add_column(frame, is_alpha ? "alpha" : runs->column[index], text);
    for (int64_t r = 0; column && r < runs->n_run; r++) {
        gk_cell cell = gk_runs_cell(runs, &runs->run[r], index);
        if (text)
            column->text[r] = cell.type == GK_CELL_TEXT ? gk_arena_strdup(&frame->arena, cell.text) : "";
        else
            column->value[r] = number_of(cell);
    }
    return column ? 0 : -1;
}

/* Where alpha does not vary it is in /config. */
static int add_alpha(gk_frame *frame, const gk_runs *runs)
{
    if (gk_frame_find(frame, "alpha") >= 0)
        return 0;
    gk_frame_column *column = add_column(frame, "alpha", false);
    for (int64_t r = 0; column && r < runs->n_run; r++) {
        const gk_config_entry *entry = gk_checkpoint_config(runs->file[runs->run[r].file], "init_scale");
        column->value[r] = entry && !entry->text ? entry->real : NAN;
    }
    return column ? 0 : -1;
}

static const gk_h5_column *result(const gk_group *group, const char *name)
{
    for (int i = 0; i < group->n_result_column; i++)
        if (strcmp(group->result_column[i].name, name) == 0)
            return &group->result_column[i];
    return NULL;
}

/* A column of /landscape; cells of a group that lacks it are missing. */
static int add_result(gk_frame *frame, const gk_runs *runs, const char *from, const char *name)
{
    gk_frame_column *column = add_column(frame, name, false);
    for (int64_t r = 0; column && r < runs->n_run; r++) {
        const gk_run *run = &runs->run[r];
        const gk_h5_column *found = result(run->data, from);
        column->value[r] = !found                  ? NAN
                           : found->type == GK_I64 ? (double)((const int64_t *)found->data)[run->replica]
                                                   : ((const double *)found->data)[run->replica];
    }
    return column ? 0 : -1;
}

static double last_norm(const gk_run *run)
{
    gk_history *history = run->data->history;
    int metric = history ? gk_history_find(history, "l2_norm") : -1;
    int64_t last = gk_run_last_record(run);
    return metric < 0 || last < 0 ? NAN : gk_history_at(history, metric, last)[run->replica];
}

static int add_state(gk_frame *frame, const gk_runs *runs)
{
    gk_frame_column *steps = add_column(frame, "steps", false), *status = steps ? add_column(frame, "status", true) : NULL;
    gk_frame_column *norm = status ? add_column(frame, "l2_norm", false) : NULL;
    if (!norm)
        return -1;
    for (int64_t r = 0; r < runs->n_run; r++) {
        steps->value[r] = (double)gk_run_step(&runs->run[r]);
        status->text[r] = gk_run_status(&runs->run[r]);
        norm->value[r] = last_norm(&runs->run[r]);
    }
    return 0;
}

static int add_values(gk_frame *frame, const gk_runs *runs, gk_select select)
{
    for (int reading = 0; reading < GK_SELECT_ALL; reading++)
        for (int value = 0; value < N_VALUE; value++) {
            const char *from = gk_arena_printf(&frame->arena, "%s%s", values[value], suffixes[reading]);
            if ((select == GK_SELECT_ALL || select == (gk_select)reading) &&
                add_result(frame, runs, from, select == GK_SELECT_ALL ? from : values[value]) < 0)
                return -1;
        }
    for (int64_t r = 0; r < runs->n_run; r++)
        if (result(runs->run[r].data, "jacobian"))
            return add_result(frame, runs, "jacobian", "jacobian");
    return 0;
}

/* Columns with what an engine kept of its runs (train/trainer_scalars.c): no settings. */
static bool is_of_engine(const char *column)
{
    return strncmp(column, "norm_target", strlen("norm_target")) == 0 || strcmp(column, "n_clipped") == 0;
}

static int fill(gk_frame *frame, const gk_runs *runs, gk_select select)
{
    frame->column = calloc((size_t)runs->n_column + N_OTHER + N_VALUE * GK_SELECT_ALL, sizeof *frame->column);
    if (!frame->column)
        return gk_error("out of memory for the table of cells");
    for (int c = 0; c < runs->n_column; c++)
        if (!is_of_engine(runs->column[c]) && add_run_column(frame, runs, c) < 0)
            return -1;
    if (add_alpha(frame, runs) < 0 || add_result(frame, runs, "n_train", "n_train") < 0 || add_state(frame, runs) < 0)
        return -1;
    return add_values(frame, runs, select);
}

gk_frame *gk_cells_frame(const gk_runs *runs, gk_select select)
{
    for (int64_t r = 0; r < runs->n_run; r++)
        if (!result(runs->run[r].data, "train_loss_end")) {
            gk_error("'%s' holds no landscape: grok-landscape makes one", runs->file[runs->run[r].file]->path);
            return NULL;
        }
    gk_frame *frame = calloc(1, sizeof *frame);
    if (!frame) {
        gk_error("out of memory for the table of cells");
        return NULL;
    }
    frame->path = runs->n_file ? gk_arena_strdup(&frame->arena, runs->file[0]->path) : "";
    frame->n_row = runs->n_run;
    if (fill(frame, runs, select) < 0) {
        gk_frame_free(frame);
        return NULL;
    }
    return frame;
}
