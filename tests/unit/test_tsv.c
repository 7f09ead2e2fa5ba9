/* test_tsv.c -- tables of anybody's making. */
#include "table/tsv.h"

#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include "base/table.h"
#include "../test.h"

/* Read these bytes as a table. */
static gk_frame *read_bytes(const char *bytes, size_t n_bytes)
{
    char path[] = "/tmp/test_tsv.XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0 && write(file, bytes, n_bytes) == (ssize_t)n_bytes);
    close(file);
    gk_frame *frame = gk_tsv_read(path);
    unlink(path);
    return frame;
}

static gk_frame *read_text(const char *text)
{
    return read_bytes(text, strlen(text));
}

TEST(numbers_texts_units_and_missing_cells_are_told_apart)
{
    gk_frame *frame = read_text("# provenance\n\nstep:updates\tname\tacc\n1\tone\t0.5\n2\t\tnan\n3\tthree\t\n4\tx\tinf\n");
    CHECK(frame);
    CHECK_INT(frame->n_column, 3);
    CHECK_INT(frame->n_row, 4);
    CHECK_TEXT(frame->column[0].name, "step");
    CHECK_TEXT(frame->column[0].unit, "updates");
    CHECK_CLOSE(frame->column[0].value[2], 3, 0);
    CHECK(!frame->column[1].value);
    CHECK_TEXT(frame->column[1].text[1], "");
    CHECK_TEXT(frame->column[1].text[3], "x");
    CHECK(isnan(frame->column[2].value[1]) && isnan(frame->column[2].value[2]) && isinf(frame->column[2].value[3]));
    gk_frame_free(frame);
}

TEST(crlf_and_a_missing_final_newline_are_fine)
{
    gk_frame *frame = read_text("a\tb\r\n1\t2\r\n3\t4");
    CHECK(frame);
    CHECK_INT(frame->n_row, 2);
    CHECK_TEXT(frame->column[1].name, "b");
    CHECK_CLOSE(frame->column[1].value[1], 4, 0);
    gk_frame_free(frame);
}

/* What editors and spreadsheets make of a table. */
TEST(marks_line_ends_blanks_and_quotes_are_read)
{
    static const char *const same[] = {
        "\357\273\277a\tb\n1\tx y\n2\tz\n", "a\tb\r\n1\tx y\r\n2\tz\r\n", "a\tb\r1\tx y\r2\tz\r", "a\tb\n1\tx y\n2\tz",
        "a\tb\n1\tx y\n2\tz\n\n  \n", "a \t b\n 1\tx y  \n2 \tz \n", "\"a\"\t\"b\"\n\"1\"\t\"x y\"\n2\t \"z\" \n",
        "\xef\xbb\xbf# made by\r\na\tb\r\n1\tx y\r\n\r\n2\tz\r\n",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        gk_frame *frame = read_text(same[i]);
        CHECK(frame && frame->n_row == 2 && gk_frame_find(frame, "a") == 0 && gk_frame_find(frame, "b") == 1);
        CHECK(frame && frame->column[0].value && frame->column[0].value[1] == 2);
        CHECK_TEXT(frame ? frame->column[1].text[0] : "", "x y");
        CHECK_TEXT(frame ? frame->column[1].text[1] : "", "z");
        gk_frame_free(frame);
    }
    gk_frame *frame = read_text("a\tb\n\"say \"\"no\"\"\"\t\" \t \"\n");
    CHECK_TEXT(frame ? frame->column[0].text[0] : "", "say \"no\"");
    CHECK_TEXT(frame ? frame->column[1].text[0] : "", " \t ");
    gk_frame_free(frame);
}

