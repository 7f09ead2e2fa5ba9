/* stat_map.c -- statistics of a map z(x, y) or a curve z(x): lowest cell, contours, gradients, widths (analysis/surface.h). */
#include <math.h>
#include "analysis/surface.h"
#include "table/stat_rows.h"

/* NULL with gk_error. */
static gk_surface *surface_of(const gk_stat_output *out, const gk_stat_sample *s)
{
    bool is_map = out->n_column == 3;
    return gk_surface_new(s->n, s->x, is_map ? s->y : NULL, is_map ? s->z : s->y, out->options->log);
}

/* --- the lowest cell ----------------------------------------------------------------------------------------------------- */

static bool on_the_edge(const gk_axis *axis, int64_t i)
{
    return axis->n > 1 && (i == 0 || i == axis->n - 1);
}

/* argmin X Z: x, z, inside, z at the first and the last x.  argmin X Y Z: x, y, z, inside. */
static int extreme(gk_stat_output *out, const gk_stat_sample *s, bool highest)
{
    gk_surface *m = surface_of(out, s);
    int64_t ix, iy;
    if (!m)
        return -1;
    if (gk_surface_extreme(m, highest, &ix, &iy)) {
        out->begin(out);
        gk_stat_put(out, m->x.x[ix]);
        if (out->n_column == 3)
            gk_stat_put(out, m->y.x[iy]);
        gk_stat_put(out, m->z[iy * m->x.n + ix]);
        gk_table_int(out->table, !on_the_edge(&m->x, ix) && !on_the_edge(&m->y, iy));
        if (out->n_column == 2) {
            gk_stat_put(out, m->z[0]);
            gk_stat_put(out, m->z[m->x.n - 1]);
        }
        gk_table_end_row(out->table);
    }
    gk_surface_free(m);
    return 0;
}

int gk_stat_lowest(gk_stat_output *out, const gk_stat_sample *s)  { return extreme(out, s, false); }
int gk_stat_highest(gk_stat_output *out, const gk_stat_sample *s) { return extreme(out, s, true); }

/* --- levels -------------------------------------------------------------------------------------------------------------- */

/* The n-th of --level; false: there are no more. */
static bool next_level(const gk_stat_output *out, const gk_surface *m, int64_t n, double *level)
{
    const gk_stat_options *o = out->options;
    int64_t ix, iy;
    if (n >= o->n_level)
        return false;
    *level = o->level[n];
    if (o->from_min && gk_surface_extreme(m, false, &ix, &iy))
        *level += m->z[iy * m->x.n + ix];
    return true;
}

static void put_crossings(gk_stat_output *out, const gk_surface *m, double level, bool along_x, double fixed, gk_crossing *found)
{
    int64_t n = along_x ? gk_surface_cross_x(m, fixed, level, found) : gk_surface_cross_y(m, fixed, level, found);
    for (int64_t i = 0; i < n; i++) {
        out->begin(out);
        gk_stat_put(out, level);
        if (out->n_column == 3)
            gk_stat_put(out, found[i].y);
        gk_stat_put(out, found[i].x);
        gk_stat_put(out, found[i].gradient[0]);
        if (out->n_column == 3)
            gk_stat_put(out, found[i].gradient[1]);
        gk_table_text(out->table, along_x ? "x" : "y");
        gk_table_int(out->table, found[i].rises);
        gk_table_end_row(out->table);
    }
}

/* contour X Y Z: level, y, x, dz_dx, dz_dy, along, rises.  contour X Z: without y and dz_dy. */
int gk_stat_contour(gk_stat_output *out, const gk_stat_sample *s)
{
    const gk_stat_options *o = out->options;
    gk_surface  *m = surface_of(out, s);
    if (!m)
        return -1;
    gk_crossing *found = gk_arena_alloc(out->arena, (size_t)(m->x.n + m->y.n) * sizeof *found);
    double       level;
    for (int64_t n = 0; next_level(out, m, n, &level); n++)
        for (int along_x = 1; along_x >= 0; along_x--) {
            const gk_axis *other = along_x ? &m->y : &m->x;
            if (o->along != GK_ALONG_BOTH && along_x != (o->along == GK_ALONG_X))
                continue;
            for (int64_t i = 0; i < (o->n_at > 0 ? o->n_at : other->n); i++)
                put_crossings(out, m, level, along_x, o->n_at > 0 ? o->at[i] : other->x[i], found);
        }
    gk_surface_free(m);
    return 0;
}

/* width X Z: level, pieces, low, high, width, open. */
int gk_stat_width(gk_stat_output *out, const gk_stat_sample *s)
{
    static const char *const open_names[] = { "none", "low", "high", "both" };
    gk_surface *m = surface_of(out, s);
    double      level;
    for (int64_t n = 0; m && next_level(out, m, n, &level); n++) {
        gk_below part;
        if (gk_surface_below(m, 0, level, &part) < 0) {
            gk_surface_free(m);
            return -1;
        }
        out->begin(out);
        gk_stat_put(out, level);
        gk_table_int(out->table, part.n_piece);
        gk_stat_put(out, part.low);
        gk_stat_put(out, part.high);
        gk_stat_put(out, part.width);
        gk_table_text(out->table, open_names[part.open_low + 2 * part.open_high]);
        gk_table_end_row(out->table);
    }
    gk_surface_free(m);
    return m ? 0 : -1;
}

/* gradient X Y Z: x, y, z, dz_dx, dz_dy at every cell. */
int gk_stat_gradient(gk_stat_output *out, const gk_stat_sample *s)
{
    gk_surface *m = surface_of(out, s);
    for (int64_t j = 0; m && j < m->y.n; j++)
        for (int64_t i = 0; i < m->x.n; i++) {
            double z, gradient[2];
            if (!gk_surface_at(m, m->x.x[i], m->y.x[j], &z, gradient))
                continue;
            out->begin(out);
            gk_stat_put(out, m->x.x[i]);
            gk_stat_put(out, m->y.x[j]);
            gk_stat_put(out, z);
            gk_stat_put(out, gradient[0]);
            gk_stat_put(out, gradient[1]);
            gk_table_end_row(out->table);
        }
    gk_surface_free(m);
    return m ? 0 : -1;
}
