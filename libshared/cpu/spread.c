/* spread.c -- how replicas are spread over threads. */
#include <omp.h>
#include <sched.h>
#include <stdlib.h>
#ifdef __SSE__
#include <xmmintrin.h>
#endif

#include "cpu/engine.h"

/* A look at something that another thread is about to change; yields when that takes long. */
static void pause_at(int *spin)
{
    enum { SPINS = 2000 };

    if (++*spin > SPINS)
        sched_yield();
}

void gk_team_wait(gk_team team)
{
    unsigned phase = atomic_load(&team.barrier->phase);

    if (atomic_fetch_add(&team.barrier->n_waiting, 1) + 1 == team.n_thread) {
        atomic_store(&team.barrier->n_waiting, 0);
        atomic_fetch_add(&team.barrier->phase, 1);
        return;
    }
    for (int spin = 0; atomic_load(&team.barrier->phase) == phase;)
        pause_at(&spin);
}

/* Subnormal numbers (below 1e-38) count as 0 in this thread, until `restore`.  The moments of weights whose gradient has become 0
 * decay through them for thousands of steps, and arithmetic on them takes ten times as long. */
static uint64_t flush_subnormals(void)
{
    uint64_t before = 0;
#if defined __SSE__
    enum { FLUSH_TO_ZERO = 0x8000, DENORMALS_ARE_ZERO = 0x40 };
    before = _mm_getcsr();
    _mm_setcsr((unsigned)before | FLUSH_TO_ZERO | DENORMALS_ARE_ZERO);
#elif defined __aarch64__
    enum { FLUSH_TO_ZERO = 1 << 24 };    /* of what goes in and what comes out */
    __asm__ volatile("mrs %0, fpcr" : "=r"(before));
    __asm__ volatile("msr fpcr, %0" : : "r"(before | FLUSH_TO_ZERO));
#endif
    return before;
}

static void restore_subnormals(uint64_t before)
{
#if defined __SSE__
    _mm_setcsr((unsigned)before);
#elif defined __aarch64__
    __asm__ volatile("msr fpcr, %0" : : "r"(before));
#else
    (void)before;
#endif
}

/* A job and the replicas that it is to be done for. */
typedef struct gk_jobs { const gk_job *job; const int64_t *replica; int64_t n; } gk_jobs;

static const gk_team alone = { 1, 0, NULL };

/* As many replicas as divide evenly among the threads one thread each, the rest all together. */
static void do_whole(gk_engine *engine, const gk_jobs *jobs, int rank, int n_thread)
{
    int64_t  n_solo = jobs->n / engine->n_thread * engine->n_thread;
    gk_team  all    = { n_thread, rank, &engine->barrier };
    gk_units units  = { 0, jobs->job->n_unit };

#pragma omp for schedule(dynamic, 1) nowait
    for (int64_t i = 0; i < n_solo; i++)
        jobs->job->act(engine, &engine->solo[rank], alone, jobs->replica[i], units, jobs->job->context);
    for (int64_t i = n_solo; i < jobs->n; i++)
        jobs->job->act(engine, &engine->joint, all, jobs->replica[i], units, jobs->job->context);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* McNaughton's rule: all jobs end to end, cut into as many equal stretches as there are threads (or jobs, if they are fewer).  Of
 * a job that is cut, the thread of the later stretch does the first units, before all else, and that of the earlier one the last
 * units, after all else: no job is longer than a stretch, so nobody has to wait for long.  Nobody works together with others. */
static void do_stretch(gk_engine *engine, const gk_jobs *jobs, int rank, int n_thread)
{
    int64_t n_unit = jobs->job->n_unit, all = jobs->n * n_unit, n_stretch = least(n_thread, jobs->n);

    gk_assert(n_stretch > 0);
    if (rank >= n_stretch)
        return;
    int64_t begin = all * rank / n_stretch, end = all * (rank + 1) / n_stretch;
    for (int64_t at = begin, next; at < end; at = next) {
        int64_t i = at / n_unit, job_end = (i + 1) * n_unit;
        next      = least(job_end, end);
        gk_units units = { job_end - next, job_end - at };
        for (int spin = 0; units.begin > 0 && atomic_load(&engine->handed_on[rank + 1]) != engine->n_round;)
            pause_at(&spin);
        jobs->job->act(engine, &engine->solo[rank], alone, jobs->replica[i], units, jobs->job->context);
        if (at == begin)
            atomic_store(&engine->handed_on[rank], engine->n_round);
    }
}

/* What takes less: stretches of whole units, or a share for each thread and the rest together, as far as a unit has parts?  Of
 * many jobs threads take the next as they come, which evens out what one of them is slowed down by; and of uneven ones. */
static bool is_for_stretches(const gk_engine *engine, const gk_jobs *jobs)
{
    enum { MOST_EACH = 8 };
    int64_t n_thread = engine->n_thread, n_unit = jobs->job->n_unit, n_part = jobs->job->n_part;
    int64_t n_stretch = least(n_thread, jobs->n), n_turn = (n_part + n_thread - 1) / n_thread;

    if (n_stretch == 0 || jobs->n >= MOST_EACH * n_thread || (jobs->job->is_uneven && jobs->n > n_thread))
        return false;
    int64_t in_stretches = (jobs->n * n_unit + n_stretch - 1) / n_stretch;
    int64_t whole = jobs->n / n_thread * n_unit * n_part + jobs->n % n_thread * n_unit * n_turn;    /* parts */
    return in_stretches * n_part < whole;
}

void gk_for_each_replica(gk_engine *engine, const bool *active, const gk_job *job)
{
    int64_t  n_replica = engine->problem.n_replica, n_active = 0;
    int64_t  list_small[64] = { 0 }, *list = n_replica <= 64 ? list_small : malloc((size_t)n_replica * sizeof *list);
    gk_jobs  jobs = { job, list, 0 };

    gk_assert(list != NULL);
    for (int64_t r = 0; r < n_replica; r++)
        if (!active || active[r])
            list[n_active++] = r;
    jobs.n = n_active;
    bool stretches = is_for_stretches(engine, &jobs);
    engine->n_round++;
#pragma omp parallel num_threads(engine->n_thread)
    {
        int rank = omp_get_thread_num(), n_thread = omp_get_num_threads();
        uint64_t before = flush_subnormals();
        (stretches ? do_stretch : do_whole)(engine, &jobs, rank, n_thread);
        restore_subnormals(before);
    }
    if (list != list_small)
        free(list);
}
