# The real plug-in where it is built, on a machine without a device: one clear line for `cuda`; `auto` says it and takes the CPU.
[ ! -e "$BUILD/nvcc/lib/libgrok-cuda.so" ] || export GK_PLUGIN_DIR=$BUILD/nvcc/lib    # tests/check.sh makes it
[ -e "${GK_PLUGIN_DIR:-$BUILD/lib}/libgrok-cuda.so" ] || { echo 'skip: no CUDA plug-in is built'; exit 0; }
if ls /dev/nvidia[0-9]* > /dev/null 2>&1; then echo 'skip: there is a device'; exit 0; fi
. "$TOP/tests/cli/expect.bash"
small='--prime 5 --d-model 8 --n-head 2 --d-mlp 8 --steps 5'
# shellcheck disable=SC2086
fails 1 "cannot use '--device cuda': no CUDA device" grok-train $small --device cuda -o x.h5
# shellcheck disable=SC2086
grok-train $small --device auto -o x.h5 2> err
grep -q "device: cpu, .* (no .*device: " err
grok-ls x.h5 | grep -q 'device *cpu'
