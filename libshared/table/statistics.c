/* statistics.c -- see statistics.h. */
#include "table/statistics.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include "base/options.h"
#include "table/number.h"

GK_CHOICE_NAMES(gk_along, GK_ALONGS);

static const gk_statistic statistics[] = {
    { "count", 1, 1, 0, gk_stat_count, NULL, { "finite", "left_out" } },
    { "median", 1, 1, 0, gk_stat_median, NULL, { "finite", "left_out", "median", "min", "max", "low", "high", "note" } },
    { "share", 1, 1, 0, gk_stat_share, NULL, { "k", "share", "low", "high", "note" } },
    { "quantile", 1, 1, 0, gk_stat_quantile_of, NULL, { "quantile" } },
    { "range", 1, 1, 0, gk_stat_range, NULL, { "range", "min", "max" } },
    { "slope", 2, 2, 0, gk_stat_slope, NULL, { "slope", "seeds", "left_out", "low", "high", "note" } },
    { "spearman", 2, 2, 0, gk_stat_rank, NULL, { "rho" } },
    { "logistic", 2, 2, 0, gk_stat_logistic_middle, NULL, { "middle", "seeds", "low", "high", "note" } },
    { "theta", 2, 2, 0, gk_stat_theta, NULL, { "theta", "cot", "seeds", "low", "high", "note" } },
    { "change", 2, 2, GK_STAT_BETWEEN, gk_stat_change, NULL, { "change", "pairs", "undecided", "p", "low", "high", "note" } },
    { "cross", 3, 3, GK_STAT_BETWEEN, gk_stat_cross, NULL, { "crossing", "seeds", "low", "high", "note" } },
    { "order", 2, 2, 0, NULL, gk_stat_order, { "rho", "pairs" } },
    { "rise", 2, 2, 0, NULL, gk_stat_rise, { "rise", "from", "to" } },
    { "peaks", 2, 2, 0, NULL, gk_stat_peaks, { "peaks", "places" } },
    { "argmin", 2, 3, 0, NULL, gk_stat_lowest, { "X", "Y", "Z", "inside", "left", "right" } },
    { "argmax", 2, 3, 0, NULL, gk_stat_highest, { "X", "Y", "Z", "inside", "left", "right" } },
    { "width",
      2,
      2,
      GK_STAT_NEEDS_LEVEL | GK_STAT_LEVELS,
      NULL,
      gk_stat_width,
      { "level", "pieces", "low", "high", "width", "open" } },
    { "contour",
      2,
      3,
      GK_STAT_NEEDS_LEVEL | GK_STAT_LEVELS,
      NULL,
      gk_stat_contour,
      { "level", "Y", "X", "dz_dx", "dz_dy", "along", "rises" } },
    { "gradient", 3, 3, 0, NULL, gk_stat_gradient, { "X", "Y", "Z", "dz_dx", "dz_dy" } },
};

const gk_statistic *gk_statistic_find(const char *name)
{
    char known[400] = "";
    for (size_t i = 0; i < sizeof statistics / sizeof *statistics; i++) {
        size_t used = strlen(known);
        if (strcmp(statistics[i].name, name) == 0)
            return &statistics[i];
        snprintf(known + used, sizeof known - used, "%s%s", i > 0 ? ", " : "", statistics[i].name);
    }
    gk_usage_error("no statistic '%s': there are %s", name, known);
    return NULL;
}

/* --- levels -------------------------------------------------------------------------------------------------------------- */

/* For every row: 0 where the column is A, 1 where it is B, else NaN, which leaves it out.  NULL with gk_error. */
static const double *sides(const gk_frame *frame, int column, const char *between, gk_arena *arena)
{
    const gk_frame_column *c = &frame->column[column];
    double     *side = gk_arena_alloc(arena, (size_t)(frame->n_row + 1) * sizeof *side);
    char       *b = gk_arena_strdup(arena, between), *a = strsep(&b, ",");
    const char *name[] = { a, b };
    double      number[2] = { NAN, NAN };
    if (!b || strchr(b, ',') || strcmp(a, b) == 0) {
        gk_usage_error("'--between' takes two different values of '%s', as A,B", c->name);
        return NULL;
    }
    for (int i = 0; i < 2 && !c->text; i++)
        if (gk_parse_real(name[i], &number[i]) < 0) {
            gk_usage_error("'--between': %s", gk_error_message());
            return NULL;
        }
    for (int64_t row = 0; row < frame->n_row; row++) {
        side[row] = NAN;
        for (int i = 0; i < 2; i++)
            if (c->text ? strcmp(c->text[row], name[i]) == 0 : c->value[row] == number[i])
                side[row] = i;
    }
    return side;
}

/* What tells the runs of a row's seed: column `seed`; a row without one is a run by itself. */
static double *seeds_of(const gk_frame *frame, gk_arena *arena)
{
    int     c = gk_frame_find(frame, "seed");
    const double *value = c >= 0 ? frame->column[c].value : NULL;
    double *seed = gk_arena_alloc(arena, (size_t)(frame->n_row + 1) * sizeof *seed);
    for (int64_t row = 0; row < frame->n_row; row++) {
        double number = value ? value[row] : (double)row;
        seed[row] = isnan(number) ? -1 - (double)row : number;
    }
    return seed;
}

static void add_row(gk_stat_sample *s, int64_t row, int n_column, const double **value, const double *seed_of_row, double *seed)
{
    double *to[] = { s->x, s->y, s->z };
    for (int i = 0; i < n_column; i++)
        if (!value[i] || isnan(value[i][row])) {
            s->n_left_out++;
            return;
        }
    for (int i = 0; i < 3; i++)
        to[i][s->n] = i < n_column ? value[i][row] : NAN;
    seed[s->n++] = seed_of_row[row];
}

