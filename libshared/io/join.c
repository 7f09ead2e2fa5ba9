/* join.c -- see join.h. */
#include "io/join.h"

#include <stdlib.h>
#include <string.h>

/* --- memory ---------------------------------------------------------------------------------------------------------- */

typedef struct gk_join_block { void *data; gk_history *history; struct gk_join_block *next; } gk_join_block;

static void keep(gk_join_memory *memory, void *data, gk_history *history)
{
    gk_join_block *block = gk_arena_alloc(&memory->arena, sizeof *block);
    *block = (gk_join_block){ data, history, memory->blocks };
    memory->blocks = block;
}

static void *keep_large(gk_join_memory *memory, int64_t n, size_t n_bytes, const char *what)
{
    void *data = gk_alloc_large((size_t)n * n_bytes, what);
    if (data)
        keep(memory, data, NULL);
    return data;
}

void gk_join_release(gk_join_memory *memory)
{
    for (gk_join_block *block = memory->blocks; block; block = block->next) {
        free(block->data);
        gk_history_free(block->history);
    }
    gk_arena_release(&memory->arena);
    *memory = (gk_join_memory){ 0 };
}

/* --- are they alike? -------------------------------------------------------------------------------------------------- */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_params(const gk_group *a, const gk_group *b)
{
    if (a->real != b->real || a->n_param != b->n_param || a->n_real != b->n_real || !a->model != !b->model)
        return false;
    for (int i = 0; i < a->n_param; i++) {
        const gk_param_info *x = &a->param[i], *y = &b->param[i];
        if (!same_text(x->name, y->name) || !same_text(x->axes, y->axes) || !same_text(x->init, y->init) ||
            x->n_dim != y->n_dim || memcmp(x->dim, y->dim, (size_t)x->n_dim * sizeof *x->dim) != 0 ||
            x->trainable != y->trainable || x->offset != y->offset)
            return false;
    }
    return true;
}

static bool same_columns(const gk_group *a, const gk_group *b)
{
    if (a->n_run_column != b->n_run_column)
        return false;
    for (int i = 0; i < a->n_run_column; i++) {
        const gk_h5_column *x = &a->run_column[i], *y = &b->run_column[i];
        if (!same_text(x->name, y->name) || !x->text != !y->text || (!x->text && x->type != y->type))
            return false;
    }
    return true;
}

static bool same_history(const gk_history *a, const gk_history *b)
{
    if (!a || !b)
        return a == b;
    if (a->n_metric != b->n_metric)
        return false;
    for (int i = 0; i < a->n_metric; i++)
        if (strcmp(a->name[i], b->name[i]) != 0)
            return false;
    return true;
}

bool gk_groups_alike(const gk_group *a, const gk_group *b)
{
    if (a->n_result_column > 0 || b->n_result_column > 0 || a->n_slot != b->n_slot || a->n_item != b->n_item ||
        !same_text(a->task, b->task) || !same_text(a->data_sha256, b->data_sha256) || !a->train != !b->train ||
        !a->test != !b->test || !a->n_snapshot != !b->n_snapshot)
        return false;
    for (int i = 0; i < a->n_slot; i++)
        if (strcmp(a->slot[i].name, b->slot[i].name) != 0 || a->slot[i].depth != b->slot[i].depth)
            return false;
    return same_params(a, b) && same_columns(a, b) && same_history(a->history, b->history);
}

/* The parameters of a replica that has ended are its snapshots from then on. */
bool gk_join_fits(const gk_group *group, int64_t step)
{
    if (group->step == step)
        return true;
    if (group->n_snapshot > 0 && !group->model)
        return false;
    for (int64_t r = 0; r < group->n_replica; r++)
        if (group->status[r] == GK_RUNNING || group->status[r] == GK_FINISHED)
            return false;
    return true;
}

/* --- joining ----------------------------------------------------------------------------------------------------------- */

/* Where a replica is from. */
typedef struct place { int64_t number; int part; int64_t replica; } place;

