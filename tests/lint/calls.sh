# Calls that are not made, or not made there.  Comments and texts do not count.
cd "${TOP:?tests/run runs this}"
wrong=0

# bare FILE: the code without comments and texts, as "FILE: code"
bare() {
    "${CC:-cc}" -fpreprocessed -dD -E -P -xc "$1" 2>/dev/null | sed -e 's/"\([^"\\]\|\\.\)*"/""/g' -e "s|^|$1: |"
}
for file in libshared/*/*.[ch] tools/*.[ch]; do
    [ ! -e "$file" ] || bare "$file"
done > "$OLDPWD/code"

# never PATTERN WHERE-IT-IS-FINE WHY
never() {
    local found
    found=$(grep -vE "^($2): " "$OLDPWD/code" | grep -E "(^|[^A-Za-z0-9_])($1)") || return 0
    printf '%s: %s\n' "$3" "$found"
    wrong=1
}
none='-'
never '(atoi|atol|atoll|atof) *\(' "$none" 'ignores what it cannot read (use gk_parse_int, gk_parse_real)'
never '(strcpy|strcat|sprintf|vsprintf|gets|alloca) *\(' "$none" 'knows no bounds'
never '(strtok|rand|srand|random|drand48) *\(' "$none" 'has a hidden state'
never 'GK_VERSION' 'libshared/base/options\.c' 'is known to one file only (use gk_version)'
never '(system|tmpnam|mktemp) *\(' "$none" 'hands names to others'
never '(on_exit|mallinfo2?|malloc_trim|backtrace|error|error_at_line|get_current_dir_name|canonicalize_file_name) *\(' \
    "$none" 'is glibc'"'"'s alone: musl and others have none'
never '_?exit *\(' 'libshared/base/(die|options|blas)\.c|tools/interrupt\.c' \
    'ends the program (only tools do, through base/die.h)'
never '(printf|vprintf|puts|putchar) *\(|stdout([^A-Za-z0-9_]|$)' 'libshared/base/(table|options|options_help|die)\.c|tools/.*' \
    'writes to standard output (base/table.h does)'
never 'H5[ADGOPST]close *\(' 'libshared/io/h5\.c' 'forgets a failure that HDF5 tells only now (use gk_h5_drop)'
never '(rename|renameat|mkstemp|mkostemp|creat) *\(' 'libshared/base/outfile\.c|tools/data_fetch\.c' \
    'writes a file in a way of its own (use base/outfile.h)'
never 'f(re)?open *\(|[^>A-Za-z0-9_.]open(at|64)? *\(' \
    'libshared/base/(syscalls|memory)\.c|libshared/graph/plugin\.c|tools/grok-check\.c' \
    'is not known to have been read (use base/input.h)'
exit $wrong
