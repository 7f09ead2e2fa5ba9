/* dataset.h -- items to learn from, and their split into train and test.
 *
 * An item is a short sequence of tokens (modular tasks), a graph whose nodes are tokens (molecules), or a vector of reals, with a
 * class label or a vector of targets.  A
 * dataset is a pure function of its task options; a split is a pure function of (seed, fraction, size).  Both can be written to a
 * file. */
#ifndef GK_DATA_DATASET_H
#define GK_DATA_DATASET_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/choice.h"
#include "base/error.h"
#include "base/sha256.h"

typedef int gk_task;    /* row of datasets.def */
#define GK_SEQUENCES(X) X(GK_SEQ_EQ, "eq") X(GK_SEQ_OP_EQ, "op-eq") X(GK_SEQ_OP_MOD, "op-mod") X(GK_SEQ_PAIR, "pair")
GK_CHOICES(gk_sequence, GK_SEQUENCES);
    /* [a,b,=]   [a,op,b,=]   [a,b,op,P]   [a,b]   (experiments: OMNI / EFF / KD / MLPs) */

/* How toy-addition represents numbers: as the code of Liu et al. 2022 does, as its text says, or by the very numbers that the
 * code drew with its seed, 58. */
#define GK_LATENT_KINDS(X) X(GK_LATENTS_CODE, "code") X(GK_LATENTS_PAPER, "paper") X(GK_LATENTS_CODE_58, "code-58")
GK_CHOICES(gk_latents, GK_LATENT_KINDS);

/* How the items of equidistant and equivariant are spread about their means: alike in all directions, or by a random covariance
 * with the same trace for each block. */
#define GK_COVARIANCES(X) X(GK_COVARIANCE_ISOTROPIC, "isotropic") X(GK_COVARIANCE_RANDOM, "random")
GK_CHOICES(gk_covariance, GK_COVARIANCES);

typedef struct gk_data_args {
    gk_task     task;
    int64_t     prime;           /* modulus; ignored by the permutation tasks */
    const char *table_file;      /* of task table: a file with the columns a, b, c (data/operation.c); NULL */
    const char *finite_group;    /* of task group: a name, or such a file (data/group.c); NULL */
    const char *reviews_file;    /* of task reviews: a table of texts and labels (data/reviews.c); NULL */
    int64_t     n_word, n_length;    /* of reviews: words in the vocabulary, tokens of an item */
    const char *formula;         /* of task formula: an expression over the operands a, b, c, ... and p (data/formula.c); NULL */
    gk_sequence sequence;
    int64_t     vocab_prime;     /* numbers in the shared vocabulary; 0: prime.  Lets p=97 use the ids of p=113 */
    const char *join;            /* further tasks, learnt together with this one: TASK:PRIME[:FRACTION[:SEED]]+...; NULL: none */
    const char *also_eval;       /* further tasks that are only evaluated, written alike; NULL: none */
    double      fraction;        /* of all items that is train, (0, 1) */
    int64_t     size;            /* train items: the first of the permutation, or of the split that the data bring; 0: as many as
                                  * fraction says, or all that the split has */
    int64_t     n_item;          /* train items that a generator with a split of its own makes, or (GK_TASK_FIRST) all items;
                                  * 0: its default, or all that there are */
    int64_t     n_test;          /* test items that a generator makes (GK_TASK_TESTS); 0: its default */
    double      sigma, separation;    /* standard deviation of a real, distance of a block's or a class's two means */
    int64_t     n_dim;           /* reals of an item of sparse-parity and xor-cluster; 0: their default */
    int64_t     parity;          /* of sparse-parity: bits that the answer is the product of */
    gk_covariance covariance;
    gk_latents  latents;
    const char *subclasses;      /* what divides the items: see gk_subclasses; NULL: the data's own, or the label */
    const char *thin;            /* subclasses of which fewer are train: patterns joined by '+'; NULL: none */
    double      thin_to;         /* f: how many of each of them for one of each other, [0, 1] */
    double      label_noise;     /* share of the train items whose label is drawn from a random item, [0, 1] */
    int64_t     seed;            /* run seed */
    int64_t     data_seed;       /* of split and label noise (-1: seed), and of items that are drawn (-1: 0) */
    const char *split_file;      /* text file of train item numbers, one a line, or dataset file with a split; NULL: draw it */
    const char *data_file;       /* dataset file, replaces task; "-": stdin; NULL */
} gk_data_args;

/* Name of token 0 where it fills up items that are too short. */
#define GK_PAD_NAME "<pad>"

/* A division of the items into subclasses: what a run can take fewer of (thin), and has metrics of apart.  An item is in one. */
#define GK_OWN_SUBCLASSES "own"
typedef struct gk_subclasses {
    const char  *by;             /* "own": the data bring it; "label", "row" and "column" (first and second operand): what items
                                  * share; or the name of a file.  NULL: none, items with targets have no label */
    int          n;
    int32_t     *of;             /* [n_item], in [0, n) */
    const char **name;           /* [n] */
} gk_subclasses;

