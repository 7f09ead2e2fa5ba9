# A table that is made of tables about runs says what these were made with, each file once, so that a verdict about it knows.
tiny=(--task add --prime 5 --model mlp --widths 8 --steps 3 --threads 1 -q)
grok-train "${tiny[@]}" --seed 0 --note 'by hand' -o a.h5
grok-train "${tiny[@]}" --seed 1 -o b.h5
grok-detect -o a.tsv a.h5
grok-detect -o b.tsv b.h5
grok-rows -o both.tsv of=a a.tsv of=b b.tsv
[ "$(grep -c '^# [ab]\.h5 sha256 .*, made by: grok-train ' both.tsv)" = 2 ]
grep -qx '# note of a.h5: by hand' both.tsv
grok-rows -o twice.tsv both.tsv a.tsv
[ "$(grep -c '^# a\.h5 sha256 ' twice.tsv)" = 1 ]
grok-rows --select run,norm=l2_end -o some.tsv a.tsv
grok-rows --join some.tsv --key run -o joined.tsv b.tsv
[ "$(grep -c '^# [ab]\.h5 sha256 ' joined.tsv)" = 2 ]
grok-stat median l2_end -i both.tsv -o median.tsv
[ "$(grep -c '^# [ab]\.h5 sha256 ' median.tsv)" = 2 ]
printf 'id: f.c1\nsays: x\npredicate: all(step_end = 3)\n' > c.claims
grok-claims --claims c.claims -o v.tsv both.tsv
grok-rows --select made,command v.tsv | tail -n 1 | grep -q 'cpu, fp32, .*grok-train .* -o a.h5; grok-train .* -o b.h5'

# so do other tools that make tables of tables,
grok-landscape "${tiny[@]}" --seed 0..4 --init-scale 1:2:4 -o map.h5
grok-log --landscape -o map.tsv map.h5
grok-trajectory map.tsv -y seed --through '1,0;2,4' -o path.tsv
grok-foretell --outcome 'l2_norm >= 6' --from alpha --held-out seed -o foretold.tsv map.tsv
for table in path foretold; do [ "$(grep -c '^# map\.h5 sha256 .*, made by: grok-landscape ' $table.tsv)" = 1 ]; done
# and what no checkpoint is behind has a line of its own
grok-cluster --task equidistant --show distances -o points.tsv
grok-rows -o tagged.tsv of=points points.tsv
grep -q '^# .* points of .*, grok-cluster .*, made by: grok-cluster --task equidistant ' tagged.tsv
printf 'id: g.c1\nsays: x\npredicate: all(of = points)\n' > g.claims
grok-claims --claims g.claims -o w.tsv tagged.tsv
grok-rows --select made,command w.tsv | tail -n 1 | grep -q '^grok-cluster .*grok-cluster --task equidistant '
