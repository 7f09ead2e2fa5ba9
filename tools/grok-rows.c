/* grok-rows.c -- rows and columns of tables: filter, define, join, sort, select. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "base/options.h"
#include "base/table.h"
#include "run_table.h"
#include "table/origin.h"
#include "table/combine.h"
#include "table/define.h"
#include "table/tsv.h"

static struct {
    const char *join, *key, *define, *where, *unique, *sort, *select, *drop, *rename, *output;
    bool        outer, json;
} o = { .output = "-" };

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_TEXT_OPTION("join", join, .arg = "TABLE",
                   .help = "the columns of this table, too, of its row with the same --key; rows without one are left out"),
    GK_TEXT_OPTION("key", key, .arg = "NAME,...", .help = "of --join: the columns that both tables have"),
    GK_SWITCH_OPTION("outer", outer, .help = "of --join: keep rows that have none there, with empty cells"),
    GK_TEXT_OPTION("define", define, .flags = GK_MANY, .arg = "NAME=EXPRESSION",
                   .help = "one more column, e.g. 'gap=test_error-train_error'; may be given several times"),
    GK_TEXT_OPTION("where", where, .arg = "EXPRESSION",
                   .help = "only rows for which this is true, e.g. 'method=taught and fraction<0.3'"),
    GK_TEXT_OPTION("unique", unique, .arg = "NAME,...", .help = "the first row of every combination of values in these columns"),
    GK_TEXT_OPTION("sort", sort, .arg = "NAME,...",
                   .help = "by these columns, numbers ascending, missing last; -NAME descending"),
    GK_TEXT_OPTION("select", select, .arg = "NAME,...", .help = "these columns, in this order; NEW=NAME under another name"),
    GK_TEXT_OPTION("drop", drop, .arg = "NAME,...", .help = "all columns but these"),
    GK_TEXT_OPTION("rename", rename, .arg = "NEW=NAME,...", .help = "other names for some of the columns that are left"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options, in the order in which they are done", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-rows", .summary = "rows and columns of tables: filter, define, join by key, sort, select",
    .arguments = "[KEY=VALUE...] TABLE...",
    .details = "Tables are TSV or lines of JSON; - is standard input.  The rows of several stand one after another, under the\n"
               "columns of all.  KEY=VALUE adds a column KEY with this value for the tables after it; a file with '=' in its\n"
               "name is written ./NAME.  Cells that are not computed stay as they are written.\n\n"
               "Expressions are + - * / ^ of columns and numbers, % (of whole numbers), abs ln log10 exp, comparisons\n"
               "(= != < <= > >=), not, and, or, if ... then ... else.\n"
               "A word that is no column is a text: method=taught.  What is no word is quoted: \"task = 'a b'\"; `p1/acc` is a\n"
               "column.  a-b is a difference if a is a column.  A column that is not there is an error.\n\n"
               "  grok-log --final run.h5 | grok-rows --where 'test_acc >= 0.99' --sort -step --select seed,step,test_acc -\n"
               "  grok-rows part=a a.tsv part=b b.tsv --join seeds.tsv --key seed -o all.tsv\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .min_arguments = 1, .max_arguments = INT32_MAX
};

static gk_arena arena;

/* --- reading ------------------------------------------------------------------------------------------------------- */

typedef struct tag { const char *name, *text; } tag;

/* KEY=VALUE, in place of an earlier one with the same key. */
static void set_tag(tag *tags, int *n, const char *operand, size_t n_key)
{
    tag new_tag = { gk_arena_printf(&arena, "%.*s", (int)n_key, operand), operand + n_key + 1 };
    int i = 0;
    while (i < *n && strcmp(tags[i].name, new_tag.name) != 0)
        i++;
    tags[i] = new_tag;
    *n += i == *n;
}

static gk_frame *read_tagged(const char *path, const tag *tags, int n_tag)
{
    gk_frame *frame = gk_tsv_read(path);
    if (!frame)
        gk_die();
    for (int i = n_tag - 1; i >= 0; i--)
        if (gk_frame_tag(frame, tags[i].name, tags[i].text) < 0)
            gk_die();
    return frame;
}

/* All operands; their number. */
static int read_operands(const gk_given *given, gk_frame **frame)
{
    int  n = gk_given_n_argument(given), n_tag = 0, n_frame = 0;
    tag *tags = gk_arena_alloc(&arena, (size_t)(n + 1) * sizeof *tags);
    for (int i = 0; i < n; i++) {
        const char *operand = gk_given_argument(given, i);
        size_t n_key = gk_tag_length(operand);
        if (n_key > 0)
            set_tag(tags, &n_tag, operand, n_key);
        else
            frame[n_frame++] = read_tagged(operand, tags, n_tag);
    }
    if (n_frame == 0)
        gk_usage("no table among the operands: '%s' is a tag of the tables after it", gk_given_argument(given, n - 1));
    return n_frame;
}

/* --- columns ------------------------------------------------------------------------------------------------------- */

typedef struct shown { int n; int *column; const char **name; } shown;

static int need(const gk_frame *frame, const char *name)
{
    gk_rows_of_tables table = { .n_table = 1, .table = (gk_frame *const[]){ (gk_frame *)frame } };
    int c = gk_frame_find(frame, name);
    if (c < 0) {
        gk_no_column(&table, name);
        gk_usage("%s", gk_error_message());
    }
    return c;
}

