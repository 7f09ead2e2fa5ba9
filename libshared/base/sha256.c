/* sha256.c -- SHA-256 (FIPS 180-4).  Blocks go through the processor's SHA instructions where it has them, else through
 * libmd: files are summed whenever they are opened, and the instructions make that ten times faster. */
#include "base/sha256.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sha2.h>
#if defined __x86_64__
#define SHA_INSTRUCTIONS 1
#include <cpuid.h>
#include <immintrin.h>
#elif defined __aarch64__ && defined __linux__ && (!defined __clang__ || __clang_major__ >= 17)    /* older: with a flag only */
#define SHA_INSTRUCTIONS 1
#include <arm_neon.h>
#include <sys/auxv.h>
#else
#define SHA_INSTRUCTIONS 0
#endif

enum { BLOCK = 64, LENGTH_AT = 56 };

typedef void compress_blocks(uint32_t state[8], const uint8_t *data, size_t n_block);

struct gk_sha256 {
    compress_blocks *compress;
    uint32_t         state[8];
    uint64_t         n_byte;
    uint8_t          part[BLOCK];    /* the last n_byte % BLOCK bytes */
};

static void compress_libmd(uint32_t state[8], const uint8_t *data, size_t n_block)
{
    for (; n_block > 0; n_block--, data += BLOCK)
        SHA256Transform(state, data);
}

#if SHA_INSTRUCTIONS
static const uint32_t round_constants[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01,
    0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147,
    0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208,
    0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};
#endif

#if defined __x86_64__
/* The state is kept as the instructions want it: (a, b, e, f) and (c, d, g, h). */
__attribute__((target("sha,sse4.1,ssse3")))
static void compress_instructions(uint32_t state[8], const uint8_t *data, size_t n_block)
{
    const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    __m128i       low = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)state), 0xB1);
    __m128i       high = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(const void *)(state + 4)), 0x1B);
    __m128i       abef = _mm_alignr_epi8(low, high, 8), cdgh = _mm_blend_epi16(high, low, 0xF0);

    for (; n_block > 0; n_block--, data += BLOCK) {
        __m128i abef_before = abef, cdgh_before = cdgh, w[4];
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {    /* four rounds each; w holds the last 16 words of the schedule */
            __m128i *x = &w[i % 4];
            if (i < 4) {
                *x = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(const void *)(data + 16 * i)), big_endian);
            } else {
                __m128i before = _mm_alignr_epi8(w[(i + 3) % 4], w[(i + 2) % 4], 4);
                *x = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*x, w[(i + 1) % 4]), before), w[(i + 3) % 4]);
            }
            __m128i k = _mm_add_epi32(*x, _mm_loadu_si128((const __m128i *)(const void *)(round_constants + 4 * i)));
            cdgh = _mm_sha256rnds2_epu32(cdgh, abef, k);
            abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(k, 0x0E));
        }
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    low = _mm_shuffle_epi32(abef, 0x1B);
    high = _mm_shuffle_epi32(cdgh, 0xB1);
    _mm_storeu_si128((__m128i *)(void *)state, _mm_blend_epi16(low, high, 0xF0));
    _mm_storeu_si128((__m128i *)(void *)(state + 4), _mm_alignr_epi8(high, low, 8));
}

static int has_sha_instructions(void)
{
    unsigned a, b, c, d;

    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSE4_1) || !(c & bit_SSSE3))
        return 0;
    return __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
}
#elif SHA_INSTRUCTIONS
__attribute__((target("+sha2")))
static void compress_instructions(uint32_t state[8], const uint8_t *data, size_t n_block)
{
    uint32x4_t abcd = vld1q_u32(state), efgh = vld1q_u32(state + 4);

    for (; n_block > 0; n_block--, data += BLOCK) {
        uint32x4_t abcd_before = abcd, efgh_before = efgh, w[4];
#pragma GCC unroll 16
        for (int i = 0; i < 16; i++) {    /* four rounds each; w holds the last 16 words of the schedule */
            uint32x4_t *x = &w[i % 4];
            *x = i < 4 ? vreinterpretq_u32_u8(vrev32q_u8(vld1q_u8(data + 16 * i)))
                       : vsha256su1q_u32(vsha256su0q_u32(*x, w[(i + 1) % 4]), w[(i + 2) % 4], w[(i + 3) % 4]);
            uint32x4_t k = vaddq_u32(*x, vld1q_u32(round_constants + 4 * i)), abcd_now = abcd;
            abcd = vsha256hq_u32(abcd, efgh, k);
            efgh = vsha256h2q_u32(efgh, abcd_now, k);
        }
        abcd = vaddq_u32(abcd, abcd_before);
        efgh = vaddq_u32(efgh, efgh_before);
    }
    vst1q_u32(state, abcd);
    vst1q_u32(state + 4, efgh);
}

static int has_sha_instructions(void)
{
    enum { SHA2 = 1 << 6 };    /* HWCAP_SHA2 of asm/hwcap.h */

    return (getauxval(AT_HWCAP) & SHA2) != 0;
}
#endif

gk_sha256 *gk_sha256_new(void)
{
    static const uint32_t start[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                       0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
    gk_sha256 *sum = malloc(sizeof *sum);
    if (!sum)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    *sum = (gk_sha256){ .compress = compress_libmd };
    memcpy(sum->state, start, sizeof start);
#if SHA_INSTRUCTIONS
    if (has_sha_instructions())
        sum->compress = compress_instructions;
#endif
    return sum;
}

gk_sha256 *gk_sha256_copy(const gk_sha256 *sum)
{
    gk_sha256 *copy = gk_sha256_new();
    *copy = *sum;
    return copy;
}

void gk_sha256_add(gk_sha256 *sum, const void *data, size_t n_bytes)
{
    const uint8_t *at = data;
    size_t         n_part = sum->n_byte % BLOCK;

    if (n_bytes == 0)
        return;
    sum->n_byte += n_bytes;
    if (n_part > 0) {
        size_t n = n_bytes < BLOCK - n_part ? n_bytes : BLOCK - n_part;
        memcpy(sum->part + n_part, at, n);
        at += n;
        n_bytes -= n;
        if (n_part + n < BLOCK)
            return;
        sum->compress(sum->state, sum->part, 1);
    }
    sum->compress(sum->state, at, n_bytes / BLOCK);
    if (n_bytes % BLOCK)
        memcpy(sum->part, at + n_bytes / BLOCK * BLOCK, n_bytes % BLOCK);
}

/* The padding: a one bit, zeros, and the length in bits, up to the end of a block. */
static void finish(gk_sha256 *sum)
{
    uint8_t  padding[2 * BLOCK] = { 0x80 };
    uint64_t n_bit = sum->n_byte * 8;
    size_t   n_part = sum->n_byte % BLOCK, n = (n_part < LENGTH_AT ? BLOCK : 2 * BLOCK) - n_part;

    for (size_t i = 1; i <= 8; i++, n_bit >>= 8)
        padding[n - i] = (uint8_t)n_bit;
    gk_sha256_add(sum, padding, n);
}

void gk_sha256_free(gk_sha256 *sum, char hex[GK_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    if (!sum)
        return;
    if (hex) {
        finish(sum);
        for (int i = 0; i < GK_SHA256_HEX - 1; i++)
            hex[i] = digits[sum->state[i / 8] >> (28 - 4 * (i % 8)) & 15];
        hex[GK_SHA256_HEX - 1] = '\0';
    }
    free(sum);
}
