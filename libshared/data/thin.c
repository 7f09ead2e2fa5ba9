/* thin.c -- fewer train items of some subclasses than of the others (--thin, --thin-to). */
#include <fnmatch.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include "base/classes.h"
#include "base/names.h"
#include "data/build.h"

/* --- whole numbers -------------------------------------------------------------------------------------------------------- */

typedef struct fraction { int64_t over, under; } fraction;

/* The fraction with the least denominator that is the nearest double: 1/5 for 0.2, which no double is.  By continued fractions;
 * exact for all that are written with up to 7 digits or denominators. */
static fraction simplest(double share)
{
    int64_t over[2] = { 0, 1 }, under[2] = { 1, 0 };    /* the convergent before, and this one */
    double  rest = share;
    for (int i = 0; i < 64; i++) {
        int64_t whole = (int64_t)floor(rest), next_over = whole * over[1] + over[0], next_under = whole * under[1] + under[0];
        if (next_under > INT32_MAX)
            break;
        over[0] = over[1], under[0] = under[1];
        over[1] = next_over, under[1] = next_under;
        if ((double)over[1] / (double)under[1] == share || rest == (double)whole)
            break;
        rest = 1 / (rest - (double)whole);
    }
    return (fraction){ over[1], under[1] };
}

gk_thin_count gk_thin_counts(int64_t size, double thin_to, int n_thinned, int n_kept)
{
    const fraction f = simplest(thin_to);
    const int64_t  parts = f.over * n_thinned + f.under * n_kept;    /* of 1 / under; all numbers here are below 2^31 */
    if (parts == 0)
        return (gk_thin_count){ 0, 0 };
    return (gk_thin_count){ f.over * size / parts, f.under * size / parts };
}

/* --- which subclasses ----------------------------------------------------------------------------------------------------- */

static int mark(const gk_dataset *dataset, const char *pattern, bool *thinned)
{
    const gk_subclasses *subclass = &dataset->subclass;
    int n = 0;
    for (int i = 0; i < subclass->n; i++)
        if (fnmatch(pattern, subclass->name[i], 0) == 0) {
            thinned[i] = true;
            n++;
        }
    if (n > 0)
        return 0;
    gk_names names = { 0 };
    gk_arena arena = { 0 };
    for (int i = 0; i < subclass->n; i++)
        gk_names_add(&names, subclass->name[i]);
    gk_usage_error("invalid value '%s' for '--thin': '%s' has no such subclass%s%s%s", pattern, dataset->task,
                   strcmp(subclass->by, GK_OWN_SUBCLASSES) == 0 ? "" : " by ",
                   strcmp(subclass->by, GK_OWN_SUBCLASSES) == 0 ? "" : subclass->by, gk_names_suggest(&names, pattern, &arena));
    gk_names_release(&names);
    gk_arena_release(&arena);
    return -1;
}

const bool *gk_thinned(const gk_dataset *dataset, const gk_data_args *args, gk_arena *arena)
{
    bool *thinned = gk_arena_alloc(arena, (size_t)(dataset->subclass.n + 1) * sizeof *thinned);
    char *rest = args->thin ? gk_arena_strdup(arena, args->thin) : NULL;
    bool  all = rest != NULL;
    if (rest && dataset->n_group > 1) {
        gk_usage_error("'--thin' is for a single task: '%s' has %d", dataset->task, dataset->n_group);
        return NULL;
    }
    if (rest && dataset->subclass.n == 0) {
        gk_usage_error("'--thin' needs subclasses: the items of '%s' have none (--subclasses)", dataset->task);
        return NULL;
    }
    for (char *pattern; rest && (pattern = strsep(&rest, "+"));)
        if (mark(dataset, pattern, thinned) < 0)
            return NULL;
    for (int i = 0; i < dataset->subclass.n; i++)
        all = all && thinned[i];
    if (all) {
        gk_usage_error("invalid value '%s' for '--thin': these are all subclasses of '%s', none is left as it is", args->thin,
                       dataset->task);
        return NULL;
    }
    return thinned;
}

/* --- taking items --------------------------------------------------------------------------------------------------------- */

bool gk_takes_by_subclass(const gk_dataset *dataset, const gk_data_args *args)
{
    const bool own = dataset->subclass.by && strcmp(dataset->subclass.by, GK_OWN_SUBCLASSES) == 0;
    return args->thin || (args->size > 0 && dataset->split && own);
}

/* How many items of each subclass are to be train, and how many there are. */
typedef struct demand { int64_t wanted, there; } demand;

