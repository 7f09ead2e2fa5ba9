/* test_rows.c -- every op on a device: each row of the tests of ops becomes a graph of several replicas, and must obey the laws:
 *
 *   results and gradients are those of the CPU, in both types of real;
 *   several replicas together are what each is alone;
 *   products that round what they read, which go through copies of weights (cuda/padding.h), come near;
 *   stored in bfloat16, a result is what float32 makes of the same numbers, rounded once, and gradients are near.
 *
 * Row-rate sources are rows of a table that is a parameter, so that their gradients are seen too; the op's result is read as the
 * logits of a squared error.
 *
 * usage: test_rows [SECONDS]
 * In so many seconds, for tools that make a device a hundred times slower: a row of every op, then another of each, in float32,
 * until the time is over; the first row of every op in any case. */
#include <time.h>
#include "trial.h"
#include "base/options.h"

static void complain(const trial *t, const char *what, int bits, int64_t i, double found, double expected)
{
    printf("%s, %s, %d bits%s: %s number %d is %.9g, expected %.9g\n", gk_op_name(t->row->op), t->row->why, bits,
           t->stored ? ", stored" : "", what, (int)i, found, expected);
    test_n_failed_check++;
}

static void compare(const trial *t, const char *what, int bits, const double *found, const double *expected, int64_t n,
                    double tolerance)
{
    for (int64_t i = 0; i < n; i++)
        if (found[i] != expected[i] && !(fabs(found[i] - expected[i]) <= tolerance * fmax(1, fabs(expected[i])))) {
            complain(t, what, bits, i, found[i], expected[i]);
            return;
        }
}

/* Is a source of the row the result of a product? */
static bool reads_product(const op_row *r)
{
    for (int s = 0; s < GK_MAX_SRC; s++)
        if (r->src[s].kind == 'm')
            return true;
    return false;
}

/* Products of tf32: on the host they round nothing, but are those of copies of weights all the same. */
static void check_copies(trial *t, const outcome *cpu)
{
    double  tolerance = is_exact() ? 4 * t->row->tolerance : 0.05;
    int64_t p = t->graph.n_param_real, n_logit = t->graph.logits->size;
    t->product = GK_PRODUCT_TF32;
    outcome copied = run(t, backend_of(0), 0, N_REPLICA);
    t->product = GK_PRODUCT_EXACT;
    compare(t, "rounded gradient", 32, copied.gradient, cpu->gradient, N_REPLICA * p, tolerance);
    for (int i = 0; i < N_REPLICA; i++)
        compare(t, "rounded logits", 32, copied.logits[i], cpu->logits[i], t->taken[i].n * n_logit, tolerance);
    outcome_free(&copied);
}

static void check_row(const op_row *r, int n_type)
{
    trial t = { .row = r };
    if (!build(&t)) {
        printf("%s, %s: %s\n", gk_op_name(r->op), r->why, gk_error_message());
        test_n_failed_check++;
        return;
    }
    fill(&t);
    for (int at = 0; at < n_type; at++) {
        int     bits = at ? 64 : 32;
        double  tolerance = at ? 1e-9 : 4 * r->tolerance;    /* both sides round */
        int64_t p = t.graph.n_param_real, n_logit = t.graph.logits->size;
        outcome cpu = run(&t, at ? &gk_backend_cpu_f64 : &gk_backend_cpu_f32, 0, N_REPLICA);
        outcome all = run(&t, backend_of((size_t)at), 0, N_REPLICA);
        compare(&t, "gradient", bits, all.gradient, cpu.gradient, N_REPLICA * p, tolerance);
        for (int i = 0; i < N_REPLICA; i++) {
            outcome alone = run(&t, backend_of((size_t)at), i, 1);
            compare(&t, "logits", bits, all.logits[i], cpu.logits[i], t.taken[i].n * n_logit, tolerance);
#define SUM(field, when, meaning) compare(&t, #field, bits, &all.metrics[i].field, &cpu.metrics[i].field, 1, tolerance);
#include "graph/metrics.def"
#undef SUM
            compare(&t, "accuracy", bits, &all.metrics[i].accuracy, &cpu.metrics[i].accuracy, 1, 0);
            compare(&t, "gradient alone", bits, alone.gradient, all.gradient + i * p, p, is_exact() ? 0 : tolerance);
            outcome_free(&alone);
        }
        if (at == 0 && (reads_product(r) || r->op == GK_OP_matmul))
            check_copies(&t, &cpu);
        outcome_free(&cpu);
        outcome_free(&all);
    }
    close_trial(&t);
}