/* RFC 4180: a cell in quotes goes on over the ends of lines, which belong to it, whatever they were. */
TEST(cells_in_quotes_take_several_lines)
{
    static const char *const same[] = {
        "a\tb\n\"x\ny\"\t1\n\"\n\n\"\t2\n\"p\"\"\n\tq\"\t\"3\"\n",
        "a\tb\r\n\"x\r\ny\"\t1\r\n\"\r\n\r\n\"\t2\r\n\"p\"\"\r\n\tq\"\t3",
        "\"a\"\t\"b\"\r\"x\ry\"\t 1\r \"\r\r\" \t2\r\r\"p\"\"\r\tq\"\t\"3\"",
    };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        gk_frame *frame = read_text(same[i]);
        CHECK(frame && frame->n_row == 3 && frame->n_column == 2 && frame->column[0].text && frame->column[1].value);
        if (frame && frame->n_row == 3 && frame->column[0].text && frame->column[1].value) {
            CHECK_TEXT(frame->column[0].text[0], "x\ny");
            CHECK_TEXT(frame->column[0].text[1], "\n\n");
            CHECK_TEXT(frame->column[0].text[2], "p\"\n\tq");
            CHECK_CLOSE(frame->column[1].value[2], 3, 0);
        }
        gk_frame_free(frame);
    }
    gk_frame *frame = read_text("\"wide\n(mm):x\"\t\"b\"\n1\t2\n");    /* no name has line ends */
    CHECK(frame && gk_frame_find(frame, "wide (mm)") == 0 && gk_frame_find(frame, "b") == 1 && frame->n_row == 1);
    gk_frame_free(frame);
}

/* A quote that never ends is looked through once, and takes no more memory than the file. */
TEST(a_quote_that_does_not_end_is_found_in_time)
{
    enum { N = 1 << 24 };
    char *text = malloc(N);
    for (int i = 0; i < N; i++)
        text[i] = i == 2 ? '"' : i % 2 ? '\n' : 'x';
    CHECK(!read_bytes(text, N));
    CHECK_CONTAINS(gk_error_message(), "line 2 has a quote that does not end");
    free(text);
}

