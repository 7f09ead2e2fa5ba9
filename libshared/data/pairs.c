/* pairs.c -- items of tasks with two operands: all pairs (a, b) as sequences of tokens (experiments: OMNI, EFF, KD). */
#include <inttypes.h>
#include "data/build.h"

enum { TOKEN_A = -1, TOKEN_B = -2, MAX_TOKEN = 4 };

/* The tokens of an item, with TOKEN_A and TOKEN_B in place of the operands, and the size of the vocabulary. */
typedef struct pattern {
    int     n_token, n_vocab;
    int32_t token[MAX_TOKEN];
} pattern;

static pattern pattern_of(gk_sequence sequence, const gk_pair_task *task)
{
    const int32_t n = (int32_t)task->n_shared;
    const int32_t op = n + (task->symbol[0] == '-' && task->symbol[1] == '\0');
    const int32_t mod = task->modulus == n ? n + 2 : n + 3;
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

int gk_pairs_build(gk_dataset *dataset, const gk_data_args *args, const gk_pair_task *task)
{
    if (args->sequence < GK_SEQ_EQ || args->sequence > GK_SEQ_PAIR)
        return gk_error("sequence %d is not one of 0..%d", args->sequence, (int)GK_SEQ_PAIR);
    if (args->sequence == GK_SEQ_OP_MOD && task->modulus == 0)
        return gk_usage_error("sequence 'op-mod' needs a task with a modulus, but task is '%s'", gk_task_name(args));

    const pattern shape = pattern_of((gk_sequence)args->sequence, task);
    const int64_t n = task->n_number;
    dataset->n_item = n * (n - task->first_b);
    dataset->n_token = shape.n_token;
    dataset->n_vocab = shape.n_vocab;
    dataset->n_answer = (int)n;
    dataset->token = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * (size_t)shape.n_token * sizeof *dataset->token);
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *dataset->label);

    int32_t *token = dataset->token, *label = dataset->label;
    for (int64_t a = 0; a < n; a++) {
        for (int64_t b = task->first_b; b < n; b++) {
            for (int i = 0; i < shape.n_token; i++)
                *token++ = shape.token[i] == TOKEN_A ? (int32_t)a : shape.token[i] == TOKEN_B ? (int32_t)b : shape.token[i];
            *label++ = task->answer(task->context, a, b);
        }
    }
    name_vocabulary(dataset, (gk_sequence)args->sequence, task);
    return 0;
}
