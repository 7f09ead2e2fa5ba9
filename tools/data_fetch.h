/* data_fetch.h -- `grok-data fetch`: public data sets from their canonical addresses. */
#ifndef GK_TOOLS_DATA_FETCH_H
#define GK_TOOLS_DATA_FETCH_H

#include "base/error.h"
#include "base/options.h"
#include "data/public.h"

/* Get the files of a set into `folder` (NULL: where they are looked for), which is made if need be.  A file that is there and
 * right is left alone; one that was interrupted goes on; nothing takes its final name before its checksum is right.
 * -1 with gk_error: what to put where by hand. */
int gk_fetch(const gk_public *set, const char *folder) GK_MUST_CHECK;

/* 'fetch NAME' or 'fetch NAME FOLDER': the whole program, its exit status.  Ends the program if something is wrong. */
int gk_fetch_named(const gk_given *given);

#endif
