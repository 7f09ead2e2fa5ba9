/* test_molecules.c -- molecules from SMILES against what RDKit 2026.9.1 makes of them, what is refused, features, the table of
 * QM9, and the law of the stand-in.  (All of QM9 by its checksum, atom by atom: tests/slow/molecules.sh.) */
#include <stdlib.h>
#include <unistd.h>
#include "../test.h"
#include "data/build.h"
#include "data/mols.h"

/* --- reading -------------------------------------------------------------------------------------------------------- */

/* Atoms but hydrogens in their order, as tokens, and bonds between them in order of their atoms: - = # and : of aromatic ones. */
typedef struct known { const char *smiles, *atoms, *bonds; } known;
static const known molecules[] = {
    { "C", "CH4.sp3", "" },
    { "N#CC=O", "N.sp C.sp CH.sp2 O.sp2", "#-=" },
    { "c1ccccc1", "cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2", "::::::" },
    { "C1=CC=CC=C1", "cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2", "::::::" },
    { "c1cc[nH]c1", "cH.sp2 cH.sp2 cH.sp2 nH.sp2 cH.sp2", ":::::" },
    { "CC(=O)Nc1ccc(O)cc1", "CH3.sp3 C.sp2 O.sp2 NH.sp2 c.sp2 cH.sp2 cH.sp2 c.sp2 OH.sp2 cH.sp2 cH.sp2", "-=--::::-::" },
    { "C[N+](=O)[O-]", "CH3.sp3 N.sp2 O.sp2 O.sp2", "-=-" },
    { "CN(=O)=O", "CH3.sp3 N.sp2 O.sp2 O.sp2", "--=" },
    { "CN=N#N", "CH3.sp3 N.sp2 N.sp N.sp2", "-==" },
    { "[NH3+]CC([O-])=O", "NH3.sp3 CH2.sp3 C.sp2 O.sp2 O.sp2", "---=" },
    { "c1ccc2[nH]ccc2c1", "cH.sp2 cH.sp2 cH.sp2 c.sp2 nH.sp2 cH.sp2 cH.sp2 c.sp2 cH.sp2", "::::::::::" },
    { "O=c1cc[nH]cc1", "O.sp2 c.sp2 cH.sp2 cH.sp2 nH.sp2 cH.sp2 cH.sp2", "=::::::" },
    { "C1=CC=CC=CC=C1", "CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2", "=--=-=-=" },
    { "C%10CC%10", "CH2.sp3 CH2.sp3 CH2.sp3", "---" },
    { "F/C=C\\F", "F.sp3 CH.sp2 CH.sp2 F.sp3", "-=-" },
    { "N[C@@H](C)C(=O)O", "NH2.sp3 CH.sp3 CH3.sp3 C.sp2 O.sp2 OH.sp2", "---=-" },
    { "c1ccsc1", "cH.sp2 cH.sp2 cH.sp2 s.sp2 cH.sp2", ":::::" },
    { "CS(C)(=O)=O", "CH3.sp3 S.sp3 CH3.sp3 O.sp2 O.sp2", "--==" },
    { "C1CC2CC1C2", "CH2.sp3 CH2.sp3 CH.sp3 CH2.sp3 CH.sp3 CH2.sp3", "-------" },
    { "[13CH4]", "CH4.sp3", "" },
    { "Clc1ccccc1Br", "Cl.sp3 c.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 c.sp2 Br.sp3", "-::::::-" },
    { "O=C1C=CC1=O", "O.sp2 c.sp2 cH.sp2 cH.sp2 c.sp2 O.sp2", "=::::=" },
    { "C1=CC1=O", "cH.sp2 cH.sp2 c.sp2 O.sp2", ":::=" },
    { "c1ccc(-c2ccccc2)cc1",
      "cH.sp2 cH.sp2 cH.sp2 c.sp2 c.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2", "::::-::::::::" },
    { "CP(=O)(O)O", "CH3.sp3 P.sp3 O.sp2 OH.sp3 OH.sp3", "-=--" },
    { "[CH3]", "CH3.sp3", "" },
    { "[H][H]", "HH HH", "" },
    { "C1=CC2=CC=CC2=C1", "CH.sp2 CH.sp2 C.sp2 CH.sp2 CH.sp2 CH.sp2 C.sp2 CH.sp2", "=--=--=-=" },
    { "O1C=CC=CC=CC=C1", "O.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2 CH.sp2", "--=-=-=-=" },
    { "B(O)O", "BH.sp2 OH.sp3 OH.sp3", "--" },
    { "c1c[n+]([O-])ccn1", "cH.sp2 cH.sp2 n.sp2 O.sp2 cH.sp2 cH.sp2 n.sp2", ":::-:::" },
    { "C=[N+]=[N-]", "CH2.sp2 N.sp N.sp2", "==" },
    { "n1ccccc1.O", "n.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 cH.sp2 OH2.sp3", "::::::" },
    { "C12C3C4C1C5C2C3C45", "CH.sp3 CH.sp3 CH.sp3 CH.sp3 CH.sp3 CH.sp3 CH.sp3 CH.sp3", "------------" },
};
enum { N_KNOWN = sizeof molecules / sizeof *molecules };

