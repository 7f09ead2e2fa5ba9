/* grok-claims.c -- do the claims of a paper hold in what was measured? */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/classes.h"
#include "base/die.h"
#include "base/names.h"
#include "base/options.h"
#include "base/table.h"
#include "base/text.h"
#include "claims_explain.h"
#include "claims_rows.h"
#include "table/censor.h"
#include "table/claims.h"
#include "table/tsv.h"

enum { MAX_PARAMETER = 64, PAPER_SEEDS = 5 };

static struct {
    const char *claims, *scale, *setting, *figure, *explain, *set, *output;
    bool        json, markdown, stand_in;
} o = { .scale = "quick", .setting = "", .output = "-" };

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_TEXT_OPTION("claims", claims, .arg = "FILE",
                   .help = "the claims; without: TABLE are tables of verdicts, to be shown as one"),
    GK_TEXT_OPTION("scale", scale, .arg = "NAME", .help = "judge the claims of this scale"),
    GK_TEXT_OPTION("setting", setting, .arg = "TEXT",
                   .help = "told beside the scale: what the runs have other than its defaults"),
    GK_TEXT_OPTION("figure", figure, .arg = "ID", .help = "only claims whose id begins with 'ID.'"),
    GK_TEXT_OPTION("explain", explain, .arg = "ID",
                   .help = "for people: one claim, the rows that it looks at, what is computed, the verdict"),
    GK_TEXT_OPTION("set", set, .flags = GK_MANY, .arg = "NAME=VALUE", .help = "value of $NAME; may be given several times"),
    GK_SWITCH_OPTION("stand-in", stand_in, .help = "the data stand in for the paper's: verdicts say so, as 'stand-in PASS'"),
    GK_SWITCH_OPTION("markdown", markdown, .help = "a table for people to read"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .help = "write here; - is standard output"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-claims", .summary = "judge the claims of a paper by tables of measures", .arguments = "TABLE...",
    .details = "Claims stand in a text file, blocks of 'key: value' between empty lines; '#' begins a comment:\n\n"
               "  id: kd-fig4b.c1\n"
               "  scales: quick paper\n"
               "  says: with a teacher, students reach 95 % of the test set below the critical size\n"
               "  where: method=taught and optimizer=adamw and fraction=$below\n"
               "  by: task\n"
               "  predicate: most(test_acc_end >= 0.95)\n\n"
               "A predicate is about the rows that 'where' selects, and must hold for every value of the columns of 'by'.\n"
               "Aggregates: most all none share n median min max mean spearman rises dcrit threshold argmin argmax slope\n"
               "scale (rises(x, y): how often the median of y is larger at the next x);\n"
               "'f(x | filter)' looks at some of the rows only.  'per' and 'let' first make one row of every group of rows\n"
               "(without 'per': of all), with the columns of 'per' and those that 'let' names; predicate and 'by' are then\n"
               "about these rows; one without a value leaves a number of several without one, unless a filter passes over\n"
               "it:\n\n"
               "  per: seed\n"
               "  let: least = min(test_loss); right = median(test_loss | alpha > 9)\n"
               "  predicate: most(right >= 10 * least)\n\n"
               "In 'let', $NAME is what was named before.  most is 1 of 1, 2 of 2, 2 of 3, else 80 %.  spearman is of the\n"
               "medians at each x; where the seeds' own orders may be chance (their mean's 95 % interval has 0), it decides\n"
               "nothing.  dcrit beyond the values that were run is inf or -inf.  Two numbers of several rows are compared by\n"
               "seeds: what is said must hold in all of the 95 % interval of the difference of what each seed says by itself\n"
               "(paired, if both have the same seeds), too; that too few seeds have none, for that or for a spearman, dcrit,\n"
               "threshold or slope, is said in 'missing'.  A claim asks for 1 seed, at scale paper for 5, or for what 'seeds:\n"
               "N' says (rows without a seed are one); and for values of columns among its rows by 'needs: COLUMN = VALUE\n"
               "VALUE ...' or 'needs: COLUMN = N values', of each of which '... with COLUMN = ...' asks for more: of a grid\n"
               "without holes.  What it lacks of these stands in 'missing'.  A line of its own 'every: COLUMN = TEXT TEXT ...'\n"
               "is for all claims by this column.  A column that no table has is an error; so is a text that is in no table,\n"
               "unless a line 'values: COLUMN = TEXT TEXT ...' says that it may be missing.\n"
               "A time step_* that is inf, where there is a column step_end, is later than that, and not known better.\n"
               "Verdicts: PASS, FAIL, INCONCLUSIVE (seeds, values or rows are missing; training ended before it was decided;\n"
               "'missing' says what), SKIP (no data).\n\n"
               "'made' is what the runs were made with, 'seed_set' their seeds ('seeds': how many; '-' where rows are places\n"
               "of a map, or steps of a path), 'command' what trained them, if their table says so; 'tuned' how much was tuned\n"
               "of each of the methods that a claim compares ('tuned: TEXT' of the claim, or a line of its own, 'compares:\n"
               "COLUMN = TEXT'; 'not said' where it compares by method, optimizer, model, net or teachers and nothing says\n"
               "it).  All but 'tuned' is of the rows that the claim's aggregates read, as is 'operators', what their columns\n"
               "task and operator hold.  'grid' says how much there is of each of 'needs' that lacks some, '23 of 28'.  In a\n"
               "table of tables 'sensitivity' has the verdicts of the claim at other settings.\n\n"
               "  grok-detect task=add method=alone fraction=0.2 a.h5 |\n"
               "      grok-claims --claims pipelines/kd.claims --figure kd-fig4a --set below=0.2 --set tasks=add -\n"
               "  grok-claims --claims pipelines/kd.claims --explain kd-fig4a.c1 --set below=0.2 --set tasks=add runs.tsv\n"
               "  grok-claims --markdown build/kd/*/*.claims.tsv > claims.md\n\n"
               "Exit status: 0 done, whatever the verdicts; 1 failed; 2 usage.",
    .groups = groups, .min_arguments = 1, .max_arguments = INT32_MAX
};

