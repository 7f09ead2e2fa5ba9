/* h5_scan_heap.c -- links and attributes of objects with many: version 2 B-trees whose records name objects in a fractal heap.
 * See h5_scan.h, and sections III.A.2 and III.G of the format's specification. */
#include <stdlib.h>
#include <string.h>
#include "io/h5_scan.h"

enum { WIDTH = 4, MAX_DIRECT = 65536, MAX_MANAGED = 4096, MAX_TREE_DEPTH = 8, MAX_TREE_NODE = 1 << 16, MAX_NEST = 12 };

/* One direct block: where the heap's bytes [offset, offset + n) are. */
typedef struct direct {
    uint64_t             offset, n, address, n_head;
    const unsigned char *bytes;
} direct;

/* An object outside of the blocks. */
typedef struct huge {
    uint64_t at, n, number;
} huge;

typedef struct heap {
    uint64_t address, start;         /* of its header; bytes of its first block */
    unsigned n_bit, n_id;            /* of its address space; bytes of a name of an object */
    bool     has_sums;
    bool     is_attributes;
    direct  *block;
    size_t   n_block, capacity;
    uint64_t huge_tree;              /* of objects that are too large for a block */
    huge    *huge;                   /* sorted by number */
    size_t   n_huge, huge_capacity;
    uint64_t *known;                 /* names of the objects by the first tree, sorted */
    size_t   n_known, known_capacity;
} heap;

/* --- B-trees ---------------------------------------------------------------------------------------------------------- */

typedef int on_record(gk_scan *scan, heap *h, gk_cursor *record);

typedef struct tree {
    unsigned   type;
    uint64_t   node_bytes, record_bytes;
    uint64_t   most[MAX_TREE_DEPTH + 1], n_pointer[MAX_TREE_DEPTH + 1];    /* records of a node, bytes of a pointer, by height */
    int        n_count[MAX_TREE_DEPTH + 1];                                /* bytes of a count of all records below, by height */
    uint64_t   n_seen;
    heap      *h;
    on_record *record;
} tree;

static int bytes_for(uint64_t value)
{
    int bits = 0;

    for (; value > 1; value >>= 1)
        bits++;
    return bits / 8 + 1;
}

/* Sizes follow from the node's, as the specification says. */
static bool size_tree(tree *t, unsigned depth)
{
    uint64_t below = (t->node_bytes - 10) / t->record_bytes;

    t->most[0] = below;
    t->n_count[0] = 0;
    for (unsigned height = 1; height <= depth; height++) {
        t->n_pointer[height] = 8 + (uint64_t)bytes_for(t->most[0]) + (uint64_t)t->n_count[height - 1];
        if (t->node_bytes < 10 + t->n_pointer[height])
            return false;
        t->most[height] = (t->node_bytes - 10 - t->n_pointer[height]) / (t->record_bytes + t->n_pointer[height]);
        if (__builtin_mul_overflow(t->most[height] + 1, below, &below) || __builtin_add_overflow(below, t->most[height], &below))
            return false;
        t->n_count[height] = bytes_for(below);
    }
    return t->most[0] > 0 && (depth == 0 || t->most[depth] > 0);
}

/* NOLINTNEXTLINE(misc-no-recursion): a height of at most MAX_TREE_DEPTH */
static int scan_node(gk_scan *scan, tree *t, uint64_t at, unsigned height, uint64_t n_record)
{
    gk_cursor c;
    uint64_t  n_used = n_record * t->record_bytes + (height ? (n_record + 1) * t->n_pointer[height] : 0) + 10;

    if (n_record > t->most[height] || (height > 0 && n_record == 0))
        return gk_scan_bad(scan, at, "a node of a tree has an impossible number of records");
    /* its checksum stands right after what is used of it, the rest is its own as well */
    if (gk_scan_block(scan, at, n_used, height ? "BTIN" : "BTLF", &c) < 0 ||
        gk_scan_claim(scan, at + n_used, t->node_bytes - n_used) < 0)
        return -1;
    if (gk_cursor_get(&c, 1) != 0 || gk_cursor_get(&c, 1) != t->type)
        return gk_scan_bad(scan, at, "a node of a tree is of another kind");
    for (uint64_t i = 0; i < n_record; i++, t->n_seen++) {
        const unsigned char *bytes = gk_cursor_skip(&c, t->record_bytes);
        gk_cursor            record = { bytes, bytes ? bytes + t->record_bytes : NULL, at, false };
        if (!bytes || t->record(scan, t->h, &record) < 0)
            return bytes ? -1 : gk_scan_bad(scan, at, "a node of a tree is too short");
    }
    for (uint64_t i = 0; height > 0 && i <= n_record; i++) {
        uint64_t child = gk_cursor_get(&c, 8), n = gk_cursor_get(&c, bytes_for(t->most[0])), n_before = t->n_seen;
        uint64_t n_below = gk_cursor_get(&c, t->n_count[height - 1]);
        if (scan_node(scan, t, child, height - 1, n) < 0)
            return -1;
        if (height > 1 && t->n_seen - n_before != n_below)
            return gk_scan_bad(scan, at, "a tree does not have the records that it counts");
    }
    return 0;
}