/* A dataset of two such molecules; NULL: it cannot be read. */
static gk_dataset *items_of(const char *smiles)
{
    gk_mols     *mols = gk_mols_new();
    gk_molecule *m = malloc(sizeof *m);
    gk_dataset  *dataset = gk_dataset_begin();
    int          status = 0;
    for (int i = 0; i < 2 && status == 0; i++)
        status = gk_smiles_read(smiles, m) < 0 ? -1 : gk_mols_add(mols, m);
    if (status == 0)
        gk_mols_finish(mols, dataset);
    gk_mols_free(mols);
    free(m);
    if (status == 0)
        return dataset;
    gk_dataset_free(dataset);
    return NULL;
}

TEST(molecules_are_what_rdkit_makes_of_them)
{
    for (int i = 0; i < N_KNOWN; i++) {
        gk_dataset *d = items_of(molecules[i].smiles);
        if (!d)
            printf("'%s': %s\n", molecules[i].smiles, gk_error_message());
        CHECK(d != NULL);
        if (!d)
            continue;
        char   atoms[256] = "", bonds[64] = "";
        size_t n = 0, n_bond = 0;
        bool   only_hydrogen = strstr(molecules[i].smiles, "[H]") == molecules[i].smiles;
        for (int a = 0; a < d->n_token && (only_hydrogen || strcmp(d->vocab[d->token[a]], "H") != 0); a++)
            n += (size_t)snprintf(atoms + n, sizeof atoms - n, "%s%s", n ? " " : "", d->vocab[d->token[a]]);
        for (int64_t e = 0; e < d->edges.first[1] && !only_hydrogen; e++) {
            const uint8_t *edge = d->edges.at + 3 * e;
            if (strcmp(d->vocab[d->token[edge[1]]], "H") != 0)
                bonds[n_bond++] = "-=#:"[edge[2]];
        }
        CHECK_TEXT(atoms, molecules[i].atoms);
        CHECK_TEXT(bonds, molecules[i].bonds);
        gk_dataset_free(d);
    }
}

TEST(what_is_no_molecule_is_refused_with_its_place)
{
    static const char *const rows[][2] = {
        { "C1CC", "ring 1 is not closed" }, { "CC(C", "a branch is not closed" }, { "CC)C", "a ')' without '(' at character 3" },
        { "C(C)(C)(C)(C)C", "C with 5 bonds, its element has at most 4" }, { "N(C)(C)(C)C", "N with 4 bonds" },
        { "F=C", "F with 2 bonds" }, { "[OH3]", "O with 3 bonds" }, { "C[O-]C", "O with 2 bonds" },
        { "", "there is no atom" }, { "C==C", "two bonds on end at character 3" }, { "C-", "it ends with a bond" },
        { "=C", "a bond with nothing before it at character 1" }, { "C()C", "an empty branch at character 2" },
        { "(C)C", "a branch with nothing before it at character 1" }, { "C11", "joined to itself" },
        { "C12CC12", "joined twice" },
        { "C=1CC-1", "closed by two kinds of bond" }, { "c1cccc1", "lower case that cannot be given double bonds" },
        { "[C", "in brackets that does not end" }, { "[Xx]", "no element at character 2" },
        { "[CH4", "brackets that does not end" },
        { "CXC", "a sign that means nothing at character 2" }, { "C%1", "no two digits" },
        { "C\xc3\xa9", "a sign that means nothing" },
        { "C..C", "a '.' that parts nothing" }, { "[99999C]", "a number that is too large" },
        { "[C+99]", "a number that is too large" },
        { "[FH9]", "F with 9 bonds" }, { "C 1", "a sign that means nothing" },
        { "CcC", "in no ring" }, { "C[Cl]C", "Cl with 2 bonds" },
    };
    gk_molecule *m = malloc(sizeof *m);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int status = gk_smiles_read(rows[i][0], m);
        if (status == 0)
            printf("'%s' was read\n", rows[i][0]);
        CHECK_INT(status, -1);
        CHECK_CONTAINS(gk_error_message(), rows[i][1]);
    }
    char text[4000];
    memset(text, 'C', sizeof text);
    text[sizeof text - 1] = '\0';
    CHECK_INT(gk_smiles_read(text, m), -1);
    CHECK_CONTAINS(gk_error_message(), "more than 255 atoms");
    text[100] = '\0';    /* 100 of carbon have 202 hydrogens */
    CHECK(items_of(text) == NULL);
    CHECK_CONTAINS(gk_error_message(), "more than 255 atoms");
    memset(text, '(', 3999);
    text[0] = 'C';
    CHECK_INT(gk_smiles_read(text, m), -1);
    free(m);
}

