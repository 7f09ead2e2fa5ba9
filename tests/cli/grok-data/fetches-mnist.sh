# fetch: without a network it says what to put where; a wrong file is not believed.
. "$TOP/tests/cli/expect.bash"
export PATH=$TOP/tests/cli/grok-data/stand-in:$PATH SERVER=$PWD/server GROK_DATA=$PWD/data
mkdir server

status=0
grok-data fetch mnist 2> err || status=$?
[ "$status" = 1 ]
grep -qF "cannot fetch 'train-images-idx3-ubyte.gz' (no address has it): get it elsewhere, as from https://" err
grep -qF "put it into '$GROK_DATA/mnist'; its sha256 is 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609" err
[ "$(wc -l < asked)" = 2 ]    # both addresses

# a wrong file is not believed, and does not stay
echo 'not MNIST' > server/train-images-idx3-ubyte.gz
not grok-data fetch mnist 2> err
grep -qF "is another file than that of MNIST: 10 bytes, or their checksum is wrong" err
[ ! -e data ]

fails 2 "fetch what? There are 'mnist', 'imdb'" grok-data fetch
fails 2 "no data set 'bogus'" grok-data fetch bogus
fails 2 "unexpected argument 'b'" grok-data fetch mnist a b
fails 1 "there is no 'train-images-idx3-ubyte.gz' in '$GROK_DATA/mnist' or '$GROK_DATA': 'grok-data fetch mnist' gets it" \
    grok-data --task mnist show
