/* origin.c -- see origin.h. */
#include "table/origin.h"

#include <string.h>
#include "base/classes.h"
#include "base/die.h"
#include "base/options.h"

static const char SUM[] = " sha256 ", DATA[] = "data ", MADE[] = ", made by: ", NOTE[] = "note of ";
enum { SHOWN = 12 };    /* letters of a checksum: told apart, and short */

static const char *or_unknown(const char *text)
{
    return text && *text ? text : "unknown";
}

void gk_origin_write(gk_table *table, const gk_checkpoint *file)
{
    gk_table_provenance(table, "%s%s%s, %s %s, %s, %s, %s%s%s%s", file->path, SUM, file->sha256, or_unknown(file->tool),
                        or_unknown(file->tool_version), or_unknown(file->device), or_unknown(file->precision), DATA,
                        or_unknown(file->n_group > 0 ? file->group[0].data_sha256 : NULL), MADE, or_unknown(file->command_line));
    const gk_config_entry *note = gk_checkpoint_config(file, "note");
    if (note && note->text)
        gk_table_provenance(table, "%s%s: %s", NOTE, file->path, note->text);
}

void gk_origin_write_made(gk_table *table, const char *what, const char *command)
{
    gk_table_provenance(table, "%s, %s %s%s%s", what, gk_program_name(), gk_version(), MADE, command);
}

/* What a line says, in short; NULL: it is no line of origin, or an older one.  n_path: of the file's name. */
static const char *read_line(const char *line, size_t *n_path, gk_arena *arena)
{
    const char *made = strstr(line, MADE), *sum = strstr(line, SUM), *what = strstr(line, ", ");
    *n_path = 0;
    if (made && what && what < made && (!sum || sum > made))
        return gk_arena_printf(arena, "%.*s", (int)(made - what) - 2, what + 2);
    char *rest = made && sum && sum < made ? gk_arena_printf(arena, "%.*s", (int)(made - sum), sum) : NULL, *part[5];
    int   n = 0;
    for (char *text; n < 5 && (text = strsep(&rest, ","));)
        part[n++] = text + strspn(text, " ");
    if (n < 5 || strncmp(part[4], DATA, sizeof DATA - 1) != 0)
        return NULL;
    *n_path = (size_t)(sum - line);
    return gk_arena_printf(arena, "%s, %s, %s, %s%.*s", part[2], part[3], part[1], DATA, SHOWN, part[4] + sizeof DATA - 1);
}

/* Is any of the rows of table t of this file?  Any row is of what has no name. */
static bool is_used(const gk_rows_of_tables *tables, const gk_selection *rows, int t, const char *path, size_t n_path)
{
    int c = gk_frame_find(tables->table[t], "file");
    for (int64_t i = 0; i < rows->n; i++) {
        const char *file = c >= 0 && tables->table[t]->column[c].text ? tables->table[t]->column[c].text[rows->row[i]] : NULL;
        if (rows->table[i] == t && (!file || n_path == 0 || (strlen(file) == n_path && strncmp(file, path, n_path) == 0)))
            return true;
    }
    return false;
}

/* Is it one of those in "A; B; C"? */
static bool is_listed(const char *list, const char *text)
{
    size_t n = strlen(text);
    for (const char *at = list; (at = strstr(at, text)); at++)
        if ((at == list || at[-1] == ' ') && (at[n] == '\0' || at[n] == ';'))
            return true;
    return false;
}

const char *gk_origin_command(const char *line)
{
    const char *made = strstr(line, MADE);
    return made ? made + sizeof MADE - 1 : NULL;
}

static const char *read_command(const char *line, size_t *n_path, gk_arena *arena)
{
    (void)arena;
    const char *command = gk_origin_command(line), *sum = strstr(line, SUM);
    *n_path = command && sum && sum < command ? (size_t)(sum - line) : 0;
    return command;
}

typedef const char *line_reader(const char *line, size_t *n_path, gk_arena *arena);

/* What the lines about the files of these rows say, each different text once. */
static const char *unite_lines(const gk_rows_of_tables *tables, const gk_selection *rows, line_reader *read, gk_arena *arena)
{
    const char *all = "";
    for (int t = 0; t < tables->n_table; t++)
        for (int i = 0; i < tables->table[t]->n_note; i++) {
            const char *line = tables->table[t]->note[i], *found;
            size_t      n_path;
            if ((found = read(line, &n_path, arena)) && !is_listed(all, found) && is_used(tables, rows, t, line, n_path))
                all = gk_arena_printf(arena, "%s%s%s", all, *all ? "; " : "", found);
        }
    return all;
}

const char *gk_origin_of(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena)
{
    return unite_lines(tables, rows, read_line, arena);
}

const char *gk_origin_commands(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena)
{
    return unite_lines(tables, rows, read_command, arena);
}

static bool same_line(const void *context, int64_t a, int64_t b)
{
    const char *const *line = context;
    return strcmp(line[a], line[b]) == 0;
}

void gk_origin_pass_on(gk_table *table, int n_table, gk_frame *const *from)
{
    gk_arena arena = { 0 };
    int64_t  n_most = 1, n = 0;
    for (int t = 0; t < n_table; t++)
        n_most += from[t]->n_note;
    const char **line = gk_arena_alloc(&arena, (size_t)n_most * sizeof *line);
    gk_classes   classes = gk_classes_new(same_line, line);
    for (int t = 0; t < n_table; t++)
        for (int i = 0; i < from[t]->n_note; i++) {
            line[n] = from[t]->note[i];
            bool is_origin = strncmp(line[n], NOTE, sizeof NOTE - 1) == 0 || gk_origin_command(line[n]);
            if (is_origin && gk_class_first(&classes, n, gk_hash_bytes(GK_HASH, line[n], strlen(line[n]))) == n)
                gk_table_provenance(table, "%s", line[n++]);
        }
    gk_classes_release(&classes);
    gk_arena_release(&arena);
}
