/* h5_scan_message.c -- messages of objects: types, shapes, attributes, links: see h5_scan.h. */
#include <string.h>
#include "io/h5_scan.h"

enum { MAX_TYPE_DEPTH = 6, MAX_DIM = 32, MAX_MEMBER = 10000, MAX_TYPE_BYTES = 1 << 20 };
#define MAX_ARRAY_BYTES (UINT64_C(1) << 46)

/* --- types ---------------------------------------------------------------------------------------------------------- */

/* A name that ends in NUL within the message. */
static bool skip_name(gk_cursor *c)
{
    const unsigned char *end = memchr(c->at, 0, gk_cursor_left(c));

    if (!end || end == c->at)
        c->has_failed = true;
    else
        c->at = end + 1;
    return !c->has_failed;
}

static int n_byte_for(uint64_t value)
{
    int n = 1;

    while (n < 8 && value >> (8 * n))
        n++;
    return n;
}

/* NOLINTBEGIN(misc-no-recursion): types of types, at most MAX_TYPE_DEPTH */
/* Members one after another, without overlap. */
static int read_members(gk_scan *scan, gk_cursor *c, int depth, unsigned n_member, gk_scan_type *out)
{
    uint64_t end = 0;

    for (unsigned i = 0; i < n_member; i++) {
        gk_scan_type member;
        if (!skip_name(c))
            return gk_scan_bad(scan, c->address, "a column of a table has no name");
        uint64_t at = gk_cursor_get(c, n_byte_for(out->size));
        if (gk_scan_read_type(scan, c, depth + 1, &member) < 0)
            return -1;
        if (at < end || at > out->size || member.size > out->size - at)
            return gk_scan_bad(scan, c->address, "columns of a table overlap");
        end = at + member.size;
        out->has_heap |= member.has_heap;
    }
    return 0;
}

static int read_enumeration(gk_scan *scan, gk_cursor *c, int depth, unsigned n_member, const gk_scan_type *out)
{
    gk_scan_type base;

    if (gk_scan_read_type(scan, c, depth + 1, &base) < 0)
        return -1;
    if (base.class != 0 || base.size != out->size)
        return gk_scan_bad(scan, c->address, "an enumeration is not of whole numbers");
    for (unsigned i = 0; i < n_member; i++)
        if (!skip_name(c))
            return gk_scan_bad(scan, c->address, "a value of an enumeration has no name");
    gk_cursor_skip(c, n_member * out->size);
    return 0;
}

static int read_array(gk_scan *scan, gk_cursor *c, int depth, gk_scan_type *out)
{
    unsigned     n_dim = (unsigned)gk_cursor_get(c, 1);
    uint64_t     n = 1;
    gk_scan_type base;

    for (unsigned i = 0; i < n_dim && i < MAX_DIM; i++)
        n = n > MAX_TYPE_BYTES ? n : n * gk_cursor_get(c, 4);
    if (gk_scan_read_type(scan, c, depth + 1, &base) < 0)
        return -1;
    out->has_heap |= base.has_heap;
    return n_dim >= 1 && n_dim <= MAX_DIM && n > 0 && n <= MAX_TYPE_BYTES && n * base.size == out->size
               ? 0
               : gk_scan_bad(scan, c->address, "an array in a type does not have its size");
}

/* A whole number or a real: all parts lie within its bytes. */
static bool read_number(gk_cursor *c, bool is_real, unsigned bits, const gk_scan_type *out)
{
    uint64_t first = gk_cursor_get(c, 2), n_bit = gk_cursor_get(c, 2), size = 8 * out->size;
    bool     fits = n_bit > 0 && first + n_bit <= size && out->size <= 16;

    if (is_real) {
        uint64_t exponent = gk_cursor_get(c, 1), n_exponent = gk_cursor_get(c, 1), mantissa = gk_cursor_get(c, 1);
        uint64_t n_mantissa = gk_cursor_get(c, 1);
        gk_cursor_get(c, 4);
        fits = fits && n_exponent > 0 && n_mantissa > 0 && exponent + n_exponent <= size && mantissa + n_mantissa <= size &&
               (bits >> 8 & 0xff) < size && (bits >> 4 & 3) <= 2 && !(bits & 0x40);
    }
    return fits;
}

int gk_scan_read_type(gk_scan *scan, gk_cursor *c, int depth, gk_scan_type *out)
{
    unsigned head = (unsigned)gk_cursor_get(c, 1), version = head >> 4, bits = (unsigned)gk_cursor_get(c, 3);
    unsigned n_member = bits & 0xffff;
    int      status = 0;

    *out = (gk_scan_type){ .class = (int)(head & 15), .size = gk_cursor_get(c, 4) };
    bool is_known = version >= 1 && version <= 3 && out->size > 0 && out->size <= MAX_TYPE_BYTES && depth <= MAX_TYPE_DEPTH;
    switch (is_known ? out->class : -1) {
    case 0:
    case 1:
        is_known = read_number(c, out->class == 1, bits, out);
        break;
    case 3:
        is_known = (bits & 15) <= 2 && (bits >> 4 & 15) <= 1;
        break;
    case 6:
        is_known = version == 3 && n_member >= 1 && n_member <= MAX_MEMBER;
        status = is_known ? read_members(scan, c, depth, n_member, out) : 0;
        break;
    case 8:
        is_known = version == 3 && n_member >= 1 && n_member <= MAX_MEMBER;
        status = is_known ? read_enumeration(scan, c, depth, n_member, out) : 0;
        break;
    case 9: {
        gk_scan_type base = { 0 };
        status = gk_scan_read_type(scan, c, depth + 1, &base);
        out->has_heap = scan->has_heap = true;
        is_known = out->size == 16 && (bits & 15) <= 1 && !base.has_heap;
        break;
    }
    case 10:
        is_known = version == 3;
        status = is_known ? read_array(scan, c, depth, out) : 0;
        break;
    default:
        is_known = false;
    }
    if (status < 0)
        return -1;
    return is_known && !c->has_failed ? 0 : gk_scan_bad(scan, c->address, "a type is not one that our files have");
}
/* NOLINTEND(misc-no-recursion) */

