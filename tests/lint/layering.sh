# Each folder includes only itself, what the table lists, and system headers; some system headers have one place.
cd "${TOP:?tests/run runs this}"

allowed() {
    case $1 in
    base)                ;;
    graph|io|analysis)   echo base ;;
    cpu|models|cuda)     echo base graph ;;
    data)                echo base io table ;;
    train)               echo base graph models io data ;;
    table)               echo base io analysis ;;
    plot)                echo base io analysis train table ;;
    tools)               echo base graph models io data train analysis table plot ;;
    *)                   echo "$1: no such layer" >&2; return 1 ;;
    esac
}

wrong=0
for file in libshared/*/*.[ch] libshared/*/*.def tools/*.[ch] cuda/*.cu cuda/*.h; do
    [ -e "$file" ] || continue
    case $file in tools/*|cuda/*) layer=${file%%/*} ;; *) layer=${file#libshared/} layer=${layer%%/*} ;; esac
    may=" $layer $(allowed "$layer") "
    sed -n 's/^ *# *include *"\([^"]*\)".*/\1/p' "$file" > "$OLDPWD/headers"
    while read -r header; do
        case $header in */*) ;; *) continue ;; esac
        [[ $may == *" ${header%%/*} "* ]] || { echo "$file includes $header"; wrong=1; }
    done < "$OLDPWD/headers"
done

# only HEADER PATTERN: the system header may be included by the files that match the pattern
only() {
    local found
    found=$(grep -lE "^ *# *include *<$1>" libshared/*/*.[ch] tools/*.[ch] cuda/*.cu cuda/*.h |
        grep -vE "^($2)$") || return 0
    echo "<$1> in $found"
    wrong=1
}
only 'hdf5(_hl)?\.h' 'libshared/io/h5[a-z_]*\.[ch]'
only 'cblas\.h'      'libshared/base/blas\.c'
only 'dlfcn\.h'      'libshared/(graph/plugin|base/blas)\.c'
exit $wrong
