# What calls HDF5 compiles against the oldest HDF5 that will do, and against one without deprecated calls, whichever is here
flags=$(sed -n '1s| / .*||p' "$BUILD/flags")    # compiler and flags
cd "${TOP:?tests/run runs this}"
wrong=0
for form in hdf5-1.10.3 hdf5-1.14; do
    for file in libshared/io/h5*.c tests/unit/test_h5.c; do
        # shellcheck disable=SC2086  # a list of words
        ${flags/ / -Itests\/stubs\/$form -Ilibshared\/io } -Werror -fsyntax-only "$file" ||
            { echo "$file: not with $form"; wrong=1; }
    done
done
exit $wrong
