/* qm9.c -- molecules with a number each: QM9 [Ramakrishnan et al. 2014] from a table with the columns smiles and alpha, and
 * columns of SMILES of anybody's tables. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "data/build.h"
#include "data/mols.h"
#include "data/public.h"
#include "io/text.h"
#include "table/tsv.h"

/* --- a column of SMILES ---------------------------------------------------------------------------------------------------- */

/* What could not be read, and the first of it. */
typedef struct left_out { int64_t n; char first[256]; } left_out;

static void leave_out(left_out *out, const char *smiles, int64_t row)
{
    if (out->n++ == 0)
        snprintf(out->first, sizeof out->first, "row %" PRId64 ", '%.60s': %.120s", row + 1, smiles, gk_error_message());
}

static int take(gk_mols *mols, const gk_frame *frame, int column, int64_t n_most, const bool *skip, int64_t *row_of,
                left_out *out)
{
    gk_molecule *molecule = malloc(sizeof *molecule);
    if (!molecule)
        return gk_error("out of memory for a molecule");
    for (int64_t row = 0; row < frame->n_row && (n_most == 0 || gk_mols_n(mols) < n_most); row++) {
        const char *smiles = frame->column[column].text[row];
        if (skip && skip[row])
            continue;
        if (gk_smiles_read(smiles, molecule) < 0 || gk_mols_add(mols, molecule) < 0)
            leave_out(out, smiles, row);
        else
            row_of[gk_mols_n(mols) - 1] = row;
    }
    free(molecule);
    return 0;
}

int gk_mols_of_table(gk_dataset *dataset, const gk_frame *frame, int column, int64_t n_most, const bool *skip, int64_t *row_of)
{
    left_out out = { 0, "" };
    if (!frame->column[column].text)
        return gk_error("column '%s' of '%s' holds numbers, not SMILES", frame->column[column].name, frame->path);
    gk_mols *mols = gk_mols_new();
    int      status = mols ? take(mols, frame, column, n_most, skip, row_of, &out) : -1;
    if (status == 0 && gk_mols_n(mols) < 2)
        status = gk_error("'%s' has %" PRId64 " molecules that can be read, expected 2 or more%s%s", frame->path, gk_mols_n(mols),
                          out.n ? ": " : "", out.first);
    if (status == 0)
        gk_mols_finish(mols, dataset);
    if (status == 0 && out.n > 0)
        dataset->left_out = gk_arena_printf(&dataset->arena, "'%s': %" PRId64 " of %" PRId64 " molecules left out; %s",
                                            frame->path, out.n, out.n + gk_mols_n(mols), out.first);
    gk_mols_free(mols);
    return status;
}

/* --- QM9 -------------------------------------------------------------------------------------------------------------------- */

enum { N_QM9 = 133885 };

/* The number at the end of "gdb_17", "17". */
static int64_t number_of(const gk_frame_column *column, int64_t row)
{
    if (column->value)
        return (int64_t)column->value[row];
    const char *text = column->text[row], *digits = text + strcspn(text, "0123456789");
    return strtoll(digits, NULL, 10);
}

/* Molecules whose geometry its authors found to be another one, if their list is beside the table: it names each by its number,
 * in lines that begin with that.  skip: [n_row]; a table without numbers has none left out. */
static int skip_uncharacterized(const gk_public *set, const gk_frame *frame, bool *skip, gk_arena *arena)
{
    const char *path = gk_arena_printf(arena, "%.*s/%s", (int)(strrchr(frame->path, '/') - frame->path), frame->path,
                                       set->file[1].name);
    int     column = gk_frame_find(frame, "mol_id");
    gk_text text;
    if (column < 0)
        column = gk_frame_find(frame, "id");
    if (column < 0 || access(path, F_OK) != 0)
        return 0;
    if (gk_text_read(path, &text) < 0)
        return -1;
    bool *is_bad = gk_arena_alloc(arena, N_QM9 + 1);
    for (char *line; (line = gk_text_line(&text));) {
        char   *end;
        int64_t number = strtoll(line, &end, 10);
        if (end > line && number >= 1 && number <= N_QM9)
            is_bad[number] = true;
    }
    for (int64_t row = 0; row < frame->n_row; row++) {
        int64_t number = number_of(&frame->column[column], row);
        skip[row] = number >= 1 && number <= N_QM9 && is_bad[number];
    }
    free(text.data);
    return 0;
}

static int fill(gk_dataset *dataset, const gk_data_args *args, const gk_public *set, const gk_frame *frame, gk_arena *scratch)
{
    int      smiles = gk_frame_need(frame, "smiles"), alpha = smiles < 0 ? -1 : gk_frame_need(frame, "alpha");
    bool    *skip = gk_arena_alloc(scratch, (size_t)frame->n_row + 1);
    int64_t *row_of = gk_arena_alloc(scratch, (size_t)(frame->n_row + 1) * sizeof *row_of);
    if (alpha < 0)
        return -1;
    if (!frame->column[alpha].value)
        return gk_error("column 'alpha' of '%s' is not one of numbers", frame->path);
    if (skip_uncharacterized(set, frame, skip, scratch) < 0 ||
        gk_mols_of_table(dataset, frame, smiles, args->n_item, skip, row_of) < 0)
        return -1;
    if (args->n_item > dataset->n_item)
        return gk_error("'%s' has %" PRId64 " molecules, fewer than the %" PRId64 " that are asked for", frame->path,
                        dataset->n_item, args->n_item);
    gk_targets_alloc(dataset, 1);
    for (int64_t item = 0; item < dataset->n_item; item++) {
        double value = frame->column[alpha].value[row_of[item]];
        if (!isfinite(value))
            return gk_error("column 'alpha' of '%s' has no number in row %" PRId64, frame->path, row_of[item] + 1);
        dataset->target[item] = (float)value;
    }
    return 0;
}

int gk_build_qm9(gk_dataset *dataset, const gk_data_args *args)
{
    static const char *const names[] = { "qm9.csv", "qm9.csv.gz" };
    const gk_public *set = gk_public_find("qm9");
    gk_arena         scratch = { 0 };
    const char      *path = gk_public_path(set, names, 2, &scratch);
    gk_frame        *frame = path ? gk_tsv_read(path) : NULL;
    int              status = frame ? fill(dataset, args, set, frame, &scratch) : -1;
    dataset->task = gk_task_name(args);
    gk_frame_free(frame);
    gk_arena_release(&scratch);
    return status;
}
