/* grok-claims.c -- do the claims of a paper hold in what was measured? */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "base/options.h"
#include "base/table.h"
#include "table/derive.h"
#include "table/expression.h"
#include "table/level.h"
#include "table/tsv.h"

enum { MAX_LINE = 4096, MAX_PARAMETER = 64, PAPER_SEEDS = 2, MAX_TOLD = 5 };

static struct {
    const char *claims, *scale, *setting, *figure, *set, *output;
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
               "Aggregates: most all none share n median min max mean spearman dcrit argmin argmax slope scale; 'f(x | filter)'\n"
               "looks at some of the rows only.  'per' and 'let' first make one row of every group of rows (without 'per': of\n"
               "all), with the columns of 'per' and those that 'let' names; predicate and 'by' are then about these rows:\n\n"
               "  per: seed\n"
               "  let: least = min(test_loss); right = median(test_loss | alpha > 9)\n"
               "  predicate: most(right >= 10 * least)\n\n"
               "In 'let', $NAME is what was named before.  most is 1 of 1, 2 of 2, 2 of 3, else 80 %.  'seeds: N' asks for\n"
               "more seeds than 1 (paper: 2).\n"
               "Verdicts: PASS, FAIL, INCONCLUSIVE (too few seeds; decided by what never happened), SKIP (no data).\n\n"
               "  grok-detect method=taught s.h5 | grok-claims --claims pipelines/kd.claims --set below=0.2 -\n"
               "  grok-claims --markdown build/kd/*/*.claims.tsv > claims.md\n\n"
               "Exit status: 0 done, whatever the verdicts; 1 failed; 2 usage.",
    .groups = groups, .min_arguments = 1, .max_arguments = INT32_MAX
};

static const char *const verdict_names[] = { [GK_FALSE] = "FAIL", [GK_TRUE] = "PASS", [GK_UNDECIDED] = "INCONCLUSIVE",
                                             [GK_NO_DATA] = "SKIP" };
static gk_arena arena;

/* --- the file of claims ------------------------------------------------------------------------------------------------ */

typedef struct claim { const char *id, *scales, *says, *where, *per, *let, *by, *predicate, *seeds, *note; int line; } claim;
typedef struct claim_list { int n, capacity; claim *claim; } claim_list;

static const char **field_of(claim *c, const char *key)
{
    const struct { const char *key; const char **field; } fields[] = {
        { "id", &c->id }, { "scales", &c->scales }, { "says", &c->says }, { "where", &c->where }, { "per", &c->per },
        { "let", &c->let }, { "by", &c->by },
        { "predicate", &c->predicate }, { "seeds", &c->seeds }, { "note", &c->note },
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].key, key) == 0)
            return fields[i].field;
    return NULL;
}

static char *trimmed(char *text)
{
    size_t n;
    while (isspace((unsigned char)*text))
        text++;
    for (n = strlen(text); n > 0 && isspace((unsigned char)text[n - 1]); n--)
        text[n - 1] = '\0';
    return text;
}

static void end_claim(claim_list *list, claim *now)
{
    if (now->line == 0)
        return;
    if (!now->id || !now->predicate || !now->says) {
        gk_error("'%s' line %d: a claim needs id, says and predicate", o.claims, now->line);
        gk_die();
    }
    if (now->per && !now->let) {
        gk_error("'%s' line %d: 'per' without 'let'", o.claims, now->line);
        gk_die();
    }
    if (list->n == list->capacity) {
        claim *more = gk_arena_alloc(&arena, (size_t)(2 * list->capacity + 16) * sizeof *more);
        if (list->n > 0)
            memcpy(more, list->claim, (size_t)list->n * sizeof *more);
        list->capacity = 2 * list->capacity + 16;
        list->claim = more;
    }
    list->claim[list->n++] = *now;
    *now = (claim){ .line = 0 };
}

static void read_line(char *line, int number, claim *now, const char ***last)
{
    bool  continues = isspace((unsigned char)line[0]);
    char *text = trimmed(line), *key = text;
    if (continues && *last) {
        **last = gk_arena_printf(&arena, "%s %s", **last, text);
        return;
    }
    strsep(&text, ":");
    *last = text ? field_of(now, key) : NULL;
    if (!*last) {
        gk_error("'%s' line %d: expected 'key: value' with key id, scales, says, where, per, let, by, predicate, seeds or "
                 "note", o.claims, number);
        gk_die();
    }
    now->line = now->line ? now->line : number;
    **last = gk_arena_strdup(&arena, trimmed(text));
}

