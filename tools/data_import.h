/* data_import.h -- 'grok-data import': a table or arrays of one's own as a dataset. */
#ifndef GK_TOOLS_DATA_IMPORT_H
#define GK_TOOLS_DATA_IMPORT_H

#include <stdbool.h>
#include "base/options.h"
#include "data/dataset.h"

typedef struct gk_import_args {
    const char *tokens, *reals;    /* columns of the input: names or patterns, comma-separated; NULL */
    const char *smiles;            /* a column of molecules; NULL */
    const char *label, *targets;   /* what is to be learnt: a column of classes, or columns of numbers; NULL */
    const char *split, *subclass;  /* columns; NULL */
    bool        dry_run;
} gk_import_args;

extern const gk_option gk_import_options[];

/* The dataset that a table (TSV, CSV, lines of JSON) or arrays (npz, npy, safetensors) hold, with its split if a column tells it.
 * It owns what it needs.  NULL with gk_error: no such column, a cell that is missing or no number, ... */
gk_dataset *gk_data_import(const char *path, const gk_import_args *args);

/* 'import FILE': the file.  Ends the program if there is none, or another source of items. */
const char *gk_import_wanted(const gk_given *given, const gk_data_args *data);

/* What was understood, a line each, to standard output: sizes, vocabulary, classes, split.  The exit status. */
int gk_data_import_report(const gk_dataset *dataset, const gk_import_args *args);

#endif
