/* ticks.h -- which numbers stand at an axis, and how they are written. */
#ifndef GK_PLOT_TICKS_H
#define GK_PLOT_TICKS_H

#include <stdbool.h>
#include "base/arena.h"

enum { GK_MAX_TICK = 160 };

/* A number at an axis, or a tick without one (label NULL).  With power it is "label" and the power above it: 10, "-4". */
typedef struct gk_tick { double at; const char *label, *power; } gk_tick;
typedef struct gk_ticks {
    int     n;
    gk_tick tick[GK_MAX_TICK];     /* those with a label first, ascending */
    int     n_label;
    double  widest;                /* label, in em of their font */
} gk_ticks;

/* Ticks of an axis that spans range and is `length` em long (of the labels' font).  Labels have one form at an axis, so that
 * they can be compared: 0.001, 0.01, ...; 10 to a power each; or 1, 10, 100, 1k where all are 1 and more.  They keep apart,
 * by their widths with is_across, else by their height.  A range that is empty or has no place on its axis has no ticks. */
void gk_ticks_choose(const double range[2], bool is_log, double length, bool is_across, gk_arena *arena, gk_ticks *out);

/* The labels of n given numbers, in one form. */
void gk_ticks_write(int n, const double *value, bool is_log, gk_arena *arena, gk_ticks *out);

/* Width of a label with its power, in em. */
double gk_tick_width(const gk_tick *tick);

/* The same numbers with a power as "1e-4", for where letters have one size. */
const char *gk_tick_plain(const gk_tick *tick, gk_arena *arena);

#endif
