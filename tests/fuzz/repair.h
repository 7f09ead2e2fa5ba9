/* repair.h -- give damaged HDF5 bytes right checksums and a right seal, so that what looks behind these meets the damage. */
#ifndef GK_TESTS_REPAIR_H
#define GK_TESTS_REPAIR_H

#include <stdint.h>
#include <string.h>
#include "io/h5_scan.h"
#include "io/seal.h"

static unsigned char *repair_bytes;

#define REPAIR_ROTATE(x, k) ((x) << (k) | (x) >> (32 - (k)))

/* Jenkins's lookup3 (public domain), which HDF5 takes for metadata. */
static uint32_t lookup3(const unsigned char *key, size_t n)
{
    uint32_t a = 0xdeadbeef + (uint32_t)n, b = a, c = a, word[3];
    unsigned char last[12] = { 0 };

    for (; n > 12; n -= 12, key += 12) {
        memcpy(word, key, 12);
        a += word[0], b += word[1], c += word[2];
        a -= c, a ^= REPAIR_ROTATE(c, 4), c += b, b -= a, b ^= REPAIR_ROTATE(a, 6), a += c;
        c -= b, c ^= REPAIR_ROTATE(b, 8), b += a, a -= c, a ^= REPAIR_ROTATE(c, 16), c += b;
        b -= a, b ^= REPAIR_ROTATE(a, 19), a += c, c -= b, c ^= REPAIR_ROTATE(b, 4), b += a;
    }
    if (n == 0)
        return c;
    memcpy(last, key, n);
    memcpy(word, last, 12);
    a += word[0], b += word[1], c += word[2];
    c ^= b, c -= REPAIR_ROTATE(b, 14), a ^= c, a -= REPAIR_ROTATE(c, 11), b ^= a, b -= REPAIR_ROTATE(a, 25);
    c ^= b, c -= REPAIR_ROTATE(b, 16), a ^= c, a -= REPAIR_ROTATE(c, 4), b ^= a, b -= REPAIR_ROTATE(a, 14);
    return c ^= b, c - REPAIR_ROTATE(b, 24);
}

static void repair_block(uint64_t at, size_t n, size_t sum_at)
{
    unsigned char *block = repair_bytes + at;
    uint32_t       sum;

    memset(block + sum_at, 0, 4);
    sum = lookup3(block, sum_at + 4 == n ? sum_at : n);
    memcpy(block + sum_at, &sum, 4);
}

/* The first n_body bytes; the seal is written behind them.  The scan stops where it refuses the file, and so does the repair. */
static int repair(unsigned char *bytes, size_t n_body)
{
    gk_scan_source source = { bytes, -1, (int64_t)n_body, "damaged bytes" };
    bool           has_heap;

    repair_bytes = bytes;
    gk_scan_checksummed = repair_block;
    int status = gk_h5_scan(&source, &has_heap);
    gk_scan_checksummed = NULL;
    return gk_seal_of_memory((char *)bytes + n_body, bytes, (int64_t)n_body) < 0 ? -1 : status == 0;
}

#endif
