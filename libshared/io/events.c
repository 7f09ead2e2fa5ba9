/* events.c -- see events.h (tensorflow/core/util/event.proto, summary.proto; TFRecord). */
#include "io/events.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "io/little.h"

/* Field numbers and wire types: number * 8 + type. */
enum { WALL_TIME = 1 << 3 | 1, STEP = 2 << 3, FILE_VERSION = 3 << 3 | 2, SUMMARY = 5 << 3 | 2,
       SUMMARY_VALUE = 1 << 3 | 2, VALUE_TAG = 1 << 3 | 2, VALUE_SIMPLE = 2 << 3 | 5, MAX_VARINT = 10 };

/* --- records ------------------------------------------------------------------------------------------------------------ */

/* CRC-32C (Castagnoli), as TFRecord rotates it. */
static uint32_t masked_crc(const uint8_t *at, size_t n)
{
    uint32_t crc = UINT32_MAX;
    for (size_t i = 0; i < n; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (0x82f63b78U & -(crc & 1));
    }
    crc = ~crc;
    return (crc >> 15 | crc << 17) + 0xa282ead8U;
}

static int put_record(gk_outfile *output, const uint8_t *event, size_t n)
{
    uint8_t head[12], tail[4];
    gk_put_unsigned(head, 8, n);
    gk_put_unsigned(head + 8, 4, masked_crc(head, 8));
    gk_put_unsigned(tail, 4, masked_crc(event, n));
    if (gk_outfile_write(output, head, sizeof head) < 0 || gk_outfile_write(output, event, n) < 0)
        return -1;
    return gk_outfile_write(output, tail, sizeof tail);
}

/* --- messages ----------------------------------------------------------------------------------------------------------- */

static uint8_t *put_varint(uint8_t *to, uint64_t value)
{
    for (; value >= 128; value >>= 7)
        *to++ = (uint8_t)(value | 128);
    *to++ = (uint8_t)value;
    return to;
}

static uint8_t *put_bytes(uint8_t *to, int field, const void *bytes, size_t n)
{
    to = put_varint(put_varint(to, (uint64_t)field), n);
    memcpy(to, bytes, n);
    return to + n;
}

static uint8_t *put_time(uint8_t *to, double wall_time_s)
{
    *to++ = WALL_TIME;
    memcpy(to, &wall_time_s, sizeof wall_time_s);
    return to + sizeof wall_time_s;
}

int gk_events_begin(gk_outfile *output, double wall_time_s)
{
    static const char version[] = "brain.Event:2";
    uint8_t event[64], *end = put_bytes(put_time(event, wall_time_s), FILE_VERSION, version, strlen(version));
    return put_record(output, event, (size_t)(end - event));
}

/* A scalar by name; its bytes into `to`, which has room for them. */
static uint8_t *put_value(uint8_t *to, const char *name, double number)
{
    size_t   n_name = strlen(name), n_size;
    float    simple = (float)number;
    uint8_t *begin = to + 1 + MAX_VARINT, *end = put_bytes(begin, VALUE_TAG, name, n_name);
    *end++ = VALUE_SIMPLE;
    memcpy(end, &simple, sizeof simple);
    end += sizeof simple;
    n_size = (size_t)(end - begin);
    to = put_varint(put_varint(to, SUMMARY_VALUE), n_size);
    memmove(to, begin, n_size);
    return to + n_size;
}

int gk_events_put(gk_outfile *output, double wall_time_s, int64_t step, int n, const char *const *names, const double *values)
{
    size_t n_most = 64;
    for (int i = 0; i < n; i++)
        n_most += strlen(names[i]) + 4 * MAX_VARINT;
    uint8_t *summary = malloc(2 * n_most), *event = summary ? summary + n_most : NULL, *end = summary;
    if (!summary)
        return gk_error("out of memory for %s", gk_outfile_label(output));
    for (int i = 0; i < n; i++)
        if (!isnan(values[i]))
            end = put_value(end, names[i], values[i]);
    size_t   n_summary = (size_t)(end - summary);
    uint8_t *to = put_time(event, wall_time_s);
    *to++ = STEP;
    to = put_bytes(put_varint(to, (uint64_t)step), SUMMARY, summary, n_summary);
    int status = put_record(output, event, (size_t)(to - event));
    free(summary);
    return status;
}
