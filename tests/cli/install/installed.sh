# timeout: 120
# `make install` puts tools, man pages, completion and library where a program can be built against them; uninstall leaves nothing
make -s -C "$TOP" BUILD="$BUILD" PREFIX=/opt/groktools DESTDIR="$PWD/stage" install
root=$PWD/stage/opt/groktools
for tool in "$BUILD"/bin/grok-*; do
    name=${tool##*/}
    cmp "$tool" "$root/bin/$name"
    grep -q "^\.SH NAME" "$root/share/man/man1/$name.1"
    [ -e "$root/share/bash-completion/completions/$name" ]
done
[ -e "$root/share/doc/groktools/io/FORMAT.md" ]
grep -q '^prefix=/opt/groktools$' "$root/lib/pkgconfig/groktools.pc"

cat > user.c << 'END'
#include <stdio.h>
#include <base/options.h>
#include <io/checkpoint.h>
int main(void) { printf("%s\n", gk_version()); return gk_checkpoint_read("no such file", GK_READ_ALL) != NULL; }
END
export PKG_CONFIG_PATH=$root/lib/pkgconfig
read -ra flags <<< "$(pkg-config --define-variable=prefix="$root" --cflags --libs groktools)"
cc -std=gnu11 user.c "${flags[@]}" -o user
[ "$(./user)" = "$(cat "$BUILD/version")" ]

make -s -C "$TOP" BUILD="$BUILD" PREFIX=/opt/groktools DESTDIR="$PWD/stage" uninstall
[ -z "$(find "$root" ! -type d)" ]
