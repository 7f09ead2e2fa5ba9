/* dataset.h -- items to learn from, and their split into train and test.
 *
 * An item is a short sequence of tokens (modular tasks) or a vector of reals, with a class label.  A dataset is a pure
 * function of its task options; a split is a pure function of (seed, fraction).  Both can be written to a file. */
#ifndef GK_DATA_DATASET_H
#define GK_DATA_DATASET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/error.h"
#include "base/sha256.h"

typedef enum { GK_SEQ_EQ, GK_SEQ_OP_EQ, GK_SEQ_OP_MOD, GK_SEQ_PAIR } gk_sequence;
    /* [a,b,=]   [a,op,b,=]   [a,b,op,P]   [a,b]   (experiments: OMNI / EFF / KD / MLPs) */

typedef struct gk_data_args {
    int         task;            /* row of datasets.def */
    int64_t     prime;           /* modulus; ignored by the permutation tasks */
    int         sequence;        /* gk_sequence */
    int64_t     vocab_prime;     /* numbers in the shared vocabulary; 0: prime.  Lets p=97 use the ids of p=113 */
    const char *join;            /* further tasks, learnt together with this one: TASK:PRIME[:FRACTION[:SEED]]+...; NULL */
    const char *also_eval;       /* further tasks that are only evaluated, written alike; NULL */
    double      fraction;        /* of all items that is train, (0, 1) */
    double      label_noise;     /* share of the train items whose label is drawn from a random item, [0, 1] */
    int64_t     seed;            /* run seed */
    int64_t     data_seed;       /* of split and label noise, and of the table of task `random`; -1: seed (table: 0) */
    const char *split_file;      /* text file of train item numbers, one a line, or dataset file with a split; NULL: draw it */
    const char *data_file;       /* dataset file, replaces task; "-": stdin; NULL */
} gk_data_args;

typedef struct gk_dataset {
    gk_arena     arena;          /* owns everything below */
    const char  *task;           /* in words: "add mod 113" */
    int64_t      n_item;
    int          n_token;        /* T: tokens per item; 0 if items are reals */
    int32_t     *token;          /* [n_item, T] */
    int          n_real;         /* reals per item; 0 if items are tokens */
    float       *real;           /* [n_item, n_real] */
    int32_t     *label;          /* [n_item], in [0, n_answer); for token tasks a label is also the id of its token */
    int          n_vocab;        /* token ids are in [0, n_vocab) */
    int          n_answer;       /* number of possible answers */
    const char **vocab;          /* [n_vocab] names: "0", ..., "+", "=" */
    int          n_group;        /* groups of items with metrics of their own; 1 if undivided */
    int32_t     *group;          /* [n_item], NULL if n_group is 1 */
    const char **group_name;     /* [n_group] "p1", "p2", ...: the task, then those of join, then those of also_eval */
    const char **group_task;     /* [n_group] in words: "add mod 113" */
    int          n_trained_group;    /* groups from here on are only evaluated */
    char         sha256[GK_SHA256_HEX];    /* of token, label, group, real as stored: tells whether two runs saw the same items */
    const struct gk_split *split;          /* stored in the file that the items are from; NULL */
} gk_dataset;

typedef struct gk_items { int64_t n; int32_t *item; } gk_items;

typedef struct gk_split {
    int64_t  n_train, n_test;
    int32_t *train, *test;       /* item numbers; train in the order of the permutation (a smaller fraction is a prefix), or as
                                  * imported; test is all other items (with an imported dataset file: what it names) */
    int32_t *train_label;        /* [n_train] labels to train on: the item's own, or noise */
    gk_items *held_train, *held_test;    /* [n_group] of groups that are only evaluated: the items that their own fraction and
                                  * seed make train (nothing here is trained on them) and test; n = 0 for other groups; both
                                  * NULL if there are no such groups */
} gk_split;

/* Build or load the items of `args`.  NULL with gk_error: unknown task, prime not prime, damaged file, ... */
gk_dataset *gk_dataset_new(const gk_data_args *args);
void        gk_dataset_free(gk_dataset *dataset);

/* The split of one run, in `arena`.  The file's own split if the dataset has one (then every seed shares it, args->fraction
 * is ignored, and a split_file is an error), else args->split_file, else drawn: the first floor(fraction * n_item) items of
 * gk_rng_permutation(seed, GK_RNG_SPLIT, 0) are train.  Then the first floor(label_noise * n_train) train items get the label
 * of an item drawn with GK_RNG_LABEL_NOISE.  -1 with gk_error: a fraction that leaves train or test empty, ... */
int         gk_dataset_split(const gk_dataset *dataset, const gk_data_args *args, gk_arena *arena, gk_split *out) GK_MUST_CHECK;

/* The tasks that are learnt with `args`, each with its fraction, as --also-eval takes them; with_seed: and with the data seed.
 * In arena memory.  NULL with gk_error: the items are from a file, or the task has no prime. */
const char *gk_dataset_tasks(const gk_data_args *args, bool with_seed, gk_arena *arena);

/* The item of `group` with the operands of `item`, which is of another group; -1 if it has none.  For datasets with groups. */
int64_t     gk_dataset_twin(const gk_dataset *dataset, int64_t item, int group);

/* Write a dataset file (HDF5, see data/FORMAT.md); path "-" is stdout.  split, args (recorded with the split) and command_line
 * may be NULL.  gk_dataset_new reads it back. */
int         gk_dataset_write(const gk_dataset *dataset, const gk_split *split, const gk_data_args *args, const char *command_line,
                             const char *path) GK_MUST_CHECK;
/* The split stored in a dataset's file, or NULL. */
const gk_split *gk_dataset_stored_split(const gk_dataset *dataset);

/* Names for option tables: tasks of datasets.def with a NULL at the end, and their descriptions. */
extern const char *const gk_task_names[];
extern const char *const gk_task_descriptions[];
extern const char *const gk_sequence_names[];

#endif
