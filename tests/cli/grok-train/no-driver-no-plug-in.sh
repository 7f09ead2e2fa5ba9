# auto looks for the driver first, and loads the plug-in only where there is one: that takes longer than many a tool runs.
command -v c++ > /dev/null || { echo 'skip: no C++ compiler'; exit 0; }
mkdir plugins driver
cat > plugin.cc <<'END'
#include <stdio.h>
__attribute__((constructor)) static void tell(void) { fputs("loaded\n", stderr); }
END
c++ -shared -fPIC plugin.cc -o plugins/libgrok-cuda.so
export GK_PLUGIN_DIR=$PWD/plugins
train() {
    LD_LIBRARY_PATH=$PWD/driver grok-train --prime 5 --steps 1 --d-model 8 --n-head 1 --d-mlp 8 --device auto -o "$1.h5" 2> err
}
echo 'no library' > driver/libcuda.so.1
train without
grep -q 'device: cpu, .* (no device: .*libcuda.so.1: ' err
if grep -x loaded err; then exit 1; fi
echo | c++ -x c++ -shared -fPIC - -o driver/libcuda.so.1
train with
grep -qx loaded err
grep -q "device: cpu, .* ('.*libgrok-cuda.so' is not a plug-in" err
