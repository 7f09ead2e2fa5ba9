/* pairs.c -- items of tasks with two operands or more: all pairs (a, b) as sequences of tokens (experiments: OMNI, EFF, KD). */
#include <inttypes.h>
#include "data/build.h"

enum { TOKEN_A = -1, TOKEN_B = -2, MAX_TOKEN = GK_OPERANDS_MAX + 1 };    /* further operands: -3, ... */

/* The tokens of an item, with TOKEN_A, TOKEN_B, ... in place of the operands, and the size of the vocabulary. */
typedef struct pattern {
    int     n_token, n_vocab;
    int32_t token[MAX_TOKEN];
} pattern;

/* [a, b, c, ..., =], or without the sign. */
static pattern pattern_of_many(gk_sequence sequence, const gk_pair_task *task)
{
    const int n_sign = sequence == GK_SEQ_EQ;
    pattern   many = { task->n_operand + n_sign, (int)task->n_shared + n_sign, { 0 } };
    for (int i = 0; i < task->n_operand; i++)
        many.token[i] = -1 - i;
    if (n_sign)
        many.token[task->n_operand] = (int32_t)task->n_shared;
    return many;
}

static pattern pattern_of(gk_sequence sequence, const gk_pair_task *task)
{
    const int32_t n = (int32_t)task->n_shared;
    const int32_t op = n + (task->symbol[0] == '-' && task->symbol[1] == '\0');
    const int32_t mod = task->modulus == n ? n + 2 : n + 3;
    if (task->n_operand > 2)
        return pattern_of_many(sequence, task);
    switch (sequence) {
    case GK_SEQ_OP_EQ:  return (pattern){ 4, n + 2, { TOKEN_A, n, TOKEN_B, n + 1 } };
    case GK_SEQ_OP_MOD: return (pattern){ 4, n + 4, { TOKEN_A, TOKEN_B, op, mod } };
    case GK_SEQ_PAIR:   return (pattern){ 2, n, { TOKEN_A, TOKEN_B } };
    case GK_SEQ_EQ:     break;
    }
    return (pattern){ 3, n + 1, { TOKEN_A, TOKEN_B, n } };
}

static void name_vocabulary(gk_dataset *dataset, gk_sequence sequence, const gk_pair_task *task)
{
    gk_arena *arena = &dataset->arena;
    const int64_t n = task->n_shared;
    const char **vocab = gk_arena_alloc(arena, (size_t)dataset->n_vocab * sizeof *vocab);

    for (int64_t i = 0; i < n; i++)
        vocab[i] = task->number_name && i < task->n_number ? gk_arena_strdup(arena, task->number_name[i])
                                                           : gk_arena_printf(arena, "%" PRId64, i);
    if (sequence == GK_SEQ_EQ) {
        vocab[n] = "=";
    } else if (sequence == GK_SEQ_OP_EQ) {
        vocab[n] = task->symbol;
        vocab[n + 1] = "=";
    } else if (sequence == GK_SEQ_OP_MOD) {
        vocab[n] = task->symbol[0] == '-' ? "+" : task->symbol;
        vocab[n + 1] = "-";
        vocab[n + 2] = gk_arena_printf(arena, "mod %" PRId64, n);
        vocab[n + 3] = task->modulus < n ? gk_arena_printf(arena, "mod %" PRId64, task->modulus) : "mod P2";
    }
    dataset->vocab = vocab;
}

/* The item of these operands behind the others; an answer below 0: none. */
static void append(gk_dataset *dataset, const pattern *shape, const int64_t *operand, int32_t answer)
{
    if (answer < 0)
        return;
    int32_t *token = dataset->token + dataset->n_item * shape->n_token;
    for (int i = 0; i < shape->n_token; i++)
        token[i] = shape->token[i] < 0 ? (int32_t)operand[-1 - shape->token[i]] : shape->token[i];
    dataset->label[dataset->n_item++] = answer;
}

static void append_pairs(gk_dataset *dataset, const pattern *shape, const gk_pair_task *task)
{
    for (int64_t a = 0; a < task->n_number; a++)
        for (int64_t b = task->first_b; b < task->n_number; b++)
            append(dataset, shape, (int64_t[GK_OPERANDS_MAX]){ a, b }, task->answer(task->context, a, b));
}

static void append_table(gk_dataset *dataset, const pattern *shape, const gk_pair_task *task, int64_t n_most)
{
    for (int64_t i = 0; i < n_most; i++) {
        int64_t operand[GK_OPERANDS_MAX] = { 0 }, rest = i;
        for (int k = task->n_operand - 1; k >= 0; k--, rest /= task->n_number)
            operand[k] = rest % task->n_number;
        append(dataset, shape, operand, task->table[i]);
    }
}

int gk_pairs_shared(const gk_data_args *args, int64_t *n_shared)
{
    const int64_t p = args->prime, n = args->vocab_prime ? args->vocab_prime : p;
    *n_shared = n;
    if (n < p || n > GK_VOCAB_MAX)
        return gk_usage_error("vocab-prime %" PRId64 " is outside [%" PRId64 ", %d]: the vocabulary must hold all numbers "
                              "below the prime", n, p, GK_VOCAB_MAX);
    return 0;
}

int gk_pairs_build(gk_dataset *dataset, const gk_data_args *args, const gk_pair_task *given)
{
    gk_pair_task with_default = *given, *task = &with_default;
    if (task->n_operand == 0)
        task->n_operand = 2;
    if (args->sequence < GK_SEQ_EQ || args->sequence > GK_SEQ_PAIR)
        return gk_error("sequence %d is not one of 0..%d", args->sequence, (int)GK_SEQ_PAIR);
    if (args->sequence == GK_SEQ_OP_MOD && task->modulus == 0)
        return gk_usage_error("sequence 'op-mod' needs a task with a modulus, but task is '%s'", gk_task_name(args));
    if (task->n_operand > 2 && args->sequence != GK_SEQ_EQ && args->sequence != GK_SEQ_PAIR)
        return gk_usage_error("sequence '%s' is for two operands, '%s' has %d: take eq or pair",
                              gk_sequence_names[args->sequence], dataset->task, task->n_operand);

    const pattern shape = pattern_of((gk_sequence)args->sequence, task);
    int64_t n_most = 1;
    for (int i = 0; i < task->n_operand; i++)
        n_most *= task->n_number;
    dataset->n_token = shape.n_token;
    dataset->n_vocab = shape.n_vocab;
    dataset->n_answer = (int)task->n_number;
    dataset->token = gk_arena_alloc(&dataset->arena, (size_t)n_most * (size_t)shape.n_token * sizeof *dataset->token);
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)n_most * sizeof *dataset->label);
    if (task->table)
        append_table(dataset, &shape, task, n_most);
    else
        append_pairs(dataset, &shape, task);
    name_vocabulary(dataset, (gk_sequence)args->sequence, task);
    return 0;
}
