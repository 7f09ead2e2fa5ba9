/* grok-critical.c -- where runs turn from failure to success: a critical data size, by bisection. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "analysis/critical.h"
#include "base/die.h"
#include "base/input.h"
#include "base/options.h"
#include "base/table.h"
#include "critical_runs.h"
#include "io/history.h"
#include "table/origin.h"
#include "table/tsv.h"

enum { DIGITS = 9, X_DIGITS = 10, VALUE_DIGITS = 12, MAX_SEED = 1000 };

static struct {
    const char *option, *value, *runs;
    double      from, to, precision, level;
    int64_t     seed;
    bool        next, quiet, json;
} o = { .option = "fraction", .value = "test_acc_max", .from = 0.05, .to = 0.95, .precision = 0.02, .level = GK_LEARNT };

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_TEXT_OPTION("runs", runs, .arg = "FILE",
                   .help = "table of all outcomes, written after every round; if it is there, what it says is not run again; "
                           "checkpoints of a training command lie beside it"),
    GK_TEXT_OPTION("option", option, .arg = "NAME", .help = "what x is: an option of the command, and the name of its column"),
    GK_REAL_OPTION("from", from, -1e300, 1e300, .help = "an x at which runs fail"),
    GK_REAL_OPTION("to", to, -1e300, 1e300, .help = "an x at which they succeed"),
    GK_REAL_OPTION("precision", precision, 1e-12, 1e300, .help = "how well to know the threshold of every seed"),
    GK_INT_OPTION("seed", seed, 0, 9007199254740992, .flags = GK_VARY, .help = "seeds of the runs, e.g. 0..4"),
    GK_TEXT_OPTION("value", value, .arg = "NAME",
                   .help = "column of the table that is printed for a run; who stops early may end below what was reached"),
    GK_REAL_OPTION("level", level, -1e300, 1e300, .help = "a run succeeds if VALUE is at least this; nan is failure"),
    GK_SWITCH_OPTION("next", next, .help = "run nothing: print which x and seeds come next, no row if all is known"),
    GK_SWITCH_OPTION("quiet", quiet, .key = 'q', .help = "errors only"),
    GK_SWITCH_OPTION("json", json, .help = "one JSON object a line instead of TSV"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-critical", .summary = "find where runs begin to succeed: a critical data size, by bisection",
    .arguments = "-- COMMAND...",
    .details = "COMMAND is one that trains, without the option and seeds; it is run as\n"
               "  COMMAND --OPTION X --seed S,S,... --resume-or-start -o FILE\n"
               "and grok-detect says how each seed ended.  Or it is any command with {x} and {seed} in its words, which stand\n"
               "for X and for seeds with commas between them: it prints a table with a row for each of them.\n\n"
               "The first seed tries both ends and is bisected; the others begin at its threshold and go away from there, in\n"
               "steps that double, as far as their own takes them.  Result: middle, the x from which half of the seeds\n"
               "succeed (the median of their thresholds), the ends low and high of its 95 % interval over the seeds, and the\n"
               "number of runs.  What was interrupted goes on with the same command.\n\n"
               "  grok-critical --runs d.tsv --seed 0..4 -- grok-train --preset mlp-e --stop 'test_acc>=0.99 for 4'\n"
               "  grok-critical --runs s.tsv --option size --from 100 --to 5000 --precision 50 -- grok-train --task mnist ...\n"
               "  grok-critical --runs x.tsv --value z -- sh -c 'printf \"z\\n%s\\n\" \"$(simulate {x} {seed})\"'\n\n"
               "Exit status: 0 done, 1 failed, 2 usage, 3 both ends agree: the outcomes say so, and a wider range is needed.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = INT32_MAX
};

/* --- what is known ---------------------------------------------------------------------------------------------------- */

typedef struct study {
    gk_arena   arena;
    gk_search  search;
    int64_t    seed[MAX_SEED];     /* [search.n_seed] */
    gk_words   command;
    const char *command_line;      /* what the outcomes depend on */
    int64_t    n, most, *of;       /* outcomes; of: number of the seed, -1 for one that is not asked about now */
    int64_t   *seed_of;
    double    *x, *value;
    bool      *success;
} study;

