/* dtype.c -- sizes and names of element types. */
#include "base/dtype.h"
#include "base/error.h"

static const struct { size_t size; const char *name; } types[] = {
    [GK_F32] = { 4, "float32" },
    [GK_F64] = { 8, "float64" },
    [GK_I32] = { 4, "int32" },
    [GK_I64] = { 8, "int64" },
    [GK_U8]  = { 1, "uint8" },
};

size_t gk_dtype_size(gk_dtype type)
{
    gk_assert((size_t)type < sizeof types / sizeof types[0]);
    return types[type].size;
}

const char *gk_dtype_name(gk_dtype type)
{
    gk_assert((size_t)type < sizeof types / sizeof types[0]);
    return types[type].name;
}
