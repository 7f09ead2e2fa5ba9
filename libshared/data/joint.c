/* joint.c -- several tasks in one dataset: learnt together (join), or looked at beside (also_eval).
 *
 * The items of all tasks stand one after another, each task a group, in one shared vocabulary.  Each task has its own fraction
 * and draws its own split, just as if it stood alone. */
#include <inttypes.h>
#include <string.h>
#include "base/names.h"
#include "base/options.h"
#include "data/build.h"

static int find_task(const char *name, int *task)
{
    *task = gk_task_find(name);
    if (*task >= 0)
        return 0;
    gk_names names = { 0 };
    for (int i = 0; gk_task_names[i]; i++)
        gk_names_add(&names, gk_task_names[i]);
    const char *nearest = gk_names_nearest(&names, name);
    if (nearest)
        gk_usage_error("there is no task '%s' (did you mean '%s'?)", name, nearest);
    else
        gk_usage_error("there is no task '%s' ('grok-data --task help' lists them)", name);
    gk_names_release(&names);
    return -1;
}

static int parse_fraction(const char *text, double *fraction)
{
    if (gk_parse_real(text, fraction) < 0)
        return gk_error_context("fraction");
    return *fraction > 0 && *fraction < 1 ? 0 : gk_usage_error("fraction %s is outside (0, 1)", text);
}

static int parse_whole(const char *what, const char *text, int64_t least, int64_t most, int64_t *number)
{
    if (gk_parse_int(text, number) < 0)
        return gk_error_context("%s", what);
    if (*number < least || *number > most)
        return gk_usage_error("%s %s is outside [%" PRId64 ", %" PRId64 "]", what, text, least, most);
    return 0;
}

/* "add:97:0.2:3" over the arguments of the main task. */
static int parse_part(const char *text, gk_arena *arena, gk_data_args *part)
{
    enum { TASK, PRIME, FRACTION, SEED, N_WORD };
    char *word[N_WORD] = { NULL }, *rest = gk_arena_strdup(arena, text);
    for (int i = 0; i < N_WORD && rest; i++)
        word[i] = strsep(&rest, ":");
    if (!word[PRIME] || rest)
        return gk_usage_error("expected TASK:PRIME[:FRACTION[:SEED]], found '%s'", text);
    if (find_task(word[TASK], &part->task) < 0 || parse_whole("prime", word[PRIME], 2, GK_PRIME_MAX, &part->prime) < 0)
        return -1;
    if (word[FRACTION] && parse_fraction(word[FRACTION], &part->fraction) < 0)
        return -1;
    return word[SEED] ? parse_whole("seed", word[SEED], 0, GK_SEED_MAX, &part->data_seed) : 0;
}

/* Cut the first task off a list, at the first '+' behind a ':': the name of a task may contain '+'. */
static char *next_part(char **rest)
{
    char *text = *rest, *colon = text ? strchr(text, ':') : NULL;
    *rest = colon ? strchr(colon, '+') : NULL;
    if (*rest)
        *(*rest)++ = '\0';
    return text;
}

static int parse_list(const char *option, const char *list, const gk_data_args *args, gk_arena *arena, gk_data_args *part,
                      int *n_part)
{
    char *rest = list ? gk_arena_strdup(arena, list) : NULL;
    for (char *text; (text = next_part(&rest)); ++*n_part) {
        if (*n_part == GK_MAX_PART)
            return gk_usage_error("'--%s': more than %d tasks in one dataset", option, GK_MAX_PART);
        part[*n_part] = *args;
        part[*n_part].join = part[*n_part].also_eval = NULL;
        if (parse_part(text, arena, &part[*n_part]) < 0)
            return gk_error_context("'--%s %s'", option, list);
    }
    return 0;
}

static int check_has_prime(const gk_data_args *part)
{
    if (gk_task_has(part->task, GK_TASK_JOINS))
        return 0;
    return gk_usage_error("task '%s' is not arithmetic modulo a prime, so it cannot stand beside other tasks",
                          gk_task_name(part));
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
    for (int i = 0; i < n; i++) {
        if (check_has_prime(&part[i]) < 0)
            return -1;
        largest = part[i].prime > largest ? part[i].prime : largest;
    }
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
        gk_usage_error("'%s' is a file: it has no task to name", args->data_file);
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

/* Tokens of an item that are not operands (they are n_number or more) say which task it is. */
static bool same_signs(const gk_dataset *a, const gk_dataset *b, int n_number)
{
    for (int t = 0; t < a->n_token; t++)
        if (a->token[t] != b->token[t] && (a->token[t] >= n_number || b->token[t] >= n_number))
            return false;
    return true;
}

/* One token can only mean one operator or modulus. */
static int check_meanings(const gk_dataset *a, const gk_dataset *b, int n_number)
{
    for (int t = 0; t < a->n_token; t++) {
        int32_t sign = a->token[t];
        if (sign >= n_number && sign == b->token[t] && strcmp(a->vocab[sign], b->vocab[sign]) != 0)
            return gk_usage_error("'%s' and '%s' have one token for both '%s' and '%s': sequence op-mod has a token for '-' and "
                                  "one for another operator, one for the modulus that is vocab-prime (%d) and one for another "
                                  "modulus", a->task, b->task, a->vocab[sign], b->vocab[sign], n_number);
    }
    return 0;
}

static int check_parts(const gk_data_args *args, gk_dataset *const *part, int n, int n_trained)
{
    const int n_number = (int)args->vocab_prime;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < i; j++) {
            bool same_items = strcmp(part[i]->sha256, part[j]->sha256) == 0;
            if (same_items && (i < n_trained) != (j < n_trained))
                continue;    /* another split of a task that is learnt */
            if (same_items)
                return gk_usage_error("'%s' is there twice", part[i]->task);
            if (check_meanings(part[j], part[i], n_number) < 0)
                return -1;
            if (same_signs(part[i], part[j], n_number))
                return gk_usage_error("'%s' and '%s' ask for different answers to the same tokens%s", part[j]->task,
                                      part[i]->task, strcmp(part[j]->task, part[i]->task) == 0
                                          ? ": their data seeds differ"
                                          : ": only --sequence op-mod (as of --preset kd) has tokens for operator and modulus");
        }
    return 0;
}

