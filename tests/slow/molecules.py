# molecules.py -- the sha256 that libshared/data/FORMAT.md says for the items of a table of molecules, where atoms and bonds are
# what RDKit makes of the SMILES.  usage: molecules.py TABLE.csv[.gz]; prints the sum and RDKit's version.
import csv, gzip, hashlib, sys
import numpy, rdkit
from rdkit import Chem, RDLogger

RDLogger.DisableLog("rdApp.*")
HYBRID = {Chem.HybridizationType.SP: 1, Chem.HybridizationType.SP2: 2, Chem.HybridizationType.SP3: 3}
BOND = {Chem.BondType.SINGLE: 0, Chem.BondType.DOUBLE: 1, Chem.BondType.TRIPLE: 2, Chem.BondType.AROMATIC: 3}


def kind(atom):
    n_hydrogen = sum(n.GetAtomicNum() == 1 for n in atom.GetNeighbors())
    return n_hydrogen, HYBRID.get(atom.GetHybridization(), 0), int(atom.GetIsAromatic()), atom.GetAtomicNum()


def feature(k):
    n_hydrogen, hybrid, aromatic, element = k
    return ([float(element == e) for e in (1, 6, 7, 8, 9)] + [element, aromatic] +
            [float(hybrid == h) for h in (1, 2, 3)] + [n_hydrogen])


path = sys.argv[1]
with (gzip.open if path.endswith(".gz") else open)(path, "rt") as file:
    rows = list(csv.DictReader(file))
molecules, edges = [], []
for row in rows:
    m = Chem.AddHs(Chem.MolFromSmiles(row["smiles"]))
    molecules.append([kind(a) for a in m.GetAtoms()])
    edges.append(sorted((min(b.GetBeginAtomIdx(), b.GetEndAtomIdx()), max(b.GetBeginAtomIdx(), b.GetEndAtomIdx()),
                         BOND[b.GetBondType()]) for b in m.GetBonds()))
kinds = sorted(set(k for m in molecules for k in m))
token = {k: 1 + i for i, k in enumerate(kinds)}
n, width = len(rows), max(map(len, molecules))
sizes = [n, width, 0, 1 + len(kinds), 1, 1]
summed = hashlib.sha256()
summed.update(numpy.array(sizes, "<i8").tobytes())
summed.update(numpy.array([[token[k] for k in m] + [0] * (width - len(m)) for m in molecules], "<i4").tobytes())
summed.update(numpy.zeros(n, "<i4").tobytes())
summed.update(numpy.array([1], "<i8").tobytes())
summed.update(numpy.array([float(row["alpha"]) for row in rows], "<f4").tobytes())
summed.update(numpy.array([4, 11], "<i8").tobytes())
summed.update(numpy.array([[0.0] * 11] + [feature(k) for k in kinds], "<f4").tobytes())
summed.update(numpy.cumsum([len(e) for e in edges]).astype("<i8").tobytes())
summed.update(numpy.array([x for e in edges for x in e], "u1").tobytes())
print(summed.hexdigest(), "RDKit", rdkit.__version__)
