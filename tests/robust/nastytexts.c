/* nastytexts.c -- copy a checkpoint with every text in it replaced by one that a terminal must not see.
 *
 *   nastytexts FROM TO
 *
 * Each begins with its old value and goes on with all code points below U+00A0, overrides of direction, what is not UTF-8. */
#include <stdio.h>
#include <string.h>
#include "io/checkpoint.h"

static const char *nasty(gk_checkpoint *checkpoint, const char *old)
{
    char   text[1024];
    size_t n = (size_t)snprintf(text, sizeof text - 700, "%s", old);

    for (int code = 1; code < 0x80; code++)
        if (code != '/')    /* names of arrays are paths */
            text[n++] = (char)code;
    for (int code = 0x80; code < 0xa0; code++) {
        text[n++] = (char)0xc2;
        text[n++] = (char)code;
    }
    snprintf(text + n, sizeof text - n, "\xe2\x80\xae\xe2\x81\xa6\xd8\x9c\x9b\xff\xc0\x9b\xe0\x82\x9b\xed\xa0\x80\xc2");
    return gk_arena_strdup(&checkpoint->arena, text);
}

int main(int argc, char **argv)
{
    gk_checkpoint *checkpoint = argc == 3 ? gk_checkpoint_read(argv[1], GK_READ_ALL) : NULL;
    if (!checkpoint) {
        fprintf(stderr, "nastytexts: %s\n", argc == 3 ? gk_error_message() : "usage: nastytexts FROM TO");
        return 1;
    }
    const char **text[] = { &checkpoint->tool_version, &checkpoint->command_line, &checkpoint->created, &checkpoint->device,
                            &checkpoint->precision,    &checkpoint->group[0].task };
    for (size_t i = 0; i < sizeof text / sizeof *text; i++)
        *text[i] = nasty(checkpoint, *text[i]);
    for (int i = 0; i < checkpoint->n_config; i++)
        if (checkpoint->config[i].text)
            checkpoint->config[i].text = nasty(checkpoint, checkpoint->config[i].text);
    gk_group *group = &checkpoint->group[0];
    for (int i = 0; i < group->n_param; i++) {
        group->param[i].name = nasty(checkpoint, group->param[i].name);
        group->param[i].init = nasty(checkpoint, group->param[i].init);
    }
    static gk_h5_column column[16];
    static const char  *label[64];
    int                 n = group->n_run_column < 15 ? group->n_run_column : 15;
    memcpy(column, group->run_column, (size_t)n * sizeof *column);
    for (int replica = 0; replica < 64; replica++)
        label[replica] = nasty(checkpoint, "label");
    column[n] = (gk_h5_column){ .name = nasty(checkpoint, "column"), .text = label };
    group->run_column = column;
    group->n_run_column = n + 1;
    gk_parent parent = { nasty(checkpoint, "base"), nasty(checkpoint, "base.h5"), nasty(checkpoint, "0123"), 0, NULL };
    checkpoint->parent = &parent;
    checkpoint->n_parent = 1;
    if (gk_checkpoint_write(checkpoint, argv[2]) < 0) {
        fprintf(stderr, "nastytexts: %s\n", gk_error_message());
        return 1;
    }
    gk_checkpoint_free(checkpoint);
    return 0;
}
