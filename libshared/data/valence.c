/* valence.c -- bonds and hydrogens of a molecule as they must be, see molecule.h: the double bonds of atoms in lower case,
 * charges of nitrogens with five bonds, implicit hydrogens, and no atom with more bonds than its element can have. */
#include <string.h>
#include "data/molecule.h"

/* Symbol, electrons of the outer shell of main groups (0: others), bonds without charge: least and most. */
static const struct { const char *symbol; int outer, least, most; } elements[GK_ELEMENTS_MAX + 1] = {
    { "", 0, 0, 0 }, { "H", 1, 1, 1 }, { "He", 2, 0, 0 }, { "Li", 1, 1, 1 }, { "Be", 2, 2, 2 }, { "B", 3, 3, 3 },
    { "C", 4, 4, 4 }, { "N", 5, 3, 3 }, { "O", 6, 2, 2 }, { "F", 7, 1, 1 }, { "Ne", 8, 0, 0 }, { "Na", 1, 1, 1 },
    { "Mg", 2, 2, 2 }, { "Al", 3, 3, 6 }, { "Si", 4, 4, 6 }, { "P", 5, 3, 7 }, { "S", 6, 2, 6 }, { "Cl", 7, 1, 1 },
    { "Ar", 8, 0, 0 }, { "K", 1, 1, 1 }, { "Ca", 2, 2, 2 }, { "Sc", 0, 0, 0 }, { "Ti", 0, 0, 0 }, { "V", 0, 0, 0 },
    { "Cr", 0, 0, 0 }, { "Mn", 0, 0, 0 }, { "Fe", 0, 0, 0 }, { "Co", 0, 0, 0 }, { "Ni", 0, 0, 0 }, { "Cu", 0, 0, 0 },
    { "Zn", 0, 0, 0 }, { "Ga", 3, 3, 6 }, { "Ge", 4, 4, 6 }, { "As", 5, 3, 7 }, { "Se", 6, 2, 6 }, { "Br", 7, 1, 1 },
    { "Kr", 8, 0, 0 }, { "Rb", 1, 1, 1 }, { "Sr", 2, 2, 2 }, { "Y", 0, 0, 0 }, { "Zr", 0, 0, 0 }, { "Nb", 0, 0, 0 },
    { "Mo", 0, 0, 0 }, { "Tc", 0, 0, 0 }, { "Ru", 0, 0, 0 }, { "Rh", 0, 0, 0 }, { "Pd", 0, 0, 0 }, { "Ag", 0, 0, 0 },
    { "Cd", 0, 0, 0 }, { "In", 3, 3, 6 }, { "Sn", 4, 2, 6 }, { "Sb", 5, 3, 7 }, { "Te", 6, 2, 6 }, { "I", 7, 1, 5 },
    { "Xe", 8, 0, 6 }, { "Cs", 1, 1, 1 }, { "Ba", 2, 2, 2 }, { "La", 0, 0, 0 }, { "Ce", 0, 0, 0 }, { "Pr", 0, 0, 0 },
    { "Nd", 0, 0, 0 }, { "Pm", 0, 0, 0 }, { "Sm", 0, 0, 0 }, { "Eu", 0, 0, 0 }, { "Gd", 0, 0, 0 }, { "Tb", 0, 0, 0 },
    { "Dy", 0, 0, 0 }, { "Ho", 0, 0, 0 }, { "Er", 0, 0, 0 }, { "Tm", 0, 0, 0 }, { "Yb", 0, 0, 0 }, { "Lu", 0, 0, 0 },
    { "Hf", 0, 0, 0 }, { "Ta", 0, 0, 0 }, { "W", 0, 0, 0 }, { "Re", 0, 0, 0 }, { "Os", 0, 0, 0 }, { "Ir", 0, 0, 0 },
    { "Pt", 0, 0, 0 }, { "Au", 0, 0, 0 }, { "Hg", 0, 0, 0 }, { "Tl", 3, 3, 6 }, { "Pb", 4, 2, 6 }, { "Bi", 5, 3, 7 },
    { "Po", 6, 2, 6 }, { "At", 7, 1, 7 }, { "Rn", 8, 0, 6 }, { "Fr", 1, 1, 1 }, { "Ra", 2, 2, 2 }, { "Ac", 0, 0, 0 },
    { "Th", 0, 0, 0 }, { "Pa", 0, 0, 0 }, { "U", 0, 0, 0 }, { "Np", 0, 0, 0 }, { "Pu", 0, 0, 0 }, { "Am", 0, 0, 0 },
    { "Cm", 0, 0, 0 }, { "Bk", 0, 0, 0 }, { "Cf", 0, 0, 0 }, { "Es", 0, 0, 0 }, { "Fm", 0, 0, 0 }, { "Md", 0, 0, 0 },
    { "No", 0, 0, 0 }, { "Lr", 0, 0, 0 }, { "Rf", 0, 0, 0 }, { "Db", 0, 0, 0 }, { "Sg", 0, 0, 0 }, { "Bh", 0, 0, 0 },
    { "Hs", 0, 0, 0 }, { "Mt", 0, 0, 0 }, { "Ds", 0, 0, 0 }, { "Rg", 0, 0, 0 }, { "Cn", 0, 0, 0 }, { "Nh", 0, 0, 0 },
    { "Fl", 0, 0, 0 }, { "Mc", 0, 0, 0 }, { "Lv", 0, 0, 0 }, { "Ts", 0, 0, 0 }, { "Og", 0, 0, 0 },
};
enum { HYDROGEN = 1, NITROGEN = 7, OXYGEN = 8, LAST_OF_ROW = 10, MATCH_STEPS = 100000 };

