/* public.c -- see public.h. */
#include "data/public.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/error.h"

const gk_public gk_public_sets[] = {
    /* LeCun et al. 1998, from where common libraries have it.  Images and labels to train on, then to test with. */
    { "mnist", "MNIST",
      { "https://ossci-datasets.s3.amazonaws.com/mnist/", "https://storage.googleapis.com/cvdf-datasets/mnist/" },
      { { "train-images-idx3-ubyte.gz", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609", NULL },
        { "train-labels-idx1-ubyte.gz", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c", NULL },
        { "t10k-images-idx3-ubyte.gz", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6", NULL },
        { "t10k-labels-idx1-ubyte.gz", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6", NULL } } },
    /* Maas et al. 2011, the authors' own page. */
    { "imdb", "the Large Movie Review Dataset",
      { "https://ai.stanford.edu/~amaas/data/sentiment/" },
      { { "aclImdb_v1.tar.gz", 84125825, "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe", NULL } } },
    /* Ramakrishnan et al. 2014: the table of MoleculeNet (Wu et al. 2018), with SMILES, and the authors' list of the 3054 that
     * failed their own check, which are left out. */
    { "qm9", "QM9",
      { "https://deepchemdata.s3-us-west-1.amazonaws.com/datasets/" },
      { { "qm9.csv", 29856825, "3e668f8c34e4bc392a90d417a50a5eed3b64b842a817a633024bdc054c68ccb4", NULL },
        { "uncharacterized.txt", 486752, "3aa5115d540b356de94791d4a74c3bf1ed91c469ecf52a4f5d7cc0506fe02e24",
          "https://ndownloader.figshare.com/files/3195404" } } },
    { 0 }
};

const gk_public *gk_public_find(const char *name)
{
    for (const gk_public *set = gk_public_sets; set->name; set++)
        if (strcmp(set->name, name) == 0)
            return set;
    return NULL;
}

const char *gk_public_folder(const gk_public *set, gk_arena *arena)
{
    const char *data = getenv("GROK_DATA"), *share = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data && *data)
        return gk_arena_printf(arena, "%s/%s", data, set->name);
    if (share && *share)
        return gk_arena_printf(arena, "%s/groktools/%s", share, set->name);
    return gk_arena_printf(arena, "%s/.local/share/groktools/%s", home && *home ? home : ".", set->name);
}

static const char *find_in(const char *folder, const char *const *names, int n, gk_arena *arena)
{
    for (int i = 0; i < n; i++) {
        const char *path = gk_arena_printf(arena, "%s/%s", folder, names[i]);
        if (access(path, F_OK) == 0)
            return path;
    }
    return NULL;
}

const char *gk_public_path(const gk_public *set, const char *const *names, int n, gk_arena *arena)
{
    const char *data = getenv("GROK_DATA"), *folder = gk_public_folder(set, arena);
    const char *path = find_in(folder, names, n, arena);
    if (!path && data && *data)
        path = find_in(data, names, n, arena);
    if (!path)
        gk_error("there is no '%s' in '%s'%s%s%s: 'grok-data fetch %s' gets it, and GROK_DATA names the folder of data", names[0],
                 folder, data && *data ? " or '" : "", data && *data ? data : "", data && *data ? "'" : "", set->name);
    return path;
}
