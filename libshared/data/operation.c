/* operation.c -- a task by a table: the answer to every pair, from a file.  TSV, CSV or lines of JSON (table/tsv.h) with the
 * columns a, b and c: a row for each name in a with each name in b, and c the answer to it, which may be one of those names or
 * another. */
#include <inttypes.h>
#include <string.h>
#include "base/text.h"
#include "data/build.h"
#include "table/tsv.h"
#include "table/vocabulary.h"

enum { A, B, C, N_COLUMN };

/* The first pair of a name in a and a name in b without an answer. */
static int check_complete(const gk_operation *op, const bool *in_a, const bool *in_b, const char *path)
{
    const int64_t n = op->n;
    for (int64_t x = 0; x < n; x++)
        for (int64_t y = 0; y < n; y++)
            if (in_a[x] && in_b[y] && op->answer[x * n + y] < 0)
                return gk_error("'%s' has no row for a = %.40s, b = %.40s: it must have one for each name in a with each in b",
                                path, op->name[x], op->name[y]);
    return 0;
}

static int tabulate(const gk_frame *frame, const gk_vocabulary *words, gk_arena *arena, gk_operation *out)
{
    const int64_t n = words->n;
    bool    *in_a = gk_arena_alloc(arena, (size_t)n), *in_b = gk_arena_alloc(arena, (size_t)n);
    int64_t *row_of = gk_arena_alloc(arena, (size_t)(n * n) * sizeof *row_of);    /* 1 and on; 0: none */
    *out = (gk_operation){ words->n, words->name, gk_arena_alloc(arena, (size_t)(n * n) * sizeof *out->answer) };
    memset(out->answer, -1, (size_t)(n * n) * sizeof *out->answer);
    for (int64_t row = 0; row < frame->n_row; row++) {
        int32_t a = words->id[A][row], b = words->id[B][row];
        if (row_of[a * n + b] > 0)
            return gk_error("'%s' has a = %.40s, b = %.40s twice, in rows %" PRId64 " and %" PRId64, frame->path, words->name[a],
                            words->name[b], row_of[a * n + b], row + 1);
        in_a[a] = in_b[b] = true;
        row_of[a * n + b] = row + 1;
        out->answer[a * n + b] = words->id[C][row];
    }
    return check_complete(out, in_a, in_b, frame->path);
}

static int check_names(const gk_vocabulary *words, const char *path)
{
    for (int i = 0; i < words->n; i++)
        if (!gk_text_is_printable(words->name[i]))
            return gk_error("a name in '%s' contains a control character, or is not UTF-8", path);
    return 0;
}

int gk_operation_read(const char *path, gk_arena *arena, gk_operation *out)
{
    static const char *const names[N_COLUMN] = { "a", "b", "c" };
    gk_vocabulary words = { 0 };
    int           column[N_COLUMN], status = 0;
    gk_frame     *frame = gk_tsv_read(path);
    if (!frame)
        return -1;
    for (int i = 0; i < N_COLUMN && status == 0; i++)
        status = (column[i] = gk_frame_need(frame, names[i])) < 0 ? -1 : 0;
    if (status == 0 && frame->n_row == 0)
        status = gk_error("'%s' has no rows", path);
    if (status == 0)
        status = gk_vocabulary_of(frame, N_COLUMN, column, GK_PRIME_MAX, arena, &words);
    if (status == 0 && (status = check_names(&words, path)) == 0 && (status = tabulate(frame, &words, arena, out)) == 0)
        for (int i = 0; i < out->n; i++)
            out->name[i] = gk_arena_strdup(arena, out->name[i]);    /* of the frame until now */
    gk_frame_free(frame);
    return status;
}

int gk_operation_build(gk_dataset *dataset, const gk_data_args *args, const gk_operation *op, const char *symbol)
{
    gk_pair_task task = { .n_number = op->n, .n_shared = op->n, .number_name = op->name, .symbol = symbol, .table = op->answer };
    if (args->vocab_prime)
        return gk_usage_error("vocab-prime is for tasks with a modulus, but task is '%s'", gk_task_name(args));
    return gk_pairs_build(dataset, args, &task);
}

int gk_build_table(gk_dataset *dataset, const gk_data_args *args)
{
    gk_operation op;
    if (!args->table_file || !*args->table_file)
        return gk_usage_error("task 'table' needs --table: a file with the columns a, b and c");
    dataset->task = gk_arena_printf(&dataset->arena, "table %s", args->table_file);
    return gk_operation_read(args->table_file, &dataset->arena, &op) < 0 ? -1 : gk_operation_build(dataset, args, &op, "*");
}
