# What is misspelt in a claim is an error that says what was perhaps meant, and no SKIP; and a file of claims is read as it is,
# whoever wrote it.
. "$TOP/tests/cli/expect.bash"
printf 'task\tmethod\tseed\tacc\nadd\ttaught\t0\t1\nadd\talone\t0\t0\n' > t.tsv
claim() { printf 'values: method = smoothed\n\nid: f.c1\nsays: x\n%b\n' "$1" > c.claims; }
wrong() { claim "$1"; fails 1 "$2" grok-claims --claims c.claims t.tsv; }
wrong 'where: method=taugth\npredicate: most(acc > 0)' \
    "claim 'f.c1': 'method=taugth': no row has method = 'taugth' (did you mean 'taught'?)"
wrong 'where: mehtod=taught\npredicate: most(acc > 0)' "no table has a column 'mehtod' (did you mean 'method'?)"
wrong 'predicate: most(ac > 0)' "no table has a column 'ac' (did you mean 'acc'?)"
wrong 'predicate: most(acc > 0 | method=smothed)' "no row has method = 'smothed' (did you mean 'smoothed'?)"
wrong 'by: tsak\npredicate: most(acc > 0)' "no table has a column 'tsak' (did you mean 'task'?)"
wrong 'where: acc > 5\nby: tsak\npredicate: most(acc > 0)' "did you mean 'task'?"
wrong 'where: acc > 5\npredicate: most(acd > 0)' "did you mean 'acc'?"
wrong 'where: status = groc\npredicate: most(acc > 0)' "no table has a column 'status'"
wrong 'per: task\nlet: m = max(acc)\npredicate: most(n > 0)' "no table has a column 'n'"
wrong 'seeds: few\npredicate: most(acc > 0)' "line 3: 'seeds' is 'few', expected a number of at least 1"
wrong 'predicate: most(acc > 0)\npredicate: most(acc > 1)' "line 6: 'predicate' is there twice"
wrong 'wheer: acc > 0\npredicate: most(acc > 1)' "found 'wheer' (did you mean 'where'?)"
wrong 'predicate: most(acc > 0)\n\nid: f.c1\nsays: x\npredicate: most(acc > 0)' \
    "line 7: there is a claim 'f.c1' at line 3 already"
wrong 'predicate: most(acc > 0)\n\nvalues: method' "line 7: expected 'values: COLUMN = TEXT TEXT ...', found 'method'"
# what may be missing is not run, and no mistake
claim 'where: method=smoothed\npredicate: most(acc > 0)'
grok-claims --claims c.claims t.tsv | tail -n 1 | cut -f 6,8 | grep -qx "$(printf 'no such runs\tSKIP')"
grok-claims --claims c.claims --figure g t.tsv 2>&1 > none | grep -q "warning: no claim of 'c.claims' is of figure 'g'"
# a line of 100,000 letters is whole: its last word decides; marks, CR LF and CR are read
claim "predicate: most(acc > 0 | method=taught) and$(printf '%100000s' '') most(acc > 1)"
verdict() { grok-claims --claims c.claims t.tsv | tail -n 1 | cut -f 8; }
[ "$(verdict)" = FAIL ]
claim 'where: method=taught\n  and acc > 0\npredicate: most(acc > 0)'
for change in 's/$/\r/' '1s/^/\xef\xbb\xbf/'; do
    cp c.claims kept
    sed "$change" kept > c.claims
    [ "$(verdict)" = PASS ]
    cp kept c.claims
done
tr '\n' '\r' < kept > c.claims
[ "$(verdict)" = PASS ]
