/* smiles.c -- see molecule.h.  A SMILES is read as if it came from an enemy: every character must have a meaning. */
#include <ctype.h>
#include <string.h>
#include "data/molecule.h"

enum { N_RING_NUMBER = 100, MAX_BRANCH = 128, MAX_CHARGE = 9 };

typedef struct opened { int atom, order; } opened;    /* order 0: not written */

typedef struct reading {
    const char  *text, *at;
    gk_molecule *m;
    int          last, order;                     /* the atom before, -1: none; the bond that was written behind it, 0: none */
    int          n_branch, branch[MAX_BRANCH];    /* atoms that branches began at */
    opened       ring[N_RING_NUMBER];             /* atom -1: this number is free */
} reading;

static int fault(const reading *r, const char *what)
{
    return gk_error("%s at character %d", what, (int)(r->at - r->text) + 1);
}

/* A new atom, joined to the one before. */
static int add_atom(reading *r, gk_atom atom)
{
    gk_molecule *m = r->m;
    if (m->n_atom == GK_ATOMS_MAX)
        return gk_error("more than %d atoms", GK_ATOMS_MAX);
    const int number = m->n_atom++, last = r->last;
    m->atom[number] = atom;
    r->last = number;
    if (last < 0)
        return r->order == 0 ? 0 : fault(r, "a bond with nothing before it");
    int order = r->order ? r->order : m->atom[last].is_aromatic && atom.is_aromatic ? GK_BOND_LOWER : 1;
    r->order = 0;
    return gk_molecule_bond(m, last, number, order);
}

/* --- atoms -- */

/* Those that stand without brackets: the longest symbol that fits. */
static int bare_atom(reading *r)
{
    static const char *const symbols[] = { "Cl", "Br", "B", "C", "N", "O", "P", "S", "F", "I" };
    static const char *const lower = "bcnops";
    char      upper = (char)toupper((unsigned char)*r->at);
    bool      is_lower = strchr(lower, *r->at) != NULL;
    gk_atom   atom = { .is_aromatic = is_lower };
    for (size_t i = 0; !is_lower && i < sizeof symbols / sizeof *symbols; i++)
        if (strncmp(r->at, symbols[i], strlen(symbols[i])) == 0) {
            atom.element = (uint8_t)gk_element_find(symbols[i], (int)strlen(symbols[i]));
            int status = add_atom(r, atom);
            r->at += strlen(symbols[i]);
            return status;
        }
    if (!is_lower)
        return fault(r, "a sign that means nothing");
    atom.element = (uint8_t)gk_element_find(&upper, 1);
    int status = add_atom(r, atom);
    r->at++;
    return status;
}

/* Digits, if there are any: at most `most`, else -1 with gk_error. */
static int number(reading *r, int none, int most)
{
    int value = 0;
    if (!isdigit((unsigned char)*r->at))
        return none;
    for (; isdigit((unsigned char)*r->at); r->at++)
        if ((value = 10 * value + *r->at - '0') > most)
            return fault(r, "a number that is too large");
    return value;
}

/* +, ++, +2, and the same with -. */
static int read_charge(reading *r, gk_atom *atom)
{
    const char sign = *r->at;
    int        n = 0;
    for (; *r->at == sign && n < MAX_CHARGE; r->at++)
        n++;
    if (n == 1 && (n = number(r, 1, MAX_CHARGE)) < 0)
        return -1;
    atom->charge = (int8_t)(sign == '+' ? n : -n);
    return 0;
}

static int element_of(reading *r, gk_atom *atom)
{
    const char first = *r->at, second = first ? r->at[1] : '\0';
    const char upper[] = { (char)toupper((unsigned char)first), '\0' };
    int        length = isupper((unsigned char)first) && islower((unsigned char)second) ? 2 : 1;
    int        found = gk_element_find(r->at, length);
    if (found < 0 && length == 2)
        found = gk_element_find(r->at, length = 1);
    if (found < 0 && first && strchr("bcnops", first)) {
        found = gk_element_find(upper, 1);
        atom->is_aromatic = true;
    }
    if (found < 0)
        return fault(r, "no element");
    atom->element = (uint8_t)found;
    r->at += length;
    return 0;
}