static void add(study *s, double x, int64_t seed, double value)
{
    if (s->n == s->most) {
        int64_t most = 2 * s->most + 64;
        study   old = *s;
        size_t  n = (size_t)s->n;
        s->most    = most;
        s->of      = gk_arena_alloc(&s->arena, (size_t)most * sizeof *s->of);
        s->seed_of = gk_arena_alloc(&s->arena, (size_t)most * sizeof *s->seed_of);
        s->x       = gk_arena_alloc(&s->arena, (size_t)most * sizeof *s->x);
        s->value   = gk_arena_alloc(&s->arena, (size_t)most * sizeof *s->value);
        s->success = gk_arena_alloc(&s->arena, (size_t)most * sizeof *s->success);
        if (n > 0) {
            memcpy(s->of, old.of, n * sizeof *s->of);
            memcpy(s->seed_of, old.seed_of, n * sizeof *s->seed_of);
            memcpy(s->x, old.x, n * sizeof *s->x);
            memcpy(s->value, old.value, n * sizeof *s->value);
            memcpy(s->success, old.success, n * sizeof *s->success);
        }
    }
    s->of[s->n] = -1;
    for (int64_t i = 0; i < s->search.n_seed; i++)
        if (s->seed[i] == seed)
            s->of[s->n] = i;
    s->seed_of[s->n] = seed;
    s->x[s->n]       = x;
    s->value[s->n]   = value;
    s->success[s->n] = value >= o.level;
    s->n++;
}

static void write_runs(const study *s)
{
    gk_table *table = gk_table_open(o.runs, false);
    if (!table)
        gk_die();
    gk_origin_write_made(table, "outcomes", s->command_line);
    gk_table_column(table, o.option);
    gk_table_column(table, "seed");
    gk_table_column(table, o.value);
    for (int64_t i = 0; i < s->n; i++) {
        gk_table_real(table, s->x[i], X_DIGITS);
        gk_table_int(table, s->seed_of[i]);
        gk_table_real(table, s->value[i], VALUE_DIGITS);
        gk_table_end_row(table);
    }
    if (gk_table_close(table) < 0)
        gk_die();
}

static const double *column_of(const gk_frame *table, const char *name)
{
    int column = gk_frame_need(table, name);
    if (column < 0)
        gk_die();
    if (!table->column[column].value) {
        gk_error("column '%s' of '%s' holds texts, expected numbers", name, table->path);
        gk_die();
    }
    return table->column[column].value;
}

/* What an earlier process left. */
static void read_runs(study *s)
{
    struct stat info;
    if (stat(o.runs, &info) < 0)
        return;
    gk_frame *table = gk_tsv_read(o.runs);
    if (!table)
        gk_die();
    bool is_ours = false;
    for (int i = 0; i < table->n_note; i++) {
        const char *command = gk_origin_command(table->note[i]);
        is_ours |= command && strcmp(command, s->command_line) == 0;
    }
    if (!is_ours)
        gk_usage("'%s' has no outcomes of this command: name another file with --runs, or go on with the command that its first "
                 "lines tell", o.runs);
    const double *x = column_of(table, o.option), *seed = column_of(table, "seed"), *value = column_of(table, o.value);
    for (int64_t row = 0; row < table->n_row; row++)
        add(s, x[row], (int64_t)seed[row], value[row]);
    gk_frame_free(table);
    gk_input_forget(&info);    /* it is ours to write */
}

