/* arena.c -- region allocator: a list of chunks that are only ever freed together. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "base/error.h"

enum { ALIGNMENT = 64, CHUNK_BYTES = 64 * 1024, HUGE_PAGE = 2 << 20, HUGE_FROM = 8 << 20 };

struct gk_arena_chunk {
    struct gk_arena_chunk *next;
    size_t n_used, n_bytes;       /* of the space after the header, which takes ALIGNMENT bytes */
};

_Static_assert(sizeof(struct gk_arena_chunk) <= ALIGNMENT, "the header of a chunk must fit before its space");

static size_t round_up(size_t n_bytes)
{
    return (n_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* What is large lies on huge pages, where the kernel has them: gathers and the packing of matrices would otherwise spend 5 % of
 * a step on misses of the TLB.  Smaller things would waste too much of their last page. */
static void *alloc_zeroed(size_t n_bytes)
{
    void  *memory = NULL;
    size_t alignment = n_bytes < HUGE_FROM ? ALIGNMENT : HUGE_PAGE;
    if (n_bytes > SIZE_MAX / 2 || posix_memalign(&memory, alignment, n_bytes) != 0)
        return NULL;
    if (alignment == HUGE_PAGE)
        madvise(memory, n_bytes, MADV_HUGEPAGE);
    return memset(memory, 0, n_bytes);
}

static struct gk_arena_chunk *chunk_new(size_t n_bytes)
{
    struct gk_arena_chunk *chunk = n_bytes > SIZE_MAX / 2 ? NULL : alloc_zeroed(ALIGNMENT + n_bytes);
    if (!chunk)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    chunk->n_bytes = n_bytes;
    return chunk;
}

void *gk_arena_alloc(gk_arena *arena, size_t n_bytes)
{
    /* Even an empty allocation takes space, so that no two have the same address. */
    size_t n_needed = n_bytes > SIZE_MAX / 2 ? SIZE_MAX : round_up(n_bytes ? n_bytes : 1);
    struct gk_arena_chunk *chunk = arena->chunk;
    if (!chunk || chunk->n_bytes - chunk->n_used < n_needed) {
        chunk = chunk_new(n_needed > CHUNK_BYTES ? n_needed : CHUNK_BYTES);
        chunk->next = arena->chunk;
        arena->chunk = chunk;
    }
    void *memory = (char *)chunk + ALIGNMENT + chunk->n_used;
    chunk->n_used += n_needed;
    return memory;
}

char *gk_arena_strdup(gk_arena *arena, const char *text)
{
    size_t n_bytes = strlen(text) + 1;
    return memcpy(gk_arena_alloc(arena, n_bytes), text, n_bytes);
}

char *gk_arena_printf(gk_arena *arena, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    gk_assert(length >= 0);
    char *text = gk_arena_alloc(arena, (size_t)length + 1);
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void gk_arena_release(gk_arena *arena)
{
    while (arena->chunk) {
        struct gk_arena_chunk *next = arena->chunk->next;
        free(arena->chunk);
        arena->chunk = next;
    }
}

void *gk_alloc_large(size_t n_bytes, const char *what)
{
    void *memory = alloc_zeroed(n_bytes ? n_bytes : 1);
    if (!memory)
        gk_error("cannot get %.1f MiB of memory for %s", (double)n_bytes / (1024.0 * 1024.0), what);
    return memory;
}
