/* sha256.h -- SHA-256 of memory and files, as 64 hex digits. */
#ifndef GK_BASE_SHA256_H
#define GK_BASE_SHA256_H

#include <stddef.h>
#include "base/error.h"

enum { GK_SHA256_HEX = 65 };    /* with the final NUL */

typedef struct gk_sha256 gk_sha256;
gk_sha256 *gk_sha256_new(void);
gk_sha256 *gk_sha256_copy(const gk_sha256 *sum);                      /* of what has been added so far */
void       gk_sha256_add(gk_sha256 *sum, const void *data, size_t n_bytes);
void       gk_sha256_free(gk_sha256 *sum, char hex[GK_SHA256_HEX]);   /* hex may be NULL */

#endif
