/* cuda_runtime.h -- as much of CUDA's runtime as cuda/ uses, on the host, so that its sources run in tests without a device.
 *
 * A kernel of elements runs thread after thread.  A kernel of blocks runs with $GK_EMULATED_THREADS threads a block (1 unless
 * set), a kernel of warps with one warp a block (or two), any other with the threads that it asks for: threads.h.  Streams do
 * everything at once; while one is captured, everything is put into its graph. */
#ifndef GK_EMULATED_CUDA_RUNTIME_H
#define GK_EMULATED_CUDA_RUNTIME_H

#include "threads.h"

#include <map>
#include <string>
#include <typeinfo>

#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __launch_bounds__(...)
#define __forceinline__ inline
#define __align__(n) __attribute__((aligned(n)))

/* --- streams and graphs --------------------------------------------------------------------------------------------------- */

typedef std::vector<std::function<void()>> emulated_work;
struct emulated_stream { emulated_work *capturing; };
typedef emulated_stream *cudaStream_t;
typedef emulated_work *cudaGraph_t, *cudaGraphExec_t;
typedef struct emulated_event { emulated_work *capturing; } *cudaEvent_t;    /* what its stream was captured into */

/* what: kind and name.  Of all that is captured, a line in $GK_EMULATED_LOG. */
inline void emulated_submit(cudaStream_t stream, const std::string &what, std::function<void()> work)
{
    if (!stream || !stream->capturing) {
        work();
        return;
    }
    stream->capturing->push_back(work);
    if (const char *name = getenv("GK_EMULATED_LOG")) {
        FILE *log = fopen(name, "a");
        if (!log || fprintf(log, "%s\n", what.c_str()) < 0 || fclose(log) != 0)
            emulated_die("$GK_EMULATED_LOG cannot be written");
    }
}

/* --- launches ------------------------------------------------------------------------------------------------------------- */

typedef enum { EMULATED_ELEMENTS, EMULATED_BLOCKS, EMULATED_EXACT } emulated_kind;

inline unsigned emulated_n_thread()
{
    static const char *given = getenv("GK_EMULATED_THREADS");
    return given && atoi(given) > 0 ? (unsigned)atoi(given) : 1;
}

inline void emulated_grid(dim3 grid, unsigned threads, emulated_kind kind, const std::function<void()> &body)
{
    gridDim = grid;
    blockDim = dim3(kind == EMULATED_BLOCKS ? emulated_n_thread() : threads);
    for (unsigned y = 0; y < grid.y; y++)
        for (unsigned x = 0; x < grid.x; x++) {
            blockIdx = dim3(x, y);
            if (kind != EMULATED_ELEMENTS)
                emulated_block(body);
            for (unsigned i = 0; kind == EMULATED_ELEMENTS && i < threads; i++) {
                threadIdx.x = i;
                body();
            }
        }
}

/* Bytes of dynamic shared memory that a kernel may have: 48 KB, or what cudaFuncSetAttribute said last. */
inline std::map<void *, size_t> &emulated_allowed = *new std::map<void *, size_t>;

template <typename Kernel> size_t emulated_most_dynamic(Kernel kernel)
{
    auto at = emulated_allowed.find((void *)kernel);
    return at == emulated_allowed.end() ? 48 << 10 : at->second;
}

template <typename Kernel, typename... Args>
void emulated_launch(Kernel kernel, const char *name, dim3 grid, unsigned threads, size_t n_byte, emulated_kind kind,
                     cudaStream_t stream, Args... args)
{
    if (grid.x == 0 || grid.y == 0 || grid.y > 65535 || threads > 1024 || n_byte > emulated_most_dynamic(kernel))
        emulated_die("a launch that a device refuses");
    emulated_submit(stream, std::string("kernel ") + name + " " + typeid(kernel).name(), [=] {
        emulated_dynamic = (unsigned char *)memset(malloc(n_byte + 1), 0xff, n_byte);    /* NaN: nobody has written there */
        emulated_grid(grid, threads, kind, [&] { kernel(args...); });
        free(emulated_dynamic);
    });
}

