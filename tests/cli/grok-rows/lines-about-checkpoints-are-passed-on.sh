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
