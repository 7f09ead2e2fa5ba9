#!/bin/sh
# install.sh [--remove] -- copy what BUILD holds below DESTDIR/PREFIX, or remove it from there.  Called by the Makefile.
set -eu
remove=${1:-}
root=$DESTDIR$PREFIX
staged=$BUILD/install
mkdir -p "$staged"
tools=$(cd "$BUILD/bin" && echo grok-*)
sed "s/@tools@/$tools/" mk/completion.bash > "$staged/groktools"
pc_prefix=$(printf '%s' "$PREFIX" | sed 's/[] !"#$&'"'"'()*;<>?[\\^`{|}~]/\\&/g')    # as pkg-config reads it
escaped=$(printf '%s' "$pc_prefix" | sed 's/[\\&|]/\\&/g')
sed "s|@prefix@|$escaped|; s|@version@|$VERSION|; s|@requires@|$PKGS|" mk/groktools.pc.in > "$staged/groktools.pc"

# put MODE FOLDER FILE...: into a folder below root
put() {
    mode=$1 folder=$root/$2
    shift 2
    for file; do
        if [ "$remove" ]; then
            rm -f "$folder/${file##*/}"
        elif [ -f "$file" ]; then
            install -d "$folder"
            install -m "$mode" "$file" "$folder"
        fi
    done
}

put 755 bin "$BUILD"/bin/grok-*
put 755 share/groktools/pipelines pipelines/*.sh
put 644 share/groktools/pipelines pipelines/*.claims pipelines/*.awk
put 644 share/man/man1 "$BUILD"/man/man1/*.1
put 644 lib "$BUILD/lib/libgroktools.a"
put 644 lib/pkgconfig "$staged/groktools.pc"
put 644 share/bash-completion/completions "$staged/groktools"
for tool in $tools; do    # bash looks for a file with the name of the command
    link=$root/share/bash-completion/completions/$tool
    if [ "$remove" ]; then rm -f "$link"; else ln -sf groktools "$link"; fi
done
# Pages stand to each other as they do here, with what they link to, so that their links lead somewhere.
# links PAGE: files that it links to, as paths from here
links() {
    grep -o '](\([^):#]*\)' "$1" | sed "s|^](|${1%"${1##*/}"}|; :up
        s|[^/]*/\.\./||; t up" | sort -u
}
put 644 share/doc/groktools LICENSE
for page in README.md docs/*.md libshared/*/FORMAT.md; do
    for file in "$page" $(links "$page"); do
        [ ! -f "$file" ] || put 644 "share/doc/groktools/$(dirname "$file")" "$file"
    done
done
for source in libshared/*; do
    layer=${source##*/}
    [ "$layer" = cpu ] || put 644 "include/groktools/$layer" "$source"/*.h "$source"/*.def
done
[ -z "$remove" ] || rm -rf "$root/include/groktools" "$root/share/doc/groktools" "$root/share/groktools"
