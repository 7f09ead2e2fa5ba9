. "$TOP/tests/cli/expect.bash"
try() { fails "$1" "$2" grok-critical --runs runs.tsv --value z -q "${@:3}"; }
table() { printf "printf '%s' " "$1"; }
fails 2 'outcomes need a file' grok-critical -- true
try 2 "'--from 0.5' is not below '--to 0.4'" --from 0.5 --to 0.4 -- true
try 2 "'--precision 0.31' is not finer than the range from 0.1 to 0.4" --from 0.1 --to 0.4 --precision 0.31 -- true
try 2 'the command has one of {x} and {seed}' -- sh -c '{x}'
try 1 "cannot run 'no-such-program'" -- no-such-program '{x}' '{seed}'
try 1 "what 'sh' printed: no column 'z' in 'standard output': it has y" -- sh -c "$(table 'y\n1\n') # {x} {seed}"
try 1 "what 'sh' printed: cannot read 'standard output': no header line" -- sh -c ': {x} {seed}'
try 1 "what 'sh' printed: cannot read 'standard output': it is no text" -- sh -c "printf 'a\\0'; : {x} {seed}"
try 1 "column 'z' holds texts" -- sh -c "$(table 'z\nmuch\n') # {x} {seed}"
try 1 "has no column 'seed' of numbers, and 2 rows" --seed 0,1 -- sh -c "$(table 'z\n1\n1\n') # {x} {seed}"
try 1 'has no row of seed 1' --seed 1,0 -- sh -c "$(table 'seed\tz\n0\t1\n') # {x} {seed}"
try 1 'has several rows of seed 0' -- sh -c "$(table 'seed\tz\n0\t1\n0\t1\n') # {x} {seed}"
# after rounds whose outcomes are kept: an answer
ends() {
    status=0
    grok-critical --runs runs.tsv --value z -q "${@:2}" 2> said || status=$?
    [ "$status" = 3 ]
    grep -qF "$1" said
}
ends 'both ends agree: 1 of 1 seeds succeed at 0.05 already' -- sh -c "$(table 'z\n1\n') # {x} {seed}"
rm runs.tsv
ends 'both ends agree: 1 of 1 seeds fail at 0.95 still' -- sh -c "$(table 'z\nnan\n') # {x} {seed}"
try 2 "'runs.tsv' has no outcomes of this command" -- sh -c "$(table 'z\n0\n') # {x} {seed}"
printf 'fraction\tseed\n' > runs.tsv
try 2 "'runs.tsv' has no outcomes of this command" -- true
