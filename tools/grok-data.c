/* grok-data.c -- write a dataset file, make one of a table, show one (sizes, vocabulary, rows, split), or fetch a public one. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/die.h"
#include "base/options.h"
#include "base/outfile.h"
#include "base/table.h"
#include "data/data_options.h"
#include "data_fetch.h"
#include "data_import.h"

typedef struct tool_args {
    const char *output;
    int64_t     n_row;
    bool        force, json, quiet;
} tool_args;

typedef struct tool_values { gk_data_args data; tool_args tool; gk_import_args import; } tool_values;

#define GK_OPTIONS_OF tool_args
static const gk_option tool_options[] = {
    GK_TEXT_OPTION("output", output, .key = 'o', .flags = GK_HIDDEN, .arg = "FILE",
                   .help = "dataset file to write; - is standard output"),
    GK_SWITCH_OPTION("force", force, .flags = GK_HIDDEN, .help = "replace the file that --output names, whatever it is"),
    GK_INT_OPTION("rows", n_row, 0, INT32_MAX, .key = 'n', .flags = GK_HIDDEN,
                  .help = "rows that 'show' prints, of each task if there are several"),
    GK_SWITCH_OPTION("json", json, .flags = GK_HIDDEN, .help = "show lines of JSON: the sizes, then one object a row"),
    GK_SWITCH_OPTION("quiet", quiet, .key = 'q', .flags = GK_HIDDEN, .help = "errors only"),
    GK_OPTION_END
};

static const char details[] =
    "Examples:\n"
    "  grok-data --task help                                  the tasks\n"
    "  grok-data --task add --prime 113 -o add.h5             all items; grok-train splits them by its seed\n"
    "  grok-data --task add --fraction 0.3 -o add.h5          items and split: every run shares it\n"
    "  grok-data --task divide --prime 97 show -n 20          look at a task without writing a file\n"
    "  grok-data --sequence op-mod --join add:97:0.1 show     two tasks, each with a fraction of its own\n"
    "  grok-data show add.h5                                  look at a file; - is standard input\n"
    "  grok-data --task mnist --size 1000 show                images and labels of $GROK_DATA/mnist, $GROK_DATA, or without\n"
    "                                                         GROK_DATA of ~/.local/share/groktools/mnist\n"
    "  grok-data --task imdb --items 1000 show                reviews of $GROK_DATA/imdb, split into train and test\n"
    "  grok-data --reviews mine.csv -o d.h5                   reviews of one's own, with the columns review and sentiment\n"
    "  grok-data import pairs.tsv --tokens a,b --label c -o d.h5       a table (TSV, CSV, JSON) of one's own\n"
    "  grok-data import x.npz --reals 'x.*' --label y --fraction 0.8 -o d.h5     arrays: x [n, ...] gives x.0, x.1, ...\n"
    "  grok-data import mols.csv --smiles smiles --targets alpha -o d.h5         molecules: graphs of atoms and bonds\n"
    "  grok-data fetch mnist                                  get these files with curl (also: imdb, qm9); with one\n"
    "                                                         more word, into that folder\n"
    "\n"
    "A split is stored only if --fraction, --size, --split, --label-noise, --join or --also-eval is given, or the data\n"
    "have one.\n"
    "Exit status: 0 done, 1 failed, 2 wrong usage.";

/* --- the list of tasks -------------------------------------------------------------------------------------------- */

/* `--task help` (or list) anywhere on the command line. */
static bool wants_task_list(int argc, char **argv)
{
    for (int i = 1; i < argc && argv[i] && strcmp(argv[i], "--") != 0; i++) {
        const char *value = strncmp(argv[i], "--task=", 7) == 0 ? argv[i] + 7 : NULL;
        if (strcmp(argv[i], "--task") == 0 && i + 1 < argc)
            value = argv[i + 1];
        if (value && (strcmp(value, "help") == 0 || strcmp(value, "list") == 0))
            return true;
    }
    return false;
}

