/* joint.c -- several tasks in one dataset: learnt together (join), or looked at beside (also_eval).
 *
 * The items of all tasks stand one after another, each task a group, in one shared vocabulary.  Each task has its own fraction
 * and draws its own split, just as if it stood alone. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/options.h"
#include "data/build.h"

static int find_task(const char *name, int *task)
{
    for (*task = 0; gk_task_names[*task]; ++*task)
        if (strcmp(gk_task_names[*task], name) == 0)
            return 0;
    return gk_error("there is no task '%s'", name);
}

/* "add:97:0.2:3" over the arguments of the main task. */
static int parse_part(char *text, gk_data_args *part)
{
    char   *rest = text, *name = strsep(&rest, ":"), *prime = strsep(&rest, ":");
    char   *fraction = strsep(&rest, ":"), *seed = strsep(&rest, ":");
    int64_t number = part->data_seed;
    if (!prime || rest)
        return gk_error("expected TASK:PRIME[:FRACTION[:SEED]], found '%s'", name);
    if (find_task(name, &part->task) < 0 || gk_parse_int(prime, &part->prime) < 0)
        return -1;
    if (fraction && gk_parse_real(fraction, &part->fraction) < 0)
        return -1;
    if (seed && gk_parse_int(seed, &number) < 0)
        return -1;
    if (part->prime < 2 || part->prime > GK_PRIME_MAX)
        return gk_error("prime %" PRId64 " is outside [2, %d]", part->prime, GK_PRIME_MAX);
    if (!(part->fraction > 0 && part->fraction < 1))
        return gk_error("fraction %g is outside (0, 1)", part->fraction);
    if (seed && number < 0)
        return gk_error("seed %" PRId64 " is negative", number);
    part->data_seed = number;
    return 0;
}

static int parse_list(const char *option, const char *list, const gk_data_args *args, gk_arena *arena, gk_data_args *part,
                      int *n_part)
{
    char *rest = list ? gk_arena_strdup(arena, list) : NULL;
    for (char *text; (text = strsep(&rest, "+")); ++*n_part) {
        if (*n_part == GK_MAX_PART)
            return gk_error("'--%s': more than %d tasks in one dataset", option, GK_MAX_PART);
        part[*n_part] = *args;
        part[*n_part].join = part[*n_part].also_eval = NULL;
        if (parse_part(text, &part[*n_part]) < 0)
            return gk_error_context("'--%s %s'", option, list);
    }
    return 0;
}

int gk_joint_parse(const gk_data_args *args, gk_arena *arena, gk_data_args part[GK_MAX_PART], int *n_trained)
{
    int     n = 1;
    int64_t largest = args->prime;
    part[0] = *args;
    part[0].join = part[0].also_eval = NULL;
    if (parse_list("join", args->join, args, arena, part, &n) < 0)
        return -1;
    *n_trained = n;
    if (parse_list("also-eval", args->also_eval, args, arena, part, &n) < 0)
        return -1;
    for (int i = 0; i < n; i++)
        largest = part[i].prime > largest ? part[i].prime : largest;
    for (int i = 0; i < n && args->vocab_prime == 0; i++)
        part[i].vocab_prime = largest;
    return n;
}

const char *gk_dataset_tasks(const gk_data_args *args, bool with_seed, gk_arena *arena)
{
    gk_data_args part[GK_MAX_PART];
    int          n_trained;
    const char  *text = "";
    if (args->data_file) {
        gk_error("'%s' is a file: it has no task to name", args->data_file);
        return NULL;
    }
    if (gk_joint_parse(args, arena, part, &n_trained) < 0)
        return NULL;
    for (int i = 0; i < n_trained; i++) {
        int64_t seed = part[i].data_seed >= 0 ? part[i].data_seed : part[i].seed;
        text = gk_arena_printf(arena, "%s%s%s:%" PRId64 ":%.15g", text, *text ? "+" : "", gk_task_names[part[i].task],
                               part[i].prime, part[i].fraction);
        if (with_seed || (i > 0 && part[i].data_seed >= 0))
            text = gk_arena_printf(arena, "%s:%" PRId64, text, seed);
    }
    return text;
}

/* --- building ------------------------------------------------------------------------------------------------------------- */

/* Tokens of an item that are not operands say which task it is: two tasks must differ there. */
static bool same_signs(const gk_dataset *a, const gk_dataset *b, int n_number)
{
    for (int t = 0; t < a->n_token; t++)
        if (a->token[t] != b->token[t] && (a->token[t] >= n_number || b->token[t] >= n_number))
            return false;
    return true;
}

static int check_parts(const gk_data_args *args, gk_dataset *const *part, int n, int n_trained)
{
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            bool same_task = strcmp(part[i]->task, part[j]->task) == 0;
            if (same_task && (i < n_trained) != (j < n_trained))
                continue;    /* another set of items of a task that is learnt */
            if (!same_task && same_signs(part[i], part[j], (int)args->vocab_prime))
                return gk_error("'%s' and '%s' would ask for different answers to the same tokens: use --sequence op-mod, which "
                                "tells operators and up to two moduli apart", part[j]->task, part[i]->task);
            if (same_task)
                return gk_error("'%s' is there twice", part[i]->task);
        }
    return 0;
}

