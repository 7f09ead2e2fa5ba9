/* outfile_rules.h -- what may take the place of what: see outfile.h.  For outfile.c. */
#ifndef GK_BASE_OUTFILE_RULES_H
#define GK_BASE_OUTFILE_RULES_H

#include "base/outfile.h"

/* May this process write to the file `target`, which was given as `path`?  From the first call for a path on, the version that
 * stands there is the one that a store will replace.  -1 with gk_error. */
int  gk_rules_begin(gk_outfile_kind kind, const char *path, const char *target);

/* May it still?  NULL: yes; else why not, in words. */
const char *gk_rules_change(gk_outfile_kind kind, const char *path, const char *target);

/* The version that stands there now is ours. */
void gk_rules_done(const char *path, const char *target);

#endif
