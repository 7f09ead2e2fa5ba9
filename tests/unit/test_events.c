/* Event files are those of TensorBoard's own writer, byte for byte. */
#include <unistd.h>
#include "../test.h"
#include "io/events.h"

/* Made once with tensorboard 2.21.0's RecordWriter: Event(wall_time=1.5, file_version="brain.Event:2"), then
 * Event(wall_time=1.5, step=300, summary=[a/b: 0.5, c: -2]). */
static const char expected[] =
    "1800000000000000a37f4b2209000000000000f83f1a0d627261696e2e4576656e743a322a28646c"
    "2400000000000000422b804d09000000000000f83f10ac022a160a0a0a03612f62150000003f0a080a016315000000c0ac91a714";

TEST(records_are_those_of_tensorboard)
{
    static const char path[] = "test_events.tmp";
    static const char *const names[] = { "a/b", "missing", "c" };
    const double values[] = { 0.5, NAN, -2 };
    unsigned char bytes[256];
    char          hex[513] = "";
    unlink(path);
    gk_outfile *output = gk_outfile_new(path, GK_OUTFILE_STORE);
    CHECK(output && gk_events_begin(output, 1.5) == 0 && gk_events_put(output, 1.5, 300, 3, names, values) == 0);
    CHECK_INT(gk_outfile_commit(output), 0);
    FILE  *file = fopen(path, "rb");
    size_t n = file ? fread(bytes, 1, sizeof bytes, file) : 0;
    for (size_t i = 0; i < n; i++)
        snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
    CHECK_TEXT(hex, expected);
    CHECK(file && fclose(file) == 0);
    unlink(path);
}

TEST_MAIN(RUN(records_are_those_of_tensorboard))
