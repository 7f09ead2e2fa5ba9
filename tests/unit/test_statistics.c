/* test_statistics.c -- the tables of statistics: of what is known, by levels, with runs that never got there. */
#include "table/statistics.h"

#include <stdlib.h>
#include <unistd.h>
#include "analysis/surface.h"
#include "../test.h"

/* Rows of a map z = x + 10 y over x = 1, 2, 4, 8 and y = 0, 1, 2; 12 of them. */
enum { N_ROW = 12 };
static double x[N_ROW], y[N_ROW], z[N_ROW], power[N_ROW], seed[N_ROW], nothing[N_ROW];
static const char *name[N_ROW];
static gk_frame_column columns[] = {
    { .name = "x", .unit = "", .value = x },
    { .name = "y", .unit = "", .value = y },
    { .name = "z", .unit = "", .value = z },
    { .name = "power", .unit = "", .value = power },
    { .name = "seed", .unit = "", .value = seed },
    { .name = "name", .unit = "", .text = name },
    { .name = "nothing", .unit = "", .value = nothing },
};
static gk_frame  frame = { .path = "t.tsv", .n_row = N_ROW, .n_column = 7, .column = columns };
static int64_t   every[N_ROW];
static gk_arena  arena;
static char      content[4096];
static int64_t   n_left_out;

static void fill(void)
{
    for (int i = 0; i < N_ROW; i++) {
        every[i] = i;
        x[i] = 1 << i % 4;
        int of_y = i / 4;
        y[i] = of_y;
        z[i] = x[i] + 10 * y[i];
        power[i] = 100 / (x[i] * x[i]);
        seed[i] = of_y;
        name[i] = i % 2 ? "late" : "early";
        nothing[i] = NAN;
    }
}

/* The table without its '#' lines; "" with gk_error. */
static const char *table_of(gk_stat_request *request, const char *what, int n, const int *column)
{
    gk_selection rows = { N_ROW, NULL, every };
    char path[] = "/tmp/statistics.XXXXXX", *start = content;
    int  file = mkstemp(path);
    gk_table *table = gk_table_open(path, false);

    content[0] = '\0';
    request->what = gk_statistic_find(what);
    request->n_column = n;
    for (int i = 0; i < n; i++)
        request->column[i] = column[i];
    int status = gk_statistic_table(&frame, &rows, request, &arena, table, &n_left_out);
    int closed = gk_table_close(table);
    if (status == 0 && closed == 0) {
        FILE  *in = fopen(path, "r");
        size_t n_read = in ? fread(content, 1, sizeof content - 1, in) : 0;
        content[n_read] = '\0';
        if (in)
            fclose(in);
        while (*start == '#')
            start = strchr(start, '\n') + 1;
    }
    close(file);
    unlink(path);
    return status == 0 ? start : "";
}

TEST(values_are_counted_and_ranked_with_those_that_never_came)
{
    gk_stat_request request = { .options = { .quantile = 0.25 } };
    fill();
    z[3] = INFINITY;
    z[5] = NAN;
    CHECK_TEXT(table_of(&request, "count", 1, (int[]){ 2 }), "n\tfinite\tleft_out\n11\t10\t1\n");
    CHECK_INT(n_left_out, 1);
    CHECK_TEXT(table_of(&request, "quantile", 1, (int[]){ 2 }), "n\tquantile\n11\t7.5\n");
    CHECK_TEXT(table_of(&request, "range", 1, (int[]){ 0 }), "n\trange\tmin\tmax\n12\t7\t1\t8\n");
    CHECK_CONTAINS(table_of(&request, "median", 1, (int[]){ 2 }), "\tmedian\tmin\tmax\tlow\thigh\tnote\n11\t10\t1\t18\t1\tinf\t");
    CHECK_TEXT(table_of(&request, "count", 1, (int[]){ 6 }),
               "n\tfinite\tleft_out\n0\t0\t12\n"); /* told, though there is nothing */
    CHECK_TEXT(table_of(&request, "range", 1, (int[]){ 6 }), "n\trange\tmin\tmax\n");
}

