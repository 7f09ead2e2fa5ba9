/* group.c -- tasks over finite groups, by name or by their multiplication table.
 *
 *   C<n>   cyclic: 0..n-1 under addition modulo n, so that C113 has the items of task add
 *   D<n>   dihedral, of order 2n: rotations r0..r<n-1>, then reflections s<k> = r<k> s0, where s0 r s0 = r^-1
 *   S<n>   symmetric: permutations in lexicographic order; a name lists the images of 1..n; number 0, "123...", is the identity
 *   A<n>   alternating: the even ones of these
 *   GxH    the product of two of them: pairs x_y, in lexicographic order
 *
 * Permutations are applied left to right, (x.y)[i] = y[x[i]], as in sympy; so task s5 (Power et al. 2022, openai/grok), which
 * that code computes as the index composition b[a], is a.b here.
 *   s5            a.b             s5-conjugate  a.b.a^-1             s5-aba  a.b.a */
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "data/build.h"

enum { MAX_THING = 6 };    /* of 7 there are 5040 permutations, more than GK_PRIME_MAX */

/* --- permutations -- */

typedef struct permutation { int n, image[MAX_THING]; } permutation;

/* Number of the permutation: its rank in lexicographic order, read off its Lehmer code. */
static int32_t rank_of(permutation x)
{
    int32_t rank = 0;
    for (int i = 0; i < x.n; i++) {
        int n_smaller = 0;
        for (int j = i + 1; j < x.n; j++)
            n_smaller += x.image[j] < x.image[i];
        rank = rank * (x.n - i) + n_smaller;
    }
    return rank;
}

static permutation permutation_of(int n, int64_t rank)
{
    permutation x = { .n = n };
    for (int i = n - 1; i >= 0; i--) {    /* Lehmer code, least significant digit last */
        x.image[i] = (int)(rank % (n - i));
        rank /= n - i;
    }
    for (int i = n - 2; i >= 0; i--)      /* make room below each digit for those that follow */
        for (int j = i + 1; j < n; j++)
            x.image[j] += x.image[j] >= x.image[i];
    return x;
}

static permutation product(permutation x, permutation y)
{
    permutation result = { .n = x.n };
    for (int i = 0; i < x.n; i++)
        result.image[i] = y.image[x.image[i]];
    return result;
}

static bool is_even(permutation x)
{
    int n_inversion = 0;
    for (int i = 0; i < x.n; i++)
        for (int j = i + 1; j < x.n; j++)
            n_inversion += x.image[j] < x.image[i];
    return n_inversion % 2 == 0;
}

static const char *permutation_name(permutation x, gk_arena *arena)
{
    char *name = gk_arena_alloc(arena, MAX_THING + 1);
    for (int i = 0; i < x.n; i++)
        name[i] = (char)('1' + x.image[i]);
    return name;
}

/* --- groups by name -- */

/* Room for a group of n elements. */
static gk_operation new_group(int n, gk_arena *arena)
{
    return (gk_operation){ n, gk_arena_alloc(arena, (size_t)n * sizeof(char *)),
                           gk_arena_alloc(arena, (size_t)n * (size_t)n * sizeof(int32_t)) };
}

static gk_operation cyclic(int n, gk_arena *arena)
{
    gk_operation group = new_group(n, arena);
    for (int x = 0; x < n; x++) {
        group.name[x] = gk_arena_printf(arena, "%d", x);
        for (int y = 0; y < n; y++)
            group.answer[x * n + y] = (x + y) % n;
    }
    return group;
}

static gk_operation dihedral(int n, gk_arena *arena)
{
    gk_operation group = new_group(2 * n, arena);
    for (int x = 0; x < 2 * n; x++) {
        const bool flips = x >= n;
        group.name[x] = gk_arena_printf(arena, "%c%d", flips ? 's' : 'r', x % n);
        for (int y = 0; y < 2 * n; y++) {    /* r^i s0 r^j = r^(i-j) s0 */
            int turn = (flips ? x % n + n - y % n : x % n + y % n) % n;
            group.answer[x * 2 * n + y] = flips != (y >= n) ? n + turn : turn;
        }
    }
    return group;
}

/* S_n, or A_n. */
static gk_operation permutations(int n, bool all, gk_arena *arena)
{
    int n_all = 1, n_taken = 0;
    for (int i = 2; i <= n; i++)
        n_all *= i;
    int32_t *taken = gk_arena_alloc(arena, (size_t)n_all * sizeof *taken);
    int32_t *number = gk_arena_alloc(arena, (size_t)n_all * sizeof *number);
    for (int rank = 0; rank < n_all; rank++)
        if (all || is_even(permutation_of(n, rank))) {
            number[rank] = n_taken;
            taken[n_taken++] = rank;
        }
    gk_operation group = new_group(n_taken, arena);
    for (int x = 0; x < n_taken; x++) {
        permutation first = permutation_of(n, taken[x]);
        group.name[x] = permutation_name(first, arena);
        for (int y = 0; y < n_taken; y++)
            group.answer[x * n_taken + y] = number[rank_of(product(first, permutation_of(n, taken[y])))];
    }
    return group;
}

