/* arena.h -- region allocator: many small allocations, one release frees all.  Zeroed memory, aligned to 64 bytes. */
#ifndef GK_BASE_ARENA_H
#define GK_BASE_ARENA_H

#include <stddef.h>

typedef struct gk_arena { struct gk_arena_chunk *chunk; } gk_arena;    /* {0} is an empty arena */

/* Zeroed, 64-byte aligned; never NULL: a small allocation that fails ends the program (gk_bug). */
void *gk_arena_alloc(gk_arena *arena, size_t n_bytes);
char *gk_arena_strdup(gk_arena *arena, const char *text);
char *gk_arena_printf(gk_arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
void  gk_arena_release(gk_arena *arena);

/* Large arrays: zeroed, aligned to 64 bytes, and to a huge page where they are worth one.  NULL with gk_error naming size and
 * `what` if it cannot be had.  free() frees it. */
void *gk_alloc_large(size_t n_bytes, const char *what);

#endif
