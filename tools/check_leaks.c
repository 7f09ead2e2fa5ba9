/* check_leaks.c -- see check_leaks.h. */
#include "check_leaks.h"

#include "data/leaks.h"
#include "grid_runs.h"
#include "train/learnt.h"

gk_table *gk_leaks_table(bool json)
{
    static const char *const columns[] = { "file", "run", "n_train", "n_test", "copies", "contradictions", "absent_classes",
                                           "absent_items", "what" };
    gk_table *table = gk_table_open(NULL, json);
    for (size_t i = 0; table && i < sizeof columns / sizeof *columns; i++)
        gk_table_column(table, columns[i]);
    return table;
}

/* run -1: of a dataset file. */
static int put(gk_table *table, const char *path, int64_t run, const gk_dataset *dataset, const int32_t *same,
               const gk_split *split)
{
    gk_arena arena = { 0 };
    gk_leaks leaks = gk_leaks_of(dataset, same, split);
    gk_table_text(table, path);
    if (run >= 0)
        gk_table_int(table, run);
    else
        gk_table_empty(table);
    gk_table_int(table, split ? split->n_train : dataset->n_item);
    gk_table_int(table, split ? split->n_test : 0);
    gk_table_int(table, leaks.n_copy);
    gk_table_int(table, leaks.n_contradiction);
    gk_table_int(table, leaks.n_absent);
    gk_table_int(table, leaks.n_absent_item);
    gk_table_text(table, gk_leaks_text(dataset, split, &leaks, &arena));
    gk_table_end_row(table);
    gk_arena_release(&arena);
    return gk_leaks_any(&leaks);
}

static int of_dataset(gk_table *table, const char *path)
{
    gk_arena     arena = { 0 };
    gk_data_args args = { .data_file = path };
    gk_dataset  *dataset = gk_dataset_new(&args);
    int found = dataset ? put(table, path, -1, dataset, gk_same_inputs(dataset, &arena), gk_dataset_stored_split(dataset)) : -1;
    gk_dataset_free(dataset);
    gk_arena_release(&arena);
    return found;
}

/* Runs that differ in more than their data share a split: it is looked at again only where it is another one. */
static int of_group(gk_table *table, const gk_checkpoint *file, const gk_group *group, const gk_file_grid *grid)
{
    const int64_t *number = gk_run_numbers(file, group);
    gk_arena       arena = { 0 };
    gk_dataset    *dataset = NULL;
    const int32_t *same = NULL;
    int            found = number ? 0 : -1;
    for (int64_t r = 0; found >= 0 && r < group->n_replica; r++) {
        gk_arena  scratch = { 0 };
        gk_split  split;
        gk_config config = grid->config;
        gk_grid_select(grid->given, number[r], &config);
        if (!dataset && (dataset = gk_learnt_items(group, &config.data)))    /* of the whole group */
            same = gk_same_inputs(dataset, &arena);
        if (!dataset || gk_learnt_split(group, r, dataset, &config.data, &scratch, &split) < 0)
            found = gk_error_context("'%s': its data", file->path);
        else
            found |= put(table, file->path, number[r], dataset, same, &split);
        gk_arena_release(&scratch);
    }
    gk_dataset_free(dataset);
    gk_arena_release(&arena);
    return found;
}

int gk_leaks_rows(gk_table *table, const char *path, bool is_dataset)
{
    gk_file_grid   grid = { 0 };
    gk_checkpoint *file = is_dataset ? NULL : gk_checkpoint_read(path, GK_READ_DATA);
    int            found = is_dataset ? of_dataset(table, path) : file ? gk_file_grid_open(&grid, file) : -1;
    for (int g = 0; file && found >= 0 && g < file->n_group; g++) {
        int here = of_group(table, file, &file->group[g], &grid);
        found = here < 0 ? -1 : found | here;
    }
    gk_file_grid_close(&grid);
    gk_checkpoint_free(file);
    return found;
}