/* --- shapes, fill values ---------------------------------------------------------------------------------------------- */

int gk_scan_read_space(gk_scan *scan, gk_cursor *c, gk_scan_space *out)
{
    unsigned version = (unsigned)gk_cursor_get(c, 1), n_dim = (unsigned)gk_cursor_get(c, 1);
    unsigned flags = (unsigned)gk_cursor_get(c, 1), kind = (unsigned)gk_cursor_get(c, 1);

    *out = (gk_scan_space){ .n_dim = (int)n_dim, .n_element = kind == 2 ? 0 : 1 };
    if (version != 2 || n_dim > MAX_DIM || flags & ~1u || kind > 2 || (kind != 1 && n_dim != 0) || (kind == 1 && n_dim == 0))
        return gk_scan_bad(scan, c->address, "a shape is in an unknown form");
    for (unsigned i = 0; i < n_dim; i++)
        out->dim[i] = out->max[i] = gk_cursor_get(c, 8);
    for (unsigned i = 0; i < n_dim && flags & 1; i++)
        out->max[i] = gk_cursor_get(c, 8);
    for (unsigned i = 0; i < n_dim; i++) {
        if (out->dim[i] > MAX_ARRAY_BYTES || out->max[i] < out->dim[i] ||
            (out->dim[i] > 0 && out->n_element > MAX_ARRAY_BYTES / out->dim[i]))
            return gk_scan_bad(scan, c->address, "a shape is impossible");
        out->n_element *= out->dim[i];
    }
    return c->has_failed ? gk_scan_bad(scan, c->address, "a message is too short") : 0;
}

int gk_scan_read_fill(gk_scan *scan, gk_cursor *c, const gk_scan_type *type)
{
    unsigned version = (unsigned)gk_cursor_get(c, 1), flags = 0;
    uint64_t n = 0;

    if (version == 3) {
        flags = (unsigned)gk_cursor_get(c, 1);
        n = flags & 0x20 ? gk_cursor_get(c, 4) : 0;
    } else if (version == 2) {
        gk_cursor_get(c, 2);
        n = gk_cursor_get(c, 1) == 1 ? gk_cursor_get(c, 4) : 0;
    }
    gk_cursor_skip(c, n);
    return (version == 2 || version == 3) && flags < 0x40 && (n == 0 || (n == type->size && !type->has_heap)) && !c->has_failed
               ? 0
               : gk_scan_bad(scan, c->address, "a fill value does not fit");
}

/* --- attributes, links ------------------------------------------------------------------------------------------------ */

int gk_scan_read_attribute(gk_scan *scan, gk_cursor *c)
{
    unsigned      version = (unsigned)gk_cursor_get(c, 1), flags = (unsigned)gk_cursor_get(c, 1);
    uint64_t      n_name = gk_cursor_get(c, 2), n_type = gk_cursor_get(c, 2), n_space = gk_cursor_get(c, 2);
    gk_scan_type  type;
    gk_scan_space space;

    if (version != 3 || flags != 0 || gk_cursor_get(c, 1) > 1)
        return gk_scan_bad(scan, c->address, "an attribute is not of HDF5 1.10's form, which h5py writes with libver='v110'");
    const unsigned char *name = gk_cursor_skip(c, n_name), *at = gk_cursor_skip(c, n_type), *next = gk_cursor_skip(c, n_space);
    if (!next || n_name < 2 || memchr(name, 0, n_name) != name + n_name - 1)
        return gk_scan_bad(scan, c->address, "an attribute has no name, or is too short");
    gk_cursor type_part = { at, at + n_type, c->address, false }, space_part = { next, next + n_space, c->address, false };
    if (gk_scan_read_type(scan, &type_part, 0, &type) < 0 || gk_scan_read_space(scan, &space_part, &space) < 0)
        return -1;
    if (space.n_element > gk_cursor_left(c) / type.size)
        return gk_scan_bad(scan, c->address, "an attribute's values are not there");
    return 0;
}

int gk_scan_read_link(gk_scan *scan, gk_cursor *c)
{
    unsigned version = (unsigned)gk_cursor_get(c, 1), flags = (unsigned)gk_cursor_get(c, 1);
    unsigned kind = flags & 8 ? (unsigned)gk_cursor_get(c, 1) : 0;

    gk_cursor_get(c, flags & 4 ? 8 : 0);
    gk_cursor_get(c, flags & 16 ? 1 : 0);
    uint64_t             n_name = gk_cursor_get(c, 1 << (flags & 3));
    const unsigned char *name = gk_cursor_skip(c, n_name);
    uint64_t             header = gk_cursor_get(c, 8);
    if (version != 1 || flags & 0xe0)
        return gk_scan_bad(scan, c->address, "a link is in an unknown form");
    if (kind != 0)
        return gk_scan_bad(scan, c->address, "it has a soft or external link, where only hard links may be");
    bool is_dots = n_name <= 2 && name && memcmp(name, "..", n_name) == 0;
    if (!name || c->has_failed || n_name == 0 || is_dots || memchr(name, 0, n_name) || memchr(name, '/', n_name))
        return gk_scan_bad(scan, c->address, "a link has no proper name");
    return gk_scan_expect(scan, header, name, n_name);
}
