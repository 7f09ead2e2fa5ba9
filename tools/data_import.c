/* data_import.c -- see data_import.h. */
#include "data_import.h"

#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "base/table.h"
#include "data/build.h"
#include "data/mols.h"
#include "io/tensors.h"
#include "table/tsv.h"
#include "table/vocabulary.h"

#define GK_OPTIONS_OF gk_import_args
const gk_option gk_import_options[] = {
    GK_TEXT_OPTION("tokens", tokens, .flags = GK_HIDDEN, .arg = "COLUMN,...",
                   .help = "columns of tokens, in turn; names or patterns ('x*'); the vocabulary is all that stands in them "
                           "and in the label's column"),
    GK_TEXT_OPTION("reals", reals, .flags = GK_HIDDEN, .arg = "COLUMN,...", .help = "or: columns of numbers"),
    GK_TEXT_OPTION("smiles", smiles, .flags = GK_HIDDEN, .arg = "COLUMN",
                   .help = "or: a column of molecules as SMILES, whose atoms are nodes of a graph and bonds its edges; rows that "
                           "cannot be read are left out, and counted"),
    GK_TEXT_OPTION("label", label, .flags = GK_HIDDEN, .arg = "COLUMN", .help = "column of the right answer, a class"),
    GK_TEXT_OPTION("targets", targets, .flags = GK_HIDDEN, .arg = "COLUMN,...", .help = "or: columns of numbers to be predicted"),
    GK_TEXT_OPTION("split-column", split, .flags = GK_HIDDEN, .arg = "COLUMN",
                   .help = "column that says 'train' or 'test' of each item"),
    GK_TEXT_OPTION("subclass-column", subclass, .flags = GK_HIDDEN, .arg = "COLUMN",
                   .help = "column of the subclass, for --thin and --by-subclass"),
    GK_SWITCH_OPTION("dry-run", dry_run, .flags = GK_HIDDEN, .help = "say what was understood, and write nothing"),
    GK_OPTION_END
};

typedef struct import { gk_frame *frame; gk_dataset *to; } import;

/* --- the input as a table -------------------------------------------------------------------------------------------------- */

/* Arrays [n] are columns by their names, arrays [n, ...] columns NAME.0, NAME.1, ..., the last axis fastest. */
static gk_frame *frame_of_tensors(const char *path)
{
    gk_tensors *tensors = gk_tensors_read(path);
    gk_frame   *frame = tensors ? calloc(1, sizeof *frame) : NULL;
    if (!frame)
        goto failed;
    frame->path = gk_arena_strdup(&frame->arena, path);
    frame->n_row = tensors->n_tensor > 0 && tensors->tensor[0].n_dim > 0 ? tensors->tensor[0].dim[0] : 0;
    for (int i = 0; i < tensors->n_tensor; i++) {
        const gk_tensor *tensor = &tensors->tensor[i];
        const char      *name = *tensor->name ? tensor->name : "x";
        char             text[160];
        if (tensor->n_dim < 1 || tensor->dim[0] != frame->n_row) {
            gk_error("array '%s' of '%s' is %s: expected %" PRId64 " rows, as the first has", name, path,
                     gk_tensor_text(tensor, text, sizeof text), frame->n_row);
            goto failed;
        }
        int64_t width = tensor->dim[0] > 0 ? tensor->size / tensor->dim[0] : 0;
        if (width > GK_TSV_MAX_COLUMN) {
            gk_error("array '%s' of '%s' has %" PRId64 " columns, at most %d are read", name, path, width, GK_TSV_MAX_COLUMN);
            goto failed;
        }
        for (int64_t k = 0; k < width; k++) {
            const char *column = tensor->n_dim == 1 ? name : gk_arena_printf(&frame->arena, "%s.%" PRId64, name, k);
            int         c = gk_frame_add(frame, column);
            if (c < 0)
                goto failed;
            for (int64_t row = 0; row < frame->n_row; row++)
                frame->column[c].value[row] = gk_tensor_value(tensor, row * width + k);
        }
    }
    gk_tensors_free(tensors);
    return frame;
failed:
    gk_tensors_free(tensors);
    gk_frame_free(frame);
    return NULL;
}

static bool is_tensors(const char *path)
{
    static const char *const ends[] = { ".npz", ".npy", ".safetensors" };
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t n = strlen(path), n_end = strlen(ends[i]);
        if (n > n_end && strcmp(path + n - n_end, ends[i]) == 0)
            return true;
    }
    return false;
}

