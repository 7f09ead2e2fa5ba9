/* subclass.c -- dividing the items of a dataset: by label, by an operand, or as a file says. */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/classes.h"
#include "base/options.h"
#include "data/build.h"
#include "io/text.h"

enum { MAX_NAME = 64, MAX_FILE_SUBCLASS = 65536 };

bool gk_subclass_name_ok(const char *name)
{
    static const char special[] = "/,+*?[]\\:;\"'";    /* of paths, lists, patterns, quotes */
    size_t length = strlen(name);
    if (length == 0 || length > MAX_NAME)
        return false;
    for (const char *at = name; *at; at++)
        if (!isgraph((unsigned char)*at) || strchr(special, *at))
            return false;
    return true;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

const char *gk_subclass_twice(const gk_subclasses *subclass)
{
    gk_arena     scratch = { 0 };
    const char **sorted = gk_arena_alloc(&scratch, (size_t)(subclass->n + 1) * sizeof *sorted), *twice = NULL;
    memcpy(sorted, subclass->name, (size_t)subclass->n * sizeof *sorted);
    qsort(sorted, (size_t)subclass->n, sizeof *sorted, by_text);
    for (int i = 1; i < subclass->n && !twice; i++)
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            twice = sorted[i];
    gk_arena_release(&scratch);
    return twice;
}

/* --- what the items show -------------------------------------------------------------------------------------------------- */

/* The name of a value: of its token where it is one. */
static const char **names_of_values(gk_dataset *dataset, int n)
{
    const char **name = gk_arena_alloc(&dataset->arena, (size_t)n * sizeof *name);
    for (int i = 0; i < n; i++) {
        const char *token = dataset->n_token > 0 && i < dataset->n_vocab ? dataset->vocab[i] : "";
        name[i] = gk_subclass_name_ok(token) ? token : gk_arena_printf(&dataset->arena, "%d", i);
    }
    return name;
}

static int by_label(gk_dataset *dataset)
{
    if (dataset->n_target > 0)
        return gk_usage_error("the items of '%s' have targets, and no labels to be divided by", dataset->task);
    dataset->subclass = (gk_subclasses){ .by = "label", .n = dataset->n_answer, .of = dataset->label,
                                         .name = names_of_values(dataset, dataset->n_answer) };
    return 0;
}

/* By the operand that stands at a position of the tokens. */
static int by_operand(gk_dataset *dataset, const char *by, int position)
{
    int32_t *of;
    int      n = 0;
    if (position < 0)
        return gk_usage_error("the items of '%s' have no %s: that is an operand of two", dataset->task, by);
    of = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *of);
    for (int64_t item = 0; item < dataset->n_item; item++) {
        of[item] = dataset->token[item * dataset->n_token + position];
        n = of[item] >= n ? of[item] + 1 : n;
    }
    dataset->subclass = (gk_subclasses){ .by = by, .n = n, .of = of, .name = names_of_values(dataset, n) };
    return 0;
}

/* --- files ---------------------------------------------------------------------------------------------------------------- */

/* A table with the columns `item` and `subclass`, as grok-cluster writes it: what has been read of it. */
typedef struct reading {
    gk_dataset    *dataset;
    gk_text        text;
    int            item_column, subclass_column;    /* -1: no head yet */
    gk_subclasses *out;                             /* of: -1 where the file has said nothing */
    int            capacity;
    gk_classes     classes;                         /* of names */
} reading;

static bool same_name(const void *context, int64_t a, int64_t b)
{
    const gk_subclasses *out = context;
    return strcmp(out->name[a], out->name[b]) == 0;
}

static int find_subclass(reading *from, const char *name)
{
    gk_subclasses *out = from->out;
    if (out->n == from->capacity) {    /* room for one that may be new */
        const char **more = gk_arena_alloc(&from->dataset->arena, (size_t)(2 * from->capacity + 64) * sizeof *more);
        if (out->n > 0)
            memcpy(more, out->name, (size_t)out->n * sizeof *more);
        out->name = more;
        from->capacity = 2 * from->capacity + 64;
    }
    out->name[out->n] = name;
    int64_t first = gk_class_first(&from->classes, out->n, gk_hash_bytes(GK_HASH, name, strlen(name)));
    if (first < out->n)
        return (int32_t)first;
    if (out->n == MAX_FILE_SUBCLASS)
        return gk_error("more than %d subclasses", MAX_FILE_SUBCLASS);
    if (!gk_subclass_name_ok(name))
        return gk_error("'%.40s' cannot be the name of a subclass: 1 to %d printable characters of ASCII but blanks and "
                        "/,+*?[]\\:;\"'", name, MAX_NAME);
    out->name[out->n] = gk_arena_strdup(&from->dataset->arena, name);
    return out->n++;
}

