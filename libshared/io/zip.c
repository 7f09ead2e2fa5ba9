/* zip.c -- see zip.h (APPNOTE.TXT of PKWARE, 6.3). */
#include "io/zip.h"

#include <stdlib.h>
#include <zlib.h>

enum { LOCAL = 30, ENTRY = 46, END = 22, LOCATOR = 20, END64 = 56, EXTRA64 = 1, MAX_COMMENT = 65535,
       STORED = 0, DEFLATED = 8, IS_ENCRYPTED = 1, VERSION = 45, MAX_RATIO = 1032 /* of deflate */,
       DATE = 33 /* 1 January 1980: the same bytes at any time */ };

/* --- reading: the directory --------------------------------------------------------------------------------------------- */

static bool is_signed(const gk_bytes *file, uint64_t at, size_t n, const char *sign)
{
    return at <= file->n && n <= file->n - at && memcmp(file->at + at, sign, 4) == 0;
}

/* Where the directory is and how many entries it has. */
static int find_directory(const gk_bytes *file, uint64_t *at, uint64_t *n_entry)
{
    size_t first = file->n > END + MAX_COMMENT ? file->n - END - MAX_COMMENT : 0, end = file->n < END ? 0 : file->n - END;
    while (end > first && !is_signed(file, end, END, "PK\005\006"))
        end--;
    if (!is_signed(file, end, END, "PK\005\006"))
        return gk_error("'%s' is truncated: its archive has no end", file->path);
    *n_entry = gk_unsigned_at(file->at + end + 10, 2);
    *at = gk_unsigned_at(file->at + end + 16, 4);
    if (end >= LOCATOR && is_signed(file, end - LOCATOR, LOCATOR, "PK\006\007")) {
        uint64_t end64 = gk_unsigned_at(file->at + end - LOCATOR + 8, 8);
        if (!is_signed(file, end64, END64, "PK\006\006"))
            return gk_error("'%s' is damaged: its archive's end is not where it says", file->path);
        *n_entry = gk_unsigned_at(file->at + end64 + 32, 8);
        *at = gk_unsigned_at(file->at + end64 + 48, 8);
    }
    if (*n_entry > GK_TENSORS_MAX || *n_entry * ENTRY > file->n)
        return gk_error("'%s' is damaged: its archive lists %llu members", file->path, (unsigned long long)*n_entry);
    return 0;
}

/* A size of 32 bits, or that of 64 in the extra field, where all that are too large stand in turn. */
static bool wide(const uint8_t *entry, int at, const uint8_t **extra, const uint8_t *extra_end, uint64_t *out)
{
    *out = gk_unsigned_at(entry + at, 4);
    if (*out != UINT32_MAX)
        return true;
    if (!*extra || extra_end - *extra < 8)
        return false;
    *out = gk_unsigned_at(*extra, 8);
    *extra += 8;
    return true;
}

/* The field of ZIP64 in the extra fields of an entry; NULL: there is none. */
static const uint8_t *find_extra64(const uint8_t *at, const uint8_t *end, const uint8_t **field_end)
{
    while (end - at >= 4) {
        const uint8_t *field = at + 4;
        uint64_t n = gk_unsigned_at(at + 2, 2);
        if (n > (uint64_t)(end - field))
            return NULL;
        *field_end = field + n;
        if (gk_unsigned_at(at, 2) == EXTRA64)
            return field;
        at = *field_end;
    }
    return NULL;
}