static void list_tasks(void)
{
    gk_table *table = gk_table_open(NULL, false);
    if (!table)
        gk_die();
    gk_table_column(table, "task");
    gk_table_column(table, "answer");
    for (int task = 0; gk_task_names[task]; task++) {
        gk_table_text(table, gk_task_names[task]);
        gk_table_text(table, gk_task_descriptions[task]);
        gk_table_end_row(table);
    }
    if (gk_table_close(table) < 0)
        gk_die();
}

/* --- showing ------------------------------------------------------------------------------------------------------ */

/* Names from first to end, joined by `separator`. */
static const char *join_names(gk_arena *arena, const char *const *names, int first, int end, const char *separator)
{
    size_t n_bytes = 1;
    for (int i = first; i < end; i++)
        n_bytes += strlen(names[i]) + strlen(separator);
    char *text = gk_arena_alloc(arena, n_bytes);
    for (size_t at = 0; first < end; first++)
        at += (size_t)snprintf(text + at, n_bytes - at, "%s%s", at ? separator : "", names[first]);
    return text;
}

static const char *short_vocabulary(gk_arena *arena, const gk_dataset *dataset)
{
    const int n = dataset->n_vocab, n_start = 3, n_end = 6;
    if (n <= n_start + n_end + 3)
        return join_names(arena, dataset->vocab, 0, n, "  ");
    return gk_arena_printf(arena, "%s  ...  %s", join_names(arena, dataset->vocab, 0, n_start, "  "),
                           join_names(arena, dataset->vocab, n - n_end, n, "  "));
}

/* Of --join and --also-eval: a line for each task. */
static void show_groups(gk_table *table, const gk_dataset *dataset, const gk_split *split)
{
    gk_arena arena = { 0 };
    int64_t *n = gk_arena_alloc(&arena, (size_t)dataset->n_group * 3 * sizeof *n);    /* items, train, test */
    for (int64_t item = 0; item < dataset->n_item; item++)
        n[3 * dataset->group[item]]++;
    for (int64_t i = 0; split && i < split->n_train; i++)
        n[3 * dataset->group[split->train[i]] + 1]++;
    for (int64_t i = 0; split && i < split->n_test; i++)
        n[3 * dataset->group[split->test[i]] + 2]++;
    for (int group = 0; group < dataset->n_group; group++) {
        const char *name = dataset->group_name[group], *task = dataset->group_task[group];
        const int64_t *count = &n[3 * group];
        if (!split)
            gk_table_comment(table, "%s: %s: %" PRId64 " items", name, task, count[0]);
        else if (group < dataset->n_trained_group)
            gk_table_comment(table, "%s: %s: %" PRId64 " items, %" PRId64 " train, %" PRId64 " test", name, task, count[0],
                             count[1], count[2]);
        else
            gk_table_comment(table, "%s: %s: %" PRId64 " items, only evaluated, %" PRId64 " held-train, %" PRId64 " held-test",
                             name, task, count[0], split->held_train[group].n, split->held_test[group].n);
    }
    gk_arena_release(&arena);
}

/* Items, train and test of every subclass: [n][3], in arena memory. */
static int64_t *count_subclasses(gk_arena *arena, const gk_dataset *dataset, const gk_split *split)
{
    const int32_t *of = dataset->subclass.of;
    int64_t       *n = gk_arena_alloc(arena, (size_t)dataset->subclass.n * 3 * sizeof *n);
    for (int64_t item = 0; item < dataset->n_item; item++)
        n[3 * of[item]]++;
    for (int64_t i = 0; split && i < split->n_train; i++)
        n[3 * of[split->train[i]] + 1]++;
    for (int64_t i = 0; split && i < split->n_test; i++)
        n[3 * of[split->test[i]] + 2]++;
    return n;
}

/* Are the subclasses worth a line each?  That items have labels is no news. */
static bool tells_subclasses(const gk_dataset *dataset, const gk_data_args *data)
{
    const char *by = dataset->subclass.by;
    return by && (strcmp(by, "label") != 0 || data->subclasses || data->thin);
}

