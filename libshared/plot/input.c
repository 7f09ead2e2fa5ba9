/* input.c -- read a checkpoint or a TSV, told apart by their contents, as one table. */
#include "plot/input.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/input.h"
#include "io/checkpoint.h"
#include "plot/request.h"
#include "table/cells.h"
#include "table/tsv.h"

static const char hdf5_signature[] = "\211HDF\r\n\032\n";
enum { SIGNATURE_BYTES = sizeof hdf5_signature - 1 };

/* --- which kind of file ------------------------------------------------------------------------------------------- */

/* A pipe cannot be looked at twice: put all of it into a file in memory, which becomes the standard input. */
static int spool(int from, const char *path)
{
    int memory = memfd_create("input", MFD_CLOEXEC);
    char block[65536];
    ssize_t n_read = 1;

    if (memory < 0)
        return gk_error("cannot read '%s': no file in memory: %s", path, strerror(errno));
    while (n_read > 0) {
        n_read = read(from, block, sizeof block);
        if (n_read < 0 && errno == EINTR)
            n_read = 1;
        else if (n_read > 0 && write(memory, block, (size_t)n_read) != n_read)
            n_read = -1;
    }
    if (n_read < 0 || lseek(memory, 0, SEEK_SET) < 0 || dup2(memory, STDIN_FILENO) < 0) {
        gk_error("cannot read '%s': %s", path, strerror(errno));
        close(memory);
        return -1;
    }
    close(memory);
    return 0;
}

/* 1: a checkpoint, 0: a table, -1: unreadable.  *path becomes "-" for a pipe. */
static int is_checkpoint(const char **path)
{
    int file = gk_input_open(*path);
    char start[SIGNATURE_BYTES] = "";
    struct stat info;
    int found = -1;

    if (file < 0)
        return gk_error("cannot open '%s': %s", *path, strerror(errno));
    if (fstat(file, &info) == 0 && S_ISDIR(info.st_mode)) {
        gk_error("cannot read '%s': it is a folder", *path);
        goto done;
    }
    if (!S_ISREG(info.st_mode)) {
        if (spool(file, *path) < 0)
            goto done;
        *path = "-";
    }
    found = pread(S_ISREG(info.st_mode) ? file : STDIN_FILENO, start, sizeof start, 0) == SIGNATURE_BYTES &&
            memcmp(start, hdf5_signature, SIGNATURE_BYTES) == 0;
done:
    gk_input_close(file);
    return found;
}

/* --- checkpoints -------------------------------------------------------------------------------------------------- */

static bool names_contain(const char *const *names, int n, const char *name, size_t length)
{
    for (int i = 0; i < n; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0)
            return true;
    return false;
}

static bool has_metric(const gk_runs *all, const char *name)
{
    bool has = false;
    for (int g = 0; g < all->file[0]->n_group && !has; g++) {
        gk_history *history = all->file[0]->group[g].history;
        has = history && gk_history_find(history, name) >= 0;
    }
    return has;
}

/* Names of a list that are neither metrics nor columns: all that there is. */
static int check_metrics(const gk_runs *all, const char *list, gk_arena *arena)
{
    enum { MOST = 30 };
    const char *columns = "", *metrics = "";
    char       *rest = gk_arena_strdup(arena, list), *name;
    while ((name = strsep(&rest, ",")) && (!*name || has_metric(all, name)))
        continue;
    if (!name)
        return 0;
    for (int c = 0; c < all->n_column; c++)
        columns = gk_arena_printf(arena, "%s %s", columns, all->column[c]);
    for (int m = 0; m < all->n_metric && m <= MOST; m++)
        metrics = gk_arena_printf(arena, "%s %s", metrics, m < MOST ? all->metric[m] : "...");
    return gk_usage_error("no metric or column '%s' in '%s': it has the metrics%s, and the columns step%s", name,
                          all->file[0]->path, metrics, columns);
}

/* Append to `list` those names of a list, between commas or GK_PLOT_GROUPS, that must be metrics: neither step nor a column
 * of the runs. */