/* The columns that a list of names and patterns means, in arena memory.  How many, or -1 with gk_error. */
static int columns_of(const import *in, const char *list, const int **out)
{
    gk_arena *arena = &in->to->arena;
    int      *found = gk_arena_alloc(arena, (size_t)(in->frame->n_column + 1) * sizeof *found), n = 0;
    bool     *taken = gk_arena_alloc(arena, (size_t)in->frame->n_column + 1);
    *out = found;
    for (size_t length; *list; list += length + (list[length] == ',')) {
        length = strcspn(list, ",");
        const char *pattern = gk_arena_printf(arena, "%.*s", (int)length, list);
        int         before = n;
        for (int c = 0; c < in->frame->n_column; c++)
            if (!taken[c] && fnmatch(pattern, in->frame->column[c].name, 0) == 0)
                taken[found[n++] = c] = true;
        if (n == before)
            return gk_frame_asked(in->frame, pattern) < 0 ? -1 :
                gk_usage_error("column '%s' of '%s' is named twice", pattern, in->frame->path);
    }
    return n > 0 ? n : gk_usage_error("an empty list of columns");
}

/* One column; -1 with gk_error. */
static int column_of(const import *in, const char *name)
{
    return gk_frame_asked(in->frame, name);
}

/* --- names ------------------------------------------------------------------------------------------------------------------ */

static const char *cell_text(const import *in, int column, int64_t row)
{
    return gk_cell_text(in->frame, column, row, &in->to->arena);
}

static int missing(const import *in, int column, int64_t row)
{
    return gk_cell_missing(in->frame, column, row);
}

static int make_vocabulary(const import *in, int n_column, const int *columns, gk_vocabulary *words)
{
    return gk_vocabulary_of(in->frame, n_column, columns, GK_VOCAB_MAX, &in->to->arena, words);
}

/* --- items ------------------------------------------------------------------------------------------------------------------ */

/* Numbers of some columns, [n_row][n_column]; NULL with gk_error. */
static float *take_numbers(const import *in, int n_column, const int *columns)
{
    float *value = gk_arena_alloc(&in->to->arena, (size_t)(in->frame->n_row * n_column + 1) * sizeof *value);
    for (int i = 0; i < n_column; i++) {
        const gk_frame_column *from = &in->frame->column[columns[i]];
        if (!from->value) {
            gk_error("column '%s' of '%s' is not one of numbers", from->name, in->frame->path);
            return NULL;
        }
        for (int64_t row = 0; row < in->frame->n_row; row++) {
            if (!isfinite(from->value[row])) {
                missing(in, columns[i], row);
                return NULL;
            }
            value[row * n_column + i] = (float)from->value[row];
        }
    }
    return value;
}

static int take_tokens(const import *in, const gk_import_args *args)
{
    const int *columns = NULL;
    gk_vocabulary words = { 0 };
    int        n = columns_of(in, args->tokens, &columns), label = column_of(in, args->label);
    if (n < 0 || label < 0)
        return -1;
    gk_assert(columns);
    int *all = gk_arena_alloc(&in->to->arena, (size_t)(n + 1) * sizeof *all);
    memcpy(all, columns, (size_t)n * sizeof *all);
    all[n] = label;
    if (make_vocabulary(in, n + 1, all, &words) < 0)
        return -1;
    in->to->n_token = n;
    in->to->n_vocab = in->to->n_answer = words.n;
    in->to->vocab = words.name;
    in->to->label = words.id[n];
    in->to->token = gk_arena_alloc(&in->to->arena, (size_t)(in->frame->n_row * n) * sizeof(int32_t));
    for (int64_t row = 0; row < in->frame->n_row; row++)
        for (int i = 0; i < n; i++)
            in->to->token[row * n + i] = words.id[i][row];
    return 0;
}

static int take_classes(const import *in, int column, int *n, const char ***name, int32_t **of)
{
    gk_vocabulary words = { 0 };
    if (column < 0 || make_vocabulary(in, 1, &column, &words) < 0)
        return -1;
    *n = words.n;
    *name = words.name;
    *of = words.id[0];
    return 0;
}

/* What is to be learnt of reals and molecules: a class, or numbers. */
static int take_answers(const import *in, const gk_import_args *args)
{
    const int  *columns = NULL;
    gk_dataset *to = in->to;
    int         n;
    if (args->label) {
        const char **name = NULL;
        if (take_classes(in, column_of(in, args->label), &to->n_answer, &name, &to->label) < 0)
            return -1;
        bool named = true;
        to->answer_name = gk_arena_alloc(&to->arena, (size_t)to->n_answer * sizeof *to->answer_name);
        for (int i = 0; i < to->n_answer; i++) {
            to->answer_name[i] = gk_arena_strdup(&to->arena, name[i]);    /* they outlive the table */
            named &= gk_subclass_name_ok(name[i]);
        }
        if (named)    /* where --thin can name them */
            to->subclass = (gk_subclasses){ GK_OWN_SUBCLASSES, to->n_answer, to->label, name };
        return 0;
    }
    if ((n = columns_of(in, args->targets, &columns)) < 0)
        return -1;
    gk_targets_alloc(to, n);
    return (to->target = take_numbers(in, n, columns)) ? 0 : -1;
}

