# a wrong option is a usage error: exit 2, nothing on standard output, one line on standard error that names program and option
for tool in "$BUILD"/bin/grok-*; do
    name=${tool##*/} status=0
    "$tool" --no-such-option > out 2> err || status=$?
    [ "$status" = 2 ] || { echo "$name: exit status $status"; exit 1; }
    [ ! -s out ] || { echo "$name: wrote to standard output"; exit 1; }
    [ "$(wc -l < err)" = 1 ] || { echo "$name: $(wc -l < err) lines: $(cat err)"; exit 1; }
    grep -q "^$name: .*no-such-option" err || { echo "$name: $(cat err)"; exit 1; }
done
