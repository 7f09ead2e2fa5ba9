# What carries the stamp of the CUDA plug-in is made anew when any of the headers that the stamp is made of changes
relative=${BUILD#"$TOP"/}    # relative, if it can be: make has no names with blanks
objects="$relative/obj/libshared/graph/plugin.o $relative/obj/emulated/plugin_32.o $relative/obj/cuda/plugin_32.o"
here=$PWD
cd "${TOP:?tests/run runs this}"
# shellcheck disable=SC2086  # a list of words
env -u MAKEFLAGS -u MAKELEVEL make -npr BUILD="$relative" $objects > "$here/rules" 2> "$here/err" || { cat "$here/err"; exit 1; }
sed -n 's/^SHARED_H := //p' "$here/rules" | tr ' ' '\n' > "$here/headers"
grep -qx 'libshared/graph/formula.h' "$here/headers"
wrong=0
for object in $objects; do
    sed -n "s|^$object: ||p" "$here/rules" | tr ' ' '\n' | sort -u > "$here/needs"
    missing=$(sort "$here/headers" | comm -23 - "$here/needs")
    [ -z "$missing" ] || { printf '%s does not need %s\n' "$object" "$missing"; wrong=1; }
done
exit $wrong
