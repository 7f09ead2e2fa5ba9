/* test_table.c -- tables: both formats byte for byte, and every way in which writing can fail. */
#include "base/table.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "../test.h"

static char folder[64], path[96], content[1 << 16];

static const char *read_back(const char *name)
{
    FILE  *file = fopen(name, "r");
    size_t n = file ? fread(content, 1, sizeof content - 1, file) : 0;
    content[n] = '\0';
    if (file)
        fclose(file);
    return file ? content : "(no file)";
}

/* Files in the folder, also those whose names begin with a dot. */
static int n_file(void)
{
    struct dirent **found;
    int             n = scandir(folder, &found, NULL, NULL);

    for (int i = 0; i < n; i++)
        free(found[i]);
    free(found);
    return n - 2;    /* "." and ".." */
}

static void write_sample(gk_table *table)
{
    gk_table_comment(table, "made by %s\nin two lines", "grok-x");
    gk_table_column(table, "step:updates");
    gk_table_column(table, "loss");
    gk_table_column(table, "na\tme");
    gk_table_int(table, -5);
    gk_table_real(table, 0.1, 3);
    gk_table_text(table, "a\tb\n\"\\\x01\x7f");
    gk_table_end_row(table);
    gk_table_int(table, INT64_MIN);
    gk_table_real(table, NAN, 6);
    gk_table_end_row(table);
    gk_table_empty(table);
    gk_table_real(table, -INFINITY, 6);
    gk_table_text(table, NULL);
    gk_table_end_row(table);
    gk_table_comment(table, "end");
}

TEST(tsv_has_comments_a_header_and_rows)
{
    gk_table *table = gk_table_open(path, false);
    write_sample(table);
    CHECK_INT(gk_table_close(table), 0);
    CHECK_TEXT(read_back(path), "# made by grok-x in two lines\n"
                                "step:updates\tloss\tna me\n"
                                "-5\t0.1\ta b \"\\  \n"
                                "-9223372036854775808\tnan\t\n"
                                "\t-inf\t\n"
                                "# end\n");
}

TEST(columns_are_counted_by_name_without_units)
{
    gk_table *table = gk_table_open(path, false);
    gk_table_column(table, "step");
    gk_table_column(table, "step:updates");
    gk_table_column(table, "steps");
    CHECK_INT(gk_table_count_named(table, "step"), 2);
    CHECK_INT(gk_table_count_named(table, "steps"), 1);
    CHECK_INT(gk_table_count_named(table, "ste"), 0);
    CHECK_INT(gk_table_close(table), 0);
}

TEST(json_has_one_object_a_row)
{
    gk_table *table = gk_table_open(path, true);
    write_sample(table);
    CHECK_INT(gk_table_close(table), 0);
    CHECK_TEXT(read_back(path),
               "{\"step:updates\": -5, \"loss\": 0.1, \"na\\u0009me\": \"a\\u0009b\\u000a\\\"\\\\\\u0001\\u007f\"}\n"
               "{\"step:updates\": -9223372036854775808, \"loss\": \"nan\", \"na\\u0009me\": null}\n"
               "{\"step:updates\": null, \"loss\": \"-inf\", \"na\\u0009me\": null}\n");
}

static const char *json_of(const char *text)
{
    gk_table *table = gk_table_open(path, true);
    gk_table_column(table, "x");
    gk_table_text(table, text);
    gk_table_end_row(table);
    CHECK_INT(gk_table_close(table), 0);
    return read_back(path);
}

TEST(json_keeps_valid_utf8_and_replaces_the_rest)
{
    CHECK_TEXT(json_of("\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"), "{\"x\": \"\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80\"}\n");
    CHECK_TEXT(json_of("a\xff" "b"), "{\"x\": \"a\\ufffdb\"}\n");
    CHECK_TEXT(json_of("\xc3"), "{\"x\": \"\\ufffd\"}\n");                           /* cut short by the end */
    CHECK_TEXT(json_of("\xe2\x82"), "{\"x\": \"\\ufffd\\ufffd\"}\n");
    CHECK_TEXT(json_of("\xc0\xaf"), "{\"x\": \"\\ufffd\\ufffd\"}\n");                /* overlong */
    CHECK_TEXT(json_of("\xed\xa0\x80"), "{\"x\": \"\\ufffd\\ufffd\\ufffd\"}\n");     /* surrogate */
    CHECK_TEXT(json_of("\xf4\x90\x80\x80"), "{\"x\": \"\\ufffd\\ufffd\\ufffd\\ufffd\"}\n");    /* past the last code */
}

TEST(reals_keep_the_digits_that_were_asked_for)
{
    gk_table *table = gk_table_open(path, false);
    gk_table_column(table, "a");
    gk_table_column(table, "b");
    gk_table_real(table, 1.0 / 3, 4);
    gk_table_real(table, 0.1, 17);
    gk_table_end_row(table);
    CHECK_INT(gk_table_close(table), 0);
    CHECK_TEXT(read_back(path), "a\tb\n0.3333\t0.10000000000000001\n");
}

TEST(a_table_without_rows_still_has_its_header)
{
    gk_table *table = gk_table_open(path, false);
    gk_table_column(table, "a");
    gk_table_column(table, "b");
    CHECK_INT(gk_table_close(table), 0);
    CHECK_TEXT(read_back(path), "a\tb\n");
}