static claim_list read_claims(void)
{
    claim_list   list = { 0 };
    claim        now = { .line = 0 };
    const char **last = NULL;
    char         line[MAX_LINE];
    FILE        *file = fopen(o.claims, "r");
    if (!file) {
        gk_error("cannot read '%s'", o.claims);
        gk_die();
    }
    for (int number = 1; fgets(line, sizeof line, file); number++) {
        char *comment = line[0] == '#' ? line : NULL;
        if (comment)
            continue;
        if (strspn(line, " \t\r\n") == strlen(line)) {
            end_claim(&list, &now);
            last = NULL;
        } else {
            read_line(line, number, &now, &last);
        }
    }
    end_claim(&list, &now);
    fclose(file);
    return list;
}

/* --- judging --------------------------------------------------------------------------------------------------------------- */

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
        parameter[n++] = (gk_parameter){ name, text };
    }
    return n;
}

typedef struct judgement { gk_truth truth; const char *measured; int64_t n_seed; } judgement;

/* FAIL before SKIP before INCONCLUSIVE before PASS. */
static gk_truth worse(gk_truth a, gk_truth b)
{
    static const int order[] = { [GK_FALSE] = 0, [GK_NO_DATA] = 1, [GK_UNDECIDED] = 2, [GK_TRUE] = 3 };
    return order[a] < order[b] ? a : b;
}

/* most_seed: rows that stand for groups without seed are of so many seeds; -1: rows are runs. */
static void judge_rows(const gk_expression *predicate, const gk_selection *rows, const claim *c, const char *level,
                       int64_t most_seed, judgement *sum, FILE *told)
{
    gk_truth truth;
    const char *measured;
    int64_t n_seed, enough = c->seeds ? strtoll(c->seeds, NULL, 10) : strcmp(o.scale, "paper") == 0 ? PAPER_SEEDS : 1;
    if (gk_judge(predicate, rows, &arena, &truth, &measured, &n_seed) < 0) {
        gk_error_context("claim '%s'", c->id);
        gk_die();
    }
    if (most_seed >= 0 && n_seed > 0)
        n_seed = most_seed;
    if (n_seed == 0)
        truth = GK_NO_DATA;
    else if (n_seed < enough && truth != GK_NO_DATA)
        truth = GK_UNDECIDED;
    fprintf(told, "%s%s%s%s", sum->n_seed < 0 ? "" : " / ", level, *level ? ": " : "", measured);
    sum->truth = worse(sum->truth, truth);
    sum->n_seed = sum->n_seed < 0 || n_seed < sum->n_seed ? n_seed : sum->n_seed;
}

static judgement judge_levels(const gk_rows_of_tables *tables, const gk_selection *rows, const claim *c, int64_t most_seed)
{
    judgement sum = { GK_TRUE, "", -1 };
    gk_levels level;
    char     *text = NULL;
    size_t    n_bytes = 0;
    const gk_expression *predicate = gk_expression_read(tables, c->predicate, GK_ROWS_CONDITION, &arena);
    if (!predicate || gk_levels_of(tables, rows, c->by ? c->by : "", &arena, &level) < 0) {
        gk_error_context("claim '%s'", c->id);
        gk_die();
    }
    FILE *told = open_memstream(&text, &n_bytes);
    for (int64_t i = 0; told && i < level.n; i++)
        judge_rows(predicate, &level.rows[i], c, level.name[i], most_seed, &sum, told);
    if (!told || ferror(told) || fclose(told) == EOF) {
        gk_error("out of memory for what is measured");
        gk_die();
    }
    sum.measured = gk_arena_strdup(&arena, text);
    free(text);
    return sum;
}

/* " [0: left=0.0162 right=9.61]": the row of seed 0, of what a claim derived. */
static const char *values_of(const gk_rows_of_tables *derived, const gk_selection *rows, const claim *c)
{
    const gk_frame *frame = derived->table[0];
    const char *text = "", *per = c->per ? c->per : "";
    gk_levels level;
    if (frame->n_row > MAX_TOLD)
        return text;
    if (gk_levels_of(derived, rows, per, &arena, &level) < 0)
        gk_die();
    for (int64_t i = 0; i < level.n; i++) {
        text = gk_arena_printf(&arena, "%s [%s:", text, level.name[i]);
        for (int k = 0; k < frame->n_column; k++)
            if (!strstr(per, frame->column[k].name))
                text = gk_arena_printf(&arena, "%s %s=%.4g", text, frame->column[k].name, frame->column[k].value[i]);
        text = gk_arena_printf(&arena, "%s]", text);
    }
    return text;
}

