#!/bin/bash
# All of QM9, atom by atom and bond by bond, against RDKit, pinned, in a virtual environment that this script makes: the checksum
# of the items is that of what RDKit makes of the same SMILES.  130,741 molecules (2026-11-27, RDKit 2026.9.1): equal, in 35 s.
. "$(dirname "$0")/../robust/common.bash"
table=
for name in qm9.csv qm9.csv.gz; do
    [ -n "$table" ] || [ ! -e "${GROK_DATA:-}/qm9/$name" ] || table=$GROK_DATA/qm9/$name
done
[ -n "$table" ] || { echo 'skipped: there is no QM9 in GROK_DATA'; finish; }
python=${GK_PYTHON_RDKIT:-}
if [ -z "$python" ]; then
    { python3 -m venv venv && venv/bin/pip -q install rdkit==2026.9.1 numpy==2.4.6; } > pip.log 2>&1 ||
        { tail -n 3 pip.log; echo 'skipped: RDKit cannot be installed here'; finish; }
    python=$PWD/venv/bin/python
fi
GROK_DATA='' grok-data import "$table" --smiles smiles --targets alpha -q -o items.h5
ours=$(h5dump -a /sha256 items.h5 | sed -n 's/.*"\([0-9a-f]*\)".*/\1/p')
check "sha256 $ours" [ "$ours" = "$("$python" "$(dirname "$0")/molecules.py" "$table" | cut -d ' ' -f 1)" ]
finish
