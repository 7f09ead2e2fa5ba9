/* checkpoint.h -- a checkpoint in memory, and its way to and from a file or pipe.  The format is in FORMAT.md.
 *
 * A checkpoint holds one or more shape groups: sets of replicas whose parameters have the same shapes.  Group 0 is the
 * root of the file; groups 1, 2, ... (grids over primes or widths) are /group1, /group2, ..., each laid out like the root. */
#ifndef GK_IO_CHECKPOINT_H
#define GK_IO_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/dtype.h"
#include "base/error.h"
#include "base/sha256.h"
#include "io/h5.h"
#include "io/history.h"

enum { GK_FORMAT_VERSION = 1 };

/* The most updates that a run can make: what --steps allows, and what a file may speak of. */
#define GK_MAX_STEP INT64_C(1000000000000000)

/* One parameter tensor; its values stand at [replica][offset .. offset+size) of an arena [R][P]. */
typedef struct gk_param_info {
    const char *name;                 /* "block0.attention.query.weight" */
    int         n_dim;
    int64_t     dim[GK_H5_MAX_DIM];   /* without the replica axis */
    const char *axes;                 /* names of the axes without the replica, comma-separated: "d_model,d_mlp" */
    const char *init;                 /* initial law in words: "normal(0, 1/d_model)" */
    bool        trainable;
    int64_t     offset, size;         /* in reals */
} gk_param_info;

/* Running: it has updates left (the run was interrupted, or is read while it trains).  Stopped: it met its stop rule.  Diverged:
 * a loss or norm is not finite; it is frozen as it was.  Finished: it has made all the steps that were asked for. */
typedef enum { GK_RUNNING, GK_STOPPED, GK_DIVERGED, GK_FINISHED, GK_N_STATUS } gk_replica_status;
extern const char *const gk_replica_status_names[GK_N_STATUS];    /* "running", "stopped", "diverged", "finished" */

/* Optimiser state beside the parameters: one arena [R][depth][P] (depth > 1: a ring of past gradients). */
typedef struct gk_slot {
    const char *name;                 /* "m", "v", "init", ... : /optimizer/<name>/<param> */
    int64_t     depth;
    void       *data;
} gk_slot;

typedef struct gk_group {
    int64_t               n_replica;
    gk_dtype              real;             /* GK_F32 or GK_F64: type of model, slots and snapshots */
    int64_t               step;             /* updates done by the replicas still running */
    int64_t              *replica_step;     /* [R] updates done by each: less than step for those stopped or frozen */
    int32_t              *status;           /* [R] gk_replica_status */

    int                   n_run_column;     /* /runs: run, seed, and every option that varies */
    gk_h5_column         *run_column;       /* columns of n_replica rows */

    int                   n_result_column;  /* /landscape: what each cell came to; 0: not a landscape */
    gk_h5_column         *result_column;    /* columns of n_replica rows */

    int                   n_param;
    gk_param_info        *param;
    int64_t               n_real;           /* P: reals per replica */
    void                 *model;            /* [R][P], or NULL: --keep metrics */
    int                   n_slot;
    gk_slot              *slot;             /* none with --keep params or metrics */

    gk_history           *history;

    int64_t               n_snapshot;
    int64_t              *snapshot_step;    /* [n_snapshot] */
    void                **snapshot;         /* [n_snapshot] of [R][P] */

    const char           *task;             /* dataset in words, e.g. "add mod 113"; or name of the data file */
    const char           *data_sha256;      /* of the items, see dataset.h */
    int64_t               n_item;
    int64_t               n_split;          /* R, or 1 if all replicas share one split */
    int64_t               n_train_max, n_test_max;
    int32_t              *train, *test;     /* [n_split][n_*_max] item numbers, padded with -1; NULL: not kept */
    int64_t               n_subclass;       /* what divides the items; 0: not kept */
    const char *const    *subclass_name;    /* [n_subclass] */
    int32_t              *subclass;         /* [n_item], in [0, n_subclass) */
} gk_group;

typedef struct gk_config_entry {
    const char    *name;                    /* option name with '_' */
    int            type;                    /* gk_option_type */
    int64_t        integer;                 /* GK_SWITCH, GK_INT */
    double         real;                    /* GK_REAL */
    const char    *text;                    /* GK_CHOICE, GK_TEXT, and any option given as a list; else NULL */
} gk_config_entry;

typedef struct gk_parent {
    const char       *role;                 /* "teacher", "base", "resumed", ... */
    const char       *path;                 /* as given */
    const char       *sha256;
    int               n_parent;             /* its own lineage, copied in */
    struct gk_parent *parent;
} gk_parent;

typedef struct gk_checkpoint {
    gk_arena         arena;                 /* owns everything that gk_checkpoint_read made */
    const char      *path;                  /* as given to gk_checkpoint_read */
    char             sha256[GK_SHA256_HEX]; /* of the file that was read */
    int64_t          format_version;
    const char      *tool, *tool_version, *command_line, *created, *device, *precision;
    bool             trimmed;               /* runs of its grid were left out on purpose, and are not to be begun */
    int              n_config;
    gk_config_entry *config;
    int              n_group;
    gk_group        *group;
    int              n_parent;
    gk_parent       *parent;
    struct gk_owned *owned;                 /* large arrays that gk_checkpoint_read made; NULL in one filled by hand */
} gk_checkpoint;

/* What to read; the rest stays NULL.  Histories, runs, config, parameter tables and lineage are always read. */
enum { GK_READ_MODEL = 1, GK_READ_OPTIMIZER = 2, GK_READ_SNAPSHOTS = 4, GK_READ_DATA = 8, GK_READ_ALL = 15 };

/* path "-": stdin.  NULL with gk_error: not a checkpoint, damaged, of a newer version, or contents that contradict each
 * other (every count, shape and index is checked). */
gk_checkpoint *gk_checkpoint_read(const char *path, unsigned parts);
gk_checkpoint *gk_checkpoint_load(gk_h5 *file, unsigned parts);  /* the same from an open file, which is borrowed */
void           gk_checkpoint_free(gk_checkpoint *checkpoint);    /* NULL is fine */

/* Atomically to a file, or to stdout for "-".  Fields that are NULL are left out.  Equal contents give equal bytes.
 * Parameters are stored in the order of group->param; reading packs them: offsets without gaps, n_real their sum.
 * Ancestors further back than GK_MAX_LINEAGE generations are left out. */
enum { GK_MAX_LINEAGE = 64 };
int            gk_checkpoint_write(const gk_checkpoint *checkpoint, const char *path) GK_MUST_CHECK;

/* All that is wrong with a checkpoint, a line each, also what no reader would stumble over (values that are not finite,
 * items in both train and test): number of faults.  Lines are in the arena. */
int            gk_checkpoint_faults(gk_h5 *file, gk_arena *arena, const char ***faults);

/* Entry of /config by option name ('-' or '_'), or NULL. */
const gk_config_entry *gk_checkpoint_config(const gk_checkpoint *checkpoint, const char *name);
/* Its value as text that gk_option_set accepts; into the checkpoint's arena. */
const char    *gk_config_text(gk_checkpoint *checkpoint, const gk_config_entry *entry);

/* Parameter by name, or NULL. */
const gk_param_info *gk_group_param(const gk_group *group, const char *name);
/* Column of /runs by name, or NULL. */
const gk_h5_column  *gk_group_run_column(const gk_group *group, const char *name);

#endif