#define GK_LAUNCH_ELEMENTS(kernel, grid, stream, ...) \
    emulated_launch(kernel, #kernel, grid, 256, 0, EMULATED_ELEMENTS, stream, __VA_ARGS__)
#define GK_LAUNCH_BLOCKS(kernel, grid, threads, stream, ...) \
    emulated_launch(kernel, #kernel, grid, threads, 0, EMULATED_BLOCKS, stream, __VA_ARGS__)
#define GK_LAUNCH_EXACT(kernel, grid, threads, n_byte, stream, ...) \
    emulated_launch(kernel, #kernel, grid, threads, n_byte, EMULATED_EXACT, stream, __VA_ARGS__)
#define GK_PATCH_REALS ((int64_t)500)    /* few, so that the smallest images are cut */
#define GK_FILLED 2
#define GK_MOST_BUCKET 64    /* so that some have several rows */
#define GK_WARP_THREADS (emulated_n_thread() > 1 ? 64 : 32)

/* --- what threads of other blocks see --------------------------------------------------------------------------------------- */

inline int atomicAdd(int *at, int more)
{
    int before = *at;
    *at += more;
    return before;
}
inline void __threadfence() {}

/* --- the runtime ---------------------------------------------------------------------------------------------------------- */

typedef enum { cudaSuccess, cudaErrorMemoryAllocation = 2, cudaErrorNoDevice = 100 } cudaError_t;
typedef enum { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice } cudaMemcpyKind;
enum {
    cudaStreamNonBlocking = 1, cudaStreamCaptureModeThreadLocal = 1, cudaEventDisableTiming = 2,
    cudaFuncAttributeMaxDynamicSharedMemorySize = 8
};
typedef enum { cudaDevAttrMultiProcessorCount = 16, cudaDevAttrMaxSharedMemoryPerBlockOptin = 97 } cudaDeviceAttr;
struct cudaDeviceProp { char name[256]; };

inline size_t emulated_free = (size_t)8 << 30;

inline cudaError_t cudaGetDeviceCount(int *n) { *n = getenv("GK_EMULATED_NO_DEVICE") ? 0 : 1; return cudaSuccess; }
inline cudaError_t cudaSetDevice(int) { return cudaSuccess; }
inline cudaError_t cudaGetDevice(int *device) { *device = 0; return cudaSuccess; }
/* Two multiprocessors, which take turns: the first does all that blocks share by counting. */
inline cudaError_t cudaDeviceGetAttribute(int *value, cudaDeviceAttr attribute, int)
{
    *value = attribute == cudaDevAttrMultiProcessorCount ? 2 : EMULATED_SHARED;
    return cudaSuccess;
}
template <typename Kernel> cudaError_t cudaOccupancyMaxActiveBlocksPerMultiprocessor(int *n, Kernel, int, size_t n_byte)
{
    *n = n_byte <= EMULATED_SHARED;
    return cudaSuccess;
}
inline cudaError_t cudaDeviceSynchronize() { return cudaSuccess; }
inline cudaError_t cudaGetLastError() { return cudaSuccess; }
template <typename Kernel> cudaError_t cudaFuncSetAttribute(Kernel kernel, int, int n_byte)
{
    emulated_allowed[(void *)kernel] = (size_t)n_byte;
    return cudaSuccess;
}
inline cudaError_t cudaStreamSynchronize(cudaStream_t) { return cudaSuccess; }
inline const char *cudaGetErrorString(cudaError_t e) { return e == cudaErrorMemoryAllocation ? "out of memory" : "no error"; }
inline cudaError_t cudaGetDeviceProperties(cudaDeviceProp *p, int)
{
    strcpy(p->name, "emulated");
    return cudaSuccess;
}
inline cudaError_t cudaMemGetInfo(size_t *n_free, size_t *n_all)
{
    *n_free = *n_all = emulated_free;
    return cudaSuccess;
}
inline cudaError_t cudaMalloc(void **at, size_t n)
{
    *at = n <= emulated_free ? malloc(n) : NULL;
    return *at ? cudaSuccess : cudaErrorMemoryAllocation;
}
inline cudaError_t cudaFree(void *at) { free(at); return cudaSuccess; }
inline cudaError_t cudaMemset(void *at, int value, size_t n) { memset(at, value, n); return cudaSuccess; }
inline cudaError_t cudaMemcpy(void *to, const void *from, size_t n, cudaMemcpyKind)
{
    memcpy(to, from, n);
    return cudaSuccess;
}
inline cudaError_t cudaMemsetAsync(void *at, int value, size_t n, cudaStream_t stream)
{
    emulated_submit(stream, "memset", [=] { memset(at, value, n); });
    return cudaSuccess;
}
inline cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t n, cudaMemcpyKind, cudaStream_t stream)
{
    emulated_submit(stream, "memcpy", [=] { memcpy(to, from, n); });
    return cudaSuccess;
}
inline cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned)
{
    *stream = new emulated_stream();
    return cudaSuccess;
}
inline cudaError_t cudaEventCreateWithFlags(cudaEvent_t *event, unsigned)
{
    *event = new emulated_event();
    return cudaSuccess;
}
inline cudaError_t cudaEventDestroy(cudaEvent_t event) { delete event; return cudaSuccess; }
inline cudaError_t cudaEventRecord(cudaEvent_t event, cudaStream_t stream)
{
    event->capturing = stream->capturing;
    return cudaSuccess;
}
/* A stream that waits for one that is captured is captured, too, until that one waits for it. */
inline cudaError_t cudaStreamWaitEvent(cudaStream_t stream, cudaEvent_t event, unsigned)
{
    stream->capturing = event->capturing;
    return cudaSuccess;
}
inline cudaError_t cudaStreamDestroy(cudaStream_t stream) { delete stream; return cudaSuccess; }
inline cudaError_t cudaStreamBeginCapture(cudaStream_t stream, int)
{
    stream->capturing = new emulated_work;
    return cudaSuccess;
}
inline cudaError_t cudaStreamEndCapture(cudaStream_t stream, cudaGraph_t *graph)
{
    *graph = stream->capturing;
    stream->capturing = NULL;
    return cudaSuccess;
}
inline cudaError_t cudaGraphInstantiate(cudaGraphExec_t *exec, cudaGraph_t graph, unsigned long long)
{
    *exec = new emulated_work(*graph);
    return cudaSuccess;
}
inline cudaError_t cudaGraphDestroy(cudaGraph_t graph) { delete graph; return cudaSuccess; }
inline cudaError_t cudaGraphExecDestroy(cudaGraphExec_t exec) { delete exec; return cudaSuccess; }
inline cudaError_t cudaGraphLaunch(cudaGraphExec_t exec, cudaStream_t stream)
{
    for (size_t i = 0; i < exec->size(); i++)
        emulated_submit(stream, "", (*exec)[i]);
    return cudaSuccess;
}

#endif