static int read_head(reading *from, char *line)
{
    char *rest = line;
    from->item_column = from->subclass_column = -1;
    for (int column = 0; rest; column++) {
        char *word = gk_text_trim(strsep(&rest, "\t"));
        if (strcmp(word, "item") == 0)
            from->item_column = column;
        if (strcmp(word, "subclass") == 0)
            from->subclass_column = column;
    }
    return from->item_column >= 0 && from->subclass_column >= 0
               ? 0 : gk_error("expected a head with the columns 'item' and 'subclass', separated by a tab");
}

static int read_row(reading *from, char *line)
{
    const char *item_text = NULL, *name = NULL;
    char       *rest = line;
    int64_t     item;
    for (int column = 0; rest; column++) {
        char *word = gk_text_trim(strsep(&rest, "\t"));
        if (column == from->item_column)
            item_text = word;
        if (column == from->subclass_column)
            name = word;
    }
    if (!item_text || !name)
        return gk_error("the row has too few columns");
    if (gk_parse_int(item_text, &item) < 0)
        return -1;
    if (item < 0 || item >= from->dataset->n_item)
        return gk_error("item %" PRId64 " is outside [0, %" PRId64 "), the items of '%s'", item, from->dataset->n_item,
                        from->dataset->task);
    if (from->out->of[item] >= 0)
        return gk_error("item %" PRId64 " is there twice", item);
    return (from->out->of[item] = find_subclass(from, name)) < 0 ? -1 : 0;
}

/* "# items SHA256": of which dataset the file speaks. */
static int read_comment(const reading *from, const char *line)
{
    const char *stated = strncmp(line, "# items ", 8) == 0 ? line + 8 : NULL;
    if (!stated || strcmp(stated, from->dataset->sha256) == 0)
        return 0;
    return gk_error("it is of other items than those of '%s': their sha256 is %s, its is %.64s", from->dataset->task,
                    from->dataset->sha256, stated);
}

static int read_lines(reading *from)
{
    for (char *line; (line = gk_text_line(&from->text));) {
        line = gk_text_trim(line);
        int status = *line == '#' ? read_comment(from, line) : *line == '\0' ? 0
                     : from->item_column < 0 ? read_head(from, line) : read_row(from, line);
        if (status < 0)
            return gk_error_context("line %" PRId64, from->text.line);
    }
    return from->item_column >= 0 ? 0 : gk_error("it is empty");
}

/* Items that the file does not name are the subclass "rest". */
static int add_rest(reading *from)
{
    int rest = -1;
    for (int64_t item = 0; item < from->dataset->n_item; item++) {
        if (from->out->of[item] >= 0)
            continue;
        if (rest < 0 && (rest = find_subclass(from, "rest")) < 0)
            return -1;
        from->out->of[item] = rest;
    }
    return 0;
}

static int by_file(gk_dataset *dataset, const char *path)
{
    gk_subclasses out = { .by = gk_arena_strdup(&dataset->arena, path) };
    reading from = { .dataset = dataset, .item_column = -1, .subclass_column = -1, .out = &out,
                     .classes = gk_classes_new(same_name, &out) };
    out.of = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *out.of);
    memset(out.of, 0xff, (size_t)dataset->n_item * sizeof *out.of);
    if (gk_text_read(path, &from.text) < 0) {
        gk_classes_release(&from.classes);
        return -1;
    }
    int status = read_lines(&from) < 0 || add_rest(&from) < 0 ? gk_error_context("subclasses of '%s'", path) : 0;
    free(from.text.data);
    gk_classes_release(&from.classes);
    dataset->subclass = out;
    return status;
}

/* -------------------------------------------------------------------------------------------------------------------------- */

int gk_subclass(gk_dataset *dataset, const gk_data_args *args)
{
    const char *by = args->subclasses;
    if (!by)
        return dataset->subclass.by || dataset->n_target > 0 ? 0 : by_label(dataset);
    if (strcmp(by, GK_OWN_SUBCLASSES) == 0)
        return dataset->subclass.by ? 0 : gk_usage_error("the data of '%s' bring no subclasses", dataset->task);
    if (strcmp(by, "label") == 0)
        return by_label(dataset);
    if (strcmp(by, "row") == 0)
        return by_operand(dataset, "row", gk_operand_position(dataset, 0));
    if (strcmp(by, "column") == 0)
        return by_operand(dataset, "column", gk_operand_position(dataset, 1));
    return by_file(dataset, by);
}
