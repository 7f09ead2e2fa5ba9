/* test_output.c -- files on their way to their names: what stands there before, beside and after. */
#include "base/output.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../test.h"

static char folder[] = "/tmp/test_output.XXXXXX", path[64], content[4096];

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
    gk_output *output = gk_output_new(name, GK_OUTPUT_TABLE);
    if (!output)
        return -1;
    if (gk_output_write(output, text, strlen(text)) < 0) {
        gk_output_discard(output);
        return -1;
    }
    return gk_output_commit(output);
}

TEST(a_file_takes_its_name_when_it_is_whole)
{
    gk_output *output = gk_output_new(path, GK_OUTPUT_TABLE);
    char       sha256[GK_SHA256_HEX];
    CHECK_INT(gk_output_write(output, "a", 1), 0);
    CHECK_INT(gk_output_write(output, "bc", 2), 0);
    gk_output_sha256(output, sha256);
    CHECK_TEXT(sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK_TEXT(get(path), "(no file)");
    CHECK(temporary() != NULL);
    CHECK_INT(gk_output_commit(output), 0);
    CHECK_TEXT(get(path), "abc");
    CHECK(temporary() == NULL);
}

TEST(bytes_that_change_on_the_way_to_the_disk_are_noticed)
{
    put(path, "old");
    gk_output *output = gk_output_new(path, GK_OUTPUT_TABLE);
    CHECK_INT(gk_output_write(output, "a\tb\n", 4), 0);
    put(temporary(), "a\tc\n");
    CHECK_INT(gk_output_commit(output), -1);
    CHECK_CONTAINS(gk_error_message(), "reading back what was written gives something else");
    CHECK_TEXT(get(path), "old");
    CHECK(temporary() == NULL);

    output = gk_output_new(path, GK_OUTPUT_TABLE);
    CHECK_INT(gk_output_write(output, "a\tb\n", 4), 0);
    CHECK_INT(truncate(temporary(), 3), 0);
    CHECK_INT(gk_output_commit(output), -1);
    CHECK_TEXT(get(path), "old");
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
    gk_output *first = gk_output_new(path, GK_OUTPUT_TABLE), *second = gk_output_new(path, GK_OUTPUT_TABLE);
    CHECK_INT(gk_output_write(first, "1\n", 2), 0);
    CHECK_INT(gk_output_write(second, "2\n", 2), 0);
    CHECK_INT(gk_output_commit(first), 0);
    CHECK_TEXT(get(path), "1\n");
    CHECK_INT(gk_output_commit(second), 0);
    CHECK_TEXT(get(path), "2\n");
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
    CHECK_INT(gk_output_check(path, GK_OUTPUT_STORE), 0);
    CHECK_TEXT(get(path), "(no file)");
    CHECK(temporary() == NULL);
    CHECK_INT(mkfifo(fifo, 0600), 0);
    CHECK_INT(gk_output_check(fifo, GK_OUTPUT_STORE), 0);    /* and does not wait for a reader */
    unlink(fifo);
    CHECK_INT(gk_output_check("", GK_OUTPUT_STORE), -1);
    CHECK_INT(gk_output_check("/nowhere/x", GK_OUTPUT_STORE), -1);
    CHECK_INT(gk_output_check(folder, GK_OUTPUT_STORE), -1);
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
    RUN(links_stay_links_also_those_that_point_at_nothing)
    RUN(a_check_leaves_nothing_and_opens_no_pipe)
    unlink(path);
    CHECK_INT(rmdir(folder), 0);    /* nothing was left */
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0 || test_n_failed_check != 0;
}