static const char *const verdict_names[] = { [GK_FALSE] = "FAIL", [GK_TRUE] = "PASS", [GK_UNDECIDED] = "INCONCLUSIVE",
                                             [GK_NO_DATA] = "SKIP" };
static gk_arena arena;

static int read_parameters(gk_parameter *parameter)
{
    int   n = 0;
    char *rest = o.set ? gk_arena_strdup(&arena, o.set) : NULL;
    for (char *text; (text = strsep(&rest, ","));) {
        char *name = strsep(&text, "=");
        if (!text || !*name)
            gk_usage("invalid value '%s' for '--set': expected NAME=VALUE", name);
        if (n == MAX_PARAMETER)
            gk_usage("more than %d parameters", MAX_PARAMETER);
        parameter[n++] = (gk_parameter){ name, text, NULL };
    }
    return n;
}

/* --- tables ------------------------------------------------------------------------------------------------------------ */

static const char *const columns[] = { "id", "scale", "setting", "says", "predicate", "measured", "seeds", "verdict", "note",
                                       "missing", "made", "seed_set", "command", "tuned", "operators", "grid",
                                       "sensitivity" };
enum { N_COLUMN = sizeof columns / sizeof *columns };

static bool is_of_figure(const gk_claim *c)
{
    size_t n = o.figure ? strlen(o.figure) : 0;
    return n == 0 || (strncmp(c->id, o.figure, n) == 0 && c->id[n] == '.');
}

static bool is_of_scale(const gk_claim *c)
{
    char *rest = c->scales ? gk_arena_strdup(&arena, c->scales) : NULL;
    bool  found = !rest;
    for (char *name; (name = strsep(&rest, " "));)
        found |= strcmp(name, o.scale) == 0;
    return found;
}

static void put_row(gk_table *table, const char *const *cell)
{
    for (int i = 0; i < N_COLUMN; i++)
        gk_table_text(table, cell[i]);
    gk_table_end_row(table);
}

/* What was not about the paper's data is no evidence for or against it. */
static const char *verdict_of(gk_truth truth)
{
    const char *name = verdict_names[truth];
    return o.stand_in && truth != GK_NO_DATA ? gk_arena_printf(&arena, "stand-in %s", name) : name;
}

static gk_judgement judge(const gk_claim *claim, const gk_rows_of_tables *tables)
{
    gk_selection all;
    gk_judgement found;
    gk_select_all(tables, &arena, &all);
    if (gk_claim_judge(claim, tables, &all, strcmp(o.scale, "paper") == 0 ? PAPER_SEEDS : 1, &arena, &found) < 0)
        gk_die();
    return found;
}

static void explain(const gk_claims *claims, const gk_rows_of_tables *tables)
{
    gk_names names = { 0 };
    for (int i = 0; i < claims->n; i++) {
        const gk_claim *c = &claims->claim[i];
        gk_names_add(&names, c->id);
        if (strcmp(c->id, o.explain) != 0)
            continue;
        gk_judgement found = judge(c, tables);
        if (gk_claim_explain(c, tables, &found, verdict_of(found.truth), &arena) < 0 || gk_print_end() < 0)
            gk_die();
        gk_names_release(&names);
        return;
    }
    gk_usage("no claim '%s' in '%s'%s", o.explain, o.claims, gk_names_suggest(&names, o.explain, &arena));
}