static const char *add_metrics(const gk_runs *runs, gk_arena *arena, const char *list, const char *names)
{
    for (const char *name = names; name;) {
        const char *comma = strchr(name, ','), *group = strstr(name, GK_PLOT_GROUPS);
        bool is_group = group && (!comma || group < comma);
        const char *end = is_group ? group : comma;
        size_t length = end ? (size_t)(end - name) : strlen(name);
        bool is_step = length == 4 && memcmp(name, "step", 4) == 0;
        if (!is_step && !names_contain(runs->column, runs->n_column, name, length))
            list = gk_arena_printf(arena, "%s%s%.*s", list, *list ? "," : "", (int)length, name);
        name = end ? end + (is_group ? strlen(GK_PLOT_GROUPS) : 1) : NULL;
    }
    return list;
}

/* The usual metrics that there are. */
static const char *default_y(const char *const *names, int n)
{
    static const char *const usual[][2] = {
        { "train_acc", "test_acc" },   { "test_acc", NULL },   { "train_acc", NULL },
        { "train_loss", "test_loss" }, { "train_loss", NULL },
    };
    static const char *const lists[] = { "train_acc,test_acc", "test_acc", "train_acc", "train_loss,test_loss", "train_loss" };

    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (names_contain(names, n, usual[i][0], strlen(usual[i][0])) &&
            (!usual[i][1] || names_contain(names, n, usual[i][1], strlen(usual[i][1]))))
            return lists[i];
    return lists[0];    /* which the error will say is not there */
}

/* "add mod 97, fraction 0.3, weight decay 1": what all runs share of what matters most. */
static const char *describe(gk_checkpoint *checkpoint, const gk_runs *runs, gk_arena *arena)
{
    static const char *const facts[][2] = { { "fraction", "train fraction" }, { "weight_decay", "weight decay" } };
    const char *title = checkpoint->n_group == 1 ? checkpoint->group[0].task : NULL;

    for (size_t i = 0; i < sizeof facts / sizeof *facts && title; i++) {
        const gk_config_entry *entry = gk_checkpoint_config(checkpoint, facts[i][0]);
        const char *text = entry ? gk_config_text(checkpoint, entry) : NULL;
        if (text && !names_contain(runs->column, runs->n_column, facts[i][0], strlen(facts[i][0])))
            title = gk_arena_printf(arena, "%s, %s %s", title, facts[i][1], text);
    }
    return title ? gk_arena_strdup(arena, title) : NULL;
}

static bool is_cross_entropy(gk_checkpoint *checkpoint)
{
    const gk_config_entry *entry = gk_checkpoint_config(checkpoint, "loss");
    const char *text = entry ? gk_config_text(checkpoint, entry) : NULL;

    return text && (strncmp(text, "ce", 2) == 0 || strncmp(text, "cross", 5) == 0);
}

static bool is_landscape(const gk_checkpoint *checkpoint)
{
    return checkpoint->group[0].n_result_column > 0;
}

static int read_checkpoint(gk_plot_input *input, const char *path, const char *x, const char *y, const char *more)
{
    gk_checkpoint *checkpoint = gk_checkpoint_read(path, 0);
    gk_runs *all = checkpoint ? gk_runs_new(1, &checkpoint, NULL, -1, -1) : NULL, *runs = NULL;

    if (!all)
        goto done;
    if (is_landscape(checkpoint) && strcmp(x, "step") != 0) {    /* slices: cells, not histories */
        input->frame = gk_cells_frame(all, (gk_select)input->select);
        input->y = y ? y : "train_loss,test_loss";
        input->title = describe(checkpoint, all, &input->arena);
        input->loss_unit = is_cross_entropy(checkpoint) ? "nats" : "";
        goto done;
    }
    input->y = y ? y : default_y(all->metric, all->n_metric);
    const char *metrics = add_metrics(all, &input->arena, "", input->y);
    metrics = add_metrics(all, &input->arena, metrics, x);
    if (more && *more)
        metrics = add_metrics(all, &input->arena, metrics, more);
    if (check_metrics(all, metrics, &input->arena) < 0)
        goto done;
    if (*metrics ? !(runs = gk_runs_new(1, &checkpoint, metrics, -1, -1)) : false)
        goto done;
    input->frame = gk_runs_frame(runs ? runs : all);
    input->title = describe(checkpoint, all, &input->arena);
    input->loss_unit = is_cross_entropy(checkpoint) ? "nats" : "";
done:
    gk_runs_free(runs);
    gk_runs_free(all);
    gk_checkpoint_free(checkpoint);
    return input->frame ? 0 : -1;
}

