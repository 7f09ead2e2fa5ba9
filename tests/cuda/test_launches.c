/* test_launches.c -- what one update launches: how many kernels and products, as docs/cuda.md has it, and which products are of
 * matrices whose extents cuBLAS likes (cuda/padding.h).  Read from what the emulator writes about the graph that is captured; on
 * a device there is nothing to read. */
#include <unistd.h>
#include "../unit/engine.h"

static char log_name[] = "/tmp/test_launches.XXXXXX";

/* Lines of the log that contain `text`. */
static int n_line(const char *text)
{
    char  line[300];
    int   n = 0;
    FILE *log = fopen(log_name, "r");
    while (log && fgets(line, sizeof line, log))
        n += strstr(line, text) != NULL;
    if (log)
        fclose(log);
    return n;
}

/* Log the update of n replicas of a model. */
static void log_update(problem data, gk_update update, int n, gk_product product)
{
    crowd c;
    team  t;
    CHECK(crowd_open(&c, data, update));
    if (!team_open_for(&t, backend_of(0), &c, 0, n, product))
        return;
    team_run(&t, 0, 1);    /* the first is not captured */
    CHECK(truncate(log_name, 0) == 0);
    team_run(&t, 1, 1);
    team_close(&t);
    crowd_close(&c);
}

/* The model of the preset nanda, smaller: lists and columns of more than one chunk, logits whose number four does not divide. */
static problem nanda_with(int prime, gk_bias bias)
{
    gk_model_args args = { .model = 0, .n_layer = 1, .n_head = 4, .d_model = 16, .d_mlp = 32, .bias = bias,
                           .activation = GK_RELU, .causal = true, .two_rate = true, .init = GK_INIT_NANDA,
                           .position = GK_POSITION_LEARNED };
    return pairs(args, prime, 3);
}

static problem like_nanda(void)
{
    return nanda_with(37, GK_BIAS_MLP);
}
#define ADAMW { .optimizer = GK_OPTIM_adamw }

/* The network for MNIST, but for sizes. */
static problem like_mnist(void)
{
    gk_model_args args = { MLP, .widths = "20x20", .activation = GK_RELU, .bias = GK_BIAS_ALL, .loss = GK_LOSS_MSE_ONEHOT };
    return reals(args, 400, 28, 10);
}
#define BATCHES { .optimizer = GK_OPTIM_adamw, .batch = 200 }

static void check_count(const char *what, const char *text, int expected)
{
    int n = n_line(text);
    if (n != expected) {
        printf("%s: %d lines of '%s', expected %d\n", what, n, text, expected);
        test_n_failed_check++;
    }
}

TEST(an_update_takes_as_many_launches_as_the_manual_says)
{
    log_update(like_nanda(), (gk_update)ADAMW, 1, GK_PRODUCT_EXACT);
    check_count("nanda, one model", "", 47);
    log_update(like_nanda(), (gk_update)ADAMW, 5, GK_PRODUCT_EXACT);
    check_count("nanda, five models", "", 60);
    log_update(like_mnist(), (gk_update)BATCHES, 5, GK_PRODUCT_EXACT);
    check_count("MNIST", "", 23);
}

/* Weights are copied where that pays: in one launch, and their gradients collected in another. */
TEST(products_that_round_are_of_matrices_of_whole_vectors)
{
    log_update(like_nanda(), (gk_update)ADAMW, 5, GK_PRODUCT_TF32);
    check_count("nanda", "unaligned", 0);
    check_count("nanda", "copied", 1);
    check_count("nanda", "collected", 1);
    log_update(like_mnist(), (gk_update)BATCHES, 5, GK_PRODUCT_TF32);
    check_count("MNIST", "unaligned", 0);
    log_update(like_nanda(), (gk_update)ADAMW, 5, GK_PRODUCT_EXACT);
    check_count("nanda, exact", "unaligned", 3);
    check_count("nanda, exact", "copied", 0);
    log_update(like_nanda(), (gk_update)ADAMW, 1, GK_PRODUCT_TF32);
    check_count("nanda, one model", "copied", 0);
}

/* Queries, keys and values of one or two models are one product; of more, they are not.  The bits are those of the same sums. */
TEST(products_that_are_made_together_are_what_they_are_alone)
{
    static const gk_bias biases[] = { GK_BIAS_MLP, GK_BIAS_ALL };
    for (int i = 0; i < 2; i++) {
        crowd c;
        team  all, few;
        log_update(nanda_with(5, biases[i]), (gk_update)ADAMW, 1, GK_PRODUCT_EXACT);
        check_count("one model", ", 3 matrices", 2);
        log_update(nanda_with(5, biases[i]), (gk_update)ADAMW, 2, GK_PRODUCT_EXACT);
        check_count("two models", ", 3 matrices", 4);
        log_update(nanda_with(5, biases[i]), (gk_update)ADAMW, 4, GK_PRODUCT_EXACT);
        check_count("four models", ", 3 matrices", 0);
        CHECK(crowd_open(&c, nanda_with(5, biases[i]), (gk_update)ADAMW));
        CHECK(team_open_for(&all, backend_of(0), &c, 0, N_REPLICA, GK_PRODUCT_EXACT));
        team_run(&all, 0, 3);
        for (int n = 1; n <= 2; n++) {
            CHECK(team_open_for(&few, backend_of(0), &c, 2, n, GK_PRODUCT_EXACT));
            team_run(&few, 0, 3);
            for (int r = 0; r < n; r++)
                CHECK(same_bits(&few, r, &all, 2 + r));
            team_close(&few);
        }
        team_close(&all);
        crowd_close(&c);
    }
}

/* In bf16 parameters are rounded in one launch, and products of rows read what is stored: all but those of tables. */
TEST(products_of_rows_read_what_is_stored)
{
    log_update(like_nanda(), (gk_update)ADAMW, 5, GK_PRODUCT_BF16);
    check_count("nanda, five models, bf16", "", 63);
    check_count("nanda", "unaligned", 0);
    check_count("nanda", "converted", 1);
    check_count("nanda", "copied", 1);
    check_count("nanda", "in bfloat16", 9);
    log_update(like_mnist(), (gk_update)BATCHES, 5, GK_PRODUCT_BF16);
    check_count("MNIST", "unaligned", 0);
    check_count("MNIST", "product", n_line("in bfloat16"));
}

int main(void)
{
    int file = mkstemp(log_name);
    if (file < 0 || close(file) != 0 || setenv("GK_EMULATED_LOG", log_name, 1) != 0) {
        perror(log_name);
        return 1;
    }
    if (is_exact()) {
        RUN(an_update_takes_as_many_launches_as_the_manual_says)
        RUN(products_that_are_made_together_are_what_they_are_alone)
        RUN(products_that_round_are_of_matrices_of_whole_vectors)
        RUN(products_of_rows_read_what_is_stored)
    }
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return unlink(log_name) != 0 || test_n_failed != 0;
}
