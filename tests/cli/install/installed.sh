# timeout: 120
# `make install` puts tools, man pages, completion and library where a program can be built against them; uninstall leaves
# nothing.  Folders may have any name.
prefix="/opt/it's called grök \$tools" stage="$PWD/a \"\$stage\""
install_() { PREFIX="$prefix" DESTDIR="$stage" make -s -C "$TOP" BUILD="${BUILD#"$TOP"/}" "$1"; }
install_ install
root=$stage$prefix
for tool in "$BUILD"/bin/grok-*; do
    name=${tool##*/}
    cmp "$tool" "$root/bin/$name"
    grep -q "^\.SH NAME" "$root/share/man/man1/$name.1"
    [ -e "$root/share/bash-completion/completions/$name" ]
done
[ -e "$root/share/doc/groktools/libshared/io/FORMAT.md" ]
# every link between pages leads to something
(cd "$root/share/doc/groktools" && find . -name '*.md' | while read -r page; do
    grep -o '](\([^):#]*\)' "$page" | cut -c 3- | while read -r link; do
        [ -z "$link" ] || [ -e "${page%/*}/$link" ] || echo "$page: $link leads nowhere"
    done
done) > nowhere
cat nowhere
[ ! -s nowhere ]
"$root/bin/grok-paper" kd-fig2a --dry-run --rate 1000 -q | grep -q "^kd-fig2a.4.8000"
[ "$(PKG_CONFIG_PATH=$root/lib/pkgconfig pkg-config --variable=prefix groktools)" = "/opt/it\\'s\\ called\\ grök\\ \\\$tools" ]

cat > user.c << 'END'
#include <stdio.h>
#include <base/options.h>
#include <io/checkpoint.h>
int main(void) { printf("%s\n", gk_version()); return gk_checkpoint_read("no such file", GK_READ_ALL) != NULL; }
END
export PKG_CONFIG_PATH=$root/lib/pkgconfig
ln -s "$root" root    # a program is built against what is staged
declare -a flags
eval "flags=($(pkg-config --define-variable=prefix="$PWD/root" --cflags --libs groktools))"
cc -std=gnu11 user.c "${flags[@]}" -o user
[ "$(./user)" = "$(cat "$BUILD/version")" ]

install_ uninstall
[ -z "$(find "$root" ! -type d)" ]
