/* trainer_rows.c -- the rows of every replica: splits, soft labels, what is rehearsed, and the sets that are evaluated. */
#include <stdlib.h>
#include <string.h>
#include "base/classes.h"
#include "base/rng.h"
#include "train/trainer_private.h"

enum { LABEL = 1 << GK_TERM_LABEL, TARGET = 1 << GK_TERM_TARGET };

static const gk_config *config_of(const gk_trainer *trainer, int64_t replica)
{
    return &trainer->plan->run[trainer->plan_group->run[replica]].config;
}

static const gk_dataset *dataset_of(const gk_trainer *trainer)
{
    return trainer->plan->dataset[trainer->plan_group->dataset];
}

static int group_of(const gk_dataset *dataset, int32_t item)
{
    return dataset->group ? dataset->group[item] : 0;
}

/* --- splits -------------------------------------------------------------------------------------------------------------- */

static bool same_split(const void *context, int64_t x, int64_t y)
{
    const gk_trainer *trainer = context;
    return gk_data_same_split(dataset_of(trainer), &config_of(trainer, x)->data, &config_of(trainer, y)->data);
}

/* The splits; replicas that differ in other things share them. */
static int make_splits(gk_trainer *trainer)
{
    int64_t    n = trainer->plan_group->n_replica;
    gk_classes classes = gk_classes_new(same_split, trainer);
    int        status = 0;
    trainer->split = gk_arena_alloc(&trainer->arena, (size_t)n * sizeof *trainer->split);
    trainer->split_of = gk_arena_alloc(&trainer->arena, (size_t)n * sizeof *trainer->split_of);

    for (int64_t replica = 0; replica < n && status == 0; replica++) {
        const gk_data_args *data = &config_of(trainer, replica)->data;
        int64_t first = gk_class_first(&classes, replica, gk_data_hash_split(dataset_of(trainer), data));
        if (first < replica) {
            trainer->split_of[replica] = trainer->split_of[first];
            continue;
        }
        trainer->split_of[replica] = trainer->n_split++;
        status = gk_dataset_split(dataset_of(trainer), data, &trainer->arena, &trainer->split[trainer->split_of[replica]]);
        if (status == 0 && gk_trainer_interrupted(trainer))
            status = GK_TRAINER_INTERRUPTED;
    }
    gk_classes_release(&classes);
    return status;
}

/* --- rows ---------------------------------------------------------------------------------------------------------------- */

/* Rows of one split: a group's stand together (first[group]; first[n_group] is the end), then what is rehearsed. */
typedef struct block_of_rows {
    gk_rows  rows;
    int64_t *first;                /* [n_group + 1] */
    int32_t *item, *label;         /* those of rows, to write */
    uint8_t *terms;
} block_of_rows;

static void rows_alloc(block_of_rows *to, gk_arena *arena, int64_t n, int n_group)
{
    to->item = gk_arena_alloc(arena, (size_t)n * sizeof *to->item);
    to->label = gk_arena_alloc(arena, (size_t)n * sizeof *to->label);
    to->first = gk_arena_alloc(arena, ((size_t)n_group + 1) * sizeof *to->first);
    to->rows = (gk_rows){ .item = to->item, .label = to->label };
}

static void add_row(block_of_rows *to, int32_t item, int32_t label)
{
    to->item[to->rows.n] = item;
    to->label[to->rows.n++] = label;
}

/* Items with their labels by group, and then in ascending order.  The order of rows has no meaning, but neighbours then share
 * their first operand, and a step is some percent faster (docs/engine.md).  place: [n_item] of -1, left so. */
static void sort_rows(block_of_rows *to, const gk_dataset *dataset, int64_t n, const int32_t *item, const int32_t *label,
                      int32_t *place)
{
    for (int64_t row = 0; row < n; row++)
        place[item[row]] = label ? label[row] : dataset->label[item[row]];
    for (int group = 0; group < dataset->n_group; group++) {
        to->first[group] = to->rows.n;
        for (int64_t i = 0; i < dataset->n_item; i++) {
            if (place[i] < 0 || group_of(dataset, (int32_t)i) != group)
                continue;
            add_row(to, (int32_t)i, place[i]);
            place[i] = -1;
        }
    }
    to->first[dataset->n_group] = to->rows.n;
}

