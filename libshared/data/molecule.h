/* molecule.h -- molecules: atoms and bonds from SMILES [Weininger 1988], and what chemists read off them.
 *
 * A molecule has one structure of single, double and triple bonds, whatever its SMILES looks like: rings of lower-case atoms are
 * given theirs, and nitrogens with five bonds get charges, N(=O)=O as [N+](=O)[O-] and N=N#N as N=[N+]=[N-].  Of that,
 * gk_molecule_perceive makes rings, aromaticity and hybridisation by the rules of RDKit, so that features are those of most other
 * programs; configurations (/ \ @), isotopes and classes are read and not kept. */
#ifndef GK_DATA_MOLECULE_H
#define GK_DATA_MOLECULE_H

#include <stdbool.h>
#include <stdint.h>
#include "base/error.h"

enum { GK_ATOMS_MAX = 255, GK_BONDS_MAX = 320, GK_DEGREE_MAX = 8, GK_RINGS_MAX = 64, GK_ELEMENTS_MAX = 118 };

/* sp, sp2, sp3; none: hydrogen, ions, and what has more than four places for bonds and lone pairs. */
typedef enum { GK_HYBRID_NONE, GK_HYBRID_SP, GK_HYBRID_SP2, GK_HYBRID_SP3 } gk_hybrid;

typedef struct gk_atom {
    uint8_t   element;                  /* atomic number */
    int8_t    charge;
    uint8_t   n_hydrogen;               /* that are no atoms of their own (yet) */
    uint8_t   n_bond;
    uint16_t  bond[GK_DEGREE_MAX];
    bool      is_bracket;               /* written [...], with all its hydrogens */
    bool      is_aromatic;
    gk_hybrid hybrid;
} gk_atom;

/* order: 1, 2, 3; GK_BOND_LOWER only while a SMILES is read: between atoms in lower case. */
enum { GK_BOND_LOWER = 4 };
typedef struct gk_bond { uint8_t atom[2], order; bool is_aromatic, is_conjugated, in_ring; } gk_bond;

typedef struct gk_molecule {
    int     n_atom, n_bond;
    gk_atom atom[GK_ATOMS_MAX];
    gk_bond bond[GK_BONDS_MAX];
} gk_molecule;

/* --- reading (smiles.c) -- */

/* The molecule of a SMILES, with hydrogens counted.  -1 with gk_error, which says what is wrong and at which character: a sign
 * that means nothing, a ring or branch that is not closed, more bonds than an element can have, more than GK_ATOMS_MAX atoms. */
int gk_smiles_read(const char *text, gk_molecule *out) GK_MUST_CHECK;

/* --- valence.c: bonds and hydrogens as they must be -- */

/* Give double bonds to atoms in lower case and charges to nitrogens with five bonds, count hydrogens, and check every atom. */
int gk_molecule_settle(gk_molecule *m) GK_MUST_CHECK;
/* Hydrogens become atoms, behind all others, those of the first atom first. */
int gk_molecule_add_hydrogens(gk_molecule *m) GK_MUST_CHECK;

/* --- aromatic.c: what is read off them -- */

/* in_ring, is_aromatic, is_conjugated, hybrid.  Before or after hydrogens became atoms: the same. */
void gk_molecule_perceive(gk_molecule *m);

/* --- rings.c -- */

/* Bits of bonds. */
typedef struct gk_ring { int n; uint8_t atom[GK_ATOMS_MAX]; uint64_t bond[GK_BONDS_MAX / 64]; } gk_ring;
/* The smallest rings: those that are no sum of shorter ones; at most GK_RINGS_MAX, shortest first, into ring.  Sets in_ring of
 * bonds.  Returns how many. */
int  gk_molecule_rings(gk_molecule *m, gk_ring *ring);

/* --- elements and atoms -- */

const char *gk_element_symbol(int element);
int         gk_element_find(const char *symbol, int length);    /* -1: there is none */
/* Bonds that an atom of this element makes without charge, the least number; 0: it is not said. */
int         gk_element_valence(int element);
int         gk_element_outer(int element);                      /* electrons of its outer shell */

static inline int gk_bond_other(const gk_bond *bond, int atom)
{
    return bond->atom[bond->atom[0] == atom];
}

/* Sum of the orders of its bonds, and its hydrogens. */
int gk_atom_valence(const gk_molecule *m, int atom);
/* Join two atoms.  -1 with gk_error: too many bonds of an atom, or of all. */
int gk_molecule_bond(gk_molecule *m, int a, int b, int order) GK_MUST_CHECK;

#endif
