/* test_outfile.c -- files on their way to their names: what stands there before, beside and after. */
#include "base/input.h"
#include "base/outfile.h"
#include "base/syscalls.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../test.h"

static char folder[] = "/tmp/test_outfile.XXXXXX", path[64], content[4096];

static void put(const char *name, const char *text)
{
    int file = open(name, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    CHECK_INT(gk_write_all(file, text, strlen(text)), 0);
    close(file);
}

static const char *get(const char *name)
{
    int     file = open(name, O_RDONLY);
    ssize_t n = file < 0 ? -1 : read(file, content, sizeof content - 1);
    if (file >= 0)
        close(file);
    content[n < 0 ? 0 : n] = '\0';
    return n < 0 ? "(no file)" : content;
}

/* The only name in the folder that begins with a dot, as a path; NULL: there is none. */
static const char *temporary(void)
{
    static char name[512];
    DIR        *listing = opendir(folder);
    bool        found = false;
    for (struct dirent *entry; (entry = readdir(listing));)
        if (entry->d_name[0] == '.' && strlen(entry->d_name) > 2) {
            snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
            found = true;
        }
    closedir(listing);
    return found ? name : NULL;
}

/* Write text to a path. */
static int written(const char *name, const char *text)
{
    gk_outfile *output = gk_outfile_new(name, GK_OUTFILE_TABLE);
    if (!output)
        return -1;
    if (gk_outfile_write(output, text, strlen(text)) < 0) {
        gk_outfile_discard(output);
        return -1;
    }
    return gk_outfile_commit(output);
}

TEST(a_file_takes_its_name_when_it_is_whole)
{
    gk_outfile *output = gk_outfile_new(path, GK_OUTFILE_TABLE);
    char       sha256[GK_SHA256_HEX];
    CHECK_INT(gk_outfile_write(output, "a", 1), 0);
    CHECK_INT(gk_outfile_write(output, "bc", 2), 0);
    gk_outfile_sha256(output, sha256);
    CHECK_TEXT(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_TEXT(get(path), "(no file)");
    CHECK(temporary() != NULL);
    CHECK_INT(gk_outfile_commit(output), 0);
    CHECK_TEXT(get(path), "abc");
    CHECK(temporary() == NULL);
}

TEST(bytes_that_change_on_the_way_to_the_disk_are_noticed)
{
    put(path, "old\n");
    gk_outfile *output = gk_outfile_new(path, GK_OUTFILE_TABLE);
    CHECK_INT(gk_outfile_write(output, "a\tb\n", 4), 0);
    put(temporary(), "a\tc\n");
    CHECK_INT(gk_outfile_commit(output), -1);
    CHECK_CONTAINS(gk_error_message(), "reading back what was written gives something else");
    CHECK_TEXT(get(path), "old\n");
    CHECK(temporary() == NULL);

    output = gk_outfile_new(path, GK_OUTFILE_TABLE);
    CHECK_INT(gk_outfile_write(output, "a\tb\n", 4), 0);
    CHECK_INT(truncate(temporary(), 3), 0);
    CHECK_INT(gk_outfile_commit(output), -1);
    CHECK_TEXT(get(path), "old\n");
}

TEST(the_next_writer_removes_what_a_killed_one_left_and_nothing_else)
{
    static const char *const others[] = { ".x.tsv.abc12.tmp", ".x.tsv.abc1234.tmp", ".x.tsv.abcDEF.tmp", ".xx.tsv.abc123.tmp",
                                          "x.tsv.abc123.tmp", ".x.tsv.abc123" };
    char left[128], name[128];
    snprintf(left, sizeof left, "%s/.x.tsv.abc123.tmp", folder);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(name, sizeof name, "%s/%s", folder, others[i]);
        put(name, "somebody's");
    }
    put(left, "half a tab");
    CHECK_INT(written(path, "x\n"), 0);
    CHECK_TEXT(get(left), "(no file)");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        snprintf(name, sizeof name, "%s/%s", folder, others[i]);
        CHECK_TEXT(get(name), "somebody's");
        unlink(name);
    }

    put(left, "being written");
    int owner = open(left, O_RDWR);
    CHECK_INT(flock(owner, LOCK_EX), 0);
    CHECK_INT(written(path, "y\n"), 0);
    CHECK_TEXT(get(left), "being written");
    close(owner);
    CHECK_INT(written(path, "z\n"), 0);
    CHECK_TEXT(get(left), "(no file)");

    snprintf(name, sizeof name, "%s/target", folder);
    put(name, "not a file of ours");
    CHECK_INT(symlink("target", left), 0);
    CHECK_INT(written(path, "z\n"), 0);
    CHECK_INT(unlink(left), 0);    /* a link is none of ours */
    CHECK_TEXT(get(name), "not a file of ours");
    unlink(name);
}

