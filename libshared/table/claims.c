/* claims.c -- the file of claims (claims.h). */
#include "table/claims.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "analysis/detect.h"
#include "base/names.h"
#include "base/options.h"
#include "io/text.h"
#include "table/level.h"

/* --- keys ------------------------------------------------------------------------------------------------------------------ */

static const struct { const char *key; size_t offset; } fields[] = {
    { "id", offsetof(gk_claim, id) },       { "scales", offsetof(gk_claim, scales) }, { "says", offsetof(gk_claim, says) },
    { "where", offsetof(gk_claim, where) }, { "per", offsetof(gk_claim, per) },       { "let", offsetof(gk_claim, let) },
    { "by", offsetof(gk_claim, by) },       { "predicate", offsetof(gk_claim, predicate) },
    { "needs", offsetof(gk_claim, needs) }, { "seeds", offsetof(gk_claim, seeds) }, { "note", offsetof(gk_claim, note) },
    { "tuned", offsetof(gk_claim, tuned) },
};

/* What stands apart from claims, and may be there several times. */
enum { VALUES, EVERY, COMPARES, N_LIST };
static const char *const list_names[] = { "values", "every", "compares" };

static int list_named(const char *key)
{
    for (int i = 0; i < N_LIST; i++)
        if (strcmp(list_names[i], key) == 0)
            return i;
    return -1;
}

static const char **field_of(gk_claim *claim, const char *key)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (strcmp(fields[i].key, key) == 0)
            return (const char **)((char *)claim + fields[i].offset);
    return NULL;
}

/* " (did you mean 'where'?)" */
static const char *suggest_key(const char *key, gk_arena *arena)
{
    gk_names names = { 0 };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        gk_names_add(&names, fields[i].key);
    for (int i = 0; i < N_LIST; i++)
        gk_names_add(&names, list_names[i]);
    const char *text = gk_names_suggest(&names, key, arena);
    gk_names_release(&names);
    return text;
}

/* --- reading --------------------------------------------------------------------------------------------------------------- */

/* A line 'values: ...' or 'every: ...'. */
typedef struct list_line { int list; const char *text; int64_t line; } list_line;

typedef struct reader {
    const char  *path;
    gk_arena    *arena;
    gk_claims   *to;
    int          capacity, known_capacity, n_listed, listed_capacity;
    gk_claim     now;        /* line 0: none has begun */
    const char **last;       /* what a line that begins with a blank goes on with */
    list_line   *listed;
    bool        *own_tuned;  /* of each claim: it says so itself */
} reader;

/* Room for one more: the same array, or a longer one. */
static void *grown(gk_arena *arena, void *old, int n, int *capacity, size_t n_bytes)
{
    if (n < *capacity)
        return old;
    *capacity = 2 * n + 16;
    void *more = gk_arena_alloc(arena, (size_t)*capacity * n_bytes);
    if (n > 0)
        memcpy(more, old, (size_t)n * n_bytes);
    return more;
}

static int end_claim(reader *r)
{
    gk_claim *now = &r->now;
    if (now->line == 0)
        return 0;
    if (!now->id || !now->predicate || !now->says)
        return gk_error("'%s' line %lld: a claim needs id, says and predicate", r->path, (long long)now->line);
    if (now->per && !now->let)
        return gk_error("'%s' line %lld: 'per' without 'let'", r->path, (long long)now->line);
    if (now->seeds && *now->seeds != '$' && (gk_parse_int(now->seeds, &now->least_seed) < 0 || now->least_seed < 1))
        return gk_error("'%s' line %lld: 'seeds' is '%s', expected a number of at least 1 or $NAME", r->path,
                        (long long)now->line, now->seeds);
    for (int i = 0; i < r->to->n; i++)
        if (strcmp(r->to->claim[i].id, now->id) == 0)
            return gk_error("'%s' line %lld: there is a claim '%s' at line %lld already", r->path, (long long)now->line, now->id,
                            (long long)r->to->claim[i].line);
    r->to->claim = grown(r->arena, r->to->claim, r->to->n, &r->capacity, sizeof *r->to->claim);
    r->to->claim[r->to->n++] = *now;
    *now = (gk_claim){ .line = 0 };
    return 0;
}

static const char **new_listed(reader *r, int list, int64_t line)
{
    r->listed = grown(r->arena, r->listed, r->n_listed, &r->listed_capacity, sizeof *r->listed);
    r->listed[r->n_listed] = (list_line){ list, NULL, line };
    return &r->listed[r->n_listed++].text;
}

static int read_line(reader *r, char *line, int64_t number)
{
    bool  continues = *line == ' ' || *line == '\t';
    char *text = gk_text_trim(line), *key = text;
    if (continues && r->last) {
        *r->last = gk_arena_printf(r->arena, "%s %s", *r->last, text);
        return 0;
    }
    strsep(&text, ":");
    int list = list_named(key);
    r->last = !text ? NULL : list >= 0 ? new_listed(r, list, number) : field_of(&r->now, key);
    if (!r->last)
        return gk_error("'%s' line %lld: expected 'key: value', found '%.40s'%s", r->path, (long long)number, key,
                        suggest_key(key, r->arena));
    if (*r->last)
        return gk_error("'%s' line %lld: '%s' is there twice", r->path, (long long)number, key);
    if (list < 0 && r->now.line == 0)
        r->now.line = number;
    *r->last = gk_arena_strdup(r->arena, gk_text_trim(text));
    return 0;
}