/* The rows that old tasks are remembered by, behind the train rows (gk_remember). */
static void add_rehearsal(block_of_rows *to, const gk_dataset *dataset, const gk_config *config, const gk_split *split)
{
    for (int old = 0; gk_config_rehearses(config) && old < config->base.n_old; old++) {
        int group = dataset->n_trained_group + old;
        const gk_items *held = &split->held_train[group];
        for (int64_t i = 0; config->base.mode == GK_REMEMBER_REPLAY && i < held->n; i++)
            add_row(to, held->item[i], dataset->label[held->item[i]]);
        for (int64_t i = 0; config->base.mode == GK_REMEMBER_SWAP && i < split->n_train; i++) {
            int64_t twin = gk_dataset_twin(dataset, split->train[i], group);
            if (twin >= 0)
                add_row(to, (int32_t)twin, dataset->label[twin]);
        }
    }
}

/* What all replicas with one split share. */
typedef struct split_rows { block_of_rows train, test, *held; } split_rows;

static int rows_of_splits(gk_trainer *trainer, split_rows **rows)
{
    const gk_dataset *dataset = dataset_of(trainer);
    const gk_config  *config = config_of(trainer, 0);
    split_rows *all = gk_arena_alloc(&trainer->arena, (size_t)trainer->n_split * sizeof *all);
    gk_arena    scratch = { 0 };
    int32_t    *place = gk_arena_alloc(&scratch, (size_t)dataset->n_item * sizeof *place);
    int         status = 0;

    memset(place, -1, (size_t)dataset->n_item * sizeof *place);
    for (int64_t i = 0; i < trainer->n_split && status == 0; i++) {
        const gk_split *split = &trainer->split[i];
        int64_t n_most = split->n_train;
        if (gk_config_rehearses(config))
            n_most += dataset->n_item + config->base.n_old * split->n_train;
        rows_alloc(&all[i].train, &trainer->arena, n_most, dataset->n_group);
        rows_alloc(&all[i].test, &trainer->arena, split->n_test, dataset->n_group);
        sort_rows(&all[i].train, dataset, split->n_train, split->train, split->train_label, place);
        sort_rows(&all[i].test, dataset, split->n_test, split->test, NULL, place);
        add_rehearsal(&all[i].train, dataset, config, split);
        all[i].held = gk_arena_alloc(&trainer->arena, (size_t)dataset->n_group * sizeof *all[i].held);
        for (int group = dataset->n_trained_group; group < dataset->n_group; group++) {
            rows_alloc(&all[i].held[group], &trainer->arena, split->held_test[group].n, dataset->n_group);
            sort_rows(&all[i].held[group], dataset, split->held_test[group].n, split->held_test[group].item, NULL, place);
        }
        status = gk_trainer_interrupted(trainer) ? GK_TRAINER_INTERRUPTED : 0;
    }
    gk_arena_release(&scratch);
    *rows = all;
    return status;
}

/* --- soft labels ---------------------------------------------------------------------------------------------------------- */

/* Which terms of the loss each train row of a replica has, and which teacher it is taught by (-1: none). */
static void choose_terms(const gk_trainer *trainer, const gk_config *config, const int *teacher_of, block_of_rows *to,
                         int *teacher)
{
    const gk_dataset *dataset = dataset_of(trainer);
    int64_t n_learnt = to->first[dataset->n_group], n[GK_N_TERM] = { 0 };
    bool    rehearses = gk_config_rehearses(config);
    for (int64_t row = 0; row < to->rows.n; row++) {
        bool is_learnt = row < n_learnt;
        teacher[row] = rehearses ? (is_learnt ? -1 : 0) : teacher_of[group_of(dataset, to->item[row])];
        to->terms[row] = (uint8_t)((is_learnt ? LABEL : 0) | (teacher[row] >= 0 ? TARGET : 0));
        n[GK_TERM_LABEL] += is_learnt;
        n[GK_TERM_TARGET] += teacher[row] >= 0;
    }
    for (int term = 0; term < GK_N_TERM; term++)
        to->rows.term_scale[term] = n[term] > 0 ? (double)to->rows.n / (double)n[term] : 0;
    to->rows.terms = to->terms;
}

