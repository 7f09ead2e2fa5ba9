# What a case expects to go wrong; cases source this.  (A line that begins with ! does not end a case, whatever its command does.)

# not COMMAND...: the command fails
not() { ! "$@" || { echo "did not fail: $*"; return 1; }; }

# written: the files that are here, with sizes and times, but for those of fails
written() { find . ! -path . ! -path ./out ! -path ./err -printf '%p %s %T@\n' | sort; }

# fails STATUS MESSAGE COMMAND...: the command ends with that status, says one line with MESSAGE on standard error (warnings
# aside), prints nothing on standard output, and leaves every file as it was
fails() {
    local expected=$1 message=$2 found=0 before
    shift 2
    before=$(written)
    "$@" > out 2> err || found=$?
    [ "$found" = "$expected" ] || { echo "exit $found, expected $expected: $*"; cat err; return 1; }
    [ ! -s out ] || { echo "printed something: $*"; cat out; return 1; }
    [ "$(grep -vc ': warning: ' err)" = 1 ] || { echo "not one line: $*"; cat err; return 1; }
    grep -v ': warning: ' err | grep -qF -- "$message" || { echo "expected '$message': $*"; cat err; return 1; }
    [ "$before" = "$(written)" ] || { printf '%s\n' "files changed: $*" "$before" to "$(written)"; return 1; }
}
