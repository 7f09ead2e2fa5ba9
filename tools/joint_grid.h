/* joint_grid.h -- the one grid that the runs of several files are of: that of all of them, or that which theirs make together. */
#ifndef GK_TOOLS_JOINT_GRID_H
#define GK_TOOLS_JOINT_GRID_H

#include "grid_runs.h"

typedef struct gk_joint_grid {
    bool          known;       /* false: this program does not know the options of the files; all have the same */
    gk_file_grid  whole;       /* lists: those of all files, each value once; steps: the most that one was to make */
    int           n_grid;      /* different ones among the files */
    gk_file_grid *grid;
    int          *of;          /* [n_file] index into grid */
} gk_joint_grid;

/* Of files of one tool.  It stays where it is.  -1 with gk_error: they differ in what takes no list (other than --steps and
 * --shard), or together mean a grid that cannot be. */
int  gk_joint_grid_open(gk_joint_grid *joint, gk_arena *arena, int n_file, gk_checkpoint *const *file) GK_MUST_CHECK;
void gk_joint_grid_close(gk_joint_grid *joint);

/* A group of a file, and which runs of the whole it has. */
typedef struct gk_grid_part {
    gk_checkpoint *file;
    int            of;         /* index of the file */
    gk_group       group;
    int64_t       *number;     /* [group.n_replica] */
} gk_grid_part;

/* All groups of all files, with the numbers and columns that their runs have in the whole, in arena memory: how many, or -1 with
 * gk_error. */
int  gk_joint_grid_parts(const gk_joint_grid *joint, gk_arena *arena, int n_file, gk_checkpoint *const *file,
                         gk_grid_part **parts) GK_MUST_CHECK;

#endif
