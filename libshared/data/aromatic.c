/* aromatic.c -- rings of 4n + 2 electrons, conjugated bonds and hybridisation, by the rules of RDKit (its book, "Aromaticity";
 * Code/GraphMol/{Aromaticity,ConjugHybrid}.cpp). */
#include <stdlib.h>
#include <string.h>
#include "data/molecule.h"

enum { MAX_FUSED = 6, MANY_RINGS = 10, WIDEST_OF_OXYGEN = 8, LAST_OF_SECOND_ROW = 18, LAST_OF_FIRST_ROW = 10,
       GROUP_OF_NITROGEN = 5, GROUP_OF_OXYGEN = 6 };

/* Neighbours, hydrogens among them. */
static int degree_of(const gk_atom *atom)
{
    return atom->n_bond + atom->n_hydrogen;
}

/* Electrons that it can give to a ring; -1: it cannot be part of one. */
static int n_electron(const gk_molecule *m, int number)
{
    const gk_atom *atom = &m->atom[number];
    const int      valence = gk_element_valence(atom->element), degree = degree_of(atom);
    if (valence <= 1 || degree > 3)
        return -1;
    int alone = gk_element_outer(atom->element) - valence - atom->charge;
    int n = valence - degree + (alone > 0 ? alone : 0);
    return n > 1 && gk_atom_valence(m, number) - degree > 1 ? 1 : n;
}

/* --- aromatic rings ----------------------------------------------------------------------------------------------- */

/* A double or triple bond of the atom, in a ring or not; -1: none. */
static int multiple_bond(const gk_molecule *m, int number, bool in_ring)
{
    for (int i = 0; i < m->atom[number].n_bond; i++)
        if (m->bond[m->atom[number].bond[i]].order > 1 && m->bond[m->atom[number].bond[i]].in_ring == in_ring)
            return m->atom[number].bond[i];
    return -1;
}

/* Does the atom at the other end of its double bond outside the rings take the electron? */
static bool is_robbed(const gk_molecule *m, int number, int bond)
{
    const int here = m->atom[number].element, there = m->atom[gk_bond_other(&m->bond[bond], number)].element;
    const int more = gk_element_outer(there) - gk_element_outer(here);
    return more > 0 || (more == 0 && there < here);
}

enum { NO_PART = -1 };

/* Electrons that the atom brings into a ring, 0 to 2, or NO_PART. */
static int brings(const gk_molecule *m, int number)
{
    const int n = n_electron(m, number), outside = multiple_bond(m, number, false);
    const bool has_multiple = outside >= 0 || multiple_bond(m, number, true) >= 0;
    if (n < 0)
        return NO_PART;
    if (n == 0)
        return outside >= 0 ? 0 : has_multiple ? 1 : NO_PART;
    if (n == 1 && outside >= 0)
        return is_robbed(m, number, outside) ? 0 : 1;
    if (n == 1)
        return has_multiple ? 1 : m->atom[number].charge == 1 ? 0 : NO_PART;
    return (n - (outside >= 0 && is_robbed(m, number, outside))) % 2 ? 1 : 2;
}

/* Can the atom be part of an aromatic ring of so many?  Oxygen and its like not in wide ones. */
static bool is_candidate(const gk_molecule *m, int number, int n_ring)
{
    const gk_atom *atom = &m->atom[number];
    int            n_multiple = 0;
    for (int i = 0; i < atom->n_bond; i++)
        n_multiple += m->bond[atom->bond[i]].order > 1;
    const int alike = atom->element - atom->charge;
    if (atom->element > LAST_OF_SECOND_ROW || n_multiple > 1 || alike < 1 || brings(m, number) == NO_PART ||
        (n_ring > WIDEST_OF_OXYGEN && gk_element_outer(atom->element) == GROUP_OF_OXYGEN))
        return false;
    const int usual = gk_element_valence(alike);
    return usual == 0 || gk_atom_valence(m, number) <= usual;
}

/* Rings that were chosen: electrons of the atoms that are in one or two of them. */
static bool is_aromatic_sum(const gk_molecule *m, const gk_ring *ring, const int *chosen, int n_chosen)
{
    int n_in[GK_ATOMS_MAX] = { 0 }, n = 0;
    for (int i = 0; i < n_chosen; i++)
        for (int k = 0; k < ring[chosen[i]].n; k++)
            n_in[ring[chosen[i]].atom[k]]++;
    for (int a = 0; a < m->n_atom; a++)
        n += n_in[a] == 1 || n_in[a] == 2 ? brings(m, a) : 0;
    return n % 4 == 2;
}

/* All atoms of the rings, and the bonds that are in one of them alone. */
static void mark(gk_molecule *m, const gk_ring *ring, const int *chosen, int n_chosen)
{
    for (int b = 0; b < m->n_bond; b++) {
        int n_in = 0;
        for (int i = 0; i < n_chosen; i++)
            n_in += ring[chosen[i]].bond[b / 64] >> b % 64 & 1;
        if (n_in == 0)
            continue;
        m->bond[b].is_aromatic = m->bond[b].is_aromatic || n_in == 1;
        m->atom[m->bond[b].atom[0]].is_aromatic = m->atom[m->bond[b].atom[1]].is_aromatic = true;
    }
}

static bool are_fused(const gk_ring *a, const gk_ring *b)
{
    for (size_t w = 0; w < sizeof a->bond / sizeof *a->bond; w++)
        if (a->bond[w] & b->bond[w])
            return true;
    return false;
}

