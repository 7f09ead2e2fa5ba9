/* mix_kept.c -- see mix_kept.h. */
#include "mix_kept.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/die.h"
#include "base/input.h"
#include "table/tsv.h"

enum { SECONDS_APART = 5, EXACT = 17 };
static const char *const columns[] = { "mixture", "step", "w_mem", "w_gen", "train_loss", "train_acc", "test_loss", "test_acc" };
enum { N_COLUMN = sizeof columns / sizeof *columns };

gk_mix_record *gk_mix_more(gk_mix_history *history)
{
    if (history->n == history->most) {
        history->most = 2 * history->most + 64;
        history->record = realloc(history->record, (size_t)history->most * sizeof *history->record);
        gk_assert(history->record != NULL);
    }
    return &history->record[history->n++];
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

/* Do the lines in front of the table tell this command, and these files? */
static bool is_ours(const gk_mix_kept *kept, const gk_frame *table)
{
    gk_arena arena = { 0 };
    bool     is_told = table->n_note > 0 &&
                       strcmp(table->note[0] + strspn(table->note[0], " "), gk_given_command_line(kept->given)) == 0;
    for (int f = 0; f < kept->operands->n_file && is_told; f++) {
        const gk_checkpoint *file = kept->operands->file[f];
        const char *sum = gk_arena_printf(&arena, "%s sha256 %s", file->path, file->sha256);
        is_told = false;
        for (int i = 0; i < table->n_note; i++)
            is_told |= strstr(table->note[i], sum) != NULL;
    }
    gk_arena_release(&arena);
    return is_told;
}

static int take(gk_mix_kept *kept, const gk_frame *table)
{
    const double *value[N_COLUMN];
    for (int c = 0; c < N_COLUMN; c++) {
        int at = gk_frame_need(table, columns[c]);
        if (at < 0)
            return -1;
        if (!(value[c] = table->column[at].value))
            return gk_error("column '%s' of '%s' holds texts, expected numbers", columns[c], kept->path);
    }
    for (int64_t row = 0; row < table->n_row; row++) {
        double mixture = value[0][row], step = value[1][row];
        if (!(mixture >= 0 && mixture < (double)kept->n) || !(step >= 0 && step <= (double)kept->last_step))
            return gk_error("'%s' has no mixture %g at update %g: remove it", kept->path, mixture, step);
        gk_mix_record *to = gk_mix_more(&kept->history[(int64_t)mixture]);
        *to = (gk_mix_record){ (int64_t)step, value[2][row], value[3][row], { .loss = value[4][row], .accuracy = value[5][row] },
                               { .loss = value[6][row], .accuracy = value[7][row] } };
    }
    return 0;
}

int gk_mix_kept_read(gk_mix_kept *kept)
{
    struct stat info;
    if (!kept->path || stat(kept->path, &info) < 0)
        return 0;
    gk_frame *table = gk_tsv_read(kept->path);
    if (!table)
        return -1;
    bool ours = is_ours(kept, table);
    int  status = ours ? take(kept, table) : 0;
    int64_t n_whole = 0;
    for (int64_t i = 0; i < kept->n && status == 0; i++) {
        gk_mix_history *of = &kept->history[i];
        of->whole = of->n > 0 && of->record[of->n - 1].step == kept->last_step;
        of->n = of->whole ? of->n : 0;
        n_whole += of->whole;
    }
    if (ours && status == 0)
        gk_log("%lld of %lld mixtures are in '%s' already", (long long)n_whole, (long long)kept->n, kept->path);
    gk_frame_free(table);
    gk_input_forget(&info);    /* it is ours to write */
    return status;
}

/* --- writing --------------------------------------------------------------------------------------------------------------- */

static double now(void)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    return (double)at.tv_sec + 1e-9 * (double)at.tv_nsec;
}

int gk_mix_kept_write(gk_mix_kept *kept)
{
    if (!kept->path || (kept->written > 0 && now() - kept->written < SECONDS_APART))
        return 0;
    gk_table *table = gk_table_open(kept->path, false);
    if (!table)
        return -1;
    gk_run_comments(table, kept->given, kept->operands);
    for (int c = 0; c < N_COLUMN; c++)
        gk_table_column(table, columns[c]);
    for (int64_t i = 0; i < kept->n; i++)
        for (int64_t k = 0; kept->history[i].whole && k < kept->history[i].n; k++) {
            const gk_mix_record *at = &kept->history[i].record[k];
            const double value[] = { at->w_mem, at->w_gen, at->train.loss, at->train.accuracy, at->test.loss, at->test.accuracy };
            gk_table_int(table, i);
            gk_table_int(table, at->step);
            for (size_t v = 0; v < sizeof value / sizeof *value; v++)
                gk_table_real(table, value[v], EXACT);
            gk_table_end_row(table);
        }
    kept->written = now();
    return gk_table_close(table);
}

void gk_mix_kept_remove(const gk_mix_kept *kept)
{
    if (kept->path)
        unlink(kept->path);
}
