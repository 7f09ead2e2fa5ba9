/* input.h -- files that this process reads.  Whoever reads a file opens it here, so that one place knows what must not be written
 * over (base/outfile.h). */
#ifndef GK_BASE_INPUT_H
#define GK_BASE_INPUT_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>

/* One version of a file: another one has another number, size or time. */
typedef struct gk_file_version {
    bool            exists;
    dev_t           device;
    ino_t           number;
    off_t           n_bytes;
    struct timespec changed;
} gk_file_version;

gk_file_version gk_version_of(const struct stat *info);    /* NULL: there is no file */
bool            gk_same_version(const gk_file_version *a, const gk_file_version *b);

/* Open for reading ("-": standard input).  -1 or NULL with errno. */
int             gk_input_open(const char *path);
FILE           *gk_input_stream(const char *path);

/* Close what gk_input_open gave; standard input stays open. */
void            gk_input_close(int fd);

/* Is this one of the files that were read? */
bool            gk_is_input(const struct stat *info);

/* The version of the file that was read under this name last; exists is false if none was. */
gk_file_version gk_input_version(const char *path);

/* It may be written over: because it goes on under the same name, or because it is a new file that got an old one's number. */
void            gk_input_forget(const struct stat *info);

#endif
