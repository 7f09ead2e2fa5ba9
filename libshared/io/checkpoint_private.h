/* checkpoint_private.h -- what the files checkpoint*.c share. */
#ifndef GK_IO_CHECKPOINT_PRIVATE_H
#define GK_IO_CHECKPOINT_PRIVATE_H

#include "io/checkpoint.h"

#define GK_CHECKPOINT_FORMAT "groktools-checkpoint"

enum {
    GK_MAX_PARAM_DIM = GK_H5_MAX_DIM - 2,    /* snapshots and rings put two axes in front */
    GK_MAX_ANCESTOR  = 10000,                /* lineage in all */
    GK_MAX_GROUP     = 100000
};

typedef struct gk_owned {
    struct gk_owned *next;
    void            *data;
} gk_owned;

/* What is being read.  Each array takes its size from what the file can hold in all: raw from the size of the file, packed
 * from what it may unpack to.  A file that lists one array many times runs out. */
typedef struct gk_reader {
    gk_h5         *file;
    gk_checkpoint *checkpoint;
    unsigned       parts;
    int64_t        raw_left, packed_left;
} gk_reader;

/* n_bytes from the budget; -1 with gk_error. */
int   gk_reader_take(gk_reader *reader, int64_t *left, int64_t n_bytes, const char *path);
/* A large array [n_row][row_bytes] within the raw or packed budget, owned by the checkpoint. */
void *gk_reader_array(gk_reader *reader, int64_t *left, int64_t n_row, int64_t row_bytes, const char *path);
/* "<prefix>/<name>" in the checkpoint's arena. */
const char *gk_reader_path(gk_reader *reader, const char *prefix, const char *name);
/* A text attribute, or "" if it is missing; NULL with gk_error if it is something else. */
const char *gk_reader_text(gk_reader *reader, const char *path, const char *name);
/* Names of the datasets below a group, sub-groups included ("norm/embed"), ordered by their attribute `index`, then by name. */
const char **gk_reader_list(gk_reader *reader, const char *path, const char *except, int *n);

/* Negative or not increasing steps are an error. */
int   gk_reader_check_steps(gk_reader *reader, const int64_t *step, int64_t n, const char *path);

/* A reader of an open file with an empty checkpoint, which the caller frees. */
int   gk_reader_init(gk_reader *reader, gk_h5 *file, unsigned parts);
/* What the whole file shares: the root first. */
int   gk_read_root(gk_reader *reader);
int   gk_read_config(gk_reader *reader);
int   gk_read_lineage(gk_reader *reader);
/* Parts of one group: runs first. */
int   gk_read_runs(gk_reader *reader, gk_group *group, const char *prefix);
int   gk_read_results(gk_reader *reader, gk_group *group, const char *prefix);
int   gk_read_history(gk_reader *reader, gk_group *group, const char *prefix);
int   gk_read_data(gk_reader *reader, gk_group *group, const char *prefix);

/* /model, /optimizer and /snapshots of one group; prefix "" or "/group1".  gk_read_params first. */
int   gk_read_params(gk_reader *reader, gk_group *group, const char *prefix);
int   gk_read_model(gk_reader *reader, gk_group *group, const char *prefix);
int   gk_read_slots(gk_reader *reader, gk_group *group, const char *prefix);
int   gk_read_snapshots(gk_reader *reader, gk_group *group, const char *prefix);

#endif
