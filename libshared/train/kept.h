/* kept.h -- what a run that goes on from a base keeps of the base's optimiser state (--state kept).
 *
 * State has an owner: the optimiser, the filter of Grokfast-EMA, that of Grokfast-MA.  A run keeps what is its own: averages as
 * averages of the same quantity, a ring as a ring of the same length.  What the base does not have begins anew, and is said. */
#ifndef GK_TRAIN_KEPT_H
#define GK_TRAIN_KEPT_H

#include "train/source.h"

/* The part of the state that an arena belongs to; GK_N_SEEN: to none.  Columns of /runs that say what each part had seen. */
gk_seen_part gk_kept_part(gk_arena_kind kind);
extern const char *const gk_seen_columns[GK_N_SEEN];

/* For each part the updates that it had seen in replica `replica` of the base when that ended: 0 where it begins anew.  *lost
 * (may be NULL): in words, into arena memory, what begins anew though the run has it, and what the base has and the run does
 * not; "": nothing.  -1 with gk_error: the base was written without the state that it had. */
int gk_kept_state(const gk_source *base, int64_t replica, const gk_config *run, gk_arena *arena, gk_seen *seen,
                  const char **lost) GK_MUST_CHECK;

/* How deep every arena is in a run by itself; 0: it does without. */
void gk_kept_depths(const gk_config *run, int64_t depth[GK_N_ARENA]);

/* The slot of an arena; NULL: there is none.  Older files may have another name for it, which is not its own where whoever wrote
 * the file has an arena of that name: `depth`, of its arenas. */
gk_slot *gk_kept_slot(const gk_group *group, gk_arena_kind kind, const int64_t depth[GK_N_ARENA]);

#endif
