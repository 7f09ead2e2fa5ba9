# Reviews of one's own: right ones as a dataset whose file says the same; what is wrong with others is one line.
. "$TOP/tests/cli/expect.bash"
{ echo 'review,sentiment'
  for i in 1 2 3 4 5; do
      printf '"A ""fine"" film,<br /><br />number %d",positive\n"Dull; \xc3\xa9poque, and dull",negative\n' $i
  done
  echo ',positive'; } > mine.csv
grok-data --reviews mine.csv --words 5 --length 6 show -n 20 > shown
grep -q '^# reviews of mine.csv: 11 items of 6 tokens, 2 answers$' shown
grep -q '^# vocabulary: 6 tokens: <pad>  ' shown
grep -qF "$(printf '... dull \xc3\xa9poque dull\t0\tnegative\t')" shown
grep -q '	... fine film number	1	positive	' shown
grep -q '	... <pad>	1	positive	' shown    # the empty one
grok-data -q --reviews mine.csv --words 5 --length 6 -o mine.h5
grok-check mine.h5 > /dev/null
sed -i 's/^# reviews of.*//' shown
grok-data show mine.h5 -n 20 | sed 's/^# reviews of.*//' | diff shown -
gzip -k mine.csv
grok-data --reviews mine.csv.gz --words 5 --length 6 show -n 20 | sed 's/^# reviews of.*//' | diff shown -

# cells in quotes over several lines are the same items, and later rows keep their numbers
sed 's/,<br \/><br \/>number/,\n\r\nnumber/' mine.csv > several.csv
[ "$(wc -l < several.csv)" -gt "$(wc -l < mine.csv)" ]
grok-data --reviews several.csv --words 5 --length 6 show -n 20 | sed 's/^# reviews of.*//' | diff shown -

# a review of 10 MB is one item like another
{ cat mine.csv; printf '"'; yes 'fine dull ' | head -c 10000000 | tr -d '\n'; printf '",1\n'; } > long.csv
grok-data --reviews long.csv --words 5 --length 4 show -n 20 > shown
grep -q '# reviews of long.csv: 12 items' shown
grep -q '	fine dull fine dull	1	positive	' shown

wrong() { fails 1 "$1" grok-data --reviews "$2" show; }
head -c 60 mine.csv.gz > short.csv.gz
wrong "'short.csv.gz' is truncated: its compressed data end too early" short.csv.gz
{ cat mine.csv.gz; echo more; } > behind.csv.gz
wrong "'behind.csv.gz' goes on after its compressed data" behind.csv.gz
sed '3s/negative/mixed/' mine.csv > mixed.csv
wrong "row 2 of 'mixed.csv': the label 'mixed' is neither positive (pos, 1) nor negative (neg, 0)" mixed.csv
sed '/^Dull.*/d; 3,$s/negative/mixed/' several.csv > mixed.csv
wrong "row 2 of 'mixed.csv': the label 'mixed' is neither positive (pos, 1) nor negative (neg, 0)" mixed.csv
printf 'review,sentiment\n"a\nb",1\n"c\nd,0\ne,1\n' > open.csv
wrong "cannot read 'open.csv': line 4 has a quote that does not end" open.csv
sed '1s/sentiment/stars/' mine.csv > column.csv
wrong "no column 'sentiment' in 'column.csv': it has review stars" column.csv
printf 'review,sentiment\nno\0text,1\n' > nul.csv
wrong "cannot read 'nul.csv': it is no text (it has NUL bytes)" nul.csv
iconv -f utf8 -t latin1 mine.csv > latin.csv
wrong "byte e9 is not UTF-8; convert it first, as with 'iconv -f latin1 -t utf8'" latin.csv
fails 1 "'mine.csv' has 11 reviews, but --items asks for 12" grok-data --reviews mine.csv --items 12 show
fails 2 "'--task reviews' needs '--reviews FILE'" grok-data --task reviews show
fails 2 "'--reviews' has no effect here" grok-data --task add --reviews mine.csv show

# the archive cannot be had, and says what to put where
export PATH=$TOP/tests/cli/grok-data/stand-in:$PATH SERVER=$PWD/server GROK_DATA=$PWD/data
mkdir server
not grok-data fetch imdb 2> err
grep -qF "cannot fetch 'aclImdb_v1.tar.gz' (no address has it): get it elsewhere, as from https://ai.stanford.edu/" err
grep -qF "put it into '$GROK_DATA/imdb'; its sha256 is c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe" err
echo other > server/aclImdb_v1.tar.gz
not grok-data fetch imdb 2> err
grep -qF 'is another file than that of the Large Movie Review Dataset: 6 bytes' err
fails 1 "there is no 'aclImdb_v1.tar.gz' in '$GROK_DATA/imdb' or '$GROK_DATA': 'grok-data fetch imdb' gets it" \
    grok-data --task imdb show
