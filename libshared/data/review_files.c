/* review_files.c -- reading reviews: a table, lines of label and text, or the archive that their collectors published, packed or
 * not.  All of it is read as if it came from an enemy. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "data/build.h"
#include "io/gunzip.h"
#include "io/text.h"
#include "table/tsv.h"

void gk_reviews_release(gk_reviews *reviews)
{
    free(reviews->review);
    free(reviews->buffer);
    gk_frame_free(reviews->frame);
    *reviews = (gk_reviews){ 0 };
}

/* Room for n reviews. */
static int make_room(gk_reviews *to, int64_t n, const char *path)
{
    if (n > INT32_MAX)
        return gk_error("'%s' has %" PRId64 " reviews, at most %d are read", path, n, INT32_MAX);
    to->review = gk_alloc_large(((size_t)n + 1) * sizeof *to->review, "reviews");
    return to->review ? 0 : -1;
}

/* 0 or 1; -1: it is neither. */
static int32_t label_of(const char *text)
{
    static const char *const names[][3] = { { "negative", "neg", "0" }, { "positive", "pos", "1" } };
    for (int label = 0; label < 2; label++)
        for (int i = 0; i < 3; i++)
            if (strcasecmp(text, names[label][i]) == 0)
                return label;
    return -1;
}

static int bad_label(const char *path, const char *place, int64_t number, const char *label)
{
    return gk_error("%s %" PRId64 " of '%s': the label '%.40s' is neither positive (pos, 1) nor negative (neg, 0)", place, number,
                    path, label);
}

/* --- tables --------------------------------------------------------------------------------------------------------------- */

/* The cells of the column of one of two names; NULL with gk_error. */
static const char **cells_of(const gk_frame *frame, const char *name, const char *other)
{
    int c = gk_frame_find(frame, name);
    if (c < 0)
        c = gk_frame_find(frame, other);
    if (c < 0 && gk_frame_need(frame, name) < 0)    /* says which there are */
        return NULL;
    return frame->column[c].text ? frame->column[c].text : frame->column[c].cell;
}

static int read_table(const char *path, gk_reviews *out)
{
    if (!(out->frame = gk_tsv_read(path)))
        return -1;
    const char **text = cells_of(out->frame, "review", "text");
    const char **label = text ? cells_of(out->frame, "sentiment", "label") : NULL;
    if (!label || make_room(out, out->frame->n_row, path) < 0)
        return -1;
    for (; out->n < out->frame->n_row; out->n++) {
        gk_review *to = &out->review[out->n];
        *to = (gk_review){ text[out->n], label_of(label[out->n]) };
        if (to->label < 0)
            return bad_label(path, "row", out->n + 1, label[out->n]);
    }
    return 0;
}

/* --- lines of label, tab, text -------------------------------------------------------------------------------------------- */

static int read_lines(const char *path, gk_reviews *out)
{
    gk_text text;
    int64_t n_line = 1;
    if (gk_text_read(path, &text) < 0)
        return -1;
    out->buffer = text.data;
    for (size_t i = 0; i < text.n_byte; i++)
        n_line += text.data[i] == '\n';
    if (make_room(out, n_line, path) < 0)
        return -1;
    for (char *line; (line = gk_text_line(&text)); out->n++) {
        char *tab = strchr(line, '\t');
        if (!tab)
            return gk_error("line %" PRId64 " of '%s' has no tab: expected a label, a tab and a text", text.line, path);
        *tab = '\0';
        out->review[out->n] = (gk_review){ tab + 1, label_of(line) };
        if (out->review[out->n].label < 0)
            return bad_label(path, "line", text.line, line);
    }
    return 0;
}

/* Does it begin with a label and a tab?  No header does.  -1 with gk_error. */
static int begins_with_label(const char *path)
{
    char       start[2] = { 0 };
    gk_gunzip *from = gk_gunzip_open(path);
    int64_t    n = from ? gk_gunzip_read(from, start, 2) : -1;
    gk_gunzip_close(from);
    return n < 0 ? -1 : (start[0] == '0' || start[0] == '1') && start[1] == '\t';
}

/* --- the archive: a tar (POSIX ustar) within gzip -------------------------------------------------------------------------- */

enum { BLOCK = 512, MAX_FILE = 1 << 26, AT_SIZE = 124, SIZE_DIGITS = 12, AT_SUM = 148, SUM_DIGITS = 8, AT_TYPE = 156,
       AT_MAGIC = 257 };

/* What a file of the archive says by its name, and where its text begins in the buffer. */
typedef struct member { int part; int32_t label; int64_t id; size_t text; } member;

