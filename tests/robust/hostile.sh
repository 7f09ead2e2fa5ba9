#!/bin/bash
# Small files with a right seal, made to cost much (hostile.c): every tool that reads them ends, in 10 s of CPU time and 1 GB.
. "$(dirname "$0")/common.bash"

# bounded COMMAND...: it ends by itself, done or with one line, in 10 s of CPU time and 1 GB of address space
bounded() {
    local status=0
    (ulimit -v 1000000 -t 10 && OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 exec "$@") > out 2> err < /dev/null || status=$?
    [ "$status" -le 3 ] || { echo "status $status: $*"; head -c 1000 err; return 1; }
    [ "$status" = 0 ] || [ "$status" = 3 ] || [ "$(wc -l < err)" = 1 ] || { echo "not one line: $*"; head -n 5 err; return 1; }
}

for kind in replicas nested deep lineage ladder links; do
    check "$kind" "$BUILD/robust/hostile" "$kind" $kind.h5
    [ "$(stat -c %s $kind.h5)" -lt 10000000 ] || failed "$kind is no small file"
    for tool in grok-ls 'grok-check' 'grok-log --final' grok-norms grok-detect 'grok-train --resume' 'grok-data show'; do
        # shellcheck disable=SC2086  # a command with arguments
        check "$tool: $kind" bounded $tool $kind.h5
    done
    check "grok-finetune: $kind" bounded grok-finetune --from $kind.h5 --steps 1 -o x.h5
    check "grok-merge: $kind" bounded grok-merge $kind.h5 $kind.h5 -o x.h5
done
for kind in 'ladder linked several times' 'links linked several times' 'deep nested too deeply' 'lineage is too long'; do
    check "${kind%% *} is refused" exits 1 grok-ls "${kind%% *}.h5"
    check "${kind%% *}: why" grep -q "${kind#* }" err
done
finish
