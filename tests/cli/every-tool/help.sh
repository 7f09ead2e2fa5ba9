# --help and --version print to standard output and exit 0; every tool says what its exit codes are
for tool in "$BUILD"/bin/grok-*; do
    name=${tool##*/}
    "$tool" --help > help 2> err
    [ ! -s err ]
    head -n 1 help | grep -q "^Usage: $name " || { echo "$name: --help begins with: $(head -n 1 help)"; exit 1; }
    [ -n "$(sed -n 2p help)" ] || { echo "$name: --help has no summary in its second line"; exit 1; }
    grep -qi 'exit status' help || { echo "$name: --help does not list the exit status"; exit 1; }
    if grep -n '.\{121\}' help; then echo "$name: --help has very long lines"; exit 1; fi
    "$tool" --version > version 2> err
    [ ! -s err ]
    head -n 1 version | grep -q "^$name (groktools) [0-9]" || { echo "$name: --version: $(head -n 1 version)"; exit 1; }
done
