# output that cannot be written is an error, also for --help
for tool in "$BUILD"/bin/grok-*; do
    status=0
    "$tool" --help > /dev/full 2> err || status=$?
    [ "$status" = 1 ] || { echo "${tool##*/}: exit status $status"; exit 1; }
    [ "$(wc -l < err)" = 1 ]
done