static void judge_all(gk_table *table, const gk_claims *claims, const gk_rows_of_tables *tables)
{
    bool any = false;
    for (int i = 0; i < claims->n; i++) {
        const gk_claim *c = &claims->claim[i];
        any |= is_of_figure(c);
        if (!is_of_figure(c) || !is_of_scale(c))
            continue;
        gk_judgement found = judge(c, tables);
        int64_t      n_seed;
        const char  *set = gk_seed_set(tables, &found.read, &arena, &n_seed);
        put_row(table, (const char *[]){ c->id, o.scale, o.setting, c->says, c->predicate, found.measured,
                                         gk_seeds_told(found.n_seed, n_seed, &arena), verdict_of(found.truth),
                                         c->note ? c->note : "", found.missing, gk_made_of(tables, &found, &arena),
                                         set, gk_commands_of(tables, &found, &arena), c->tuned ? c->tuned : "",
                                         gk_operators_of(tables, &found.read, &arena), found.grid, "" });
    }
    if (!any)
        gk_warn("no claim of '%s' is of figure '%s'", o.claims, o.figure ? o.figure : "");
}

static const char *cell_of(const gk_frame *frame, int64_t row, const char *name)
{
    int c = gk_frame_find(frame, name);
    if (c < 0)
        return "";
    if (frame->column[c].text)
        return frame->column[c].text[row];
    return isnan(frame->column[c].value[row]) ? "" : gk_arena_printf(&arena, "%.15g", frame->column[c].value[row]);
}

static bool is_same_cell(const gk_frame *a, int64_t row_a, const gk_frame *b, int64_t row_b, const char *name)
{
    return strcmp(cell_of(a, row_a, name), cell_of(b, row_b, name)) == 0;
}

/* "fp64: PASS; t4-a0.9: FAIL": the verdicts of the same claim and scale at other settings. */
static const char *other_settings(const gk_rows_of_tables *tables, const gk_frame *frame, int64_t row)
{
    const char *all = "";
    for (int t = 0; t < tables->n_table; t++)
        for (int64_t other = 0; other < tables->table[t]->n_row; other++) {
            const gk_frame *of = tables->table[t];
            if (!is_same_cell(of, other, frame, row, "id") || !is_same_cell(of, other, frame, row, "scale") ||
                is_same_cell(of, other, frame, row, "setting"))
                continue;
            const char *setting = cell_of(of, other, "setting");
            all = gk_arena_printf(&arena, "%s%s%s: %s", all, *all ? "; " : "", *setting ? setting : "scale's own",
                                  cell_of(of, other, "verdict"));
        }
    return all;
}

static void collect(gk_table *table, const gk_rows_of_tables *tables)
{
    for (int t = 0; t < tables->n_table; t++)
        for (int64_t row = 0; row < tables->table[t]->n_row; row++) {
            const char *cell[N_COLUMN];
            for (int i = 0; i < N_COLUMN - 1; i++)
                cell[i] = cell_of(tables->table[t], row, columns[i]);
            cell[N_COLUMN - 1] = other_settings(tables, tables->table[t], row);
            put_row(table, cell);
        }
}

/* What is not printable is shown as '?', and what would end a piece of code as an apostrophe. */
static void print_text(const char *text)
{
    gk_character next;
    for (; (next = gk_text_character(text)).n_byte > 0; text += next.n_byte)
        printf("%.*s", next.is_printable ? next.n_byte : 1, !next.is_printable ? "?" : *text == '`' ? "'" : text);
}

/* '|' would end a cell. */
static void print_cell(const char *text)
{
    gk_character next;

    for (; (next = gk_text_character(text)).n_byte > 0; text += next.n_byte)
        printf("%s%.*s", *text == '|' ? "\\" : "", next.is_printable ? next.n_byte : 1, next.is_printable ? text : "?");
    fputs(" | ", stdout);
}

/* Different texts of rows, numbered from 1 in order of appearance. */
typedef struct numbered { gk_classes classes; int64_t n; const char **text; int64_t *number; } numbered;

static bool same_text(const void *context, int64_t a, int64_t b)
{
    const numbered *of = context;
    return strcmp(of->text[a], of->text[b]) == 0;
}