/* Cages of many rings take no longer for it, and nothing hangs on where a molecule begins. */
TEST(rings_do_not_depend_on_the_order_of_atoms)
{
    static const char *const same[][2] = { { "c1ccc2ccccc2c1", "c12ccccc1cccc2" }, { "O=c1cc[nH]cc1", "[nH]1ccc(=O)cc1" },
                                           { "C1=CC2=CC=CC=C2O1", "O1C=CC2=C1C=CC=C2" } };
    for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
        gk_dataset *one = items_of(same[i][0]), *other = items_of(same[i][1]);
        int         n[2][16] = { { 0 } };
        CHECK(one && other && one->n_vocab == other->n_vocab);
        for (int t = 0; one && other && t < one->n_token; t++)
            n[0][one->token[t]]++, n[1][other->token[t]]++;
        CHECK(memcmp(n[0], n[1], sizeof n[0]) == 0);
        gk_dataset_free(one);
        gk_dataset_free(other);
    }
}

TEST(features_are_those_of_experiments)
{
    gk_dataset *d = items_of("c1ccncc1F");
    CHECK(d != NULL);
    CHECK_INT(d->edges.n_feature, 11);
    CHECK_INT(d->edges.n_type, 4);
    const float carbon[] = { 0, 1, 0, 0, 0, 6, 1, 0, 1, 0, 1 }, nitrogen[] = { 0, 0, 1, 0, 0, 7, 1, 0, 1, 0, 0 };
    const float fluorine[] = { 0, 0, 0, 0, 1, 9, 0, 0, 0, 1, 0 }, hydrogen[] = { 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0 };
    const float none[11] = { 0 };
    const struct { int atom; const float *expected; } rows[] = { { 0, carbon }, { 3, nitrogen }, { 6, fluorine },
                                                                 { 7, hydrogen } };
    for (int i = 0; i < 4; i++)
        CHECK(memcmp(d->edges.feature + 11 * d->token[rows[i].atom], rows[i].expected, sizeof none) == 0);
    CHECK(memcmp(d->edges.feature, none, sizeof none) == 0);
    CHECK_TEXT(d->vocab[0], GK_PAD_NAME);
    gk_dataset_free(d);
}

/* --- the stand-in ---------------------------------------------------------------------------------------------------- */

/* What the answer would be without noise, from the graph alone. */
static double truth(const gk_dataset *d, int64_t item)
{
    double sum = 0;
    int    n_node = 0, n_edge = (int)(d->edges.first[item + 1] - d->edges.first[item]);
    for (; n_node < d->n_token && d->token[item * d->n_token + n_node] > 0; n_node++) {
        const float *f = d->edges.feature + 11 * d->token[item * d->n_token + n_node];
        sum += 2.0 * f[0] + 8.5 * f[1] + 6.5 * f[2] + 4.8 * f[3] + 3.2 * f[4];
    }
    for (int64_t e = d->edges.first[item]; e < d->edges.first[item + 1]; e++)
        sum += d->edges.at[3 * e + 2] == 1 ? 1.0 : d->edges.at[3 * e + 2] == 2 ? 1.5 : 0;
    return sum - 0.5 * (n_edge - (n_node - 1));
}

static gk_dataset *stand_in(int64_t n, int64_t seed)
{
    gk_data_args args = { .task = gk_task_find("synth-mols"), .n_item = n, .fraction = 0.5, .data_seed = seed };
    return gk_dataset_new(&args);
}