/* Do two replicas hear the same from the same teachers about the same rows? */
static bool same_lesson(const void *context, int64_t a, int64_t b)
{
    const gk_trainer  *trainer = context;
    const gk_teachers *teachers = trainer->plan->sources.teachers;
    const gk_config *x = config_of(trainer, a), *y = config_of(trainer, b);
    if (trainer->split_of[a] != trainer->split_of[b] || x->hyper.temperature != y->hyper.temperature)
        return false;
    for (int i = 0; i < teachers->n; i++)
        if (gk_source_replica(&teachers->source[i], x->teach.teacher_run, x->data.seed) !=
            gk_source_replica(&teachers->source[i], y->teach.teacher_run, y->data.seed))
            return false;
    return true;
}

static uint64_t hash_of_lesson(const gk_trainer *trainer, int64_t replica)
{
    const gk_teachers *teachers = trainer->plan->sources.teachers;
    const gk_config   *config = config_of(trainer, replica);
    uint64_t hash = gk_hash_real(gk_hash_whole(GK_HASH, trainer->split_of[replica]), config->hyper.temperature);
    for (int i = 0; i < teachers->n; i++)
        hash = gk_hash_whole(hash, gk_source_replica(&teachers->source[i], config->teach.teacher_run, config->data.seed));
    return hash;
}

/* The probabilities that the teachers give for a replica's train rows: [n][n_target_real], zeros where nobody teaches. */
static void *hear_teachers(gk_trainer *trainer, const gk_config *config, const gk_rows *rows, const int *teacher)
{
    const gk_teachers *teachers = trainer->plan->sources.teachers;
    const gk_dataset  *dataset = dataset_of(trainer);
    gk_model_data      data = gk_plan_model_data(trainer->plan, trainer->plan_group);
    gk_lesson lesson = { .dataset = dataset, .data = &data, .outputs = dataset->vocab, .rows = rows,
                         .n_out = gk_model_n_out(&trainer->plan_group->model, &data),
                         .temperature = config->hyper.temperature, .real = trainer->backend->real,
                         .device = trainer->device, .n_thread = trainer->problem.n_thread };
    void *out = gk_keep_large(&trainer->soft_labels, (size_t)(rows->n * trainer->graph.n_target_real) *
                              gk_dtype_size(trainer->backend->real), "soft labels");
    bool *wanted = gk_alloc_large((size_t)rows->n * sizeof *wanted, "soft labels");
    int   status = out && wanted ? 0 : -1;
    for (int i = 0; status == 0 && i < teachers->n; i++) {
        for (int64_t row = 0; row < rows->n; row++)
            wanted[row] = teacher[row] == i;
        int64_t replica = gk_source_replica(&teachers->source[i], config->teach.teacher_run, config->data.seed);
        status = replica < 0 ? -1 : gk_teacher_probabilities(&teachers->source[i], replica, &lesson, wanted, out);
    }
    free(wanted);
    return status < 0 ? NULL : out;
}

/* Terms and soft labels of every replica's train rows. */
static int teach(gk_trainer *trainer, const split_rows *all, gk_rows *train)
{
    const gk_dataset *dataset = dataset_of(trainer);
    gk_classes classes = gk_classes_new(same_lesson, trainer);
    int teacher_of[GK_MAX_SET] = { 0 }, status = 0;
    if (!gk_config_rehearses(config_of(trainer, 0)) &&
        gk_teachers_assign(trainer->plan->sources.teachers, dataset, teacher_of) < 0)
        return -1;
    for (int64_t replica = 0; replica < trainer->plan_group->n_replica && status == 0; replica++) {
        block_of_rows block = all[trainer->split_of[replica]].train;
        int64_t       same = gk_class_first(&classes, replica, hash_of_lesson(trainer, replica));
        if (same < replica) {
            train[replica] = train[same];
            continue;
        }
        int *teacher = gk_arena_alloc(&trainer->arena, (size_t)block.rows.n * sizeof *teacher);
        block.terms = gk_arena_alloc(&trainer->arena, (size_t)block.rows.n);
        choose_terms(trainer, config_of(trainer, replica), teacher_of, &block, teacher);
        block.rows.target = hear_teachers(trainer, config_of(trainer, replica), &block.rows, teacher);
        status = !block.rows.target ? -1 : gk_trainer_interrupted(trainer) ? GK_TRAINER_INTERRUPTED : 0;
        train[replica] = block.rows;
    }
    gk_classes_release(&classes);
    return status;
}