static int scan_tree(gk_scan *scan, heap *h, uint64_t header, unsigned type, uint64_t record_bytes, on_record *record)
{
    tree      t = { .type = type, .record_bytes = record_bytes, .h = h, .record = record };
    gk_cursor c;

    if (gk_scan_block(scan, header, 38, "BTHD", &c) < 0)
        return -1;
    bool is_right = gk_cursor_get(&c, 1) == 0 && gk_cursor_get(&c, 1) == type;
    t.node_bytes = gk_cursor_get(&c, 4);
    is_right = is_right && gk_cursor_get(&c, 2) == record_bytes && t.node_bytes >= 64 && t.node_bytes <= MAX_TREE_NODE;
    unsigned depth = (unsigned)gk_cursor_get(&c, 2);
    unsigned split = (unsigned)gk_cursor_get(&c, 1), merge = (unsigned)gk_cursor_get(&c, 1);
    uint64_t root = gk_cursor_get(&c, 8), n_root = gk_cursor_get(&c, 2), n_all = gk_cursor_get(&c, 8);
    if (!is_right || depth > MAX_TREE_DEPTH || split < 1 || split > 100 || merge < 1 || merge > 100 || !size_tree(&t, depth))
        return gk_scan_bad(scan, header, "a tree is not as our files have them");
    if (root != GK_SCAN_NOWHERE && scan_node(scan, &t, root, depth, n_root) < 0)
        return -1;
    return t.n_seen == n_all ? 0 : gk_scan_bad(scan, header, "a tree does not have the records that it counts");
}

/* --- the heap --------------------------------------------------------------------------------------------------------- */

/* Bytes of a block in a row of the doubling table. */
static uint64_t row_bytes(const heap *h, unsigned row)
{
    return row < 2 ? h->start : h->start << (row - 1);
}

static unsigned log2_of(uint64_t value)
{
    unsigned bits = 0;

    for (; value > 1; value >>= 1)
        bits++;
    return bits;
}

static bool has_owner(gk_cursor *c, const heap *h, uint64_t offset)
{
    return gk_cursor_get(c, 1) == 0 && gk_cursor_get(c, 8) == h->address && gk_cursor_get(c, (int)(h->n_bit + 7) / 8) == offset;
}

static int scan_direct(gk_scan *scan, heap *h, uint64_t at, uint64_t offset, uint64_t n)
{
    unsigned char *buffer;
    direct        *list = gk_scan_grow(scan, h->block, h->n_block, &h->capacity, sizeof *list);

    if (!list)
        return -1;
    h->block = list;
    if (gk_scan_claim(scan, at, n) < 0)
        return -1;
    if (gk_scan_checksummed && h->has_sums)
        gk_scan_checksummed(at, n, 13 + (h->n_bit + 7) / 8);
    const unsigned char *bytes = gk_scan_bytes(scan, at, n, &buffer);
    if (!bytes)
        return -1;
    if (buffer) {
        bytes = memcpy(gk_arena_alloc(&scan->arena, n), buffer, n);
        free(buffer);
    }
    gk_cursor c = { bytes, bytes + n, at, false };
    if (gk_cursor_get(&c, 4) != 0x42444846 || !has_owner(&c, h, offset))    /* FHDB */
        return gk_scan_bad(scan, at, "a block of a heap is not its own");
    uint64_t n_head = (uint64_t)(c.at - bytes) + (h->has_sums ? 4 : 0);
    h->block[h->n_block++] = (direct){ offset, n, at, n_head, bytes };
    return 0;
}

