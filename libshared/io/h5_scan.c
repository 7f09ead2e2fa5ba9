/* h5_scan.c -- superblock, objects, and who owns which bytes: see h5_scan.h. */
#include "io/h5_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_BLOCK = 1 << 26, SUPERBLOCK_BYTES = 48 };

void (*gk_scan_checksummed)(uint64_t at, size_t n, size_t sum_at);

int64_t gk_scan_max_unpacked(int64_t n_bytes)
{
    int64_t limit;

    return __builtin_mul_overflow(n_bytes, 64, &limit) || __builtin_add_overflow(limit, 1 << 27, &limit) ? INT64_MAX : limit;
}

/* --- bytes ---------------------------------------------------------------------------------------------------------- */

uint64_t gk_cursor_get(gk_cursor *c, int n_byte)
{
    const unsigned char *from = gk_cursor_skip(c, (uint64_t)n_byte);
    uint64_t             value = 0;

    for (int i = n_byte - 1; from && i >= 0; i--)
        value = value << 8 | from[i];
    return value;
}

size_t gk_cursor_left(const gk_cursor *c)
{
    return (size_t)(c->end - c->at);
}

const unsigned char *gk_cursor_skip(gk_cursor *c, uint64_t n)
{
    const unsigned char *from = c->at;

    if (c->has_failed || n > gk_cursor_left(c)) {
        c->has_failed = true;
        return NULL;
    }
    c->at += n;
    return from;
}

int gk_scan_bad(const gk_scan *scan, uint64_t address, const char *what)
{
    return gk_error("cannot read %s: %s (at byte %llu)", scan->source->label, what, (unsigned long long)address);
}

void *gk_scan_grow(const gk_scan *scan, void *list, size_t n, size_t *capacity, size_t element)
{
    if (n < *capacity)
        return list;
    size_t most = *capacity ? 2 * *capacity : 64;
    void  *larger = realloc(list, most * element);
    if (larger)
        *capacity = most;
    else
        gk_error("cannot read %s: out of memory", scan->source->label);
    return larger;
}

static int add_extent(gk_scan *scan, gk_extents *list, uint64_t at, uint64_t n)
{
    uint64_t n_bytes = (uint64_t)scan->source->n_bytes;

    if (n == 0)
        return 0;
    if (at > n_bytes || n > n_bytes - at)
        return gk_scan_bad(scan, at, "it speaks of what lies beyond its end");
    if (n > n_bytes - list->total)
        return gk_scan_bad(scan, at, "things in it share bytes, or are linked several times");
    gk_extent *extent = gk_scan_grow(scan, list->extent, list->n, &list->capacity, sizeof *extent);
    if (!extent)
        return -1;
    list->extent = extent;
    list->extent[list->n++] = (gk_extent){ at, n };
    list->total += n;
    return 0;
}

int gk_scan_claim(gk_scan *scan, uint64_t at, uint64_t n)
{
    return add_extent(scan, &scan->used, at, n);
}

int gk_scan_claim_object(gk_scan *scan, uint64_t at, uint64_t n)
{
    return add_extent(scan, &scan->objects, at, n);
}

static int by_address(const void *a, const void *b)
{
    uint64_t left = ((const gk_extent *)a)->at, right = ((const gk_extent *)b)->at;

    return (left > right) - (left < right);
}

static int check_overlaps(gk_scan *scan, gk_extents *list)
{
    if (list->n > 1)
        qsort(list->extent, list->n, sizeof *list->extent, by_address);
    for (size_t i = 1; i < list->n; i++)
        if (list->extent[i].at - list->extent[i - 1].at < list->extent[i - 1].n)
            return gk_scan_bad(scan, list->extent[i].at, "things in it share bytes, or are linked several times");
    return 0;
}

const unsigned char *gk_scan_bytes(gk_scan *scan, uint64_t at, uint64_t n, unsigned char **buffer)
{
    uint64_t n_bytes = (uint64_t)scan->source->n_bytes;

    *buffer = NULL;
    if (at > n_bytes || n > n_bytes - at) {
        gk_scan_bad(scan, at, "it speaks of what lies beyond its end");
        return NULL;
    }
    if (scan->source->memory)
        return scan->source->memory + at;
    unsigned char *bytes = malloc(n ? n : 1);
    if (!bytes)
        gk_error("cannot read %s: out of memory", scan->source->label);
    for (uint64_t done = 0; bytes && done < n;) {
        ssize_t got = pread(scan->source->fd, bytes + done, n - done, (off_t)(at + done));
        if (got <= 0 && !(got < 0 && errno == EINTR)) {
            gk_error("cannot read %s: %s", scan->source->label, got < 0 ? strerror(errno) : "it became shorter meanwhile");
            free(bytes);
            return NULL;
        }
        done += got > 0 ? (uint64_t)got : 0;
    }
    return *buffer = bytes;
}

