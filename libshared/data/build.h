/* build.h -- for the files of data/ only: what a builder of items gets, and what builders share.
 *
 * A new dataset is one file with a builder and one row in datasets.def.  A builder allocates in dataset->arena and fills in
 * task, n_item, token + n_token + n_vocab + vocab (or real + n_real), label, n_answer (or target + n_target), and group +
 * n_group + group_name if items fall into groups, subclass and split if they bring them; the rest (sha256, group_task and
 * n_trained_group if they are 0, subclasses by label) is done for it. */
#ifndef GK_DATA_BUILD_H
#define GK_DATA_BUILD_H

#include <stdbool.h>
#include "data/dataset.h"
#include "io/h5.h"

enum {
    GK_PRIME_MAX = 2000,          /* largest modulus: 4 million items */
    GK_TUPLES_MAX = GK_PRIME_MAX * GK_PRIME_MAX,    /* items of a task with operands */
    GK_OPERANDS_MAX = 8,
    GK_ITEMS_MAX = 1000000,       /* train items that a generator makes */
    GK_WORDS_MAX = 20000,         /* of a vocabulary, and of an item of words */
    GK_DIM_MAX = 100000,          /* reals of an item that a generator makes */
    GK_VOCAB_MAX = 1 << 20        /* of tokens or answers; a file that wants more is refused */
};
#define GK_SEED_MAX (INT64_C(1) << 53)    /* every seed is exact as a real, too */

/* 0, or -1 with gk_error.  dataset is zeroed but for n_group = 1. */
typedef int gk_dataset_builder(gk_dataset *dataset, const gk_data_args *args);

#define DATASET(name, description, builder, traits) gk_dataset_builder builder;
#include "data/datasets.def"
#undef DATASET

/* Name of args->task, for messages and gk_dataset.task. */
const char *gk_task_name(const gk_data_args *args);

/* --- tasks (a, b) -> answer (pairs.c) -- */

/* The answer to (a, b), in [0, n_number). */
typedef int32_t gk_pair_answer(const void *context, int64_t a, int64_t b);

typedef struct gk_pair_task {
    int64_t            n_number;      /* operands and answers are 0..n_number-1 */
    int64_t            n_shared;      /* numbers in the vocabulary, >= n_number */
    const char *const *number_name;   /* [n_number]; NULL: decimal */
    int64_t            modulus;       /* 0: none, so no sequence with a modulus token */
    int64_t            first_b;       /* smallest second operand: 1 for division, else 0 */
    const char        *symbol;        /* of the operator */
    gk_pair_answer    *answer;
    const void        *context;       /* of answer */
    const int32_t     *table;         /* in place of answer: [n_number] for each operand; below 0: there is no such item */
    int                n_operand;     /* of the table, at most GK_OPERANDS_MAX; 0: two */
} gk_pair_task;

/* Numbers in the vocabulary of a task modulo args->prime: args->vocab_prime, or that. */
int gk_pairs_shared(const gk_data_args *args, int64_t *n_shared) GK_MUST_CHECK;

/* Fill in all items, in lexicographic order of (a, b), as sequences of args->sequence, with N = n_shared (of more than two
 * operands only eq and pair):
 *   eq      [a, b, =]      =: N                 vocabulary N + 1
 *   op-eq   [a, o, b, =]   o: N, =: N+1         vocabulary N + 2
 *   op-mod  [a, b, o, P]   o: N+1 for "-", N for any other operator (one operator at a time);
 *                          P: N+2 if the modulus is N, else N+3    vocabulary N + 4
 *   pair    [a, b]                              vocabulary N */
int gk_pairs_build(gk_dataset *dataset, const gk_data_args *args, const gk_pair_task *task) GK_MUST_CHECK;

/* --- operations on a set: tables and groups (operation.c, group.c) -- */

/* answer [n][n]: number of a name, below 0 for a pair without one. */
typedef struct gk_operation { int n; const char **name; int32_t *answer; } gk_operation;

/* Of a file with the columns a, b and c, in arena memory.  -1 with gk_error: a column, cell or pair that is missing, a pair that
 * is there twice, more than GK_PRIME_MAX names. */
int gk_operation_read(const char *path, gk_arena *arena, gk_operation *out) GK_MUST_CHECK;
/* Fill in its items. */
int gk_operation_build(gk_dataset *dataset, const gk_data_args *args, const gk_operation *op, const char *symbol) GK_MUST_CHECK;
/* Is it a group?  -1 with gk_error: which axiom fails, and for which elements. */
int gk_group_check(const gk_operation *op, const char *path) GK_MUST_CHECK;

/* --- several tasks in one dataset (joint.c) -- */

enum { GK_MAX_PART = 8 };

/* The main task and those of args->join and args->also_eval, each as the arguments that it would have alone, with the shared
 * vocabulary (the largest prime of all, unless vocab_prime is given); the first *n_trained are learnt.  How many, or -1 with
 * gk_error: a task that is not written as TASK:PRIME[:FRACTION[:SEED]], too many, one without a prime. */
int gk_joint_parse(const gk_data_args *args, gk_arena *arena, gk_data_args part[GK_MAX_PART], int *n_trained) GK_MUST_CHECK;
/* Their items one after another, as groups.  -1 with gk_error: one token for two operators or moduli, or two tasks that the
 * tokens do not tell apart (but one that is evaluated may be one that is learnt). */
int gk_joint_build(gk_dataset *joint, const gk_data_args *args) GK_MUST_CHECK;