const char *gk_element_symbol(int element)
{
    return elements[element].symbol;
}

int gk_element_find(const char *symbol, int length)
{
    for (int element = 1; element <= GK_ELEMENTS_MAX; element++)
        if ((int)strlen(elements[element].symbol) == length && memcmp(elements[element].symbol, symbol, (size_t)length) == 0)
            return element;
    return -1;
}

int gk_element_valence(int element)
{
    return elements[element].least;
}

int gk_element_outer(int element)
{
    return elements[element].outer;
}

int gk_molecule_bond(gk_molecule *m, int a, int b, int order)
{
    if (a == b)
        return gk_error("an atom that is joined to itself");
    for (int i = 0; i < m->atom[a].n_bond; i++)
        if (gk_bond_other(&m->bond[m->atom[a].bond[i]], a) == b)
            return gk_error("two atoms that are joined twice");
    if (m->atom[a].n_bond == GK_DEGREE_MAX || m->atom[b].n_bond == GK_DEGREE_MAX)
        return gk_error("an atom with more than %d neighbours", GK_DEGREE_MAX);
    if (m->n_bond == GK_BONDS_MAX)
        return gk_error("more than %d bonds", GK_BONDS_MAX);
    m->bond[m->n_bond] = (gk_bond){ .atom = { (uint8_t)a, (uint8_t)b }, .order = (uint8_t)order };
    for (int end = 0; end < 2; end++) {
        gk_atom *atom = &m->atom[end ? b : a];
        atom->bond[atom->n_bond++] = (uint16_t)m->n_bond;
    }
    m->n_bond++;
    return 0;
}

int gk_atom_valence(const gk_molecule *m, int atom)
{
    int sum = m->atom[atom].n_hydrogen;
    for (int i = 0; i < m->atom[atom].n_bond; i++) {
        int order = m->bond[m->atom[atom].bond[i]].order;
        sum += order == GK_BOND_LOWER ? 1 : order;
    }
    return sum;
}

/* Bonds that it can have: of the second row as many as the element has that its charge makes it alike. */
static int most_bonds(const gk_atom *atom, int *least)
{
    int element = atom->element, alike = element - atom->charge;
    if (element <= LAST_OF_ROW && alike >= 1 && alike <= LAST_OF_ROW)
        element = alike;
    *least = elements[element].least;
    return elements[element].most ? elements[element].most : elements[element].outer == 8 ? 0 : GK_DEGREE_MAX;
}

/* --- double bonds of atoms in lower case -- */

/* An atom that still wants a double bond. */
static bool wants(const gk_molecule *m, int number)
{
    const gk_atom *atom = &m->atom[number];
    int            least;
    most_bonds(atom, &least);
    return atom->is_aromatic && gk_atom_valence(m, number) < least;
}

/* Partners that an atom could have a double bond with; *any: the bond to one of them. */
static int n_partner(const gk_molecule *m, const bool *open, int number, int *any)
{
    int n = 0;
    for (int i = 0; i < m->atom[number].n_bond; i++) {
        const gk_bond *bond = &m->bond[m->atom[number].bond[i]];
        if (bond->order == GK_BOND_LOWER && bond->in_ring && open[gk_bond_other(bond, number)]) {
            n++;
            *any = m->atom[number].bond[i];
        }
    }
    return n;
}

/* The open atom that has the least choice; -1: none is open. */
static int next_open(const gk_molecule *m, const bool *open)
{
    int best = -1, least = GK_DEGREE_MAX + 1, any = 0;
    for (int a = 0; a < m->n_atom; a++) {
        int n = open[a] ? n_partner(m, open, a, &any) : least;
        if (n < least)
            best = a, least = n;
    }
    return best;
}

/* An atom that was given a partner: which of its bonds became double, -1: none yet. */
typedef struct pairing { int atom, bond; } pairing;

/* Take back what the atom has, and give it the next partner that is open.  False: there is none. */
static bool try_next(gk_molecule *m, bool *open, pairing *p)
{
    const gk_atom *atom = &m->atom[p->atom];
    if (p->bond >= 0) {
        m->bond[atom->bond[p->bond]].order = GK_BOND_LOWER;
        open[gk_bond_other(&m->bond[atom->bond[p->bond]], p->atom)] = true;
    }
    while (++p->bond < atom->n_bond) {
        gk_bond *bond = &m->bond[atom->bond[p->bond]];
        int      other = gk_bond_other(bond, p->atom);
        if (bond->order != GK_BOND_LOWER || !bond->in_ring || !open[other])
            continue;
        open[other] = false;
        bond->order = 2;
        return true;
    }
    return false;
}

