/* expression_check.c -- what is wrong with terms: numbers, texts and conditions where another of them is expected, and names that
 * nothing has. */
#include <math.h>
#include <string.h>
#include "base/names.h"
#include "table/expression_private.h"

gk_term *gk_failed(gk_reader *r)
{
    r->failed = true;
    r->at += strlen(r->at);
    return NULL;
}

gk_term *gk_fail_at(gk_reader *r, const char *at, const char *what)
{
    if (!r->failed)
        gk_error("%s at '%.30s'", what, at);
    return gk_failed(r);
}

gk_term *gk_wrong_kind(gk_reader *r, const gk_term *term, const char *expected)
{
    if (term->type == GK_TERM_TEXT && term->is_word && !r->failed) {
        gk_no_column(r->tables, term->text);
        return gk_failed(r);
    }
    const char *found = term->kinds & GK_KIND_TRUTH ? "a condition" : term->kinds & GK_KIND_NUMBER ? "a number" : "a text";
    return gk_fail_at(r, term->begin, term->type == GK_TERM_COLUMN
        ? gk_arena_printf(r->arena, "column '%s' holds %ss, expected %s", term->text, found + 2, expected)
        : gk_arena_printf(r->arena, "%s, expected %s", found, expected));
}

gk_term *gk_need(gk_reader *r, gk_term *term, unsigned kind)
{
    if (r->failed || !term || term->kinds & kind)
        return term;
    return gk_wrong_kind(r, term, kind == GK_KIND_TRUTH ? "a condition" : "a number");
}

/* Is there a row, or does somebody say, that this column may hold the text? */
static bool is_known_text(const gk_rows_of_tables *tables, const char *column, const char *text)
{
    for (; tables; tables = tables->origin) {
        for (int t = 0; t < tables->n_table; t++) {
            int c = gk_frame_find(tables->table[t], column);
            for (int64_t row = 0; c >= 0 && tables->table[t]->column[c].text && row < tables->table[t]->n_row; row++)
                if (strcmp(tables->table[t]->column[c].text[row], text) == 0)
                    return true;
        }
        for (int i = 0; i < tables->n_known; i++)
            if (strcmp(tables->known[i].column, column) == 0 && strcmp(tables->known[i].text, text) == 0)
                return true;
    }
    return false;
}

static void list_texts(const gk_rows_of_tables *tables, const char *column, gk_names *names)
{
    for (; tables; tables = tables->origin) {
        for (int t = 0; t < tables->n_table; t++) {
            int c = gk_frame_find(tables->table[t], column);
            for (int64_t row = 0; c >= 0 && tables->table[t]->column[c].text && row < tables->table[t]->n_row; row++)
                gk_names_add(names, tables->table[t]->column[c].text[row]);
        }
        for (int i = 0; i < tables->n_known; i++)
            if (strcmp(tables->known[i].column, column) == 0)
                gk_names_add(names, tables->known[i].text);
    }
}

/* A text against a column: one that the column never holds is perhaps misspelt. */
static gk_term *check_text(gk_reader *r, const gk_term *text, const gk_term *column, gk_term *comparison)
{
    if (column->type != GK_TERM_COLUMN || text->type != GK_TERM_TEXT || is_known_text(r->tables, column->text, text->text))
        return comparison;
    gk_names names = { 0 };
    list_texts(r->tables, column->text, &names);
    const char *told = gk_arena_printf(r->arena, "no row has %s = '%s'%s", column->text, text->text,
                                       gk_names_suggest(&names, text->text, r->arena));
    gk_names_release(&names);
    if (r->tables->strict)
        return gk_fail_at(r, comparison->begin, told);
    r->unmet = r->unmet ? r->unmet : told;
    return comparison;
}

gk_term *gk_check_comparison(gk_reader *r, gk_term *comparison)
{
    const gk_term *a = comparison->a, *b = comparison->b;
    bool equality = strchr("=!", comparison->text[0]) != NULL;
    for (int side = 0; side < 2; side++) {
        const gk_term *text = side ? b : a, *other = side ? a : b;
        if (text->kinds & GK_KIND_TRUTH)
            return gk_wrong_kind(r, text, "a number");
        if (text->type != GK_TERM_TEXT)
            continue;
        if (text->is_word && (!equality || (other->type == GK_TERM_TEXT && other->is_word) ||
                              (other->type != GK_TERM_COLUMN && !(other->kinds & GK_KIND_TEXT))))
            return gk_wrong_kind(r, text, "a number");
        if (other->type == GK_TERM_COLUMN && !(other->kinds & GK_KIND_TEXT))
            return gk_fail_at(r, comparison->begin, gk_arena_printf(r->arena, "column '%s' holds numbers, and '%s' is none",
                                                                 other->text, text->text));
        if (!check_text(r, text, other, comparison))
            return NULL;
    }
    return comparison;
}

int gk_no_column(const gk_rows_of_tables *tables, const char *column)
{
    gk_arena arena = { 0 };
    gk_names names = { 0 };
    for (int t = 0; t < tables->n_table; t++)
        for (int c = 0; c < tables->table[t]->n_column; c++)
            gk_names_add(&names, tables->table[t]->column[c].name);
    gk_error("%s '%s'%s", tables->no_column ? tables->no_column : "no table has a column", column,
             gk_names_suggest(&names, column, &arena));
    gk_names_release(&names);
    gk_arena_release(&arena);
    return -1;
}