/* Where the first (which 0) or second operand of the items stands among their tokens; -1: they have none. */
int gk_operand_position(const gk_dataset *dataset, int which);

/* --- drawn items (generate.c) -- */

/* The stream of items: args->data_seed, or 0. */
uint64_t gk_items_seed(const gk_data_args *args);

/* The split of items that stand in two parts: the first n_train are train, all others are test. */
void gk_split_in_order(gk_dataset *dataset, int64_t n_train);

/* n_target reals for each item, in place of classes: target, label and n_answer. */
void gk_targets_alloc(gk_dataset *dataset, int n_target);

/* --- items of blocks (shift.c): base classes are numbers of 9 bits -- */

enum { GK_BASES_MAX = 64 };

/* Bits in which the numbers of two base classes differ: the squared distance of their means, in separations. */
int gk_base_distance(int a, int b);
/* The largest set of base classes that are all `distance` apart and of which `least` is the least; the first of several, in
 * ascending order, into member [512].  Returns how many. */
int gk_base_clique(int distance, int least, int *member);
/* The base classes of both datasets, those of one class after another, [GK_BASES_MAX]; returns how many a class has. */
int gk_equidistant_bases(int *base);
int gk_equivariant_bases(int *base);

/* --- subclasses (subclass.c) -- */

/* Divide the items as args->subclasses says, or, if it says nothing and they bring no division, by their labels. */
int gk_subclass(gk_dataset *dataset, const gk_data_args *args) GK_MUST_CHECK;
/* Can this be the name of a subclass?  It must do in patterns, lists and the names of metrics. */
bool gk_subclass_name_ok(const char *name);
/* A name that two subclasses have; NULL: none. */
const char *gk_subclass_twice(const gk_subclasses *subclass);

/* Does a split of these arguments take its train items by subclass (thin.c)? */
bool gk_takes_by_subclass(const gk_dataset *dataset, const gk_data_args *args);
/* Do so: train items are the first of their subclass among candidate[0..n), in this order.  out->train becomes those (of given
 * labels, out->train_label follows), out->n_train their number. */
int gk_take_by_subclass(const gk_dataset *dataset, const gk_data_args *args, const int32_t *candidate, int64_t n, gk_arena *arena,
                        gk_split *out) GK_MUST_CHECK;

/* --- reviews (reviews.c, review_files.c) -- */

typedef struct gk_review { const char *text; int32_t label; } gk_review;    /* label 0: negative, 1: positive */

/* Reviews as they stand in files.  frame or buffer owns the texts. */
typedef struct gk_reviews { int64_t n; gk_review *review; struct gk_frame *frame; char *buffer; } gk_reviews;

/* Of a table with the columns review (or text) and sentiment (or label: positive, pos, 1, negative, neg, 0), or of lines
 * "1<tab>text" without a header, gzip'd or not; or of a folder, the archive below without its aclImdb/.  -1 with gk_error, and
 * nothing to free: no such column, a label that is neither, no text file, damaged compression. */
int  gk_reviews_read(const char *path, gk_reviews *out) GK_MUST_CHECK;
/* Of the archive of Maas et al. 2011: aclImdb/{train,test}/{neg,pos}/ID_STARS.txt; train before test, then by ID, neg before
 * pos. */
int  gk_reviews_read_archive(const char *path, gk_reviews *out) GK_MUST_CHECK;
void gk_reviews_release(gk_reviews *reviews);

/* --- images -- */

enum { GK_IMAGE_SIDE = 28, GK_IMAGE_PIXELS = GK_IMAGE_SIDE * GK_IMAGE_SIDE, GK_N_DIGIT = 10 };

/* task, n_item, pixel [n_item, GK_IMAGE_PIXELS] and label [n_item] are there: set the rest, and real and template_value. */
void gk_digits_finish(gk_dataset *dataset, int64_t n_train);

/* Read an IDX file of n_dim dimensions of bytes, gzip'd or not; dim[i] > 0 is what is expected, 0 is set to what is found.  The
 * bytes, for free(); NULL with gk_error: another magic number or shape, fewer or more bytes than that, damaged compression. */
uint8_t *gk_idx_read(const char *path, int n_dim, int64_t *dim);

/* --- files (file.c, file_write.c) -- */

#define GK_DATASET_FORMAT "groktools-dataset"
enum { GK_DATASET_VERSION = 4 };    /* the newest that is read and written */
enum { GK_PADDED_MAX = 1 << 25 };   /* tokens of items, if a file leaves those before each out: a small one can ask for so much */

/* Read the items of a dataset file, and its split if it has one, into dataset; check all of it. */
int gk_dataset_read(gk_dataset *dataset, const char *path) GK_MUST_CHECK;

/* Read /split of an open dataset file whose items number n_item, with labels in [0, n_answer): item numbers in range, none
 * twice, neither part empty.  out->train_label is NULL if the file has none. */
int gk_split_read(gk_h5 *file, int64_t n_item, int n_answer, gk_arena *arena, gk_split *out) GK_MUST_CHECK;

/* The same of a dataset that has been read, into dataset->split; groups that are only evaluated are in it as they should be. */
int gk_own_split_read(gk_dataset *dataset, gk_h5 *file) GK_MUST_CHECK;

/* 0 if all of values[0..n), from `path` of a file, are in [0, limit); else -1 with gk_error. */
int gk_check_range(gk_h5 *file, const char *path, const int32_t *values, int64_t n, int64_t limit) GK_MUST_CHECK;

/* Checksum of the items into dataset->sha256 (what it covers: FORMAT.md). */
void gk_dataset_sum(gk_dataset *dataset);

#endif
