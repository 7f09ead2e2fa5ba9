/* dtype.h -- element types that appear in files and in the engine. */
#ifndef GK_BASE_DTYPE_H
#define GK_BASE_DTYPE_H

#include <stddef.h>

typedef enum { GK_F32, GK_F64, GK_I32, GK_I64, GK_U8 } gk_dtype;

size_t      gk_dtype_size(gk_dtype type);   /* bytes */
const char *gk_dtype_name(gk_dtype type);   /* "float32", ... */

#endif
