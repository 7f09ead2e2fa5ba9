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
library '#include <unistd.h>
    __attribute__((constructor)) static void start(void) { for (;;) pause(); }'
waits_in_vain() { (ulimit -v 300000 && train); }
fails 1 'cannot get memory for the buffers of OpenBLAS' waits_in_vain
