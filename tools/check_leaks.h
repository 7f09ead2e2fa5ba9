/* check_leaks.h -- grok-check --leaks: what is wrong with splits, as a table. */
#ifndef GK_TOOLS_CHECK_LEAKS_H
#define GK_TOOLS_CHECK_LEAKS_H

#include "base/table.h"

/* The columns, on standard output; NULL with gk_error. */
gk_table *gk_leaks_table(bool json);
/* A row for each run of a checkpoint, or one for a dataset file.  Was anything found?  -1 with gk_error: it cannot be read, or
 * its data are not there. */
int       gk_leaks_rows(gk_table *table, const char *path, bool is_dataset) GK_MUST_CHECK;

#endif
