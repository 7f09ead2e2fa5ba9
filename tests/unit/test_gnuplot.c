/* test_gnuplot.c -- texts stay texts, and failures are told. */
#include "plot/gnuplot.h"

#include <stdlib.h>
#include <unistd.h>
#include "../test.h"

static const char *quoted(const char *text)
{
    static char buffer[512];
    FILE *out = fmemopen(buffer, sizeof buffer, "w");
    gk_gnuplot_quote(out, text);
    putc('\0', out);
    fclose(out);
    return buffer;
}

TEST(only_plain_characters_stand_for_themselves)
{
    CHECK_TEXT(quoted("plain 1.5e-3, a_b (%)"), "\"plain 1.5e-3, a_b (%)\"");
    CHECK_TEXT(quoted("it's \"`x`\\\"1"), "\"it\\0047s \\0042\\140x\\140\\134\\00421\"");
    CHECK_TEXT(quoted("a\nb\tc\033[1m\177"), "\"a b c \\1331m \"");
    CHECK_TEXT(quoted("na\303\257ve"), "\"na\\303\\257ve\"");
    CHECK_TEXT(quoted("\377\303'"), "\"  \\0047\"");    /* half a character does not swallow what follows */
}

/* What gnuplot understands by a quoted text. */
static void check_read_back(const char *text)
{
    char script[4096], *output = NULL;
    size_t n_output, n_script;
    FILE *out = fmemopen(script, sizeof script, "w");

    fputs("set print '-'\nprint ", out);
    gk_gnuplot_quote(out, text);
    fputs("\n", out);
    n_script = (size_t)ftell(out);
    fclose(out);
    if (gk_gnuplot_run(script, n_script, &output, &n_output) < 0) {
        CHECK_TEXT(gk_error_message(), text);
        return;
    }
    output[n_output - 1] = '\0';    /* the line end */
    CHECK_TEXT(output, text);
    free(output);
}

TEST(gnuplot_reads_back_what_was_quoted)
{
    check_read_back("x'; system(\"touch pwned\"); ' `touch pwned` $(touch pwned) @pwned {/Bold b} \\n %s");
    check_read_back("'; !touch pwned");
    check_read_back("''");
    check_read_back("'''a''''b'''''");
    check_read_back("\"\"\"\\");
    check_read_back("\\\"; !touch pwned #");
    check_read_back("'1\"2`3@4!5\\6");
    check_read_back("na\303\257ve \342\211\245 99");
    CHECK(access("pwned", F_OK) != 0);
}

TEST(a_complaint_of_gnuplot_is_an_error_with_its_words)
{
    const char script[] = "set terminal dumb\nplot no_such_variable\n";
    char *output = NULL;
    size_t n_output;
    CHECK_INT(gk_gnuplot_run(script, sizeof script - 1, &output, &n_output), -1);
    CHECK_CONTAINS(gk_error_message(), "gnuplot failed: ");
    CHECK_CONTAINS(gk_error_message(), "undefined variable: no_such_variable");
    CHECK(!output);
}

TEST(without_gnuplot_the_message_says_how_to_get_it)
{
    char *path = strdup(getenv("PATH")), *output = NULL;
    size_t n_output;
    setenv("PATH", "/nonexistent", 1);
    CHECK_INT(gk_gnuplot_run("", 0, &output, &n_output), -1);
    CHECK_TEXT(gk_error_message(),
               "cannot find gnuplot: install it (apt-get install gnuplot-nox), or use grok-log for the numbers");
    setenv("PATH", path, 1);
    free(path);
}

TEST_MAIN(RUN(only_plain_characters_stand_for_themselves)
          RUN(gnuplot_reads_back_what_was_quoted)
          RUN(a_complaint_of_gnuplot_is_an_error_with_its_words)
          RUN(without_gnuplot_the_message_says_how_to_get_it))
