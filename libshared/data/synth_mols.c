/* synth_mols.c -- a stand-in for qm9 (experiments A.18): random molecules of C, N, O and F that obey their valences, with a
 * number that is a sum over atoms, double and triple bonds and rings, and noise.
 *
 * Every molecule has a stream of its own, so that a larger set begins with the smaller one. */
#include <stdlib.h>
#include "base/rng.h"
#include "data/build.h"
#include "data/mols.h"

enum { N_MOLECULE = 2000, MOST_HEAVY = 9, FIRST_STREAM = 1 << 20 };

/* Which numbers of the stream are what. */
enum { AT_SIZE = 0, AT_NOISE = 4, AT_ATOM = 16, AT_PLACE = 64, AT_ORDER = 128, AT_RING = 256 };

typedef struct drawing { uint64_t seed, stream; } drawing;

static int below(const drawing *d, int index, int n)
{
    return (int)gk_rng_below(d->seed, GK_RNG_DATA, d->stream, (uint64_t)index, (uint32_t)n);
}

static double uniform(const drawing *d, int index)
{
    return gk_rng_uniform(d->seed, GK_RNG_DATA, d->stream, (uint64_t)index);
}

/* Hydrogens that an atom would still take. */
static int room(const gk_molecule *m, int atom)
{
    return gk_element_valence(m->atom[atom].element) - gk_atom_valence(m, atom);
}

/* Of 20: 14 C, 3 N, 2 O, 1 F, about as in QM9 but for its hydrogens. */
static uint8_t draw_element(const drawing *d, int atom)
{
    int which = below(d, AT_ATOM + atom, 20);
    return which < 14 ? 6 : which < 17 ? 7 : which < 19 ? 8 : 9;
}

/* An atom that is joined to one before it which has room, by a bond of order 1 (mostly), 2 or 3. */
static int add_atom(gk_molecule *m, const drawing *d)
{
    const int number = m->n_atom;
    int       choice[MOST_HEAVY], n = 0;
    for (int a = 0; a < number; a++)
        if (room(m, a) > 0)
            choice[n++] = a;
    if (n == 0)
        return 0;
    const int    to = choice[below(d, AT_PLACE + number, n)];
    const double u = uniform(d, AT_ORDER + number);
    m->atom[m->n_atom++] = (gk_atom){ .element = draw_element(d, number) };
    int most = room(m, to) < room(m, number) ? room(m, to) : room(m, number), order = u < 0.8 ? 1 : u < 0.95 ? 2 : 3;
    return gk_molecule_bond(m, to, number, order < most ? order : most);
}

/* A single bond between two atoms that have room and are no neighbours, two tries of three. */
static int close_ring(gk_molecule *m, const drawing *d, int which)
{
    const int a = below(d, AT_RING + 4 * which, m->n_atom), b = below(d, AT_RING + 4 * which + 1, m->n_atom);
    if (a == b || room(m, a) < 1 || room(m, b) < 1 || below(d, AT_RING + 4 * which + 2, 3) == 0)
        return 0;
    for (int i = 0; i < m->atom[a].n_bond; i++)
        if (gk_bond_other(&m->bond[m->atom[a].bond[i]], a) == b)
            return 0;
    return gk_molecule_bond(m, a, b, 1);
}

static int draw_molecule(gk_molecule *m, const drawing *d)
{
    const int n_heavy = 1 + below(d, AT_SIZE, MOST_HEAVY);
    m->n_atom = 1;
    m->n_bond = 0;
    m->atom[0] = (gk_atom){ .element = 6 };
    for (int a = 1; a < n_heavy; a++)
        if (add_atom(m, d) < 0)
            return -1;
    for (int ring = 0; ring < 2; ring++)
        if (close_ring(m, d, ring) < 0)
            return -1;
    return gk_molecule_settle(m);
}

/* Of the molecule with its hydrogens counted, not yet atoms. */
static double answer(const gk_molecule *m, const drawing *d)
{
    static const double of_atom[] = { [1] = 2.0, [6] = 8.5, [7] = 6.5, [8] = 4.8, [9] = 3.2 };
    double sum = 0.05 * gk_rng_normal(d->seed, GK_RNG_DATA, d->stream, AT_NOISE) - 0.5 * (m->n_bond - (m->n_atom - 1));
    for (int a = 0; a < m->n_atom; a++)
        sum += of_atom[m->atom[a].element] + m->atom[a].n_hydrogen * of_atom[1];
    for (int b = 0; b < m->n_bond; b++)
        sum += m->bond[b].order == 2 ? 1.0 : m->bond[b].order == 3 ? 1.5 : 0;
    return sum;
}

int gk_build_synth_mols(gk_dataset *dataset, const gk_data_args *args)
{
    const int64_t n = args->n_item > 0 ? args->n_item : N_MOLECULE;
    gk_arena      scratch = { 0 };
    double       *value = gk_arena_alloc(&scratch, (size_t)n * sizeof *value);
    gk_molecule  *molecule = gk_arena_alloc(&scratch, sizeof *molecule);
    gk_mols      *mols = gk_mols_new();
    int           status = mols ? 0 : -1;
    drawing       d = { .seed = gk_items_seed(args) };

    dataset->task = gk_task_name(args);
    for (int64_t i = 0; i < n && status == 0; i++) {
        d.stream = FIRST_STREAM + (uint64_t)i;
        status = draw_molecule(molecule, &d);
        value[i] = status == 0 ? answer(molecule, &d) : 0;
        status = status == 0 ? gk_mols_add(mols, molecule) : -1;
    }
    if (status == 0) {
        gk_mols_finish(mols, dataset);
        gk_targets_alloc(dataset, 1);
        for (int64_t i = 0; i < n; i++)
            dataset->target[i] = (float)value[i];
    }
    gk_mols_free(mols);
    gk_arena_release(&scratch);
    return status;
}
