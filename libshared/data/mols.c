/* mols.c -- see mols.h. */
#include "data/mols.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Atoms that look alike have one number: what they are, bit by bit. */
enum { ELEMENT_BITS = 7, AROMATIC_BITS = 1, HYBRID_BITS = 2, HYDROGEN_BITS = 4, N_KIND = 1 << 14 };

static const char *const bond_types[GK_N_BOND_TYPE] = { "single", "double", "triple", "aromatic" };
static const char *const hybrids[] = { "", ".sp", ".sp2", ".sp3" };

struct gk_mols {
    int64_t   n, n_atom, n_edge;                        /* molecules, and all of theirs */
    int64_t   most, most_atom, most_edge;               /* room */
    uint16_t *kind;                                     /* [n_atom] */
    uint8_t  *edge;                                     /* [n_edge][3] */
    int64_t (*first)[2];                                /* [n + 1] first atom and edge of each */
    int       n_widest;
};

gk_mols *gk_mols_new(void)
{
    gk_mols *mols = calloc(1, sizeof *mols);
    if (!mols)
        gk_error("out of memory for molecules");
    return mols;
}

void gk_mols_free(gk_mols *mols)
{
    if (!mols)
        return;
    free(mols->kind);
    free(mols->edge);
    free(mols->first);
    free(mols);
}

int64_t gk_mols_n(const gk_mols *mols)
{
    return mols->n;
}

/* Room for n more of `size` bytes each behind the n_used that there are. */
static int reserve(void *array, int64_t *most, int64_t n_used, int64_t n, size_t size)
{
    if (n_used + n <= *most)
        return 0;
    int64_t wanted = 2 * (n_used + n) + 1024;
    void   *grown = realloc(*(void **)array, (size_t)wanted * size);
    if (!grown)
        return gk_error("out of memory for molecules");
    *(void **)array = grown;
    *most = wanted;
    return 0;
}

static int kind_of(const gk_molecule *m, int number)
{
    const gk_atom *atom = &m->atom[number];
    int            n = 0;
    for (int i = 0; i < atom->n_bond; i++)
        n += m->atom[gk_bond_other(&m->bond[atom->bond[i]], number)].element == 1;
    return ((n << HYBRID_BITS | (int)atom->hybrid) << AROMATIC_BITS | atom->is_aromatic) << ELEMENT_BITS | atom->element;
}

/* The bonds, by their atoms, the lesser first. */
static void put_edges(const gk_molecule *m, uint8_t *edge)
{
    int n = 0;
    for (int a = 0; a < m->n_atom; a++)
        for (int b = a + 1; b < m->n_atom; b++)
            for (int i = 0; i < m->atom[a].n_bond; i++) {
                const gk_bond *bond = &m->bond[m->atom[a].bond[i]];
                if (gk_bond_other(bond, a) != b)
                    continue;
                edge[n++] = (uint8_t)a;
                edge[n++] = (uint8_t)b;
                edge[n++] = bond->is_aromatic ? GK_N_BOND_TYPE - 1 : (uint8_t)(bond->order - 1);
            }
}

int gk_mols_add(gk_mols *mols, gk_molecule *m)
{
    gk_molecule_perceive(m);
    if (gk_molecule_add_hydrogens(m) < 0 ||
        reserve(&mols->kind, &mols->most_atom, mols->n_atom, m->n_atom, sizeof *mols->kind) < 0 ||
        reserve(&mols->edge, &mols->most_edge, mols->n_edge, m->n_bond, 3) < 0 ||
        reserve(&mols->first, &mols->most, mols->n, 2, sizeof *mols->first) < 0)
        return -1;
    if (mols->n == 0)
        mols->first[0][0] = mols->first[0][1] = 0;
    for (int a = 0; a < m->n_atom; a++)
        mols->kind[mols->n_atom++] = (uint16_t)kind_of(m, a);
    put_edges(m, mols->edge + 3 * mols->n_edge);
    mols->n_edge += m->n_bond;
    mols->n++;
    mols->first[mols->n][0] = mols->n_atom;
    mols->first[mols->n][1] = mols->n_edge;
    mols->n_widest = m->n_atom > mols->n_widest ? m->n_atom : mols->n_widest;
    return 0;
}

/* --- a dataset ------------------------------------------------------------------------------------------------------------- */