/* --- stored in bfloat16 -------------------------------------------------------------------------------------------------- */

/* Every number is what rounding makes of one within `tolerance` of the expected, which may lie on either side of a tie. */
static void compare_rounded(const trial *t, const char *what, const double *found, const double *expected, int64_t n,
                            double tolerance)
{
    for (int64_t i = 0; i < n; i++) {
        double off = tolerance * fmax(1, fabs(expected[i]));
        bool   near = rounded(expected[i] - off) <= found[i] && found[i] <= rounded(expected[i] + off);
        if (!near || rounded(found[i]) != found[i]) {
            complain(t, what, 16, i, found[i], expected[i]);
            return;
        }
    }
}

static bool is_of_rows(const gk_node *param)
{
    const char *end = strrchr(param->name, '.');
    return strcmp(end ? end + 1 : param->name, "rows") == 0;
}

/* The largest of a parameter's gradient; or of those of rows, whose sums may cancel in it. */
static double largest_of(const trial *t, const gk_node *param, const double *gradient)
{
    double most = 0;
    for (int i = 0; i < t->graph.n_param; i++) {
        const gk_node *other = t->graph.param[i];
        for (int64_t k = 0; (other == param || (is_of_rows(other) && !is_of_rows(param))) && k < other->size; k++)
            most = fmax(most, fabs(gradient[other->offset + k]));
    }
    return most;
}

/* Gradients are off by what some roundings, each by half of 2^-8, do to their largest.  Those of rows come from one row each, and
 * so were stored themselves. */
static void compare_gradients(const trial *t, const double *found, const double *expected)
{
    for (int i = 0; i < t->graph.n_param; i++) {
        const gk_node *param = t->graph.param[i];
        double         off = largest_of(t, param, expected) / 64 + 1e-8;
        for (int64_t k = param->offset; k < param->offset + param->size; k++)
            if (!(fabs(found[k] - expected[k]) <= off) || (is_of_rows(param) && rounded(found[k]) != found[k])) {
                complain(t, param->name, 16, k - param->offset, found[k], expected[k]);
                break;
            }
    }
}

