/* h5_scan_data.c -- the values of datasets: where they are, and that they unpack to their size: see h5_scan.h. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "io/h5_scan.h"

enum { DEFLATE = 1, SHUFFLE = 2, FLETCHER32 = 3, MAX_PAGE_BITS = 30 };
enum { SINGLE = 1, IMPLICIT = 2, FIXED_ARRAY = 3 };
#define MAX_CHUNK_BYTES (UINT64_C(1) << 30)

/* A chunked dataset. */
typedef struct chunked {
    uint64_t chunk_bytes, n_chunk;
    bool     has_filter[4];       /* by number */
    bool     is_filtered;
    int      size_bytes;          /* of the size of a filtered chunk in an index */
    unsigned char *out;           /* of one chunk, unpacked */
} chunked;

/* --- chunks ----------------------------------------------------------------------------------------------------------- */

/* Does the packed chunk inflate to exactly what a chunk holds? */
static bool inflates(chunked *data, const unsigned char *packed, uint64_t n)
{
    z_stream stream = { .next_in = (unsigned char *)(uintptr_t)packed, .avail_in = (unsigned)n,
                        .next_out = data->out, .avail_out = (unsigned)data->chunk_bytes };

    if (inflateInit(&stream) != Z_OK)
        return false;
    int  status = inflate(&stream, Z_FINISH);
    bool is_whole = status == Z_STREAM_END && stream.total_out == data->chunk_bytes;
    inflateEnd(&stream);
    return is_whole;
}

static int scan_chunk(gk_scan *scan, chunked *data, uint64_t at, uint64_t n, uint64_t mask)
{
    unsigned char *buffer;
    uint64_t       n_sum = data->has_filter[FLETCHER32] ? 4 : 0;

    if (at == GK_SCAN_NOWHERE)
        return 0;
    if (mask != 0 || n < n_sum || n > 2 * MAX_CHUNK_BYTES || (!data->has_filter[DEFLATE] && n != data->chunk_bytes + n_sum))
        return gk_scan_bad(scan, at, "a chunk does not have its size");
    if ((uint64_t)scan->unpacked_left < data->chunk_bytes)
        return gk_error("cannot read %s: its arrays unpack to more than %lld MB, which a file of its size may not",
                        scan->source->label, (long long)(gk_scan_max_unpacked(scan->source->n_bytes) >> 20));
    scan->unpacked_left -= (int64_t)data->chunk_bytes;
    if (gk_scan_claim(scan, at, n) < 0)
        return -1;
    if (!data->has_filter[DEFLATE])
        return 0;
    if (!data->out && !(data->out = malloc(data->chunk_bytes)))
        return gk_error("cannot read %s: out of memory", scan->source->label);
    const unsigned char *packed = gk_scan_bytes(scan, at, n, &buffer);
    if (!packed)
        return -1;
    bool is_whole = inflates(data, packed, n - n_sum);
    free(buffer);
    return is_whole ? 0 : gk_scan_bad(scan, at, "a packed chunk is damaged, or does not unpack to its size");
}

/* Entries of an index, one for each chunk. */
static int scan_entries(gk_scan *scan, chunked *data, gk_cursor *c, uint64_t n)
{
    for (uint64_t i = 0; i < n; i++) {
        uint64_t at = gk_cursor_get(c, 8), size = data->is_filtered ? gk_cursor_get(c, data->size_bytes) : data->chunk_bytes;
        uint64_t mask = data->is_filtered ? gk_cursor_get(c, 4) : 0;
        if (c->has_failed)
            return gk_scan_bad(scan, c->address, "an index of chunks is too short");
        if (scan_chunk(scan, data, at, size, mask) < 0)
            return -1;
    }
    return 0;
}

/* The pages of a large index; a page whose bit is not set was never written. */
static int scan_pages(gk_scan *scan, chunked *data, uint64_t at, uint64_t n_entry, uint64_t entry_bytes,
                      const unsigned char *bits)
{
    gk_cursor c;

    for (uint64_t page = 0, first = 0, n; first < data->n_chunk; page++, first += n) {
        n = data->n_chunk - first < n_entry ? data->n_chunk - first : n_entry;
        uint64_t n_byte = n * entry_bytes + 4;
        if (bits[page / 8] & (0x80u >> page % 8)) {
            if (gk_scan_block(scan, at, n_byte, "", &c) < 0 || scan_entries(scan, data, &c, n) < 0)
                return -1;
        } else if (gk_scan_claim(scan, at, n_byte) < 0) {
            return -1;
        }
        at += n_byte;
    }
    return 0;
}

