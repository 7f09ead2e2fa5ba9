/* classes.c -- see classes.h.  Open addressing; FNV-1a. */
#include "base/classes.h"

#include <string.h>

enum { FIRST_CAPACITY = 64 };

uint64_t gk_hash_bytes(uint64_t hash, const void *data, size_t n_bytes)
{
    for (const unsigned char *byte = data; n_bytes > 0; byte++, n_bytes--)
        hash = (hash ^ *byte) * UINT64_C(1099511628211);
    return hash;
}

uint64_t gk_hash_whole(uint64_t hash, int64_t value)
{
    return gk_hash_bytes(hash, &value, sizeof value);
}

uint64_t gk_hash_real(uint64_t hash, double value)
{
    double plain = value == 0 ? 0 : value;
    return gk_hash_bytes(hash, &plain, sizeof plain);
}

gk_classes gk_classes_new(bool (*same)(const void *context, int64_t a, int64_t b), const void *context)
{
    return (gk_classes){ .same = same, .context = context };
}

void gk_classes_release(gk_classes *classes)
{
    gk_arena_release(&classes->arena);
    *classes = (gk_classes){ 0 };
}

/* FNV's low bits alone are poor for short keys. */
static int64_t slot_of(const gk_classes *classes, uint64_t hash)
{
    return (int64_t)((hash ^ hash >> 29) & (uint64_t)(classes->capacity - 1));
}

/* The old slots stay in the arena: together as large as the last. */
static void grow(gk_classes *classes)
{
    gk_classes before = *classes;
    classes->capacity = before.capacity ? 2 * before.capacity : FIRST_CAPACITY;
    classes->hash = gk_arena_alloc(&classes->arena, (size_t)classes->capacity * sizeof *classes->hash);
    classes->first = gk_arena_alloc(&classes->arena, (size_t)classes->capacity * sizeof *classes->first);
    for (int64_t i = 0; i < before.capacity; i++) {
        if (before.first[i] == 0)
            continue;
        int64_t slot = slot_of(classes, before.hash[i]);
        while (classes->first[slot] != 0)
            slot = (slot + 1) & (classes->capacity - 1);
        classes->hash[slot] = before.hash[i];
        classes->first[slot] = before.first[i];
    }
}

int64_t gk_class_first(gk_classes *classes, int64_t index, uint64_t hash)
{
    if (2 * classes->n >= classes->capacity)
        grow(classes);
    int64_t slot = slot_of(classes, hash);
    for (; classes->first[slot] != 0; slot = (slot + 1) & (classes->capacity - 1))
        if (classes->hash[slot] == hash && classes->same(classes->context, classes->first[slot] - 1, index))
            return classes->first[slot] - 1;
    classes->hash[slot] = hash;
    classes->first[slot] = index + 1;
    classes->n++;
    return index;
}