TEST(two_writers_of_one_target_do_not_disturb_each_other)
{
    gk_outfile *first = gk_outfile_new(path, GK_OUTFILE_TABLE), *second = gk_outfile_new(path, GK_OUTFILE_TABLE);
    CHECK_INT(gk_outfile_write(first, "1\n", 2), 0);
    CHECK_INT(gk_outfile_write(second, "2\n", 2), 0);
    CHECK_INT(gk_outfile_commit(first), 0);
    CHECK_TEXT(get(path), "1\n");
    CHECK_INT(gk_outfile_commit(second), 0);
    CHECK_TEXT(get(path), "2\n");
}

/* The only file in the folder whose name contains ".saved."; it is removed. */
static const char *take_saved(void)
{
    static char name[512];
    DIR        *listing = opendir(folder);
    const char *found = "(no file)";
    for (struct dirent *entry; (entry = readdir(listing));)
        if (strstr(entry->d_name, ".saved.")) {
            snprintf(name, sizeof name, "%s/%s", folder, entry->d_name);
            CHECK_CONTAINS(gk_error_message(), name);
            found = get(name);
            unlink(name);
        }
    closedir(listing);
    return found;
}

/* As a store. */
static int stored(const char *name, const char *text)
{
    gk_outfile *output = gk_outfile_new(name, GK_OUTFILE_STORE);
    CHECK(output != NULL);
    return output && gk_outfile_write(output, text, strlen(text)) == 0 ? gk_outfile_commit(output) : -1;
}

TEST(a_store_replaces_only_what_this_process_knows)
{
    char store[128];
    snprintf(store, sizeof store, "%s/a.h5", folder);
    put(store, "precious");
    CHECK(gk_outfile_new(store, GK_OUTFILE_STORE) == NULL);
    CHECK_CONTAINS(gk_error_message(), "give another name, or --force");
    CHECK_INT(gk_outfile_check(store, GK_OUTFILE_STORE), -1);
    gk_outfile_allow(store);
    CHECK_INT(stored(store, "one"), 0);
    CHECK_INT(stored(store, "two"), 0);    /* its own */
    CHECK_TEXT(get(store), "two");
    put(store, "somebody else's");
    CHECK_INT(stored(store, "three"), -1);
    CHECK_TEXT(take_saved(), "three");
    CHECK_TEXT(get(store), "somebody else's");
    unlink(store);
    CHECK_INT(stored(store, "four"), 0);    /* where nothing is, nothing is lost */

    snprintf(store, sizeof store, "%s/b.h5", folder);
    CHECK_INT(gk_outfile_check(store, GK_OUTFILE_STORE), 0);
    put(store, "made since the check");
    CHECK_INT(stored(store, "five"), -1);
    CHECK_TEXT(take_saved(), "five");
    CHECK_TEXT(get(store), "made since the check");
    put(store, "");
    snprintf(store, sizeof store, "%s/c.h5", folder);
    put(store, "");
    CHECK_INT(stored(store, "an empty file is nobody's"), 0);
    unlink(store);
    snprintf(store, sizeof store, "%s/b.h5", folder);
    unlink(store);
    snprintf(store, sizeof store, "%s/a.h5", folder);
    unlink(store);
}

