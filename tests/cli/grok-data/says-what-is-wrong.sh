# every mistake is one line, with exit status 1 for what cannot be done and 2 for wrong usage
. "$TOP/tests/cli/expect.bash"
fails 2 '99 is not a prime (nearest: 97, 101)'                   grok-data --prime 99 -o x.h5
fails 2 '--prime'                                                grok-data --prime 1 -o x.h5
fails 2 '--prime'                                                grok-data --prime eleven -o x.h5
fails 2 '--prime'                                                grok-data --prime 97,113 -o x.h5
fails 2 '--task'                                                 grok-data --task bogus -o x.h5
fails 2 'fraction 0 leaves no train items: of 12769 items'       grok-data --fraction 0 -o x.h5
fails 2 'fraction 1 leaves no test items: of 12769 items'        grok-data --fraction 1 -o x.h5
fails 2 '--fraction'                                             grok-data --fraction 1.5 -o x.h5
fails 2 "size 12769 leaves no test items: 'add mod 113' has 12769" grok-data --size 12769 -o x.h5
fails 2 'size 101 is larger than the 100 train items'            grok-data --task teacher-student --size 101 -o x.h5
fails 2 'label-noise is for classes'                             grok-data --task teacher-student --label-noise 0.1 -o x.h5
fails 2 '--fraction and --size exclude each other'               grok-data --fraction 0.5 --size 7 -o x.h5
fails 2 "'--items' has no effect here"                            grok-data --items 7 -o x.h5
fails 2 "'--prime' has no effect here"                             grok-data --task mnist --prime 7 -o x.h5
fails 2 '--label-noise'                                          grok-data --label-noise -1 -o x.h5
fails 2 "'op-mod' needs a task with a modulus"                   grok-data --task s5 --sequence op-mod -o x.h5
fails 2 "'--prime' has no effect here"                             grok-data --task s5 --prime 7 -o x.h5
fails 2 'vocab-prime 97 is outside [113, '                       grok-data --vocab-prime 97 -o x.h5
fails 2 'nowhere to write'                                       grok-data --task add
fails 2 "'list' is not a command"                                grok-data list
fails 2 'writes to standard output'                              grok-data show -o x
fails 2 "--task cannot change the items of 'x'"                  grok-data --task add show x
fails 2 'it is for data that bring no split, without --split'    grok-data --split x --fraction 0.5 show
fails 1 "'missing.h5'"                                           grok-data show missing.h5
fails 1 "'/no/such/folder/x.h5'"                                 grok-data -o /no/such/folder/x.h5
fails 2 "--join cannot change the items of 'x'"                  grok-data --join add:97 show x
fails 2 'excludes --join and --also-eval'                        grok-data --also-eval add:97 --split x show
fails 2 "found 'add:97:0.1:2:3'"                                 grok-data --join add:97:0.1:2:3 show
fails 2 "'--join ': expected TASK:PRIME"                         grok-data --join '' show
fails 2 'more than 8 tasks'                                      grok-data --join "$(printf 'add:7+%.0s' {1..20})add:7" show
fails 2 'different answers to the same tokens'                   grok-data --join add:97 show
fails 2 "have one token for both '+' and '*'"                    grok-data --sequence op-mod --join multiply:97 show
fails 2 "task 's5' is not arithmetic modulo a prime"                                 grok-data --task s5 --also-eval add:97 show
fails 2 'p2: fraction 1e-09 leaves no train items'               grok-data --sequence op-mod --join add:97:1e-9 show
[ ! -e x.h5 ]
echo 'not HDF5' > text
fails 1 "'text'"                                                 grok-data show text

# a full disk is noticed
status=0
grok-data show -n 12769 > /dev/full 2> err || status=$?
[ "$status" = 1 ]
[ "$(wc -l < err)" = 1 ]
status=0
grok-data -o - > /dev/full 2> err || status=$?
[ "$status" = 1 ]
[ "$(wc -l < err)" = 1 ]