static int scan_fixed_array(gk_scan *scan, chunked *data, uint64_t header)
{
    gk_cursor c;
    uint64_t  entry_bytes = 8 + (data->is_filtered ? (uint64_t)data->size_bytes + 4 : 0);

    if (gk_scan_block(scan, header, 28, "FAHD", &c) < 0)
        return -1;
    bool is_right = gk_cursor_get(&c, 1) == 0 && gk_cursor_get(&c, 1) == data->is_filtered;
    is_right = is_right && gk_cursor_get(&c, 1) == entry_bytes;
    unsigned bits = (unsigned)gk_cursor_get(&c, 1);
    is_right = is_right && bits >= 1 && bits <= MAX_PAGE_BITS && gk_cursor_get(&c, 8) == data->n_chunk;
    uint64_t at = gk_cursor_get(&c, 8), n_entry = UINT64_C(1) << (bits & 31);
    if (!is_right || data->n_chunk > (uint64_t)scan->source->n_bytes)
        return gk_scan_bad(scan, header, "an index of chunks does not fit its dataset");
    if (at == GK_SCAN_NOWHERE)
        return 0;
    uint64_t n_page = data->n_chunk > n_entry ? (data->n_chunk + n_entry - 1) >> (bits & 31) : 0, n_bit_byte = (n_page + 7) / 8;
    uint64_t n_byte = 14 + n_bit_byte + (n_page ? 0 : data->n_chunk * entry_bytes) + 4;
    if (gk_scan_block(scan, at, n_byte, "FADB", &c) < 0)
        return -1;
    if (gk_cursor_get(&c, 1) != 0 || gk_cursor_get(&c, 1) != data->is_filtered || gk_cursor_get(&c, 8) != header)
        return gk_scan_bad(scan, at, "an index of chunks does not fit its dataset");
    const unsigned char *page_bits = gk_cursor_skip(&c, n_bit_byte);
    return n_page ? scan_pages(scan, data, at + n_byte, n_entry, entry_bytes, page_bits)
                  : scan_entries(scan, data, &c, data->n_chunk);
}

/* --- filters and layout ----------------------------------------------------------------------------------------------- */

static int read_pipeline(gk_scan *scan, gk_cursor *c, const gk_scan_type *type, chunked *data)
{
    static const int place[] = { -1, 1, 0, 2 };    /* shuffle, deflate, Fletcher32 */
    unsigned version = (unsigned)gk_cursor_get(c, 1), n_filter = (unsigned)gk_cursor_get(c, 1);
    int      last = -1;

    for (unsigned i = 0; version == 2 && i < n_filter; i++) {
        unsigned filter = (unsigned)gk_cursor_get(c, 2), flags = (unsigned)gk_cursor_get(c, 2);
        unsigned n = (unsigned)gk_cursor_get(c, 2);
        uint64_t value = n > 0 ? gk_cursor_get(c, 4) : 0;
        bool     is_right = filter >= DEFLATE && filter <= FLETCHER32 && flags <= 1 && !c->has_failed && place[filter] > last &&
                        n == (filter == FLETCHER32 ? 0 : 1) && (filter != SHUFFLE || value == type->size);
        if (!is_right)
            return gk_scan_bad(scan, c->address, "filters are not shuffle, deflate and Fletcher32, in this order");
        last = place[filter];
        data->has_filter[filter] = data->is_filtered = true;
    }
    return version == 2 && n_filter > 0 && !c->has_failed ? 0 : gk_scan_bad(scan, c->address, "filters are in an unknown form");
}

