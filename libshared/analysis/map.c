/* map.c -- see map.h. */
#include "analysis/map.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- axes --------------------------------------------------------------------------------------------------------- */

/* Standard deviation over mean of the steps between values or their logarithms. */
static double unevenness(int64_t n, const double *value, bool is_log)
{
    double sum = 0, square = 0, n_step = (double)(n - 1);

    for (int64_t i = 0; i + 1 < n; i++) {
        double step = is_log ? log(value[i + 1] / value[i]) : value[i + 1] - value[i];
        sum += step;
        square += step * step;
    }
    return sqrt(fmax(0, square / n_step - (sum / n_step) * (sum / n_step))) / (sum / n_step);
}

bool gk_map_looks_log(int64_t n, const double *value)
{
    if (n < 3 || value[0] <= 0 || value[n - 1] / value[0] < 4)
        return false;
    return unevenness(n, value, true) < unevenness(n, value, false);
}

void gk_map_edges(int64_t n, const double *centre, bool is_log, double *edge)
{
    for (int64_t i = 1; i < n; i++)
        edge[i] = is_log ? sqrt(centre[i - 1]) * sqrt(centre[i]) : (centre[i - 1] + centre[i]) / 2;
    if (n == 1 && is_log) {
        edge[0] = centre[0] / sqrt(2);
        edge[1] = centre[0] * sqrt(2);
    } else if (n == 1) {
        edge[0] = centre[0] - 0.5;
        edge[1] = centre[0] + 0.5;
    } else if (is_log) {
        edge[0] = centre[0] / edge[1] * centre[0];
        edge[n] = centre[n - 1] / edge[n - 1] * centre[n - 1];
    } else {
        edge[0] = 2 * centre[0] - edge[1];
        edge[n] = 2 * centre[n - 1] - edge[n - 1];
    }
}

/* --- blur --------------------------------------------------------------------------------------------------------- */

static double blurred(const gk_map *map, int64_t ix, int64_t iy, double sigma)
{
    int64_t radius = (int64_t)ceil(3 * sigma);
    double sum = 0, weights = 0;

    for (int64_t y = iy - radius < 0 ? 0 : iy - radius; y <= iy + radius && y < map->n_y; y++)
        for (int64_t x = ix - radius < 0 ? 0 : ix - radius; x <= ix + radius && x < map->n_x; x++) {
            double value = map->z[y * map->n_x + x], dx = (double)(x - ix) / sigma, dy = (double)(y - iy) / sigma;
            double weight = exp(-(dx * dx + dy * dy) / 2);
            if (isfinite(value)) {
                sum += weight * value;
                weights += weight;
            }
        }
    return sum / weights;
}

int gk_map_blur(gk_map *map, double sigma)
{
    int64_t n = map->n_x * map->n_y;
    double *out;

    if (sigma <= 0)
        return 0;
    if (!(out = gk_alloc_large((size_t)n * sizeof *out, "blurred map")))
        return -1;
    for (int64_t i = 0; i < n; i++)
        out[i] = isfinite(map->z[i]) ? blurred(map, i % map->n_x, i / map->n_x, sigma) : map->z[i];
    memcpy(map->z, out, (size_t)n * sizeof *out);
    free(out);
    return 0;
}

/* --- contours ----------------------------------------------------------------------------------------------------- */

/* Lines cross the sides between neighbouring centres.  A side is numbered 2 c from centre c to the one on its right, 2 c + 1 to
 * the one above it; two lines at most meet at a crossing, one from each of the squares that share the side. */
typedef struct tracing {
    const gk_map *map;
    double        level;
    int64_t     (*next)[2];    /* [sides] the sides that a crossing is joined with; -1: none */
} tracing;

static void join(tracing *t, int64_t a, int64_t b)
{
    t->next[a][t->next[a][0] >= 0] = b;
    t->next[b][t->next[b][0] >= 0] = a;
}

