# A plug-in that was compiled with other headers is refused, with both stamps.
command -v c++ > /dev/null || { echo 'skip: no C++ compiler'; exit 0; }
. "$TOP/tests/cli/expect.bash"
mkdir plugins
cat > nothing.cc <<'END'
extern "C" const int gk_backend_cuda_f32 = 0, gk_backend_cuda_f64 = 0;
END
c++ -x c++ -std=c++17 -shared -fPIC -fvisibility=hidden -I"$TOP/tests/emulator" -I"$TOP/libshared" -DGK_PLUGIN_STAMP=7u \
    -DGK_REAL_BITS=32 "$TOP/cuda/plugin.cu" nothing.cc -o plugins/libgrok-cuda.so
GK_PLUGIN_DIR=$PWD/plugins fails 1 'the CUDA plug-in belongs to another build (stamp 7, expected ' \
    grok-train --prime 5 --steps 1 --device cuda -o x.h5
grep -q "expected [0-9]*): run 'make cuda' again" err
