/* claims.c -- fuzz the reader of files of claims, and judge what was read by a small table. */
#include "fuzz.h"
#include "table/claims.h"
#include "table/tsv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char table[] = "seed\tx\tmethod\n0\t1\ttaught\n1\tinf\talone\n2\t-3\ttaught\n";
    static gk_frame  *frame;
    gk_arena          arena = { 0 };
    gk_claims         claims;
    if (!frame)
        frame = gk_tsv_read(fuzz_file((const uint8_t *)table, sizeof table - 1));
    gk_rows_of_tables tables = { .n_table = 1, .table = &frame, .strict = true };
    gk_selection      rows;
    gk_judgement      judgement;
    gk_select_all(&tables, &arena, &rows);
    if (frame && gk_claims_read(fuzz_file(data, size), &arena, &claims) == 0)
        for (int i = 0; i < claims.n; i++) {
            int status = gk_claim_judge(&claims.claim[i], &tables, &rows, 0, &arena, &judgement);
            (void)status;
        }
    gk_arena_release(&arena);
    return 0;
}
