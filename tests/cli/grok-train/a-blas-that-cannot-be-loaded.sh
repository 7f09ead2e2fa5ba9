# A BLAS that is no library, lacks products or never comes up is one line; what needs no products does not load it
. "$TOP/tests/cli/expect.bash"
name=$(sed -n 's/.* -DGK_BLAS_FILE=\([^ ]*\).*/\1/p' "$BUILD/flags")
[ -n "$name" ] || { echo 'skip: the BLAS is linked in'; exit 0; }
mkdir folder
train() { LD_LIBRARY_PATH=$PWD/folder grok-train --task add --prime 11 --d-model 16 --d-mlp 32 --n-head 2 --steps 2 -o x.h5 -q; }
# library C: the BLAS is what this compiles to
library() { echo "$1" | cc -shared -fPIC -x c - -o "folder/$name"; }

echo 'no library' > "folder/$name"
LD_LIBRARY_PATH=$PWD/folder grok-train --help > /dev/null
fails 1 "cannot load the BLAS: $PWD/folder/$name: " train
library 'int nothing;'
fails 1 "cannot load the BLAS: '$name' lacks cblas_sgemm or cblas_dgemm" train
limited() { (ulimit -v "$1" && train); }
library '#include <unistd.h>
    #include <sys/mman.h>
    __attribute__((constructor)) static void look_for_memory(void)
    {
        while (mmap(0, 1 << 24, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED) { }
        for (;;) pause();
    }'
fails 1 'cannot get memory for the BLAS' limited 1000000
library '#include <stdlib.h>
    __attribute__((constructor)) static void give_up(void) { exit(1); }'
fails 1 'cannot get memory for the BLAS' limited 150000
