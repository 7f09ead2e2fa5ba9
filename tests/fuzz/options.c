/* options.c -- fuzz values of options, lists and ranges: the first byte says of which type.  (The parser of whole command lines
 * ends the program when it refuses one.) */
#include "base/options_private.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = { "one", "two", "three", NULL };
    static const gk_option   options[] = {
        { .name = "whole", .type = GK_INT, .min = -5, .max = 1e9, .flags = GK_VARY },
        { .name = "real", .type = GK_REAL, .min = 0, .max = 1e300, .flags = GK_VARY },
        { .name = "choice", .type = GK_CHOICE, .choices = names, .flags = GK_VARY },
        { .name = "switch", .type = GK_SWITCH, .flags = GK_VARY },
        { .name = "text", .type = GK_TEXT },
        { .name = "seed", .type = GK_INT, .min = 0, .max = 0x1p53 },
    };
    gk_arena  arena = { 0 };
    gk_value *values;
    int64_t   n_value;
    if (size == 0)
        return 0;
    char *text = fuzz_text(data + 1, size - 1);
    int   status = gk_values_parse(&arena, &options[data[0] % (sizeof options / sizeof *options)], text, &values, &n_value);
    (void)status;
    gk_arena_release(&arena);
    free(text);
    return 0;
}
