/* test_gnuplot.c -- texts stay texts, and failures are told. */
#include "io/gnuplot.h"

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

TEST(a_text_is_one_string_whatever_is_in_it)
{
    CHECK_TEXT(quoted("plain"), "'plain'");
    CHECK_TEXT(quoted("it's"), "'it''s'");
    CHECK_TEXT(quoted("a\nb\tc\033[1m\177"), "'a b c [1m '");
    CHECK_TEXT(quoted("`touch x` \\\" @m $(y)"), "'`touch x` \\\" @m $(y)'");
    CHECK_TEXT(quoted("na\303\257ve"), "'na\303\257ve'");
    CHECK_TEXT(quoted("\377\303'"), "'  '''");    /* half a character does not swallow the quote */
}

TEST(gnuplot_reads_back_what_was_quoted)
{
    const char *nasty = "x'; system(\"touch pwned\"); ' `touch pwned` $(touch pwned) @pwned {/Bold b} \\n %s";
    char script[1024], *output = NULL;
    size_t n_output;
    FILE *out = fmemopen(script, sizeof script, "w");
    fputs("set print '-'\nprint ", out);
    gk_gnuplot_quote(out, nasty);
    fputs("\n", out);
    long n_script = ftell(out);
    fclose(out);
    if (gk_gnuplot_run(script, (size_t)n_script, &output, &n_output) < 0) {
        CHECK_TEXT(gk_error_message(), "");
        return;
    }
    CHECK_INT(n_output, strlen(nasty) + 1);
    CHECK(strncmp(output, nasty, strlen(nasty)) == 0);
    CHECK(access("pwned", F_OK) != 0);
    free(output);
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

TEST_MAIN(RUN(a_text_is_one_string_whatever_is_in_it)
          RUN(gnuplot_reads_back_what_was_quoted)
          RUN(a_complaint_of_gnuplot_is_an_error_with_its_words)
          RUN(without_gnuplot_the_message_says_how_to_get_it))