static void show_subclasses(gk_table *table, gk_arena *arena, const gk_dataset *dataset, const gk_split *split)
{
    const gk_subclasses *subclass = &dataset->subclass;
    const int64_t       *n = count_subclasses(arena, dataset, split);
    gk_table_comment(table, "subclasses by %s: %d", subclass->by, subclass->n);
    for (int i = 0; i < subclass->n; i++, n += 3)
        if (split)
            gk_table_comment(table, "subclass %s: %" PRId64 " items, %" PRId64 " train, %" PRId64 " test", subclass->name[i],
                             n[0], n[1], n[2]);
        else
            gk_table_comment(table, "subclass %s: %" PRId64 " items", subclass->name[i], n[0]);
}

static void show_sizes(gk_table *table, gk_arena *arena, const gk_dataset *dataset, const gk_split *split,
                       const gk_data_args *data)
{
    const bool is_token = dataset->n_token > 0;
    gk_table_comment(table, "%s: %" PRId64 " items of %d %s, %d %s", dataset->task, dataset->n_item,
                     is_token ? dataset->n_token : dataset->n_real, is_token ? "tokens" : "reals", dataset->n_answer,
                     dataset->n_target ? "targets" : "answers");
    if (dataset->n_token)
        gk_table_comment(table, "vocabulary: %d tokens: %s", dataset->n_vocab, short_vocabulary(arena, dataset));
    if (dataset->edges.n_type > 0)
        gk_table_comment(table, "graphs: tokens are nodes, of %d features; %" PRId64 " edges, %s", dataset->edges.n_feature,
                         dataset->edges.first[dataset->n_item],
                         join_names(arena, dataset->edges.type, 0, dataset->edges.n_type, ", "));
    if (dataset->n_group > 1)
        show_groups(table, dataset, split);
    if (tells_subclasses(dataset, data))
        show_subclasses(table, arena, dataset, split);
    if (split) {
        int64_t n_changed = 0;
        for (int64_t i = 0; i < split->n_train; i++)
            n_changed += split->train_label[i] != dataset->label[split->train[i]];
        if (dataset->n_target)
            gk_table_comment(table, "split: %" PRId64 " train, %" PRId64 " test", split->n_train, split->n_test);
        else
            gk_table_comment(table, "split: %" PRId64 " train, %" PRId64 " test; %" PRId64 " train labels differ from the answer",
                             split->n_train, split->n_test, n_changed);
    } else {
        gk_table_comment(table, "split: none stored");
    }
    gk_table_comment(table, "sha256 of the items: %s", dataset->sha256);
}

/* The same as one JSON object. */
static int show_sizes_json(gk_arena *arena, const gk_dataset *dataset, const gk_split *split)
{
    static const char *const columns[] = { "task", "sha256", "n_item", "n_token", "n_real", "n_vocab", "n_answer", "n_group",
                                           "n_trained_group", "groups", "n_target", "n_train", "n_test", "vocab", "subclasses_by",
                                           "subclasses" };
    gk_table *table = gk_table_open(NULL, true);
    if (!table)
        return -1;
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        gk_table_column(table, columns[i]);
    gk_table_text(table, dataset->task);
    gk_table_text(table, dataset->sha256);
    gk_table_int(table, dataset->n_item);
    gk_table_int(table, dataset->n_token);
    gk_table_int(table, dataset->n_real);
    gk_table_int(table, dataset->n_vocab);
    gk_table_int(table, dataset->n_answer);
    gk_table_int(table, dataset->n_group);
    gk_table_int(table, dataset->n_trained_group);
    gk_table_text(table, join_names(arena, dataset->group_task, 0, dataset->n_group, ", "));
    gk_table_int(table, dataset->n_target);
    if (split) {
        gk_table_int(table, split->n_train);
        gk_table_int(table, split->n_test);
    } else {
        gk_table_empty(table);
        gk_table_empty(table);
    }
    gk_table_text(table, dataset->n_vocab ? join_names(arena, dataset->vocab, 0, dataset->n_vocab, ", ") : NULL);
    gk_table_text(table, dataset->subclass.by);
    gk_table_text(table, dataset->subclass.n ? join_names(arena, dataset->subclass.name, 0, dataset->subclass.n, ", ") : NULL);
    gk_table_end_row(table);
    return gk_table_close(table);
}

