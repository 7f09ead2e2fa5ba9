/* joint_grid.c -- see joint_grid.h. */
#include "joint_grid.h"

#include <stdlib.h>
#include <string.h>

/* --- options ---------------------------------------------------------------------------------------------------------------- */

static const char *value_of(gk_checkpoint *checkpoint, const char *name)
{
    const gk_config_entry *entry = gk_checkpoint_config(checkpoint, name);
    const char *text = entry ? gk_config_text(checkpoint, entry) : NULL;
    return text ? text : "none";
}

/* The first option but --shard that differs as text; NULL: there is none. */
static const char *find_difference(gk_checkpoint *first, gk_checkpoint *other)
{
    for (int i = 0; i < first->n_config + other->n_config; i++) {
        const char *name = i < first->n_config ? first->config[i].name : other->config[i - first->n_config].name;
        if (strcmp(name, "shard") != 0 && strcmp(value_of(first, name), value_of(other, name)) != 0)
            return name;
    }
    return NULL;
}

static int not_one(gk_checkpoint *first, gk_checkpoint *other, const char *option)
{
    return gk_error("'%s' and '%s' are not parts of one grid: option %s is %s in the first and %s in the second",
                    first->path, other->path, option, value_of(first, option), value_of(other, option));
}

typedef struct uniting {
    gk_joint_grid        *joint;
    const gk_given      **given;     /* [n_grid] of joint->grid */
    gk_checkpoint *const *file;
    int                   n_file;
    gk_arena             *arena;
} uniting;

/* Each once, with "; " between them. */
static int unite_notes(const uniting *of)
{
    const char *all = "";
    for (int i = 0; i < of->joint->n_grid; i++) {
        const char *note = of->joint->grid[i].config.run.note;
        if (note && !strstr(all, note))
            all = gk_arena_printf(of->arena, "%s%s%s", all, *all ? "; " : "", note);
    }
    return gk_option_set(of->joint->whole.given, "note", all);
}

static int unite(const gk_option_group *group, const gk_option *option, void *context)
{
    (void)group;
    const uniting *of = context;
    gk_given      *whole = of->joint->whole.given;
    const char    *name = option->name;
    int            other = 0;
    int64_t        steps = 0;
    for (int i = 0; i < of->joint->n_grid; i++) {
        other = other == 0 && !gk_option_same(whole, of->given[i], name) ? i : other;
        steps = of->joint->grid[i].config.run.steps > steps ? of->joint->grid[i].config.run.steps : steps;
    }
    if (option->flags & GK_HIDDEN || strcmp(name, "shard") == 0 || other == 0)
        return 0;
    if (strcmp(name, "name") == 0 || strcmp(name, "tag") == 0)    /* columns of /runs tell whose they are */
        gk_option_unset(whole, name);
    if (strcmp(name, "note") == 0)
        return unite_notes(of);
    if (!gk_option_text(whole, name))
        return 0;
    if (strcmp(name, "steps") == 0)
        return gk_option_set(whole, name, gk_arena_printf(of->arena, "%lld", (long long)steps));
    if (gk_grid_unite(whole, of->joint->n_grid, of->given, name) == 0)
        return 0;
    for (int i = 0; i < of->n_file; i++)
        if (of->joint->of[i] == other)
            return not_one(of->file[0], of->file[i], gk_option_in_file(of->arena, name));
    return -1;
}

/* The grid of file `index`, unless an earlier file has the same one.  -1: this program does not know its options. */
static int add_grid(gk_joint_grid *joint, gk_checkpoint *const *file, int index)
{
    for (int i = 0; index > 0 && i < 2; i++) {    /* the first file, and the last one: shards come one after another */
        int earlier = i == 0 ? 0 : index - 1;
        if (!find_difference(file[earlier], file[index])) {
            joint->of[index] = joint->of[earlier];
            return 0;
        }
    }
    gk_file_grid *grid = &joint->grid[joint->of[index] = joint->n_grid++];
    if (gk_file_grid_open(grid, file[index]) < 0)
        return -1;
    return index == 0 ? gk_file_grid_open(&joint->whole, file[0]) : 0;
}