/* Names of the signs: a modulus that only one of the tasks knows takes the place of "mod P2". */
static void merge_vocabulary(gk_dataset *joint, const gk_dataset *part)
{
    for (int i = 0; i < joint->n_vocab; i++)
        if (strcmp(joint->vocab[i], "mod P2") == 0)
            joint->vocab[i] = gk_arena_strdup(&joint->arena, part->vocab[i]);
}

static void append(gk_dataset *joint, const gk_dataset *part, int group)
{
    size_t  n = (size_t)part->n_item, n_token = (size_t)part->n_token;
    memcpy(joint->token + joint->n_item * part->n_token, part->token, n * n_token * sizeof *part->token);
    memcpy(joint->label + joint->n_item, part->label, n * sizeof *part->label);
    for (size_t i = 0; i < n; i++)
        joint->group[(size_t)joint->n_item + i] = group;
    joint->n_item += part->n_item;
    joint->n_answer = part->n_answer > joint->n_answer ? part->n_answer : joint->n_answer;
    joint->group_name[group] = gk_arena_printf(&joint->arena, "p%d", group + 1);
    joint->group_task[group] = gk_arena_strdup(&joint->arena, part->task);
    joint->task = group == 0 ? joint->group_task[0] : gk_arena_printf(&joint->arena, "%s + %s", joint->task, part->task);
}

static void concatenate(gk_dataset *joint, gk_dataset *const *part, int n)
{
    gk_arena *arena = &joint->arena;
    size_t    n_item = 0, n_vocab = (size_t)part[0]->n_vocab;
    for (int i = 0; i < n; i++)
        n_item += (size_t)part[i]->n_item;
    joint->n_token = part[0]->n_token;
    joint->n_vocab = part[0]->n_vocab;
    joint->token = gk_arena_alloc(arena, n_item * (size_t)joint->n_token * sizeof *joint->token);
    joint->label = gk_arena_alloc(arena, n_item * sizeof *joint->label);
    joint->group = gk_arena_alloc(arena, n_item * sizeof *joint->group);
    joint->vocab = gk_arena_alloc(arena, n_vocab * sizeof *joint->vocab);
    joint->group_name = gk_arena_alloc(arena, (size_t)n * sizeof *joint->group_name);
    joint->group_task = gk_arena_alloc(arena, (size_t)n * sizeof *joint->group_task);
    for (size_t i = 0; i < n_vocab; i++)
        joint->vocab[i] = gk_arena_strdup(arena, part[0]->vocab[i]);
    joint->n_group = n;
    for (int i = 0; i < n; i++) {
        merge_vocabulary(joint, part[i]);
        append(joint, part[i], i);
    }
}

int gk_joint_build(gk_dataset *joint, const gk_data_args *args)
{
    gk_data_args part[GK_MAX_PART];
    gk_dataset  *built[GK_MAX_PART] = { NULL };
    gk_arena     scratch = { 0 };
    int n_built = 0, status = -1, n = gk_joint_parse(args, &scratch, part, &joint->n_trained_group);
    while (n_built < n && (built[n_built] = gk_dataset_new(&part[n_built])))
        n_built++;
    if (n > 0 && n_built == n) {
        for (int i = 0; i < n && status != 0; i++)
            if (built[i]->n_vocab != built[0]->n_vocab || built[i]->n_token != built[0]->n_token) {
                gk_error("'%s' and '%s' have no common vocabulary", built[0]->task, built[i]->task);
                goto done;
            }
        status = check_parts(&part[0], built, n, joint->n_trained_group);
    }
    if (status == 0)
        concatenate(joint, built, n);
done:
    for (int i = 0; i < n_built; i++)
        gk_dataset_free(built[i]);
    gk_arena_release(&scratch);
    return status;
}

/* --- twins ---------------------------------------------------------------------------------------------------------------- */

/* Is token position t an operand of this group's items, which begin at `first` and end before `end`? */
static bool is_operand(const gk_dataset *dataset, int64_t first, int64_t end, int t)
{
    return dataset->token[first * dataset->n_token + t] != dataset->token[(end - 1) * dataset->n_token + t];
}

int64_t gk_dataset_twin(const gk_dataset *dataset, int64_t item, int group)
{
    int64_t first = 0, end;
    while (first < dataset->n_item && dataset->group[first] != group)
        first++;
    for (end = first; end < dataset->n_item && dataset->group[end] == group;)
        end++;
    for (int64_t twin = first; twin < end; twin++) {
        bool same = true;
        for (int t = 0; same && t < dataset->n_token; t++)
            same = !is_operand(dataset, first, end, t) ||
                   dataset->token[twin * dataset->n_token + t] == dataset->token[item * dataset->n_token + t];
        if (same)
            return twin;
    }
    return -1;
}