static gk_operation direct_product(const gk_operation *g, const gk_operation *h, gk_arena *arena)
{
    gk_operation group = new_group(g->n * h->n, arena);
    for (int x = 0; x < group.n; x++) {
        int x_g = x / h->n, x_h = x % h->n;
        group.name[x] = gk_arena_printf(arena, "%s_%s", g->name[x_g], h->name[x_h]);
        for (int y = 0; y < group.n; y++)
            group.answer[x * group.n + y] = g->answer[x_g * g->n + y / h->n] * h->n + h->answer[x_h * h->n + y % h->n];
    }
    return group;
}

/* The largest n that a letter can have: groups of GK_PRIME_MAX elements.  0: no letter of a group. */
static int most_of(char letter)
{
    switch (letter) {
    case 'C': return GK_PRIME_MAX;
    case 'D': return GK_PRIME_MAX / 2;
    case 'S':
    case 'A': return MAX_THING;
    default:  return 0;
    }
}

static bool is_name(const char *text)
{
    for (; *text; text++) {
        size_t n = most_of(*text) > 0 ? strspn(text + 1, "0123456789") : 0;
        text += n + 1;
        if (n == 0 || (*text && *text != 'x'))
            return false;
        if (!*text)
            return true;
    }
    return false;
}

/* C4, D5xC2, ...: is_name. */
static int named(const char *text, gk_arena *arena, gk_operation *out)
{
    *out = (gk_operation){ 0 };
    for (const char *at = text; *at; at += *at == 'x') {
        const char letter = *at;
        char      *end;
        long long  n = strtoll(at + 1, &end, 10);
        at = end;
        if (n < 1 || n > most_of(letter))
            return gk_usage_error("group '%s': %c%lld is outside %c1 to %c%d, the groups of at most %d elements", text, letter, n,
                                  letter, letter, most_of(letter), GK_PRIME_MAX);
        gk_operation factor = letter == 'C' ? cyclic((int)n, arena) : letter == 'D' ? dihedral((int)n, arena)
                                                                    : permutations((int)n, letter == 'S', arena);
        if (out->n > 0 && factor.n > GK_PRIME_MAX / out->n)
            return gk_usage_error("group '%s' has more than %d elements", text, GK_PRIME_MAX);
        *out = out->n > 0 ? direct_product(out, &factor, arena) : factor;
    }
    return 0;
}

/* --- what is no group -- */

/* Is x y . z the same as x . y z?  If not, gk_error says so. */
static int check_triple(const gk_operation *g, int64_t x, int64_t y, int64_t z, const char *path)
{
    const int64_t n = g->n, left = g->answer[g->answer[x * n + y] * n + z], right = g->answer[x * n + g->answer[y * n + z]];
    return left == right ? 0 : gk_error("'%s' is no group: not associative, (x y) z is %.40s and x (y z) is %.40s for x = %.40s, "
                                        "y = %.40s, z = %.40s", path, g->name[left], g->name[right], g->name[x], g->name[y],
                                        g->name[z]);
}

/* A group cancels: x y = x z only for y = z.  Where that fails although x has an inverse i, (i x) y or (i x) z is not i (x y). */
static int check_cancels(const gk_operation *g, const int32_t *inverse, const char *path, gk_arena *scratch)
{
    const int64_t n = g->n;
    int32_t *by_row = gk_arena_alloc(scratch, (size_t)n * sizeof *by_row);
    for (int64_t x = 0; x < n; x++) {
        memset(by_row, -1, (size_t)n * sizeof *by_row);
        for (int64_t y = 0; y < n; y++) {
            int32_t *first = &by_row[g->answer[x * n + y]];
            if (*first >= 0 && (check_triple(g, inverse[x], x, *first, path) < 0 || check_triple(g, inverse[x], x, y, path) < 0))
                return -1;
            *first = (int32_t)y;
        }
        memset(by_row, -1, (size_t)n * sizeof *by_row);
        for (int64_t y = 0; y < n; y++) {
            int32_t *first = &by_row[g->answer[y * n + x]];
            if (*first >= 0 && (check_triple(g, *first, x, inverse[x], path) < 0 || check_triple(g, y, x, inverse[x], path) < 0))
                return -1;
            *first = (int32_t)y;
        }
    }
    return 0;
}

/* By Light's test: (x g) y = x (g y) for all x and y, for elements g that generate all others.  As those that pass make a group,
 * each new one at least doubles what is generated: n^2 log n products. */
