# - is standard input; --json gives one object a line; datasets are listed too
. "$TOP/tests/cli/expect.bash"
grok-data --task add --prime 7 --fraction 0.5 -q -o data.h5
grok-ls data.h5 > out
grep -q '^data.h5: dataset, ' out
grep -q '^  /token  *\[49, 3\]  int32' out
grok-ls - < data.h5 | tail -n +2 | diff - <(tail -n +2 out)
grok-ls --json data.h5 > json
grep -q '^{"object": "array", .*"name": "/token", "shape": "\[49, 3\]", "type": "int32", "n_bytes": 588' json
[ "$(grep -vc '^{.*}$' json)" = 0 ]
fails 1 "grok-ls: cannot read 'missing.h5': No such file or directory" grok-ls missing.h5
# a file that cannot be read does not keep the others from being listed
printf 'no checkpoint' > bad.h5
status=0
grok-ls data.h5 > one
grok-ls bad.h5 data.h5 missing.h5 data.h5 > both 2> err || status=$?
[ "$status" = 1 ]
cmp both <(cat one <(echo) one)
[ "$(wc -l < err)" = 2 ]
grep -q "^grok-ls: .*'bad.h5'" err
grep -q "^grok-ls: cannot read 'missing.h5': No such file or directory" err
# no checkpoint is a table; what makes one of it is told
fails 1 "cannot read 'data.h5': it is a checkpoint or a dataset, expected a text or table: grok-log and grok-detect" \
    grok-stat median a -i data.h5
