# A table that was made in a pipe has lost the lines that say what trained its rows: no verdict about it.
. "$TOP/tests/cli/grok-paper/toy.bash"
cat > pipelines/toy-fig1.sh << 'END'
#!/bin/bash
. "$(dirname "$0")/toy.sh"
show -- alone 0 0.4
ready
tabulate "$out.runs.tsv" grok-detect
if [ -n "${PIPED:-}" ]; then
    grok-rows "$out.runs.tsv" | grok-rows method=alone - -o "$out.tagged.tsv"
else
    derived "$out.tagged.tsv" method=alone grok-rows "$out.runs.tsv"
fi
judge "$out.tagged.tsv"
END
status=0
SEEDS=0 PIPED=1 show_here home '' toy-fig1 2> err || status=$?
[ "$status" = 1 ]
grep -q "toy-fig1: 'home/toy/quick/toy-fig1.tagged.tsv' does not say where its rows come from" err
[ ! -e home/toy/quick/toy-fig1.claims.tsv ]
SEEDS=0 show_here home '' toy-fig1
grok-rows --select command home/toy/quick/toy-fig1.claims.tsv | tail -n 1 | grep -q '^grok-train .* --fraction 0.4'
