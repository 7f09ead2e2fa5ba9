# What a user has typed wrongly ends with exit status 2 and one line that says how to get help, whichever part of a tool finds
# it out; what a file or the machine has wrong ends with 1.
. "$TOP/tests/cli/expect.bash"
tiny='--prime 5 --sequence op-mod --d-model 8 --n-head 2 --d-mlp 8 --fraction 0.5 --threads 1 --device cpu -q'
# shellcheck disable=SC2086
grok-train $tiny --steps 5 --seed 0,1 -o two.h5
printf 'x\ty\n1\t2\n' > t.tsv

# wrong MESSAGE COMMAND...
wrong() {
    fails 2 "$1" "${@:2}"
    grep -qF "(try '$2 --help')" err || { echo "no advice: ${*:2}"; cat err; exit 1; }
}
wrong '12 is not a prime'                             grok-train --prime 12 -o x.h5
wrong "invalid value '0/3' for '--shard'"             grok-train --shard 0/3 -o x.h5
wrong 'is not a multiple of 3 heads'                  grok-train --n-head 3 -o x.h5
wrong 'fraction 0 leaves no train items'              grok-train --fraction 0 -o x.h5
wrong "no metric 'accuracy'"                          grok-train --stop 'accuracy>1' -o x.h5
wrong "no metric 'tset_acc' (did you mean 'test_acc'?)" grok-train --stop 'tset_acc>1' -o x.h5
wrong "there is no task 'ad' (did you mean 'add'?)"   grok-train --sequence op-mod --join ad:7 -o x.h5
wrong "invalid value 'adamm' for '--optimizer' (did you mean 'adamw'?)" grok-train --optimizer adamm -o x.h5
wrong "(did you mean '--weight-decay'?)"              grok-train --weight-dceay 1 -o x.h5
wrong "(did you mean 'nanda'?)"                       grok-train --preset nandda -o x.h5
wrong "(did you mean 'mlp-784'?)"                     grok-train --model mlp-783 -o x.h5
wrong "widths '8xx'"                                  grok-train --model mlp --widths 8xx -o x.h5
wrong "size 25 leaves no test items"                  grok-train --prime 5 --size 25 -o x.h5
wrong "'--data' and '--task' cannot both be given"    grok-train --data two.h5 --task add -o x.h5
wrong "none with seed 3"                              grok-distill --teacher two.h5 --prime 5 --seed 3 -o x.h5
wrong "there is no run 9"                             grok-distill --teacher two.h5 --teacher-run 9 --prime 5 -o x.h5
wrong "no parameter matches 'blok*'"                  grok-finetune --from two.h5 --seed 0 --freeze 'blok*' -o x.h5
wrong '6 is not a prime'                              grok-data --prime 6 show
wrong "fraction 1 leaves no test items"               grok-data --prime 5 --fraction 1 show
wrong "invalid value '2' for '--level'"               grok-detect --level 2 two.h5
wrong "'--select' has no effect here: it is for --landscape"  grok-log --select end two.h5
wrong "'--least' has no effect here"                  grok-fourier --spectrum embedding --least 0.1 two.h5
wrong "'--gamma' has no effect here: it is for a path from --start" grok-trajectory t.tsv --through '0;1' --gamma 1
wrong "'--points' has no effect here"                 grok-trajectory t.tsv --start 0 --points 3
wrong "'--blur' has no effect here: it is for maps"   grok-plot t.tsv -x x -y y --blur 1 --term
wrong "'--band' has no effect here: it is for curves" grok-plot t.tsv --heatmap y -x x -y y --band none --term
wrong 'unknown option'                                grok-check --sael two.h5
wrong 'missing argument'                              grok-ls
wrong 'missing argument'                              grok-log
wrong "invalid value 'snapshot' for '--from' (did you mean 'snapshots'?)" grok-norms --from snapshot two.h5
wrong "invalid value"                                 grok-fourier --least 2 two.h5
wrong "missing option '--output'"                     grok-merge two.h5
wrong "'fraction' is not OPTION=VALUES"               grok-pick two.h5 fraction -o x.h5
wrong "there is no figure 'kd-fig9'"                  grok-paper kd-fig9 -o x.tar
wrong "no setting 'TASK'"                             grok-paper TASK=add kd -o x.tar
wrong "missing option '--output'"                     grok-paper kd-fig4b
wrong "invalid value 'ten' for '--minutes'"           grok-paper kd-fig4b --minutes ten -o x.tar
wrong "give '--start X,Y'"                            grok-trajectory t.tsv
wrong "invalid value"                                 grok-stat -i t.tsv quantile y --quantile 2
wrong "expected LOW:HIGH"                             grok-plot t.tsv -x x -y y --xrange 3 --term

# files and the machine
fails 1 "'none.h5'"              grok-train --resume none.h5
fails 1 "'none.h5'"              grok-distill --teacher none.h5 -o x.h5
fails 1 "no/such"                grok-train --prime 5 -o no/such/x.h5
fails 1 "'none.tsv'"             grok-stat -i none.tsv median y
