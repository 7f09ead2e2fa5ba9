/* grid.c -- the product of all lists: which run has which values. */
#include "base/options_private.h"

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
