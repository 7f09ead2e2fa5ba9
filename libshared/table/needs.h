/* needs.h -- which values a column must have among the rows of a claim, so that something is decided by them. */
#ifndef GK_TABLE_NEEDS_H
#define GK_TABLE_NEEDS_H

#include <stdio.h>
#include "table/expression.h"

/* needs: "COLUMN = VALUE VALUE ...; COLUMN = N values", every value, or so many different ones; $NAME stands for the values (or
 * the number) in a parameter.  "size = 28 values with alpha = 21 values": each size has its 21, so that the grid has no hole.
 * What rows lack is told as "task: no subtract; size 200, alpha: 20 of 21 values", after before if there is any.
 * 1: something is missing; 0: nothing; -1 with gk_error: no such column or parameter, needs that are none. */
int gk_needs_missing(const char *needs, const gk_rows_of_tables *tables, const gk_selection *rows, const char *before,
                     gk_arena *arena, FILE *told) GK_MUST_CHECK;

/* How many of the values, or of the places of its grid, that each need asks for there are, of those that lack some: "23 of 28;
 * 2 of 3", behind `before` if there is any; in arena memory.  NULL with gk_error. */
const char *gk_needs_grid(const char *needs, const gk_rows_of_tables *tables, const gk_selection *rows, const char *before,
                          gk_arena *arena) GK_MUST_CHECK;

#endif
