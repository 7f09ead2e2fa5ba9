/* grok-check.c -- verify files against the format: silent if good, else a line for everything that is wrong. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/die.h"
#include "base/options.h"
#include "data/dataset.h"
#include "check_leaks.h"
#include "io/checkpoint.h"

static struct { bool seal, verbose, leaks, json; } o;

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_SWITCH_OPTION("seal", seal,
                     .help = "give a file that you wrote or edited yourself a new seal (the checksum at its end), in place, if "
                             "nothing else is wrong with it"),
    GK_SWITCH_OPTION("leaks", leaks,
                     .help = "instead of the files, judge their splits: a table with a row for each run of a checkpoint, or one "
                             "for a dataset: test items that are copies of train items, items that contradict one that is alike, "
                             "classes of test items that no train item has"),
    GK_SWITCH_OPTION("json", json, .help = "--leaks as lines of JSON"),
    GK_SWITCH_OPTION("verbose", verbose, .key = 'v', .help = "name the good files too"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-check",
    .summary = "verify checkpoints and datasets: checksum, counts, shapes, indices, values",
    .arguments = "FILE...",
    .details = "A checkpoint of - is read from standard input (a dataset must be a file).\n\n"
               "  grok-check *.h5\n"
               "  grok-check --seal edited.h5         after a change with h5py (libver='v110') or the like\n"
               "  grok-check --leaks mine.h5          copies: test items with the tokens or reals of a train item;\n"
               "                                      contradictions: items like an earlier one, with another answer\n\n"
               "Of a dataset without a split any item may come to test: there copies are items like an earlier one.\n"
               "Exit status: 0 all files are good; 1 a file cannot be read at all; 2 usage; 3 faults were found, and are\n"
               "listed on standard output, or there are leaks.",
    .groups = groups, .min_arguments = 1, .max_arguments = -1
};

/* Missing, a folder, not permitted: nothing that the format could say anything about. */
static int check_readable(const char *path)
{
    struct stat info;

    if (strcmp(path, "-") == 0)
        return 0;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &info) < 0)
        return gk_error("cannot read '%s': %s", path, strerror(errno));
    close(fd);
    return S_ISDIR(info.st_mode) ? gk_error("cannot read '%s': it is a folder", path) : 0;
}

/* Its text attribute `format`: "" if it has none. */
static const char *format_of(gk_h5 *file, gk_arena *arena)
{
    const char *format = gk_h5_has(file, "/", "format") ? gk_h5_get_text(file, "/", "format", arena) : "";

    return format ? format : "";
}

/* Every message names the file. */
static int report(const char *fault)
{
    puts(fault);
    return 1;
}

static int dataset_faults(const char *path)
{
    gk_data_args args = { .data_file = path };
    gk_dataset  *dataset = gk_dataset_new(&args);

    if (!dataset)
        return report(gk_error_message());
    gk_dataset_free(dataset);
    return 0;
}

/* Number of faults, each of them printed; -1 with gk_error if they cannot be looked for. */
static int list_faults(const char *path, const char **kind)
{
    gk_arena     arena = { 0 };
    const char **line;
    int          n = 0;

    *kind = "checkpoint";
    gk_h5 *file = gk_h5_open(path);
    if (!file)
        return report(gk_error_message());
    if (strcmp(format_of(file, &arena), "groktools-dataset") != 0) {
        n = gk_checkpoint_faults(file, &arena, &line);
        for (int i = 0; i < n; i++)
            report(line[i]);
    } else {
        *kind = "dataset";
    }
    gk_h5_close(file);
    gk_arena_release(&arena);
    if (strcmp(*kind, "dataset") != 0)
        return n;
    if (strcmp(path, "-") == 0)
        return gk_error("standard input holds a dataset: these are verified only as files");
    return dataset_faults(path);
}

/* With a new seal only what has no fault: another file is left as it was, so that no seal vouches for it. */
static int check_file(const char *path, const char **kind)
{
    gk_h5_end end;
    int       n;

    if (check_readable(path) < 0)
        return -1;
    if (!o.seal)
        return list_faults(path, kind);
    if (gk_h5_keep_end(path, &end) < 0)
        return -1;
    n = gk_h5_seal(path) < 0 ? -1 : list_faults(path, kind);
    if (n != 0) {
        const char *why = gk_error_message();
        if (gk_h5_put_end(path, &end) < 0)
            gk_log("%s", why);
    }
    return n;
}

/* A file's rows of --leaks: how many splits have some; -1 with gk_error. */
static int leaks_of_file(const char *path, gk_table *table)
{
    gk_arena arena = { 0 };
    gk_h5   *file = check_readable(path) < 0 ? NULL : gk_h5_open(path);
    bool     is_dataset = file && strcmp(format_of(file, &arena), "groktools-dataset") == 0;
    if (file)
        gk_h5_close(file);
    gk_arena_release(&arena);
    return file ? gk_leaks_rows(table, path, is_dataset) : -1;
}

int main(int argc, char **argv)
{
    bool        has_fault = false, has_failed = false, has_judged = false;
    const char *kind = "";

    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    if (o.leaks && o.seal)
        gk_usage("--seal and --leaks exclude each other");
    gk_table *table = o.leaks ? gk_leaks_table(o.json) : NULL;
    if (o.leaks && !table)
        gk_die();
    for (int i = 0; i < gk_given_n_argument(given); i++) {
        const char *path = gk_given_argument(given, i);
        if (o.seal && strcmp(path, "-") == 0)
            gk_usage("--seal changes a file in place, so it cannot seal standard input");
        int n = o.leaks ? leaks_of_file(path, table) : check_file(path, &kind);
        if (n < 0)
            gk_log("%s", gk_error_message());
        else if (n == 0 && o.verbose && !o.leaks)
            printf("%s: good %s\n", path, kind);
        has_failed |= n < 0;
        has_judged |= n >= 0;
        has_fault |= n > 0;
    }
    /* of nothing there is no table */
    if ((table && has_judged && gk_table_close(table) < 0) || gk_print_end() < 0)
        gk_die();
    gk_given_free(given);
    return has_failed ? GK_EXIT_FAILED : has_fault ? GK_EXIT_NO : GK_EXIT_OK;
}
