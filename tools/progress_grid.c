/* progress_grid.c -- see progress_grid.h. */
#include "progress_grid.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MAX_COLUMN = 64, MAX_ROW = 32, MAX_LABEL = 20 };

struct gk_progress_grid {
    gk_arena       arena;
    const gk_plan *plan;
    bool           too_large;
    int            n_row, n_column;
    const char    *row[MAX_ROW];
    double         column[MAX_COLUMN];
    int           *row_of, *column_of;       /* [n_run] */
};

/* What tells a row from others. */
static const char *label_of(gk_progress_grid *grid, int64_t run)
{
    const gk_given *given = grid->plan->given;
    const char *label = "";
    for (int i = 0; i < gk_grid_n_varied(given); i++) {
        const gk_option *option = gk_grid_varied(given, i);
        if (strcmp(option->name, "init-scale") != 0 && !strstr(option->name, "seed"))
            label = gk_arena_printf(&grid->arena, "%s%s%s", label, *label ? " " : "",
                                    gk_option_format(grid->plan->given, option, &grid->plan->run[run].config, &grid->arena));
    }
    return label;
}

static int row_of(gk_progress_grid *grid, const char *label)
{
    int row = 0;
    while (row < grid->n_row && strcmp(grid->row[row], label) != 0)
        row++;
    if (row == grid->n_row && row < MAX_ROW)
        grid->row[grid->n_row++] = label;
    return row < MAX_ROW ? row : -1;
}

static int column_of(gk_progress_grid *grid, double alpha)
{
    int column = 0;
    while (column < grid->n_column && grid->column[column] != alpha)
        column++;
    if (column == grid->n_column && column < MAX_COLUMN)
        grid->column[grid->n_column++] = alpha;
    return column < MAX_COLUMN ? column : -1;
}

gk_progress_grid *gk_progress_grid_new(const gk_plan *plan)
{
    static gk_progress_grid grid;    /* one landscape a program */
    grid = (gk_progress_grid){ .plan = plan };
    grid.row_of = gk_arena_alloc(&grid.arena, (size_t)plan->n_run * sizeof *grid.row_of);
    grid.column_of = gk_arena_alloc(&grid.arena, (size_t)plan->n_run * sizeof *grid.column_of);
    for (int64_t run = 0; run < plan->n_run && !grid.too_large; run++) {
        grid.row_of[run] = row_of(&grid, label_of(&grid, run));
        grid.column_of[run] = column_of(&grid, plan->run[run].config.hyper.init_scale);
        grid.too_large = grid.row_of[run] < 0 || grid.column_of[run] < 0;
    }
    return &grid;
}

int64_t gk_progress_grid_n_done(const gk_progress_grid *grid, const gk_training *training)
{
    int64_t n = 0;
    double  accuracy;
    for (int64_t run = 0; run < grid->plan->n_run; run++)
        n += gk_training_run_state(training, run, &accuracy) == GK_RUN_DONE;
    return n;
}

int gk_progress_grid_draw(const gk_progress_grid *grid, const gk_training *training)
{
    struct { int n_waiting, n_training, n_done; double error; } cell[MAX_ROW][MAX_COLUMN] = { 0 };
    if (grid->too_large)
        return 0;
    for (int64_t run = 0; run < grid->plan->n_run; run++) {
        __typeof__(&cell[0][0]) at = &cell[grid->row_of[run]][grid->column_of[run]];
        double accuracy;
        gk_run_state state = gk_training_run_state(training, run, &accuracy);
        at->n_waiting += state == GK_RUN_WAITING;
        at->n_training += state == GK_RUN_TRAINING;
        at->n_done += state == GK_RUN_DONE;
        at->error += isnan(accuracy) ? 1 : 1 - accuracy;
    }
    fprintf(stderr, "test error, first digit; alpha %g to %g\n", grid->column[0], grid->column[grid->n_column - 1]);
    for (int row = 0; row < grid->n_row; row++) {
        fprintf(stderr, "%*.*s ", MAX_LABEL, MAX_LABEL, grid->row[row]);
        for (int column = 0; column < grid->n_column; column++) {
            __typeof__(&cell[0][0]) at = &cell[row][column];
            bool done = at->n_waiting + at->n_training == 0 && at->n_done > 0;
            int  digit = done ? (int)(10 * at->error / at->n_done) : 0;
            fputc(done ? '0' + (digit > 9 ? 9 : digit) : at->n_training + at->n_done > 0 ? '-' : '.', stderr);
        }
        fputc('\n', stderr);
    }
    return grid->n_row + 1;
}