TEST(what_goes_on_replaces_what_was_read_and_nothing_later)
{
    char store[128], link[128];
    snprintf(store, sizeof store, "%s/d.h5", folder);
    snprintf(link, sizeof link, "%s/e.h5", folder);
    put(store, "read");
    CHECK_INT(symlink("d.h5", link), 0);
    gk_input_close(gk_input_open(store));
    gk_outfile_allow(link);
    CHECK(gk_outfile_new(link, GK_OUTFILE_STORE) == NULL);    /* whatever was allowed */
    CHECK_CONTAINS(gk_error_message(), "which is read");
    gk_outfile_continue(link, store);
    CHECK_INT(stored(link, "gone on"), 0);
    CHECK_TEXT(get(store), "gone on");

    gk_input_close(gk_input_open(store));
    put(store, "another process has gone on");
    gk_outfile_continue(store, store);
    CHECK_INT(stored(store, "so have we"), -1);
    CHECK_TEXT(take_saved(), "so have we");
    CHECK_TEXT(get(store), "another process has gone on");
    unlink(link);
    unlink(store);
}

TEST(what_becomes_something_else_meanwhile_is_kept)
{
    unlink(path);
    gk_outfile *output = gk_outfile_new(path, GK_OUTFILE_TABLE);
    CHECK_INT(gk_outfile_write(output, "a\tb\n", 4), 0);
    put(path, "a letter, not a table\n");
    CHECK_INT(gk_outfile_commit(output), -1);
    CHECK_TEXT(take_saved(), "a\tb\n");
    CHECK_TEXT(get(path), "a letter, not a table\n");
    unlink(path);
}

TEST(links_stay_links_also_those_that_point_at_nothing)
{
    char        link[128], deep[512];
    struct stat info;
    snprintf(link, sizeof link, "%s/link", folder);
    unlink(path);
    CHECK_INT(symlink("x.tsv", link), 0);
    CHECK_INT(written(link, "n\n"), 0);
    CHECK_TEXT(get(path), "n\n");
    CHECK(lstat(link, &info) == 0 && S_ISLNK(info.st_mode));
    unlink(link);
    CHECK_INT(symlink("link", link), 0);
    CHECK_INT(written(link, "n\n"), -1);
    CHECK_CONTAINS(gk_error_message(), strerror(ELOOP));
    unlink(link);

    snprintf(deep, sizeof deep, "%s/%0255d", folder, 0);    /* as long as a name may be */
    CHECK_INT(written(deep, "n\n"), 0);
    CHECK_INT(written(deep, "m\n"), 0);
    CHECK_TEXT(get(deep), "m\n");
    unlink(deep);
}

TEST(a_check_leaves_nothing_and_opens_no_pipe)
{
    char fifo[128];
    snprintf(fifo, sizeof fifo, "%s/fifo", folder);
    unlink(path);
    CHECK_INT(gk_outfile_check(path, GK_OUTFILE_STORE), 0);
    CHECK_TEXT(get(path), "(no file)");
    CHECK(temporary() == NULL);
    CHECK_INT(mkfifo(fifo, 0600), 0);
    CHECK_INT(gk_outfile_check(fifo, GK_OUTFILE_STORE), 0);    /* and does not wait for a reader */
    unlink(fifo);
    CHECK_INT(gk_outfile_check("", GK_OUTFILE_STORE), -1);
    CHECK_INT(gk_outfile_check("/nowhere/x", GK_OUTFILE_STORE), -1);
    CHECK_INT(gk_outfile_check(folder, GK_OUTFILE_STORE), -1);
    CHECK_CONTAINS(gk_error_message(), "it is a folder");
}

int main(void)
{
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/x.tsv", folder);
    RUN(a_file_takes_its_name_when_it_is_whole)
    RUN(bytes_that_change_on_the_way_to_the_disk_are_noticed)
    RUN(the_next_writer_removes_what_a_killed_one_left_and_nothing_else)
    RUN(two_writers_of_one_target_do_not_disturb_each_other)
    RUN(a_store_replaces_only_what_this_process_knows)
    RUN(what_goes_on_replaces_what_was_read_and_nothing_later)
    RUN(what_becomes_something_else_meanwhile_is_kept)
    RUN(links_stay_links_also_those_that_point_at_nothing)
    RUN(a_check_leaves_nothing_and_opens_no_pipe)
    unlink(path);
    CHECK_INT(rmdir(folder), 0);    /* nothing was left */
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0 || test_n_failed_check != 0;
}
