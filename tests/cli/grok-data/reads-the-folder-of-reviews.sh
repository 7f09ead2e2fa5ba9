# The folder of the public archive of reviews, unpacked, is the archive: the same items in the same order, whatever its name.
. "$TOP/tests/cli/expect.bash"
unset GROK_DATA
mkdir -p data/imdb/aclImdb/{train,test}/{pos,neg} data/imdb/aclImdb/train/unsup
echo 'no review' > data/imdb/aclImdb/README
echo 'nor this' > data/imdb/aclImdb/train/unsup/0_0.txt
echo 'nor that' > data/imdb/aclImdb/train/pos/urls_pos.txt
for part in train test; do
    for id in 0 1 2 10; do
        printf 'fine film%c, a must\n<br />%s' "\\x$((61 + id))" $part$id > data/imdb/aclImdb/$part/pos/${id}_$((id % 4 + 7)).txt
        printf '"dull, dull" plot of number %s' "$part $id" > data/imdb/aclImdb/$part/neg/${id}_$((id % 4 + 1)).txt
    done
done
sha() { h5dump -a /sha256 "$1" | grep '(0)'; }
export GROK_DATA=$PWD/data
made=(--words 20 --length 6 -q -o)
grok-data --task imdb "${made[@]}" folder.h5
tar --format=ustar -C data/imdb -czf data/imdb/aclImdb_v1.tar.gz aclImdb
mv data/imdb/aclImdb mine
grok-data --task imdb "${made[@]}" archive.h5
grok-data --reviews mine "${made[@]}" named.h5
[ "$(sha folder.h5)" = "$(sha archive.h5)" ]
[ "$(sha named.h5)" = "$(sha archive.h5)" ]
grok-data show archive.h5 -n 20 > shown
grok-data show folder.h5 -n 20 | cmp - shown
grep -q '^# imdb: 16 items of 6 tokens, 2 answers$' shown
[ "$(grep -c 'fine film .*positive' shown)" = 8 ]
grep -q 'nor' shown && exit 1
# no part need be there, as in an archive; other items are other sums
mv mine/test .
grok-data --reviews mine "${made[@]}" fewer.h5
[ "$(sha fewer.h5)" != "$(sha archive.h5)" ]
mv test mine

wrong() { fails 1 "$1" grok-data --reviews mine show; }
printf 'a\0b' > mine/train/pos/5_7.txt
wrong "a review of 'mine/train/pos/5_7.txt' is no text (it has NUL bytes)"
rm mine/train/pos/5_7.txt
mkfifo mine/train/pos/5_7.txt
wrong "cannot read 'mine/train/pos/5_7.txt': it is not a regular file"
rm mine/train/pos/5_7.txt
ln -s 5_7.txt mine/train/pos/5_7.txt
wrong "cannot open 'mine/train/pos/5_7.txt': Too many levels of symbolic links"
rm mine/train/pos/5_7.txt
cp mine/train/pos/2_9.txt mine/train/pos/2_8.txt
wrong "'mine' has review 2 twice"
rm mine/train/pos/2_8.txt
truncate -s 70M mine/test/neg/7_1.txt
wrong "a review of 'mine/test/neg/7_1.txt' has 73400320 bytes, at most 67108864 are read"
rm mine/test/neg/7_1.txt
rm -r mine/test/neg
touch mine/test/neg
wrong "cannot read 'mine/test/neg': Not a directory"
rm -r mine/test/neg mine/train/neg
wrong "the 8 reviews of 'mine' are all positive: expected both kinds"
mkdir empty
fails 1 "'empty' has no reviews: expected files train/pos/0_9.txt and others" grok-data --reviews empty show
