/* colour.c -- how values of a map become colours, and the numbers beside a colour bar. */
#include <math.h>
#include "plot/figure_private.h"

/* --- scale -------------------------------------------------------------------------------------------------------- */

static double on_scale(const gk_colour_scale *scale, double value)
{
    switch (scale->kind) {
    case GK_COLOUR_LOG:   return value > 0 ? log10(value) : -INFINITY;
    case GK_COLOUR_POWER: return value > 0 ? pow(value, scale->power) : value;
    default:              return value;
    }
}

double gk_colour_share(const gk_colour_scale *scale, double value)
{
    double low = on_scale(scale, scale->range[0]), high = on_scale(scale, scale->range[1]);

    return high > low ? (on_scale(scale, value) - low) / (high - low) : 0.5;
}

/* --- colours ------------------------------------------------------------------------------------------------------ */

static const uint32_t viridis[] = { 0x440154, 0x482475, 0x414487, 0x355f8d, 0x2a788e, 0x21918c,
                                    0x22a884, 0x44bf70, 0x7ad151, 0xbddf26, 0xfde725 };
enum { N_VIRIDIS = sizeof viridis / sizeof *viridis };

uint32_t gk_colour_ramp(double share)
{
    double place = fmin(fmax(share, 0), 1) * (N_VIRIDIS - 1);
    int below = place >= N_VIRIDIS - 1 ? N_VIRIDIS - 2 : (int)place;
    uint32_t out = 0;

    for (int shift = 0; shift < 24; shift += 8) {
        double a = viridis[below] >> shift & 255, b = viridis[below + 1] >> shift & 255;
        out |= (uint32_t)lround(a + (place - below) * (b - a)) << shift;
    }
    return out;
}

uint32_t gk_colour_contrast(uint32_t colour)
{
    double light = 0.299 * (colour >> 16 & 255) + 0.587 * (colour >> 8 & 255) + 0.114 * (colour & 255);

    return light > 128 ? 0x000000 : 0xffffff;
}

/* --- numbers beside the bar --------------------------------------------------------------------------------------- */

/* Multiples of 1, 2 or 5 times a power of ten. */
static int even_tics(const double range[2], int n_most, double *tic)
{
    static const double steps[] = { 1, 2, 5, 10 };
    double unit = pow(10, floor(log10((range[1] - range[0]) / n_most)));
    int n = 0, s = 0;

    while (s < 3 && (range[1] - range[0]) / (unit * steps[s]) > n_most - 1)
        s++;
    double step = unit * steps[s], slack = 1e-9 * (range[1] - range[0]);
    for (double first = ceil((range[0] - slack) / step); n < n_most && (first + n) * step <= range[1] + slack; n++)
        tic[n] = (first + n) * step;
    return n;
}

/* Powers of ten, as many as have room; 1, 2 and 5 if these are few. */
static int log_tics(const double range[2], int n_most, double *tic)
{
    static const double steps[] = { 1, 2, 5 };
    int first = (int)floor(log10(range[0])), last = (int)ceil(log10(range[1])), n = 0;
    int stride = (last - first) / n_most + 1, n_step = last - first <= 3 ? 3 : 1;

    for (int decade = first; decade <= last; decade += stride)
        for (int s = 0; s < n_step && n < n_most; s++) {
            double value = steps[s] * pow(10, decade);
            if (value >= range[0] * (1 - 1e-9) && value <= range[1] * (1 + 1e-9))
                tic[n++] = value;
        }
    return n;
}

/* From the top down, 1, 2 and 5 times powers of ten wherever there is room; the lowest is 0 if the scale has it. */
static int power_tics(const gk_colour_scale *scale, int n_most, double *tic)
{
    static const double steps[] = { 5, 2, 1 };
    double room = 0.7 / n_most, above = 1 + room, least = gk_colour_share(scale, scale->range[0]) + room;
    int n = 0;

    if (scale->range[1] <= 0)
        return 0;
    for (int decade = (int)ceil(log10(scale->range[1])); n < n_most - 1 && pow(10, decade) * 10 > scale->range[0]; decade--)
        for (int s = 0; s < 3 && n < n_most - 1; s++) {
            double value = steps[s] * pow(10, decade), share = gk_colour_share(scale, value);
            if (share < (scale->range[0] > 0 ? 0 : least))
                goto bottom;
            if (share <= 1 + 1e-9 && share <= above - room) {
                tic[n++] = value;
                above = share;
            }
        }
bottom:
    if (scale->range[0] <= 0)
        tic[n++] = 0;
    for (int i = 0; i < n / 2; i++) {
        double swap = tic[i];
        tic[i] = tic[n - 1 - i];
        tic[n - 1 - i] = swap;
    }
    return n;
}

int gk_colour_tics(const gk_colour_scale *scale, int n_most, double *tic)
{
    if (!(scale->range[1] > scale->range[0])) {
        tic[0] = scale->range[0];
        return 1;
    }
    return scale->kind == GK_COLOUR_LOG     ? log_tics(scale->range, n_most, tic)
           : scale->kind == GK_COLOUR_POWER ? power_tics(scale, n_most, tic)
                                            : even_tics(scale->range, n_most, tic);
}