/* Outcomes of the seeds that are asked about now. */
static gk_outcomes asked(study *s)
{
    gk_outcomes out = { 0, NULL, NULL, NULL };
    double  *x = gk_arena_alloc(&s->arena, (size_t)(s->n + 1) * sizeof *x);
    int64_t *seed = gk_arena_alloc(&s->arena, (size_t)(s->n + 1) * sizeof *seed);
    bool    *success = gk_arena_alloc(&s->arena, (size_t)(s->n + 1) * sizeof *success);
    for (int64_t i = 0; i < s->n; i++) {
        if (s->of[i] < 0)
            continue;
        x[out.n]         = s->x[i];
        seed[out.n]      = s->of[i];
        success[out.n++] = s->success[i];
    }
    return (gk_outcomes){ out.n, x, seed, success };
}

/* --- running ---------------------------------------------------------------------------------------------------------- */

/* grok-detect beside this program, or the one that is found. */
static const char *detector(const char *argv0, gk_arena *arena)
{
    const char *slash = strrchr(argv0, '/');
    return slash ? gk_arena_printf(arena, "%.*s/grok-detect", (int)(slash - argv0), argv0) : "grok-detect";
}

/* "runs.tsv" -> "runs-0.25-0,1.h5" */
static const char *checkpoint(const char *x, const char *seeds, gk_arena *arena)
{
    const char *slash = strrchr(o.runs, '/'), *dot = strrchr(o.runs, '.');
    int         n = dot && dot > (slash ? slash + 1 : o.runs) ? (int)(dot - o.runs) : (int)strlen(o.runs);
    return gk_arena_printf(arena, "%.*s-%s-%s.h5", n, o.runs, x, seeds);
}

/* One round: the seeds at x. */
static void run(study *s, const char *argv0, double x, const int64_t *seed, int64_t n)
{
    gk_arena    arena = { 0 };
    double     *value = gk_arena_alloc(&arena, (size_t)n * sizeof *value);
    const char *seeds = "", *number = gk_arena_printf(&arena, "%.*g", X_DIGITS, x);
    for (int64_t i = 0; i < n; i++)
        seeds = gk_arena_printf(&arena, "%s%s%lld", seeds, i > 0 ? "," : "", (long long)seed[i]);
    gk_log("%s %s, seeds %s", o.option, number, seeds);
    int status;
    if (gk_words_have(s->command, "{x}")) {
        status = gk_run_words(gk_words_with(s->command, number, seeds, "", &arena), true, o.value, n, seed, value);
    } else {
        const char  *more[] = { gk_arena_printf(&arena, "--%s", o.option), number, "--seed", seeds, "--resume-or-start", "-o",
                                checkpoint(number, seeds, &arena) };
        enum { N_MORE = sizeof more / sizeof *more };
        const char **words = gk_arena_alloc(&arena, (size_t)(s->command.n + N_MORE + 1) * sizeof *words);
        memcpy(words, s->command.word, (size_t)s->command.n * sizeof *words);
        memcpy(words + s->command.n, more, sizeof more);
        const char *detect[] = { detector(argv0, &arena), more[N_MORE - 1], NULL };
        status = gk_run_words(words, false, NULL, 0, NULL, NULL);
        if (status == 0)
            status = gk_run_words(detect, true, o.value, n, seed, value);
    }
    if (status < 0) {
        (void)gk_error_context("%s %s, seeds %s", o.option, number, seeds);
        gk_die();
    }
    for (int64_t i = 0; i < n; i++)
        add(s, strtod(number, NULL), seed[i], value[i]);
    write_runs(s);
    gk_arena_release(&arena);
}

/* The seeds of the next round and where it is; none: all is known.  -1 with gk_error: no threshold is in the range. */
static int64_t next(study *s, double *x, int64_t *seed)
{
    bool        wanted[MAX_SEED];
    gk_outcomes known = asked(s);
    int64_t     n_wanted = gk_search_next(&s->search, &known, x, wanted), n = 0;
    if (n_wanted < 0)
        return -1;
    for (int64_t i = 0; i < s->search.n_seed && n_wanted > 0; i++)
        if (wanted[i])
            seed[n++] = s->seed[i];
    return n;
}

/* --- tables ----------------------------------------------------------------------------------------------------------- */