/* Files whose options are not known here must have the same ones, letter by letter. */
static int open_unknown(gk_joint_grid *joint, int n_file, gk_checkpoint *const *file)
{
    gk_joint_grid_close(joint);
    joint->known = false;
    for (int i = 1; i < n_file; i++) {
        const char *name = find_difference(file[0], file[i]);
        if (name)
            return not_one(file[0], file[i], name);
    }
    return 0;
}

int gk_joint_grid_open(gk_joint_grid *joint, gk_arena *arena, int n_file, gk_checkpoint *const *file)
{
    const char *idle;
    *joint = (gk_joint_grid){ .known = true };
    joint->grid = gk_arena_alloc(arena, (size_t)n_file * sizeof *joint->grid);
    joint->of = gk_arena_alloc(arena, (size_t)n_file * sizeof *joint->of);
    for (int i = 0; i < n_file; i++)
        if (add_grid(joint, file, i) < 0)
            return open_unknown(joint, n_file, file);
    uniting of = { joint, gk_arena_alloc(arena, (size_t)joint->n_grid * sizeof(const gk_given *)), file, n_file, arena };
    for (int i = 0; i < joint->n_grid; i++)
        of.given[i] = joint->grid[i].given;
    if (joint->n_grid > 1 && gk_options_each(joint->whole.given, unite, &of) < 0)
        return -1;
    if (joint->n_grid > 1 && gk_options_check_effect(joint->whole.given, &joint->whole.config, arena, &idle) < 0)
        return gk_error("the grids of these files do not make one: %s", gk_error_message());
    return 0;
}

void gk_joint_grid_close(gk_joint_grid *joint)
{
    for (int i = 0; i < joint->n_grid; i++)
        gk_file_grid_close(&joint->grid[i]);
    gk_file_grid_close(&joint->whole);
    joint->n_grid = 0;
}

/* --- runs ------------------------------------------------------------------------------------------------------------------- */

/* A column of an option that had one value in the part's own grid. */
static gk_h5_column constant(gk_arena *arena, const gk_file_grid *own, const gk_option *option, int64_t n)
{
    const void  *place = gk_option_place(own->given, option, &own->config);
    gk_h5_column column = { .name = gk_option_in_file(arena, option->name), .type = option->type == GK_REAL ? GK_F64 : GK_I64 };
    int64_t     *whole = gk_arena_alloc(arena, (size_t)n * sizeof *whole);
    double      *real = gk_arena_alloc(arena, (size_t)n * sizeof *real);
    const char **text = gk_arena_alloc(arena, (size_t)n * sizeof *text), *word = NULL;
    if (option->type != GK_INT && option->type != GK_REAL)
        word = gk_option_format(own->given, option, &own->config, arena);
    for (int64_t i = 0; i < n; i++) {
        text[i] = word;
        if (option->type == GK_INT)
            whole[i] = *(const int64_t *)place;
        else if (option->type == GK_REAL)
            real[i] = *(const double *)place;
    }
    if (word)
        column.text = text;
    else
        column.data = option->type == GK_REAL ? (void *)real : (void *)whole;
    return column;
}

static bool has(const gk_h5_column *columns, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(columns[i].name, name) == 0)
            return true;
    return false;
}

/* Names of text columns that are no options: --name and --tag of some of the files. */
typedef struct labels { int n; const char **name; } labels;

static bool is_label(const gk_joint_grid *joint, const gk_h5_column *column)
{
    return column->text && (strcmp(column->name, "name") == 0 || !gk_option_find(joint->whole.given, column->name));
}

static labels all_labels(const gk_joint_grid *joint, gk_arena *arena, int n_part, const gk_grid_part *parts)
{
    int n_most = 0;
    for (int p = 0; p < n_part; p++)
        n_most += parts[p].group.n_run_column;
    labels all = { 0, gk_arena_alloc(arena, ((size_t)n_most + 1) * sizeof(char *)) };
    for (int p = 0; p < n_part; p++)
        for (int c = 0; c < parts[p].group.n_run_column; c++) {
            const gk_h5_column *column = &parts[p].group.run_column[c];
            bool                known = !is_label(joint, column);
            for (int i = 0; i < all.n && !known; i++)
                known = strcmp(all.name[i], column->name) == 0;
            if (!known)
                all.name[all.n++] = column->name;
        }
    return all;
}

