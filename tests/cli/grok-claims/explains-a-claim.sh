# --explain: the claim, the rows it looks at with the columns that it mentions, what let makes of them, each aggregate with its
# values, the verdict, what is missing, and how the tables were made.
. "$TOP/tests/cli/expect.bash"
cat > t.tsv << 'END'
# grok-detect a.h5
# a.h5 sha256 0123, made by: grok-train --seed 0
task	seed	step_end	step_test_95	other
add	0	1000	400	7
add	1	1000	inf	8
sub	0	1000	500	9
END
cat > c.claims << 'END'
every: task = add sub

id: f.c1
says: it gets there by $level
by: task
where: seed < 5
predicate: most(step_test_95 <= $level)
note: ours

id: f.c2
says: x
where: task=add
per: seed
let: t = median(step_test_95); twice = 2 * $t
predicate: max(twice | t < 1e9) <= 900 and n(twice > 0) = 2
END
grok-claims --claims c.claims --set level=2000 --scale paper --explain f.c1 t.tsv > found
cat > expected << 'END'
claim      f.c1
says       it gets there by $level
where      seed < 5
by         task
every      task = add sub
predicate  most(step_test_95 <= $level)
note       ours
set        level=2000

rows: 3 of 3
  task	seed	step_test_95
  add	0	400
  add	1	inf (from 1001 on)
  sub	0	500

measured
  add: most(step_test_95 <= $level) = 1 of 2 {400 inf}
  sub: most(step_test_95 <= $level) = 1 of 1 {500}

verdict    INCONCLUSIVE, 1 seed
missing    add: longer runs; add: 2 of 5 seeds; sub: 1 of 5 seeds

table      t.tsv
           grok-detect a.h5
           a.h5 sha256 0123, made by: grok-train --seed 0
END
diff expected found
grok-claims --claims c.claims --set level=1 --explain f.c2 t.tsv | sed -n '/^rows/,/^verdict/p' > found
cat > expected << 'END'
rows: 2 of 3
  task	seed	step_test_95
  add	0	400
  add	1	inf (from 1001 on)

made of them: 2
  seed	t	twice
  0	400	800
  1	inf (from 1001 on)	inf (from 2002 on)

measured
  max(twice | t < 1e9) = 800 {800}
  n(twice > 0) = 2 {800 inf} [0: t=400 twice=800] [1: t=inf twice=inf]

verdict    PASS, 1 seed
END
diff expected found
fails 2 "no claim 'f.c3' in 'c.claims' (did you mean 'f.c1'?)" grok-claims --claims c.claims --set level=1 --explain f.c3 t.tsv
fails 2 "--explain shows one of the --claims" grok-claims --explain f.c1 t.tsv
fails 2 "--explain shows one of the --claims" grok-claims --claims c.claims --explain f.c1 -o v.tsv t.tsv
fails 1 "no parameter '\$level'" grok-claims --claims c.claims --explain f.c1 t.tsv
