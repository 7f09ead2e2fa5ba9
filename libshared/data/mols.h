/* mols.h -- molecules as items: nodes and edges with the features of experiments A.18, shared by qm9, synth-mols and
 * 'grok-data import --smiles'.
 *
 * Nodes are atoms, hydrogens too; atoms that look alike (element, aromaticity, hybridisation, number of hydrogens beside them)
 * are one token.  Features of a token, 11: one-hot of H, C, N, O, F; atomic number; aromatic; one-hot of sp, sp2, sp3; hydrogens.
 * Edges are bonds: single, double, triple, aromatic. */
#ifndef GK_DATA_MOLS_H
#define GK_DATA_MOLS_H

#include "data/dataset.h"
#include "data/molecule.h"
#include "table/frame.h"

enum { GK_N_ATOM_FEATURE = 11, GK_N_BOND_TYPE = 4 };

typedef struct gk_mols gk_mols;

/* NULL with gk_error: out of memory. */
gk_mols *gk_mols_new(void);
void     gk_mols_free(gk_mols *mols);
/* One more molecule, as gk_smiles_read gives it.  -1 with gk_error: too many atoms with its hydrogens. */
int      gk_mols_add(gk_mols *mols, gk_molecule *molecule) GK_MUST_CHECK;
int64_t  gk_mols_n(const gk_mols *mols);
/* Items, tokens, vocabulary and edges of a dataset; answers are the caller's. */
void     gk_mols_finish(const gk_mols *mols, gk_dataset *dataset);

/* Items of the SMILES in a column, the first n_most (0: all) that can be read, without rows of skip (NULL: none); what cannot be
 * read is left out, and dataset->left_out tells of it.  row_of [n_row]: the row that each item is from.  -1 with gk_error: a
 * column of numbers, fewer than two molecules. */
int      gk_mols_of_table(gk_dataset *dataset, const gk_frame *frame, int column, int64_t n_most, const bool *skip,
                          int64_t *row_of) GK_MUST_CHECK;

#endif
