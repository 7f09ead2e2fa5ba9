/* naming.c -- see naming.h. */
#include "models/naming.h"

#include <string.h>

GK_CHOICE_NAMES(gk_naming, GK_NAMINGS);

static const struct row { gk_naming naming; const char *ours, *theirs; gk_layout layout; } rows[] = {
#define NAMING(style, ours, theirs, layout) { GK_NAMES_##style, ours, theirs, GK_##layout },
#include "models/naming.def"
#undef NAMING
};

/* Does the text fit a pattern with at most one '*'?  Then *part of it, of *n bytes, stands for that. */
static bool fits(const char *pattern, const char *text, const char **part, size_t *n)
{
    size_t n_before = strcspn(pattern, "*"), n_text = strlen(text);
    *part = text;
    *n = 0;
    if (!pattern[n_before])
        return strcmp(pattern, text) == 0;
    size_t n_after = strlen(pattern) - n_before - 1;
    if (n_text < n_before + n_after || strncmp(pattern, text, n_before) != 0 ||
        strcmp(pattern + n_before + 1, text + n_text - n_after) != 0)
        return false;
    *part = text + n_before;
    *n = n_text - n_before - n_after;
    return true;
}

static const char *fill(gk_arena *arena, const char *pattern, const char *part, size_t n)
{
    size_t n_before = strcspn(pattern, "*");
    if (!pattern[n_before])
        return pattern;
    return gk_arena_printf(arena, "%.*s%.*s%s", (int)n_before, pattern, (int)n, part, pattern + n_before + 1);
}

/* Their shape of ours [dim]. */
static void set_shape(gk_named *named, int n_dim, const int64_t *dim)
{
    int64_t h = named->n_head;
    named->n_dim = n_dim;
    memcpy(named->dim, dim, (size_t)n_dim * sizeof *dim);
    switch (named->layout) {
    case GK_SAME:
        break;
    case GK_TRANSPOSED:
        named->dim[0] = named->n_out, named->dim[1] = named->n_in;
        break;
    case GK_HEADS_APART:
        memmove(named->dim + 1, named->dim, (size_t)n_dim * sizeof *dim);
        named->dim[0] = h, named->dim[1] /= h;
        named->n_dim++;
        break;
    case GK_HEADS_OUTSIDE:
        named->dim[0] = h, named->dim[1] = named->n_in, named->dim[2] = named->n_out / h;
        named->n_dim++;
        break;
    case GK_HEADS_TRANSPOSED:
        named->dim[0] = h, named->dim[1] = named->n_out / h, named->dim[2] = named->n_in;
        named->n_dim++;
        break;
    }
}

int gk_named_of(gk_naming naming, const char *name, int n_dim, const int64_t *dim, int64_t n_head, gk_arena *arena, gk_named *out)
{
    const char *part;
    size_t      n;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (rows[i].naming != naming || !fits(rows[i].ours, name, &part, &n))
            continue;
        bool is_matrix = n_dim == 2;
        *out = (gk_named){ .name = fill(arena, rows[i].theirs, part, n), .layout = rows[i].layout, .n_head = n_head,
                           .n_in = n_dim > 0 ? dim[0] : 1, .n_out = is_matrix ? dim[1] : 1 };
        if ((out->layout == GK_TRANSPOSED || out->layout >= GK_HEADS_OUTSIDE) && !is_matrix)
            break;
        set_shape(out, n_dim, dim);
        return 0;
    }
    return gk_usage_error("parameter '%s' has no name in '%s': its model is another one", name, gk_naming_names[naming]);
}

int64_t gk_named_index(const gk_named *named, int64_t i)
{
    int64_t in = i / named->n_out, out = i % named->n_out, e = named->n_out / named->n_head;
    switch (named->layout) {
    case GK_SAME: case GK_HEADS_APART:
        break;
    case GK_TRANSPOSED: case GK_HEADS_TRANSPOSED:
        return out * named->n_in + in;
    case GK_HEADS_OUTSIDE:
        return (out / e * named->n_in + in) * e + out % e;
    }
    return i;
}