/* Names of operators and moduli: as in the task that uses them. */
static void merge_vocabulary(gk_dataset *joint, const gk_dataset *part, int n_number)
{
    for (int t = 0; t < part->n_token; t++)
        if (part->token[t] >= n_number)
            joint->vocab[part->token[t]] = gk_arena_strdup(&joint->arena, part->vocab[part->token[t]]);
}

static void append(gk_dataset *joint, const gk_dataset *part, int group)
{
    size_t n = (size_t)part->n_item, n_token = (size_t)part->n_token;
    memcpy(joint->token + joint->n_item * part->n_token, part->token, n * n_token * sizeof *part->token);
    memcpy(joint->label + joint->n_item, part->label, n * sizeof *part->label);
    for (size_t i = 0; i < n; i++)
        joint->group[(size_t)joint->n_item + i] = group;
    joint->n_item += part->n_item;
    joint->n_answer = part->n_answer > joint->n_answer ? part->n_answer : joint->n_answer;
    joint->group_name[group] = gk_arena_printf(&joint->arena, "p%d", group + 1);
    joint->group_task[group] = gk_arena_strdup(&joint->arena, part->task);
    if (group < joint->n_trained_group)
        joint->task = group == 0 ? joint->group_task[0] : gk_arena_printf(&joint->arena, "%s + %s", joint->task, part->task);
}

static void concatenate(gk_dataset *joint, gk_dataset *const *part, int n, int n_number)
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
        merge_vocabulary(joint, part[i], n_number);
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
    if (n_built < n)
        gk_error_context("%s:%" PRId64, gk_task_name(&part[n_built]), part[n_built].prime);
    else if (n > 0)
        status = check_parts(&part[0], built, n, joint->n_trained_group);
    if (status == 0)
        concatenate(joint, built, n, (int)part[0].vocab_prime);
    for (int i = 0; i < n_built; i++)
        gk_dataset_free(built[i]);
    gk_arena_release(&scratch);
    return status;
}

/* --- items by their operands ------------------------------------------------------------------------------------------------ */

/* The first item of `group`, or of a later group: the groups of a joint dataset ascend. */
static int64_t group_start(const gk_dataset *dataset, int group)
{
    int64_t low = 0, high = dataset->n_item;
    while (low < high) {
        int64_t middle = low + (high - low) / 2;
        if ((dataset->group ? dataset->group[middle] : 0) < group)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Where the second operand of an item stands; the first stands first.  0 if there is none.  Operands are below n_answer, all
 * signs above. */
static int second_operand(const gk_dataset *dataset, int64_t item)
{
    for (int t = 1; t < dataset->n_token; t++)
        if (dataset->token[item * dataset->n_token + t] < dataset->n_answer)
            return t;
    return 0;
}

int gk_dataset_n_operand(const gk_dataset *dataset)
{
    int n = 0;
    for (int t = 0; t < dataset->n_token; t++)
        n += dataset->token[t] < dataset->n_answer;
    return n;
}

int gk_operand_position(const gk_dataset *dataset, int which)
{
    const int at_b = dataset->n_token > 0 ? second_operand(dataset, 0) : 0;
    return at_b == 0 ? -1 : which == 0 ? 0 : at_b;
}

int64_t gk_dataset_item_of(const gk_dataset *dataset, int group, int64_t a, int64_t b)
{
    const int64_t first = group_start(dataset, group), end = group_start(dataset, group + 1);
    const int     n_token = dataset->n_token, at_b = first < end ? second_operand(dataset, first) : 0;
    int64_t       low = first, high = end;
    if (at_b == 0)
        return -1;
    while (low < high) {
        int64_t        middle = low + (high - low) / 2;
        const int32_t *token = dataset->token + middle * n_token;
        if (token[0] < a || (token[0] == a && token[at_b] < b))
            low = middle + 1;
        else
            high = middle;
    }
    const int32_t *token = dataset->token + low * n_token;
    return low < end && token[0] == a && token[at_b] == b ? low : -1;    /* a file may have its items in any order */
}

int64_t gk_dataset_twin(const gk_dataset *dataset, int64_t item, int group)
{
    const int32_t *token = dataset->token + item * dataset->n_token;
    const int      at_b = second_operand(dataset, item);
    return at_b ? gk_dataset_item_of(dataset, group, token[0], token[at_b]) : -1;
}
