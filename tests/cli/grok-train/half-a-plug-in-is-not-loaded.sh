# A plug-in that was cut short anywhere, or whose end has not arrived yet, is refused before it is loaded; auto takes the CPU.
command -v c++ > /dev/null || { echo 'skip: no C++ compiler'; exit 0; }
. "$TOP/tests/cli/expect.bash"
mkdir whole plugins
cat > nothing.cc <<'END'
extern "C" const int gk_backend_cuda_f32 = 0, gk_backend_cuda_f64 = 0;
END
c++ -x c++ -std=c++17 -shared -fPIC -fvisibility=hidden -I"$TOP/tests/emulator" -I"$TOP/libshared" -DGK_PLUGIN_STAMP=7u \
    -DGK_REAL_BITS=32 "$TOP/cuda/plugin.cu" nothing.cc -o whole/libgrok-cuda.so
n=$(stat -c %s whole/libgrok-cuda.so)
export GK_PLUGIN_DIR=$PWD/plugins
tiny=(--prime 5 --steps 1 --d-model 8 --n-head 1 --d-mlp 8)

for cut in 0 1 63 64 200 $((n / 4)) $((n / 2)) $((3 * n / 4)) $((n - 1)); do
    head -c "$cut" whole/libgrok-cuda.so > plugins/libgrok-cuda.so
    fails 1 "libgrok-cuda.so': it is not a whole shared library" grok-train "${tiny[@]}" --device cuda -o x.h5
    truncate -s "$n" plugins/libgrok-cuda.so
    [ "$cut" = $((n - 1)) ] || # its last byte is 0
        fails 1 "libgrok-cuda.so': it is not a whole shared library" grok-train "${tiny[@]}" --device cuda -o x.h5
done
head -c $((n / 2)) whole/libgrok-cuda.so > plugins/libgrok-cuda.so
grok-train "${tiny[@]}" -o x.h5 2> err
grep -q "^grok-train: device: cpu, .*libgrok-cuda.so': it is not a whole shared library" err
rm plugins/libgrok-cuda.so && mkdir plugins/libgrok-cuda.so
fails 1 "libgrok-cuda.so': it is not a regular file" grok-train "${tiny[@]}" --device cuda -o y.h5
