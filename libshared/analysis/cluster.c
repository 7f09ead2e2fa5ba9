/* cluster.c -- see cluster.h. */
#include "analysis/cluster.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"
#include "base/rng.h"

double gk_square_distance(int d, const double *a, const double *b)
{
    double sum = 0;
    for (int i = 0; i < d; i++)
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

int gk_cluster_nearest(int k, int d, const double *centre, const double *point, double *square)
{
    int best = 0;
    *square = gk_square_distance(d, centre, point);
    for (int c = 1; c < k; c++) {
        double other = gk_square_distance(d, centre + (int64_t)c * d, point);
        if (other < *square) {
            *square = other;
            best = c;
        }
    }
    return best;
}

typedef struct clustering {
    const gk_cluster_args *args;
    int64_t       n;
    int           d;
    const double *x;
    double       *centre, *square;    /* [k, d]; [n] squared distance to the own centre */
    int32_t      *of;
    int64_t      *size;               /* [k] */
} clustering;

/* A point drawn with a probability that goes as its squared distance to what has been chosen. */
static int64_t draw(const clustering *c, int restart, int which)
{
    double total = 0, at = gk_rng_uniform(c->args->seed, GK_RNG_CLUSTER, (uint64_t)restart, (uint64_t)which);
    int64_t last = -1;
    for (int64_t i = 0; i < c->n; i++)
        total += c->square[i];
    at *= total;
    for (int64_t i = 0; i < c->n; i++) {
        if (c->square[i] == 0)
            continue;
        last = i;
        if ((at -= c->square[i]) < 0)
            break;
    }
    return last;
}

/* k-means++.  -1: there are fewer places than centres. */
static int begin(clustering *c, int restart)
{
    int64_t chosen = gk_rng_below(c->args->seed, GK_RNG_CLUSTER, (uint64_t)restart, 0, (uint32_t)c->n);
    for (int64_t i = 0; i < c->n; i++)
        c->square[i] = INFINITY;
    for (int which = 0; which < c->args->k; which++) {
        if (which > 0 && (chosen = draw(c, restart, which)) < 0)
            return gk_usage_error("%d clusters of %lld points at only %d places", c->args->k, (long long)c->n, which);
        memcpy(c->centre + (int64_t)which * c->d, c->x + chosen * c->d, (size_t)c->d * sizeof *c->centre);
        for (int64_t i = 0; i < c->n; i++)
            c->square[i] = fmin(c->square[i],gk_square_distance(c->d, c->x + i * c->d, c->x + chosen * c->d));
    }
    return 0;
}

/* Every point to its nearest centre; how many change sides. */
static int64_t assign(clustering *c, double *inertia)
{
    int64_t n_changed = 0;
    *inertia = 0;
    for (int64_t i = 0; i < c->n; i++) {
        int32_t now = gk_cluster_nearest(c->args->k, c->d, c->centre, c->x + i * c->d, &c->square[i]);
        n_changed += now != c->of[i];
        c->of[i] = now;
        *inertia += c->square[i];
    }
    return n_changed;
}

/* The point that is farthest from its centre, of a cluster that has others. */
static int64_t farthest(const clustering *c)
{
    int64_t best = -1;
    for (int64_t i = 0; i < c->n; i++)
        if (c->size[c->of[i]] > 1 && (best < 0 || c->square[i] > c->square[best]))
            best = i;
    return best;
}

static void move_centres(clustering *c)
{
    const int k = c->args->k;
    memset(c->size, 0, (size_t)k * sizeof *c->size);
    for (int64_t i = 0; i < c->n; i++)
        c->size[c->of[i]]++;
    for (int which = 0; which < k; which++) {
        int64_t far = c->size[which] == 0 ? farthest(c) : -1;
        if (far < 0)
            continue;
        c->size[c->of[far]]--;
        c->size[which]++;
        c->of[far] = which;
        c->square[far] = 0;
    }
    memset(c->centre, 0, (size_t)k * (size_t)c->d * sizeof *c->centre);
    for (int64_t i = 0; i < c->n; i++)
        for (int j = 0; j < c->d; j++)
            c->centre[(int64_t)c->of[i] * c->d + j] += c->x[i * c->d + j];
    for (int which = 0; which < k; which++)
        for (int j = 0; j < c->d; j++)
            c->centre[(int64_t)which * c->d + j] /= (double)c->size[which];
}

static int restart(clustering *c, int number, double *inertia)
{
    if (begin(c, number) < 0)
        return -1;
    for (int64_t i = 0; i < c->n; i++)
        c->of[i] = -1;
    for (int step = 0; assign(c, inertia) > 0 && step < c->args->n_iteration; step++)
        move_centres(c);
    return 0;
}

static int check(const gk_cluster_args *args, int64_t n, int d, const double *x)
{
    if (args->k < 1 || args->k > n)
        return gk_usage_error("%d clusters of %lld points: expected 1 to %lld", args->k, (long long)n, (long long)n);
    for (int64_t i = 0; i < n * d; i++)
        if (!isfinite(x[i]))
            return gk_error("point %lld has a number that is not finite", (long long)(i / d));
    return 0;
}

int gk_cluster(const gk_cluster_args *args, int64_t n, int d, const double *x, double *centre, int32_t *of, double *inertia)
{
    clustering c = { .args = args, .n = n, .d = d, .x = x };
    double     now;
    if (check(args, n, d, x) < 0)
        return -1;
    c.centre = gk_alloc_large((size_t)args->k * (size_t)d * sizeof *c.centre, "centres");
    c.square = gk_alloc_large((size_t)n * sizeof *c.square, "distances");
    c.of = gk_alloc_large((size_t)n * sizeof *c.of, "clusters");
    c.size = gk_alloc_large((size_t)args->k * sizeof *c.size, "clusters");
    int status = c.centre && c.square && c.of && c.size ? 0 : -1;
    for (int number = 0; status == 0 && number < args->n_restart; number++) {
        status = restart(&c, number, &now);
        if (status < 0 || (number > 0 && now >= *inertia))
            continue;
        *inertia = now;
        memcpy(centre, c.centre, (size_t)args->k * (size_t)d * sizeof *centre);
        memcpy(of, c.of, (size_t)n * sizeof *of);
    }
    free(c.centre);
    free(c.square);
    free(c.of);
    free(c.size);
    return status;
}

/* --- silhouette -------------------------------------------------------------------------------- */

int gk_silhouette(int k, int64_t n, int d, const double *x, const int32_t *of, double *out)
{
    double  *sum = gk_alloc_large((size_t)k * sizeof *sum, "silhouettes");
    int64_t *size = gk_alloc_large((size_t)k * sizeof *size, "silhouettes");
    int      status = sum && size ? 0 : -1;
    if (size)
        memset(size, 0, (size_t)k * sizeof *size);
    for (int64_t i = 0; status == 0 && i < n; i++)
        size[of[i]]++;
    for (int64_t i = 0; status == 0 && i < n; i++) {
        double own, other = INFINITY;
        memset(sum, 0, (size_t)k * sizeof *sum);
        for (int64_t j = 0; j < n; j++)
            sum[of[j]] += sqrt(gk_square_distance(d, x + i * d, x + j * d));
        for (int c = 0; c < k; c++)
            if (c != of[i] && size[c] > 0)
                other = fmin(other, sum[c] / (double)size[c]);
        own = sum[of[i]] / (double)(size[of[i]] - 1);
        out[i] = !isfinite(other) ? NAN : size[of[i]] == 1 ? 0 : own == other ? 0 : (other - own) / fmax(own, other);
    }
    free(sum);
    free(size);
    return status;
}