TEST(what_is_wrong_with_quotes_and_coding_is_told)
{
    static const struct { const char *text, *message; } rows[] = {
        { "a\tb\n1\t\"x\n", "line 2 has a quote that does not end" },
        { "a\tb\n1\t\"x\" y\n", "line 2 has something behind a cell in quotes" },
        { "a\tb\n1\t2\n3\t\"x\n4\t5\n6\t7\n", "line 3 has a quote that does not end" },
        { "a\tb\n\"1\n2\n3\"\t\"x\n4\t5\n", "line 4 has a quote that does not end" },    /* where it began */
        { "a\tb\n\"1\n2\" x\t3\n", "line 2 has something behind a cell in quotes" },
        { "a\tb\n\"1\n2\"\tx\n\"3\n4\"\n", "line 4 has 1 cells, the header has 2" },      /* where the row began */
        { "\"a\tb\n", "the header has a quote that does not end, on line 1" },
        { "# c\na\t\"b\n1\t2\n", "the header has a quote that does not end, on line 2" },
        { "\377\376a\n", "it is UTF-16, expected UTF-8" },
        { "\211HDF\r\n\032\n...", "it is a checkpoint or a dataset, expected a text or table: grok-log and grok-detect" },
        { "{\"a\": 1}\n{\"b\": 1}\n", "line 2 has a key 'b' that the first has not" },
        { "{\"a\": 1, \"b\": 2}\n{\"b\": 1}\n", "line 2 has no key 'a'" },
        { "{\"a\": 1, \"a\": 2}\n", "line 1 has twice a key 'a'" },
        { "{\"a\": 1}\n{\"a\": 1, \"a\": 2}\n", "line 2 has twice a key 'a'" },
        { "{\"a\": [1]}\n", "line 1 is no object of numbers and texts at ': [1]}'" },
        { "{\"a\": 1", "line 1 is no object" },
        { "{\"a\": \"\\u0000\"}\n", "line 1 is no object" },
        { "{\"a\": 1} x\n", "line 1 is no object of numbers and texts at 'x'" },
        { "{}\n", "line 1 is no object" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CHECK(!read_text(rows[i].text));
        CHECK_CONTAINS(gk_error_message(), rows[i].message);
    }
}

TEST(lines_of_json_are_a_table)
{
    gk_frame *frame = read_text("{\"a\": 1, \"b\": \"x\\ty\\u00e9\\ud83d\\ude00\\\"\", \"c\": \"inf\"}\n\n"
                                "{\"c\":null , \"a\": -2.5e1,\"b\" :\"\"}\r\n{\"a\": NaN, \"b\": true, \"c\": -Infinity}");
    CHECK(frame);
    CHECK_INT(frame ? frame->n_row : 0, 3);
    CHECK_INT(frame ? frame->n_column : 0, 3);
    if (!frame)
        return;
    CHECK_CLOSE(frame->column[0].value[1], -25, 0);
    CHECK(isnan(frame->column[0].value[2]));
    CHECK_TEXT(frame->column[1].text[0], "x\ty\xc3\xa9\xf0\x9f\x98\x80\"");
    CHECK_TEXT(frame->column[1].text[2], "true");
    CHECK(frame->column[2].value[0] == INFINITY && isnan(frame->column[2].value[1]) && frame->column[2].value[2] == -INFINITY);
    gk_frame_free(frame);
}

/* Packed by gzip in one piece or several, a table is the same; damage is noticed. */
TEST(packed_tables_are_read)
{
    char   path[] = "/tmp/test_tsv_XXXXXX.csv.gz";
    FILE  *raw;
    gzFile out;
    close(mkstemps(path, 7));
    for (int part = 0; part < 2; part++) {
        out = gzopen(path, part ? "ab" : "wb");
        CHECK(out && gzputs(out, part ? "2,\"a, b\"\n" : "x,y\n1,c\n") > 0 && gzclose(out) == Z_OK);
    }
    gk_frame *frame = gk_tsv_read(path);
    CHECK(frame && frame->n_row == 2 && frame->column[0].value && frame->column[0].value[1] == 2);
    if (frame)
        CHECK_TEXT(frame->column[1].text[1], "a, b");
    gk_frame_free(frame);
    CHECK((raw = fopen(path, "ab")) && fputs("more", raw) > 0 && fclose(raw) == 0);
    CHECK(!gk_tsv_read(path));
    CHECK_CONTAINS(gk_error_message(), "goes on after its compressed data");
    CHECK_INT(truncate(path, 30), 0);
    CHECK(!gk_tsv_read(path));
    CHECK_CONTAINS(gk_error_message(), "is truncated");
    unlink(path);
}

/* What base/table.h writes comes back as it was, in both forms. */
TEST(what_is_written_is_read_back_as_it_was)
{
    static const char *const texts[] = { "plain", "", "\"quoted\" part", " ends ", "a \\ b", "\xc3\xa9" };
    static const double numbers[] = { INFINITY, -INFINITY, NAN, 0.1, -0.0, 1e300 };
    enum { N = sizeof texts / sizeof *texts };
    for (int json = 0; json < 2; json++) {
        char path[] = "/tmp/test_tsv.XXXXXX";
        close(mkstemp(path));
        unlink(path);    /* a file of this name that was read before may have had the same number */
        gk_table *table = gk_table_open(path, json);
        gk_table_provenance(table, "made by a test");
        gk_table_column(table, "text");
        gk_table_column(table, "number");
        for (int i = 0; i < N; i++) {
            gk_table_text(table, texts[i]);
            gk_table_real(table, numbers[i], 17);
            gk_table_end_row(table);
        }
        CHECK_INT(gk_table_close(table), 0);
        gk_frame *frame = gk_tsv_read(path);
        unlink(path);
        CHECK(frame && frame->n_row == N && frame->column[0].text && frame->column[1].value);
        for (int i = 0; frame && i < N; i++) {
            CHECK_TEXT(frame->column[0].text[i], texts[i]);
            CHECK(frame->column[1].value[i] == numbers[i] || (isnan(numbers[i]) && isnan(frame->column[1].value[i])));
        }
        gk_frame_free(frame);
    }
}

TEST(a_table_without_rows_is_a_table)
{
    gk_frame *frame = read_text("a\tb\n");
    CHECK(frame);
    CHECK_INT(frame->n_row, 0);
    gk_frame_free(frame);
}

TEST(what_is_no_table_is_refused_with_the_place)
{
    CHECK(!read_text(""));
    CHECK_CONTAINS(gk_error_message(), "the table is empty");
    CHECK(!read_text("# only\n# comments\n"));
    CHECK_CONTAINS(gk_error_message(), "the table is empty");
    CHECK(!read_text("# c\na\tb\n1\t2\n3\n"));
    CHECK_CONTAINS(gk_error_message(), "line 4 has 1 cells, the header has 2");
    CHECK(!read_text("a\tb\n1\t2\t3\n"));
    CHECK_CONTAINS(gk_error_message(), "line 2 has 3 cells");
    CHECK(!read_text("a\tb:x\ta:y\n"));
    CHECK_CONTAINS(gk_error_message(), "two columns are named 'a'");
    CHECK(!read_text("a\t\tb\n"));
    CHECK_CONTAINS(gk_error_message(), "column 2 has no name");
    CHECK(!read_bytes("a\tb\n1\0\t2\n", 9));
    CHECK_CONTAINS(gk_error_message(), "NUL bytes");
    CHECK(!gk_tsv_read("/nonexistent/file"));
    CHECK_CONTAINS(gk_error_message(), "cannot open '/nonexistent/file'");
    CHECK(!gk_tsv_read("/tmp"));
    CHECK_CONTAINS(gk_error_message(), "cannot read '/tmp'");
}

/* Memory is in proportion to the file, not to columns times lines. */
TEST(many_columns_and_many_empty_lines_cost_no_more_than_the_file)
{
    enum { COLUMNS = 4000, LINES = 2000000 };
    char *text = malloc(COLUMNS * 8 + LINES + 1);
    int length = 0;
    for (int c = 0; c < COLUMNS; c++)
        length += sprintf(text + length, "%sc%d", c ? "\t" : "", c);
    memset(text + length, '\n', LINES);
    gk_frame *frame = read_bytes(text, (size_t)length + LINES);
    CHECK(frame);
    CHECK_INT(frame ? frame->n_row : -1, 0);
    CHECK_INT(frame ? frame->n_column : -1, COLUMNS);
    gk_frame_free(frame);
    free(text);
}

TEST(too_many_columns_are_refused)
{
    char *text = malloc(5000 * 8);
    int length = 0;
    for (int c = 0; c < 5000; c++)
        length += sprintf(text + length, "%sc%d", c ? "\t" : "", c);
    CHECK(!read_bytes(text, (size_t)length));
    CHECK_CONTAINS(gk_error_message(), "5000 columns, at most 4096");
    free(text);
}

/* Any bytes give a table or a message, and never more.  (A small generator, so that a failure can be repeated.) */
TEST(random_bytes_never_crash)
{
    static const char alphabet[] = "\t\t\t\n\n\n\r\"\"#:.0123456789eEnaif -x\377";
    unsigned state = 1;
    int n_table = 0, n_refused = 0;
    for (int trial = 0; trial < 2000; trial++) {
        char text[64];
        size_t length = (state = state * 1664525u + 1013904223u) >> 26;
        for (size_t i = 0; i < length; i++)
            text[i] = alphabet[((state = state * 1664525u + 1013904223u) >> 16) % (sizeof alphabet - 1)];
        gk_frame *frame = read_bytes(text, length);
        n_table += frame != NULL;
        n_refused += frame == NULL && *gk_error_message();
        gk_frame_free(frame);
    }
    CHECK_INT(n_table + n_refused, 2000);
    CHECK(n_table > 10 && n_refused > 10);
}

TEST_MAIN(RUN(numbers_texts_units_and_missing_cells_are_told_apart)
          RUN(crlf_and_a_missing_final_newline_are_fine)
          RUN(marks_line_ends_blanks_and_quotes_are_read)
          RUN(cells_in_quotes_take_several_lines)
          RUN(a_quote_that_does_not_end_is_found_in_time)
          RUN(what_is_wrong_with_quotes_and_coding_is_told)
          RUN(lines_of_json_are_a_table)
          RUN(packed_tables_are_read)
          RUN(what_is_written_is_read_back_as_it_was)
          RUN(a_table_without_rows_is_a_table)
          RUN(what_is_no_table_is_refused_with_the_place)
          RUN(many_columns_and_many_empty_lines_cost_no_more_than_the_file)
          RUN(too_many_columns_are_refused)
          RUN(random_bytes_never_crash))
