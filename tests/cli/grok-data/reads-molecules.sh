# Molecules of one's own, as graphs: what cannot be read is left out and counted; what is no table of molecules is refused.
. "$TOP/tests/cli/expect.bash"
printf 'smiles,alpha,kind\nC,13.2,a\nC1CC,1,a\nCCO,30.1,b\nc1ccccc1,60,b\nC(C)(C)(C)(C)C,1,a\nC(,1,b\n' > mols.csv
grok-data import mols.csv --smiles smiles --targets alpha -o mols.h5 2> said
grep -q "'mols.csv': 3 of 6 molecules left out; row 2, 'C1CC': ring 1 is not closed" said
grok-data show mols.h5 > shown
grep -q '^# graphs: tokens are nodes, of 11 features; 24 edges, single, double, triple, aromatic' shown
grep -q 'CH3.sp3 CH2.sp3 OH.sp3 H H H H H ...	30.1$' shown
gzip -k mols.csv
grok-data import mols.csv.gz --smiles smiles --label kind -o kinds.h5 -q 2> /dev/null
grok-data show kinds.h5 | grep -q '# subclasses by own: 2'
grok-data import mols.csv --smiles smiles --targets alpha --dry-run 2> /dev/null | grep -q '^items.3 of 12 nodes or fewer$'
grok-check mols.h5 > /dev/null

out=(--targets alpha -o x.h5)
fails 2 "no column 'smile'" grok-data import mols.csv --smiles smile "${out[@]}"
fails 1 'holds numbers, not SMILES' grok-data import mols.csv --smiles alpha "${out[@]}"
fails 2 'Give --tokens, --reals or --smiles, one of them' grok-data import mols.csv --smiles smiles --reals alpha "${out[@]}"
printf 'smiles,alpha\nC1CC,1\nX,2\n' > none.csv
fails 1 "has 0 molecules that can be read, expected 2 or more: row 1, 'C1CC'" \
    grok-data import none.csv --smiles smiles "${out[@]}"
printf 'smiles,alpha\nC,1\nN\0N,2\n' > nul.csv
fails 1 'NUL bytes' grok-data import nul.csv --smiles smiles "${out[@]}"
head -c 60 mols.csv.gz > cut.csv.gz
fails 1 'is truncated' grok-data import cut.csv.gz --smiles smiles "${out[@]}"
{ echo smiles,alpha; echo C,1; echo N,2; head -c 3000000 /dev/zero | tr '\0' C; echo ,3; } > long.csv
grok-data import long.csv --smiles smiles --targets alpha -o long.h5 2> said
grep -q "1 of 3 molecules left out; row 3, 'CCCCCCCC.*': more than 255 atoms" said
printf 'smiles,alpha\n[He],1\n[Ne],2\n' > noble.csv    # graphs without any edge
grok-data import noble.csv --smiles smiles --targets alpha -q -o noble.h5
grok-data show noble.h5 | grep -q '^# graphs: tokens are nodes, of 11 features; 0 edges'
mkdir qm9
printf 'smiles,mu\nC,1\nN,2\n' > qm9/qm9.csv
GROK_DATA=$PWD fails 1 "no column 'alpha'" grok-data --task qm9 show
printf 'smiles,alpha\nC,1\nN,2\nO,3\n' > qm9/qm9.csv
GROK_DATA=$PWD grok-data --task qm9 --items 2 --fraction 0.5 show | grep -q '# split: 1 train, 1 test'
GROK_DATA=$PWD fails 1 'has 3 molecules, fewer than the 9' grok-data --task qm9 --items 9 show
