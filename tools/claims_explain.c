/* claims_explain.c -- see claims_explain.h. */
#include "claims_explain.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/text.h"
#include "claims_rows.h"
#include "table/derive.h"

/* --- texts --------------------------------------------------------------------------------------------------------------- */

/* What is not printable is shown as '?'. */
static void print_text(const char *text)
{
    gk_character next;
    for (; (next = gk_text_character(text)).n_byte > 0; text += next.n_byte)
        printf("%.*s", next.is_printable ? next.n_byte : 1, next.is_printable ? text : "?");
}

static void print_line(const char *name, const char *text)
{
    if (!text || !*text)
        return;
    printf("%-10s ", name);
    print_text(text);
    putchar('\n');
}

/* Does the word stand in the text, by itself? */
static bool mentions(const char *text, const char *word)
{
    size_t n = strlen(word);
    for (const char *at = text; at && n > 0 && (at = strstr(at, word)); at++) {
        bool begins = at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_' || at[-1] == '$');
        if (begins && !(isalnum((unsigned char)at[n]) || at[n] == '_'))
            return true;
    }
    return false;
}

static bool claim_mentions(const gk_claim *c, const char *word)
{
    const char *const texts[] = { c->where, c->per, c->let, c->by, c->needs, c->every, c->predicate };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (texts[i] && mentions(texts[i], word))
            return true;
    return strcmp(word, "seed") == 0;
}

static void print_claim(const gk_claim *c, const gk_rows_of_tables *tables)
{
    print_line("claim", c->id);
    print_line("says", c->says);
    print_line("where", c->where);
    print_line("per", c->per);
    print_line("let", c->let);
    print_line("by", c->by);
    print_line("needs", c->needs);
    print_line("every", c->every);
    print_line("predicate", c->predicate);
    print_line("note", c->note);
    for (int i = 0; i < tables->n_parameter; i++) {
        printf("%-10s ", "set");
        print_text(tables->parameter[i].name);
        putchar('=');
        print_text(tables->parameter[i].text);
        putchar('\n');
    }
}

/* --- rows ---------------------------------------------------------------------------------------------------------------- */

static void print_number(const gk_frame_column *column, int64_t row)
{
    const gk_range *range = column->range ? &column->range[row] : NULL;
    if (range && !isnan(range->low) && range->high == INFINITY)
        printf("%.6g (from %.6g on)", range->number, range->low);
    else if (range && !isnan(range->low))
        printf("%.6g (%.6g to %.6g)", range->number, range->low, range->high);
    else if (!isnan(column->value[row]))
        printf("%.6g", column->value[row]);
}

static void print_cell(const gk_frame *frame, int64_t row, const char *name)
{
    int c = gk_frame_find(frame, name);
    if (c >= 0 && !frame->column[c].text)
        print_number(&frame->column[c], row);
    if (c < 0 || !frame->column[c].text)
        return;
    print_text(frame->column[c].text[row]);
    const char **or_else = frame->column[c].or_else ? frame->column[c].or_else[row] : NULL;
    for (int i = 0; or_else && or_else[i]; i++)
        printf("%s%s%s", i == 0 ? " (or " : ", ", or_else[i], or_else[i + 1] ? "" : ")");
}

/* Of a table, or of all: the names, in order of first appearance. */
static int column_names(const gk_rows_of_tables *tables, const gk_claim *only_mentioned_by, gk_arena *arena, const char ***out)
{
    int n_most = 1, n = 0;
    for (int t = 0; t < tables->n_table; t++)
        n_most += tables->table[t]->n_column;
    *out = gk_arena_alloc(arena, (size_t)n_most * sizeof **out);
    for (int t = 0; t < tables->n_table; t++)
        for (int c = 0; c < tables->table[t]->n_column; c++) {
            const char *name = tables->table[t]->column[c].name;
            bool        known = only_mentioned_by && !claim_mentions(only_mentioned_by, name);
            for (int i = 0; i < n && !known; i++)
                known = strcmp((*out)[i], name) == 0;
            if (!known)
                (*out)[n++] = name;
        }
    return n;
}