typedef struct archive {
    const char *path;    /* for messages: the archive, or the file of the folder that is being read */
    gk_gunzip  *from;
    member     *member;
    int64_t     n, most;
    char       *text;
    size_t      n_text, most_text;
} archive;

static int64_t octal(const uint8_t *digits, int n)
{
    int64_t value = 0;
    int     i = 0;
    while (i < n && digits[i] == ' ')
        i++;
    for (; i < n && digits[i] >= '0' && digits[i] <= '7'; i++)
        value = 8 * value + digits[i] - '0';
    return i < n && digits[i] != '\0' && digits[i] != ' ' ? -1 : value;
}

/* The size of the file that a header is of; -1 with gk_error: it is none. */
static int64_t check_header(const archive *in, const uint8_t *head)
{
    int64_t sum = 0, size = octal(head + AT_SIZE, SIZE_DIGITS);
    for (int i = 0; i < BLOCK; i++)
        sum += i >= AT_SUM && i < AT_SUM + SUM_DIGITS ? ' ' : head[i];
    if (memcmp(head + AT_MAGIC, "ustar", 5) != 0 || octal(head + AT_SUM, SUM_DIGITS) != sum || size < 0)
        return gk_error("'%s' is not a tar archive, or damaged", in->path);
    return size;
}

/* Is this train or test / neg or pos / ID_STARS.txt? */
static bool is_review(const char *name, member *out)
{
    char    part[6], side[4];
    int     n_end = 0;
    int64_t id;
    int     stars;
    if (sscanf(name, "%5[a-z]/%3[a-z]/%8" SCNd64 "_%2d.txt%n", part, side, &id, &stars, &n_end) != 4 || n_end == 0 ||
        name[n_end] != '\0' || id < 0)
        return false;
    *out = (member){ strcmp(part, "test") == 0, label_of(side), id, 0 };
    return out->label >= 0 && (out->part || strcmp(part, "train") == 0);
}

/* Is that what a header is of, in the folder aclImdb? */
static bool is_packed_review(const uint8_t *head, member *out)
{
    static const char top[] = "aclImdb/";
    char              name[101] = { 0 };
    memcpy(name, head, 100);
    return (head[AT_TYPE] == '0' || head[AT_TYPE] == '\0') && strncmp(name, top, strlen(top)) == 0 &&
           is_review(name + strlen(top), out);
}

/* n bytes into `to`, or past them if it is NULL. */
static int take(archive *in, char *to, int64_t n)
{
    char skipped[1 << 14];
    for (int64_t n_read; n > 0; n -= n_read) {
        int64_t n_ask = to || n < (int64_t)sizeof skipped ? n : (int64_t)sizeof skipped;
        n_read = gk_gunzip_read(in->from, to ? to : skipped, n_ask);
        if (n_read < 0)
            return -1;
        if (n_read < n_ask)
            return gk_error("'%s' is truncated: it ends within a file", in->path);
        to += to ? n_read : 0;
    }
    return 0;
}

static int grow(archive *in, size_t n_byte)
{
    if (in->n == in->most) {
        int64_t most = in->most ? 2 * in->most : 4096;
        member *larger = realloc(in->member, (size_t)most * sizeof *larger);
        if (!larger)
            return gk_error("out of memory for the reviews of '%s'", in->path);
        in->member = larger;
        in->most = most;
    }
    if (in->text && in->n_text + n_byte <= in->most_text)
        return 0;
    size_t most = 2 * in->most_text + n_byte;
    char  *larger = most > GK_TEXT_MAX_BYTES ? NULL : realloc(in->text, most);
    if (!larger)
        return gk_error("out of memory for the reviews of '%s'", in->path);
    in->text = larger;
    in->most_text = most;
    return 0;
}

static int take_review(archive *in, const member *found, int64_t size)
{
    if (size > MAX_FILE)
        return gk_error("a review of '%s' has %" PRId64 " bytes, at most %d are read", in->path, size, MAX_FILE);
    if (grow(in, (size_t)size + 1) < 0 || take(in, in->text + in->n_text, size) < 0)
        return -1;
    gk_assert(in->text);
    if (memchr(in->text + in->n_text, '\0', (size_t)size))
        return gk_error("a review of '%s' is no text (it has NUL bytes)", in->path);
    in->member[in->n] = *found;
    in->member[in->n++].text = in->n_text;
    in->n_text += (size_t)size;
    in->text[in->n_text++] = '\0';
    return 0;
}

