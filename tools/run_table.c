/* run_table.c -- see run_table.h. */
#include "run_table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/die.h"
#include "table/combine.h"
#include "table/origin.h"

static int tag_number(gk_operands *operands, const char *operand, size_t n_key)
{
    for (int i = 0; i < operands->n_tag; i++)
        if (strlen(operands->tag[i]) == n_key && strncmp(operands->tag[i], operand, n_key) == 0)
            return i;
    operands->tag[operands->n_tag] = gk_arena_printf(&operands->arena, "%.*s", (int)n_key, operand);
    return operands->n_tag++;
}

static void read_file(gk_operands *operands, const char *path, unsigned parts, const char *const *now, int n_most)
{
    gk_checkpoint *file = gk_checkpoint_read(path, parts);
    if (!file)
        gk_die();
    memcpy(operands->value + operands->n_file * n_most, now, (size_t)n_most * sizeof *now);
    operands->file[operands->n_file++] = file;
}

void gk_operands_read(gk_operands *operands, const gk_given *given, unsigned parts)
{
    int n = gk_given_n_argument(given);
    size_t n_most = (size_t)n + 1;
    *operands = (gk_operands){ .n_file = 0 };
    operands->file = gk_arena_alloc(&operands->arena, n_most * sizeof(gk_checkpoint *));
    operands->tag = gk_arena_alloc(&operands->arena, n_most * sizeof *operands->tag);
    operands->value = gk_arena_alloc(&operands->arena, n_most * n_most * sizeof *operands->value);
    const char **now = gk_arena_alloc(&operands->arena, n_most * sizeof *now);
    for (size_t i = 0; i < n_most; i++)
        now[i] = "";
    for (int i = 0; i < n; i++) {
        const char *operand = gk_given_argument(given, i);
        size_t n_key = gk_tag_length(operand);
        if (n_key > 0)
            now[tag_number(operands, operand, n_key)] = operand + n_key + 1;
        else
            read_file(operands, operand, parts, now, (int)n_most);
    }
    if (operands->n_file == 0)
        gk_usage("no checkpoint among the operands: '%s' is a tag of the files after it",
                 n > 0 ? gk_given_argument(given, n - 1) : "");
    for (int file = 0; file < operands->n_file; file++)    /* rows of n_most to rows of n_tag */
        memmove(operands->value + file * operands->n_tag, operands->value + file * (int)n_most,
                (size_t)operands->n_tag * sizeof *operands->value);
}

void gk_operands_release(gk_operands *operands)
{
    for (int i = 0; i < operands->n_file; i++)
        gk_checkpoint_free(operands->file[i]);
    gk_arena_release(&operands->arena);
}

void gk_run_comments(gk_table *table, const gk_given *given, const gk_operands *operands)
{
    gk_table_provenance(table, "%s", gk_given_command_line(given));
    for (int i = 0; i < operands->n_file; i++)
        gk_origin_write(table, operands->file[i]);
}

void gk_file_columns(gk_table *table, const gk_operands *operands)
{
    for (int i = 0; i < operands->n_tag; i++)
        gk_table_column(table, operands->tag[i]);
    if (operands->n_file > 1)
        gk_table_column(table, "file");
}

void gk_put_file(gk_table *table, const gk_operands *operands, int file)
{
    for (int i = 0; i < operands->n_tag; i++)
        gk_table_text(table, operands->value[file * operands->n_tag + i]);
    if (operands->n_file > 1)
        gk_table_text(table, operands->file[file]->path);
}

void gk_run_table_open(gk_run_table *out, const gk_given *given, gk_runs *runs, const char *output, bool json)
{
    out->runs = runs;
    out->table = runs ? gk_table_open(output, json) : NULL;
    if (!out->table)
        gk_die();
    gk_run_comments(out->table, given, &out->operands);
}

void gk_run_table_close(gk_run_table *out)
{
    if (gk_table_close(out->table) < 0)
        gk_die();
    gk_runs_free(out->runs);
    gk_operands_release(&out->operands);
}

void gk_run_columns(const gk_run_table *out)
{
    gk_file_columns(out->table, &out->operands);
    for (int c = 0; c < out->runs->n_column; c++)
        gk_table_column(out->table, out->runs->column[c]);
}

void gk_check_tags(const gk_table *table, const gk_operands *operands)
{
    for (int i = 0; i < operands->n_tag; i++)
        if (gk_table_count_named(table, operands->tag[i]) > 1)
            gk_usage("tag '%s' is a column of the table, too: choose another name", operands->tag[i]);
    for (int f = 0; f < operands->n_file; f++)
        for (int g = 0; g < operands->file[f]->n_group; g++)
            for (int c = 0; c < operands->file[f]->group[g].n_run_column; c++) {
                const char *name = operands->file[f]->group[g].run_column[c].name;
                if (gk_table_count_named(table, name) > 1)
                    gk_usage("the runs of '%s' have a column '%s' (--tag), and so has the table: it cannot show both",
                             operands->file[f]->path, name);
            }
}

void gk_put_run(const gk_run_table *out, const gk_run *run)
{
    gk_put_file(out->table, &out->operands, run->file);
    for (int c = 0; c < out->runs->n_column; c++) {
        gk_cell cell = gk_runs_cell(out->runs, run, c);
        switch (cell.type) {
        case GK_CELL_INT:   gk_table_int(out->table, cell.integer); break;
        case GK_CELL_REAL:  gk_put_exact(out->table, cell.real); break;
        case GK_CELL_TEXT:  gk_table_text(out->table, cell.text); break;
        case GK_CELL_EMPTY: gk_table_empty(out->table); break;
        }
    }
}

void gk_unit_column(gk_table *table, const char *name, const char *unit, bool json)
{
    char title[256];

    snprintf(title, sizeof title, "%s%s%s", name, json ? "" : ":", json ? "" : unit);
    gk_table_column(table, title);
}

void gk_put_exact(gk_table *table, double value)
{
    int digits = 1;

    for (char text[64]; digits < 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (strtod(text, NULL) == value || !isfinite(value))
            break;
    }
    gk_table_real(table, value, digits);
}
