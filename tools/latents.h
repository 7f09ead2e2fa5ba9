/* latents.h -- items as points: their own reals, or what a layer of a trained network makes of them. */
#ifndef GK_TOOLS_LATENTS_H
#define GK_TOOLS_LATENTS_H

#include "data/dataset.h"
#include "train/source.h"

typedef struct gk_latents_args {
    const char *checkpoint;          /* NULL: the items' own reals */
    const char *at;                  /* layer; NULL or "items": the items' own reals */
    int64_t     run;                 /* number of a run of the checkpoint; -1: its only one */
    const gk_data_args *data;        /* other items than those that the checkpoint was trained on; NULL: those, or none */
} gk_latents_args;

typedef struct gk_points {
    gk_dataset *dataset;             /* of the items, owned */
    int64_t     n;                   /* of its items */
    int         d;
    double     *x;                   /* [n, d], owned */
} gk_points;

/* -1 with gk_error: a layer that is not there, items that the network does not read, tokens without a layer, several runs, ... */
int  gk_points_read(const gk_latents_args *args, gk_points *out) GK_MUST_CHECK;
/* The same of a replica of a network over items: out->dataset, which the network must be able to read (gk_source_adopt). */
int  gk_points_of(const gk_source *source, int64_t replica, const char *at, gk_points *out) GK_MUST_CHECK;
void gk_points_release(gk_points *points);

/* The points of the items that are marked and have this label (-1: any), one after another; for free().  *n: how many. */
double *gk_points_gather(const gk_points *points, const bool *marked, int32_t label, int64_t *n);

#endif