int gk_scan_block(gk_scan *scan, uint64_t at, uint64_t n, const char *sign, gk_cursor *out)
{
    unsigned char *buffer;

    if (n > MAX_BLOCK || n < strlen(sign) + 4)
        return gk_scan_bad(scan, at, "a block of metadata has an impossible size");
    if (gk_scan_claim(scan, at, n) < 0)
        return -1;
    if (gk_scan_checksummed)
        gk_scan_checksummed(at, n, n - 4);
    const unsigned char *bytes = gk_scan_bytes(scan, at, n, &buffer);
    if (!bytes)
        return -1;
    if (buffer) {    /* metadata stay until the end */
        bytes = memcpy(gk_arena_alloc(&scan->arena, n), buffer, n);
        free(buffer);
    }
    *out = (gk_cursor){ bytes + strlen(sign), bytes + n - 4, at, false };
    return memcmp(bytes, sign, strlen(sign)) == 0 ? 0 : gk_scan_bad(scan, at, "a block of metadata is not what it should be");
}

int gk_scan_expect(gk_scan *scan, uint64_t header, const unsigned char *name, size_t n_name)
{
    uint64_t     *pending = gk_scan_grow(scan, scan->pending, scan->n_pending, &scan->pending_capacity, sizeof *pending);
    gk_scan_name *names = gk_scan_grow(scan, scan->name, scan->n_name, &scan->name_capacity, sizeof *names);

    scan->pending = pending ? pending : scan->pending;
    scan->name = names ? names : scan->name;
    if (!pending || !names)
        return -1;
    scan->pending[scan->n_pending++] = header;
    scan->name[scan->n_name++] = (gk_scan_name){ name, n_name };
    return 0;
}

static int by_text(const void *a, const void *b)
{
    const gk_scan_name *left = a, *right = b;
    int                 order = memcmp(left->text, right->text, left->n < right->n ? left->n : right->n);

    return order ? order : (left->n > right->n) - (left->n < right->n);
}

/* A path leads to one object. */
static int check_names(gk_scan *scan, uint64_t address)
{
    if (scan->n_name > 1)
        qsort(scan->name, scan->n_name, sizeof *scan->name, by_text);
    for (size_t i = 1; i < scan->n_name; i++)
        if (by_text(&scan->name[i - 1], &scan->name[i]) == 0)
            return gk_scan_bad(scan, address, "two links of a group have one name");
    return 0;
}

/* --- objects -------------------------------------------------------------------------------------------------------- */

/* Kinds of messages that an object may have once. */
enum { SPACE, LINK_INFO, TYPE, FILL, LAYOUT, GROUP_INFO, PIPELINE, MODIFIED, ATTRIBUTE_INFO, N_ONCE };

typedef struct object {
    uint64_t  address;
    gk_cursor once[N_ONCE];      /* at == NULL: it has none */
    gk_extent *next;             /* further chunks of the header */
    size_t    n_next, next_capacity;
    bool      has_order, has_links;
} object;

static int once_of(unsigned type)
{
    switch (type) {
    case 0x01: return SPACE;
    case 0x02: return LINK_INFO;
    case 0x03: return TYPE;
    case 0x05: return FILL;
    case 0x08: return LAYOUT;
    case 0x0a: return GROUP_INFO;
    case 0x0b: return PIPELINE;
    case 0x12: return MODIFIED;
    case 0x15: return ATTRIBUTE_INFO;
    default:   return -1;
    }
}

static int add_piece(gk_scan *scan, object *o, gk_cursor *c)
{
    gk_extent *next = gk_scan_grow(scan, o->next, o->n_next, &o->next_capacity, sizeof *next);

    if (!next)
        return -1;
    o->next = next;
    next += o->n_next++;
    next->at = gk_cursor_get(c, 8);
    next->n = gk_cursor_get(c, 8);
    return c->has_failed ? gk_scan_bad(scan, c->address, "a message is too short") : 0;
}