static gk_h5_column no_label(gk_arena *arena, const char *name, int64_t n)
{
    const char **text = gk_arena_alloc(arena, (size_t)n * sizeof *text);
    for (int64_t i = 0; i < n; i++)
        text[i] = "";
    return (gk_h5_column){ .name = name, .text = text };
}

/* The columns that the group would have in the whole: run, seed, what varies there, the others of its own, and labels. */
static void set_columns(const gk_joint_grid *joint, gk_arena *arena, const labels *label, gk_grid_part *part)
{
    const gk_file_grid *whole = &joint->whole, *own = &joint->grid[joint->of[part->of]];
    gk_group     *group = &part->group;
    int           n_varied = gk_grid_n_varied(whole->given), n = 0;
    gk_h5_column *columns = gk_arena_alloc(arena, (size_t)(group->n_run_column + n_varied + label->n + 2) * sizeof *columns);
    const gk_h5_column *seed = gk_group_run_column(group, "seed");
    columns[n++] = (gk_h5_column){ .name = "run", .type = GK_I64, .data = part->number };
    if (seed)
        columns[n++] = *seed;
    for (int i = 0; i < n_varied; i++) {
        const gk_option    *option = gk_grid_varied(whole->given, i);
        const char         *name = gk_option_in_file(arena, option->name);
        const gk_h5_column *column = gk_group_run_column(group, name);
        if (!has(columns, n, name))
            columns[n++] = column ? *column : constant(arena, own, option, group->n_replica);
    }
    for (int i = 0; i < group->n_run_column; i++)
        if (!has(columns, n, group->run_column[i].name) && !is_label(joint, &group->run_column[i]))
            columns[n++] = group->run_column[i];
    for (int i = 0; i < label->n; i++) {
        const gk_h5_column *column = gk_group_run_column(group, label->name[i]);
        columns[n++] = column ? *column : no_label(arena, label->name[i], group->n_replica);
    }
    group->run_column = columns;
    group->n_run_column = n;
}

/* Numbers and columns as the whole has them. */
static int renumber(const gk_joint_grid *joint, gk_arena *arena, int n_part, gk_grid_part *parts, int64_t n_run)
{
    gk_grid_run *run = gk_arena_alloc(arena, ((size_t)n_run + 1) * sizeof *run);
    int64_t      n = 0;
    for (int p = 0; p < n_part; p++) {
        const gk_file_grid *own = &joint->grid[joint->of[parts[p].of]];
        int64_t             n_own = gk_grid_n_run(own->given);
        for (int64_t r = 0; r < parts[p].group.n_replica; r++) {
            int64_t number = parts[p].number[r];
            if (number < 0 || number >= n_own)
                return gk_error("'%s' holds run %lld, and its options stand for %lld runs", parts[p].file->path,
                                (long long)number, (long long)n_own);
            run[n++] = (gk_grid_run){ own, number };
        }
    }
    const labels   label = all_labels(joint, arena, n_part, parts);
    const int64_t *found = gk_runs_find(arena, &joint->whole, &joint->whole, n, run);
    for (int p = 0; p < n_part; p++) {
        size_t bytes = (size_t)parts[p].group.n_replica * sizeof *found;
        parts[p].number = gk_arena_alloc(arena, bytes);
        memcpy(parts[p].number, found, bytes);
        found += parts[p].group.n_replica;
        set_columns(joint, arena, &label, &parts[p]);
    }
    return 0;
}

int gk_joint_grid_parts(const gk_joint_grid *joint, gk_arena *arena, int n_file, gk_checkpoint *const *file, gk_grid_part **parts)
{
    int     n_part = 0, at = 0;
    int64_t n_run = 0;
    for (int i = 0; i < n_file; i++)
        n_part += file[i]->n_group;
    *parts = gk_arena_alloc(arena, ((size_t)n_part + 1) * sizeof **parts);
    for (int i = 0; i < n_file; i++)
        for (int g = 0; g < file[i]->n_group; g++, at++) {
            const int64_t *number = gk_run_numbers(file[i], &file[i]->group[g]);
            if (!number)
                return -1;
            (*parts)[at] = (gk_grid_part){ file[i], i, file[i]->group[g], (int64_t *)number };    /* read only until renumbered */
            n_run += file[i]->group[g].n_replica;
        }
    return joint->n_grid > 1 && renumber(joint, arena, n_part, *parts, n_run) < 0 ? -1 : n_part;
}
