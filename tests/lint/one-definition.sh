# No two CUDA sources define a type of the same name.  Templates of it (gk_each) would be one function to the linker, which takes
# either of the two and says nothing; on a device, too, where a kernel's name is all that there is.
cd "${TOP:?tests/run runs this}"
twice=$(sed -nE 's/^(typedef )?(struct|union|class) ([A-Za-z_0-9]+) .*\{.*/\3/p' cuda/*.cu | sort | uniq -d)
[ -z "$twice" ] || { grep -nwE "(struct|union|class) (${twice//$'\n'/|}) .*\{" cuda/*.cu; exit 1; }