static void check_narrow(const op_row *r, bool stored)
{
    trial   t = { .row = r, .coarse = true, .stored = stored, .product = GK_PRODUCT_BF16 };
    /* more than the result is stored, and so rounded: a product whose sums the op may add up, gates */
    double  tolerance = reads_product(r) ? 1. / 16 : r->op == GK_OP_lstm ? 1. / 64 : 4 * r->tolerance;
    CHECK(build(&t));
    fill(&t);
    int64_t p = t.graph.n_param_real, n_logit = t.graph.logits->size;
    outcome cpu = run(&t, &gk_backend_cpu_f32, 0, N_REPLICA);
    outcome all = run(&t, backend_of(0), 0, N_REPLICA);

    for (int i = 0; i < N_REPLICA; i++) {
        outcome alone = run(&t, backend_of(0), i, 1);
        compare_gradients(&t, all.gradient + i * p, cpu.gradient + i * p);
        if (stored)
            compare_rounded(&t, "logits", all.logits[i], cpu.logits[i], t.taken[i].n * n_logit, tolerance);
        else
            compare(&t, "logits", 16, all.logits[i], cpu.logits[i], t.taken[i].n * n_logit, tolerance);
#define SUM(field, when, meaning) \
        compare(&t, #field, 16, &all.metrics[i].field, &cpu.metrics[i].field, stored ? 0 : 1, tolerance);
#include "graph/metrics.def"
#undef SUM
        compare(&t, "gradient alone", 16, alone.gradient, all.gradient + i * p, p, is_exact() ? 0 : 1. / 64);
        outcome_free(&alone);
    }
    outcome_free(&cpu);
    outcome_free(&all);
    close_trial(&t);
}

static int64_t seconds_allowed;    /* 0: all rows, in both types of real */

static bool is_time_over(void)
{
    static time_t begin;
    begin = begin ? begin : time(NULL);
    return seconds_allowed > 0 && time(NULL) - begin >= seconds_allowed;
}

/* The nth row of an op, or NULL. */
static const op_row *nth_row(int op, int n)
{
    for (int i = 0; i < N_ANY_ROW; i++) {
        const op_row *row = i < N_OP_ROW ? &op_rows[i] : i < N_ROW ? &device_rows[i - N_OP_ROW] : &list_rows[i - N_ROW].row;
        if ((int)row->op == op && n-- == 0)
            return row;
    }
    return NULL;
}

TEST(every_row_is_what_the_cpu_makes_of_it)
{
    int n_tried = 0, before = -1;
    for (int nth = 0; n_tried > before; nth++) {
        before = n_tried;
        for (int op = 0; op < GK_N_OP; op++) {
            if (gk_op_is((gk_op)op, GK_LEAF))
                continue;
            const op_row *row = is_time_over() && nth > 0 ? NULL : nth_row(op, nth);
            CHECK(row || nth > 0);
            if (row && ++n_tried) {
                check_row(row, seconds_allowed > 0 ? 1 : 2);
                check_narrow(row, !gk_op_is((gk_op)op, GK_LOSS));
                if (seconds_allowed == 0 && !gk_op_is((gk_op)op, GK_LOSS))
                    check_narrow(row, false);
            }
        }
    }
    CHECK(n_tried == N_ANY_ROW || is_time_over());
    printf("%d of %d rows\n", n_tried, (int)N_ANY_ROW);
}

/* Has a row of this op a source of padded lines? */
static bool is_padded_somewhere(int op)
{
    for (int i = 0; i < (int)(N_ROW - N_OP_ROW); i++) {
        const source *from = device_rows[i].src;
        for (int s = 0; s < GK_MAX_SRC && from[s].kind; s++) {
            int64_t last = from[s].dim[1] ? from[s].dim[1] : from[s].dim[0];
            if ((int)device_rows[i].op == op && from[s].kind == 'm' && (last % 4 == 2 || last % 4 == 3))
                return true;
        }
    }
    return false;
}

/* Kernels of other ops do not meet padded lines (cuda/padding.cu). */
TEST(every_op_that_is_spaced_has_a_row_of_padded_lines)
{
    for (int op = 0; op < GK_N_OP; op++)
        if (gk_op_is((gk_op)op, GK_SPACED) && !gk_op_is((gk_op)op, GK_LEAF) && !is_padded_somewhere(op)) {
            printf("'%s' is GK_SPACED, and no row of tests/cuda/device_rows.h has a product of 3, 6, ... columns before it\n",
                   gk_op_name((gk_op)op));
            test_n_failed_check++;
        }
}

int main(int argc, char **argv)
{
    if (argc > 1 && (gk_parse_int(argv[1], &seconds_allowed) < 0 || seconds_allowed < 1)) {
        printf("test_rows: '%s': expected a whole number of seconds\n", argv[1]);
        return 2;
    }
    RUN(every_op_that_is_spaced_has_a_row_of_padded_lines)
    RUN(every_row_is_what_the_cpu_makes_of_it)
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
