/* gunzip.h -- the bytes of a file, gzip'd or not: by its first two bytes, whatever its name.
 *
 * The file may be anybody's: one that ends too early, makes no sense or has a wrong checksum is an error, as is anything but
 * another compressed member behind a compressed one. */
#ifndef GK_IO_GUNZIP_H
#define GK_IO_GUNZIP_H

#include <stdint.h>
#include "base/error.h"

enum { GK_GUNZIP_MAX_RATIO = 1032 };    /* deflate makes one byte of at most so many */

typedef struct gk_gunzip gk_gunzip;

/* path "-": standard input.  NULL with gk_error. */
gk_gunzip *gk_gunzip_open(const char *path);
/* The same of a file that messages call by another name, which must stay. */
gk_gunzip *gk_gunzip_open_as(const char *path, const char *name);
void       gk_gunzip_close(gk_gunzip *from);    /* NULL is fine */

/* Up to n bytes into `to`; how many there were (fewer than n: the file ends there), or -1 with gk_error. */
int64_t    gk_gunzip_read(gk_gunzip *from, void *to, int64_t n) GK_MUST_CHECK;

/* As many bytes as can be in it at most, foreseen from its length; -1 with gk_error: it is not a regular file. */
int64_t    gk_gunzip_most(gk_gunzip *from) GK_MUST_CHECK;

#endif
