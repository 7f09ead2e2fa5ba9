/* threads.h -- the threads of a block on the host: each has a stack of its own and runs until it waits at a barrier.
 *
 * Barriers are counted, of a block and of each of its warps, so that threads which miss one are found.  The threads go on in
 * turn, every second time in reverse order, so that a forgotten barrier is seen. */
#ifndef GK_EMULATED_THREADS_H
#define GK_EMULATED_THREADS_H

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <functional>
#include <vector>

struct dim3 {
    unsigned x, y, z;
    dim3(unsigned a = 1, unsigned b = 1, unsigned c = 1) : x(a), y(b), z(c) {}
};
inline dim3 blockIdx, blockDim, gridDim, threadIdx;

enum { EMULATED_STACK = 64 << 10, EMULATED_WARP = 32, EMULATED_SHARED = 227 << 10 };
inline unsigned char *emulated_dynamic;    /* of the launch, no byte more than it asks for */
#define GK_DYNAMIC_SHARED(type, name) type *name = (type *)emulated_dynamic

inline void emulated_die(const char *what)
{
    fprintf(stderr, "emulator: %s\n", what);
    abort();
}

/* --- stacks --------------------------------------------------------------------------------------------------------------- */

/* Changing stacks by the compiler's setjmp takes a few instructions, but the address sanitizer knows only contexts. */
#if defined(__SANITIZE_ADDRESS__)
#define EMULATED_CONTEXTS 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EMULATED_CONTEXTS 1
#endif
#endif

struct emulated_stack { ucontext_t context; void *at[5]; bool begun; };

__attribute__((noinline)) inline void emulated_switch(emulated_stack *from, emulated_stack *to)
{
#ifdef EMULATED_CONTEXTS
    swapcontext(&from->context, &to->context);
#else
    if (__builtin_setjmp(from->at))
        return;
    if (to->begun)
        __builtin_longjmp(to->at, 1);
    to->begun = true;
    setcontext(&to->context);
#endif
}

/* --- threads and their barriers -------------------------------------------------------------------------------------------- */

struct emulated_barrier { unsigned n, n_arrived, generation; };
struct emulated_thread { emulated_stack stack; char *memory; bool done; };
struct alignas(8) emulated_slot { unsigned char bytes[32]; };
struct emulated_warp { emulated_barrier barrier; emulated_slot given[2][EMULATED_WARP]; };

inline std::vector<emulated_thread *> &emulated_threads = *new std::vector<emulated_thread *>;    /* to the very end */
inline std::vector<emulated_warp> emulated_warps;
inline emulated_barrier emulated_all;
inline emulated_stack emulated_scheduler = { {}, {}, true };
inline const std::function<void()> *emulated_body;
inline bool emulated_moved;    /* has any thread got further in this round? */

struct emulated_turns { unsigned n, n_done, turn; bool reverse; };
inline emulated_turns emulated_round;    /* over the threads of the block */

/* Whose turn it is next: a thread's that has not ended, or the scheduler's when all have. */
inline emulated_stack *emulated_next()
{
    for (;; emulated_round.turn = 0, emulated_round.reverse = !emulated_round.reverse, emulated_moved = false) {
        while (emulated_round.turn < emulated_round.n) {
            unsigned turn = emulated_round.turn++, i = emulated_round.reverse ? emulated_round.n - 1 - turn : turn;
            if (!emulated_threads[i]->done) {
                threadIdx.x = i;
                return &emulated_threads[i]->stack;
            }
        }
        if (emulated_round.n_done == emulated_round.n)
            return &emulated_scheduler;
        if (!emulated_moved)
            emulated_die("some threads of a block wait at a barrier, others have ended or wait at another");
    }
}

inline void emulated_yield()
{
    emulated_stack *mine = &emulated_threads[threadIdx.x]->stack, *next = emulated_next();
    if (next != mine)
        emulated_switch(mine, next);
}

inline void emulated_wait(emulated_barrier *barrier)
{
    unsigned generation = barrier->generation;
    if (!emulated_body)
        emulated_die("a barrier in a kernel of elements");
    emulated_moved = true;
    if (++barrier->n_arrived == barrier->n) {
        barrier->n_arrived = 0;
        barrier->generation++;
        return;
    }
    while (barrier->generation == generation)
        emulated_yield();
}

inline void __syncthreads() { emulated_wait(&emulated_all); }

inline emulated_warp *emulated_my_warp()
{
    if (blockDim.x % EMULATED_WARP != 0)
        emulated_die("a warp in a block that has no whole warps");
    return &emulated_warps[threadIdx.x / EMULATED_WARP];
}

inline void __syncwarp() { emulated_wait(&emulated_my_warp()->barrier); }

