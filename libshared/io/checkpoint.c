/* checkpoint.c -- what is common to checkpoints from files and those filled by hand. */
#include "io/checkpoint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/options.h"
#include "io/checkpoint_private.h"

const char *const gk_replica_status_names[GK_N_STATUS] = {
    [GK_RUNNING] = "running", [GK_STOPPED] = "stopped", [GK_DIVERGED] = "diverged", [GK_FINISHED] = "finished",
};

void gk_checkpoint_free(gk_checkpoint *checkpoint)
{
    if (!checkpoint)
        return;
    for (int group = 0; group < checkpoint->n_group; group++)
        gk_history_free(checkpoint->group[group].history);
    for (gk_owned *next, *owned = checkpoint->owned; owned; owned = next) {
        next = owned->next;
        free(owned->data);
        free(owned);
    }
    gk_arena_release(&checkpoint->arena);
    free(checkpoint);
}

/* Equal names, where '-' and '_' are the same? */
static bool same_option(const char *a, const char *b)
{
    for (; *a && *b; a++, b++)
        if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
            return false;
    return *a == *b;
}

const gk_config_entry *gk_checkpoint_config(const gk_checkpoint *checkpoint, const char *name)
{
    for (int i = 0; i < checkpoint->n_config; i++)
        if (same_option(checkpoint->config[i].name, name))
            return &checkpoint->config[i];
    return NULL;
}

const char *gk_config_text(gk_checkpoint *checkpoint, const gk_config_entry *entry)
{
    char text[64];

    if (entry->text)
        return entry->text;
    if (entry->type == GK_SWITCH)
        return entry->integer ? "yes" : "no";
    if (entry->type != GK_REAL)
        return gk_arena_printf(&checkpoint->arena, "%lld", (long long)entry->integer);
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, entry->real);
        if (strtod(text, NULL) == entry->real)
            break;
    }
    return gk_arena_strdup(&checkpoint->arena, text);
}

const gk_param_info *gk_group_param(const gk_group *group, const char *name)
{
    for (int i = 0; i < group->n_param; i++)
        if (strcmp(group->param[i].name, name) == 0)
            return &group->param[i];
    return NULL;
}

const gk_h5_column *gk_group_run_column(const gk_group *group, const char *name)
{
    for (int i = 0; i < group->n_run_column; i++)
        if (strcmp(group->run_column[i].name, name) == 0)
            return &group->run_column[i];
    return NULL;
}
