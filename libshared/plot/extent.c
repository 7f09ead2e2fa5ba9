/* extent.c -- see extent.h. */
#include "plot/extent.h"

#include <math.h>

#define AIR_UP     0.04
#define AIR_ACROSS 0.02
#define LARGEST    1e300    /* that an axis shows */

bool gk_is_drawn(double value, bool is_log)
{
    return isfinite(value) && (!is_log || value > 0);
}

static void widen(double range[2], const double *value, int64_t n, bool is_log)
{
    for (int64_t i = 0; value && i < n; i++)
        if (gk_is_drawn(value[i], is_log)) {
            range[0] = fmin(range[0], value[i]);
            range[1] = fmax(range[1], value[i]);
        }
}

/* log(value / low); the quotient may be more than a number holds. */
static double log_ratio(double value, double low)
{
    double ratio = value / low;

    return isfinite(ratio) ? log(ratio) : log(value) - log(low);
}

double gk_axis_share(const double range[2], bool is_log, double value)
{
    return is_log ? log_ratio(value, range[0]) / log_ratio(range[1], range[0]) : (value - range[0]) / (range[1] - range[0]);
}

double gk_axis_at(const double range[2], bool is_log, double share)
{
    return is_log ? range[0] * exp(share * log_ratio(range[1], range[0])) : range[0] + share * (range[1] - range[0]);
}

void gk_figure_extent(const gk_figure *figure, bool is_x, int axis, double out[2])
{
    const gk_axis *of = is_x ? &figure->x : &figure->y[axis];

    out[0] = INFINITY;
    out[1] = -INFINITY;
    for (int64_t l = 0; l < figure->n_line; l++) {
        const gk_figure_line *line = &figure->line[l];
        if (!is_x && line->axis != axis)
            continue;
        widen(out, is_x ? line->x : line->y, line->n, of->is_log);
        widen(out, is_x ? NULL : line->low, line->n, of->is_log);
        widen(out, is_x ? NULL : line->high, line->n, of->is_log);
    }
    for (int m = 0; m < figure->n_map; m++)
        widen(out, is_x ? figure->map[m].x_edge : figure->map[m].y_edge,
              (is_x ? figure->map[m].n_x : figure->map[m].n_y) + 1, of->is_log);
    for (int end = 0; end < 2; end++)
        if (isfinite(of->range[end]))
            out[end] = of->range[end];
}

/* A number below (way -1) or above (1) an end of an axis, where nothing else says where the other end is. */
static double beyond(double end, bool is_log, int way)
{
    double step = end == 0 ? 0.5 : 0.05 * fabs(end);

    return is_log ? end * (way > 0 ? 2 : 0.5) : end + way * step;
}

static double held(double value, bool is_log)
{
    return fmin(fmax(value, is_log ? 1 / LARGEST : -LARGEST), LARGEST);
}

void gk_figure_range(const gk_figure *figure, bool is_x, int axis, double out[2])
{
    const gk_axis *of = is_x ? &figure->x : &figure->y[axis];
    bool   has_air = figure->n_map == 0 && (!is_x || figure->style != GK_STYLE_LINES), is_given[2], is_known[2];
    double air = is_x ? AIR_ACROSS : AIR_UP;

    gk_figure_extent(figure, is_x, axis, out);
    for (int end = 0; end < 2; end++) {
        is_known[end] = gk_is_drawn(out[end], of->is_log);
        is_given[end] = is_known[end] && isfinite(of->range[end]);
        out[end] = is_known[end] ? held(out[end], of->is_log) : NAN;
    }
    if (!is_known[0] && !is_known[1]) {
        out[0] = of->is_log ? 1 : 0;
        out[1] = of->is_log ? 10 : 1;
    } else if (out[0] < out[1]) {
        double ends[2] = { gk_axis_at(out, of->is_log, -air), gk_axis_at(out, of->is_log, 1 + air) };
        for (int end = 0; end < 2 && has_air; end++)
            out[end] = is_given[end] ? out[end] : held(ends[end], of->is_log);
    } else {    /* one number, or nothing beyond an end that is given */
        int    from = is_given[1] || !is_known[0];
        double at = out[from];
        out[0] = is_given[0] ? at : beyond(at, of->is_log, -1);
        out[1] = is_given[1] ? at : beyond(at, of->is_log, 1);
    }
}