TEST(the_old_file_stays_until_the_new_one_is_complete)
{
    gk_table *table = gk_table_open(path, false);
    gk_table_column(table, "old");
    CHECK_INT(gk_table_close(table), 0);
    CHECK_INT(chmod(path, 0640), 0);

    table = gk_table_open(path, false);
    gk_table_column(table, "new");
    gk_table_text(table, "x");
    gk_table_end_row(table);
    CHECK_TEXT(read_back(path), "old\n");
    CHECK_INT(n_file(), 2);
    CHECK_INT(gk_table_close(table), 0);
    CHECK_TEXT(read_back(path), "new\nx\n");
    CHECK_INT(n_file(), 1);
    struct stat new;
    CHECK_INT(stat(path, &new), 0);
    CHECK_INT(new.st_mode & 0777, 0640);
}

TEST(a_symbolic_link_stays_a_link)
{
    char link[96];
    snprintf(link, sizeof link, "%s/link", folder);
    CHECK_INT(symlink(path, link), 0);
    gk_table *table = gk_table_open(link, false);
    gk_table_column(table, "through the link");
    CHECK_INT(gk_table_close(table), 0);
    struct stat found;
    CHECK_INT(lstat(link, &found), 0);
    CHECK(S_ISLNK(found.st_mode));
    CHECK_TEXT(read_back(path), "through the link\n");
    unlink(link);
}

TEST(a_path_that_cannot_be_written_fails_at_once)
{
    CHECK(gk_table_open("/nonexistent/table.tsv", false) == NULL);
    CHECK_TEXT(gk_error_message(), "cannot write '/nonexistent/table.tsv': No such file or directory");
    CHECK(gk_table_open(folder, false) == NULL);
    CHECK_CONTAINS(gk_error_message(), "it is a folder");
}

TEST(a_full_disk_is_noticed)
{
    for (int n_row = 1; n_row <= 10000; n_row *= 100) {
        gk_table *table = gk_table_open("/dev/full", false);
        gk_table_column(table, "x");
        for (int row = 0; row < n_row; row++) {
            gk_table_int(table, row);
            gk_table_end_row(table);
        }
        CHECK_INT(gk_table_close(table), -1);
        CHECK_TEXT(gk_error_message(), "cannot write '/dev/full': No space left on device");
    }
    struct stat device;
    CHECK_INT(stat("/dev/full", &device), 0);
    CHECK(S_ISCHR(device.st_mode));
}

TEST(a_closed_pipe_on_stdout_is_noticed)
{
    int ends[2], status;
    fflush(stdout);
    CHECK_INT(pipe(ends), 0);
    close(ends[0]);
    pid_t child = fork();
    if (child == 0) {
        signal(SIGPIPE, SIG_IGN);
        dup2(ends[1], STDOUT_FILENO);
        gk_table *table = gk_table_open("-", false);
        gk_table_column(table, "x");
        bool is_noticed = gk_table_close(table) == -1;
        _exit(is_noticed && strcmp(gk_error_message(), "cannot write standard output: Broken pipe") == 0 ? 5 : 6);
    }
    close(ends[1]);
    waitpid(child, &status, 0);
    CHECK_INT(WEXITSTATUS(status), 5);
}

TEST(a_table_goes_to_stdout_and_into_pipes)
{
    int ends[2];
    char name[64];
    fflush(stdout);
    CHECK_INT(pipe(ends), 0);
    int old_stdout = dup(STDOUT_FILENO);
    dup2(ends[1], STDOUT_FILENO);
    gk_table *table = gk_table_open(NULL, false);
    gk_table_column(table, "x");
    int status = gk_table_close(table);
    dup2(old_stdout, STDOUT_FILENO);
    close(old_stdout);
    CHECK_INT(status, 0);
    snprintf(name, sizeof name, "/dev/fd/%d", ends[1]);
    table = gk_table_open(name, false);
    CHECK(table != NULL);
    gk_table_column(table, "y");
    CHECK_INT(gk_table_close(table), 0);
    CHECK_INT(read(ends[0], content, 4), 4);
    content[4] = '\0';
    CHECK_TEXT(content, "x\ny\n");
    close(ends[0]);
    close(ends[1]);
}

TEST(a_program_that_ends_early_leaves_no_temporary_file)
{
    static gk_table *volatile left;    /* static: what is still held is no leak */
    int status;
    unlink(path);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        left = gk_table_open(path, false);
        exit(left && n_file() == 1 ? 0 : 1);
    }
    waitpid(child, &status, 0);
    CHECK_INT(status, 0);
    CHECK_INT(n_file(), 0);
}

static int make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/test_table.XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/table.tsv", folder);
    return 0;
}

TEST(the_scratch_folder_can_be_made)
{
    CHECK_INT(make_folder(), 0);
}

TEST(the_scratch_folder_is_empty_in_the_end)
{
    unlink(path);
    CHECK_INT(rmdir(folder), 0);
}

TEST_MAIN(
    RUN(the_scratch_folder_can_be_made)
    RUN(tsv_has_comments_a_header_and_rows)
    RUN(columns_are_counted_by_name_without_units)
    RUN(json_has_one_object_a_row)
    RUN(json_keeps_valid_utf8_and_replaces_the_rest)
    RUN(reals_keep_the_digits_that_were_asked_for)
    RUN(a_table_without_rows_still_has_its_header)
    RUN(the_old_file_stays_until_the_new_one_is_complete)
    RUN(a_symbolic_link_stays_a_link)
    RUN(a_path_that_cannot_be_written_fails_at_once)
    RUN(a_full_disk_is_noticed)
    RUN(a_closed_pipe_on_stdout_is_noticed)
    RUN(a_table_goes_to_stdout_and_into_pipes)
    RUN(a_program_that_ends_early_leaves_no_temporary_file)
    RUN(the_scratch_folder_is_empty_in_the_end))