/* Is each of the chosen rings joined to one before it? */
static bool is_connected(const gk_ring *ring, const int *chosen, int n)
{
    bool reached[MAX_FUSED] = { true };
    for (int pass = 1; pass < n; pass++)
        for (int i = 0; i < n; i++)
            for (int k = 0; k < n; k++)
                reached[i] = reached[i] || (reached[k] && are_fused(&ring[chosen[i]], &ring[chosen[k]]));
    for (int i = 0; i < n; i++)
        if (!reached[i])
            return false;
    return true;
}

/* All connected choices of so many rings, in order. */
static void try_rings(gk_molecule *m, const gk_ring *ring, int n_ring, int n_wanted)
{
    int chosen[MAX_FUSED];
    for (int i = 0; i < n_wanted; i++)
        chosen[i] = i;
    while (n_wanted <= n_ring) {
        if (is_connected(ring, chosen, n_wanted) && is_aromatic_sum(m, ring, chosen, n_wanted))
            mark(m, ring, chosen, n_wanted);
        int last = n_wanted - 1;
        while (last >= 0 && chosen[last] == n_ring - n_wanted + last)
            last--;
        if (last < 0)
            return;
        chosen[last]++;
        for (int i = last + 1; i < n_wanted; i++)
            chosen[i] = chosen[i - 1] + 1;
    }
}

static void find_aromatic(gk_molecule *m, gk_ring *ring)
{
    const int n_all = gk_molecule_rings(m, ring);
    int       n = 0;
    for (int i = 0; i < n_all; i++) {
        bool fits = true;
        for (int k = 0; k < ring[i].n && fits; k++)
            fits = is_candidate(m, ring[i].atom[k], ring[i].n);
        if (fits)
            ring[n++] = ring[i];
    }
    for (int size = 1; size <= (n > MANY_RINGS ? 2 : MAX_FUSED); size++)    /* of many rings only pairs: too many choices */
        try_rings(m, ring, n, size);
}

/* --- conjugation and hybridisation ------------------------------------------------------------------------------------ */

static bool can_conjugate(const gk_molecule *m, int number)
{
    const gk_atom *atom = &m->atom[number];
    const int      outer = gk_element_outer(atom->element);
    if (atom->charge == 0 && gk_element_valence(atom->element) > 0 &&
        gk_atom_valence(m, number) > gk_element_valence(atom->element))
        return false;
    bool is_light = atom->element <= LAST_OF_FIRST_ROW || (outer != GROUP_OF_NITROGEN && outer != GROUP_OF_OXYGEN) ||
                    (outer == GROUP_OF_OXYGEN && degree_of(atom) < 2);
    return is_light && n_electron(m, number) > 0;
}

static void conjugate(gk_molecule *m, int number)
{
    const gk_atom *atom = &m->atom[number];
    if (!can_conjugate(m, number) || degree_of(atom) < 2 || degree_of(atom) > 3)
        return;
    for (int i = 0; i < atom->n_bond; i++) {
        gk_bond *one = &m->bond[atom->bond[i]];
        if ((one->order < 2 && !one->is_aromatic) || !can_conjugate(m, gk_bond_other(one, number)))
            continue;
        for (int k = 0; k < atom->n_bond; k++) {
            gk_bond *two = &m->bond[atom->bond[k]];
            int      other = gk_bond_other(two, number);
            if (k != i && degree_of(&m->atom[other]) <= 3 && can_conjugate(m, other))
                one->is_conjugated = two->is_conjugated = true;
        }
    }
}

/* By the number of neighbours and lone pairs. */
static gk_hybrid hybrid_of(const gk_molecule *m, int number)
{
    const gk_atom *atom = &m->atom[number];
    const int      outer = gk_element_outer(atom->element), valence = gk_atom_valence(m, number), degree = degree_of(atom);
    const int      alone = outer - (valence + atom->charge) > 0 ? outer - (valence + atom->charge) : 0;
    const int      n = degree + (alone + 1) / 2;    /* an electron alone takes a place, too */
    bool           is_conjugated = false;
    for (int i = 0; i < atom->n_bond; i++)
        is_conjugated = is_conjugated || m->bond[atom->bond[i]].is_conjugated;
    if (atom->element <= 1 || outer == 0)
        return GK_HYBRID_NONE;
    switch (n) {
    case 2:  return GK_HYBRID_SP;
    case 3:  return GK_HYBRID_SP2;
    case 4:  return degree <= 3 && is_conjugated ? GK_HYBRID_SP2 : GK_HYBRID_SP3;
    default: return GK_HYBRID_NONE;
    }
}

void gk_molecule_perceive(gk_molecule *m)
{
    gk_ring *ring = calloc(GK_RINGS_MAX, sizeof *ring);
    gk_assert(ring);
    for (int a = 0; a < m->n_atom; a++)
        m->atom[a].is_aromatic = false;
    for (int b = 0; b < m->n_bond; b++)
        m->bond[b].is_aromatic = false;
    find_aromatic(m, ring);
    free(ring);
    for (int b = 0; b < m->n_bond; b++)
        m->bond[b].is_conjugated = m->bond[b].is_aromatic;
    for (int a = 0; a < m->n_atom; a++)
        conjugate(m, a);
    for (int a = 0; a < m->n_atom; a++)
        m->atom[a].hybrid = hybrid_of(m, a);
}
