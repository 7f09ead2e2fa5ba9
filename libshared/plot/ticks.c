/* ticks.c -- see ticks.h. */
#include "plot/ticks.h"

#include <float.h>
#include <math.h>
#include <string.h>
#include "plot/extent.h"
#include "plot/letters.h"

#define GAP_ACROSS 0.9    /* em between labels beside each other, and from one line to the next */
#define GAP_UP     1.45
#define POWER_SIZE 0.8    /* of a power's letters, as gnuplot makes them */
#define SLACK      1e-9
enum { MAX_LABEL = 9, MAX_LABEL_UP = 8 };

double gk_tick_width(const gk_tick *tick)
{
    return gk_letters_width(tick->label) + (tick->power ? POWER_SIZE * gk_letters_width(tick->power) : 0);
}

const char *gk_tick_plain(const gk_tick *tick, gk_arena *arena)
{
    const char *times = strstr(tick->label, "·");

    if (!tick->power)
        return tick->label;
    return gk_arena_printf(arena, "%.*se%s", times ? (int)(times - tick->label) : 1, times ? tick->label : "1", tick->power);
}

/* --- how a number is written -------------------------------------------------------------------------------------- */

typedef enum { PLAIN, POWERS, COUNTS } form;

/* 1200 as 1.2k, 3000000 as 3M. */
static const char *count_label(double value, gk_arena *arena)
{
    static const char *const unit[] = { "", "k", "M", "G", "T" };
    int u = 0;

    while (u < 4 && fabs(value) >= 999.999) {
        value /= 1000;
        u++;
    }
    return gk_arena_printf(arena, "%.6g%s", value, unit[u]);
}

static gk_tick labelled(double value, form as, gk_arena *arena)
{
    gk_tick tick = { value, NULL, NULL };

    if (as == COUNTS) {
        tick.label = count_label(value, arena);
    } else if (as == PLAIN || value == 0) {
        tick.label = gk_arena_printf(arena, "%.6g", value);
    } else {
        int    power = (int)floor(log10(fabs(value)) + SLACK);
        double factor = value / pow(10, power);
        tick.label = fabs(factor - 1) < 1e-6 ? "10" : gk_arena_printf(arena, "%.4g·10", factor);
        tick.power = gk_arena_printf(arena, "%d", power);
    }
    return tick;
}

/* The form that fits all of n numbers. */
static form form_of(int n, const double *value, bool is_log)
{
    double low = INFINITY, high = 0, whole = 0;

    for (int i = 0; i < n; i++) {
        double size = fabs(value[i]);
        low = size > 0 ? fmin(low, size) : low;
        high = fmax(high, size);
        whole += size == floor(size + SLACK * size);
    }
    if (high >= 2000 && high < 1e15 && (is_log ? low >= 1 - SLACK : whole == n))
        return COUNTS;
    return n == 0 || (low >= 0.99e-4 && high < 1e5) ? PLAIN : POWERS;
}

/* --- which numbers ------------------------------------------------------------------------------------------------ */

static bool is_within(const double range[2], double value)
{
    double slack = SLACK * (range[1] - range[0]);

    return value >= range[0] - slack && value <= range[1] + slack;
}

typedef struct axis { const double *range; bool is_log, is_across; double length; gk_arena *arena; } axis;

/* Whether the numbers keep apart; if so they are the labels. */
static bool try_labels(const axis *a, int n, const double *value, gk_ticks *out)
{
    double end = -INFINITY;
    form   as = form_of(n, value, a->is_log);

    if (n > (a->is_across ? MAX_LABEL : MAX_LABEL_UP))
        return false;
    *out = (gk_ticks){ 0 };
    for (int i = 0; i < n; i++) {
        gk_tick tick = labelled(value[i], as, a->arena);
        double  at = gk_axis_share(a->range, a->is_log, value[i]) * a->length, width = gk_tick_width(&tick);
        if (at - (a->is_across ? width / 2 + GAP_ACROSS : GAP_UP) < end)
            return false;
        end = at + (a->is_across ? width / 2 : 0);
        out->widest = fmax(out->widest, width);
        out->tick[out->n++] = tick;
    }
    out->n_label = n;
    return true;
}

