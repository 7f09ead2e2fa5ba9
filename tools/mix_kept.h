/* mix_kept.h -- mixtures that have been learnt, kept beside the output until all are: what was interrupted goes on with the same
 * command. */
#ifndef GK_TOOLS_MIX_KEPT_H
#define GK_TOOLS_MIX_KEPT_H

#include "run_table.h"
#include "analysis/mixture.h"

/* A mixture after `step` updates. */
typedef struct gk_mix_record { int64_t step; double w_mem, w_gen; gk_mixture_measure train, test; } gk_mix_record;

/* Of a mixture, in memory of its own: n records, `most` have room.  whole: it is learnt to its end, and nobody adds to it. */
typedef struct gk_mix_history { int64_t n, most; gk_mix_record *record; bool whole; } gk_mix_history;

/* FILE.part of the output FILE: the histories of n mixtures, made by `given` of these operands; NULL if there is no file, but
 * standard output. */
typedef struct gk_mix_kept {
    const char        *path;
    const gk_given    *given;
    const gk_operands *operands;
    int64_t            n, last_step;    /* last_step: of mixtures that are whole */
    gk_mix_history    *history;         /* [n] */
    double             written;         /* when, in seconds; 0: not yet */
} gk_mix_kept;

/* Room for one more record, which is returned. */
gk_mix_record *gk_mix_more(gk_mix_history *history);

/* Take over what is there.  0, or -1 with gk_error: it cannot be read; what another command left is passed over. */
int gk_mix_kept_read(gk_mix_kept *kept) GK_MUST_CHECK;
/* Write all mixtures that are whole, but every few seconds at most: it costs no more if there are many.  0, or -1 with
 * gk_error. */
int gk_mix_kept_write(gk_mix_kept *kept) GK_MUST_CHECK;
/* The output is there: what was kept goes. */
void gk_mix_kept_remove(const gk_mix_kept *kept);

#endif
