/* tags.c -- see tags.h. */
#include "train/tags.h"

#include <string.h>

enum { MAX_KEY = 60 };

/* Columns of tables about runs that are no options: of /runs, and those that tools put before and behind them. */
static const char *const reserved[] = { "run", "group", "replica", "replica_step", "status", "step", "file", "name",
                                        "norm_target" };

static bool is_word(const char *text, size_t n)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    return n > 0 && n <= MAX_KEY && strchr(letters, text[0]) && strspn(text, "0123456789abcdefghijklmnopqrstuvwxyz"
                                                                             "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") >= n;
}

static int check_key(const gk_given *given, const char *key, const gk_tag *before, int n)
{
    const gk_option *option = gk_option_find(given, key);
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(reserved[i], key) == 0)
            return gk_usage_error("'--tag %s=...': there is a column %s: choose another name", key, key);
    if (option)
        return gk_usage_error("'--tag %s=...': there is an option --%s: choose another name", key, option->name);
    for (int i = 0; i < n; i++)
        if (strcmp(before[i].key, key) == 0)
            return gk_usage_error("'--tag %s=...' is given twice", key);
    return 0;
}

int gk_tags_parse(const gk_given *given, const char *name, const char *tags, gk_arena *arena, gk_tag **out)
{
    size_t n_most = 2;
    int    n = 0;
    for (const char *at = tags; at && *at; at++)
        n_most += *at == ';';
    *out = gk_arena_alloc(arena, n_most * sizeof **out);
    if (name)
        (*out)[n++] = (gk_tag){ "name", name };
    char *rest = tags ? gk_arena_strdup(arena, tags) : NULL;
    for (char *key; (key = strsep(&rest, ";"));) {
        key += strspn(key, " ");
        size_t n_key = strcspn(key, "=");
        if (key[n_key] != '=' || !is_word(key, n_key))
            return gk_usage_error("invalid value '%s' for '--tag': expected KEY=VALUE, where KEY is a word", key);
        key[n_key] = '\0';
        if (check_key(given, key, *out, n) < 0)
            return -1;
        (*out)[n++] = (gk_tag){ key, key + n_key + 1 };
    }
    return n;
}