static const char *list_commands(numbered *list, int64_t row, const char *command)
{
    if (!*command)
        return "";
    list->text[row] = command;
    int64_t first = gk_class_first(&list->classes, row, gk_hash_bytes(GK_HASH, command, strlen(command)));
    if (first == row)
        list->number[row] = ++list->n;
    return gk_arena_printf(&arena, "[%lld](#commands)", (long long)list->number[first]);
}

static void print_commands(const numbered *list, int64_t n_row)
{
    puts("\n## Commands\n");
    for (int64_t row = 0; row < n_row; row++)
        if (list->number[row] > 0) {
            printf("%lld. `", (long long)list->number[row]);
            print_text(list->text[row]);
            puts("`");
        }
}

/* "task: no subtract; grid: 1 of 2; of add" */
static const char *missing_of(const gk_frame *frame, int64_t row)
{
    static const struct { const char *column, *before; } part[] = {
        { "missing", "" }, { "grid", "grid: " }, { "operators", "of " },
    };
    const char *all = "";
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        const char *text = cell_of(frame, row, part[i].column);
        if (*text)
            all = gk_arena_printf(&arena, "%s%s%s%s", all, *all ? "; " : "", part[i].before, text);
    }
    return all;
}

static void print_markdown(const gk_rows_of_tables *tables)
{
    static const char *const shown[] = { "id", "scale", "setting", "says", "measured", "seeds", "seed_set", "verdict", "",
                                         "tuned", "sensitivity", "made" };    /* "": what is missing */
    int64_t n_row = 0, at = 0;
    for (int t = 0; t < tables->n_table; t++)
        n_row += tables->table[t]->n_row;
    numbered list = { .text = gk_arena_alloc(&arena, ((size_t)n_row + 1) * sizeof *list.text),
                      .number = gk_arena_alloc(&arena, ((size_t)n_row + 1) * sizeof *list.number) };
    list.classes = gk_classes_new(same_text, &list);
    puts("| claim | scale | setting | says | measured (per run) | seeds | which | verdict | missing; of | tuned | other settings "
         "| made on | commands |\n|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (int t = 0; t < tables->n_table; t++)
        for (int64_t row = 0; row < tables->table[t]->n_row; row++, at++) {
            fputs("| ", stdout);
            for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
                print_cell(*shown[i] ? cell_of(tables->table[t], row, shown[i]) : missing_of(tables->table[t], row));
            printf("%s |\n", list_commands(&list, at, cell_of(tables->table[t], row, "command")));
        }
    if (list.n > 0)
        print_commands(&list, n_row);
    gk_classes_release(&list.classes);
}

int main(int argc, char **argv)
{
    gk_parameter parameter[MAX_PARAMETER];
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    int n = gk_given_n_argument(given);
    if (o.explain && (!o.claims || o.figure || o.markdown || o.json || strcmp(o.output, "-") != 0))
        gk_usage("--explain shows one of the --claims on standard output: without --figure, --markdown, --json and -o");
    if (o.markdown && (o.claims || o.json || strcmp(o.output, "-") != 0))
        gk_usage("--markdown shows tables of verdicts on standard output: without --claims, --json and -o");
    gk_frame **frame = gk_arena_alloc(&arena, (size_t)n * sizeof(gk_frame *));
    for (int i = 0; i < n; i++)
        if ((frame[i] = gk_tsv_read(gk_given_argument(given, i))))
            gk_frame_censor(frame[i]);
        else
            gk_die();
    gk_rows_of_tables tables = { .n_table = n, .table = frame, .n_parameter = read_parameters(parameter),
                                 .parameter = parameter };
    gk_claims claims;    /* read first: what is read is not written over */
    if (o.claims && gk_claims_read(o.claims, &arena, &claims) < 0)
        gk_die();
    if (o.claims) {
        tables.strict = true;
        tables.known = claims.known;
        tables.n_known = claims.n_known;
    }
    if (o.markdown) {
        print_markdown(&tables);
        if (gk_print_end() < 0)
            gk_die();
    } else if (o.explain) {
        explain(&claims, &tables);
    } else {
        gk_table *table = gk_table_open(o.output, o.json);
        if (!table)
            gk_die();
        gk_table_provenance(table, "%s", gk_given_command_line(given));
        for (int i = 0; i < N_COLUMN; i++)
            gk_table_column(table, columns[i]);
        if (o.claims)
            judge_all(table, &claims, &tables);
        else
            collect(table, &tables);
        if (gk_table_close(table) < 0)
            gk_die();
    }
    for (int i = 0; i < n; i++)
        gk_frame_free(frame[i]);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