static int check_associative(const gk_operation *g, const char *path, gk_arena *scratch)
{
    const int64_t n = g->n;
    int32_t *made = gk_arena_alloc(scratch, (size_t)n * sizeof *made);
    int32_t *generator = gk_arena_alloc(scratch, (size_t)n * sizeof *generator);
    bool    *is_made = gk_arena_alloc(scratch, (size_t)n);
    int64_t  n_made = 0, n_generator = 0;
    for (int64_t candidate = 0; candidate < n; candidate++) {
        if (is_made[candidate])
            continue;
        for (int64_t x = 0; x < n; x++)
            for (int64_t y = 0; y < n; y++)
                if (check_triple(g, x, candidate, y, path) < 0)
                    return -1;
        generator[n_generator++] = (int32_t)candidate;
        is_made[candidate] = true;
        made[n_made++] = (int32_t)candidate;
        for (int64_t i = 0; i < n_made; i++)    /* what is new may be multiplied by all, what was there by the new one */
            for (int64_t k = 0; k < n_generator; k++) {
                int32_t next = g->answer[made[i] * n + generator[k]];
                if (!is_made[next])
                    made[n_made++] = next;
                is_made[next] = true;
            }
    }
    return 0;
}

static int64_t identity_of(const gk_operation *g)
{
    const int64_t n = g->n;
    for (int64_t e = 0; e < n; e++) {
        bool leaves_all = true;
        for (int64_t x = 0; x < n && leaves_all; x++)
            leaves_all = g->answer[e * n + x] == x && g->answer[x * n + e] == x;
        if (leaves_all)
            return e;
    }
    return -1;
}

/* The element that makes the identity e of x from both sides; -1: none. */
static int32_t inverse_of(const gk_operation *g, int64_t e, int64_t x)
{
    const int64_t n = g->n;
    for (int64_t y = 0; y < n; y++)
        if (g->answer[x * n + y] == e && g->answer[y * n + x] == e)
            return (int32_t)y;
    return -1;
}

int gk_group_check(const gk_operation *g, const char *path)
{
    const int64_t n = g->n, e = identity_of(g);
    gk_arena scratch = { 0 };
    int32_t *inverse = gk_arena_alloc(&scratch, (size_t)n * sizeof *inverse);
    int      status = 0;
    for (int64_t i = 0; i < n * n && status == 0; i++)
        if (g->answer[i] < 0)
            status = gk_error("'%s' is no group: there is no product of x = %.40s and y = %.40s", path, g->name[i / n],
                              g->name[i % n]);
    if (status == 0 && e < 0)
        status = gk_error("'%s' is no group: no element leaves all others as they are", path);
    for (int64_t x = 0; x < n && status == 0; x++)
        if ((inverse[x] = inverse_of(g, e, x)) < 0)
            status = gk_error("'%s' is no group: %.40s has no inverse (the identity is %.40s)", path, g->name[x], g->name[e]);
    if (status == 0 && (status = check_cancels(g, inverse, path, &scratch)) == 0)
        status = check_associative(g, path, &scratch);
    gk_arena_release(&scratch);
    return status;
}

/* --- tasks -- */

int gk_build_group(gk_dataset *dataset, const gk_data_args *args)
{
    gk_operation group;
    const char  *name = args->finite_group;
    if (!name || !*name)
        return gk_usage_error("task 'group' needs --finite-group: C113, D5, S5, A5, C2xC4, or a file");
    dataset->task = gk_arena_printf(&dataset->arena, "group %s", name);
    if (!is_name(name) && access(name, F_OK) < 0)
        return gk_usage_error("'%s' is no group: expected C113, D5, S5, A5, a product as C2xC4, or a file", name);
    if (is_name(name) ? named(name, &dataset->arena, &group) < 0
                      : gk_operation_read(name, &dataset->arena, &group) < 0 || gk_group_check(&group, name) < 0)
        return -1;
    return group.n > 1 ? gk_operation_build(dataset, args, &group, ".") : gk_usage_error("group '%s' has one element", name);
}

/* a.b, followed by the element `last` makes of a: a itself, or its inverse; NULL: by nothing. */
typedef int32_t then(const gk_operation *group, int32_t a);

static int32_t itself(const gk_operation *group, int32_t a)
{
    (void)group;
    return a;
}

static int32_t inverse(const gk_operation *group, int32_t a)
{
    return inverse_of(group, 0, a);
}

static int build_s5(gk_dataset *dataset, const gk_data_args *args, const char *symbol, then *last)
{
    gk_operation s5 = permutations(5, true, &dataset->arena), word = new_group(s5.n, &dataset->arena);
    for (int32_t a = 0; a < s5.n; a++) {
        const int32_t behind = last ? last(&s5, a) : 0;
        word.name[a] = s5.name[a];
        for (int32_t b = 0; b < s5.n; b++)
            word.answer[a * s5.n + b] = s5.answer[s5.answer[a * s5.n + b] * s5.n + behind];
    }
    dataset->task = gk_task_name(args);
    return gk_operation_build(dataset, args, &word, symbol);
}

int gk_build_s5(gk_dataset *d, const gk_data_args *args)           { return build_s5(d, args, "s5", NULL); }
int gk_build_s5_conjugate(gk_dataset *d, const gk_data_args *args) { return build_s5(d, args, "s5-conjugate", inverse); }
int gk_build_s5_aba(gk_dataset *d, const gk_data_args *args)       { return build_s5(d, args, "s5-aba", itself); }
