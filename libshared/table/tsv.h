/* tsv.h -- read a table of tab-separated values, as written by base/table.h and by anybody else.
 *
 * Lines that start with '#' before the header are skipped.  The header names the columns, with an optional unit after the
 * first ':'.  Every row has as many cells as the header; an empty cell is missing; a column of which every cell that is not
 * empty is a number (nan and inf too) is one of numbers, any other is one of texts.  CR LF is read as LF.  The file may be
 * anybody's: NUL bytes, ragged rows, repeated names and sizes beyond the limits are errors that name line and column. */
#ifndef GK_TABLE_TSV_H
#define GK_TABLE_TSV_H

#include "table/frame.h"

enum { GK_TSV_MAX_COLUMN = 4096 };
#define GK_TSV_MAX_BYTES ((size_t)4 << 30)

/* path "-": stdin.  NULL with gk_error. */
gk_frame *gk_tsv_read(const char *path);

#endif