typedef struct joining {
    gk_join_memory     *memory;
    int                 n_part;
    const gk_join_part *part;
    const place        *from;     /* [out->n_replica] */
    int64_t             n_row;    /* replicas of all parts, with those that are left out */
    gk_group           *out;
} joining;

static int by_number(const void *a, const void *b)
{
    const place *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static const gk_group *group_of(const joining *j, int64_t replica)
{
    return j->part[j->from[replica].part].group;
}

/* The rows of one array of all parts, each [R, n_bytes], in the new order. */
static void *rows(const joining *j, size_t n_bytes, const void *(*array)(const gk_group *group, int64_t which), int64_t which)
{
    char *out = keep_large(j->memory, j->out->n_replica, n_bytes, "the joined runs");
    for (int64_t r = 0; out && r < j->out->n_replica; r++) {
        const char *from = array(group_of(j, r), which);
        memcpy(out + (size_t)r * n_bytes, from + (size_t)j->from[r].replica * n_bytes, n_bytes);
    }
    return out;
}

static const void *steps_of(const gk_group *group, int64_t which) { (void)which; return group->replica_step; }
static const void *status_of(const gk_group *group, int64_t which) { (void)which; return group->status; }
static const void *model_of(const gk_group *group, int64_t which) { (void)which; return group->model; }
static const void *slot_of(const gk_group *group, int64_t which) { return group->slot[which].data; }
static const void *column_of(const gk_group *group, int64_t which) { return group->run_column[which].data; }
static const void *text_of(const gk_group *group, int64_t which) { return group->run_column[which].text; }
static const void *result_of(const gk_group *group, int64_t which) { return group->result_column[which].data; }

static const void *snapshot_of(const gk_group *group, int64_t step)
{
    for (int64_t i = group->n_snapshot - 1; i >= 0; i--)
        if (group->snapshot_step[i] == step)
            return group->snapshot[i];
    return group->model;
}

static int join_columns(const joining *j)
{
    gk_group *out = j->out;
    const gk_h5_column *column = out->run_column;
    out->run_column = gk_arena_alloc(&j->memory->arena, (size_t)out->n_run_column * sizeof *out->run_column);
    for (int i = 0; i < out->n_run_column; i++) {
        out->run_column[i] = column[i];
        if (column[i].text && !(out->run_column[i].text = rows(j, sizeof(char *), text_of, i)))
            return -1;
        if (!column[i].text && !(out->run_column[i].data = rows(j, sizeof(int64_t), column_of, i)))    /* int64 or float64 */
            return -1;
    }
    const gk_h5_column *result = out->result_column;
    out->result_column = gk_arena_alloc(&j->memory->arena, ((size_t)out->n_result_column + 1) * sizeof *out->result_column);
    for (int i = 0; i < out->n_result_column; i++) {
        out->result_column[i] = result[i];
        if (!(out->result_column[i].data = rows(j, sizeof(int64_t), result_of, i)))
            return -1;
    }
    return 0;
}

static int join_arrays(const joining *j)
{
    gk_group *out = j->out;
    size_t    bytes = (size_t)out->n_real * gk_dtype_size(out->real);
    const gk_slot *slot = out->slot;
    if (!(out->replica_step = rows(j, sizeof *out->replica_step, steps_of, 0)) ||
        !(out->status = rows(j, sizeof *out->status, status_of, 0)) ||
        (out->model && !(out->model = rows(j, bytes, model_of, 0))))
        return -1;
    out->slot = gk_arena_alloc(&j->memory->arena, ((size_t)out->n_slot + 1) * sizeof *out->slot);
    for (int i = 0; i < out->n_slot; i++) {
        out->slot[i] = slot[i];
        if (!(out->slot[i].data = rows(j, bytes * (size_t)slot[i].depth, slot_of, i)))
            return -1;
    }
    return 0;
}

static int by_step(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* All steps of all parts until the last replica that is taken has ended, each once; NULL with gk_error. */
static int64_t *unite_steps(const joining *j, bool snapshots, int64_t *n_step)
{
    int64_t n = 0, n_all = 0;
    for (int p = 0; p < j->n_part; p++) {
        const gk_group *group = j->part[p].group;
        n_all += snapshots ? group->n_snapshot : group->history->n_record;
    }
    int64_t *step = keep_large(j->memory, n_all, sizeof *step, "the joined steps");
    for (int p = 0; step && p < j->n_part; p++) {
        const gk_group *group = j->part[p].group;
        int64_t here = snapshots ? group->n_snapshot : group->history->n_record;
        if (here > 0)
            memcpy(step + n, snapshots ? group->snapshot_step : group->history->step, (size_t)here * sizeof *step);
        n += here;
    }
    if (!step)
        return NULL;
    qsort(step, (size_t)n, sizeof *step, by_step);
    *n_step = 0;
    for (int64_t i = 0; i < n && step[i] <= j->out->step; i++)
        if (*n_step == 0 || step[*n_step - 1] != step[i])
            step[(*n_step)++] = step[i];
    return step;
}

static int join_snapshots(const joining *j)
{
    gk_group *out = j->out;
    if (out->n_snapshot == 0)
        return 0;
    if (!(out->snapshot_step = unite_steps(j, true, &out->n_snapshot)))
        return -1;
    out->snapshot = gk_arena_alloc(&j->memory->arena, (size_t)out->n_snapshot * sizeof *out->snapshot);
    for (int64_t i = 0; i < out->n_snapshot; i++)
        if (!(out->snapshot[i] = rows(j, (size_t)out->n_real * gk_dtype_size(out->real), snapshot_of, out->snapshot_step[i])))
            return -1;
    return 0;
}

/* The records of one part to their places among all; where[r]: replica of the whole, -1: none. */
static void place_records(gk_history *out, gk_history *from, const int64_t *where)
{
    int64_t record = 0;
    int64_t last = out->n_record > 0 ? out->step[out->n_record - 1] : -1;
    for (int64_t i = 0; i < from->n_record && from->step[i] <= last; i++, record++) {
        while (out->step[record] != from->step[i])
            record++;
        for (int m = 0; m < out->n_metric; m++) {
            const double *values = gk_history_at(from, m, i);
            double       *to = gk_history_at(out, m, record);
            for (int64_t r = 0; r < from->n_replica; r++)
                if (where[r] >= 0)
                    to[where[r]] = values[r];
        }
    }
}

static int join_history(const joining *j)
{
    const gk_history *like = j->out->history;
    int64_t n_record, *step = like ? unite_steps(j, false, &n_record) : NULL;
    if (!like)
        return 0;
    gk_history *history = step ? gk_history_new(j->out->n_replica, like->n_metric, (const char *const *)like->name) : NULL;
    if (!history)
        return -1;
    keep(j->memory, NULL, history);
    j->out->history = history;
    if (gk_history_reserve(history, n_record) < 0)
        return -1;
    for (int64_t i = 0; i < n_record; i++)
        if (gk_history_append(history, step[i]) < 0)
            return -1;
    /* where the replicas of each part are: begin[part] + replica */
    int64_t *begin = gk_arena_alloc(&j->memory->arena, (size_t)j->n_part * sizeof *begin), n = 0;
    int64_t *where = keep_large(j->memory, j->n_row, sizeof *where, "the joined runs");
    for (int64_t i = 0; where && i < j->n_row; i++)
        where[i] = -1;
    for (int p = 0; p < j->n_part; n += j->part[p++].group->n_replica)
        begin[p] = n;
    for (int64_t r = 0; where && r < j->out->n_replica; r++)
        where[begin[j->from[r].part] + j->from[r].replica] = r;
    for (int p = 0; where && p < j->n_part; p++)
        place_records(history, j->part[p].group->history, where + begin[p]);
    return where ? 0 : -1;
}

/* A replica's items of one side, and how many they are. */
static const int32_t *items_of(const joining *j, int64_t replica, bool is_train, int64_t *n)
{
    const gk_group *group = group_of(j, replica);
    int64_t        n_max = is_train ? group->n_train_max : group->n_test_max;
    int64_t        row = group->n_split == 1 ? 0 : j->from[replica].replica;
    const int32_t *items = is_train ? group->train : group->test;
    for (*n = 0; items && *n < n_max && items[row * n_max + *n] >= 0;)
        ++*n;
    return items ? items + row * n_max : NULL;
}

/* Has every replica the items of the first?  *n_max: the most that one has. */
static bool is_shared(const joining *j, bool is_train, int64_t *n_max)
{
    int64_t        n_first, n;
    const int32_t *first = items_of(j, 0, is_train, &n_first);
    bool           all = true;
    *n_max = n_first;
    for (int64_t r = 1; first && r < j->out->n_replica; r++) {
        const int32_t *items = items_of(j, r, is_train, &n);
        all &= n == n_first && memcmp(items, first, (size_t)n * sizeof *items) == 0;
        *n_max = n > *n_max ? n : *n_max;
    }
    return all;
}

/* One side of the splits: a row each, or one for all if all replicas have the same one. */
static int join_items(const joining *j, bool is_train, int64_t n_split, int64_t n_max, int32_t **items)
{
    if (!*items)
        return 0;
    if (!(*items = keep_large(j->memory, n_split * n_max, sizeof **items, "the joined splits")))
        return -1;
    memset(*items, 0xff, (size_t)(n_split * n_max) * sizeof **items);
    for (int64_t r = 0; r < n_split; r++) {
        int64_t        n;
        const int32_t *row = items_of(j, r, is_train, &n);
        memcpy(*items + r * n_max, row, (size_t)n * sizeof **items);
    }
    return 0;
}

static int join_splits(const joining *j)
{
    gk_group *out = j->out;
    int64_t   n_train_max, n_test_max;
    bool      one_train = is_shared(j, true, &n_train_max), one_test = is_shared(j, false, &n_test_max);
    if (!out->train && !out->test)
        return 0;
    out->n_split = one_train && one_test ? 1 : out->n_replica;
    out->n_train_max = n_train_max;
    out->n_test_max = n_test_max;
    return join_items(j, true, out->n_split, out->n_train_max, &out->train) < 0 ||
           join_items(j, false, out->n_split, out->n_test_max, &out->test) < 0 ? -1 : 0;
}

/* Which replicas are taken, in the order of their numbers; -1 with gk_error. */
static int choose_rows(joining *j)
{
    gk_group *out = j->out;
    place    *from = keep_large(j->memory, j->n_row, sizeof *from, "the joined runs");
    int64_t   n = 0, last = 0, step = 0;
    for (int p = 0; from && p < j->n_part; p++) {
        const gk_group *group = j->part[p].group;
        step = group->step > step ? group->step : step;
        for (int64_t r = 0; r < group->n_replica; r++) {
            if (j->part[p].number[r] < 0)
                continue;
            from[n++] = (place){ j->part[p].number[r], p, r };
            last = group->replica_step[r] > last ? group->replica_step[r] : last;
        }
    }
    if (!from)
        return -1;
    gk_assert(n > 0);
    qsort(from, (size_t)n, sizeof *from, by_number);
    j->from = from;
    out->n_replica = n;
    out->step = n < j->n_row ? last : step;    /* others may have trained longer */
    return 0;
}

int gk_groups_join(gk_join_memory *memory, int n_part, const gk_join_part *part, gk_group *out)
{
    joining j = { .memory = memory, .n_part = n_part, .part = part, .out = out };
    *out = *part[0].group;
    for (int p = 0; p < n_part; p++)
        j.n_row += part[p].group->n_replica;
    return choose_rows(&j) < 0 || join_columns(&j) < 0 || join_arrays(&j) < 0 || join_snapshots(&j) < 0 ||
           join_history(&j) < 0 || join_splits(&j) < 0 ? -1 : 0;
}
