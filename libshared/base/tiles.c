/* tiles.c -- see tiles.h.
 *
 * A tile is 16 rows of 16 words of 32 bits: of c, 16 x 16 floats; of a, 16 rows of 32 numbers of 16 bits; of b, 32 numbers of 16
 * columns; a word has two numbers, of terms i and i + 16.  A line is a row of a or a column of b, and a term
 * one of the k products that a sum has.  Both matrices are cut into panels of 16 lines, and these into tiles of 32 terms, of each
 * of which the three parts stand together.
 *
 * Splitting numbers and packing them is a fifth of the work, and goes through other units than products of tiles do: it is cut
 * into pieces, which stand between the products of the panels before (docs/performance.md). */
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
#define ALWAYS_INLINE __attribute__((always_inline)) static inline
#define ALL_OF_16 _Pragma("GCC unroll 16")
/* What was written is in memory before tiles are loaded, and the other way round: the instructions' wrappers do not say so. */
#define SETTLE __asm__ volatile("" ::: "memory")

enum {
    SIDE = 16, DEEP = 2 * SIDE, N_PART = 3, N_PIECE = 6,
    TILE = SIDE * SIDE, PARTS = N_PART * TILE,              /* in words */
    ROW_BYTES = SIDE * sizeof(uint32_t),
    MOST_TERMS = 128, MOST_COLUMNS = 512    /* packed at once: pairs of panels of 24 KB, and all of b's of 384 KB */
};

/* Lines and terms of a matrix that begins at `at`: those of a line follow each other, or those of a term do. */
typedef struct lines { const float *at; int64_t step; bool along; int n_line; } lines;

/* What tile instructions know. */
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

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int n_tile(int n, int side)
{
    return (n + side - 1) / side;
}

/* --- packing --- */

/* Lines that become panels of n_deep tiles, which stand on n_ring places in turn.  The next tile is `deep` of `panel`; wanted are
 * the panels before `end`.  Behind the ends of lines and terms stand zeros. */
typedef struct packing {
    lines     from;
    bool      is_a;
    int       term, n_term, n_deep, n_ring, panel, deep, end;
    uint32_t *to;
    /* the next tile: rows are lines of a and terms of b as tiles want them, or the other way round */
    const float *at;
    int64_t      apart, next;         /* from its first half to the second; to the same terms of the next panel */
    int          n_row, length;       /* of what there is */
    bool         stands;              /* whole, and with the rows that are wanted: it can be split as it stands */
    __m512i     *words;
    __m512       half[2][SIDE];       /* else its terms from 0 and from 16 on, with the rows that are wanted */
} packing;

static void begin_packing(packing *w, int term, int n_term)
{
    w->term   = term;
    w->n_term = n_term;
    w->n_deep = n_tile(n_term, DEEP);
    w->panel  = w->deep = w->end = 0;
}

static uint32_t *packed(const packing *w, int panel)
{
    return w->to + panel % w->n_ring * (int64_t)w->n_deep * PARTS;
}

/* Where the next tile comes from, and where it goes. */
static void find(packing *w)
{
    int  line = w->panel * SIDE, term = w->deep * DEEP, n_line = w->from.n_line - line, n_term = w->n_term - term;
    bool along = w->from.along;

    w->at     = w->from.at + (along ? line * w->from.step + w->term + term : (w->term + term) * w->from.step + line);
    w->apart  = along ? SIDE : SIDE * w->from.step;
    w->next   = along ? SIDE * w->from.step : SIDE;
    w->n_row  = along ? n_line : n_term;
    w->length = along ? n_term : n_line;
    w->stands = along == w->is_a && n_line >= SIDE && n_term >= DEEP;
    w->words  = (__m512i *)(packed(w, w->panel) + (int64_t)w->deep * PARTS);
}

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

#define PAIRS(which, x, y) _mm512_castpd_ps(_mm512_unpack##which##_pd(_mm512_castps_pd(x), _mm512_castps_pd(y)))

/* 16 rows of 16 floats, in place. */
ON_TILES static void transpose(__m512 *row)
{
    __m512 a[SIDE], b[SIDE];

    ALL_OF_16
    for (int i = 0; i < SIDE; i += 2) {
        a[i]     = _mm512_unpacklo_ps(row[i], row[i + 1]);
        a[i + 1] = _mm512_unpackhi_ps(row[i], row[i + 1]);
    }
    ALL_OF_16
    for (int i = 0; i < SIDE; i += 4)
        for (int k = 0; k < 2; k++) {
            b[i + 2 * k]     = PAIRS(lo, a[i + k], a[i + k + 2]);
            b[i + 2 * k + 1] = PAIRS(hi, a[i + k], a[i + k + 2]);
        }
    ALL_OF_16
    for (int k = 0; k < 4; k++)
        for (int half = 0; half < 2; half++) {
            a[8 * half + k]     = _mm512_shuffle_f32x4(b[8 * half + k], b[8 * half + k + 4], 0x88);
            a[8 * half + k + 4] = _mm512_shuffle_f32x4(b[8 * half + k], b[8 * half + k + 4], 0xdd);
        }
    ALL_OF_16
    for (int k = 0; k < 8; k++) {
        row[k]     = _mm512_shuffle_f32x4(a[k], a[8 + k], 0x88);
        row[k + 8] = _mm512_shuffle_f32x4(a[k], a[8 + k], 0xdd);
    }
}

