# fetch qm9: each of the two files from where it is; offline it says what to put where.
. "$TOP/tests/cli/expect.bash"
export PATH=$TOP/tests/cli/grok-data/stand-in:$PATH SERVER=$PWD/server GROK_DATA=$PWD/data
mkdir server
not grok-data fetch qm9 2> err
grep -qF "cannot fetch 'qm9.csv' (no address has it): get it elsewhere, as from https://deepchemdata.s3-us-west-1" err
grep -qF "put it into '$GROK_DATA/qm9'; its sha256 is 3e668f8c34e4bc392a90d417a50a5eed3b64b842a817a633024bdc054c68ccb4" err
echo 'not QM9' > server/qm9.csv
not grok-data fetch qm9 2> err
grep -qF 'is another file than that of QM9' err
[ ! -e data ]    # no more than before
mkdir data
not grok-data fetch qm9 data/a//b/ 2> err
[ -z "$(ls data)" ]
fails 1 "there is no 'qm9.csv' in '$GROK_DATA/qm9' or '$GROK_DATA': 'grok-data fetch qm9' gets it" grok-data --task qm9 show