TEST(levels_are_the_values_of_columns)
{
    gk_stat_request request = { .n_by = 1, .by = { 5 } };
    fill();
    CHECK_TEXT(table_of(&request, "range", 1, (int[]){ 0 }), "name\tn\trange\tmin\tmax\nearly\t6\t3\t1\t4\nlate\t6\t6\t2\t8\n");
    request.by[0] = 1;
    CHECK_TEXT(table_of(&request, "range", 1, (int[]){ 2 }),
               "y\tn\trange\tmin\tmax\n0\t4\t7\t1\t8\n1\t4\t7\t11\t18\n2\t4\t7\t21\t28\n");
}

TEST(a_power_has_its_exponent_and_every_seed_says_so)
{
    gk_stat_request request = { 0 };
    fill();
    CHECK_TEXT(table_of(&request, "slope", 2, (int[]){ 0, 3 }),
               "n\tslope\tseeds\tleft_out\tlow\thigh\tnote\n12\t-2\t3\t0\t-2\t-2\t\n");
    CHECK_TEXT(table_of(&request, "spearman", 2, (int[]){ 0, 3 }), "n\trho\n12\t-1\n");
}

TEST(a_map_is_crossed_where_it_is)
{
    double level = 15, at = 1;
    gk_stat_request request = { .options = { .n_level = 1, .level = &level, .along = GK_ALONG_X, .n_at = 1, .at = &at } };
    fill();
    CHECK_TEXT(table_of(&request, "contour", 3, (int[]){ 0, 1, 2 }), "n\tlevel\ty\tx\tdz_dx\tdz_dy\talong\trises\n"
                                                                   "12\t15\t1\t5\t1\t10\tx\t1\n");
    CHECK_TEXT(table_of(&request, "argmin", 3, (int[]){ 0, 1, 2 }), "n\tx\ty\tz\tinside\n12\t1\t0\t1\t0\n");
    CHECK_TEXT(table_of(&request, "argmax", 3, (int[]){ 0, 1, 2 }), "n\tx\ty\tz\tinside\n12\t8\t2\t28\t0\n");
    request.n_by = 1;
    request.by[0] = 1;
    CHECK_TEXT(table_of(&request, "width", 2, (int[]){ 0, 2 }), "y\tn\tlevel\tpieces\tlow\thigh\twidth\topen\n"
                                                              "0\t4\t15\t1\t1\t8\t7\tboth\n1\t4\t15\t1\t1\t5\t4\tlow\n"
                                                              "2\t4\t15\t0\tnan\tnan\t0\tnone\n");
}

TEST(two_values_of_a_column_are_compared_seed_by_seed)
{
    gk_stat_request request = { .between = "early,late" };
    fill();
    const char *found = table_of(&request, "change", 2, (int[]){ 5, 0 });
    CHECK(strncmp(found, "n\tchange\tpairs\tundecided\tp\tlow\thigh\tnote\n12\t", 44) == 0);
    static const char *const wrong[] = { "early", "early,early", "a,b,c" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        request.between = wrong[i];
        CHECK_TEXT(table_of(&request, "change", 2, (int[]){ 5, 0 }), "");
        CHECK(gk_error_is_usage());
        CHECK_TEXT(gk_error_message(), "'--between' takes two different values of 'name', as A,B");
    }
}

TEST(what_cannot_be_is_told)
{
    gk_stat_request request = { .n_by = 1, .by = { 0 } };
    fill();
    CHECK(gk_statistic_find("mode") == NULL);
    CHECK(gk_error_is_usage());
    CHECK_CONTAINS(gk_error_message(), "no statistic 'mode': there are count, median, share");
    CHECK_TEXT(table_of(&request, "argmin", 2, (int[]){ 0, 2 }), "");
    CHECK_TEXT(gk_error_message(), "two columns of the result are named 'x'");
    x[3] = -1;
    request.n_by = 0;
    request.options.log = GK_SURFACE_LOG_X;
    CHECK_TEXT(table_of(&request, "argmin", 2, (int[]){ 0, 2 }), "");    /* no logarithm: an error, not the end of the program */
}

TEST_MAIN(RUN(values_are_counted_and_ranked_with_those_that_never_came)
          RUN(levels_are_the_values_of_columns)
          RUN(a_power_has_its_exponent_and_every_seed_says_so)
          RUN(a_map_is_crossed_where_it_is)
          RUN(two_values_of_a_column_are_compared_seed_by_seed)
          RUN(what_cannot_be_is_told)
          gk_arena_release(&arena);)
