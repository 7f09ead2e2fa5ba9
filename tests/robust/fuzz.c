/* fuzz.c -- damaged files must be refused, and never crash, hang or ask for absurd amounts of memory.
 *
 *   fuzz checkpoint|dataset FILE N           N truncations, extensions and bit flips: each must be refused with a message
 *   fuzz checkpoint|dataset FILE N sealed    wrong bits under right checksums and a right seal, so that our scan, HDF5 and our
 *                                            parser meet them: success and refusal are fine; each is read in a process of its own
 *
 * The damage is a function of its number alone.  Built with the address and undefined-behaviour sanitizers.
 * The last line is "N passed, N failed". */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "../fuzz/repair.h"
#include "base/options.h"
#include "base/rng.h"
#include "data/dataset.h"
#include "io/checkpoint.h"

enum { MAX_BYTES = 16 << 20, MAX_SECONDS = 20, REPORT_BYTES = 1 << 16, REFUSED = 0, ACCEPTED = 10, SILENT = 11 };

static int n_passed, n_failed, n_accepted, n_scanned;
static bool is_dataset;

static uint32_t draw(int number, int index, uint32_t n)
{
    return gk_rng_below(1, GK_RNG_TEST, (uint64_t)number, (uint64_t)index, n);
}

/* Flip one to four bits.  Structure lies at the beginning of HDF5 files, so half of the flips go there. */
static void flip_bits(unsigned char *bytes, size_t n_byte, int number)
{
    uint32_t n_flip = 1 + draw(number, 0, 4);
    size_t   start = n_byte < 4096 ? n_byte : 4096;
    for (int i = 0; i < (int)n_flip; i++) {
        size_t span = draw(number, 100 + i, 2) ? start : n_byte;
        bytes[draw(number, 200 + i, (uint32_t)span)] ^= (unsigned char)(1u << draw(number, 300 + i, 8));
    }
}

/* Every fourth file is cut short, every fourth has junk at its end, the others have wrong bits.  Returns the new length. */
static size_t damage(unsigned char *bytes, size_t n_byte, int number)
{
    if (number % 4 == 0)
        return draw(number, 0, (uint32_t)n_byte);
    if (number % 4 == 1) {
        for (int i = 0; i < 100; i++)
            bytes[n_byte + (size_t)i] = (unsigned char)draw(number, i, 256);
        return n_byte + 1 + draw(number, 100, 99);
    }
    flip_bits(bytes, n_byte, number);
    return n_byte;
}

/* Flip bits below the seal, and make checksums and seal fit the result. */
static int damage_sealed(unsigned char *bytes, size_t n_byte, int number)
{
    size_t n_body = n_byte - GK_SEAL_BYTES;
    flip_bits(bytes, n_body, number);
    int is_passed = repair(bytes, n_body);
    n_scanned += is_passed == 1;
    return is_passed;
}

static int save(const char *path, const unsigned char *bytes, size_t n_byte)
{
    FILE *file = fopen(path, "wb");
    if (!file || fwrite(bytes, 1, n_byte, file) != n_byte || fclose(file) == EOF) {
        fprintf(stderr, "fuzz: cannot write '%s': %s\n", path, strerror(errno));
        return -1;
    }
    return 0;
}

/* REFUSED with a message, SILENT without one, or ACCEPTED */
static int read_back(const char *path)
{
    bool is_read;
    gk_error("%s", "");
    if (is_dataset) {
        gk_data_args args = { .fraction = 0.5, .data_seed = -1, .data_file = path };
        gk_dataset  *dataset = gk_dataset_new(&args);
        is_read = dataset != NULL;
        gk_dataset_free(dataset);
    } else {
        gk_checkpoint *checkpoint = gk_checkpoint_read(path, GK_READ_ALL);
        is_read = checkpoint != NULL;
        gk_checkpoint_free(checkpoint);
    }
    return is_read ? ACCEPTED : gk_error_message()[0] ? REFUSED : SILENT;
}