enum { MAX_SHOWN = 8 };

/* The first few of n reals. */
static const char *reals_text(gk_arena *arena, const float *real, int n)
{
    const char *text = "";
    for (int i = 0; i < n && i < MAX_SHOWN; i++)
        text = gk_arena_printf(arena, "%s%s%g", text, i ? " " : "", (double)real[i]);
    return n > MAX_SHOWN ? gk_arena_printf(arena, "%s ...", text) : text;
}

/* The item as token ids, as names of tokens, or as reals (the first few). */
static const char *item_text(gk_arena *arena, const gk_dataset *dataset, int64_t item, bool as_names)
{
    int n = dataset->n_token;
    const char *text = "";
    int from = 0;
    if (n == 0)
        return reals_text(arena, dataset->real + item * dataset->n_real, dataset->n_real);
    if (dataset->edges.n_type > 0)    /* behind the nodes of a graph is nothing */
        while (n > 0 && dataset->token[item * dataset->n_token + n - 1] == 0)
            n--;
    if (strcmp(dataset->vocab[0], GK_PAD_NAME) == 0)
        while (from < n - 1 && dataset->token[item * dataset->n_token + from] == 0)
            from++;
    if (from > 0)
        text = "...";
    for (int i = from; i < n && i < from + MAX_SHOWN; i++) {
        const char *gap = i ? " " : "";
        int32_t id = dataset->token[item * dataset->n_token + i];
        if (as_names)
            text = gk_arena_printf(arena, "%s%s%s", text, gap, dataset->vocab[id]);
        else
            text = gk_arena_printf(arena, "%s%s%d", text, gap, id);
    }
    return n - from > MAX_SHOWN ? gk_arena_printf(arena, "%s ...", text) : text;
}

typedef enum item_part { PART_NONE, PART_TRAIN, PART_TEST, PART_HELD_TRAIN, PART_HELD_TEST } item_part;
static const char *const part_names[] = { "none", "train", "test", "held-train", "held-test" };

/* Where each item is in the split; [n_item]. */
typedef struct item_place { item_part part; int32_t train_label; } item_place;

static void put(item_place *places, const gk_items *items, item_part part)
{
    for (int64_t i = 0; i < items->n; i++)
        places[items->item[i]].part = part;
}

static item_place *places_of(gk_arena *arena, const gk_dataset *dataset, const gk_split *split)
{
    item_place *places = gk_arena_alloc(arena, (size_t)dataset->n_item * sizeof *places);
    put(places, &(gk_items){ split->n_train, split->train }, PART_TRAIN);
    put(places, &(gk_items){ split->n_test, split->test }, PART_TEST);
    for (int group = 0; split->held_train && group < dataset->n_group; group++) {
        put(places, &split->held_train[group], PART_HELD_TRAIN);
        put(places, &split->held_test[group], PART_HELD_TEST);
    }
    for (int64_t i = 0; i < split->n_train; i++)
        places[split->train[i]].train_label = split->train_label[i];
    return places;
}

static void name_columns(gk_table *table, const gk_dataset *dataset, const gk_split *split, const gk_data_args *data)
{
    gk_table_column(table, "item");
    if (dataset->n_token)
        gk_table_column(table, "ids");
    gk_table_column(table, dataset->n_token ? "tokens" : "reals");
    gk_table_column(table, dataset->n_target ? "targets" : "label");
    if (dataset->n_token && !dataset->n_target)
        gk_table_column(table, "answer");
    if (dataset->n_group > 1)
        gk_table_column(table, "group");
    if (tells_subclasses(dataset, data))
        gk_table_column(table, "subclass");
    if (split) {
        gk_table_column(table, "split");
        if (!dataset->n_target)
            gk_table_column(table, "train_label");
    }
}

