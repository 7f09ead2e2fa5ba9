# fetch gets four files with curl, checks them, and goes on where it was interrupted.
. "$TOP/tests/cli/expect.bash"
real=${GROK_DATA:-}/mnist
[ -e "$real/train-images-idx3-ubyte.gz" ] || { echo "skip: no MNIST in GROK_DATA"; exit 0; }
export PATH=$TOP/tests/cli/grok-data/stand-in:$PATH SERVER=$PWD/server GROK_DATA=$PWD/data
mkdir server
cp "$real"/*.gz server
LIMIT=1000000 not grok-data fetch mnist 2> err
[ "$(stat -c %s data/mnist/train-images-idx3-ubyte.gz.part)" = 2000000 ]    # a part from each mirror
grok-data fetch mnist > out 2> log
[ ! -s out ]
grep -qF "MNIST is in '$GROK_DATA/mnist'" log
[ "$(find data/mnist -type f | wc -l)" = 4 ]
for file in data/mnist/*; do cmp "$file" "$real/${file##*/}"; done
rm asked
grok-data -q fetch mnist elsewhere 2> log
grok-data fetch mnist elsewhere 2>&1 | grep -qF "'elsewhere/t10k-labels-idx1-ubyte.gz' is there"
[ "$(wc -l < asked)" = 4 ]
grok-data --task mnist --size 60001 show 2>&1 | grep -qF 'size 60001 is larger than the 60000 train items'
