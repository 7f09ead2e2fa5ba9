/* tsv.h -- read a table, as written by base/table.h and by anybody else: tab-separated values, or lines of JSON.
 *
 * TSV.  Lines that start with '#' before the header are its notes.  The header names the columns, with an optional unit after the
 * first ':'.  Every row has as many cells as the header.  Blanks around a cell are no part of it; a cell that begins with '"' is
 * in quotes: "" in it is one, tabs and line ends in it belong to it (CR LF and CR as LF; in a column's name a line end is a
 * blank), so that a row may take several lines (RFC 4180).  In a file named .csv or .csv.gz, of which the header has no tab,
 * commas take the place of tabs.  This reader's messages name lines of the file: that on which the row begins, or the cell in
 * quotes.  Those of who uses a table name rows, from 1, the header being none.
 * JSON.  An object a line, with the keys of the first one, in any order, and no lists or objects within.  What has no number in
 * JSON is written "inf", "-inf", "nan"; Infinity and NaN are read, too.
 *
 * An empty cell, or null, is missing; a column of which every cell that is not empty is a number (nan and inf too) is one of
 * numbers, any other is one of texts.  Marks of UTF-8 and ends of lines are as in io/text.h.  The file may be anybody's: NUL
 * bytes, ragged rows, repeated names and sizes beyond the limits are errors that name line and column. */
#ifndef GK_TABLE_TSV_H
#define GK_TABLE_TSV_H

#include "table/frame.h"

enum { GK_TSV_MAX_COLUMN = 4096 };

/* path "-": stdin.  NULL with gk_error. */
gk_frame *gk_tsv_read(const char *path);
/* The same of a file that messages call by another name. */
gk_frame *gk_tsv_read_as(const char *path, const char *name);

#endif