/* place: of this item; NULL if there is no split. */
static void show_row(gk_table *table, const gk_dataset *dataset, const item_place *place, int64_t item, const gk_data_args *data)
{
    gk_arena arena = { 0 };
    gk_table_int(table, item);
    if (dataset->n_token)
        gk_table_text(table, item_text(&arena, dataset, item, false));
    gk_table_text(table, item_text(&arena, dataset, item, true));
    if (dataset->n_target)
        gk_table_text(table, reals_text(&arena, dataset->target + item * dataset->n_target, dataset->n_target));
    else
        gk_table_int(table, dataset->label[item]);
    if (dataset->n_token && !dataset->n_target)
        gk_table_text(table, gk_dataset_answer(dataset, dataset->label[item]));
    if (dataset->n_group > 1)
        gk_table_text(table, dataset->group_name[dataset->group[item]]);
    if (tells_subclasses(dataset, data))
        gk_table_text(table, dataset->subclass.name[dataset->subclass.of[item]]);
    if (place) {
        gk_table_text(table, part_names[place->part]);
        if (place->part == PART_TRAIN && !dataset->n_target)
            gk_table_int(table, place->train_label);
    }
    gk_table_end_row(table);
    gk_arena_release(&arena);
}

/* The first n_row items of each group. */
static void show_rows(gk_table *table, const gk_dataset *dataset, const item_place *places, int64_t n_row,
                      const gk_data_args *data)
{
    gk_arena arena = { 0 };
    int64_t *n_shown = gk_arena_alloc(&arena, (size_t)dataset->n_group * sizeof *n_shown);
    for (int64_t item = 0; item < dataset->n_item; item++)
        if (n_shown[dataset->n_group > 1 ? dataset->group[item] : 0]++ < n_row)
            show_row(table, dataset, places ? &places[item] : NULL, item, data);
    gk_arena_release(&arena);
}

static int show(const gk_dataset *dataset, const gk_split *split, const gk_data_args *data, const tool_args *args)
{
    gk_arena arena = { 0 };
    gk_table *table = NULL;
    int status = -1;
    if (args->json && show_sizes_json(&arena, dataset, split) < 0)
        goto done;
    if (!(table = gk_table_open(NULL, args->json)))
        goto done;
    show_sizes(table, &arena, dataset, split, data);
    name_columns(table, dataset, split, data);
    show_rows(table, dataset, split ? places_of(&arena, dataset, split) : NULL, args->n_row, data);
    status = gk_table_close(table);
done:
    gk_arena_release(&arena);
    return status;
}

/* --- the program -------------------------------------------------------------------------------------------------- */

static bool is_command(const gk_given *given, const char *name)
{
    return gk_given_n_argument(given) > 0 && strcmp(gk_given_argument(given, 0), name) == 0;
}

/* What the words after the options ask for: nothing, 'show' or 'show FILE'.  True for show. */
static bool wants_show(const gk_given *given, gk_data_args *data)
{
    const int n = gk_given_n_argument(given);
    if (n == 0)
        return false;
    if (!is_command(given, "show"))
        gk_usage("'%s' is not a command: there are 'show', 'import' and 'fetch'", gk_given_argument(given, 0));
    if (n > 2)
        gk_usage("unexpected argument '%s'", gk_given_argument(given, 2));
    if (n == 2) {
        if (data->data_file)
            gk_usage("'show %s' and --data both name a file", gk_given_argument(given, 1));
        data->data_file = gk_given_argument(given, 1);
    }
    return true;
}

