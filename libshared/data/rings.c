/* rings.c -- the smallest rings of a molecule: candidates are, for every atom and every bond, the shortest paths from the atom to
 * both ends of the bond [Horton 1987]; kept are those that are no sum of shorter ones, all of equal length together, so that
 * nothing hangs on the order of atoms. */
#include <stdlib.h>
#include <string.h>
#include "data/molecule.h"

enum { N_WORD = GK_BONDS_MAX / 64 };

typedef struct tree { int distance[GK_ATOMS_MAX], before[GK_ATOMS_MAX], by[GK_ATOMS_MAX]; } tree;

/* Shortest paths from an atom: the atom and the bond before each. */
static void grow(const gk_molecule *m, int from, tree *t)
{
    int queue[GK_ATOMS_MAX], n = 0;
    for (int a = 0; a < m->n_atom; a++)
        t->distance[a] = -1;
    t->distance[from] = 0;
    queue[n++] = from;
    for (int i = 0; i < n; i++)
        for (int k = 0; k < m->atom[queue[i]].n_bond; k++) {
            int bond = m->atom[queue[i]].bond[k], other = gk_bond_other(&m->bond[bond], queue[i]);
            if (t->distance[other] >= 0)
                continue;
            t->distance[other] = t->distance[queue[i]] + 1;
            t->before[other] = queue[i];
            t->by[other] = bond;
            queue[n++] = other;
        }
}

/* The ring of `bond` and the paths to its ends; false: they meet before `from`, or are not there. */
static bool close_ring(const gk_molecule *m, const tree *t, int from, int bond, gk_ring *ring)
{
    const int ends[] = { m->bond[bond].atom[0], m->bond[bond].atom[1] };
    bool      seen[GK_ATOMS_MAX] = { false };
    if (t->distance[ends[0]] < 0)
        return false;
    *ring = (gk_ring){ .n = 0 };
    ring->bond[bond / 64] |= UINT64_C(1) << bond % 64;
    for (int end = 0; end < 2; end++)
        for (int at = ends[end]; at != from; at = t->before[at]) {
            if (seen[at] || t->by[at] == bond)
                return false;
            seen[at] = true;
            ring->atom[ring->n++] = (uint8_t)at;
            ring->bond[t->by[at] / 64] |= UINT64_C(1) << t->by[at] % 64;
        }
    ring->atom[ring->n++] = (uint8_t)from;
    return ring->n > 2;
}

/* Rows of bits in echelon form: what the rings so far add up to. */
typedef struct basis { int n, pivot[GK_BONDS_MAX]; uint64_t row[GK_BONDS_MAX][N_WORD]; } basis;

/* Take from a row what the basis has of it; the first bit that is left, -1: none. */
static int reduce(const basis *b, uint64_t *row)
{
    for (int i = 0; i < b->n; i++)
        if (row[b->pivot[i] / 64] >> b->pivot[i] % 64 & 1)
            for (int w = 0; w < N_WORD; w++)
                row[w] ^= b->row[i][w];
    for (int bit = 0; bit < GK_BONDS_MAX; bit++)
        if (row[bit / 64] >> bit % 64 & 1)
            return bit;
    return -1;
}

static bool is_known(const gk_ring *ring, int n, const gk_ring *other)
{
    for (int i = 0; i < n; i++)
        if (memcmp(ring[i].bond, other->bond, sizeof other->bond) == 0)
            return true;
    return false;
}

/* All rings of a length that are no sum of shorter ones, behind those that there are. */
static int rings_of(const gk_molecule *m, int length, const tree *trees, const basis *shorter, gk_ring *ring, int n)
{
    for (int from = 0; from < m->n_atom; from++)
        for (int bond = 0; bond < m->n_bond && n < GK_RINGS_MAX; bond++) {
            const tree *t = &trees[from];
            gk_ring     found;
            int         far = t->distance[m->bond[bond].atom[0]] + t->distance[m->bond[bond].atom[1]] + 1;
            if (far != length || !close_ring(m, t, from, bond, &found) || is_known(ring, n, &found))
                continue;
            gk_ring rest = found;
            if (reduce(shorter, rest.bond) >= 0)
                ring[n++] = found;
        }
    return n;
}

int gk_molecule_rings(gk_molecule *m, gk_ring *ring)
{
    int n = 0, n_part = 0;
    for (int b = 0; b < m->n_bond; b++)
        m->bond[b].in_ring = false;
    tree  *trees = calloc((size_t)m->n_atom, sizeof *trees);
    basis *sums = calloc(1, sizeof *sums);
    gk_assert(trees && sums);
    for (int a = 0; a < m->n_atom; a++) {
        grow(m, a, &trees[a]);
        bool is_first = true;
        for (int other = 0; other < a; other++)
            is_first = is_first && trees[a].distance[other] < 0;
        n_part += is_first;
    }
    const int n_independent = m->n_bond - m->n_atom + n_part;
    for (int length = 3; length <= m->n_atom && sums->n < n_independent && n < GK_RINGS_MAX; length++) {
        const int first = n;
        n = rings_of(m, length, trees, sums, ring, n);
        for (int i = first; i < n; i++) {
            gk_ring rest = ring[i];
            int     pivot = reduce(sums, rest.bond);
            if (pivot < 0)
                continue;
            sums->pivot[sums->n] = pivot;
            memcpy(sums->row[sums->n++], rest.bond, sizeof rest.bond);
        }
    }
    for (int i = 0; i < n; i++)
        for (int b = 0; b < m->n_bond; b++)
            m->bond[b].in_ring = m->bond[b].in_ring || (ring[i].bond[b / 64] >> b % 64 & 1);
    free(trees);
    free(sums);
    return n;
}