/* [isotope symbol configuration hydrogens charge :class] */
static int bracket_atom(reading *r)
{
    gk_atom atom = { .is_bracket = true };
    r->at++;
    if (number(r, 0, 999) < 0 || element_of(r, &atom) < 0)
        return -1;
    while (*r->at == '@')
        r->at++;
    if (*r->at == 'H') {
        r->at++;
        int n = number(r, 1, 9);
        if (n < 0)
            return -1;
        atom.n_hydrogen = (uint8_t)n;
    }
    if ((*r->at == '+' || *r->at == '-') && read_charge(r, &atom) < 0)
        return -1;
    if (*r->at == ':' && (r->at++, number(r, -1, 9999) < 0))
        return -1;
    if (*r->at != ']')
        return fault(r, *r->at ? "no ']'" : "an atom in brackets that does not end");
    int status = add_atom(r, atom);
    r->at++;
    return status;
}

/* --- bonds, rings, branches -- */

static int read_bond(reading *r)
{
    static const char *const signs = "-=#:/\\";
    static const int orders[] = { 1, 2, 3, GK_BOND_LOWER, 1, 1 };
    if (r->order)
        return fault(r, "two bonds on end");
    if (r->last < 0)
        return fault(r, "a bond with nothing before it");
    r->order = orders[strchr(signs, *r->at++) - signs];
    return 0;
}

static int read_ring(reading *r)
{
    int which;
    if (*r->at != '%') {
        which = *r->at++ - '0';
    } else {
        if (!isdigit((unsigned char)r->at[1]) || !isdigit((unsigned char)r->at[2]))
            return fault(r, "no two digits");
        which = 10 * (r->at[1] - '0') + r->at[2] - '0';
        r->at += 3;
    }
    if (r->last < 0)
        return fault(r, "a ring with nothing before it");
    opened *open = &r->ring[which];
    int     order = r->order ? r->order : open->order;
    if (open->atom < 0) {
        *open = (opened){ r->last, r->order };
    } else {
        if (r->order && open->order && r->order != open->order)
            return fault(r, "a ring that is closed by two kinds of bond");
        const gk_molecule *m = r->m;
        if (!order)
            order = m->atom[open->atom].is_aromatic && m->atom[r->last].is_aromatic ? GK_BOND_LOWER : 1;
        if (gk_molecule_bond(r->m, open->atom, r->last, order) < 0)
            return -1;
        open->atom = -1;
    }
    r->order = 0;
    return 0;
}

static int read_branch(reading *r)
{
    if (*r->at == '(' && r->last < 0)
        return fault(r, "a branch with nothing before it");
    if (r->order)
        return fault(r, "a bond with nothing behind it");
    if (*r->at == '(') {
        if (r->n_branch == MAX_BRANCH)
            return fault(r, "branches that go too deep");
        if (r->at[1] == ')')
            return fault(r, "an empty branch");
        r->branch[r->n_branch++] = r->last;
    } else {
        if (r->n_branch == 0)
            return fault(r, "a ')' without '('");
        r->last = r->branch[--r->n_branch];
    }
    r->at++;
    return 0;
}

static int read_sign(reading *r)
{
    switch (*r->at) {
    case '[':
        return bracket_atom(r);
    case '(': case ')':
        return read_branch(r);
    case '-': case '=': case '#': case ':': case '/': case '\\':
        return read_bond(r);
    case '.':
        if (r->last < 0 || r->order)
            return fault(r, "a '.' that parts nothing");
        r->last = -1;
        r->at++;
        return 0;
    default:
        return isdigit((unsigned char)*r->at) || *r->at == '%' ? read_ring(r) : bare_atom(r);
    }
}

int gk_smiles_read(const char *text, gk_molecule *out)
{
    reading r = { .text = text, .at = text, .m = out, .last = -1 };
    out->n_atom = out->n_bond = 0;
    for (int i = 0; i < N_RING_NUMBER; i++)
        r.ring[i].atom = -1;
    while (*r.at)
        if (read_sign(&r) < 0)
            return -1;
    for (int i = 0; i < N_RING_NUMBER; i++)
        if (r.ring[i].atom >= 0)
            return gk_error("ring %d is not closed", i);
    if (r.n_branch > 0)
        return gk_error("a branch is not closed");
    if (r.order || r.last < 0)
        return gk_error(out->n_atom ? "it ends with a bond or '.'" : "there is no atom");
    return gk_molecule_settle(out);
}