void gk_ticks_write(int n, const double *value, bool is_log, gk_arena *arena, gk_ticks *out)
{
    form as = form_of(n, value, is_log);

    *out = (gk_ticks){ 0 };
    for (int i = 0; i < n && i < GK_MAX_TICK; i++) {
        out->tick[out->n++] = labelled(value[i], as, arena);
        out->widest = fmax(out->widest, gk_tick_width(&out->tick[i]));
    }
    out->n_label = out->n;
}

static void add_tick(gk_ticks *ticks, const double range[2], double at)
{
    if (ticks->n == GK_MAX_TICK || !is_within(range, at))
        return;
    for (int i = 0; i < ticks->n_label; i++)
        if (fabs(ticks->tick[i].at - at) <= SLACK * fabs(at))
            return;
    ticks->tick[ticks->n++] = (gk_tick){ at, NULL, NULL };
}

/* Even steps of 1, 2 or 5 times a power of ten: the smallest whose labels keep apart. */
static void even_ticks(const axis *a, gk_ticks *out)
{
    static const double factors[] = { 1, 2, 5 };
    double span = a->range[1] - a->range[0], unit = pow(10, floor(log10(span / MAX_LABEL)));

    for (int k = 0; k < 12; k++) {
        int    decade = k / 3;
        double step = unit * factors[k % 3] * pow(10, decade), value[MAX_LABEL + 1];
        double first = ceil(a->range[0] / step - SLACK);
        int    n = 0;
        for (; n <= MAX_LABEL && (first + n) * step <= a->range[1] + SLACK * span; n++)
            value[n] = first + n == 0 ? 0 : (first + n) * step;
        if (try_labels(a, n, value, out))
            return;
    }
    *out = (gk_ticks){ 0 };
}

/* Numbers of some decades: `factors` times ten to every power that `stride` divides. */
static int decades(const double range[2], const double *factors, int n_factor, int stride, double value[MAX_LABEL + 1])
{
    int first = (int)floor(log10(range[0])), last = (int)ceil(log10(range[1])), n = 0;

    for (int decade = first; decade <= last; decade++)
        for (int f = 0; f < n_factor && decade % stride == 0; f++) {
            double at = factors[f] * pow(10, decade);
            if (n <= MAX_LABEL && at >= range[0] * (1 - SLACK) && at <= range[1] * (1 + SLACK))
                value[n++] = at;
        }
    return n;
}

static void log_ticks(const axis *a, gk_ticks *out)
{
    static const double factors[] = { 1, 2, 5 };
    double n_decade = log10(a->range[1]) - log10(a->range[0]), value[MAX_LABEL + 1];
    bool   is_done = n_decade < 2.5 && try_labels(a, decades(a->range, factors, 3, 1, value), value, out);
    int    stride = 1;

    if (!is_done && n_decade < 2.5) {    /* few decades on a short axis */
        static const double ends[] = { 1, 3 };
        is_done = try_labels(a, decades(a->range, ends, 2, 1, value), value, out) && out->n_label > 1;
    }
    while (!is_done && stride < 400) {
        is_done = try_labels(a, decades(a->range, factors, 1, stride, value), value, out);
        stride += !is_done;
    }
    for (int f = 1; f < 3 && out->n_label < 2 && n_decade < 2.5; f++)    /* not even two powers of ten */
        (void)try_labels(a, decades(a->range, &factors[f], 1, 1, value), value, out);
    if (out->n_label < 2 && n_decade < 2.5)
        even_ticks(a, out);
    for (int decade = (int)floor(log10(a->range[0])); decade <= (int)ceil(log10(a->range[1])); decade++)
        for (int f = 1; f < (stride == 1 && n_decade * 18 < GK_MAX_TICK ? 10 : 2); f++)
            add_tick(out, a->range, f * pow(10, decade));
}

void gk_ticks_choose(const double range[2], bool is_log, double length, bool is_across, gk_arena *arena, gk_ticks *out)
{
    axis a = { range, is_log, is_across, length, arena };

    *out = (gk_ticks){ 0 };
    if (!isfinite(range[0]) || !isfinite(range[1]) || range[1] - range[0] <= DBL_EPSILON * fabs(range[1]) || length <= 0 ||
        (is_log && range[0] <= 0))
        return;
    if (is_log && range[1] / range[0] >= 4)
        log_ticks(&a, out);
    else
        even_ticks(&a, out);
}
