# tasks by a table and by a group train, resume and evaluate; a table that changed in between is another task
. "$TOP/tests/cli/expect.bash"
small='--d-model 16 --n-head 2 --d-mlp 16 --threads 1 -q'
{ printf 'a,b,c\n'; for a in x y z; do for b in x y z; do echo "$a,$b,$a$b"; done; done; } > table.csv

# shellcheck disable=SC2086  # lists of options
grok-train --table table.csv --fraction 0.5 $small --steps 5 -o table.h5
grok-train --resume table.h5 --steps 9 -q
grok-log --config table.h5 | grep -qF table.csv
grok-eval --print predictions table.h5 | cut -f 6 | grep -qx 'x y ='
sed 's/x,y,xy/x,y,yx/' table.csv > other.csv
mv other.csv table.csv
fails 1 'table table.csv'                          grok-train --resume table.h5 --steps 12 -q

# shellcheck disable=SC2086
grok-train --finite-group S3,D3,C6 --fraction 0.5 $small --steps 5 -o groups.h5
grok-log --final groups.h5 | grep -v '^#' | grep -c . | grep -qx 4
grok-data --finite-group S3 show -n 36 | grep '^[0-9]' | awk -F '\t' '{ split($3, x, " "); print x[1] "\t" x[2] "\t" $5 }' |
    { printf 'a\tb\tc\n'; cat; } > s3.tsv
diff <(grok-data --finite-group s3.tsv show -n 36 | tail -n +4) <(grok-data --finite-group S3 show -n 36 | tail -n +4)

# what adds modulo 6 goes on in the group of 6 elements, by the names of its tokens; another vocabulary is refused
# shellcheck disable=SC2086
grok-train --formula '(a + b) % p' --prime 6 $small --steps 2 -o six.h5
# shellcheck disable=SC2086
grok-finetune --from six.h5 --finite-group C6 --fraction 0.5 $small --steps 2 -o on.h5 2> said
# shellcheck disable=SC2086
fails 2 'tokens' grok-finetune --from six.h5 --finite-group S3xC2 --fraction 0.5 $small --steps 2 -o x.h5

fails 1 "'table.csv' is no group: there is no product of x = x and y = xx"    grok-data --finite-group table.csv show
sed -i '$d' table.csv
fails 1 'has no row for a = z, b = z'              grok-data --table table.csv show
fails 2 "'Q8' is no group"                         grok-data --finite-group Q8 show
fails 2 "'--table' has no effect here"             grok-data --task group --table table.csv show
