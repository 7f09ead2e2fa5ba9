/* tiles.c -- see tiles.h.
 *
 * A tile is 16 rows of 16 words of 32 bits: of c, 16 x 16 floats; of a, 16 rows of 32 numbers of 16 bits; of b, 32 numbers of 16
 * columns; a word has two numbers, of terms i and i + 16.  A line is a row of a or a column of b, and a term
 * one of the k products that a sum has.  Both matrices are cut into panels of 16 lines, and these into tiles of 32 terms, of each
 * of which the three parts stand together. */
#include "base/tiles.h"

#include <math.h>

#include "base/error.h"

#if defined __x86_64__ && defined __linux__
#include <immintrin.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define ON_TILES __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512bf16,amx-tile,amx-bf16")))
#define ALL_OF_16 _Pragma("GCC unroll 16")
/* What was written is in memory before tiles are loaded, and the other way round: the instructions' wrappers do not say so. */
#define SETTLE __asm__ volatile("" ::: "memory")

enum {
    SIDE = 16, DEEP = 2 * SIDE, N_PART = 3,
    TILE = SIDE * SIDE, PARTS = N_PART * TILE,              /* in words */
    ROW_BYTES = SIDE * sizeof(uint32_t),
    MOST_TERMS = 128, MOST_ROWS = 64, MOST_COLUMNS = 512    /* packed at once: 48 and 384 KB, for the first and second cache */
};

/* Lines and terms of a matrix that begins at `at`: those of a line follow each other, or those of a term do. */
typedef struct lines { const float *at; int64_t step; bool along; } lines;

static const float *place(lines from, int line, int term)
{
    return from.at + (from.along ? line * from.step + term : term * from.step + line);
}

/* What tile instructions know: palette 1, all tiles whole. */
typedef struct tile_config { uint8_t palette, start, reserved[14]; uint16_t bytes[16]; uint8_t rows[16]; } tile_config;

