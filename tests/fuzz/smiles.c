/* smiles.c -- fuzz the reader of SMILES, and what is read off a molecule. */
#include "data/mols.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static gk_molecule molecule;
    char              *text = fuzz_text(data, size);
    gk_mols           *mols = gk_mols_new();
    int               status = mols && gk_smiles_read(text, &molecule) == 0 ? gk_mols_add(mols, &molecule) : -1;
    gk_mols_free(mols);
    free(text);
    return status < 0 ? -1 : 0;    /* what cannot be read is not worth keeping */
}
