/* names.c -- see names.h. */
#include "base/names.h"

#include <stdlib.h>
#include <string.h>
#include "base/error.h"

enum { MOST = 1000, MOST_TOLD = 20, MOST_LETTERS = 64 };

void gk_names_add(gk_names *names, const char *name)
{
    if (names->n == MOST || !*name)
        return;
    for (int i = names->n - 1; i >= 0; i--)
        if (strcmp(names->name[i], name) == 0)
            return;
    if (names->n == names->capacity) {
        int          capacity = 2 * names->capacity + 16;
        const char **more = realloc(names->name, (size_t)capacity * sizeof *more);
        if (!more)
            gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
        names->name = more;
        names->capacity = capacity;
    }
    names->name[names->n++] = name;
}

void gk_names_release(gk_names *names)
{
    free(names->name);
    *names = (gk_names){ 0 };
}

/* Letters to insert, remove, replace or swap with the next, to make one name of the other [Damerau 1964, without overlaps]. */
static int distance(const char *a, const char *b)
{
    int n = (int)strlen(a), m = (int)strlen(b), row[3][MOST_LETTERS + 1];
    if (n > MOST_LETTERS || m > MOST_LETTERS)
        return MOST_LETTERS;
    for (int j = 0; j <= m; j++)
        row[0][j] = j;
    for (int i = 1; i <= n; i++) {
        int *now = row[i % 3], *before = row[(i + 2) % 3], *first = row[(i + 1) % 3];
        now[0] = i;
        for (int j = 1; j <= m; j++) {
            int best = before[j - 1] + (a[i - 1] != b[j - 1]);
            best = before[j] + 1 < best ? before[j] + 1 : best;
            best = now[j - 1] + 1 < best ? now[j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && first[j - 2] + 1 < best)
                best = first[j - 2] + 1;
            now[j] = best;
        }
    }
    return row[n % 3][m];
}

const char *gk_names_nearest(const gk_names *names, const char *wanted)
{
    int best = -1, least = 1 + (int)strlen(wanted) / 3;    /* more letters apart is another word */
    for (int i = 0; i < names->n; i++) {
        int apart = distance(names->name[i], wanted);
        if (apart <= least && (best < 0 || apart < least)) {
            best = i;
            least = apart;
        }
    }
    return best >= 0 ? names->name[best] : NULL;
}

const char *gk_names_suggest(const gk_names *names, const char *wanted, gk_arena *arena)
{
    const char *nearest = gk_names_nearest(names, wanted);
    if (nearest)
        return gk_arena_printf(arena, " (did you mean '%s'?)", nearest);
    const char *list = "";
    for (int i = 0; i < names->n && i < MOST_TOLD; i++)
        list = gk_arena_printf(arena, "%s%s%s", list, i > 0 ? ", " : ": there are ", names->name[i]);
    return names->n > MOST_TOLD ? gk_arena_printf(arena, "%s, ...", list) : list;
}