static void add_known(reader *r, const char *column, const char *text)
{
    r->to->known = grown(r->arena, r->to->known, r->to->n_known, &r->known_capacity, sizeof *r->to->known);
    r->to->known[r->to->n_known++] = (gk_known_text){ column, text };
}

/* Every claim by this column. */
static void add_every(reader *r, const char *column, const char *text)
{
    for (int i = 0; i < r->to->n; i++) {
        gk_claim *c = &r->to->claim[i];
        char     *rest = c->by ? gk_arena_strdup(r->arena, c->by) : NULL;
        for (char *name; (name = gk_next_name(&rest));)
            if (strcmp(name, column) == 0)
                c->every = gk_arena_printf(r->arena, "%s%s%s", c->every ? c->every : "", c->every ? "; " : "", text);
    }
}

static bool is_in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '-' || c == '$';
}

/* The values that a text has a column equal: are there two, with those before?  *value: the first, NULL: none yet. */
static bool names_two(const char *text, const char *column, const char **value)
{
    size_t n = strlen(column);
    for (const char *at = text; at && (at = strstr(at, column)); at += n) {
        const char *sign = at + n + strspn(at + n, " ");
        if ((at > text && is_in_name(at[-1])) || *sign != '=')
            continue;
        const char *word = sign + 1 + strspn(sign + 1, " =");
        size_t      n_word = 0;
        while (is_in_name(word[n_word]))
            n_word++;
        if (*value && (strncmp(*value, word, n_word) != 0 || is_in_name((*value)[n_word])))
            return true;
        *value = word;
    }
    return false;
}

/* Is the column one of "task, optimizer"? */
static bool is_one_of(const char *columns, const char *column)
{
    size_t n = strlen(column);
    for (const char *at = columns; at && (at = strstr(at, column)); at += n)
        if ((at == columns || !is_in_name(at[-1])) && !is_in_name(at[n]))
            return true;
    return false;
}

/* Does `where` have the column equal one text? */
static bool is_held(const gk_claim *claim, const char *column)
{
    const char *value = NULL;
    return !names_two(claim->where, column, &value) && value;
}

bool gk_claim_compares(const gk_claim *claim, const char *column)
{
    const char *value = NULL;
    const bool  is_split = is_one_of(claim->by, column) || is_one_of(claim->per, column);
    return names_two(claim->let, column, &value) || names_two(claim->predicate, column, &value) ||
           (is_split && !is_held(claim, column));
}

/* Every claim that compares by this column, and does not say it itself. */
static void add_tuned(reader *r, const char *column, const char *text)
{
    for (int i = 0; i < r->to->n; i++) {
        gk_claim *c = &r->to->claim[i];
        if (gk_claim_compares(c, column) && !(c->tuned && r->own_tuned[i]))
            c->tuned = gk_arena_printf(r->arena, "%s%s%s", c->tuned ? c->tuned : "", c->tuned ? "; " : "", text);
    }
}

/* Columns that tell methods or architectures apart: who compares by them should say what was tuned. */
static void ask_for_tuned(gk_claims *claims)
{
    static const char *const methods[] = { "method", "optimizer", "model", "net", "teachers" };
    for (int i = 0; i < claims->n; i++)
        for (size_t k = 0; k < sizeof methods / sizeof *methods; k++)
            if (!claims->claim[i].tuned && gk_claim_compares(&claims->claim[i], methods[k]))
                claims->claim[i].tuned = "not said";
}

/* "method = alone taught" */
static int read_listed(reader *r, const list_line *l)
{
    char *rest = gk_arena_strdup(r->arena, l->text), *column = gk_text_trim(strsep(&rest, "="));
    if (!rest || !*column)
        return gk_error("'%s' line %lld: expected '%s: COLUMN = TEXT TEXT ...', found '%.60s'", r->path, (long long)l->line,
                        list_names[l->list], l->text);
    if (l->list == EVERY)
        add_every(r, column, l->text);
    else if (l->list == COMPARES)
        add_tuned(r, column, gk_text_trim(rest));
    else
        for (char *text; (text = gk_next_name(&rest));)
            add_known(r, column, text);
    return 0;
}

int gk_claims_read(const char *path, gk_arena *arena, gk_claims *out)
{
    gk_text text;
    reader  r = { .path = path, .arena = arena, .to = out };
    int     status = 0;
    *out = (gk_claims){ .path = gk_arena_strdup(arena, path) };
    if (gk_text_read(path, &text) < 0)
        return -1;
    for (char *line; status == 0 && (line = gk_text_line(&text));) {
        if (*line == '#')
            continue;
        if (line[strspn(line, " \t")]) {
            status = read_line(&r, line, text.line);
        } else {
            status = end_claim(&r);
            r.last = NULL;
        }
    }
    if (status == 0)
        status = end_claim(&r);
    r.own_tuned = gk_arena_alloc(arena, (size_t)out->n + 1);
    for (int i = 0; i < out->n; i++)
        r.own_tuned[i] = out->claim[i].tuned != NULL;
    for (int i = 0; i < r.n_listed && status == 0; i++)
        status = read_listed(&r, &r.listed[i]);
    ask_for_tuned(out);
    for (int i = 0; gk_detect_status_names[i]; i++)
        add_known(&r, "status", gk_detect_status_names[i]);
    free(text.data);
    return status;
}
