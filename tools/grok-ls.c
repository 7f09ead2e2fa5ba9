/* grok-ls.c -- what a file holds, to be read by people; --json for programs. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/die.h"
#include "base/options.h"
#include "base/table.h"
#include "base/text.h"
#include "io/checkpoint.h"

enum { MAX_VALUES = 6, MAX_CELL = 60 };

static struct { bool json; } o;

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line, for each thing that the file holds"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-ls",
    .summary = "list what checkpoints and datasets hold: provenance, runs, tensors, metrics, snapshots, lineage",
    .arguments = "FILE...",
    .details = "A FILE of - is read from standard input.  grok-log prints the numbers; h5dump and h5py read these files too.\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .min_arguments = 1, .max_arguments = -1
};

/* --- one thing, said in either way -------------------------------------------------------------------------------- */

/* A thing in a file.  Empty fields are left out. */
typedef struct thing {
    const char *object;     /* what it is: "file", "attribute", "group", "parameter", ... */
    int         group;      /* 1 + its number; 0: the whole file */
    int         depth;      /* of a parent in the lineage, from 1 */
    const char *name, *shape, *type, *value;
    int64_t     n_bytes;
} thing;

typedef struct lister {
    gk_table *table;        /* JSON, or NULL */
    gk_arena  arena;
    int       width[3];     /* of name, shape and bytes of the parameters being listed */
    int         n_listed;
} lister;

static const char *const json_columns[] = { "object", "group", "depth", "name", "shape", "type", "n_bytes", "value" };

static void put_json(gk_table *table, const thing *what)
{
    const char *texts[] = { what->name, what->shape, what->type };

    gk_table_text(table, what->object);
    what->group == 0 ? gk_table_empty(table) : gk_table_int(table, what->group - 1);
    what->depth == 0 ? gk_table_empty(table) : gk_table_int(table, what->depth);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        texts[i] ? gk_table_text(table, texts[i]) : gk_table_empty(table);
    what->n_bytes == 0 ? gk_table_empty(table) : gk_table_int(table, what->n_bytes);
    what->value ? gk_table_text(table, what->value) : gk_table_empty(table);
    gk_table_end_row(table);
}

/* Text of a file may hold anything; a terminal must not obey it. */
static const char *clean(lister *out, const char *text)
{
    return gk_text_sanitize(gk_arena_strdup(&out->arena, text ? text : ""), "");
}