/* The selected rows of level l are row[begin[l]] to row[begin[l + 1] - 1], in their order. */
typedef struct dealt { int64_t *begin, *row; } dealt;

static dealt deal(const gk_selection *rows, const gk_frame_levels *levels, gk_arena *arena)
{
    dealt d = { gk_arena_alloc(arena, (size_t)(levels->n_level + 2) * sizeof *d.begin),
                gk_arena_alloc(arena, (size_t)(rows->n + 1) * sizeof *d.row) };
    for (int64_t i = 0; i < rows->n; i++)
        d.begin[levels->code[rows->row[i]] + 2]++;
    for (int64_t level = 2; level <= levels->n_level; level++)
        d.begin[level] += d.begin[level - 1];
    for (int64_t i = 0; i < rows->n; i++)    /* begin[l + 1] moves from the begin of l to its end */
        d.row[d.begin[levels->code[rows->row[i]] + 1]++] = rows->row[i];
    return d;
}

/* Where rows begin: the values that make the level, and how many rows they have. */
typedef struct level_cells { const gk_frame *frame; const gk_stat_request *request; int64_t row, n; } level_cells;

static void begin_row(gk_stat_output *out)
{
    const level_cells *level = out->context;
    for (int i = 0; i < level->request->n_by; i++) {
        const gk_frame_column *column = &level->frame->column[level->request->by[i]];
        if (column->text)
            gk_table_text(out->table, column->text[level->row]);
        else
            gk_stat_put(out, column->value[level->row]);
    }
    gk_table_int(out->table, level->n);
}

/* --- all of it ------------------------------------------------------------------------------------------------------------- */

static int add_columns(gk_table *table, const gk_frame *frame, const gk_stat_request *request)
{
    int n_column = request->n_column;

    for (int i = 0; i < request->n_by; i++)
        gk_table_column(table, frame->column[request->by[i]].name);
    gk_table_column(table, "n");
    for (int i = 0; request->what->column[i]; i++) {
        const char *name = request->what->column[i];
        int given = strcmp(name, "X") == 0 ? 0 : strcmp(name, "Y") == 0 ? 1 : strcmp(name, "Z") == 0 ? n_column - 1 : -1;
        bool of_maps = strcmp(name, "Y") == 0 || strcmp(name, "dz_dy") == 0;
        bool of_curves = strcmp(name, "left") == 0 || strcmp(name, "right") == 0;
        if ((of_maps && n_column < 3) || (of_curves && n_column > 2))
            continue;
        name = given >= 0 ? frame->column[request->column[given]].name : name;
        if (gk_table_count_named(table, name) > 0)
            return gk_usage_error("two columns of the result are named '%s'", name);
        gk_table_column(table, name);
    }
    return 0;
}

/* The rows of one level.  A level without any is told by what counts alone. */
static int write_level(gk_stat_output *out, const gk_stat_request *request, const gk_stat_sample *s)
{
    int status = 0;

    if (s->n > 0 && request->what->write)
        return request->what->write(out, s);
    if (s->n > 0 || request->what->put == gk_stat_count) {
        begin_row(out);
        status = request->what->put(out, s);
        gk_table_end_row(out->table);
    }
    return status;
}

static int write_levels(gk_stat_output *out, const gk_frame *frame, const gk_selection *rows, const gk_stat_request *request,
                        const gk_frame_levels *levels, int64_t *n_left_out)
{
    gk_arena     *arena = out->arena;
    level_cells  *at = out->context;
    const double *value[3] = { NULL };
    size_t        most = (size_t)rows->n + 1;
    gk_stat_sample s = { 0, gk_arena_alloc(arena, most * sizeof *s.x), gk_arena_alloc(arena, most * sizeof *s.y),
                         gk_arena_alloc(arena, most * sizeof *s.z), gk_arena_alloc(arena, most * sizeof *s.seed), 0, 0 };
    double       *seed = gk_arena_alloc(arena, most * sizeof *seed), *seed_of_row = seeds_of(frame, arena);
    dealt         by_level = deal(rows, levels, arena);

    for (int i = 0; i < request->n_column; i++) {
        bool is_side = i == 0 && request->between;
        value[i] = is_side ? sides(frame, request->column[i], request->between, arena) : frame->column[request->column[i]].value;
        if (is_side && !value[i])
            return -1;
    }
    for (int64_t level = 0; level < levels->n_level; level++) {
        s.n = s.n_left_out = 0;
        for (int64_t i = by_level.begin[level]; i < by_level.begin[level + 1]; i++)
            add_row(&s, by_level.row[i], request->n_column, value, seed_of_row, seed);
        if ((s.n_seed = gk_number_values(s.n, seed, s.seed)) < 0)
            return -1;
        at->row = levels->first_row[level];
        at->n = s.n;
        *n_left_out += request->between ? 0 : s.n_left_out;
        if (write_level(out, request, &s) < 0)
            return -1;
    }
    return 0;
}

int gk_statistic_table(const gk_frame *frame, const gk_selection *rows, const gk_stat_request *request, gk_arena *arena,
                       gk_table *table, int64_t *n_left_out)
{
    level_cells    at = { .frame = frame, .request = request };
    gk_stat_output out = { .context = &at,
                           .table = table,
                           .options = &request->options,
                           .n_column = request->n_column,
                           .arena = arena,
                           .begin = begin_row };
    gk_frame_levels levels;

    *n_left_out = 0;
    if (add_columns(table, frame, request) < 0 || gk_frame_code(frame, request->n_by, request->by, &levels) < 0)
        return -1;
    int status = write_levels(&out, frame, rows, request, &levels, n_left_out);
    gk_frame_levels_release(&levels);
    return status;
}
