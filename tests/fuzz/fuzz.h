/* fuzz.h -- what libFuzzer's harnesses share: bytes as a file that has a name.  Each harness hands its bytes to one reader, which
 * may refuse them or not; a crash, a hang, a leak or what the sanitizers see is a failure. */
#ifndef GK_TESTS_FUZZ_H
#define GK_TESTS_FUZZ_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The name of a file in memory with these bytes. */
static inline const char *fuzz_file(const uint8_t *data, size_t size)
{
    static int  fd = -1;
    static char path[64];

    if (fd < 0)
        fd = memfd_create("fuzz", 0);
    if (fd < 0 || ftruncate(fd, 0) < 0 || pwrite(fd, data, size, 0) != (ssize_t)size)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    return path;
}

/* The bytes as a text. */
static inline char *fuzz_text(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);

    if (!text)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    return text;
}

#endif