/* All files, up to a block of zeros or the end. */
static int take_all(archive *in)
{
    uint8_t head[BLOCK];
    member  found;
    for (int64_t n; (n = gk_gunzip_read(in->from, head, BLOCK)) != 0;) {
        if (n < 0)
            return -1;
        if (n < BLOCK)
            return gk_error("'%s' is not a tar archive, or damaged", in->path);
        if (head[0] == '\0')
            return 0;
        int64_t size = check_header(in, head);
        if (size < 0)
            return -1;
        if ((is_packed_review(head, &found) ? take_review(in, &found, size) : take(in, NULL, size)) < 0 ||
            take(in, NULL, (BLOCK - size % BLOCK) % BLOCK) < 0)
            return -1;
    }
    return 0;
}

static int compare_members(const void *a, const void *b)
{
    const member *x = a, *y = b;
    if (x->part != y->part)
        return x->part - y->part;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : x->label - y->label;
}

static int order_reviews(archive *in, const char *top, gk_reviews *out)
{
    if (!in->member || !in->text)
        return gk_error("'%s' has no reviews: expected files %strain/pos/0_9.txt and others", in->path, top);
    if (make_room(out, in->n, in->path) < 0)
        return -1;
    qsort(in->member, (size_t)in->n, sizeof *in->member, compare_members);
    for (int64_t i = 0; i < in->n; i++) {
        if (i > 0 && compare_members(&in->member[i], &in->member[i - 1]) == 0)
            return gk_error("'%s' has review %" PRId64 " twice", in->path, in->member[i].id);
        out->review[i] = (gk_review){ in->text + in->member[i].text, in->member[i].label };
    }
    out->n = in->n;
    return 0;
}

/* What was taken, in order; status -1: it was not, and all of it is released. */
static int finish(archive *in, int status, const char *top, gk_reviews *out)
{
    *out = (gk_reviews){ 0 };
    if (status == 0)
        status = order_reviews(in, top, out);
    free(in->member);
    if (status == 0) {
        out->buffer = in->text;
        return 0;
    }
    free(in->text);
    free(out->review);
    return -1;
}

int gk_reviews_read_archive(const char *path, gk_reviews *out)
{
    archive in = { .path = path, .from = gk_gunzip_open(path) };
    int     status = in.from ? take_all(&in) : -1;

    gk_gunzip_close(in.from);
    return finish(&in, status, "aclImdb/", out);
}

/* --- the archive, unpacked: the same files in a folder -------------------------------------------------------------------- */

/* Whatever else lies there, pipes too, is not opened. */
static int take_file(archive *in, const char *path, const member *found)
{
    struct stat info;
    if (stat(path, &info) < 0)
        return gk_error("cannot open '%s': %s", path, strerror(errno));
    if (!S_ISREG(info.st_mode))
        return gk_error("cannot read '%s': it is not a regular file", path);
    in->path = path;
    in->from = gk_gunzip_open(path);
    int status = in->from ? take_review(in, found, (int64_t)info.st_size) : -1;
    gk_gunzip_close(in->from);
    in->from = NULL;
    return status;
}

/* The reviews of one side of one part: "train/pos". */
static int take_side(archive *in, const char *folder, const char *side)
{
    gk_arena arena = { 0 };
    DIR     *listing = opendir(gk_arena_printf(&arena, "%s/%s", folder, side));
    int      status = 0;
    member   found;
    if (!listing)
        status = errno == ENOENT ? 0 : gk_error("cannot read '%s/%s': %s", folder, side, strerror(errno));
    for (struct dirent *entry; status == 0 && listing && (entry = readdir(listing));)
        if (is_review(gk_arena_printf(&arena, "%s/%s", side, entry->d_name), &found))
            status = take_file(in, gk_arena_printf(&arena, "%s/%s/%s", folder, side, entry->d_name), &found);
    if (listing)
        closedir(listing);
    gk_arena_release(&arena);
    in->path = folder;
    return status;
}

static int read_folder(const char *path, gk_reviews *out)
{
    static const char *const sides[] = { "train/neg", "train/pos", "test/neg", "test/pos" };
    archive in = { .path = path };
    int     status = 0;
    for (size_t i = 0; i < sizeof sides / sizeof *sides && status == 0; i++)
        status = take_side(&in, path, sides[i]);
    return finish(&in, status, "", out);
}

/* --- whatever it is ---------------------------------------------------------------------------------------------------- */

int gk_reviews_read(const char *path, gk_reviews *out)
{
    struct stat info;
    if (stat(path, &info) == 0 && S_ISDIR(info.st_mode))
        return read_folder(path, out);
    int is_lines = begins_with_label(path);
    *out = (gk_reviews){ 0 };
    if (is_lines >= 0 && (is_lines ? read_lines : read_table)(path, out) == 0)
        return 0;
    gk_reviews_release(out);
    return -1;
}