/* What lane `from` of the warp gives.  Two sets of places take turns: while one is read, nobody can be two shuffles further. */
template <typename T> T emulated_shuffle(T mine, unsigned from)
{
    emulated_warp *warp = emulated_my_warp();
    emulated_slot *given = warp->given[warp->barrier.generation & 1];
    T              got;
    static_assert(sizeof(T) <= 8, "a shuffle of more than 8 bytes");
    memcpy(&given[threadIdx.x % EMULATED_WARP], &mine, sizeof mine);
    emulated_wait(&warp->barrier);
    memcpy(&got, &given[from % EMULATED_WARP], sizeof got);
    return got;
}

template <typename T> T __shfl_sync(unsigned, T mine, int from) { return emulated_shuffle(mine, (unsigned)from); }
template <typename T> T __shfl_xor_sync(unsigned, T mine, int mask)
{
    return emulated_shuffle(mine, threadIdx.x % EMULATED_WARP ^ (unsigned)mask);
}

/* What shuffles among every G neighbours and `combine` make of their numbers, in the same order, with a single barrier: the last
 * to come does it for all. */
template <int G, typename T, typename Combine> T emulated_fold(T mine, Combine combine)
{
    emulated_warp *warp = emulated_my_warp();
    emulated_slot *given = warp->given[warp->barrier.generation & 1], *place = &given[threadIdx.x % EMULATED_WARP];
    static_assert(sizeof(T) <= sizeof(emulated_slot), "too much for a lane's place");
    memcpy(place, &mine, sizeof mine);
    if (warp->barrier.n_arrived + 1 == warp->barrier.n)
        for (int first = 0; first < EMULATED_WARP; first += G) {
            T all[G];
            for (int i = 0; i < G; i++)
                memcpy((void *)&all[i], &given[first + i], sizeof(T));
            for (int half = G / 2; half > 0; half /= 2)
                for (int i = 0; i < half; i++)
                    all[i] = combine(all[i], all[i + half]);
            for (int i = 0; i < G; i++)
                memcpy(&given[first + i], &all[0], sizeof(T));
        }
    emulated_wait(&warp->barrier);
    memcpy((void *)&mine, place, sizeof mine);
    return mine;
}

inline unsigned __ballot_sync(unsigned, int mine)
{
    emulated_warp *warp = emulated_my_warp();
    uint64_t      *given = (uint64_t *)warp->given[warp->barrier.generation & 1];
    unsigned       bits = 0;
    ((uint8_t *)given)[threadIdx.x % EMULATED_WARP] = mine != 0;
    emulated_wait(&warp->barrier);
    for (int i = 0; i < EMULATED_WARP / 8; i++)    /* a product brings the last bits of eight bytes together */
        bits |= (unsigned)(given[i] * 0x0102040810204080u >> 56) << 8 * i;
    return bits;
}
inline unsigned __match_any_sync(unsigned, int mine)
{
    emulated_warp *warp = emulated_my_warp();
    int           *given = (int *)warp->given[warp->barrier.generation & 1];
    unsigned       bits = 0;
    given[threadIdx.x % EMULATED_WARP] = mine;
    emulated_wait(&warp->barrier);
    for (int i = 0; i < EMULATED_WARP; i++)
        bits |= (unsigned)(given[i] == mine) << i;
    return bits;
}
inline int __popc(unsigned bits) { return __builtin_popcount(bits); }

/* --- a block --------------------------------------------------------------------------------------------------------------- */

/* A thread lives on from block to block. */
inline void emulated_entry()
{
    for (;;) {
        (*emulated_body)();
        emulated_threads[threadIdx.x]->done = emulated_moved = true;
        emulated_round.n_done++;
        emulated_yield();
    }
}

inline emulated_thread *emulated_thread_new()
{
    emulated_thread *t = new emulated_thread();
    t->memory = (char *)malloc(EMULATED_STACK);
    getcontext(&t->stack.context);
    t->stack.context.uc_stack.ss_sp = t->memory;
    t->stack.context.uc_stack.ss_size = EMULATED_STACK;
    makecontext(&t->stack.context, emulated_entry, 0);
    return t;
}

inline void emulated_block(const std::function<void()> &body)
{
    unsigned n = blockDim.x;

    while (emulated_threads.size() < n)
        emulated_threads.push_back(emulated_thread_new());
    emulated_all = { n, 0, 0 };
    emulated_warps.resize((n + EMULATED_WARP - 1) / EMULATED_WARP);
    for (emulated_warp &warp : emulated_warps)
        warp.barrier = { EMULATED_WARP, 0, 0 };
    emulated_body = &body;
    if (n == 1) {
        threadIdx.x = 0;
        body();
        emulated_body = NULL;
        return;
    }
    for (unsigned i = 0; i < n; i++)
        emulated_threads[i]->done = false;
    emulated_round = { n, 0, 0, false };
    emulated_moved = false;
    emulated_switch(&emulated_scheduler, emulated_next());
    emulated_body = NULL;    /* it is the caller's, and may end with him */
}

#endif
