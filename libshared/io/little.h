/* little.h -- numbers with the low byte first, at any address, as most formats have them. */
#ifndef GK_IO_LITTLE_H
#define GK_IO_LITTLE_H

#include <stdint.h>
#include <string.h>

static inline uint64_t gk_unsigned_at(const void *at, int n_byte)
{
    const uint8_t *byte = at;
    uint64_t value = 0;
    for (int i = n_byte - 1; i >= 0; i--)
        value = value << 8 | byte[i];
    return value;
}

static inline void gk_put_bytes(uint8_t *to, const void *from, size_t n)
{
    memcpy(to, from, n);
}

static inline void gk_put_unsigned(uint8_t *at, int n_byte, uint64_t value)
{
    for (int i = 0; i < n_byte; i++, value >>= 8)
        at[i] = (uint8_t)value;
}

static inline double gk_float_at(const void *at)
{
    float value;
    memcpy(&value, at, sizeof value);
    return (double)value;
}

static inline double gk_double_at(const void *at)
{
    double value;
    memcpy(&value, at, sizeof value);
    return value;
}

#endif