/* Chunks of how many bytes, and how many of them. */
static int read_chunk_shape(gk_scan *scan, gk_cursor *c, const gk_scan_type *type, const gk_scan_space *space, chunked *data)
{
    int n_dim = (int)gk_cursor_get(c, 1), width = (int)gk_cursor_get(c, 1);

    data->chunk_bytes = type->size;
    data->n_chunk = 1;
    if (n_dim != space->n_dim + 1 || space->n_dim < 1 || width < 1 || width > 8)
        return gk_scan_bad(scan, c->address, "chunks do not have the shape of their dataset");
    for (int i = 0; i < space->n_dim; i++) {
        uint64_t side = gk_cursor_get(c, width);
        if (side == 0 || side > MAX_CHUNK_BYTES / data->chunk_bytes || space->max[i] == UINT64_MAX)
            return gk_scan_bad(scan, c->address, "a dataset can grow without limit, or has impossible chunks");
        data->chunk_bytes *= side;
        uint64_t n = space->max[i] / side + (space->max[i] % side > 0);
        if (__builtin_mul_overflow(data->n_chunk, n, &data->n_chunk))
            return gk_scan_bad(scan, c->address, "a dataset has an impossible number of chunks");
    }
    if (gk_cursor_get(c, width) != type->size)
        return gk_scan_bad(scan, c->address, "chunks do not have the type of their dataset");
    int bits = 0;
    for (uint64_t rest = data->chunk_bytes; rest > 1; rest >>= 1)
        bits++;
    data->size_bytes = 1 + (bits + 8) / 8 > 8 ? 8 : 1 + (bits + 8) / 8;
    return 0;
}

/* The layout message from its index on.  flags: of chunks. */
static int scan_chunks(gk_scan *scan, gk_cursor *c, chunked *data, unsigned flags)
{
    unsigned index = (unsigned)gk_cursor_get(c, 1);
    bool     is_single_filtered = index == SINGLE && flags == 2;
    uint64_t size = data->chunk_bytes, mask = 0;

    if ((flags != 0 && !is_single_filtered) || index < SINGLE || index > FIXED_ARRAY ||
        (index == SINGLE && (data->n_chunk > 1 || is_single_filtered != data->is_filtered)) ||
        (index == IMPLICIT && data->is_filtered))
        return gk_scan_bad(scan, c->address, "chunks are found in an unknown way");
    if (is_single_filtered) {
        size = gk_cursor_get(c, 8);
        mask = gk_cursor_get(c, 4);
    }
    gk_cursor_get(c, index == FIXED_ARRAY ? 1 : 0);
    uint64_t at = gk_cursor_get(c, 8);
    if (c->has_failed)
        return gk_scan_bad(scan, c->address, "a message is too short");
    if (at == GK_SCAN_NOWHERE)
        return 0;
    if (index == SINGLE)
        return scan_chunk(scan, data, at, size, mask);
    if (index == FIXED_ARRAY)
        return scan_fixed_array(scan, data, at);
    return data->n_chunk > (uint64_t)scan->source->n_bytes / data->chunk_bytes
               ? gk_scan_bad(scan, at, "it speaks of what lies beyond its end")
               : gk_scan_claim(scan, at, data->n_chunk * data->chunk_bytes);
}

int gk_scan_data(gk_scan *scan, const gk_scan_type *type, const gk_scan_space *space, gk_cursor *layout, gk_cursor *pipeline)
{
    chunked  data = { 0 };
    unsigned version = (unsigned)gk_cursor_get(layout, 1), class = (unsigned)gk_cursor_get(layout, 1);
    int      status = -1;

    if (version < 3 || version > 4 || (class == 2 && version != 4) || (class != 2 && pipeline->at))
        return gk_scan_bad(scan, layout->address, "data are laid out in an unknown way");
    uint64_t n_byte = space->n_element > UINT64_MAX / type->size ? UINT64_MAX : space->n_element * type->size;
    if (class == 0) {    /* in the header itself */
        uint64_t n = gk_cursor_get(layout, 2);
        gk_cursor_skip(layout, n);
        return n >= n_byte && !layout->has_failed ? 0 : gk_scan_bad(scan, layout->address, "a dataset is shorter than its shape");
    }
    if (class == 1) {
        uint64_t at = gk_cursor_get(layout, 8), n = gk_cursor_get(layout, 8);
        if (layout->has_failed || (at != GK_SCAN_NOWHERE && n < n_byte))
            return gk_scan_bad(scan, layout->address, "a dataset is shorter than its shape");
        return at == GK_SCAN_NOWHERE ? 0 : gk_scan_claim(scan, at, n);
    }
    if (class != 2)
        return gk_scan_bad(scan, layout->address, "a dataset's values are in other files or datasets");
    unsigned flags = (unsigned)gk_cursor_get(layout, 1);
    if (pipeline->at && read_pipeline(scan, pipeline, type, &data) < 0)
        return -1;
    if (read_chunk_shape(scan, layout, type, space, &data) == 0)
        status = scan_chunks(scan, layout, &data, flags);
    free(data.out);
    return status;
}