static void cross_square(tracing *t, int64_t corner)
{
    int64_t n_x = t->map->n_x;
    const double *z = t->map->z + corner;
    const double around[4] = { z[0], z[1], z[n_x + 1], z[n_x] };    /* counterclockwise from below left */
    const int64_t side[4] = { 2 * corner, 2 * (corner + 1) + 1, 2 * (corner + n_x), 2 * corner + 1 };
    bool is_above[4];
    int  crossed[4], n_crossed = 0;

    for (int i = 0; i < 4; i++) {
        if (!isfinite(around[i]))
            return;
        is_above[i] = around[i] >= t->level;
    }
    for (int i = 0; i < 4; i++)
        if (is_above[i] != is_above[(i + 1) % 4])
            crossed[n_crossed++] = i;
    if (n_crossed == 2) {
        join(t, side[crossed[0]], side[crossed[1]]);
    } else if (n_crossed == 4) {    /* lines cut off the two corners that differ from the middle */
        bool middle = (around[0] + around[1] + around[2] + around[3]) / 4 >= t->level;
        bool cuts_first = is_above[0] != middle;
        join(t, side[0], side[cuts_first ? 3 : 1]);
        join(t, side[2], side[cuts_first ? 1 : 3]);
    }
}

static double between(double from, double to, double share, bool is_log)
{
    return is_log ? from * pow(to / from, share) : from + share * (to - from);
}

static void crossing_at(const tracing *t, int64_t side, double *x, double *y)
{
    const gk_map *map = t->map;
    int64_t from = side / 2, to = side % 2 ? from + map->n_x : from + 1;
    double share = (t->level - map->z[from]) / (map->z[to] - map->z[from]);

    *x = between(map->x[from % map->n_x], map->x[to % map->n_x], share, map->log_x);
    *y = between(map->y[from / map->n_x], map->y[to / map->n_x], share, map->log_y);
}

/* Follow a line from a crossing to its end, or around; its joints are forgotten on the way.  Without out: count only. */
static gk_curve follow(tracing *t, int64_t start, gk_arena *arena)
{
    gk_curve line = { 0 };
    int64_t n = 0, side = start, from = -1;

    do {    /* count */
        int64_t to = t->next[side][t->next[side][0] == from];
        from = side;
        side = to;
        n++;
    } while (side >= 0 && side != start);
    line.x = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *line.x);
    line.y = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *line.y);
    bool is_closed = side == start;
    for (side = start, from = -1; line.n < n; line.n++) {
        int64_t to = t->next[side][t->next[side][0] == from];
        crossing_at(t, side, &line.x[line.n], &line.y[line.n]);
        t->next[side][0] = t->next[side][1] = -1;
        from = side;
        side = to;
    }
    if (is_closed) {
        line.x[line.n] = line.x[0];
        line.y[line.n++] = line.y[0];
    }
    return line;
}

int64_t gk_map_contour(const gk_map *map, double level, gk_arena *arena, gk_curve **line)
{
    int64_t n_side = 2 * map->n_x * map->n_y, n_end = 0, n_line = 0;
    tracing t = { map, level, gk_arena_alloc(arena, (size_t)n_side * sizeof *t.next) };

    memset(t.next, -1, (size_t)n_side * sizeof *t.next);
    for (int64_t y = 0; y + 1 < map->n_y; y++)
        for (int64_t x = 0; x + 1 < map->n_x; x++)
            cross_square(&t, y * map->n_x + x);
    for (int64_t side = 0; side < n_side; side++)
        n_end += t.next[side][0] >= 0;
    *line = gk_arena_alloc(arena, (size_t)(n_end + 1) * sizeof **line);    /* a line has two crossings at least */
    for (int pass = 0; pass < 2; pass++)    /* open lines from one of their ends, then what is left: closed ones */
        for (int64_t side = 0; side < n_side; side++)
            if (t.next[side][0] >= 0 && (pass == 1 || t.next[side][1] < 0))
                (*line)[n_line++] = follow(&t, side, arena);
    return n_line;
}