/* Numbers are seldom classes; who meant them to be predicted is told. */
static void warn_of_lone_classes(const import *in, const char *label)
{
    gk_arena scratch = { 0 };
    bool    *is_seen = gk_arena_alloc(&scratch, (size_t)in->to->n_answer + 1);
    int64_t  n = 0;
    for (int64_t row = 0; row < in->to->n_item; row++) {
        n += !is_seen[in->to->label[row]];
        is_seen[in->to->label[row]] = true;
    }
    gk_arena_release(&scratch);
    if (n == in->to->n_item)
        gk_warn("column '%s' of '%s' has as many different values as rows: each item is a class of its own, and none can be "
                "learnt from others; numbers to be predicted are --targets", label, in->frame->path);
}

static int take_reals(const import *in, const gk_import_args *args)
{
    const int *columns = NULL;
    int        n = columns_of(in, args->reals, &columns);
    if (n < 0 || !(in->to->real = take_numbers(in, n, columns)))
        return -1;
    in->to->n_real = n;
    return take_answers(in, args);
}

/* Rows of the table from which no molecule was read are gone from it. */
static int take_molecules(const import *in, const gk_import_args *args)
{
    gk_frame *frame = in->frame;
    int64_t  *row_of = gk_arena_alloc(&in->to->arena, (size_t)(frame->n_row + 1) * sizeof *row_of);
    int       column = column_of(in, args->smiles);
    if (column < 0 || gk_mols_of_table(in->to, frame, column, 0, NULL, row_of) < 0)
        return -1;
    frame->n_row = in->to->n_item;
    for (int c = 0; c < frame->n_column; c++)
        for (int64_t row = 0; row < frame->n_row; row++) {
            gk_frame_column *at = &frame->column[c];
            if (at->value)
                at->value[row] = at->value[row_of[row]];
            if (at->text)
                at->text[row] = at->text[row_of[row]];
            if (at->cell)
                at->cell[row] = at->cell[row_of[row]];
        }
    return take_answers(in, args);
}

static int take_subclasses(const import *in, const char *name)
{
    gk_subclasses *to = &in->to->subclass;
    int column = column_of(in, name);
    *to = (gk_subclasses){ .by = GK_OWN_SUBCLASSES };
    if (take_classes(in, column, &to->n, &to->name, &to->of) < 0)
        return -1;
    for (int i = 0; i < to->n; i++)
        if (!gk_subclass_name_ok(to->name[i]))
            return gk_error("column '%s' of '%s' names a subclass '%s': expected letters, digits and signs that are none of "
                            "/,+*?[]\\:;\"' and no blanks", name, in->frame->path, to->name[i]);
    return 0;
}

static int take_split(const import *in, const char *name)
{
    int       column = column_of(in, name);
    gk_split *split = gk_arena_alloc(&in->to->arena, sizeof *split);
    size_t    n = (size_t)in->frame->n_row;
    split->train = gk_arena_alloc(&in->to->arena, n * sizeof *split->train);
    split->test = gk_arena_alloc(&in->to->arena, n * sizeof *split->test);
    for (int64_t row = 0; column >= 0 && row < in->frame->n_row; row++) {
        const char *part = cell_text(in, column, row);
        if (strcmp(part, "train") == 0)
            split->train[split->n_train++] = (int32_t)row;
        else if (strcmp(part, "test") == 0)
            split->test[split->n_test++] = (int32_t)row;
        else
            return gk_error("column '%s' of '%s' has '%.40s' in row %" PRId64 ": expected train or test", name, in->frame->path,
                            part, row + 1);
    }
    if (column >= 0 && (split->n_train == 0 || split->n_test == 0))
        return gk_error("column '%s' of '%s' leaves no item to %s", name, in->frame->path,
                        split->n_train == 0 ? "train" : "test");
    in->to->split = split;
    return column < 0 ? -1 : 0;
}

const char *gk_import_wanted(const gk_given *given, const gk_data_args *data)
{
    if (gk_given_n_argument(given) != 2)
        gk_usage("import what? Give 'import FILE'");
    if (data->data_file || gk_option_given(given, "task") || data->join || data->also_eval)
        gk_usage("'import' takes the items from '%s', not from --data, --task, --join or --also-eval",
                 gk_given_argument(given, 1));
    return gk_given_argument(given, 1);
}

