/* window.c -- see window.h: a tree of counts over the ranks of the values [Fenwick 1994]. */
#include "analysis/window.h"

#include <math.h>
#include <stdlib.h>
#include "base/arena.h"
#include "base/error.h"

typedef struct ranked { double value; int64_t at; } ranked;

struct gk_window {
    int64_t  n, n_number, begin, end, n_inside;
    ranked  *sorted;     /* [n_number] */
    int64_t *rank;       /* [n] place in sorted, -1: not a number */
    int64_t *count;      /* [n_number + 1] node i counts the ranks (i - lowest bit of i, i] of those inside */
};

static int by_value(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->value != y->value)
        return x->value < y->value ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

gk_window *gk_window_new(int64_t n, const double *value)
{
    gk_window *w = calloc(1, sizeof *w);
    size_t     room = (size_t)n + 1;
    if (!w || !(w->sorted = gk_alloc_large(room * sizeof *w->sorted, "medians of a window")) ||
        !(w->rank = gk_alloc_large(room * sizeof *w->rank, "medians of a window")) ||
        !(w->count = gk_alloc_large(room * sizeof *w->count, "medians of a window"))) {
        if (!w)
            gk_error("out of memory for medians of a window");
        gk_window_free(w);
        return NULL;
    }
    w->n = n;
    for (int64_t i = 0; i < n; i++) {
        w->rank[i] = -1;
        if (!isnan(value[i]))
            w->sorted[w->n_number++] = (ranked){ value[i], i };
    }
    qsort(w->sorted, (size_t)w->n_number, sizeof *w->sorted, by_value);
    for (int64_t i = 0; i < w->n_number; i++)
        w->rank[w->sorted[i].at] = i;
    return w;
}

void gk_window_free(gk_window *window)
{
    if (!window)
        return;
    free(window->sorted);
    free(window->rank);
    free(window->count);
    free(window);
}

static void add(gk_window *w, int64_t at, int64_t change)
{
    if (w->rank[at] < 0)
        return;
    w->n_inside += change;
    for (int64_t node = w->rank[at] + 1; node <= w->n_number; node += node & -node)
        w->count[node] += change;
}

/* The k-th of the values inside, from 0. */
static double kth(const gk_window *w, int64_t k)
{
    int64_t node = 0, half = 1;
    while (2 * half <= w->n_number)
        half *= 2;
    for (; half > 0; half /= 2)
        if (node + half <= w->n_number && w->count[node + half] <= k) {
            node += half;
            k -= w->count[node];
        }
    return w->sorted[node].value;
}

double gk_window_median(gk_window *w, int64_t begin, int64_t end)
{
    gk_assert(begin >= w->begin && end >= w->end && begin <= end && end <= w->n);
    while (w->end < end)
        add(w, w->end++, 1);
    while (w->begin < begin)
        add(w, w->begin++, -1);
    if (w->n_inside == 0)
        return NAN;
    int64_t below = (w->n_inside - 1) / 2;
    double  low = kth(w, below);
    return w->n_inside % 2 ? low : low + 0.5 * (kth(w, below + 1) - low);
}
