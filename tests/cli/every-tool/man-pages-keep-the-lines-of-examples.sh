# Examples stand in a man page as in --help: a line each.
command -v help2man > /dev/null || { echo 'skip: no help2man'; exit 0; }
for tool in grok-rows grok-stat; do
    "$TOP/mk/man.sh" "$(command -v $tool)" > page
    [ "$(grep -cx '\.nf' page)" = "$(grep -cx '\.fi' page)" ]
    "$tool" --help | grep '^  grok-' | sed 's/^  //' > examples
    [ "$(wc -l < examples)" -ge 2 ]
    awk '/^\.fi$/ { inside = 0 } inside { print } /^\.nf$/ { inside = 1 }' page |
        sed 's/\\f[BIR]//g; s/\\,//g; s/\\\///g; s/\\-/-/g' |
        grep '^grok-' | diff examples -
done