static int check(const gk_import_args *args)
{
    if ((args->tokens != NULL) + (args->reals != NULL) + (args->smiles != NULL) != 1)
        return gk_usage_error("what are the items? Give --tokens, --reals or --smiles, one of them");
    if (!args->label == !args->targets)
        return gk_usage_error("what is to be learnt? Give --label or --targets, one of them");
    if (args->tokens && args->targets)
        return gk_usage_error("'--targets' are for items of reals and molecules");
    return 0;
}

static int fill(const import *in, const gk_import_args *args)
{
    const gk_data_args whole = { .fraction = 0.5 };
    const char *slash = strrchr(in->frame->path, '/');
    if (in->frame->n_row < 2 || in->frame->n_row > INT32_MAX)
        return gk_error("'%s' has %" PRId64 " rows: expected at least 2, and less than 2^31", in->frame->path, in->frame->n_row);
    in->to->task = gk_arena_strdup(&in->to->arena, slash ? slash + 1 : in->frame->path);
    in->to->n_item = in->frame->n_row;
    if ((args->tokens ? take_tokens : args->smiles ? take_molecules : take_reals)(in, args) < 0 ||
        (args->subclass && take_subclasses(in, args->subclass) < 0) || (args->split && take_split(in, args->split) < 0))
        return -1;
    if (args->label)
        warn_of_lone_classes(in, args->label);
    for (int i = 0; args->tokens && i < in->to->n_vocab; i++)    /* they outlive the table */
        in->to->vocab[i] = gk_arena_strdup(&in->to->arena, in->to->vocab[i]);
    for (int i = 0; i < in->to->subclass.n; i++)
        in->to->subclass.name[i] = gk_arena_strdup(&in->to->arena, in->to->subclass.name[i]);
    return gk_dataset_finish(in->to, &whole);
}

gk_dataset *gk_data_import(const char *path, const gk_import_args *args)
{
    if (check(args) < 0)
        return NULL;
    gk_frame *frame = is_tensors(path) ? frame_of_tensors(path) : gk_tsv_read(path);
    import    in = { frame, frame ? gk_dataset_begin() : NULL };
    if (in.to && fill(&in, args) < 0) {
        gk_dataset_free(in.to);
        in.to = NULL;
    }
    gk_frame_free(frame);
    return in.to;
}

/* --- what was understood ---------------------------------------------------------------------------------------------------- */

static void put(gk_table *table, const char *what, const char *value)
{
    gk_table_text(table, what);
    gk_table_text(table, value);
    gk_table_end_row(table);
}

static void put_names(gk_table *table, const char *what, int n, const char *const *name)
{
    char   text[400];
    size_t at = (size_t)snprintf(text, sizeof text, "%d:", n);
    for (int i = 0; i < n && at < sizeof text - 80; i++)
        at += (size_t)snprintf(text + at, sizeof text - at, " %.60s%s", name[i],
                               i + 1 < n && at > sizeof text - 160 ? " ..." : "");
    put(table, what, text);
}

int gk_data_import_report(const gk_dataset *dataset, const gk_import_args *args)
{
    char      text[160];
    gk_table *table = gk_table_open(NULL, false);
    if (!table)
        gk_die();
    gk_table_column(table, "what");
    gk_table_column(table, "value");
    snprintf(text, sizeof text, "%" PRId64 " of %d %s", dataset->n_item, dataset->n_token + dataset->n_real,
             args->smiles ? "nodes or fewer" : dataset->n_token > 0 ? "tokens" : "reals");
    put(table, "items", text);
    if (dataset->n_token > 0)
        put_names(table, "vocabulary", dataset->n_vocab, dataset->vocab);
    snprintf(text, sizeof text, "%d", dataset->n_target);
    if (dataset->n_target > 0)
        put(table, "targets", text);
    else if (!args->tokens)
        put_names(table, "classes", dataset->n_answer, dataset->answer_name);
    if (args->subclass || (!args->tokens && dataset->subclass.n > 0))
        put_names(table, "subclasses", dataset->subclass.n, dataset->subclass.name);
    if (dataset->split)
        snprintf(text, sizeof text, "%" PRId64 " train, %" PRId64 " test", dataset->split->n_train, dataset->split->n_test);
    put(table, "split", dataset->split ? text : "none: each run draws its own");
    if (gk_table_close(table) < 0)
        gk_die();
    return GK_EXIT_OK;
}
