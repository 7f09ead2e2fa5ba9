/* gnuplot.c -- run gnuplot on a script that we wrote.  Its three streams are files in memory, so no pipe can fill or break. */
#include "plot/gnuplot.h"

#include <ctype.h>
#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/syscalls.h"
#include "base/text.h"

void gk_gnuplot_quote(FILE *script, const char *text)
{
    gk_character next;

    putc('"', script);
    for (; (next = gk_text_character(text)).n_byte > 0; text += next.n_byte) {
        if (next.n_byte == 1 && (isalnum((unsigned char)*text) || strchr(" _-+.,:=/()%", *text)))
            putc(*text, script);
        else if (!next.is_printable)
            putc(' ', script);
        else
            for (int i = 0; i < next.n_byte; i++) {
                unsigned byte = (unsigned char)text[i];
                fprintf(script, byte < 64 ? "\\0%03o" : "\\%03o", byte);    /* gnuplot reads 4 digits after a leading 0 */
            }
    }
    putc('"', script);
}

/* --- files in memory --------------------------------------------------------------------------------------------- */

static int memory_file(const void *data, size_t n_bytes)
{
    int file = memfd_create("gnuplot", MFD_CLOEXEC);

    if (file < 0)
        return gk_error("cannot run gnuplot: no file in memory: %s", strerror(errno));
    if (gk_write_all(file, data, n_bytes) < 0) {
        gk_error("cannot run gnuplot: cannot hold its script: %s", strerror(errno));
        close(file);
        return -1;
    }
    lseek(file, 0, SEEK_SET);
    return file;
}

/* All of a file in memory, ended by NUL. */
static char *contents(int file, size_t *n_bytes)
{
    struct stat info;
    char *data;

    if (fstat(file, &info) < 0 || !(data = malloc((size_t)info.st_size + 1))) {
        gk_error("cannot read what gnuplot wrote: %s", strerror(errno));
        return NULL;
    }
    for (*n_bytes = 0; *n_bytes < (size_t)info.st_size;) {
        ssize_t n_read = pread(file, data + *n_bytes, (size_t)info.st_size - *n_bytes, (off_t)*n_bytes);
        if (n_read < 0 && errno == EINTR)
            continue;
        if (n_read <= 0)
            break;
        *n_bytes += (size_t)n_read;
    }
    data[*n_bytes] = '\0';
    return data;
}

/* --- the child --------------------------------------------------------------------------------------------------- */

static int not_found(void)
{
    return gk_error("cannot find gnuplot: install it (apt-get install gnuplot-nox), or use grok-log for the numbers");
}

static int spawn(const int streams[3], pid_t *child)
{
    char *const arguments[] = { "gnuplot", "--default-settings", NULL };
    posix_spawn_file_actions_t actions;
    int error;

    posix_spawn_file_actions_init(&actions);
    for (int i = 0; i < 3; i++)
        posix_spawn_file_actions_adddup2(&actions, streams[i], i);
    error = posix_spawnp(child, "gnuplot", &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error == ENOENT)
        return not_found();
    return error ? gk_error("cannot run gnuplot: %s", strerror(error)) : 0;
}

/* The line of gnuplot's complaint that says what is wrong; the others show the script. */
static int complain(int errors, int result)
{
    size_t n_bytes;
    char *text = contents(errors, &n_bytes), *rest = text, *line, *last = NULL;

    while (rest && (line = strsep(&rest, "\n")))
        if (line[strspn(line, " ^")] && !strstr(line, "warning:"))
            last = line;
    if (WIFSIGNALED(result))
        gk_error("gnuplot was killed by signal %d", WTERMSIG(result));
    else if (!last && WEXITSTATUS(result) == 127)    /* how a child may say that there was nothing to run (POSIX; qemu) */
        not_found();
    else
        gk_error("gnuplot failed: %s", last ? last : "it did not say why");
    free(text);
    return -1;
}

int gk_gnuplot_run(const char *script, size_t n_bytes, char **output, size_t *n_output)
{
    int streams[3] = { memory_file(script, n_bytes), memory_file("", 0), memory_file("", 0) };
    int status = -1, result = 0;
    pid_t child;

    *output = NULL;
    if (streams[0] < 0 || streams[1] < 0 || streams[2] < 0 || spawn(streams, &child) < 0)
        goto done;
    while (waitpid(child, &result, 0) < 0)
        if (errno != EINTR) {
            gk_error("cannot wait for gnuplot: %s", strerror(errno));
            goto done;
        }
    if (result != 0) {
        complain(streams[2], result);
        goto done;
    }
    if (!(*output = contents(streams[1], n_output)))
        goto done;
    status = 0;
done:
    for (int i = 0; i < 3; i++)
        if (streams[i] >= 0)
            close(streams[i]);
    return status;
}
