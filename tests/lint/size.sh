# No file is longer than 500 lines, no line of code wider than 130 characters; no blanks at the end, no tabs in C.
cd "$TOP"
wrong=0
export LC_ALL=C.UTF-8    # a character may be several bytes
while IFS= read -r -d '' file; do
    n_line=$(wc -l < "$file")
    [ "$n_line" -le 500 ] || { echo "$file: $n_line lines"; wrong=1; }
    grep -HnE '.{131}' "$file" && wrong=1
    grep -HnE '[[:blank:]]$' "$file" && wrong=1
    case $file in *.[ch]|*.def|*.cu|*.cuh) grep -Hn "$(printf '\t')" "$file" && wrong=1 ;; esac
done < <(find . -name .git -prune -o -path ./build -prune -o -type f \
    \( -name '*.[ch]' -o -name '*.def' -o -name '*.cu' -o -name '*.cuh' -o -name '*.sh' -o -name '*.gp' -o -name '*.awk' \
       -o -name '*.py' -o -name '*.mk' -o -name Makefile -o -name run -o -path './tools/*' \) -print0)
exit $wrong