static void check_usage(const gk_given *given, const gk_data_args *data, const tool_args *tool, bool is_show)
{
    static const char *const of_task[] = { "task", "join", "also-eval" };
    for (size_t i = 0; data->data_file && i < sizeof of_task / sizeof *of_task; i++)
        if (gk_option_given(given, of_task[i]))
            gk_usage("--%s cannot change the items of '%s'", of_task[i], data->data_file);
    if (gk_option_given(given, "fraction") && data->size > 0)
        gk_usage("--fraction and --size exclude each other");
    if ((data->join || data->also_eval) && data->split_file)
        gk_usage("--split is for a single task: it excludes --join and --also-eval");
    if (is_show && tool->output)
        gk_usage("'show' writes to standard output, not to '%s'", tool->output);
    if (!is_show && !tool->output)
        gk_usage("nowhere to write: give -o FILE, or 'show' to look at the data");
    if (!is_show && strcmp(tool->output, "-") == 0 && isatty(STDOUT_FILENO))
        gk_usage("a dataset file is binary: not written to a terminal");
}

int main(int argc, char **argv)
{
    gk_arena arena = { 0 };
    static tool_values all = { .tool.n_row = 10 };
    gk_data_args *data = &all.data;
    tool_args    *tool = &all.tool;
    const char   *idle;
    all.data = gk_data_defaults();
    const gk_option_group groups[] = {
        { "Data", gk_data_options_single(&arena), data },
        { "Output", tool_options, tool },
        { "What 'import' takes", gk_import_options, &all.import },
        { 0 }
    };
    const gk_cli cli = { .name = "grok-data", .summary = "write a dataset file, import, show or fetch one",
                         .arguments = "[show [FILE] | import FILE | fetch NAME [FOLDER]]", .details = details, .groups = groups,
                         .values = &all, .n_bytes = sizeof all, .judged_later = true, .max_arguments = 3 };
    gk_program(argv[0]);
    if (wants_task_list(argc, argv)) {
        list_tasks();
        return GK_EXIT_OK;
    }
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_data_resolve(given);
    gk_quiet(tool->quiet);
    if (is_command(given, "fetch"))
        return gk_fetch_named(given);
    const char *import = is_command(given, "import") ? gk_import_wanted(given, data) : NULL;
    const bool is_show = !import && wants_show(given, data);
    if (!all.import.dry_run || !import)
        check_usage(given, data, tool, is_show);
    if (gk_options_check_effect(given, &all, &arena, &idle) < 0)
        gk_die();

    if (tool->force && tool->output)
        gk_outfile_allow(tool->output);
    gk_split split;
    gk_dataset *dataset = import ? gk_data_import(import, &all.import) : gk_dataset_new(data);
    if (!dataset)
        gk_die();
    if (dataset->left_out)
        gk_warn("%s", dataset->left_out);
    if (import && all.import.dry_run)
        return gk_data_import_report(dataset, &all.import);
    if (gk_option_given(given, "fraction") && gk_dataset_stored_split(dataset))
        gk_warn("--fraction has no effect: '%s' brings a split; --size takes the first of its train items", dataset->task);
    const bool has_split = gk_dataset_stored_split(dataset) || data->split_file || data->join || data->also_eval ||
                           gk_option_given(given, "fraction") || gk_option_given(given, "label-noise") || data->size > 0 ||
                           data->thin;
    if (has_split && gk_dataset_split(dataset, data, &arena, &split) < 0)
        gk_die();
    if (is_show ? show(dataset, has_split ? &split : NULL, data, tool) < 0
                : gk_dataset_write(dataset, has_split ? &split : NULL, data, gk_given_command_line(given), tool->output) < 0)
        gk_die();
    if (!is_show)
        gk_log("wrote %s, %" PRId64 " items%s, to '%s'", dataset->task, dataset->n_item,
               has_split ? " and a split" : "", tool->output);
    gk_dataset_free(dataset);
    gk_given_free(given);
    gk_arena_release(&arena);
    return GK_EXIT_OK;
}