/* --rename; ends the program if a column is not shown. */
static void rename_columns(const gk_frame *frame, shown *s)
{
    char *rest = o.rename ? gk_arena_strdup(&arena, o.rename) : NULL;
    for (char *text; (text = strsep(&rest, ","));) {
        char *name = strsep(&text, "=");
        int   i = 0, column = text ? need(frame, text) : -1;
        while (i < s->n && s->column[i] != column)
            i++;
        if (!text || !*name || i == s->n)
            gk_usage(text && *name ? "column '%s' of '--rename' is not shown" : "'--rename %s': expected NEW=NAME",
                     text && *name ? text : o.rename);
        s->name[i] = name;
    }
}

static shown choose_columns(const gk_frame *frame)
{
    size_t n_most = (size_t)frame->n_column + 1 + (o.select ? strlen(o.select) : 0);
    shown  s = { 0, gk_arena_alloc(&arena, n_most * sizeof *s.column), gk_arena_alloc(&arena, n_most * sizeof *s.name) };
    char  *rest = o.select ? gk_arena_strdup(&arena, o.select) : NULL;
    bool  *is_dropped = gk_arena_alloc(&arena, (size_t)frame->n_column + 1);
    for (char *dropped = o.drop ? gk_arena_strdup(&arena, o.drop) : NULL, *name; (name = strsep(&dropped, ","));)
        is_dropped[need(frame, name)] = true;
    for (char *text; (text = strsep(&rest, ","));) {
        char *name = strsep(&text, "=");
        s.column[s.n] = need(frame, text ? text : name);
        s.name[s.n] = text ? name : frame->column[s.column[s.n]].name;
        s.n++;
    }
    for (int c = 0; !o.select && c < frame->n_column; c++)
        if (!is_dropped[c]) {
            s.column[s.n] = c;
            s.name[s.n++] = frame->column[c].name;
        }
    rename_columns(frame, &s);
    for (int i = 0; i < s.n; i++)
        for (int j = 0; j < i; j++)
            if (strcmp(s.name[i], s.name[j]) == 0)
                gk_usage("two columns would be named '%s'", s.name[i]);
    if (s.n == 0)
        gk_usage("no column would be left");
    return s;
}

/* --- writing ------------------------------------------------------------------------------------------------------- */

static void put_cell(gk_table *table, const gk_frame_column *column, int64_t row)
{
    if (column->text)
        gk_table_text(table, column->text[row]);
    else if (column->cell && !*column->cell[row])
        gk_table_empty(table);
    else if (column->cell && !o.json)
        gk_table_text(table, column->cell[row]);
    else if (isnan(column->value[row]) && !column->cell)
        gk_table_empty(table);    /* computed of what is missing */
    else
        gk_put_exact(table, column->value[row]);
}

static void write_rows(const gk_given *given, int n_read, gk_frame *const *read, const gk_frame *frame, const gk_selection *rows,
                       const shown *s)
{
    gk_table *table = gk_table_open(o.output, o.json);
    if (!table)
        gk_die();
    gk_table_provenance(table, "%s", gk_given_command_line(given));
    gk_origin_pass_on(table, n_read, read);
    for (int i = 0; i < s->n; i++) {
        const char *unit = frame->column[s->column[i]].unit;
        if (*unit)
            gk_unit_column(table, s->name[i], unit, o.json);
        else
            gk_table_column(table, s->name[i]);
    }
    for (int64_t r = 0; r < rows->n; r++) {
        for (int i = 0; i < s->n; i++)
            put_cell(table, &frame->column[s->column[i]], rows->row[r]);
        gk_table_end_row(table);
    }
    if (gk_table_close(table) < 0)
        gk_die();
}

/* With what --join names, which is also the next of the tables that were read. */
static gk_frame *joined(gk_frame *frame, gk_frame **read, int *n_read)
{
    if (!o.join)
        return frame;
    gk_frame *right = gk_tsv_read(o.join), *both = right ? gk_frame_join(frame, right, o.key, o.outer) : NULL;
    if (!both)
        gk_die();
    read[(*n_read)++] = right;
    return both;    /* texts of frame and right are needed as long as it is */
}

int main(int argc, char **argv)
{
    gk_program(argv[0]);
    gk_given    *given = gk_options_parse(&cli, argc, argv);
    gk_frame   **read = gk_arena_alloc(&arena, ((size_t)gk_given_n_argument(given) + 1) * sizeof(gk_frame *));
    const char  *unmet;
    gk_selection rows;
    if (!o.join != !o.key)
        gk_usage("--join and --key belong together");
    if (o.select && o.drop)
        gk_usage("--select and --drop cannot be given together");
    int       n = read_operands(given, read);
    gk_frame *frame = gk_frame_append(n, read);
    if (!frame)
        gk_die();
    frame = joined(frame, read, &n);
    if (gk_define_and_select(&frame, o.define, o.where, &arena, &rows, &unmet) < 0 ||
        (o.unique && gk_rows_unique(frame, o.unique, &arena, &rows) < 0) ||
        (o.sort && gk_rows_sort(frame, o.sort, &arena, &rows) < 0))
        gk_usage("%s", gk_error_message());
    if (unmet)
        gk_warn("%s", unmet);
    shown s = choose_columns(frame);
    write_rows(given, n, read, frame, &rows, &s);
    return GK_EXIT_OK;
}