/* With a size: as equation 1 has it.  Subclasses without a candidate (0 as a divisor) take no part in it. */
static int share_out(const gk_dataset *dataset, const gk_data_args *args, const bool *thinned, demand *want)
{
    const gk_subclasses *subclass = &dataset->subclass;
    int n_thinned = 0, n_kept = 0;
    for (int i = 0; i < subclass->n; i++) {
        n_thinned += thinned[i] && want[i].there > 0;
        n_kept += !thinned[i] && want[i].there > 0;
    }
    const gk_thin_count count = gk_thin_counts(args->size, args->thin_to, n_thinned, n_kept);
    if (count.kept == 0)
        return gk_usage_error("size %" PRId64 " is too small: less than one item for each of %d subclasses of '%s'", args->size,
                              n_kept, dataset->task);
    for (int i = 0; i < subclass->n; i++) {
        want[i].wanted = want[i].there == 0 ? 0 : thinned[i] ? count.thinned : count.kept;
        if (want[i].wanted > want[i].there)
            return gk_usage_error("size %" PRId64 " asks for %" PRId64 " train items of subclass '%s' of '%s', which has "
                                  "%" PRId64, args->size, want[i].wanted, subclass->name[i], dataset->task, want[i].there);
    }
    return 0;
}

int gk_take_by_subclass(const gk_dataset *dataset, const gk_data_args *args, const int32_t *candidate, int64_t n, gk_arena *arena,
                        gk_split *out)
{
    const int32_t *of = dataset->subclass.of;
    gk_arena    scratch = { 0 };
    const bool *thinned = gk_thinned(dataset, args, &scratch);
    demand     *want = gk_arena_alloc(&scratch, (size_t)(dataset->subclass.n + 1) * sizeof *want);
    const fraction f = simplest(args->thin_to);
    int         status = thinned ? 0 : -1;
    for (int64_t i = 0; status == 0 && i < n; i++)
        want[of[candidate[i]]].there++;
    if (status == 0 && args->size > 0)
        status = share_out(dataset, args, thinned, want);
    for (int i = 0; status == 0 && args->size == 0 && i < dataset->subclass.n; i++)
        want[i].wanted = thinned[i] ? want[i].there * f.over / f.under : want[i].there;
    out->train = gk_arena_alloc(arena, (size_t)(n + 1) * sizeof *out->train);
    out->n_train = 0;
    for (int64_t i = 0; status == 0 && i < n; i++)
        if (want[of[candidate[i]]].wanted-- > 0)
            out->train[out->n_train++] = candidate[i];
    if (status == 0 && out->n_train == 0)
        status = gk_usage_error("'--thin' leaves no train items of '%s'", dataset->task);
    gk_arena_release(&scratch);
    return status;
}

/* --- runs that share them ------------------------------------------------------------------------------------------------- */

static int64_t seed_of(const gk_data_args *args)
{
    return args->data_seed >= 0 ? args->data_seed : args->seed;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* A split that the data bring is every run's, unless something is drawn from it. */
static bool is_drawn(const gk_dataset *dataset, const gk_data_args *args)
{
    return !dataset->split || args->label_noise > 0 || gk_takes_by_subclass(dataset, args);
}

bool gk_data_same_split(const gk_dataset *dataset, const gk_data_args *a, const gk_data_args *b)
{
    if (a->size != b->size || a->label_noise != b->label_noise || !same_text(a->thin, b->thin) || a->thin_to != b->thin_to)
        return false;
    return !is_drawn(dataset, a) || (seed_of(a) == seed_of(b) && (dataset->split || a->fraction == b->fraction));
}

uint64_t gk_data_hash_split(const gk_dataset *dataset, const gk_data_args *args)
{
    uint64_t hash = gk_hash_real(gk_hash_real(gk_hash_whole(GK_HASH, args->size), args->label_noise), args->thin_to);
    if (args->thin)
        hash = gk_hash_bytes(hash, args->thin, strlen(args->thin));
    if (!is_drawn(dataset, args))
        return hash;
    return gk_hash_real(gk_hash_whole(hash, seed_of(args)), dataset->split ? 0 : args->fraction);
}

/* A split that is thinned has as many items of a subclass as the permutation put there. */
bool gk_data_same_sizes(const gk_data_args *a, const gk_data_args *b)
{
    return a->fraction == b->fraction && a->size == b->size && same_text(a->thin, b->thin) && a->thin_to == b->thin_to &&
           (!a->thin || seed_of(a) == seed_of(b));
}

uint64_t gk_data_hash_sizes(const gk_data_args *args)
{
    uint64_t hash = gk_hash_real(gk_hash_real(gk_hash_whole(GK_HASH, args->size), args->fraction), args->thin_to);
    return args->thin ? gk_hash_whole(gk_hash_bytes(hash, args->thin, strlen(args->thin)), seed_of(args)) : hash;
}