typedef struct kind { int element, is_aromatic, hybrid, n_hydrogen; } kind;

static kind kind_at(int bits)
{
    return (kind){ bits % (1 << ELEMENT_BITS), bits >> ELEMENT_BITS & 1, bits >> (ELEMENT_BITS + AROMATIC_BITS) & 3,
                   bits >> (ELEMENT_BITS + AROMATIC_BITS + HYBRID_BITS) };
}

/* "CH3.sp3"; aromatic atoms in lower case, as in SMILES. */
static const char *name_of(gk_arena *arena, kind k)
{
    char symbol[4];
    strncpy(symbol, gk_element_symbol(k.element), sizeof symbol - 1);
    symbol[sizeof symbol - 1] = '\0';
    if (k.is_aromatic)
        *symbol = (char)tolower((unsigned char)*symbol);
    const char *hydrogens = k.n_hydrogen > 1 ? gk_arena_printf(arena, "H%d", k.n_hydrogen) : k.n_hydrogen ? "H" : "";
    return gk_arena_printf(arena, "%s%s%s", symbol, hydrogens, hybrids[k.hybrid]);
}

static void describe(kind k, float *feature)
{
    static const int told[] = { 1, 6, 7, 8, 9 };
    enum { N_TOLD = sizeof told / sizeof *told };
    for (int i = 0; i < N_TOLD; i++)
        feature[i] = k.element == told[i];
    feature[N_TOLD] = (float)k.element;
    feature[N_TOLD + 1] = (float)k.is_aromatic;
    for (int hybrid = 1; hybrid <= 3; hybrid++)
        feature[N_TOLD + 1 + hybrid] = k.hybrid == hybrid;
    feature[N_TOLD + 5] = (float)k.n_hydrogen;
}

/* The kinds that there are, in order, behind token 0: none. */
static void make_vocabulary(const gk_mols *mols, gk_dataset *dataset, int32_t *token_of)
{
    gk_arena *arena = &dataset->arena;
    int       n = 1;
    for (int64_t i = 0; i < mols->n_atom; i++)
        token_of[mols->kind[i]] = 1;
    for (int k = 0; k < N_KIND; k++)
        token_of[k] = token_of[k] ? n++ : 0;
    dataset->n_vocab = n;
    dataset->vocab = gk_arena_alloc(arena, (size_t)n * sizeof *dataset->vocab);
    dataset->edges.n_feature = GK_N_ATOM_FEATURE;
    dataset->edges.feature = gk_arena_alloc(arena, (size_t)(n * GK_N_ATOM_FEATURE) * sizeof *dataset->edges.feature);
    dataset->vocab[0] = GK_PAD_NAME;
    for (int k = 0; k < N_KIND; k++)
        if (token_of[k]) {
            dataset->vocab[token_of[k]] = name_of(arena, kind_at(k));
            describe(kind_at(k), dataset->edges.feature + token_of[k] * GK_N_ATOM_FEATURE);
        }
}

void gk_mols_finish(const gk_mols *mols, gk_dataset *dataset)
{
    gk_arena *arena = &dataset->arena, scratch = { 0 };
    int32_t  *token_of = gk_arena_alloc(&scratch, N_KIND * sizeof *token_of);
    make_vocabulary(mols, dataset, token_of);
    dataset->n_item = mols->n;
    dataset->n_token = mols->n_widest;
    dataset->token = gk_arena_alloc(arena, (size_t)(mols->n * mols->n_widest) * sizeof *dataset->token);
    gk_edges *edges = &dataset->edges;
    edges->n_type = GK_N_BOND_TYPE;
    edges->type = bond_types;
    edges->first = gk_arena_alloc(arena, (size_t)(mols->n + 1) * sizeof *edges->first);
    edges->at = gk_arena_alloc(arena, (size_t)(3 * mols->n_edge + 1));
    memcpy(edges->at, mols->edge, (size_t)(3 * mols->n_edge));
    for (int64_t item = 0; item < mols->n; item++) {
        const int64_t begin = mols->first[item][0];
        for (int64_t i = begin; i < mols->first[item + 1][0]; i++)
            dataset->token[item * mols->n_widest + i - begin] = token_of[mols->kind[i]];
        edges->first[item + 1] = mols->first[item + 1][1];
    }
    gk_arena_release(&scratch);
}
