# No case has a check that cannot end it: bash -e goes on after a command behind ! that is no condition, and after all but the
# last of commands with && between them.  (tests/cli/expect.bash has `not` and `fails`; lines of their own do for the rest.)
cd "${TOP:?tests/run runs this}"
wrong=0
search() { if grep -nE "$1" tests/cli/*/*.sh tests/lint/*.sh | grep -vE "$2"; then wrong=1; fi; }
search '^([^#]*(&&|\|\||[;{|]))?[[:blank:]]*! ' '\|\| \{'
search '^[[:blank:]]*(\[|grep|cmp|diff) [^#]*&&' '&& (exit|\{|wrong=)|awk'
exit $wrong
