/* hdf5.h -- the header of HDF5 1.10 as its first usable release had it.  To compile against, not to link (tests/lint/hdf5.sh). */
#include_next <hdf5.h>
#if !H5_VERSION_GE(1, 12, 0)
#undef H5_VERS_RELEASE
#define H5_VERS_RELEASE 3
#pragma GCC poison H5Pset_file_locking H5Pget_file_locking
#endif