static void print_rows(const gk_rows_of_tables *tables, const gk_selection *rows, int n_column, const char *const *column)
{
    for (int i = 0; i < n_column; i++) {
        fputs(i > 0 ? "\t" : "  ", stdout);
        print_text(column[i]);
    }
    putchar('\n');
    for (int64_t row = 0; row < rows->n; row++) {
        for (int i = 0; i < n_column; i++) {
            fputs(i > 0 ? "\t" : "  ", stdout);
            print_cell(tables->table[rows->table[row]], rows->row[row], column[i]);
        }
        putchar('\n');
    }
}

/* The rows that `let` makes. */
static int print_derived(const gk_claim *c, const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena)
{
    int64_t      n_seed;
    const char **column;
    const gk_selection *behind;
    gk_frame    *frame = gk_derive(tables, rows, c->per ? c->per : "", c->let, arena, &n_seed, &behind);
    if (!frame)
        return -1;
    gk_rows_of_tables derived = { .n_table = 1, .table = &frame };
    gk_selection      all;
    gk_select_all(&derived, arena, &all);
    printf("\nmade of them: %lld\n", (long long)all.n);
    int n_column = column_names(&derived, NULL, arena, &column);
    print_rows(&derived, &all, n_column, column);
    return 0;
}

/* The lines of provenance of the tables of these rows. */
static void print_origins(const gk_rows_of_tables *tables, const gk_selection *rows)
{
    for (int t = 0; t < tables->n_table; t++) {
        bool used = false;
        for (int64_t i = 0; i < rows->n; i++)
            used |= rows->table[i] == t;
        if (!used)
            continue;
        print_line("table", tables->table[t]->path);
        for (int i = 0; i < tables->table[t]->n_note; i++)
            print_line("", tables->table[t]->note[i]);
    }
}

/* "add: median(t) = 5 {4 5 6}; n(t > 4) = 2 {...} / subtract: ...": an aggregate a line. */
static void print_measured(const char *measured, gk_arena *arena)
{
    char *rest = gk_arena_strdup(arena, measured);
    for (char *end; rest; rest = end) {
        char *more = strstr(rest, "}; "), *level = strstr(rest, "} / ");
        end = more && (!level || more < level) ? more + 3 : level ? level + 4 : NULL;
        if (end)
            end[more && end == more + 3 ? -2 : -3] = '\0';
        fputs("  ", stdout);
        print_text(rest);
        putchar('\n');
    }
}

int gk_claim_explain(const gk_claim *claim, const gk_rows_of_tables *tables, const gk_judgement *found, const char *verdict,
                     gk_arena *arena)
{
    const gk_selection *rows = &found->selected;
    gk_selection all;
    const char **column;
    int64_t      n_seed;
    gk_select_all(tables, arena, &all);
    print_claim(claim, tables);
    printf("\nrows: %lld of %lld\n", (long long)rows->n, (long long)all.n);
    int n_column = column_names(tables, claim, arena, &column);
    print_rows(tables, rows, n_column, column);
    if (claim->let && print_derived(claim, tables, rows, arena) < 0)
        return -1;
    puts("\nmeasured");
    print_measured(found->measured, arena);
    putchar('\n');
    gk_seed_set(tables, &found->read, arena, &n_seed);
    const char *told = gk_seeds_told(found->n_seed, n_seed, arena);
    printf("%-10s %s, %s seed%s\n", "verdict", verdict, told, strcmp(told, "1") == 0 ? "" : "s");
    print_line("missing", found->missing);
    print_line("grid", found->grid);
    print_line("made on", gk_made_of(tables, found, arena));
    putchar('\n');
    print_origins(tables, rows);
    return 0;
}