/* --- sets -------------------------------------------------------------------------------------------------------------- */

/* Rows [begin, end) of others, with the scales of their own.  n_target: bytes of a row's targets. */
static gk_rows part_of(const gk_rows *rows, int64_t n_target, int64_t begin, int64_t end, int64_t *n_taught)
{
    gk_rows part = { .n = end - begin, .item = rows->item + begin, .label = rows->label + begin,
                     .target = rows->target ? (const char *)rows->target + begin * n_target : NULL,
                     .terms = rows->terms ? rows->terms + begin : NULL };
    *n_taught = 0;
    for (int64_t row = 0; part.terms && row < part.n; row++)
        *n_taught += part.terms[row] >> GK_TERM_TARGET & 1;
    if (*n_taught == 0)
        part.target = NULL;
    else
        part.term_scale[GK_TERM_TARGET] = (double)part.n / (double)*n_taught;
    return part;
}

static gk_eval *add_eval(gk_trainer *trainer, gk_eval_kind kind, int set, int group)
{
    gk_eval *eval = &trainer->eval[trainer->n_eval++];
    *eval = (gk_eval){ .kind = kind, .set = set, .group = group };
    eval->n_taught = gk_arena_alloc(&trainer->arena, (size_t)trainer->plan_group->n_replica * sizeof *eval->n_taught);
    return eval;
}

gk_rows *gk_trainer_add_set(gk_trainer *trainer, gk_eval_kind kind, int group, gk_eval **eval)
{
    int      set = GK_EXTRA_ROWS;
    gk_rows *rows = gk_arena_alloc(&trainer->arena, (size_t)trainer->plan_group->n_replica * sizeof *rows);
    while (trainer->problem.rows[set])
        set++;
    gk_assert(set < GK_MAX_SET);
    trainer->problem.rows[set] = rows;
    *eval = add_eval(trainer, kind, set, group);
    return rows;
}

/* Train and test rows of every group apart, and what is rehearsed. */
static void add_group_sets(gk_trainer *trainer, const split_rows *all, const gk_rows *train)
{
    const gk_dataset *dataset = dataset_of(trainer);
    int64_t  n_target = trainer->graph.n_target_real * (int64_t)gk_dtype_size(trainer->backend->real), none;
    gk_eval *eval;
    for (int group = 0; group <= dataset->n_group; group++) {
        bool is_rehearsal = group == dataset->n_group, is_learnt = group < dataset->n_trained_group;
        gk_eval_kind kind = is_rehearsal ? GK_EVAL_REHEARSAL : GK_EVAL_TRAIN;
        gk_rows *rows, *test;
        if (is_rehearsal && !gk_config_rehearses(config_of(trainer, 0)))
            continue;
        rows = is_learnt || is_rehearsal ? gk_trainer_add_set(trainer, kind, group, &eval) : NULL;
        for (int64_t r = 0; rows && r < trainer->plan_group->n_replica; r++) {
            const int64_t *first = all[trainer->split_of[r]].train.first, end = is_rehearsal ? train[r].n : first[group + 1];
            rows[r] = part_of(&train[r], n_target, first[group], end, &eval->n_taught[r]);
        }
        if (is_rehearsal)
            continue;
        test = gk_trainer_add_set(trainer, is_learnt ? GK_EVAL_TEST : GK_EVAL_HELD, group, &eval);
        for (int64_t r = 0; r < trainer->plan_group->n_replica; r++) {
            const split_rows *of = &all[trainer->split_of[r]];
            test[r] = is_learnt ? part_of(&of->test.rows, n_target, of->test.first[group], of->test.first[group + 1], &none)
                                : of->held[group].rows;
        }
    }
}