/* The entry at `at`; how many bytes it has, 0 with gk_error. */
static size_t read_entry(const gk_bytes *file, uint64_t at, gk_arena *arena, gk_zip_member *member)
{
    const uint8_t *entry, *extra_end;
    uint64_t n, n_packed, header;
    if (!is_signed(file, at, ENTRY, "PK\001\002")) {
        gk_error("'%s' is damaged: its archive's directory ends too early", file->path);
        return 0;
    }
    extra_end = entry = file->at + at;
    size_t n_name = gk_unsigned_at(entry + 28, 2), n_extra = gk_unsigned_at(entry + 30, 2);
    size_t n_entry = ENTRY + n_name + n_extra + gk_unsigned_at(entry + 32, 2);
    uint64_t method = gk_unsigned_at(entry + 10, 2);
    if (n_entry > file->n - at || memchr(entry + ENTRY, '\0', n_name)) {
        gk_error("'%s' is damaged: a name in its archive makes no sense", file->path);
        return 0;
    }
    member->name = gk_arena_printf(arena, "%.*s", (int)n_name, (const char *)entry + ENTRY);
    member->is_deflated = method == DEFLATED;
    member->crc = (uint32_t)gk_unsigned_at(entry + 16, 4);
    if ((method != STORED && method != DEFLATED) || (gk_unsigned_at(entry + 8, 2) & IS_ENCRYPTED)) {
        gk_error("'%s' of '%s' is encrypted or packed in a way that is not known here: expected stored or deflated", member->name,
                 file->path);
        return 0;
    }
    const uint8_t *extra = find_extra64(entry + ENTRY + n_name, entry + ENTRY + n_name + n_extra, &extra_end);
    if (!wide(entry, 24, &extra, extra_end, &n) || !wide(entry, 20, &extra, extra_end, &n_packed) ||
        !wide(entry, 42, &extra, extra_end, &header) || n_packed > file->n || header > file->n - n_packed ||
        n > n_packed * MAX_RATIO || (method == STORED && n != n_packed)) {
        gk_error("'%s' of '%s' has sizes that cannot be: is it truncated?", member->name, file->path);
        return 0;
    }
    member->n = n;
    member->n_packed = n_packed;
    member->header = header;
    return n_entry;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Two members with one name: each reader would take another one. */
static int check_names(const gk_bytes *file, int n, const gk_zip_member *member)
{
    const char **name = malloc(((size_t)n + 1) * sizeof *name);
    int status = name ? 0 : gk_error("out of memory for the members of '%s'", file->path);
    for (int i = 0; name && i < n; i++)
        name[i] = member[i].name;
    if (name)
        qsort(name, (size_t)n, sizeof *name, by_name);
    for (int i = 1; status == 0 && i < n; i++)
        if (strcmp(name[i - 1], name[i]) == 0)
            status = gk_error("'%s' is damaged: its archive has twice '%s'", file->path, name[i]);
    free(name);
    return status;
}

int gk_zip_list(const gk_bytes *file, gk_arena *arena, gk_zip_member **out)
{
    uint64_t at = 0, n_entry = 0;
    if (find_directory(file, &at, &n_entry) < 0)
        return -1;
    *out = gk_arena_alloc(arena, ((size_t)n_entry + 1) * sizeof **out);
    for (uint64_t i = 0; i < n_entry; i++) {
        size_t n = read_entry(file, at, arena, &(*out)[i]);
        if (n == 0)
            return -1;
        at += n;
    }
    return check_names(file, (int)n_entry, *out) < 0 ? -1 : (int)n_entry;
}

/* --- reading: a member -------------------------------------------------------------------------------------------------- */

static int unpack(const gk_bytes *file, const gk_zip_member *member, const uint8_t *packed, uint8_t *to)
{
    z_stream z = { .next_in = (Bytef *)packed };    /* zlib has no const here; it only reads */
    size_t   n_in = member->n_packed, n_out = member->n;
    int      status = inflateInit2(&z, -MAX_WBITS);
    if (status != Z_OK)
        return gk_error("out of memory for '%s' of '%s'", member->name, file->path);
    z.next_out = to;
    while (status == Z_OK) {
        uInt give = n_in < INT32_MAX ? (uInt)n_in : INT32_MAX, room = n_out < INT32_MAX ? (uInt)n_out : INT32_MAX;
        z.avail_in = give;
        z.avail_out = room;
        status = inflate(&z, Z_NO_FLUSH);
        n_in -= give - z.avail_in;
        n_out -= room - z.avail_out;
        if (status == Z_OK && z.avail_in == give && z.avail_out == room)
            break;    /* nothing is moving */
    }
    inflateEnd(&z);
    return status == Z_STREAM_END && n_in == 0 && n_out == 0 ? 0 :
        gk_error("'%s' of '%s' is damaged: its packed bytes do not give what they should", member->name, file->path);
}

static uint32_t checksum(uint32_t crc, const uint8_t *at, size_t n)
{
    return (uint32_t)crc32_z(crc, at, n);
}

int gk_zip_member_read(const gk_bytes *file, const gk_zip_member *member, gk_tensors *tensors, gk_bytes *out)
{
    uint64_t data = member->header + LOCAL;
    if (!is_signed(file, member->header, LOCAL, "PK\003\004"))
        return gk_error("'%s' is damaged: '%s' is not where its archive says", file->path, member->name);
    data += gk_unsigned_at(file->at + member->header + 26, 2) + gk_unsigned_at(file->at + member->header + 28, 2);
    if (data > file->n || member->n_packed > file->n - data)
        return gk_error("'%s' of '%s' goes beyond the file's end: is it truncated?", member->name, file->path);
    *out = (gk_bytes){ file->path, file->at + data, member->n };
    if (member->is_deflated) {
        uint8_t *to = gk_tensors_buffer(tensors, member->n, member->name);
        out->at = to;
        if (!to || unpack(file, member, file->at + data, to) < 0)
            return -1;
    }
    if (checksum(0, out->at, out->n) != member->crc)
        return gk_error("'%s' of '%s' is damaged: its checksum is wrong", member->name, file->path);
    return 0;
}

/* --- writing ------------------------------------------------------------------------------------------------------------ */

static int write_bytes(gk_zip_writer *zip, const void *data, size_t n)
{
    zip->n_written += n;
    return gk_outfile_write(zip->output, data, n);
}

static uint8_t *directory_room(gk_zip_writer *zip, size_t n)
{
    if (zip->n_directory + n > zip->n_room) {
        size_t   n_room = 2 * (zip->n_room + n);
        uint8_t *grown = realloc(zip->directory, n_room);
        if (!grown) {
            gk_error("out of memory for the directory of %s", gk_outfile_label(zip->output));
            return NULL;
        }
        zip->directory = grown;
        zip->n_room = n_room;
    }
    zip->n_directory += n;
    return memset(zip->directory + zip->n_directory - n, 0, n);
}

/* What local header and entry have in common, from "version needed" on: 26 bytes. */
static void put_common(uint8_t *at, uint32_t crc, size_t n_name, size_t n_extra)
{
    gk_put_unsigned(at, 2, VERSION);
    gk_put_unsigned(at + 2, 2, 1 << 11);    /* names are UTF-8 */
    gk_put_unsigned(at + 4, 2, STORED);
    gk_put_unsigned(at + 8, 2, DATE);
    gk_put_unsigned(at + 10, 4, crc);
    gk_put_unsigned(at + 14, 4, UINT32_MAX);    /* both sizes: in the extra field */
    gk_put_unsigned(at + 18, 4, UINT32_MAX);
    gk_put_unsigned(at + 22, 2, n_name);
    gk_put_unsigned(at + 24, 2, n_extra);
}

static void put_extra(uint8_t *at, int n_number, uint64_t n, uint64_t header)
{
    gk_put_unsigned(at, 2, EXTRA64);
    gk_put_unsigned(at + 2, 2, 8 * (uint64_t)n_number);
    gk_put_unsigned(at + 4, 8, n);
    gk_put_unsigned(at + 12, 8, n);
    if (n_number > 2)
        gk_put_unsigned(at + 20, 8, header);
}

int gk_zip_put(gk_zip_writer *zip, const char *name, int n_part, const gk_bytes *part)
{
    enum { LOCAL_EXTRA = 20, ENTRY_EXTRA = 28 };
    size_t   n_name = strlen(name), n = 0;
    uint64_t header = zip->n_written;
    uint8_t  local[LOCAL] = "PK\003\004", extra[LOCAL_EXTRA];
    uint32_t crc = 0;
    for (int i = 0; i < n_part; i++) {
        crc = checksum(crc, part[i].at, part[i].n);
        n += part[i].n;
    }
    if (n_name > UINT16_MAX)
        return gk_error("cannot write %s: the name '%.40s...' is too long", gk_outfile_label(zip->output), name);
    put_common(local + 4, crc, n_name, sizeof extra);
    put_extra(extra, 2, n, 0);
    if (write_bytes(zip, local, sizeof local) < 0 || write_bytes(zip, name, n_name) < 0 ||
        write_bytes(zip, extra, sizeof extra) < 0)
        return -1;
    for (int i = 0; i < n_part; i++)
        if (write_bytes(zip, part[i].at, part[i].n) < 0)
            return -1;
    uint8_t *entry = directory_room(zip, ENTRY + n_name + ENTRY_EXTRA);
    if (!entry)
        return -1;
    gk_put_bytes(entry, "PK\001\002", 4);
    gk_put_unsigned(entry + 4, 2, VERSION);
    put_common(entry + 6, crc, n_name, ENTRY_EXTRA);
    gk_put_unsigned(entry + 42, 4, UINT32_MAX);
    gk_put_bytes(entry + ENTRY, name, n_name);
    put_extra(entry + ENTRY + n_name, 3, n, header);
    zip->n_member++;
    return 0;
}

int gk_zip_end(gk_zip_writer *zip)
{
    uint64_t directory = zip->n_written, n_directory = zip->n_directory;
    uint8_t  end[END64 + LOCATOR + END] = "PK\006\006", *locator = end + END64, *last = locator + LOCATOR;
    gk_put_unsigned(end + 4, 8, END64 - 12);
    gk_put_unsigned(end + 12, 2, VERSION);
    gk_put_unsigned(end + 14, 2, VERSION);
    gk_put_unsigned(end + 24, 8, zip->n_member);
    gk_put_unsigned(end + 32, 8, zip->n_member);
    gk_put_unsigned(end + 40, 8, n_directory);
    gk_put_unsigned(end + 48, 8, directory);
    gk_put_bytes(locator, "PK\006\007", 4);
    gk_put_unsigned(locator + 8, 8, directory + n_directory);
    gk_put_unsigned(locator + 16, 4, 1);
    gk_put_bytes(last, "PK\005\006", 4);
    memset(last + 8, 0xff, 12);    /* all numbers: in the end of 64 bits */
    return n_directory > 0 && write_bytes(zip, zip->directory, zip->n_directory) < 0 ? -1 : write_bytes(zip, end, sizeof end);
}

void gk_zip_release(gk_zip_writer *zip)
{
    free(zip->directory);
}