ON_TILES static inline __m512 first(const float *at, int n)
{
    return n <= 0 ? _mm512_setzero_ps() : _mm512_maskz_loadu_ps((__mmask16)(n < SIDE ? (1U << n) - 1 : 0xffff), at);
}

/* 16 floats, and a hint that those of the next panel will be read. */
ON_TILES static inline __m512 next_16(const float *at, int64_t next)
{
    _mm_prefetch(at + next, _MM_HINT_T0);
    return _mm512_loadu_ps(at);
}

/* Not inlined: it would stand in every block twelve times. */
ON_TILES static __attribute__((noinline)) void gather(packing *w, int i_half)
{
    bool         along = w->from.along;
    int          n_row = along ? w->n_row : w->n_row - i_half * SIDE, length = along ? w->length - i_half * SIDE : w->length;
    const float *at = w->at + i_half * w->apart;
    __m512      *half = w->half[i_half];

    for (int i = 0; i < SIDE; i++, at += w->from.step)
        half[i] = n_row >= SIDE && length >= SIDE ? next_16(at, w->next) : first(at, i < n_row ? length : 0);
    if (along != w->is_a)
        transpose(half);
}

ON_TILES ALWAYS_INLINE void split_rows(packing *w, bool stands, int from, int to)
{
    const float *at = w->at + from * w->from.step;

    for (int i = from; i < to; i++, at += w->from.step)
        if (stands)
            split(next_16(at, w->next), next_16(at + w->apart, w->next), w->words + i);
        else
            split(w->half[0][i], w->half[1][i], w->words + i);
}

/* One of the pieces of packing the next tile, if any is wanted. */
ON_TILES ALWAYS_INLINE void pack(packing *w, int piece)
{
    if (w->panel >= w->end)
        return;
    if (piece == 0)
        find(w);
    if (w->stands)
        split_rows(w, true, piece * SIDE / N_PIECE, (piece + 1) * SIDE / N_PIECE);
    else if (piece < 2)
        gather(w, piece);
    else
        split_rows(w, false, (piece - 2) * SIDE / (N_PIECE - 2), (piece - 1) * SIDE / (N_PIECE - 2));
    if (piece == N_PIECE - 1 && ++w->deep == w->n_deep) {
        w->deep = 0;
        w->panel++;
    }
}

ON_TILES static void pack_all(packing *w, int end)
{
    w->end = end;
    while (w->panel < end)
        for (int piece = 0; piece < N_PIECE; piece++)
            pack(w, piece);
}

/* --- products --- */

/* Tiles 0 to 3 are c's, [2][2], 4 and 5 of two panels of a, 6 and 7 of two of b. */
typedef struct shape { int n_row[2], n_column[2]; } shape;

/* As large as what there is: nothing is read or written beside it. */
ON_TILES static void take_shape(shape *old, shape s)
{
    tile_config config = { .palette = 1 };

    if (memcmp(old, &s, sizeof s) == 0)
        return;
    *old = s;
    for (int i = 0; i < 2; i++) {
        config.rows[4 + i]  = (uint8_t)s.n_row[i];
        config.bytes[4 + i] = s.n_row[i] ? ROW_BYTES : 0;
        config.rows[6 + i]  = s.n_column[i] ? SIDE : 0;
        config.bytes[6 + i] = (uint16_t)(s.n_column[i] * (int)sizeof(float));
        for (int j = 0; j < 2 && s.n_row[i] && s.n_column[j]; j++) {
            config.rows[2 * i + j]  = (uint8_t)s.n_row[i];
            config.bytes[2 * i + j] = (uint16_t)(s.n_column[j] * (int)sizeof(float));
        }
    }
    SETTLE;
    _tile_loadconfig(&config);
}

/* Part p of one or two panels of a or of b. */
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

/* The products of the parts that are loaded; the vector units have a piece of packing to do meanwhile. */
ON_TILES ALWAYS_INLINE void multiply(bool two_rows, bool two_columns, packing *next, int piece)
{
    _tile_dpbf16ps(0, 4, 6);
    if (two_columns)
        _tile_dpbf16ps(1, 4, 7);
    if (two_rows)
        _tile_dpbf16ps(2, 5, 6);
    if (two_rows && two_columns)
        _tile_dpbf16ps(3, 5, 7);
    pack(next, piece);
    SETTLE;
}

/* What is done to the tiles of c that are used. */
#define EACH(what)                                   \
    do {                                             \
        what(0, c);                                  \
        if (two_columns)                             \
            what(1, c + SIDE);                       \
        if (two_rows)                                \
            what(2, c + below);                      \
        if (two_rows && two_columns)                 \
            what(3, c + below + SIDE);               \
    } while (0)
