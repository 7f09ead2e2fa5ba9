/* real.h -- the engine's real number: float, or double in the second build of the same kernels. */
#ifndef GK_GRAPH_REAL_H
#define GK_GRAPH_REAL_H

#include "base/dtype.h"

#if GK_REAL_BITS == 64
typedef double gk_real;
#define GK_REAL_TYPE GK_F64
#elif GK_REAL_BITS == 32
typedef float gk_real;
#define GK_REAL_TYPE GK_F32
#else
#error "GK_REAL_BITS is 32 or 64"
#endif

#endif
