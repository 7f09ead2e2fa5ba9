/* grid.c -- the product of all lists: which run has which values. */
#include "base/options_private.h"

#include <stdlib.h>
#include <string.h>

int gk_grid_n_varied(const gk_given *given)
{
    int n = 0;
    for (int i = 0; i < given->n_setting; i++)
        n += given->settings[i].n_value > 1;
    return n;
}

const gk_option *gk_grid_varied(const gk_given *given, int index)
{
    for (int i = 0; i < given->n_setting; i++)
        if (given->settings[i].n_value > 1 && index-- == 0)
            return given->settings[i].option;
    gk_bug(__FILE__, __LINE__, "no varied option of this index");
}

int64_t gk_grid_n_run_with(const gk_given *given, const gk_setting *changed, int64_t n_value)
{
    int64_t n_run = 1;
    for (int i = 0; i < given->n_setting && n_run <= GK_GRID_MAX; i++)
        n_run *= &given->settings[i] == changed ? n_value : given->settings[i].n_value;
    return n_run <= GK_GRID_MAX ? n_run : GK_GRID_MAX + 1;
}

int64_t gk_grid_n_run(const gk_given *given)
{
    return gk_grid_n_run_with(given, NULL, 1);
}

/* Where the struct of a setting's group is in one like cli->values. */
static char *group_in(const gk_given *given, const gk_setting *setting, const void *values)
{
    const char *whole = given->cli->values, *group = setting->group->values;
    gk_assert(whole && group >= whole && group < whole + given->cli->n_bytes);
    return (char *)values + (group - whole);    /* const as the caller's struct is */
}

void gk_grid_select(const gk_given *given, int64_t run, void *values)
{
    gk_assert(run >= 0 && run < gk_grid_n_run(given));
    for (int i = given->n_setting - 1; i >= 0; i--) {
        const gk_setting *setting = &given->settings[i];
        if (setting->n_value > 1) {
            gk_value_store(setting->option, group_in(given, setting, values), setting->values[run % setting->n_value]);
            run /= setting->n_value;
        }
    }
}

static const gk_setting *setting_of(const gk_given *given, const gk_option *option)
{
    for (int i = 0; i < given->n_setting; i++)
        if (given->settings[i].option == option)
            return &given->settings[i];
    gk_bug(__FILE__, __LINE__, "no option of this tool");
}

const void *gk_option_place(const gk_given *given, const gk_option *option, const void *values)
{
    return group_in(given, setting_of(given, option), values) + option->offset;
}

const char *gk_option_format(const gk_given *given, const gk_option *option, const void *values, gk_arena *arena)
{
    char        buffer[64];
    const void *group = group_in(given, setting_of(given, option), values);
    const char *text = option->type == GK_TEXT ? *(const char *const *)((const char *)group + option->offset)
                                               : gk_value_format(option, group, buffer, sizeof buffer);
    return gk_arena_strdup(arena, text ? text : "");
}

/* --- two grids as one ------------------------------------------------------------------------------------------------ */

/* "0..3" for 0, 1, 2, 3: how many of the values from `first` on are such a range, if it is worth one; else 1. */
static int64_t length_of_range(const gk_option *option, const gk_value *value, int64_t first, int64_t n)
{
    int64_t end = first + 1;
    while (option->type == GK_INT && end < n && value[end].whole == value[end - 1].whole + 1)
        end++;
    return end - first > 2 ? end - first : 1;
}

static const char *list_text(gk_arena *arena, const gk_option *option, const gk_value *value, int64_t n)
{
    size_t room = 1;
    for (int64_t i = 0; i < n; i++)
        room += option->type == GK_TEXT && value[i].text ? strlen(value[i].text) + 2 : 64;
    char *text = gk_arena_alloc(arena, room), *end = text;
    for (int64_t i = 0, length; i < n; i += length) {
        length = length_of_range(option, value, i, n);
        end += strlen(gk_value_text(option, value[i], end, room - (size_t)(end - text)));
        if (length > 1) {
            end = stpcpy(end, "..");
            end += strlen(gk_value_text(option, value[i + length - 1], end, room - (size_t)(end - text)));
        }
        if (i + length < n)
            end = stpcpy(end, ",");
    }
    return text;
}

static int in_order(const void *a, const void *b, void *option)
{
    return gk_value_compare(option, a, b);
}

/* The values of one option in all grids, in order, each once; NULL with gk_error. */
static gk_value *unite_values(gk_arena *arena, int n_grid, const gk_given *const *grid, const char *name, int64_t *n)
{
    const gk_option *option = gk_setting_named(grid[0], name)->option;
    int64_t          n_all = 0;
    for (int i = 0; i < n_grid; i++)
        n_all += gk_setting_named(grid[i], name)->n_value;
    gk_value *all = gk_arena_alloc(arena, (size_t)n_all * sizeof *all);
    n_all = *n = 0;
    for (int i = 0; i < n_grid; i++) {
        gk_value *values;
        int64_t   n_value;
        if (gk_values_parse(arena, option, gk_setting_named(grid[i], name)->text, &values, &n_value) < 0)
            return NULL;
        memcpy(all + n_all, values, (size_t)n_value * sizeof *all);
        n_all += n_value;
    }
    qsort_r(all, (size_t)n_all, sizeof *all, in_order, (void *)option);
    for (int64_t i = 0; i < n_all; i++)
        if (*n == 0 || gk_value_compare(option, &all[*n - 1], &all[i]) != 0)
            all[(*n)++] = all[i];
    return all;
}

int gk_grid_unite(gk_given *to, int n_grid, const gk_given *const *grid, const char *name)
{
    const gk_option *option = gk_setting_named(to, name)->option;
    const gk_origin  before = to->origin;
    gk_arena         arena = { 0 };
    int64_t          n;
    bool             has_lists = option->flags & GK_VARY && !option->lists;
    for (int i = 0; i < n_grid; i++)
        has_lists &= gk_setting_named(grid[i], name)->text != NULL;
    if (!has_lists)
        return gk_error("the values of option %s make no list", gk_option_in_file(&to->arena, name));
    gk_value *all = unite_values(&arena, n_grid, grid, name, &n);
    to->origin = GK_BY_PRESET;    /* a list that must have an effect */
    int status = all ? gk_option_set(to, name, list_text(&arena, option, all, n)) : -1;
    to->origin = before;
    gk_arena_release(&arena);
    return status;
}