static bool ask(void)
{
    enum { ARCH_REQ_XCOMP_PERM = 0x1023, XFEATURE_XTILEDATA = 18 };
    const char *wanted = getenv("GK_TILES");
    unsigned    eax = 7, ebx, ecx = 0, edx;

    if ((wanted && strcmp(wanted, "0") == 0) || !__builtin_cpu_supports("avx512bf16") || !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
        return false;
    __asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    return edx >> 22 & 1 && edx >> 24 & 1 && syscall(SYS_arch_prctl, ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA) == 0;
}

bool gk_has_tiles(void)
{
    static int known;    /* 1: no, 2: yes; who asks at the same time gets the same answer */
    if (!__atomic_load_n(&known, __ATOMIC_RELAXED))
        __atomic_store_n(&known, 1 + ask(), __ATOMIC_RELAXED);
    return __atomic_load_n(&known, __ATOMIC_RELAXED) == 2;
}

/* --- packing --- */

/* The nearest number of 8 bits, in the upper half of each word. */
ON_TILES static inline __m512 rounded(__m512 x)
{
    __m512i bits = _mm512_add_epi32(_mm512_castps_si512(x), _mm512_set1_epi32(0x8000));
    return _mm512_castsi512_ps(_mm512_and_si512(bits, _mm512_set1_epi32((int)0xffff0000)));
}

ON_TILES static inline __m512i pair(__m512 low, __m512 high)
{
    return _mm512_or_si512(_mm512_srli_epi32(_mm512_castps_si512(low), 16), _mm512_castps_si512(high));
}

/* Twice 16 floats -> words of the parts of both, each the nearest number to what those before it leave; the last is exact. */
ON_TILES static inline void split(__m512 low, __m512 high, __m512i *to)
{
    ALL_OF_16
    for (int p = 0; p < N_PART; p++) {
        __m512 l = p < N_PART - 1 ? rounded(low) : low, h = p < N_PART - 1 ? rounded(high) : high;
        to[p * SIDE] = pair(l, h);
        low  = _mm512_sub_ps(low, l);
        high = _mm512_sub_ps(high, h);
    }
}

ON_TILES static inline __m512 first(const float *at, int n)
{
    return n <= 0 ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps((__mmask16)(n < SIDE ? (1U << n) - 1 : 0xffff), at);
}

/* The words of a tile with all parts.  Row i is of line i, if terms follow each other, or else of terms i and i + 16. */
ON_TILES static void words(lines from, int line, int n_line, int term, int n_term, __m512i *to)
{
    const float *at = place(from, line, term);
    int64_t      apart = from.along ? SIDE : SIDE * from.step;

    if (n_line >= SIDE && n_term >= DEEP) {
        for (int i = 0; i < SIDE; i++, at += from.step)
            split(_mm512_loadu_ps(at), _mm512_loadu_ps(at + apart), to + i);
        return;
    }
    for (int i = 0; i < SIDE; i++, at += from.step)
        if (from.along)
            split(first(at, i < n_line ? n_term : 0), first(at + apart, i < n_line ? n_term - SIDE : 0), to + i);
        else
            split(first(at, i < n_term ? n_line : 0), first(at + apart, i + SIDE < n_term ? n_line : 0), to + i);
}

/* 16 rows of 16 words, in place. */
ON_TILES static void transpose(__m512i *row)
{
    __m512i a[SIDE], b[SIDE];

    ALL_OF_16
    for (int i = 0; i < SIDE; i += 2) {
        a[i]     = _mm512_unpacklo_epi32(row[i], row[i + 1]);
        a[i + 1] = _mm512_unpackhi_epi32(row[i], row[i + 1]);
    }
    ALL_OF_16
    for (int i = 0; i < SIDE; i += 4)
        for (int k = 0; k < 2; k++) {
            b[i + 2 * k]     = _mm512_unpacklo_epi64(a[i + k], a[i + k + 2]);
            b[i + 2 * k + 1] = _mm512_unpackhi_epi64(a[i + k], a[i + k + 2]);
        }
    ALL_OF_16
    for (int k = 0; k < 4; k++)
        for (int half = 0; half < 2; half++) {
            a[8 * half + k]     = _mm512_shuffle_i32x4(b[8 * half + k], b[8 * half + k + 4], 0x88);
            a[8 * half + k + 4] = _mm512_shuffle_i32x4(b[8 * half + k], b[8 * half + k + 4], 0xdd);
        }
    ALL_OF_16
    for (int k = 0; k < 8; k++) {
        row[k]     = _mm512_shuffle_i32x4(a[k], a[8 + k], 0x88);
        row[k + 8] = _mm512_shuffle_i32x4(a[k], a[8 + k], 0xdd);
    }
}

/* n_line lines from `line` on, n_term terms from `term` on, as panels; behind their ends stand zeros. */
ON_TILES static void pack(lines from, bool is_a, int line, int n_line, int term, int n_term, uint32_t *to)
{
    for (int l = 0; l < n_line; l += SIDE)
        for (int t = 0; t < n_term; t += DEEP, to += PARTS) {
            words(from, line + l, n_line - l, term + t, n_term - t, (__m512i *)to);
            for (int p = 0; p < N_PART && is_a != from.along; p++)
                transpose((__m512i *)to + p * SIDE);
        }
}

/* --- products --- */

#define ALWAYS_INLINE __attribute__((always_inline)) static inline

/* Part p of one or two panels of a into tiles 4 and 5, of b into 6 and 7. */
ON_TILES ALWAYS_INLINE void load_a(bool two, const uint32_t *a, int64_t panel, int p)
{
    _tile_loadd(4, a + p * TILE, ROW_BYTES);
    if (two)
        _tile_loadd(5, a + panel + p * TILE, ROW_BYTES);
}

ON_TILES ALWAYS_INLINE void load_b(bool two, const uint32_t *b, int64_t panel, int p)
{
    _tile_loadd(6, b + p * TILE, ROW_BYTES);
    if (two)
        _tile_loadd(7, b + panel + p * TILE, ROW_BYTES);
}

ON_TILES ALWAYS_INLINE void multiply(bool two_rows, bool two_columns)
{
    _tile_dpbf16ps(0, 4, 6);
    if (two_columns)
        _tile_dpbf16ps(1, 4, 7);
    if (two_rows)
        _tile_dpbf16ps(2, 5, 6);
    if (two_rows && two_columns)
        _tile_dpbf16ps(3, 5, 7);
}

/* What c, `step` floats a row, has in the tiles that are used; or zeros. */
ON_TILES ALWAYS_INLINE void begin(bool two_rows, bool two_columns, const float *c, int64_t step, bool accumulate)
{
    size_t bytes = (size_t)step * sizeof *c;
    _tile_zero(0);
    _tile_zero(1);
    _tile_zero(2);
    _tile_zero(3);
    if (!accumulate)
        return;
    _tile_loadd(0, c, bytes);
    if (two_columns)
        _tile_loadd(1, c + SIDE, bytes);
    if (two_rows)
        _tile_loadd(2, c + SIDE * step, bytes);
    if (two_rows && two_columns)
        _tile_loadd(3, c + SIDE * step + SIDE, bytes);
}

ON_TILES ALWAYS_INLINE void finish(bool two_rows, bool two_columns, float *c, int64_t step)
{
    size_t bytes = (size_t)step * sizeof *c;
    _tile_stored(0, c, bytes);
    if (two_columns)
        _tile_stored(1, c + SIDE, bytes);
    if (two_rows)
        _tile_stored(2, c + SIDE * step, bytes);
    if (two_rows && two_columns)
        _tile_stored(3, c + SIDE * step + SIDE, bytes);
}

/* c [1 or 2 tiles][1 or 2 tiles] = or += a b, panels having n_deep tiles: the six products of parts, the smallest first. */
ON_TILES ALWAYS_INLINE void block(bool two_rows, bool two_columns, const uint32_t *a, const uint32_t *b, int n_deep, float *c,
                                  int64_t step, bool accumulate)
{
    int64_t panel = (int64_t)n_deep * PARTS;

    begin(two_rows, two_columns, c, step, accumulate);
    for (int i = 0; i < n_deep; i++, a += PARTS, b += PARTS) {
        load_a(two_rows, a, panel, 2);
        load_b(two_columns, b, panel, 0);
        multiply(two_rows, two_columns);
        load_a(two_rows, a, panel, 1);
        multiply(two_rows, two_columns);
        load_b(two_columns, b, panel, 1);
        multiply(two_rows, two_columns);
        load_a(two_rows, a, panel, 0);
        multiply(two_rows, two_columns);
        load_b(two_columns, b, panel, 2);
        multiply(two_rows, two_columns);
        load_b(two_columns, b, panel, 0);
        multiply(two_rows, two_columns);
    }
    finish(two_rows, two_columns, c, step);
}

static void copy(int n_row, int n_column, const float *from, int64_t from_step, float *to, int64_t to_step)
{
    for (int i = 0; i < n_row; i++)
        memcpy(to + i * to_step, from + i * from_step, (size_t)n_column * sizeof *to);
}

/* n_row and n_column of c, up to 32 each; where tiles reach beyond them, beside it. */
ON_TILES static void corner(int n_row, int n_column, const uint32_t *a, const uint32_t *b, int n_deep, float *c, int64_t c_step,
                            bool accumulate)
{
    float   beside[4 * TILE];
    bool    is_whole = n_row % SIDE == 0 && n_column % SIDE == 0;
    float  *to = is_whole ? c : beside;
    int64_t step = is_whole ? c_step : 2 * SIDE;

    if (!is_whole && accumulate)
        copy(n_row, n_column, c, c_step, beside, step);
    SETTLE;
    if (n_row > SIDE && n_column > SIDE)
        block(true, true, a, b, n_deep, to, step, accumulate);
    else if (n_row > SIDE)
        block(true, false, a, b, n_deep, to, step, accumulate);
    else if (n_column > SIDE)
        block(false, true, a, b, n_deep, to, step, accumulate);
    else
        block(false, false, a, b, n_deep, to, step, accumulate);
    SETTLE;
    if (!is_whole)
        copy(n_row, n_column, beside, step, c, c_step);
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

ON_TILES void gk_tiles_sgemm(bool trans_a, bool trans_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                             bool accumulate, float *c, int ldc)
{
    _Alignas(64) uint32_t of_a[MOST_ROWS / SIDE * (MOST_TERMS / DEEP) * PARTS];
    _Alignas(64) uint32_t of_b[MOST_COLUMNS / SIDE * (MOST_TERMS / DEEP) * PARTS];
    tile_config config = { .palette = 1 };
    lines       rows = { a, lda, !trans_a }, columns = { b, ldb, trans_b };

    for (int i = 0; i < 8; i++) {
        config.bytes[i] = SIDE * sizeof(uint32_t);
        config.rows[i]  = SIDE;
    }
    _tile_loadconfig(&config);
    for (int term = 0; term < k; term += MOST_TERMS)
        for (int column = 0; column < n; column += MOST_COLUMNS) {
            int n_term = least(k - term, MOST_TERMS), n_column = least(n - column, MOST_COLUMNS);
            int n_deep = (n_term + DEEP - 1) / DEEP, panel = n_deep * PARTS;
            pack(columns, false, column, n_column, term, n_term, of_b);
            for (int row = 0; row < m; row += MOST_ROWS) {
                int n_row = least(m - row, MOST_ROWS);
                pack(rows, true, row, n_row, term, n_term, of_a);
                for (int i = 0; i < n_row; i += 2 * SIDE)
                    for (int j = 0; j < n_column; j += 2 * SIDE)
                        corner(least(n_row - i, 2 * SIDE), least(n_column - j, 2 * SIDE), of_a + i / SIDE * panel,
                               of_b + j / SIDE * panel, n_deep, c + (int64_t)(row + i) * ldc + column + j, ldc,
                               accumulate || term > 0);
            }
        }
    _tile_release();
}

#else    /* no such processor: nobody asks for products */

bool gk_has_tiles(void)
{
    return false;
}

void gk_tiles_sgemm(bool trans_a, bool trans_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                    bool accumulate, float *c, int ldc)
{
    (void)trans_a, (void)trans_b, (void)m, (void)n, (void)k, (void)a, (void)lda, (void)b, (void)ldb, (void)accumulate;
    (void)c, (void)ldc;
    gk_assert(false);
}

#endif

/* Measured (docs/performance.md): tiles are whole, and matrices are copied into them. */
bool gk_tiles_pay(int m, int n, int k)
{
    enum { LEAST = 32, LEAST_PRODUCTS = 1 << 19, UNIT = 16 };
    double rows = ceil((double)m / UNIT) * UNIT, columns = ceil((double)n / UNIT) * UNIT, terms = ceil(0.5 * k / UNIT) * 2 * UNIT;
    double all = (double)m * n * k;

    return m >= LEAST && n >= LEAST && k >= LEAST && all >= LEAST_PRODUCTS && rows * columns * terms <= 1.4 * all;
}
