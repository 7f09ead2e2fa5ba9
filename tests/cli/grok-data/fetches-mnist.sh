# fetch gets four files with curl, checks them, goes on where it was interrupted, and without a network says what to put where.
# curl is a stand-in here, which knows no address but gives what lies in $SERVER.
. "$TOP/tests/cli/expect.bash"
real=${GROK_DATA:-}/mnist
mkdir bin server
cat > bin/curl << 'END'
#!/bin/bash
# the last two words are the file and the address
file=${*: -2:1} url=${*: -1} from=$SERVER/${url##*/}
echo "$url" >> "$SERVER/../asked"
[ -e "$from" ] || { echo 'curl: (6) Could not resolve host' >&2; exit 6; }
have=$(stat -c %s "$file" 2> /dev/null || echo 0)
tail -c "+$((have + 1))" "$from" | head -c "${LIMIT:-100000000}" >> "$file"
[ -z "${LIMIT:-}" ] || exit 18
END
chmod +x bin/curl
export PATH=$PWD/bin:$PATH SERVER=$PWD/server GROK_DATA=$PWD/data

status=0
grok-data fetch mnist 2> err || status=$?
[ "$status" = 1 ]
grep -qF "cannot fetch 'train-images-idx3-ubyte.gz' (no mirror has it): get it elsewhere, as from https://" err
grep -qF "put it into '$GROK_DATA/mnist'; its sha256 is 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609" err
[ "$(wc -l < asked)" = 2 ]    # both mirrors

# a wrong file is not believed, and does not stay
echo 'not MNIST' > server/train-images-idx3-ubyte.gz
not grok-data fetch mnist 2> err
grep -qF "is another file than MNIST's: 10 bytes, or their checksum is wrong" err
[ -z "$(ls data/mnist)" ]

fails 2 "There is 'fetch mnist'" grok-data fetch
fails 2 "no data set 'bogus'" grok-data fetch bogus
fails 2 "unexpected argument 'b'" grok-data fetch mnist a b
fails 1 "there is no 'train-images-idx3-ubyte.gz' in '$GROK_DATA/mnist' or '$GROK_DATA': 'grok-data fetch mnist' gets it" \
    grok-data --task mnist show

# with the true files at hand, all of it: interrupted, continued, there
[ -e "$real/train-images-idx3-ubyte.gz" ] || exit 0
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