/* NOLINTNEXTLINE(misc-no-recursion): at most MAX_NEST blocks */
static int scan_indirect(gk_scan *scan, heap *h, uint64_t at, uint64_t offset, unsigned n_row, int nest)
{
    gk_cursor c;
    unsigned  most_direct = log2_of(MAX_DIRECT) - log2_of(h->start) + 2, offset_bytes = (h->n_bit + 7) / 8;

    if (nest > MAX_NEST || n_row < 1 || n_row > 64)
        return gk_scan_bad(scan, at, "a heap is nested too deeply");
    if (gk_scan_block(scan, at, 13 + offset_bytes + UINT64_C(8) * WIDTH * n_row + 4, "FHIB", &c) < 0)
        return -1;
    if (!has_owner(&c, h, offset))
        return gk_scan_bad(scan, at, "a block of a heap is not its own");
    for (unsigned row = 0; row < n_row; row++) {
        uint64_t n = row_bytes(h, row);
        for (int column = 0; column < WIDTH; column++, offset += n) {
            uint64_t child = gk_cursor_get(&c, 8);
            if (child == GK_SCAN_NOWHERE)
                continue;
            unsigned n_child_row = log2_of(n) - (log2_of(h->start) + 2) + 1;
            if ((row < most_direct ? scan_direct(scan, h, child, offset, n)
                                   : scan_indirect(scan, h, child, offset, n_child_row, nest + 1)) < 0)
                return -1;
        }
    }
    return 0;
}

static int scan_heap(gk_scan *scan, heap *h)
{
    gk_cursor c;
    unsigned  expected_bits = h->is_attributes ? 40 : 32;

    h->start = h->is_attributes ? 1024 : 512;
    h->n_id = h->is_attributes ? 8 : 7;
    if (gk_scan_block(scan, h->address, 146, "FRHP", &c) < 0)
        return -1;
    bool is_right = gk_cursor_get(&c, 1) == 0 && gk_cursor_get(&c, 2) == h->n_id && gk_cursor_get(&c, 2) == 0;    /* no filters */
    unsigned flags = (unsigned)gk_cursor_get(&c, 1);
    is_right = is_right && flags <= 3 && gk_cursor_get(&c, 4) == MAX_MANAGED;
    h->has_sums = flags & 2;
    gk_cursor_get(&c, 8);
    h->huge_tree = gk_cursor_get(&c, 8);
    gk_cursor_skip(&c, 80);    /* free space, counts */
    is_right = is_right && gk_cursor_get(&c, 2) == WIDTH && gk_cursor_get(&c, 8) == h->start;
    is_right = is_right && gk_cursor_get(&c, 8) == MAX_DIRECT;
    h->n_bit = (unsigned)gk_cursor_get(&c, 2);
    gk_cursor_get(&c, 2);
    uint64_t root = gk_cursor_get(&c, 8);
    unsigned n_row = (unsigned)gk_cursor_get(&c, 2);
    if (!is_right || h->n_bit != expected_bits || n_row > expected_bits - log2_of(h->start) - 1)
        return gk_scan_bad(scan, h->address, "a heap is not as our files have them");
    if (root == GK_SCAN_NOWHERE)
        return 0;
    return n_row == 0 ? scan_direct(scan, h, root, 0, h->start) : scan_indirect(scan, h, root, 0, n_row, 0);
}

/* --- objects in it ---------------------------------------------------------------------------------------------------- */

static int on_huge(gk_scan *scan, heap *h, gk_cursor *record)
{
    huge *list = gk_scan_grow(scan, h->huge, h->n_huge, &h->huge_capacity, sizeof *list);

    if (!list)
        return -1;
    h->huge = list;
    huge *one = &list[h->n_huge++];
    one->at = gk_cursor_get(record, 8);
    one->n = gk_cursor_get(record, 8);
    one->number = gk_cursor_get(record, 8);
    return gk_scan_claim(scan, one->at, one->n);
}

static int by_number(const void *a, const void *b)
{
    uint64_t left = ((const huge *)a)->number, right = ((const huge *)b)->number;

    return (left > right) - (left < right);
}

/* A huge object, which is read for the moment only. */
static int read_huge(gk_scan *scan, heap *h, uint64_t number, uint64_t address)
{
    unsigned char *buffer;

    huge *found = h->n_huge ? bsearch(&(huge){ .number = number }, h->huge, h->n_huge, sizeof *h->huge, by_number) : NULL;

    if (!found)
        return gk_scan_bad(scan, address, "a heap lacks one of its objects");
    const unsigned char *bytes =
        gk_scan_claim_object(scan, found->at, found->n) < 0 ? NULL : gk_scan_bytes(scan, found->at, found->n, &buffer);
    if (!bytes)
        return -1;
    gk_cursor c = { bytes, bytes + found->n, found->at, false };
    int       status = gk_scan_read_attribute(scan, &c);
    free(buffer);
    return status;
}