/* Keep the last row of each run, in place: rows of a run stand together, in order of step. */
static void keep_last_rows(gk_frame *frame, int run)
{
    const double *number = frame->column[run].value;
    int64_t n = 0;

    for (int64_t row = 0; row < frame->n_row; row++) {
        if (row + 1 < frame->n_row && number[row + 1] == number[row])
            continue;
        for (int c = 0; c < frame->n_column; c++) {
            gk_frame_column *column = &frame->column[c];
            if (column->text)
                column->text[n] = column->text[row];
            else
                column->value[n] = column->value[row];
        }
        n++;
    }
    frame->n_row = n;
}

/* What every run had at its end.  NULL with gk_error. */
static gk_frame *last_rows(const gk_runs *runs)
{
    gk_frame *frame = gk_runs_frame(runs);
    int run = frame ? gk_frame_need(frame, "run") : -1;

    if (run < 0) {
        gk_frame_free(frame);
        return NULL;
    }
    keep_last_rows(frame, run);
    return frame;
}

/* A row per run; per run and record for a map over step. */
static int read_cells(gk_plot_input *input, const char *path, bool over_step, const char *metrics)
{
    gk_checkpoint *checkpoint = gk_checkpoint_read(path, 0);
    gk_runs *runs = checkpoint ? gk_runs_new(1, &checkpoint, over_step ? metrics : NULL, -1, -1) : NULL;

    if (checkpoint && runs) {
        input->frame = over_step                 ? gk_runs_frame(runs)
                       : is_landscape(checkpoint) ? gk_cells_frame(runs, (gk_select)input->select)
                                                  : last_rows(runs);
        input->title = describe(checkpoint, runs, &input->arena);
        input->loss_unit = is_cross_entropy(checkpoint) ? "nats" : "";
    }
    gk_runs_free(runs);
    gk_checkpoint_free(checkpoint);
    return input->frame ? 0 : -1;
}

/* --- tables ------------------------------------------------------------------------------------------------------- */

static int read_table(gk_plot_input *input, const char *path, const char *y)
{
    const char **names;

    if (!(input->frame = gk_tsv_read(path)))
        return -1;
    names = gk_arena_alloc(&input->arena, ((size_t)input->frame->n_column + 1) * sizeof *names);
    for (int c = 0; c < input->frame->n_column; c++)
        names[c] = input->frame->column[c].name;
    input->y = y ? y : default_y(names, input->frame->n_column);
    input->loss_unit = "";
    return 0;
}

static int check_rows(const gk_plot_input *input)
{
    if (input->frame->n_row == 0)
        return gk_error("nothing to draw in '%s': it has no rows", input->frame->path);
    return 0;
}

int gk_plot_read(gk_plot_input *input, const char *path, const char *x, const char *y, const char *more)
{
    int kind;

    *input = (gk_plot_input){ .select = input->select };
    if ((kind = is_checkpoint(&path)) < 0 ||
        (kind ? read_checkpoint(input, path, x, y, more) : read_table(input, path, y)) < 0)
        return -1;
    return check_rows(input);
}

/* Is there a run with two steps? */
static int check_steps(const gk_frame *frame)
{
    int step = gk_frame_find(frame, "step"), run = gk_frame_find(frame, "run"), file = gk_frame_find(frame, "file");
    int columns[2] = { run, file };
    gk_frame_levels runs;

    if (step < 0 || run < 0 || frame->column[step].text)
        return 0;
    if (gk_frame_code(frame, file < 0 ? 1 : 2, columns, &runs) < 0)
        return -1;
    bool is_history = runs.n_level < frame->n_row || runs.n_level == 1;
    gk_frame_levels_release(&runs);
    return is_history
               ? 0
               : gk_error("'%s' has one step of each run: a map over step is drawn of histories (a checkpoint, or grok-log "
                          "without --final)",
                          frame->path);
}

int gk_plot_read_cells(gk_plot_input *input, const char *path, const char *x, const char *y, const char *z)
{
    bool over_step = strcmp(x, "step") == 0 || strcmp(y, "step") == 0;
    int  kind;

    *input = (gk_plot_input){ .select = input->select };
    if ((kind = is_checkpoint(&path)) < 0 ||
        (kind ? read_cells(input, path, over_step, z) : read_table(input, path, NULL)) < 0)
        return -1;
    return check_rows(input) < 0 || (over_step && check_steps(input->frame) < 0) ? -1 : 0;
}

void gk_plot_input_release(gk_plot_input *input)
{
    gk_frame_free(input->frame);
    gk_arena_release(&input->arena);
}