static const char *size_text(lister *out, int64_t n_bytes)
{
    static const char *const units[] = { "B", "kB", "MB", "GB", "TB" };
    double size = (double)n_bytes;
    int    unit = 0;

    for (; size >= 1000 && unit < 4; unit++)
        size /= 1000;
    return gk_arena_printf(&out->arena, unit && size < 10 ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void put_text(lister *out, const thing *what)
{
    bool is_tensor = strcmp(what->object, "parameter") == 0;

    if (strcmp(what->object, "file") == 0 || strcmp(what->object, "group") == 0) {
        printf("%s%s: %s\n", strcmp(what->object, "file") == 0 ? "" : "\n", clean(out, what->name), clean(out, what->value));
    } else if (is_tensor) {
        printf("    %-*s  %-*s  %*s  %s\n", out->width[0], clean(out, what->name), out->width[1], clean(out, what->shape),
               out->width[2], size_text(out, what->n_bytes), clean(out, what->value));
    } else {
        const char *size = what->n_bytes > 0 ? gk_arena_printf(&out->arena, ", %s", size_text(out, what->n_bytes)) : "";
        printf("  %*s%-*s  %s%s%s%s\n", 2 * what->depth, "", 14, clean(out, what->name),
               what->shape ? what->shape : "", what->shape && what->value ? "  " : "", clean(out, what->value), size);
    }
}

static void put(lister *out, const thing *what)
{
    out->table ? put_json(out->table, what) : put_text(out, what);
}

#define PUT(...) put(out, &(thing){ __VA_ARGS__ })

/* --- a checkpoint ------------------------------------------------------------------------------------------------- */

/* "[4, 113, 128]" with n_first axes in front of the parameter's own. */
static const char *shape_text(lister *out, int n_first, const int64_t *first, const gk_param_info *param)
{
    const char *text = "[";

    for (int i = 0; i < n_first + param->n_dim; i++)
        text = gk_arena_printf(&out->arena, "%s%s%" PRId64, text, i ? ", " : "",
                               i < n_first ? first[i] : param->dim[i - n_first]);
    return gk_arena_printf(&out->arena, "%s]", text);
}

static int longer(int width, const char *text)
{
    return (int)strlen(text) > width ? (int)strlen(text) : width;
}

static void list_params(lister *out, const gk_group *group, int index)
{
    const int64_t n_real_bytes = group->n_replica * (int64_t)gk_dtype_size(group->real);

    memset(out->width, 0, sizeof out->width);
    for (int i = 0; i < group->n_param; i++) {
        out->width[0] = longer(out->width[0], group->param[i].name);
        out->width[1] = longer(out->width[1], shape_text(out, 1, &group->n_replica, &group->param[i]));
        out->width[2] = longer(out->width[2], size_text(out, group->param[i].size * n_real_bytes));
    }
    if (group->n_param && !o.json)
        PUT(.object = "model", .group = 1 + index, .name = "parameters",
            .value = gk_arena_printf(&out->arena, "%d tensors, %" PRId64 " %s per replica", group->n_param, group->n_real,
                                     gk_dtype_name(group->real)));
    for (int i = 0; i < group->n_param; i++) {
        const gk_param_info *param = &group->param[i];
        const char *axes = param->axes && *param->axes ? gk_arena_printf(&out->arena, "(replica,%s)  ", param->axes) : "";
        PUT(.object = "parameter", .group = 1 + index, .name = param->name, .type = gk_dtype_name(group->real),
            .shape = shape_text(out, 1, &group->n_replica, param), .n_bytes = param->size * n_real_bytes,
            .value = gk_arena_printf(&out->arena, "%s%s%s", axes, param->init ? param->init : "",
                                     param->trainable ? "" : "  not trained"));
    }
}

/* "add name" to a comma-separated list. */
static const char *append(lister *out, const char *list, const char *text)
{
    return *list ? gk_arena_printf(&out->arena, "%s, %s", list, text) : text;
}

static const char *cell_text(lister *out, const gk_h5_column *column, int64_t row)
{
    if (column->text)
        return gk_arena_printf(&out->arena, "%.*s%s", MAX_CELL, column->text[row],
                               strlen(column->text[row]) > MAX_CELL ? "..." : "");
    if (column->type == GK_I64)
        return gk_arena_printf(&out->arena, "%" PRId64, ((const int64_t *)column->data)[row]);
    return gk_arena_printf(&out->arena, "%.9g", ((const double *)column->data)[row]);
}

/* The different values of a column, in order of appearance, the first few of them. */
static const char *values_text(lister *out, const gk_h5_column *column, int64_t n_row)
{
    const char *seen[MAX_VALUES], *text = "";
    int         n_seen = 0;

    for (int64_t row = 0; row < n_row; row++) {
        const char *cell = cell_text(out, column, row);
        bool        is_new = true;
        for (int i = 0; i < n_seen; i++)
            is_new &= strcmp(seen[i], cell) != 0;
        if (is_new && n_seen == MAX_VALUES)
            return gk_arena_printf(&out->arena, "%s, ... %s", text, cell_text(out, column, n_row - 1));
        if (is_new) {
            seen[n_seen++] = cell;
            text = append(out, text, cell);
        }
    }
    return text;
}

static const char *slots_text(lister *out, const gk_group *group)
{
    const char *text = "";

    for (int i = 0; i < group->n_slot; i++) {
        const gk_slot *slot = &group->slot[i];
        const char    *ring = gk_arena_printf(&out->arena, "%s (ring of %" PRId64 ")", slot->name, slot->depth);
        text = append(out, text, slot->depth > 1 ? ring : slot->name);
    }
    return text;
}

/* Names of metrics; those of one family ("norm/...") as a count, but in full for JSON. */
static const char *metrics_text(lister *out, const gk_history *history)
{
    const char *text = "";

    for (int i = 0, n; i < history->n_metric; i += n) {
        const char *name = history->name[i], *slash = strchr(name, '/');
        size_t      n_family = slash ? (size_t)(slash - name) + 1 : 0;
        n = 1;
        while (!o.json && slash && i + n < history->n_metric && strncmp(history->name[i + n], name, n_family) == 0)
            n++;
        text = append(out, text, n == 1 ? name : gk_arena_printf(&out->arena, "%.*s* (%d)", (int)n_family, name, n));
    }
    return text;
}

static void list_recorded(lister *out, const gk_group *group, int index)
{
    const gk_history *history = group->history;

    if (history && history->n_record > 0)
        PUT(.object = "history", .group = 1 + index, .name = "history",
            .value = gk_arena_printf(&out->arena, "%" PRId64 " records, steps %" PRId64 " to %" PRId64 ": %s", history->n_record,
                                     history->step[0], history->step[history->n_record - 1], metrics_text(out, history)));
    if (group->n_snapshot)
        PUT(.object = "snapshots", .group = 1 + index, .name = "snapshots",
            .n_bytes = group->n_snapshot * group->n_replica * group->n_real * (int64_t)gk_dtype_size(group->real),
            .value = gk_arena_printf(&out->arena, "%" PRId64 ", steps %" PRId64 " to %" PRId64, group->n_snapshot,
                                     group->snapshot_step[0], group->snapshot_step[group->n_snapshot - 1]));
}

static const char *status_text(lister *out, const gk_group *group)
{
    int64_t     n[GK_N_STATUS] = { 0 };
    const char *text = "";

    for (int64_t replica = 0; replica < group->n_replica; replica++)
        n[group->status[replica]]++;
    for (int i = 0; i < GK_N_STATUS; i++)
        if (n[i])
            text = append(out, text, gk_arena_printf(&out->arena, "%" PRId64 " %s", n[i], gk_replica_status_names[i]));
    return text;
}

static void list_group(lister *out, const gk_group *group, int index)
{
    PUT(.object = "group", .group = 1 + index, .name = gk_arena_printf(&out->arena, "group %d", index),
        .value = gk_arena_printf(&out->arena, "%" PRId64 " %s, step %" PRId64 " (%s)", group->n_replica,
                                 group->n_replica == 1 ? "replica" : "replicas", group->step, status_text(out, group)));
    for (int i = 0; i < group->n_run_column; i++)
        PUT(.object = "column", .group = 1 + index, .name = group->run_column[i].name,
            .value = values_text(out, &group->run_column[i], group->n_replica));
    const char *items = gk_arena_printf(&out->arena, "%s: %" PRId64 " items, %" PRId64 " train, %" PRId64 " test, %s",
                                        group->task, group->n_item, group->n_train_max, group->n_test_max,
                                        group->n_split == 1 ? "one split" : "a split per replica");
    if (*group->task)
        PUT(.object = "data", .group = 1 + index, .name = "data", .value = group->train ? items : group->task);
    list_params(out, group, index);
    if (group->n_slot)
        PUT(.object = "slots", .group = 1 + index, .name = "optimizer", .value = slots_text(out, group));
    list_recorded(out, group, index);
}

/* NOLINTNEXTLINE(misc-no-recursion): what was read has at most GK_MAX_LINEAGE generations */
static void list_parents(lister *out, int n_parent, const gk_parent *parent, int depth)
{
    for (int i = 0; i < n_parent; i++) {
        PUT(.object = "parent", .depth = depth, .name = parent[i].role,
            .value = gk_arena_printf(&out->arena, "%s  %.64s", parent[i].path, parent[i].sha256));
        list_parents(out, parent[i].n_parent, parent[i].parent, depth + 1);
    }
}

static const char *option_text(const gk_checkpoint *checkpoint, const char *name)
{
    const gk_config_entry *entry = gk_checkpoint_config(checkpoint, name);
    return entry ? entry->text : NULL;
}

static void list_checkpoint(lister *out, const gk_checkpoint *checkpoint)
{
    const struct { const char *name, *value; } fact[] = {
        { "tool", gk_arena_printf(&out->arena, "%s %s", checkpoint->tool, checkpoint->tool_version) },
        { "created", checkpoint->created }, { "device", checkpoint->device },         { "precision", checkpoint->precision },
        { "sha256", checkpoint->sha256 },   { "command", checkpoint->command_line },
        { "name", option_text(checkpoint, "name") }, { "tag", option_text(checkpoint, "tag") },
        { "note", option_text(checkpoint, "note") },
        { "runs", checkpoint->trimmed ? "some of the grid's were left out (grok-trim --run)" : NULL },
    };

    for (size_t i = 0; i < sizeof fact / sizeof *fact; i++)
        if (fact[i].value && *fact[i].value)
            PUT(.object = "attribute", .name = fact[i].name, .value = fact[i].value);
    PUT(.object = "config", .name = "config", .value = gk_arena_printf(&out->arena, "%d options", checkpoint->n_config));
    if (checkpoint->n_parent && !o.json)
        PUT(.object = "lineage", .name = "lineage");
    list_parents(out, checkpoint->n_parent, checkpoint->parent, 1);
    for (int i = 0; i < checkpoint->n_group; i++)
        list_group(out, &checkpoint->group[i], i);
}

/* --- any other sealed file ---------------------------------------------------------------------------------------- */

/* Attributes of the root, and the shapes of arrays one and two levels down: enough for a dataset. */
/* NOLINTNEXTLINE(misc-no-recursion): two levels */
static int list_objects(lister *out, gk_h5 *file, const char *parent, int depth)
{
    int          n_child;
    const char **child = gk_h5_children(file, parent, &out->arena, &n_child);

    for (int i = 0; child && i < n_child; i++) {
        const char   *path = gk_arena_printf(&out->arena, "%s/%s", strcmp(parent, "/") == 0 ? "" : parent, child[i]);
        gk_param_info array = { 0 };
        gk_dtype      type;
        if (gk_h5_is_group(file, path)) {
            if (depth == 0 && list_objects(out, file, path, depth + 1) < 0)
                return -1;
        } else if (gk_h5_shape(file, path, &type, &array.n_dim, array.dim) < 0) {
            PUT(.object = "table", .name = path, .value = "table");
        } else {
            int64_t n_bytes = (int64_t)gk_dtype_size(type);
            for (int axis = 0; axis < array.n_dim; axis++)
                n_bytes *= array.dim[axis];
            PUT(.object = "array", .name = path, .shape = shape_text(out, 0, NULL, &array), .type = gk_dtype_name(type),
                .value = o.json ? NULL : gk_dtype_name(type), .n_bytes = n_bytes);
        }
    }
    return child ? 0 : -1;
}

static int list_other(lister *out, gk_h5 *file)
{
    int n = gk_h5_n_attribute(file, "/");

    for (int i = 0; i < n; i++) {
        const char *name = gk_h5_attribute_name(file, "/", i, &out->arena);
        const char *value = name ? gk_h5_get_any(file, "/", name, &out->arena) : NULL;
        if (!value)
            return -1;
        PUT(.object = "attribute", .name = name, .value = value);
    }
    return list_objects(out, file, "/", 0);
}

/* ------------------------------------------------------------------------------------------------------------------ */

static int list_file(lister *out, const char *path)
{
    gk_checkpoint *checkpoint = NULL;
    int            status = -1;
    gk_h5         *file = gk_h5_open(path);

    if (!file)
        return -1;
    const char *format = gk_h5_has(file, "/", "format") ? gk_h5_get_text(file, "/", "format", &out->arena) : "unknown format";
    if (!format)
        goto done;
    bool is_checkpoint = strcmp(format, "groktools-checkpoint") == 0;
    if (is_checkpoint && !(checkpoint = gk_checkpoint_load(file, GK_READ_DATA)))
        goto done;
    if (out->n_listed++ > 0 && !out->table)
        putchar('\n');
    PUT(.object = "file", .name = path, .n_bytes = gk_h5_n_bytes(file),
        .value = gk_arena_printf(&out->arena, "%s, %s", strcmp(format, "groktools-dataset") == 0 ? "dataset"
                                                        : is_checkpoint                         ? "checkpoint"
                                                                                                : format,
                                 size_text(out, gk_h5_n_bytes(file))));
    status = 0;
    if (is_checkpoint)
        list_checkpoint(out, checkpoint);
    else
        status = list_other(out, file);
done:
    gk_checkpoint_free(checkpoint);
    gk_h5_close(file);
    return status;
}

int main(int argc, char **argv)
{
    lister out = { 0 };
    int    n_bad = 0;

    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    if (o.json && !(out.table = gk_table_open(NULL, true)))
        gk_die();
    for (size_t i = 0; out.table && i < sizeof json_columns / sizeof *json_columns; i++)
        gk_table_column(out.table, json_columns[i]);
    for (int i = 0; i < gk_given_n_argument(given); i++) {
        if (list_file(&out, gk_given_argument(given, i)) < 0) {    /* the others are listed all the same */
            fprintf(stderr, "%s: %s\n", gk_program_name(), gk_error_message());
            n_bad++;
        }
        gk_arena_release(&out.arena);
    }
    if (out.table && gk_table_close(out.table) < 0)
        gk_die();
    if (gk_print_end() < 0)
        gk_die();
    gk_given_free(given);
    return n_bad > 0 ? GK_EXIT_FAILED : GK_EXIT_OK;
}