static int read_managed(gk_scan *scan, heap *h, uint64_t offset, uint64_t n, uint64_t address)
{
    size_t low = 0, high = h->n_block;

    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (h->block[middle].offset <= offset)
            low = middle;
        else
            high = middle;
    }
    const direct *d = low < h->n_block ? &h->block[low] : NULL;
    if (!d || n == 0 || offset < d->offset + d->n_head || offset - d->offset > d->n || n > d->n - (offset - d->offset))
        return gk_scan_bad(scan, address, "a heap lacks one of its objects");
    if (gk_scan_claim_object(scan, d->address + (offset - d->offset), n) < 0)
        return -1;
    gk_cursor c = { d->bytes + (offset - d->offset), d->bytes + (offset - d->offset) + n, d->address, false };
    return h->is_attributes ? gk_scan_read_attribute(scan, &c) : gk_scan_read_link(scan, &c);
}

/* A record of the index by name: the object that it names is read. */
static int on_name(gk_scan *scan, heap *h, gk_cursor *record)
{
    gk_cursor_get(record, h->is_attributes ? 0 : 4);    /* the hash of a link's name */
    gk_cursor all = *record;
    unsigned  kind = (unsigned)gk_cursor_get(record, 1) >> 4;
    uint64_t *list = gk_scan_grow(scan, h->known, h->n_known, &h->known_capacity, sizeof *list);

    if (!list)
        return -1;
    h->known = list;
    h->known[h->n_known++] = gk_cursor_get(&all, (int)h->n_id);
    if (h->is_attributes && all.at < all.end && *all.at & ~0x05u)
        return gk_scan_bad(scan, record->address, "an object has a shared message, or one that must be understood");
    if (kind == 1 && h->is_attributes)
        return read_huge(scan, h, gk_cursor_get(record, (int)h->n_id - 1), record->address);
    if (kind != 0)
        return gk_scan_bad(scan, record->address, "an object of a heap is of an unknown kind");
    int      offset_bytes = (int)(h->n_bit + 7) / 8;
    uint64_t offset = gk_cursor_get(record, offset_bytes), n = gk_cursor_get(record, (int)h->n_id - 1 - offset_bytes);
    return read_managed(scan, h, offset, n, record->address);
}

static int by_value(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;

    return (left > right) - (left < right);
}

/* A record of the index by creation: it names one of the same objects. */
static int on_order(gk_scan *scan, heap *h, gk_cursor *record)
{
    gk_cursor_get(record, h->is_attributes ? 0 : 8);
    uint64_t name = gk_cursor_get(record, (int)h->n_id);

    return h->n_known > 0 && bsearch(&name, h->known, h->n_known, sizeof name, by_value)
               ? 0
               : gk_scan_bad(scan, record->address, "two indices of a heap name different objects");
}

static int scan_indices(gk_scan *scan, heap *h, uint64_t by_name, uint64_t by_order)
{
    if (scan_heap(scan, h) < 0 || (h->huge_tree != GK_SCAN_NOWHERE && scan_tree(scan, h, h->huge_tree, 1, 24, on_huge) < 0))
        return -1;
    if (h->n_huge > 1)
        qsort(h->huge, h->n_huge, sizeof *h->huge, by_number);
    if (scan_tree(scan, h, by_name, h->is_attributes ? 8 : 5, h->is_attributes ? 17 : 11, on_name) < 0)
        return -1;
    if (h->n_known > 1)
        qsort(h->known, h->n_known, sizeof *h->known, by_value);
    if (by_order == GK_SCAN_NOWHERE)
        return 0;
    return scan_tree(scan, h, by_order, h->is_attributes ? 9 : 6, h->is_attributes ? 13 : 15, on_order);
}

int gk_scan_dense(gk_scan *scan, gk_cursor *c, bool is_attributes)
{
    unsigned version = (unsigned)gk_cursor_get(c, 1), flags = (unsigned)gk_cursor_get(c, 1);
    heap     h = { .is_attributes = is_attributes };

    gk_cursor_get(c, flags & 1 ? (is_attributes ? 2 : 8) : 0);
    h.address = gk_cursor_get(c, 8);
    uint64_t by_name = gk_cursor_get(c, 8), by_order = flags & 2 ? gk_cursor_get(c, 8) : GK_SCAN_NOWHERE;
    if (version != 0 || flags & ~3u || c->has_failed)
        return gk_scan_bad(scan, c->address, "a group's links or an object's attributes are kept in an unknown way");
    if (h.address == GK_SCAN_NOWHERE)
        return 0;
    int status = scan_indices(scan, &h, by_name, by_order);
    free(h.block);
    free(h.huge);
    free(h.known);
    return status;
}