static int scan_message(gk_scan *scan, object *o, unsigned type, unsigned flags, gk_cursor *c)
{
    int once = once_of(type);

    if (flags & ~0x05u)    /* constant, not to be shared: all others change who else is to be asked */
        return gk_scan_bad(scan, c->address, "an object has a shared message, or one that must be understood");
    if (once >= 0) {
        if (o->once[once].at)
            return gk_scan_bad(scan, c->address, "an object has two messages of one kind");
        o->once[once] = *c;
        return 0;
    }
    switch (type) {
    case 0x00:
        return 0;
    case 0x06:
        o->has_links = true;
        return gk_scan_read_link(scan, c);
    case 0x0c:
        return gk_scan_read_attribute(scan, c);
    case 0x10:
        return add_piece(scan, o, c);
    default:
        return gk_scan_bad(scan, c->address, type == 0x07   ? "data are in another file"
                                             : type == 0x16 ? "an object is linked several times"
                                                            : "an object has a message of a kind that our files do not have");
    }
}

/* The messages of one chunk of a header; what is left at its end is a gap. */
static int scan_messages(gk_scan *scan, object *o, gk_cursor *c)
{
    size_t n_head = o->has_order ? 6 : 4;

    while (gk_cursor_left(c) >= n_head) {
        unsigned  type = (unsigned)gk_cursor_get(c, 1);
        uint64_t  n = gk_cursor_get(c, 2);
        unsigned  flags = (unsigned)gk_cursor_get(c, 1);
        gk_cursor message = { .address = c->address };
        gk_cursor_get(c, o->has_order ? 2 : 0);
        message.at = gk_cursor_skip(c, n);
        if (!message.at)
            return gk_scan_bad(scan, c->address, "a message is longer than the header that holds it");
        message.end = message.at + n;
        if (scan_message(scan, o, type, flags, &message) < 0)
            return -1;
    }
    return 0;
}

/* All chunks of the header at o->address. */
static int scan_header(gk_scan *scan, object *o)
{
    unsigned char *buffer;
    uint64_t       n_here = (uint64_t)scan->source->n_bytes - o->address;
    gk_cursor      c;

    if (o->address >= (uint64_t)scan->source->n_bytes)
        return gk_scan_bad(scan, o->address, "it speaks of what lies beyond its end");
    n_here = n_here < 40 ? n_here : 40;
    const unsigned char *start = gk_scan_bytes(scan, o->address, n_here, &buffer);
    if (!start)
        return -1;
    c = (gk_cursor){ start, start + n_here, o->address, false };
    bool     is_header = gk_cursor_get(&c, 4) == 0x5244484f && gk_cursor_get(&c, 1) == 2;    /* OHDR */
    unsigned flags = (unsigned)gk_cursor_get(&c, 1);
    gk_cursor_skip(&c, (flags & 0x20 ? 16 : 0) + (flags & 0x10 ? 4 : 0));
    uint64_t n_chunk = gk_cursor_get(&c, 1 << (flags & 3)), n_prefix = (uint64_t)(c.at - start);
    bool     is_short = c.has_failed;
    free(buffer);
    if (!is_header || is_short || flags & 0xc0 || n_chunk > MAX_BLOCK)
        return gk_scan_bad(scan, o->address, "an object is not of HDF5 1.10's form, which h5py writes with libver='v110'");
    o->has_order = flags & 0x04;
    if (gk_scan_block(scan, o->address, n_prefix + n_chunk + 4, "OHDR", &c) < 0)
        return -1;
    gk_cursor_skip(&c, n_prefix - 4);
    if (scan_messages(scan, o, &c) < 0)
        return -1;
    for (size_t i = 0; i < o->n_next; i++)
        if (gk_scan_block(scan, o->next[i].at, o->next[i].n, "OCHK", &c) < 0 || scan_messages(scan, o, &c) < 0)
            return -1;
    return 0;
}

