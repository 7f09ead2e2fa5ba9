/* h5_group.c -- groups, links and whole objects.  Only hard links are followed. */
#include "io/h5_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int gk_h5_check_path(const gk_h5 *file, const char *path)
{
    int n_component = 0;

    if (path[0] != '/' || strlen(path) >= GK_H5_MAX_PATH)
        return gk_error("'%.200s' is not the name of an object in %s", path, file->label);
    for (const char *at = path + 1; *at; n_component++) {
        size_t n = strcspn(at, "/");
        bool   dots = n <= 2 && strspn(at, ".") >= n;
        if (n == 0 || dots || n_component == GK_H5_MAX_DEPTH || (at[n] == '/' && !at[n + 1]))
            return gk_error("'%.200s' is not the name of an object in %s", path, file->label);
        at += n + (at[n] == '/');
    }
    return 0;
}

bool gk_h5_find(gk_h5 *file, const char *path)
{
    char            prefix[GK_H5_MAX_PATH];
    gk_h5_link_info info;

    if (path[0] != '/' || strlen(path) >= sizeof prefix)
        return false;
    for (size_t at = 1; path[at];) {
        at += strcspn(path + at, "/");
        memcpy(prefix, path, at);
        prefix[at] = '\0';
        if (H5Lexists(file->id, prefix, H5P_DEFAULT) <= 0 || GK_H5_GET_LINK_INFO(file->id, prefix, &info, H5P_DEFAULT) < 0 ||
            info.type != H5L_TYPE_HARD)
            return false;
        at += path[at] == '/';
    }
    return true;
}

/* One group without time stamps, which keeps the order of its attributes. */
static int make_group(gk_h5 *file, const char *path)
{
    hid_t list = H5Pcreate(H5P_GROUP_CREATE), id = H5I_INVALID_HID;

    if (list >= 0 && H5Pset_obj_track_times(list, false) >= 0 &&
        H5Pset_attr_creation_order(list, H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED) >= 0 &&
        H5Pset_attr_phase_change(list, 1000, 0) >= 0)
        id = H5Gcreate2(file->id, path, H5P_DEFAULT, list, H5P_DEFAULT);
    gk_h5_drop(file, list);
    if (id < 0)
        return gk_h5_failed(file, "create", path);
    gk_h5_drop(file, id);
    return 0;
}

int gk_h5_make_groups(gk_h5 *file, const char *path, bool itself)
{
    char prefix[GK_H5_MAX_PATH];

    if (gk_h5_check_path(file, path) < 0)
        return -1;
    for (size_t at = 1; path[at];) {
        at += strcspn(path + at, "/");
        if (!path[at] && !itself)
            break;
        memcpy(prefix, path, at);
        prefix[at] = '\0';
        if (H5Lexists(file->id, prefix, H5P_DEFAULT) <= 0 && make_group(file, prefix) < 0)
            return -1;
        at += path[at] == '/';
    }
    return 0;
}

bool gk_h5_exists(gk_h5 *file, const char *path)
{
    return gk_h5_find(file, path);
}

bool gk_h5_is_group(gk_h5 *file, const char *path)
{
    hid_t id = gk_h5_find(file, path) ? H5Oopen(file->id, path, H5P_DEFAULT) : H5I_INVALID_HID;
    bool  is_group = id >= 0 && H5Iget_type(id) == H5I_GROUP;

    gk_h5_drop(file, id);
    return is_group;
}

int gk_h5_n_child(gk_h5 *file, const char *path)
{
    H5G_info_t info;

    if (!gk_h5_is_group(file, path) || H5Gget_info_by_name(file->id, path, &info, H5P_DEFAULT) < 0)
        return 0;
    return info.nlinks < INT32_MAX ? (int)info.nlinks : INT32_MAX;
}

const char *gk_h5_child(gk_h5 *file, const char *path, int index, gk_arena *arena)
{
    ssize_t n = H5Lget_name_by_idx(file->id, path, H5_INDEX_NAME, H5_ITER_INC, (hsize_t)index, NULL, 0, H5P_DEFAULT);

    if (n < 0 || n >= GK_H5_MAX_PATH) {
        gk_error("cannot list '%s' in %s", path, file->label);
        return NULL;
    }
    char *name = gk_arena_alloc(arena, (size_t)n + 1);
    if (H5Lget_name_by_idx(file->id, path, H5_INDEX_NAME, H5_ITER_INC, (hsize_t)index, name, (size_t)n + 1, H5P_DEFAULT) != n) {
        gk_error("cannot list '%s' in %s", path, file->label);
        return NULL;
    }
    return name;
}

typedef struct listing {
    gk_arena    *arena;
    const char **name;
    int          n, capacity;
} listing;

static herr_t add_name(hid_t group, const char *name, const gk_h5_link_info *info, void *context)
{
    listing *list = context;

    (void)group;
    (void)info;
    if (list->n == list->capacity)
        return -1;
    list->name[list->n++] = gk_arena_strdup(list->arena, name);
    return 0;
}

const char **gk_h5_children(gk_h5 *file, const char *path, gk_arena *arena, int *n)
{
    int     n_child = gk_h5_n_child(file, path);
    hsize_t at = 0;

    *n = 0;
    if (n_child > GK_H5_MAX_CHILD) {
        gk_error("cannot list '%s' in %s: it has %d members, at most %d are possible", path, file->label, n_child,
                 GK_H5_MAX_CHILD);
        return NULL;
    }
    listing list = { arena, gk_arena_alloc(arena, ((size_t)n_child + 1) * sizeof *list.name), 0, n_child };
    if (n_child > 0 && GK_H5_FOR_EACH_LINK(file->id, path, H5_INDEX_NAME, H5_ITER_INC, &at, add_name, &list, H5P_DEFAULT) < 0) {
        gk_error("cannot list '%s' in %s", path, file->label);
        return NULL;
    }
    *n = list.n;
    return list.name;
}

int gk_h5_copy(gk_h5 *to, const char *to_path, gk_h5 *from, const char *from_path)
{
    if (!gk_h5_find(from, from_path))
        return gk_error("no '%s' in %s", from_path, from->label);
    if (from->has_heap)    /* which HDF5 would read, and nobody has checked */
        return gk_error("cannot copy '%s' from %s: the file has texts of variable length", from_path, from->label);
    if (gk_h5_make_groups(to, to_path, false) < 0)
        return -1;
    if (H5Ocopy(from->id, from_path, to->id, to_path, H5P_DEFAULT, H5P_DEFAULT) < 0)
        return gk_h5_failed(to, "copy to", to_path);
    return 0;
}