/* Pair all open atoms off, beginning with those that have the least choice; going back where one is left alone. */
static bool pair_off(gk_molecule *m, bool *open)
{
    pairing stack[GK_ATOMS_MAX];
    int     n = 0, first = next_open(m, open);
    if (first < 0)
        return true;
    stack[n++] = (pairing){ first, -1 };
    open[first] = false;
    for (int step = 0; n > 0 && step < MATCH_STEPS; step++) {
        if (!try_next(m, open, &stack[n - 1])) {
            open[stack[--n].atom] = true;
            continue;
        }
        int next = next_open(m, open);
        if (next < 0)
            return true;
        stack[n++] = (pairing){ next, -1 };
        open[next] = false;
    }
    return false;
}

/* Atoms in lower case are in rings. */
static int check_lower(gk_molecule *m)
{
    gk_ring ring[GK_RINGS_MAX];
    int     n_lower = 0;
    for (int a = 0; a < m->n_atom; a++)
        n_lower += m->atom[a].is_aromatic;
    if (n_lower > 0)
        gk_molecule_rings(m, ring);
    for (int a = 0; n_lower > 0 && a < m->n_atom; a++) {
        bool in_ring = false;
        for (int i = 0; i < m->atom[a].n_bond; i++)
            in_ring = in_ring || m->bond[m->atom[a].bond[i]].in_ring;
        if (m->atom[a].is_aromatic && !in_ring)
            return gk_error("an atom in lower case that is in no ring");
    }
    return 0;
}

static int give_double_bonds(gk_molecule *m)
{
    bool open[GK_ATOMS_MAX];
    for (int a = 0; a < m->n_atom; a++)
        open[a] = wants(m, a);
    if (!pair_off(m, open))
        return gk_error("atoms in lower case that cannot be given double bonds");
    for (int b = 0; b < m->n_bond; b++)
        if (m->bond[b].order == GK_BOND_LOWER)
            m->bond[b].order = 1;
    return 0;
}

/* --- nitrogen with five bonds -- */

static void part_charges(gk_molecule *m, int number)
{
    gk_atom *atom = &m->atom[number];
    for (int i = 0; i < atom->n_bond; i++) {
        gk_bond *bond = &m->bond[atom->bond[i]];
        gk_atom *other = &m->atom[gk_bond_other(bond, number)];
        bool     is_oxygen = other->element == OXYGEN && bond->order == 2;
        bool     is_end = other->element == NITROGEN && bond->order == 3;
        if (other->charge == 0 && (is_oxygen || is_end)) {
            bond->order--;
            atom->charge = 1;
            other->charge = -1;
            return;
        }
    }
}

/* --- hydrogens -- */

/* Those that are not written: up to the least valence that the bonds leave room for; beside an atom in lower case one bond is
 * double. */
static void count_hydrogens(gk_molecule *m)
{
    for (int a = 0; a < m->n_atom; a++) {
        gk_atom *atom = &m->atom[a];
        int      valence = gk_atom_valence(m, a) + (atom->is_aromatic && !atom->is_bracket), want;
        int      most = most_bonds(atom, &want);
        if (atom->is_bracket)
            continue;
        while (!atom->is_aromatic && want < valence && want + 2 <= most)    /* sulphur: 2, 4, 6 */
            want += 2;
        atom->n_hydrogen = (uint8_t)(want > valence ? want - valence : 0);
    }
}

int gk_molecule_settle(gk_molecule *m)
{
    count_hydrogens(m);
    if (check_lower(m) < 0 || give_double_bonds(m) < 0)
        return -1;
    for (int a = 0; a < m->n_atom; a++) {
        gk_atom *atom = &m->atom[a];
        int      least;
        if (atom->element == NITROGEN && atom->charge == 0 && gk_atom_valence(m, a) == 5)
            part_charges(m, a);
        if (gk_atom_valence(m, a) > most_bonds(atom, &least))
            return gk_error("%s with %d bonds, its element has at most %d", gk_element_symbol(atom->element),
                            gk_atom_valence(m, a), most_bonds(atom, &least));
    }
    return 0;
}

int gk_molecule_add_hydrogens(gk_molecule *m)
{
    const int n = m->n_atom;
    for (int a = 0; a < n; a++)
        for (; m->atom[a].n_hydrogen > 0; m->atom[a].n_hydrogen--) {
            if (m->n_atom == GK_ATOMS_MAX)
                return gk_error("more than %d atoms", GK_ATOMS_MAX);
            m->atom[m->n_atom] = (gk_atom){ .element = HYDROGEN };
            if (gk_molecule_bond(m, a, m->n_atom++, 1) < 0)
                return -1;
        }
    return 0;
}