/* Collect what the child says until it closes the pipe; a child that hangs is made to print its stack (SIGABRT). */
static void listen_to(int file, pid_t child, char report[REPORT_BYTES])
{
    size_t n = 0;
    time_t end = time(NULL) + MAX_SECONDS;
    for (bool is_aborted = false;;) {
        struct pollfd wait = { .fd = file, .events = POLLIN };
        if (poll(&wait, 1, 1000) > 0) {
            char    rest[4096];
            ssize_t got = read(file, rest, sizeof rest);
            if (got <= 0)
                break;
            size_t fits = REPORT_BYTES - 1 - n < (size_t)got ? REPORT_BYTES - 1 - n : (size_t)got;
            memcpy(report + n, rest, fits);
            n += fits;
        }
        if (!is_aborted && time(NULL) > end) {
            kill(child, SIGABRT);
            is_aborted = true;
        } else if (time(NULL) > end + MAX_SECONDS) {
            kill(child, SIGKILL);
        }
    }
    report[n] = '\0';
}

/* Read the file in a process of its own, and judge how that ended. */
static void read_apart(const char *path, int number)
{
    static char report[REPORT_BYTES];
    int         ends[2], status;

    if (pipe(ends) < 0) {
        n_failed++;
        return;
    }
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        _exit(read_back(path));
    }
    close(ends[1]);
    listen_to(ends[0], child, report);
    close(ends[0]);
    if (child < 0 || waitpid(child, &status, 0) < 0) {
        n_failed++;
        return;
    }
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    n_accepted += code == ACCEPTED;
    if (code == REFUSED || code == ACCEPTED) {
        n_passed++;
    } else {
        n_failed++;
        const char *how = code == SILENT ? "refused without a message" : "crash";
        printf("damage %d under a valid seal: %s (status %d)\n%s\n", number, how, status, report);
    }
}

static void read_here(const char *path, int number)
{
    int found = read_back(path);
    if (found == REFUSED) {
        n_passed++;
    } else {
        n_failed++;
        printf("damage %d: %s\n", number, found == ACCEPTED ? "accepted" : "refused without a message");
    }
}

static size_t load(const char *path, unsigned char bytes[MAX_BYTES])
{
    FILE  *file = fopen(path, "rb");
    size_t n_byte = file ? fread(bytes, 1, MAX_BYTES, file) : 0;
    if (file)
        fclose(file);
    return n_byte;
}

int main(int argc, char **argv)
{
    static unsigned char bytes[MAX_BYTES], copy[MAX_BYTES];
    const char *path = "fuzzed.h5";
    int64_t     n = 0;
    if ((argc != 4 && argc != 5) || gk_parse_int(argv[3], &n) < 0) {
        fprintf(stderr, "usage: fuzz checkpoint|dataset FILE N [sealed]\n");
        return 2;
    }
    bool   is_sealed = argc == 5;
    size_t n_byte = load(argv[2], bytes);
    is_dataset = strcmp(argv[1], "dataset") == 0;
    if (n_byte < 1024 || n_byte > MAX_BYTES - 1024 || read_back(argv[2]) != ACCEPTED) {
        fprintf(stderr, "fuzz: '%s' is not a good file to begin with: %s\n", argv[2], gk_error_message());
        return 1;
    }
    for (int number = 0; number < n; number++) {
        memcpy(copy, bytes, n_byte);
        size_t n_left = is_sealed ? n_byte : damage(copy, n_byte, number);
        if (is_sealed && damage_sealed(copy, n_byte, number) < 0)
            n_left = 0;
        if (n_left == n_byte && memcmp(copy, bytes, n_byte) == 0)    /* two flips of the same bit */
            continue;
        if (save(path, copy, n_left) < 0)
            n_failed++;
        else if (is_sealed)
            read_apart(path, number);
        else
            read_here(path, number);
    }
    if (is_sealed)
        printf("%d of %d damaged files were read, HDF5 saw %d\n", n_accepted, (int)n, n_scanned);
    printf("%d passed, %d failed\n", n_passed, n_failed);
    return n_failed != 0;
}
