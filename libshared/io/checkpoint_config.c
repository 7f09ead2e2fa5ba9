/* checkpoint_config.c -- what a checkpoint says of where it is from: its options and its lineage. */
#include "io/checkpoint_private.h"

#include "base/options.h"

enum { MAX_OPTION = 100000 };

static int read_config_entry(gk_reader *reader, int index, gk_config_entry *entry)
{
    gk_arena *arena = &reader->checkpoint->arena;
    bool      on = false;

    entry->name = gk_h5_attribute_name(reader->file, "/config", index, arena);
    if (!entry->name)
        return -1;
    switch (gk_h5_attribute_kind(reader->file, "/config", entry->name)) {
    case GK_H5_BOOL:
        entry->type = GK_SWITCH;
        if (gk_h5_get_bool(reader->file, "/config", entry->name, &on) < 0)
            return -1;
        entry->integer = on;
        return 0;
    case GK_H5_INT:
        entry->type = GK_INT;
        return gk_h5_get_int(reader->file, "/config", entry->name, &entry->integer);
    case GK_H5_REAL:
        entry->type = GK_REAL;
        return gk_h5_get_real(reader->file, "/config", entry->name, &entry->real);
    case GK_H5_TEXT:
        entry->type = GK_TEXT;
        entry->text = gk_h5_get_text(reader->file, "/config", entry->name, arena);
        return entry->text ? 0 : -1;
    case GK_H5_TEXTS:
    case GK_H5_OTHER:
        break;
    }
    return gk_error("attribute '%s' of '/config' in '%s' is neither a number, a switch nor a text of fixed length", entry->name,
                    gk_h5_name(reader->file));
}

int gk_read_config(gk_reader *reader)
{
    gk_checkpoint *checkpoint = reader->checkpoint;
    int            n = gk_h5_n_attribute(reader->file, "/config");

    if (n > MAX_OPTION)
        return gk_error("'/config' in '%s' has %d entries", gk_h5_name(reader->file), n);
    checkpoint->config = gk_arena_alloc(&checkpoint->arena, ((size_t)n + 1) * sizeof *checkpoint->config);
    for (; checkpoint->n_config < n; checkpoint->n_config++)
        if (read_config_entry(reader, checkpoint->n_config, &checkpoint->config[checkpoint->n_config]) < 0)
            return -1;
    return 0;
}

/* n_left: ancestors that may still be read; it also ends cycles of links. */
/* NOLINTNEXTLINE(misc-no-recursion): at most GK_MAX_LINEAGE generations */
static int read_parents(gk_reader *reader, const char *path, int depth, int *n_left, int *n_parent, gk_parent **out)
{
    gk_arena *arena = &reader->checkpoint->arena;
    int       n = 0;

    while (gk_h5_is_group(reader->file, gk_arena_printf(arena, "%s/parent%d", path, n))) {
        if (depth == GK_MAX_LINEAGE || --*n_left < 0)
            return gk_error("the lineage in '%s' is too long: at most %d generations and %d ancestors are possible",
                            gk_h5_name(reader->file), GK_MAX_LINEAGE, GK_MAX_ANCESTOR);
        n++;
    }
    *out = gk_arena_alloc(arena, ((size_t)n + 1) * sizeof **out);
    *n_parent = n;
    for (int i = 0; i < n; i++) {
        const char *child = gk_arena_printf(arena, "%s/parent%d", path, i);
        gk_parent  *parent = &(*out)[i];
        parent->role = gk_reader_text(reader, child, "role");
        parent->path = gk_reader_text(reader, child, "path");
        parent->sha256 = gk_reader_text(reader, child, "sha256");
        if (!parent->role || !parent->path || !parent->sha256 ||
            read_parents(reader, child, depth + 1, n_left, &parent->n_parent, &parent->parent) < 0)
            return -1;
    }
    return 0;
}

int gk_read_lineage(gk_reader *reader)
{
    int n_ancestor = GK_MAX_ANCESTOR;

    return read_parents(reader, "/lineage", 0, &n_ancestor, &reader->checkpoint->n_parent, &reader->checkpoint->parent);
}