TEST(synth_mols_answers_are_sums_over_the_molecule)
{
    gk_dataset *d = stand_in(500, 1), *small = stand_in(100, 1), *other = stand_in(100, 2);
    int         n_ring = 0, n_kekule = 0;
    double      square = 0;
    CHECK(d && small && other);
    CHECK_INT(d->n_item, 500);
    for (int64_t i = 0; i < d->n_item; i++) {
        bool is_aromatic = false;
        int  n_heavy = 0, n_node = 0;
        for (int t = 0; t < d->n_token && d->token[i * d->n_token + t] > 0; t++) {
            n_heavy += strcmp(d->vocab[d->token[i * d->n_token + t]], "H") != 0;
            n_node++;
        }
        for (int64_t e = d->edges.first[i]; e < d->edges.first[i + 1]; e++)
            is_aromatic = is_aromatic || d->edges.at[3 * e + 2] == 3;
        CHECK(n_heavy >= 1 && n_heavy <= 9);
        n_ring += d->edges.first[i + 1] - d->edges.first[i] > n_node - 1;
        if (is_aromatic)    /* its double bonds cannot be told any more */
            continue;
        n_kekule++;
        square += pow((double)d->target[i] - truth(d, i), 2);
    }
    CHECK(n_ring > 50 && n_ring < 450);
    CHECK(n_kekule > 450);
    CHECK_CLOSE(sqrt(square / n_kekule), 0.05, 0.01);    /* the noise */
    CHECK(memcmp(d->target, small->target, 100 * sizeof(float)) == 0);
    CHECK(memcmp(other->target, small->target, 100 * sizeof(float)) != 0);
    gk_dataset_free(d);
    gk_dataset_free(small);
    gk_dataset_free(other);
}

/* --- the table of QM9 ------------------------------------------------------------------------------------------------ */

static void write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    CHECK(file && fputs(text, file) >= 0 && fclose(file) == 0);
}

/* list: NULL: none beside it. */
static gk_dataset *read_table(const char *text, const char *list)
{
    char folder[] = "/tmp/test_molecules.XXXXXX", path[64], beside[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/qm9.csv", folder);
    snprintf(beside, sizeof beside, "%s/uncharacterized.txt", folder);
    write_text(path, text);
    if (list)
        write_text(beside, list);
    setenv("GROK_DATA", folder, 1);
    gk_data_args args = { .task = gk_task_find("qm9"), .fraction = 0.5, .data_seed = -1 };
    gk_dataset  *d = gk_dataset_new(&args);
    unlink(path);
    unlink(beside);
    rmdir(folder);
    return d;
}

TEST(qm9_is_a_table_of_smiles_and_polarizabilities)
{
    const char *const table = "mol_id,smiles,alpha\ngdb_1,C,13.21\ngdb_2,N,9.46\ngdb_58,NC(=N)C#N,6\ngdb_60,C1CC,7\n"
                              "gdb_61,CC,8\n";
    gk_dataset *d = read_table(table, " # Index\n     58      NC(=N)C#N   6.0\n no number\n");
    if (!d)
        printf("%s\n", gk_error_message());
    CHECK(d != NULL);
    CHECK_INT(d ? d->n_item : 0, 3);
    CHECK(d && d->target[0] == 13.21F && d->target[2] == 8.0F);
    CHECK_CONTAINS(d && d->left_out ? d->left_out : "", "1 of 4 molecules left out; row 4, 'C1CC': ring 1 is not closed");
    CHECK(d && !gk_dataset_stored_split(d));
    gk_dataset_free(d);
    static const char *const bad[][2] = {
        { "mol_id,smiles\n1,C\n2,N\n", "no column 'alpha'" }, { "id,alpha\n1,2\n2,3\n", "no column 'smiles'" },
        { "smiles,alpha\nC,1\nN,\n", "has no number in row 2" }, { "smiles,alpha\nC,x\nN,1\n", "'alpha' of" },
        { "smiles,alpha\n1,1\n2,2\n", "holds numbers, not SMILES" }, { "smiles,alpha\nC1,1\nX,2\n", "has 0 molecules" },
        { "smiles,alpha\nC,1\nN\n", "line 3 has 1 cells" },
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        CHECK(read_table(bad[i][0], NULL) == NULL);
        CHECK_CONTAINS(gk_error_message(), bad[i][1]);
    }
}

TEST_MAIN(
    RUN(molecules_are_what_rdkit_makes_of_them)
    RUN(what_is_no_molecule_is_refused_with_its_place)
    RUN(rings_do_not_depend_on_the_order_of_atoms)
    RUN(features_are_those_of_experiments)
    RUN(synth_mols_answers_are_sums_over_the_molecule)
    RUN(qm9_is_a_table_of_smiles_and_polarizabilities)
)