static gk_table *open_table(const char *const *column)
{
    gk_table *table = gk_table_open("-", o.json);
    if (!table)
        gk_die();
    for (int i = 0; column[i]; i++)
        gk_table_column(table, column[i]);
    return table;
}

static void put_next(double x, const int64_t *seed, int64_t n)
{
    gk_table *table = open_table((const char *const[]){ o.option, "seed", NULL });
    for (int64_t i = 0; i < n; i++) {
        gk_table_real(table, x, DIGITS);
        gk_table_int(table, seed[i]);
        gk_table_end_row(table);
    }
    if (gk_table_close(table) < 0)
        gk_die();
}

static void put_result(study *s)
{
    gk_outcomes known = asked(s);
    gk_estimate found = gk_search_estimate(&s->search, &known);
    gk_table   *table = open_table((const char *const[]){ "option", "level", "middle", "low", "high", "seeds", "runs", "note",
                                                          NULL });
    gk_table_text(table, o.option);
    gk_table_real(table, o.level, DIGITS);
    gk_table_real(table, found.value, DIGITS);
    gk_table_real(table, found.interval.low, DIGITS);
    gk_table_real(table, found.interval.high, DIGITS);
    gk_table_int(table, found.n_seed);
    gk_table_int(table, known.n);
    gk_table_text(table, isnan(found.interval.low) ? "no interval: it takes 2 seeds, 5 if some never get there" : "");
    gk_table_end_row(table);
    if (gk_table_close(table) < 0)
        gk_die();
}

/* --- the tool --------------------------------------------------------------------------------------------------------- */

static void check(const study *s)
{
    if (!o.runs)
        gk_usage("outcomes need a file: --runs FILE");
    if (!(o.from < o.to))
        gk_usage("'--from %g' is not below '--to %g'", o.from, o.to);
    if (!(o.precision < o.to - o.from))
        gk_usage("'--precision %g' is not finer than the range from %g to %g", o.precision, o.from, o.to);
    if (gk_words_have(s->command, "{x}") != gk_words_have(s->command, "{seed}"))
        gk_usage("the command has one of {x} and {seed}: expected both, or none of a command that trains");
}

/* The words, and all of them as a line. */
static void read_command(study *s, const gk_given *given)
{
    const char **word = gk_arena_alloc(&s->arena, (size_t)gk_given_n_argument(given) * sizeof *word);
    char        *line = gk_arena_strdup(&s->arena, "");
    s->command = (gk_words){ gk_given_n_argument(given), word };
    for (int i = 0; i < s->command.n; i++) {
        word[i] = gk_given_argument(given, i);
        line = gk_arena_printf(&s->arena, "%s%s%s", line, i > 0 ? " " : "", word[i]);
    }
    for (char *at = line; *at; at++)
        *at = (unsigned char)*at < ' ' ? ' ' : *at;
    s->command_line = line;
}

int main(int argc, char **argv)
{
    static study s;
    int64_t seed[MAX_SEED], n;
    double  x;
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    gk_quiet(o.quiet);
    if (gk_grid_n_run(given) > MAX_SEED)
        gk_usage("%lld seeds: at most %d", (long long)gk_grid_n_run(given), MAX_SEED);
    s.search = (gk_search){ o.from, o.to, o.precision, gk_grid_n_run(given) };
    for (int64_t i = 0; i < s.search.n_seed; i++) {
        gk_grid_select(given, i, &o);
        s.seed[i] = o.seed;
    }
    read_command(&s, given);
    check(&s);
    read_runs(&s);
    while ((n = next(&s, &x, seed)) > 0 && !o.next)
        run(&s, argv[0], x, seed, n);
    if (n < 0)    /* an answer, too, and the outcomes are there */
        fprintf(stderr, "%s: %s\n", gk_program_name(), gk_error_message());
    else if (o.next)
        put_next(x, seed, n);
    else
        put_result(&s);
    gk_arena_release(&s.arena);
    gk_given_free(given);
    return n < 0 ? GK_EXIT_NO : GK_EXIT_OK;
}
