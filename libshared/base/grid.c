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

void gk_grid_select(gk_given *given, int64_t run)
{
    gk_assert(run >= 0 && run < gk_grid_n_run(given));
    for (int i = given->n_setting - 1; i >= 0; i--) {
        const gk_setting *setting = &given->settings[i];
        if (setting->n_value > 1) {
            gk_value_store(setting->option, setting->group->values, setting->values[run % setting->n_value]);
            run /= setting->n_value;
        }
    }
}
