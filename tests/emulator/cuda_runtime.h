/* cuda_runtime.h -- as much of CUDA's runtime as cuda/ uses, on the host, so that its sources run in tests without a device.
 *
 * A kernel of elements runs thread after thread.  A kernel of blocks runs with $GK_EMULATED_THREADS threads a block (1 unless
 * set), each with a stack of its own; at a barrier the next one goes on, and every second time in reverse order, so that a
 * forgotten barrier is seen.  Streams do everything at once; while one is captured, everything is put into its graph. */
#ifndef GK_EMULATED_CUDA_RUNTIME_H
#define GK_EMULATED_CUDA_RUNTIME_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <functional>
#include <vector>

#define __global__
#define __device__
#define __host__
#define __shared__ static
#define __launch_bounds__(threads)

struct dim3 {
    unsigned x, y, z;
    dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {}
};
inline dim3 blockIdx, blockDim, gridDim, threadIdx;

/* --- streams and graphs --------------------------------------------------------------------------------------------------- */

typedef std::vector<std::function<void()>> emulated_work;
struct emulated_stream { emulated_work *capturing; };
typedef emulated_stream *cudaStream_t;
typedef emulated_work *cudaGraph_t, *cudaGraphExec_t;

inline void emulated_submit(cudaStream_t stream, std::function<void()> work)
{
    if (stream && stream->capturing)
        stream->capturing->push_back(work);
    else
        work();
}

/* --- threads of a block --------------------------------------------------------------------------------------------------- */

enum { EMULATED_STACK = 64 << 10 };
struct emulated_thread { ucontext_t context; char *stack; bool done; };
inline std::vector<emulated_thread> emulated_threads;
inline ucontext_t emulated_scheduler;
inline size_t emulated_current;
inline const std::function<void()> *emulated_body;
inline bool emulated_in_block;

inline unsigned emulated_n_thread()
{
    static const char *given = getenv("GK_EMULATED_THREADS");
    return given && atoi(given) > 0 ? (unsigned)atoi(given) : 1;
}

inline void emulated_die(const char *what)
{
    fprintf(stderr, "emulator: %s\n", what);
    abort();
}

inline void __syncthreads()
{
    if (!emulated_in_block)
        emulated_die("a barrier in a kernel of elements");
    if (blockDim.x > 1)
        swapcontext(&emulated_threads[emulated_current].context, &emulated_scheduler);
}

inline void emulated_entry()
{
    (*emulated_body)();
    emulated_threads[emulated_current].done = true;
}

inline void emulated_start(size_t i)
{
    emulated_thread *t = &emulated_threads[i];
    t->done = false;
    getcontext(&t->context);
    if (!t->stack)
        t->stack = (char *)malloc(EMULATED_STACK);
    t->context.uc_stack.ss_sp = t->stack;
    t->context.uc_stack.ss_size = EMULATED_STACK;
    t->context.uc_link = &emulated_scheduler;
    makecontext(&t->context, emulated_entry, 0);
}

/* All threads to the next barrier, or to their end; returns how many have ended. */
inline size_t emulated_round(size_t n, bool reverse)
{
    size_t n_done = 0;
    for (size_t k = 0; k < n; k++) {
        emulated_current = reverse ? n - 1 - k : k;
        threadIdx.x = (unsigned)emulated_current;
        swapcontext(&emulated_scheduler, &emulated_threads[emulated_current].context);
        n_done += emulated_threads[emulated_current].done;
    }
    return n_done;
}

inline void emulated_block(const std::function<void()> &body)
{
    size_t n = blockDim.x;
    threadIdx.x = 0;
    if (n == 1) {
        body();
        return;
    }
    if (emulated_threads.size() < n)
        emulated_threads.resize(n, emulated_thread());
    emulated_body = &body;
    for (size_t i = 0; i < n; i++)
        emulated_start(i);
    for (bool reverse = false;; reverse = !reverse) {
        size_t n_done = emulated_round(n, reverse);
        if (n_done == n)
            break;
        if (n_done > 0)
            emulated_die("some threads of a block wait at a barrier, others have ended");
    }
    emulated_body = NULL;    /* it is the caller's, and may end with him */
}

inline void emulated_grid(dim3 grid, unsigned threads, bool blocks, const std::function<void()> &body)
{
    gridDim = grid;
    blockDim = dim3(blocks ? emulated_n_thread() : threads);
    emulated_in_block = blocks;
    for (unsigned y = 0; y < grid.y; y++)
        for (unsigned x = 0; x < grid.x; x++) {
            blockIdx = dim3(x, y);
            if (blocks)
                emulated_block(body);
            for (unsigned i = 0; !blocks && i < threads; i++) {
                threadIdx.x = i;
                body();
            }
        }
}

template <typename Kernel, typename... Args>
void emulated_launch(Kernel kernel, dim3 grid, unsigned threads, bool blocks, cudaStream_t stream, Args... args)
{
    if (grid.x == 0 || grid.y == 0 || grid.y > 65535 || threads > 1024)
        emulated_die("a launch that a device refuses");
    emulated_submit(stream, [=] { emulated_grid(grid, threads, blocks, [&] { kernel(args...); }); });
}

#define GK_LAUNCH_ELEMENTS(kernel, grid, stream, ...) emulated_launch(kernel, grid, 256, false, stream, __VA_ARGS__)
#define GK_LAUNCH_BLOCKS(kernel, grid, threads, stream, ...) emulated_launch(kernel, grid, threads, true, stream, __VA_ARGS__)

/* --- the runtime ---------------------------------------------------------------------------------------------------------- */

typedef enum { cudaSuccess, cudaErrorMemoryAllocation = 2, cudaErrorNoDevice = 100 } cudaError_t;
typedef enum { cudaMemcpyHostToDevice = 1, cudaMemcpyDeviceToHost, cudaMemcpyDeviceToDevice } cudaMemcpyKind;
enum { cudaStreamNonBlocking = 1, cudaStreamCaptureModeThreadLocal = 1 };
struct cudaDeviceProp { char name[256]; };

inline size_t emulated_free = (size_t)8 << 30;

inline cudaError_t cudaGetDeviceCount(int *n) { *n = getenv("GK_EMULATED_NO_DEVICE") ? 0 : 1; return cudaSuccess; }
inline cudaError_t cudaSetDevice(int) { return cudaSuccess; }
inline cudaError_t cudaDeviceSynchronize() { return cudaSuccess; }
inline cudaError_t cudaGetLastError() { return cudaSuccess; }
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
    emulated_submit(stream, [=] { memset(at, value, n); });
    return cudaSuccess;
}
inline cudaError_t cudaMemcpyAsync(void *to, const void *from, size_t n, cudaMemcpyKind, cudaStream_t stream)
{
    emulated_submit(stream, [=] { memcpy(to, from, n); });
    return cudaSuccess;
}
inline cudaError_t cudaStreamCreateWithFlags(cudaStream_t *stream, unsigned)
{
    *stream = new emulated_stream();
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
        emulated_submit(stream, (*exec)[i]);
    return cudaSuccess;
}

#endif
