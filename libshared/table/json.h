/* json.h -- the part of tsv.h that reads lines of JSON. */
#ifndef GK_TABLE_JSON_H
#define GK_TABLE_JSON_H

#include "io/text.h"
#include "table/frame.h"

/* The object of `line` and those of the lines behind it, as texts that point into them.  -1 with gk_error. */
int gk_json_read(gk_frame *frame, gk_text *text, char *line) GK_MUST_CHECK;

#endif
