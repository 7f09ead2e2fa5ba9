/* outfile_rules.c -- what may take the place of what. */
#include "base/outfile_rules.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/input.h"
#include "base/syscalls.h"

enum { LOOK_BYTES = 4096, SEAL_BYTES = 128 };    /* of a seal: see io/seal.h */

/* What this process knows to stand at a path: what it found there when it began, or what it wrote last. */
typedef struct known {
    struct known   *next;
    char           *path;         /* as given */
    gk_file_version version;
} known;

static known *all_known;

static known *find(const char *path)
{
    known *at = all_known;

    while (at && strcmp(at->path, path) != 0)
        at = at->next;
    return at;
}

static void remember(const char *path, gk_file_version version)
{
    known *at = find(path);

    if (!at) {
        at = calloc(1, sizeof *at);
        char *name = strdup(path);
        if (!at || !name)
            gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
        *at = (known){ .next = all_known, .path = name };
        all_known = at;
    }
    at->version = version;
}

static gk_file_version version_at(const char *path)
{
    struct stat info;

    return gk_version_of(stat(path, &info) == 0 ? &info : NULL);
}

void gk_outfile_allow(const char *path)
{
    if (strcmp(path, "-") != 0)
        remember(path, version_at(path));
}

void gk_outfile_continue(const char *path, const char *input)
{
    struct stat info;

    remember(path, gk_input_version(input));
    if (stat(path, &info) == 0)
        gk_input_forget(&info);
}

/* --- kinds of files --------------------------------------------------------------------------------------------------- */

typedef enum { EMPTY, STORE, PICTURE, TABLE, OTHER } content;

static bool starts(const char *data, size_t n, const char *with, size_t n_with)
{
    return n >= n_with && memcmp(data, with, n_with) == 0;
}

/* HDF5, which may begin further behind, or what ends as our files do. */
static bool is_store(int fd, off_t n_bytes, const char *data, size_t n)
{
    static const char signature[] = "\x89HDF\r\n\x1a\n", seal[] = "groktools-seal-";
    char              end[sizeof seal];

    for (size_t at = 0; at < n; at = at ? 2 * at : 512)
        if (starts(data + at, n - at, signature, sizeof signature - 1))
            return true;
    return n_bytes >= SEAL_BYTES && pread(fd, end, sizeof seal - 1, n_bytes - SEAL_BYTES) == sizeof seal - 1 &&
           memcmp(end, seal, sizeof seal - 1) == 0;
}

static bool is_picture(const char *data, size_t n)
{
    return starts(data, n, "\x89PNG\r\n\x1a\n", 8) || starts(data, n, "%PDF-", 5) || starts(data, n, "<svg", 4) ||
           (starts(data, n, "<?xml", 5) && memmem(data, n, "<svg", 4));
}

/* Where the first line is that does not begin with '#'; there may be many that do. */
static off_t after_comments(int fd)
{
    char    data[LOOK_BYTES];
    off_t   at = 0;
    ssize_t n;
    bool    line_begins = true, in_comment = false;

    for (; (n = pread(fd, data, sizeof data, at)) > 0; at += n)
        for (ssize_t i = 0; i < n; i++) {
            in_comment = line_begins ? data[i] == '#' : in_comment;
            if (!in_comment)
                return at + i;
            line_begins = data[i] == '\n';
        }
    return at;
}

/* Text that begins, after lines of '#' (but not a script's "#!"), with a line of JSON or the names of columns: several, or one
 * without blanks.  (Texts of other kinds have blanks in their first line.) */
static bool is_table(int fd, const char *data, size_t n)
{
    char line[LOOK_BYTES];

    if (memchr(data, '\0', n) || starts(data, n, "#!", 2))
        return false;
    ssize_t     n_read = pread(fd, line, sizeof line, after_comments(fd));
    const char *stop = n_read > 0 ? memchr(line, '\n', (size_t)n_read) : NULL;
    size_t      n_line = stop ? (size_t)(stop - line) : n_read > 0 ? (size_t)n_read : 0;
    if (n_line == 0 || memchr(line, '\0', n_line))
        return false;
    return *line == '{' || memchr(line, '\t', n_line) || (stop && !memchr(line, ' ', n_line) && !memchr(line, ',', n_line));
}

static content content_of(const char *path)
{
    char        data[LOOK_BYTES];
    struct stat info;
    content     found = OTHER;
    int         fd = gk_open(path, O_RDONLY | O_NONBLOCK);
    ssize_t     n = fd < 0 || fstat(fd, &info) < 0 ? -1 : pread(fd, data, sizeof data, 0);

    if (n == 0 && info.st_size == 0)
        found = EMPTY;
    else if (n > 0)
        found = is_store(fd, info.st_size, data, (size_t)n) ? STORE
                : is_picture(data, (size_t)n)               ? PICTURE
                : is_table(fd, data, (size_t)n)             ? TABLE
                                                            : OTHER;
    if (fd >= 0)
        close(fd);
    return found;
}

/* --- rules ------------------------------------------------------------------------------------------------------------ */

/* Tables replace tables and figures figures, as in any tool; what cost hours is replaced only by what knows it. */
static bool may_replace(gk_outfile_kind kind, content old)
{
    return old == EMPTY || (kind == GK_OUTFILE_TABLE && old == TABLE) || (kind == GK_OUTFILE_FIGURE && old == PICTURE);
}

int gk_rules_begin(gk_outfile_kind kind, const char *path, const char *target)
{
    struct stat info;
    bool        exists = stat(target, &info) == 0;

    if (exists && gk_is_input(&info))
        return gk_error("will not write over '%s', which is read: give another name", path);
    if (find(path) && kind == GK_OUTFILE_STORE)
        return 0;
    if (exists && !may_replace(kind, content_of(target)))
        return kind == GK_OUTFILE_STORE
                   ? gk_error("will not replace '%s': give another name, or --force", path)
                   : gk_error("will not replace '%s': it is not a %s; remove it first, or give another name", path,
                              kind == GK_OUTFILE_TABLE ? "table" : "picture");
    remember(path, gk_version_of(exists ? &info : NULL));
    return 0;
}

const char *gk_rules_change(gk_outfile_kind kind, const char *path, const char *target)
{
    struct stat     info;
    bool            exists = stat(target, &info) == 0;
    gk_file_version now = gk_version_of(exists ? &info : NULL);
    const known    *expected = find(path);

    if (!exists)
        return NULL;
    if (gk_is_input(&info))
        return "it has been read meanwhile";
    if (expected && gk_same_version(&now, &expected->version))
        return NULL;
    return kind != GK_OUTFILE_STORE && may_replace(kind, content_of(target)) ? NULL : "another program has changed it";
}

void gk_rules_done(const char *path, const char *target)
{
    struct stat info;

    if (stat(target, &info) < 0)
        return;
    gk_input_forget(&info);
    remember(path, gk_version_of(&info));
}