enum { GK_NODES_MAX = 255 };
/* Items that are graphs, of at most GK_NODES_MAX nodes: tokens are nodes, behind which token 0 fills up the item and is none;
 * edges have no direction. */
typedef struct gk_edges {
    int                n_type;   /* of edges; 0: the items are no graphs */
    const char *const *type;     /* [n_type] names */
    int64_t           *first;    /* [n_item + 1] where those of an item begin */
    uint8_t           *at;       /* [first[n_item]][3] two nodes of the item, and the type; each edge once */
    int                n_feature;
    float             *feature;  /* [n_vocab][n_feature] what is known of a node with this token; of token 0: 0 */
} gk_edges;

typedef struct gk_dataset {
    gk_arena     arena;          /* owns everything below */
    const char  *task;           /* what is learnt, in words: "add mod 113", "add mod 113 + add mod 97" */
    int64_t      n_item;
    int          n_token;        /* T: tokens per item; 0 if items are reals */
    int32_t     *token;          /* [n_item, T] */
    int          n_real;         /* reals per item; 0 if items are tokens */
    float       *real;           /* [n_item, n_real] */
    uint8_t     *pixel;          /* [n_item, n_real] if real is gk_pixel_value of these, else NULL */
    int32_t     *label;          /* [n_item], in [0, n_answer); of token tasks it is also the id of its token (see answer_name) */
    int          n_target;       /* reals that are to be predicted for an item; 0 if items have classes, else all labels are 0 */
    float       *target;         /* [n_item, n_target] */
    int          n_latent;       /* reals that can stand for a token in place of an embedding; 0: none */
    float       *random_latent, *linear_latent;    /* [n_vocab, n_latent] without order, and in the order of the numbers */
    float       *template_value; /* [n_item] what every pixel becomes as the input loses its meaning (messiness 0); NULL: none */
    int          n_vocab;        /* token ids are in [0, n_vocab) */
    int          n_answer;       /* number of possible answers; n_target if there are targets */
    const char **vocab;          /* [n_vocab] names: "0", ..., "+", "=" */
    const char **answer_name;    /* [n_answer]; NULL: those of tokens with the same ids, if the items are tokens */
    int          n_group;        /* groups of items with metrics of their own; 1 if undivided */
    int32_t     *group;          /* [n_item], NULL if n_group is 1 */
    const char **group_name;     /* [n_group] "p1", "p2", ...: the task, then those of join, then those of also_eval */
    const char **group_task;     /* [n_group] in words: "add mod 113" */
    gk_subclasses subclass;
    gk_edges     edges;
    const char  *left_out;       /* what of its source could not be read, in words; NULL: nothing */
    int          n_trained_group;    /* groups from here on are only evaluated */
    char         sha256[GK_SHA256_HEX];    /* of all that a run can see of the items, as stored (FORMAT.md) */
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

/* The same for items that come from elsewhere: begin gives an empty dataset, to be filled in as a builder does (data/build.h says
 * what), and finish does the rest; args say what divides the items.  NULL or -1 with gk_error. */
gk_dataset *gk_dataset_begin(void);
int         gk_dataset_finish(gk_dataset *dataset, const gk_data_args *args) GK_MUST_CHECK;

/* The split of one run, in `arena`.  The data's own split if they have one (then every seed shares it, args->fraction is
 * ignored, and a split_file is an error), else args->split_file, else drawn: the first floor(fraction * n_item) items of
 * gk_rng_permutation(seed, GK_RNG_SPLIT, 0) are train.  With a size, train is the first args->size items of that, and test stays
 * what it was (of a drawn split: all others).  Then the first floor(label_noise * n_train) train items get the label
 * of an item drawn with GK_RNG_LABEL_NOISE.
 *
 * With thin, or a size of data that bring subclasses and a split, as many train items of each subclass are taken as
 * gk_thin_counts says (without a size: share thin_to of the train items of the thinned ones), the first in the order of the
 * permutation; of a split that is not drawn here, the order is drawn with the same stream.  What is left over of a split that is
 * drawn is test.
 *
 * With join or also_eval, each task is drawn as if it stood alone, with its own
 * fraction and seed; train and test hold one task after another.  -1 with gk_error: a fraction that leaves train or test
 * empty, ... */
int         gk_dataset_split(const gk_dataset *dataset, const gk_data_args *args, gk_arena *arena, gk_split *out) GK_MUST_CHECK;

/* How many train items of each thinned and of each other subclass make `size` of all (SHIFT, equation 1): floor(f size / (f
 * n_thinned + n_kept)) and floor(size / (f n_thinned + n_kept)), where f is the simplest fraction that `thin_to` can mean; in
 * whole numbers, so that nothing is lost to rounding.  2000 items, f = 0.2, 4 and 4 subclasses: 83 and 416; the paper prints 84,
 * which the floor does not give. */
typedef struct gk_thin_count { int64_t thinned, kept; } gk_thin_count;
gk_thin_count gk_thin_counts(int64_t size, double thin_to, int n_thinned, int n_kept);
/* Which subclasses args->thin names (patterns of fnmatch(3), joined by '+'): [subclass.n] in arena memory, all false without
 * it.  NULL with gk_error: one that is not there, or all of them. */
const bool *gk_thinned(const gk_dataset *dataset, const gk_data_args *args, gk_arena *arena);
/* May two runs on this dataset have one split, and are their splits equally large whatever their seeds?  (Their items are the
 * same.) */
bool        gk_data_same_split(const gk_dataset *dataset, const gk_data_args *a, const gk_data_args *b);
uint64_t    gk_data_hash_split(const gk_dataset *dataset, const gk_data_args *args);
bool        gk_data_same_sizes(const gk_data_args *a, const gk_data_args *b);
uint64_t    gk_data_hash_sizes(const gk_data_args *args);

/* The tasks that are learnt with `args`, each with its fraction, as --also-eval takes them; with_seed: and with the data seed.
 * In arena memory.  NULL with gk_error: the items are from a file, or the task has no prime. */
const char *gk_dataset_tasks(const gk_data_args *args, bool with_seed, gk_arena *arena);

/* How many operands an item of tokens has, by its first one; 0: it has none. */
int         gk_dataset_n_operand(const gk_dataset *dataset);
/* The item of `group` with the operands (a, b); -1 if it has none (b = 0 of a division, a or b out of range).  For tasks with
 * two operands. */
int64_t     gk_dataset_item_of(const gk_dataset *dataset, int group, int64_t a, int64_t b);
/* The item of `group` with the operands of `item`, which is of any group; -1 if it has none. */
int64_t     gk_dataset_twin(const gk_dataset *dataset, int64_t item, int group);

/* Write a dataset file (HDF5, see data/FORMAT.md); path "-" is stdout.  split, args (recorded with the split) and command_line
 * may be NULL.  gk_dataset_new reads it back. */
int         gk_dataset_write(const gk_dataset *dataset, const gk_split *split, const gk_data_args *args, const char *command_line,
                             const char *path) GK_MUST_CHECK;
/* The split stored in a dataset's file, or NULL. */
const gk_split *gk_dataset_stored_split(const gk_dataset *dataset);
/* What an answer is called: its own name, or that of the token with its number; NULL: it has none. */
const char *gk_dataset_answer(const gk_dataset *dataset, int64_t answer);
/* Are both about the same items, in the same order, with the same right answers?  Tokens are the same if their names are; what is
 * the same in all items, as the operator of one task, tells nothing of them and may be missing from one. */
bool gk_dataset_same_items(const gk_dataset *a, const gk_dataset *b);

/* Names for option tables: tasks of datasets.def with a NULL at the end, and their descriptions. */
extern const char *const gk_task_names[];
extern const char *const gk_task_descriptions[];

/* What an option means to a task: columns of datasets.def. */
typedef enum {
    GK_TASK_JOINS = 1,    /* pairs of numbers modulo a prime: can stand beside others of its kind (join, also_eval) */
    GK_TASK_PRIME = 2,    /* prime */
    GK_TASK_SEEDED = 4,   /* items are drawn with the data seed */
    GK_TASK_ITEMS = 8,    /* n_item */
    GK_TASK_LATENTS = 16, /* latents */
    GK_TASK_FILES = 32,   /* its items are in files of others, which may not be there; they bring a split */
    GK_TASK_SEQUENCE = 64,/* sequence: an item is operands as tokens, two but of formulas, and has a class */
    GK_TASK_BLOCKS = 128, /* covariance */
    GK_TASK_VOCAB = 256,  /* vocab_prime */
    GK_TASK_FORMULA = 512,/* formula */
    GK_TASK_TABLE = 1024, /* table_file */
    GK_TASK_GROUP = 2048, /* finite_group */
    GK_TASK_TESTS = 4096, /* n_test */
    GK_TASK_SPREAD = 8192,/* sigma, separation */
    GK_TASK_DIM = 16384,  /* n_dim */
    GK_TASK_PARITY = 32768,/* parity */
    GK_TASK_WORDS = 65536,/* n_word, n_length; n_item counts all items, of which a quarter is test */
    GK_TASK_TEXTS = 131072,/* reviews_file */
    GK_TASK_FIRST = 262144 /* n_item: the first so many, of which each run takes a fraction; also of FILES */
} gk_task_trait;

/* Does the task have all of these traits? */
bool        gk_task_has(int task, unsigned traits);
/* The task of this name; -1: there is none. */
int         gk_task_find(const char *name);
/* Do two runs learn from the same items (their splits may differ)? */
bool        gk_data_same_items(const gk_data_args *a, const gk_data_args *b);
uint64_t    gk_data_hash_items(const gk_data_args *args);    /* the same for the same items */

/* The real of a pixel: 0 to 255 as 0 to 1. */
static inline float gk_pixel_value(uint8_t pixel)
{
    return (float)pixel / 255.0F;
}

#endif
