/* mix_networks.h -- pairs of frozen networks, and what they say about the items that both know. */
#ifndef GK_TOOLS_MIX_NETWORKS_H
#define GK_TOOLS_MIX_NETWORKS_H

#include "analysis/mixture.h"
#include "train/source.h"

/* Which networks of two checkpoints; run -1: the one there is, or that of the seed; at: "last", a snapshot's step, or
 * "memorised": of the snapshots that are right on all train items, the one that is right on fewest others. */
typedef struct gk_network_choice { const gk_checkpoint *file; int64_t run; const char *at; } gk_network_choice;

/* A pair whose runs have this seed: logits in memory of its own, and the split of the generalising run. */
typedef struct gk_pair {
    int64_t        seed, memorising_step, generalising_step;
    gk_arena       arena;
    gk_mixture     mixture;        /* scratch is the user's */
    gk_mixture_set train, test;
    double         logit_ratio;    /* of the mean correct logits on train items, generalising by memorising, as they are */
    double         scale;          /* what the generalising logits were multiplied by */
} gk_pair;

/* Make the pairs of two files, which are only read, one for each run of the generalising one that is wanted.  logit_ratio above
 * 0: where the generalising network is less sure than the other, its logits are scaled to this ratio.  Their number, *pairs in
 * memory of its own (gk_pairs_free); -1 with gk_error: not the same items, labels, classes or split; no such run or snapshot. */
int64_t gk_pairs_new(const gk_network_choice *memorising, const gk_network_choice *generalising, double logit_ratio, int n_thread,
                      gk_pair **pairs) GK_MUST_CHECK;
void    gk_pairs_free(int64_t n, gk_pair *pairs);

#endif