#define CLEAR(tile, at) _tile_zero(tile)
#define LOAD(tile, at) _tile_loadd(tile, at, step * (int64_t)sizeof *c)
#define STORE(tile, at) _tile_stored(tile, at, step * (int64_t)sizeof *c)

/* c, of 1 or 2 x 1 or 2 tiles and `step` floats a row, = or += a b of panels i of a and j of b: the six products of parts, the
 * smallest first. */
ON_TILES ALWAYS_INLINE void block(bool two_rows, bool two_columns, packing *of_a, packing *of_b, int i, int j, float *c,
                                  int64_t step, bool accumulate)
{
    const uint32_t *a = packed(of_a, i), *b = packed(of_b, j);
    int64_t         panel = (int64_t)of_a->n_deep * PARTS, below = SIDE * step;

    SETTLE;
    if (accumulate)
        EACH(LOAD);
    else
        EACH(CLEAR);
    for (int deep = 0; deep < of_a->n_deep; deep++, a += PARTS, b += PARTS) {
        packing *next = of_b->panel < of_b->end ? of_b : of_a;
        load_a(two_rows, a, panel, 2);
        load_b(two_columns, b, panel, 0);
        multiply(two_rows, two_columns, next, 0);
        load_a(two_rows, a, panel, 1);
        multiply(two_rows, two_columns, next, 1);
        load_b(two_columns, b, panel, 1);
        multiply(two_rows, two_columns, next, 2);
        load_a(two_rows, a, panel, 0);
        multiply(two_rows, two_columns, next, 3);
        load_b(two_columns, b, panel, 2);
        multiply(two_rows, two_columns, next, 4);
        load_b(two_columns, b, panel, 0);
        multiply(two_rows, two_columns, next, 5);
    }
    EACH(STORE);
    SETTLE;
}

/* Of c, which is all rows and a block of columns: what panels i and i + 1 of a and j and j + 1 of b make. */
ON_TILES static void corner(shape *old, packing *a, packing *b, int i, int j, float *c, int64_t step, bool accumulate)
{
    shape s = { 0 };

    for (int k = 0; k < 2; k++) {
        int n_row = least(a->from.n_line - (i + k) * SIDE, SIDE), n_column = least(b->from.n_line - (j + k) * SIDE, SIDE);
        s.n_row[k]    = n_row > 0 ? n_row : 0;
        s.n_column[k] = n_column > 0 ? n_column : 0;
    }
    take_shape(old, s);
    c += (int64_t)i * SIDE * step + j * SIDE;
    if (s.n_row[1] && s.n_column[1])
        block(true, true, a, b, i, j, c, step, accumulate);
    else if (s.n_row[1])
        block(true, false, a, b, i, j, c, step, accumulate);
    else if (s.n_column[1])
        block(false, true, a, b, i, j, c, step, accumulate);
    else
        block(false, false, a, b, i, j, c, step, accumulate);
}

/* c = or += a b of a block of terms and columns, and all rows.  A pair of panels of a is packed while the one before it is
 * multiplied, of b while the first of a is. */
ON_TILES static void all_rows(shape *s, packing *a, packing *b, float *c, int64_t step, bool accumulate)
{
    int n_of_a = n_tile(a->from.n_line, SIDE), n_of_b = n_tile(b->from.n_line, SIDE);

    for (int i = 0; i < n_of_a; i += 2) {
        pack_all(a, least(i + 2, n_of_a));
        a->end = least(i + 4, n_of_a);
        for (int j = 0; j < n_of_b; j += 2) {
            pack_all(b, least(j + 2, n_of_b));
            b->end = n_of_b;
            corner(s, a, b, i, j, c, step, accumulate);
        }
    }
}

ON_TILES void gk_tiles_sgemm(bool trans_a, bool trans_b, int m, int n, int k, const float *a, int lda, const float *b, int ldb,
                             bool accumulate, float *c, int ldc)
{
    enum { PANEL = MOST_TERMS / DEEP * PARTS, N_OF_A = 4, N_OF_B = MOST_COLUMNS / SIDE };
    _Alignas(64) uint32_t to_a[N_OF_A * PANEL], to_b[N_OF_B * PANEL];
    packing of_a, of_b;
    shape   s = { 0 };
    int     most = DEEP * n_tile(k, DEEP * n_tile(k, MOST_TERMS));    /* of nearly equal parts of k */

    of_a.from   = (lines){ a, lda, !trans_a, m };
    of_a.is_a   = true;
    of_a.n_ring = N_OF_A;
    of_a.to     = to_a;
    of_b.is_a   = false;
    of_b.n_ring = N_OF_B;
    of_b.to     = to_b;
    for (int column = 0; column < n; column += MOST_COLUMNS) {
        of_b.from = (lines){ b + (trans_b ? (int64_t)column * ldb : column), ldb, trans_b, least(n - column, MOST_COLUMNS) };
        for (int term = 0; term < k; term += most) {
            begin_packing(&of_a, term, least(k - term, most));
            begin_packing(&of_b, term, least(k - term, most));
            all_rows(&s, &of_a, &of_b, c + column, ldc, accumulate || term > 0);
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
