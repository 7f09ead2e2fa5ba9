/* test_graph_file.c -- dataset files of graphs that were made by hand, and what is wrong with them. */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "data/dataset.h"
#include "io/h5.h"

static char path[] = "/tmp/test_graph_file.XXXXXX";

/* Three items of up to three nodes; a test changes one thing. */
typedef struct content {
    int32_t     token[9], n_edge[3];
    uint8_t     edge[9];
    float       feature[4], target[3];
    int64_t     n_feature_row;
    const char *sha256;
} content;

static content good(void)
{
    return (content){ .token = { 1, 1, 0, 1, 0, 0, 1, 1, 1 }, .n_edge = { 1, 0, 2 }, .edge = { 0, 1, 1, 0, 2, 0, 1, 2, 1 },
                      .feature = { 0, 0, 1, 2 }, .target = { 1, 2, 3 }, .n_feature_row = 2,
                      /* hashlib.sha256(struct.pack('<6q', 3, 3, 0, 2, 1, 1) + struct.pack('<9i', 1,1,0, 1,0,0, 1,1,1) +
                       * bytes(12) + struct.pack('<q3f', 1, 1, 2, 3) + struct.pack('<2q4f', 2, 2, 0, 0, 1, 2) +
                       * struct.pack('<3q', 1, 1, 3) + bytes([0,1,1, 0,2,0, 1,2,1])) */
                      .sha256 = "2e8921602243b2ab72ac159705a07743b0ffa0dc1913ed6a7773246ed500a7e3" };
}

static gk_dataset *read_content(const content *c)
{
    static const char *const types[] = { "one", "two" };
    const int64_t items[] = { 3, 3 }, one[] = { 3, 1 }, feature[] = { c->n_feature_row, 2 }, edge[] = { 3, 3 }, n = 3;
    const gk_h5_column column = { .name = "name", .text = types };
    gk_data_args args = { .data_file = path };
    unlink(path);
    gk_h5 *file = gk_h5_create(path);
    int status = file ? 0 : -1;
    if (file) {
        status |= gk_h5_set_text(file, "/", "format", "groktools-dataset") | gk_h5_set_int(file, "/", "format_version", 3) |
                  gk_h5_set_text(file, "/", "task", "by hand") | gk_h5_set_text(file, "/", "sha256", c->sha256) |
                  gk_h5_set_int(file, "/", "n_vocab", 2) | gk_h5_set_int(file, "/", "n_answer", 1) |
                  gk_h5_write(file, "/target", GK_F32, 2, one, c->target, 0) |
                  gk_h5_write(file, "/token", GK_I32, 2, items, c->token, 0) |
                  gk_h5_write(file, "/n_edge", GK_I32, 1, &n, c->n_edge, 0) |
                  gk_h5_write(file, "/edge", GK_U8, 2, edge, c->edge, 0) |
                  gk_h5_write_table(file, "/edge_type", 1, &column, 2) |
                  gk_h5_write(file, "/feature", GK_F32, 2, feature, c->feature, 0);
        status |= gk_h5_commit(file);
    }
    CHECK_INT(status, 0);
    return gk_dataset_new(&args);
}

TEST(a_file_made_by_hand_is_read)
{
    content     c = good();
    gk_dataset *d = read_content(&c);
    if (!d)
        printf("%s\n", gk_error_message());
    CHECK(d && d->edges.n_type == 2 && d->edges.first[3] == 3 && d->edges.at[8] == 1 && d->edges.feature[3] == 2);
    gk_dataset_free(d);
}

#define REFUSED(change, message) \
    do {                                  \
        content c = good();               \
        change;                           \
        CHECK(read_content(&c) == NULL);  \
        CHECK_CONTAINS(gk_error_message(), message); \
    } while (0)

TEST(damaged_graphs_are_refused)
{
    REFUSED(c.edge[1] = 2, "0, 2 of type 1 is no edge of item 0, of 2 nodes, with 2 types");
    REFUSED(c.edge[1] = 0, "0, 0 of type 1 is no edge");
    REFUSED(c.edge[2] = 2, "of type 2 is no edge");
    REFUSED(c.token[1] = 0, "is no edge of item 0, of 1 nodes");
    REFUSED((c.token[4] = 0, c.token[5] = 1), "item 1 has a node behind a 0");
    REFUSED(c.token[3] = 0, "item 1 has no node");
    REFUSED(c.feature[1] = 1, "token 0, which is no node, has one of 1");
    REFUSED(c.feature[2] = NAN, "'/feature' in");
    REFUSED(c.feature[2] = 3, "is damaged: the sha256");
    REFUSED(c.n_edge[0] = -1, "'/n_edge' in");
    REFUSED(c.n_edge[0] = 2, "'/edge'");
    REFUSED(c.n_feature_row = 1, "'/feature'");
}

int main(void)
{
    CHECK(mkstemp(path) >= 0);
    RUN(a_file_made_by_hand_is_read)
    RUN(damaged_graphs_are_refused)
    unlink(path);
    printf("%d passed, %d failed\n", test_n_passed, test_n_failed);
    return test_n_failed != 0;
}