static int scan_dataset(gk_scan *scan, object *o)
{
    gk_scan_type  type;
    gk_scan_space space;

    if (!o->once[SPACE].at || !o->once[TYPE].at || !o->once[LAYOUT].at || o->has_links || o->once[GROUP_INFO].at)
        return gk_scan_bad(scan, o->address, "an object is neither a group nor a dataset");
    if (gk_scan_read_type(scan, &o->once[TYPE], 0, &type) < 0 || gk_scan_read_space(scan, &o->once[SPACE], &space) < 0)
        return -1;
    if (o->once[FILL].at && gk_scan_read_fill(scan, &o->once[FILL], &type) < 0)
        return -1;
    return gk_scan_data(scan, &type, &space, &o->once[LAYOUT], &o->once[PIPELINE]);
}

static int scan_group(gk_scan *scan, object *o)
{
    gk_cursor *info = &o->once[GROUP_INFO];

    if (o->once[SPACE].at || o->once[TYPE].at || o->once[LAYOUT].at || o->once[FILL].at || o->once[PIPELINE].at)
        return gk_scan_bad(scan, o->address, "an object is neither a group nor a dataset");
    if (info->at) {
        unsigned version = (unsigned)gk_cursor_get(info, 1), flags = (unsigned)gk_cursor_get(info, 1);
        gk_cursor_skip(info, (flags & 1 ? 4 : 0) + (flags & 2 ? 4 : 0));
        if (version != 0 || flags & ~3u || info->has_failed)
            return gk_scan_bad(scan, o->address, "a group is described in an unknown way");
    }
    return gk_scan_dense(scan, &o->once[LINK_INFO], false) < 0 ? -1 : check_names(scan, o->address);
}

static int scan_object(gk_scan *scan, uint64_t address)
{
    object     o = { .address = address };
    gk_cursor *modified = &o.once[MODIFIED];

    scan->n_name = 0;
    int status = scan_header(scan, &o);
    free(o.next);
    if (status < 0)
        return -1;
    if (modified->at && (gk_cursor_left(modified) < 8 || *modified->at != 1))
        return gk_scan_bad(scan, address, "an object's time is in an unknown form");
    if (o.once[ATTRIBUTE_INFO].at && gk_scan_dense(scan, &o.once[ATTRIBUTE_INFO], true) < 0)
        return -1;
    return o.once[LINK_INFO].at ? scan_group(scan, &o) : scan_dataset(scan, &o);
}

/* --- the whole file ------------------------------------------------------------------------------------------------- */

static int scan_superblock(gk_scan *scan, uint64_t *root)
{
    gk_cursor c;

    if (gk_scan_block(scan, 0, SUPERBLOCK_BYTES, "\x89HDF\r\n\x1a\n", &c) < 0)
        return -1;
    unsigned version = (unsigned)gk_cursor_get(&c, 1), n_offset = (unsigned)gk_cursor_get(&c, 1);
    unsigned n_length = (unsigned)gk_cursor_get(&c, 1), flags = (unsigned)gk_cursor_get(&c, 1);
    uint64_t base = gk_cursor_get(&c, 8), extension = gk_cursor_get(&c, 8), end = gk_cursor_get(&c, 8);
    *root = gk_cursor_get(&c, 8);
    if (version < 2 || version > 3 || n_offset != 8 || n_length != 8 || flags != 0 || base != 0)
        return gk_scan_bad(scan, 0, "its superblock is of an unknown form, or says that it is still being written");
    if (extension != GK_SCAN_NOWHERE)
        return gk_scan_bad(scan, 0, "its superblock has an extension, which our files do not have");
    return end <= (uint64_t)scan->source->n_bytes ? 0 : gk_scan_bad(scan, 0, "it is shorter than it says");
}

int gk_h5_scan(const gk_scan_source *source, bool *has_heap)
{
    gk_scan  scan = { .source = source, .unpacked_left = gk_scan_max_unpacked(source->n_bytes) };
    uint64_t root;
    int      status = scan_superblock(&scan, &root);

    if (status == 0)
        status = gk_scan_expect(&scan, root, NULL, 0);
    while (status == 0 && scan.n_pending > 0)
        status = scan_object(&scan, scan.pending[--scan.n_pending]);
    if (status == 0 && (check_overlaps(&scan, &scan.used) < 0 || check_overlaps(&scan, &scan.objects) < 0))
        status = -1;
    *has_heap = scan.has_heap;
    free(scan.used.extent);
    free(scan.objects.extent);
    free(scan.pending);
    free(scan.name);
    gk_arena_release(&scan.arena);
    return status;
}