static judgement judge(const gk_rows_of_tables *tables, const gk_selection *all, const claim *c)
{
    gk_selection rows;
    int64_t      n_seed;
    if (gk_select_where(tables, all, c->where ? c->where : "1 = 1", &arena, &rows, NULL) < 0) {
        gk_error_context("claim '%s'", c->id);
        gk_die();
    }
    if (rows.n == 0)
        return (judgement){ GK_NO_DATA, "no such runs", 0 };
    if (!c->let)
        return judge_levels(tables, &rows, c, -1);
    gk_frame *frame = gk_derive(tables, &rows, c->per ? c->per : "", c->let, &arena, &n_seed);
    if (!frame) {
        gk_error_context("claim '%s'", c->id);
        gk_die();
    }
    gk_rows_of_tables derived = *tables;
    derived.n_table = 1;
    derived.table = &frame;
    derived.origin = tables;
    gk_select_all(&derived, &arena, &rows);
    judgement found = judge_levels(&derived, &rows, c, gk_frame_find(frame, "seed") < 0 ? n_seed : -1);
    found.measured = gk_arena_printf(&arena, "%s%s", found.measured, values_of(&derived, &rows, c));
    return found;
}

/* --- tables ------------------------------------------------------------------------------------------------------------ */

static const char *const columns[] = { "id", "scale", "setting", "says", "predicate", "measured", "seeds", "verdict", "note" };
enum { N_COLUMN = sizeof columns / sizeof *columns };

static bool is_wanted(const claim *c)
{
    size_t n = o.figure ? strlen(o.figure) : 0;
    char  *rest = c->scales ? gk_arena_strdup(&arena, c->scales) : NULL;
    bool   scale = !rest;
    for (char *name; (name = strsep(&rest, " "));)
        scale |= strcmp(name, o.scale) == 0;
    return scale && (n == 0 || (strncmp(c->id, o.figure, n) == 0 && c->id[n] == '.'));
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

static void judge_all(gk_table *table, const gk_rows_of_tables *tables)
{
    claim_list list = read_claims();
    gk_selection all;
    gk_select_all(tables, &arena, &all);
    for (int i = 0; i < list.n; i++) {
        const claim *c = &list.claim[i];
        if (!is_wanted(c))
            continue;
        judgement found = judge(tables, &all, c);
        put_row(table, (const char *[]){ c->id, o.scale, o.setting, c->says, c->predicate, found.measured,
                                         gk_arena_printf(&arena, "%lld", (long long)found.n_seed), verdict_of(found.truth),
                                         c->note ? c->note : "" });
    }
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

static void collect(gk_table *table, const gk_rows_of_tables *tables)
{
    for (int t = 0; t < tables->n_table; t++)
        for (int64_t row = 0; row < tables->table[t]->n_row; row++) {
            const char *cell[N_COLUMN];
            for (int i = 0; i < N_COLUMN; i++)
                cell[i] = cell_of(tables->table[t], row, columns[i]);
            put_row(table, cell);
        }
}

/* '|' would end a cell. */
static void print_cell(const char *text)
{
    for (; *text; text++)
        if (*text == '|')
            fputs("\\|", stdout);
        else
            putchar(*text);
    fputs(" | ", stdout);
}

static void print_markdown(const gk_rows_of_tables *tables)
{
    puts("| claim | scale | setting | says | measured (per run) | seeds | verdict |\n|---|---|---|---|---|---|---|");
    for (int t = 0; t < tables->n_table; t++)
        for (int64_t row = 0; row < tables->table[t]->n_row; row++) {
            fputs("| ", stdout);
            for (int i = 0; i < N_COLUMN - 1; i++)
                if (strcmp(columns[i], "predicate") != 0)
                    print_cell(cell_of(tables->table[t], row, columns[i]));
            putchar('\n');
        }
}

int main(int argc, char **argv)
{
    gk_parameter parameter[MAX_PARAMETER];
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    int n = gk_given_n_argument(given);
    if (o.markdown && (o.claims || o.json || strcmp(o.output, "-") != 0))
        gk_usage("--markdown shows tables of verdicts on standard output: without --claims, --json and -o");
    gk_frame **frame = gk_arena_alloc(&arena, (size_t)n * sizeof(gk_frame *));
    for (int i = 0; i < n; i++)
        if (!(frame[i] = gk_tsv_read(gk_given_argument(given, i))))
            gk_die();
    gk_rows_of_tables tables = { .n_table = n, .table = frame, .n_parameter = read_parameters(parameter),
                                 .parameter = parameter };
    if (o.markdown) {
        print_markdown(&tables);
        if (fflush(stdout) == EOF || ferror(stdout)) {
            gk_error("cannot write to standard output");
            gk_die();
        }
    } else {
        gk_table *table = gk_table_open(o.output, o.json);
        if (!table)
            gk_die();
        gk_table_comment(table, "%s", gk_given_command_line(given));
        for (int i = 0; i < N_COLUMN; i++)
            gk_table_column(table, columns[i]);
        if (o.claims)
            judge_all(table, &tables);
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
