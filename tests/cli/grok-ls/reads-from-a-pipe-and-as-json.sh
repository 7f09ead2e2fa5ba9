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
