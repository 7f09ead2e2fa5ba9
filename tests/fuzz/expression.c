/* expression.c -- fuzz the language of filters and claims over a small table: the first byte says what the text must be. */
#include "fuzz.h"
#include "table/exact.h"
#include "table/tsv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char table[] = "seed\tx\tmethod\ta-b\n0\t1\ttaught\t2\n1\tinf\talone\t\n"
                                "2\t-3\ttaught\t4\n3\tnan\talone\t1e300\n";
    static gk_frame  *frame;
    gk_parameter      parameter = { "p", "0.5", NULL };
    gk_arena          arena = { 0 };
    if (!frame)
        frame = gk_tsv_read(fuzz_file((const uint8_t *)table, sizeof table - 1));
    if (size == 0 || !frame)
        return 0;
    gk_rows_of_tables    tables = { .n_table = 1, .table = &frame, .n_parameter = 1, .parameter = &parameter,
                                    .strict = data[0] & 4 };
    gk_expression_form   form = (gk_expression_form)(data[0] & 3);
    char                *text = fuzz_text(data + 1, size - 1);
    const gk_expression *expression = gk_expression_read(&tables, text, form, &arena);
    gk_selection         rows;
    gk_select_all(&tables, &arena, &rows);
    for (int64_t i = 0; expression && i < rows.n && form <= GK_ROW_NUMBER; i++)
        form == GK_ROW_NUMBER ? (void)gk_row_number(expression, &rows, i) : (void)gk_row_truth(expression, &rows, i);
    if (expression && form == GK_ROW_NUMBER) {
        static const int64_t value[] = { 2, INT64_MIN, 0, INT64_MAX };
        bool        used[4] = { false };
        gk_fraction found;
        if (gk_exact_check(expression, used) == 0)
            (void)gk_row_exact(expression, value, &found);
    }
    if (expression && form > GK_ROW_NUMBER) {
        gk_finding finding;
        gk_range   number;
        int64_t    n_seed;
        int status = form == GK_ROWS_NUMBER ? gk_measure(expression, &rows, NULL, &number, &n_seed)
                                            : gk_judge(expression, &rows, &arena, &finding);
        (void)status;
    }
    gk_arena_release(&arena);
    free(text);
    return 0;
}