static int by_number(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* n rows of others, in their order.  Which ones depends on nothing else, so that cells are alike in every wave and shard. */
static int sample(gk_trainer *trainer, const gk_rows *from, uint64_t which, int64_t n, gk_rows *out)
{
    int32_t *row = gk_arena_alloc(&trainer->arena, (size_t)from->n * sizeof *row);
    int32_t *item = gk_arena_alloc(&trainer->arena, 2 * (size_t)n * sizeof *item), *label = item + n;
    if (gk_rng_permutation(0, GK_RNG_EVAL, which, row, from->n) < 0)
        return -1;
    qsort(row, (size_t)n, sizeof *row, by_number);
    for (int64_t i = 0; i < n; i++) {
        item[i] = from->item[row[i]];
        label[i] = from->label[row[i]];
    }
    *out = (gk_rows){ .n = n, .item = item, .label = label };
    return 0;
}

/* Rows to evaluate in place of `all`, [R]: at most --eval-items of each replica's; those with one split share them. */
static int sample_all(gk_trainer *trainer, const gk_rows *all, uint64_t which, gk_rows *out)
{
    int64_t  n_most = trainer->plan->first.run.eval_items;
    int64_t *first = gk_arena_alloc(&trainer->arena, (size_t)trainer->n_split * sizeof *first);    /* replica of a split, + 1 */
    for (int64_t replica = 0; replica < trainer->plan_group->n_replica; replica++) {
        int64_t *of_split = &first[trainer->split_of[replica]];
        if (*of_split == 0)
            *of_split = replica + 1;
        int64_t same = *of_split - 1;
        if (same < replica)
            out[replica] = out[same];
        else if (n_most == 0 || all[replica].n <= n_most)
            out[replica] = all[replica];
        else if (sample(trainer, &all[replica], which, n_most, &out[replica]) < 0)
            return -1;
    }
    return 0;
}

/* The sets of a dataset without groups. */
static int add_whole_sets(gk_trainer *trainer, const gk_rows *train, gk_rows *test)
{
    size_t   n = (size_t)trainer->plan_group->n_replica;
    gk_eval *eval;
    if (trainer->plan->first.run.eval_items > 0) {
        if (sample_all(trainer, train, 0, gk_trainer_add_set(trainer, GK_EVAL_TRAIN, -1, &eval)) < 0)
            return -1;
    } else {
        eval = add_eval(trainer, GK_EVAL_TRAIN, GK_TRAIN_ROWS, -1);
    }
    for (size_t replica = 0; replica < n; replica++)
        eval->n_taught[replica] = train[replica].target ? train[replica].n : 0;
    add_eval(trainer, GK_EVAL_TEST, GK_TEST_ROWS, -1);
    return sample_all(trainer, test, 1, test);
}

int gk_trainer_rows(gk_trainer *trainer)
{
    size_t      n = (size_t)trainer->plan_group->n_replica;
    split_rows *all;
    int         status = make_splits(trainer);
    if (status == 0)
        status = rows_of_splits(trainer, &all);
    if (status != 0)
        return status;
    gk_rows *train = gk_arena_alloc(&trainer->arena, n * sizeof *train);
    gk_rows *test = gk_arena_alloc(&trainer->arena, n * sizeof *test);
    for (size_t replica = 0; replica < n; replica++) {
        train[replica] = all[trainer->split_of[replica]].train.rows;
        test[replica] = all[trainer->split_of[replica]].test.rows;
    }
    if (trainer->graph.n_loss > 1 && (status = teach(trainer, all, train)) != 0)
        return status;
    trainer->problem.rows[GK_TRAIN_ROWS] = train;
    trainer->problem.rows[GK_TEST_ROWS] = test;
    if (dataset_of(trainer)->n_group > 1) {
        add_group_sets(trainer, all, train);
        return 0;
    }
    return add_whole_sets(trainer, train, test) < 0 ? -1 : gk_trainer_sections(trainer);
}
