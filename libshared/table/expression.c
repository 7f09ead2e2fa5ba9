/* expression.c -- see expression.h: what the tree of an expression says of rows. */
#include "table/expression.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "table/contrast.h"
#include "table/expression_private.h"
#include "table/number.h"

enum { MOST_TOLD = 500 };    /* values of one aggregate */

/* A number, a text (and what it might become, up to a NULL; or NULL), or a truth; firm: that without comparisons of too few
 * seeds for an interval. */
typedef struct value { unsigned kind; gk_range number; const char *text, **or_else; gk_truth truth, firm; } value;

/* The seeds by which two conditions are compared. */
typedef struct seeds { int64_t n; const double *value; } seeds;

/* What is looked at: a row of the selection, or (row -1) all of it; what one of the seeds says by itself, or (seed -1) all. */
typedef struct view {
    const gk_expression *expression;
    const gk_selection  *selection;
    int64_t              row, seed;
    seeds                seeds;
    FILE                *measured;    /* or NULL */
    bool                 any;         /* something was measured */
    int64_t              n_seed;      /* -1: no aggregate yet */
    bool                *read;        /* [selection] the rows that an aggregate takes a value from; or NULL */
    unsigned             why;         /* what is undecided is so */
    gk_arena            *arena;       /* of `absent`, or NULL: nobody asks */
    const char          *absent;      /* columns without a value, for which something is undecided */
    bool                 lacks, open; /* of a seed: there are rows without it; rows where it may be anything */
    bool                 failed;      /* out of memory */
} view;

static value number_of(gk_range number)  { return (value){ GK_KIND_NUMBER, number, NULL, NULL, GK_NO_DATA, GK_NO_DATA }; }
static value exactly(double number)      { return number_of(gk_exactly(number)); }
static value truth_of(gk_truth truth)    { return (value){ GK_KIND_TRUTH, gk_exactly(NAN), NULL, NULL, truth, truth }; }
static value text_of(const char *text)   { return (value){ GK_KIND_TEXT, gk_exactly(NAN), text, NULL, GK_NO_DATA, GK_NO_DATA }; }

static value conditions(gk_truth truth, gk_truth firm)
{
    value found = truth_of(truth);
    found.firm = firm;
    return found;
}

static value value_of(view *v, const gk_term *term);

/* --- columns ----------------------------------------------------------------------------------------------------------- */

static value cell_at(const view *v, int64_t i, const int *column)
{
    int table = v->selection->table[i], c = column[table];
    const gk_frame        *frame = v->expression->tables->table[table];
    const gk_frame_column *found = c < 0 ? NULL : &frame->column[c];
    if (!found)
        return exactly(NAN);
    int64_t row = v->selection->row[i];
    if (v->seed >= 0 && found->by_seed)
        return number_of(found->by_seed[row * frame->n_seed + v->seed]);
    value   cell = found->text ? text_of(found->text[row])
                               : found->range ? number_of(found->range[row]) : exactly(found->value[row]);
    cell.or_else = found->or_else ? found->or_else[row] : NULL;
    return cell;
}

static value parameter(const gk_rows_of_tables *tables, int index)
{
    const char *text = tables->parameter[index].text;
    char  *end;
    double number = strtod(text, &end);
    if (tables->parameter[index].range)
        return number_of(*tables->parameter[index].range);
    return end != text && *end == '\0' ? exactly(number) : text_of(text);
}

/* --- aggregates ------------------------------------------------------------------------------------------------------------ */

/* The seeds of the sample, numbered from 0 in the order in which they appear; all rows without one are of one.  Of groups of
 * several seeds none is looked at by itself here, and none is missed. */
static void number_seeds(view *v, const int64_t *rows, gk_sample *s, gk_arena *scratch)
{
    const int *column = v->expression->seed;
    double *seed = gk_arena_alloc(scratch, (size_t)(s->n + 1) * sizeof *seed);
    for (int64_t i = 0; i < s->n; i++) {
        value at = cell_at(v, rows[i], column);
        seed[i] = isnan(at.number.number) ? -1 : at.number.number;
        s->has_seeds |= !isnan(at.number.number) || v->expression->tables->table[v->selection->table[rows[i]]]->n_seed == 1;
    }
    s->n_seed = gk_number_values(s->n, seed, s->seed);
    v->failed |= s->n_seed < 0;
    if (v->n_seed < 0 || s->n_seed < v->n_seed)
        v->n_seed = s->n_seed;
}

/* Of a condition, what stands left of the comparison says most. */
static const gk_term *telling(const gk_term *term)
{
    while (term->type == GK_TERM_AND || term->type == GK_TERM_OR || term->type == GK_TERM_NOT || term->type == GK_TERM_COMPARISON)
        term = term->a;
    return term;
}

/* "end, top" */
static void name_absent(view *v, const char *column)
{
    const char *at = strstr(v->absent, column);
    size_t      n = strlen(column);
    while (at && !((at == v->absent || at[-1] == ' ') && (at[n] == '\0' || at[n] == ',')))
        at = strstr(at + 1, column);
    if (!at)
        v->absent = gk_arena_printf(v->arena, "%s%s%s", v->absent, *v->absent ? ", " : "", column);
}

/* NOLINTBEGIN(misc-no-recursion): a term is at most MAX_DEPTH deep (expression_parse.c) */
static void tell(view *v, const gk_term *call, const gk_aggregate *found, const gk_sample *s, const int64_t *rows)
{
    const gk_term *told = telling(call->b ? call->b : call->a);
    if (!v->measured)
        return;
    fprintf(v->measured, "%s%.*s = ", v->any ? "; " : "", (int)(call->end - call->begin), call->begin);
    v->any = true;
    if (call->aggregate->is_condition)
        fprintf(v->measured, "%lld of %lld {", (long long)found->n_true, (long long)s->n);
    else if (isnan(found->range.low))
        fprintf(v->measured, "%.4g {", found->range.number);
    else
        fprintf(v->measured, "%.4g [%.4g, %.4g] {", found->range.number, found->range.low, found->range.high);
    for (int64_t i = 0; i < s->n && i < MOST_TOLD; i++) {
        v->row = rows[i];
        value at = value_of(v, told);
        if (at.kind == GK_KIND_NUMBER)
            fprintf(v->measured, "%s%.4g", i > 0 ? " " : "", at.number.number);
        else
            fprintf(v->measured, "%s%s", i > 0 ? " " : "",
                    at.kind == GK_KIND_TEXT ? at.text : at.truth == GK_TRUE ? "yes" : "no");
    }
    v->row = -1;
    fputs(s->n > MOST_TOLD ? " ...}" : "}", v->measured);
}

/* The columns of this row that leave the term without a value. */
static void name_columns(view *v, const gk_term *term)
{
    if (term->type == GK_TERM_COLUMN && v->row >= 0 && v->arena) {
        value found = cell_at(v, v->row, term->column);
        if (found.kind == GK_KIND_NUMBER && isnan(found.number.number) && !found.number.is_censored)
            name_absent(v, term->text);
    }
    if (term->type == GK_TERM_AGGREGATE)
        return;
    if (term->a)
        name_columns(v, term->a);
    if (term->b)
        name_columns(v, term->b);
}

static bool is_there(value of)
{
    return of.kind == GK_KIND_NUMBER ? !isnan(of.number.number) : of.kind != GK_KIND_TRUTH || of.truth != GK_NO_DATA;
}

/* Does the row say anything of the seed that is looked at?  One that stands for a group of several does. */
static bool is_of_seed(const view *v, int64_t row)
{
    const gk_frame *frame = v->expression->tables->table[v->selection->table[row]];
    return v->seed < 0 || frame->n_seed > 0 || cell_at(v, row, v->expression->seed).number.number == v->seeds.value[v->seed];
}

/* A condition of several rows, and what is left of it without comparisons of too few seeds. */
static value condition_of(const gk_term *call, const gk_sample *s, gk_truth truth)
{
    gk_sample without = *s;
    without.truth = s->firm;
    return conditions(truth, s->lacks_interval ? gk_aggregate_of(call->aggregate, &without).truth : truth);
}

/* A row that stands for a group has no value, and its group might decide: training ended first (OPEN), or there is none. */
typedef enum { WHOLE, OPEN, WANTING } completeness;

static completeness with_group(view *v, value x, value y, completeness before)
{
    completeness found = before;
    const value  of[] = { x, y };
    if (x.kind == GK_KIND_NUMBER && isnan(x.number.number)) {
        v->lacks |= isnan(x.number.low);
        v->open |= !isnan(x.number.low);
    }
    for (int i = 0; i < 2; i++)
        if (!is_there(of[i]))
            found = of[i].kind == GK_KIND_NUMBER && of[i].number.is_censored && found != WANTING ? OPEN : WANTING;
    return found;
}

/* The rows that the filter selects and that have a value, and what the aggregate looks at there. */
static completeness take(view *v, const gk_term *call, gk_sample *s, int64_t *rows)
{
    const bool   are_groups = v->expression->tables->origin;
    bool         any_limits = false, any_of_y = false;
    completeness found = WHOLE;
    for (int64_t row = 0; row < v->selection->n; row++) {
        v->row = row;
        if (!is_of_seed(v, row) || (call->filter && value_of(v, call->filter).truth != GK_TRUE))
            continue;
        value x = value_of(v, call->a), y = call->b ? value_of(v, call->b) : x;
        if (are_groups)
            found = with_group(v, x, y, found);
        if (v->read && (are_groups || x.kind == GK_KIND_TRUTH || !isnan(x.number.number)))
            v->read[row] = true;
        if (x.kind != GK_KIND_TRUTH && isnan(x.number.number))
            continue;
        rows[s->n] = row;
        s->x[s->n] = x.number.number;
        s->y[s->n] = y.number.number;
        s->low[s->n] = isnan(x.number.low) ? x.number.number : x.number.low;
        s->high[s->n] = isnan(x.number.high) ? x.number.number : x.number.high;
        s->y_low[s->n] = isnan(y.number.low) ? y.number.number : y.number.low;
        s->y_high[s->n] = isnan(y.number.high) ? y.number.number : y.number.high;
        any_limits |= !isnan(x.number.low);
        any_of_y |= !isnan(y.number.low);
        s->is_censored |= x.number.is_censored || (y.number.is_censored && !isnan(y.number.number));
        s->n_aggregate = s->n_aggregate > x.number.n_aggregate ? s->n_aggregate : x.number.n_aggregate;
        s->lacks_interval |= x.number.lacks_interval || y.number.lacks_interval || y.firm != y.truth;
        s->firm[s->n] = y.firm;
        s->truth[s->n++] = y.truth;
    }
    if (!any_limits)
        s->low = s->high = NULL;
    if (!any_of_y)
        s->y_low = s->y_high = NULL;
    v->row = -1;
    return found;
}

static value aggregate(view *v, const gk_term *call)
{
    gk_arena     scratch = { 0 };
    size_t       most = (size_t)v->selection->n + 1;
    int64_t     *rows = gk_arena_alloc(&scratch, most * sizeof *rows);
    gk_sample    s = { 0 };
    gk_aggregate found = { gk_exactly(NAN), GK_NO_DATA, 0 };
    s.seed = gk_arena_alloc(&scratch, most * sizeof *s.seed);
    s.x = gk_arena_alloc(&scratch, most * sizeof *s.x);
    s.y = gk_arena_alloc(&scratch, most * sizeof *s.y);
    s.low = gk_arena_alloc(&scratch, most * sizeof *s.low);
    s.high = gk_arena_alloc(&scratch, most * sizeof *s.high);
    s.y_low = gk_arena_alloc(&scratch, most * sizeof *s.y_low);
    s.y_high = gk_arena_alloc(&scratch, most * sizeof *s.y_high);
    s.truth = gk_arena_alloc(&scratch, most * sizeof *s.truth);
    s.firm = gk_arena_alloc(&scratch, most * sizeof *s.firm);
    completeness groups = take(v, call, &s, rows);
    number_seeds(v, rows, &s, &scratch);
    if (!v->failed) {
        found = gk_aggregate_of(call->aggregate, &s);
        if (groups != WHOLE)    /* conditions know what is open themselves */
            found.range = gk_range_without(groups == OPEN);
        tell(v, call, &found, &s, rows);
    }
    value result = call->aggregate->is_condition ? condition_of(call, &s, found.truth) : number_of(found.range);
    gk_arena_release(&scratch);
    return result;
}

/* --- terms --------------------------------------------------------------------------------------------------------------- */

/* A number against a text is a text, too. */
static const char *as_text(value a, char room[40])
{
    if (a.kind == GK_KIND_TEXT)
        return a.text;
    snprintf(room, 40, "%.15g", a.number.number);
    return room;
}

/* Might one of the texts, left of the sign or right of it, make it otherwise? */
static bool might_be(const char *sign, const char **texts, const char *other, gk_truth truth, bool is_left)
{
    for (; texts && *texts; texts++)
        if (gk_truth_of_order(sign, is_left ? strcmp(*texts, other) : strcmp(other, *texts)) != truth)
            return true;
    return false;
}

/* What each seed says of a number; NULL for `has`: none has to do with it. */
static gk_side by_seed(view *v, const gk_term *term, gk_arena *scratch)
{
    gk_range *of_seed = gk_arena_alloc(scratch, (size_t)(v->seeds.n + 1) * sizeof *of_seed);
    bool     *has = gk_arena_alloc(scratch, (size_t)(v->seeds.n + 1) * sizeof *has), any = false;
    for (int64_t seed = 0; seed < v->seeds.n; seed++) {
        view one = { .expression = v->expression, .selection = v->selection, .row = -1, .seed = seed, .seeds = v->seeds,
                     .n_seed = -1 };
        of_seed[seed] = value_of(&one, term).number;
        has[seed] = (one.n_seed != 0 || one.open) && !one.lacks;
        any |= one.n_seed >= 0;
        v->failed |= one.failed;
    }
    return (gk_side){ of_seed, any ? has : NULL };
}

static value compare_numbers(view *v, const gk_term *term, gk_range a, gk_range b)
{
    value found = truth_of(gk_range_compare(term->text, a, b, &v->why));
    bool  is_decided = found.truth == GK_TRUE || found.truth == GK_FALSE, is_firm;
    if (found.truth == GK_NO_DATA) {
        name_columns(v, term->a);
        name_columns(v, term->b);
    }
    if (is_decided && (a.lacks_interval || b.lacks_interval))
        found.firm = GK_UNDECIDED;
    if (v->row >= 0 || v->seed >= 0 || v->seeds.n == 0 || !is_decided || !gk_is_contrast(term->text, a, b))
        return found;
    gk_arena      scratch = { 0 };
    const gk_side left = by_seed(v, term->a, &scratch), right = by_seed(v, term->b, &scratch);
    found = truth_of(gk_contrast(term->text, found.truth, v->seeds.n, &left, &right, &v->why, &is_firm));
    if (!is_firm)
        found.firm = GK_UNDECIDED;
    gk_arena_release(&scratch);
    return found;
}

static value compare(view *v, const gk_term *term, value a, value b)
{
    const char *sign = term->text;
    char     a_room[40], b_room[40];
    gk_truth truth;
    if (a.kind != GK_KIND_TEXT && b.kind != GK_KIND_TEXT)
        return compare_numbers(v, term, a.number, b.number);
    const char *a_text = as_text(a, a_room), *b_text = as_text(b, b_room);
    truth = gk_truth_of_order(sign, strcmp(a_text, b_text));
    if (!might_be(sign, a.or_else, b_text, truth, true) && !might_be(sign, b.or_else, a_text, truth, false))
        return truth_of(truth);
    v->why |= GK_ENDED;
    return truth_of(GK_UNDECIDED);
}

static gk_truth either(gk_truth a, gk_truth b)
{
    return gk_truth_not(gk_truth_both(gk_truth_not(a), gk_truth_not(b)));
}

static value of_two(view *v, const gk_term *term, value a, value b)
{
    switch (term->type) {
    case GK_TERM_SUM:        return number_of(gk_range_sum(a.number, b.number));
    case GK_TERM_DIFFERENCE: return number_of(gk_range_difference(a.number, b.number));
    case GK_TERM_PRODUCT:    return number_of(gk_range_product(a.number, b.number));
    case GK_TERM_QUOTIENT:   return number_of(gk_range_quotient(a.number, b.number));
    case GK_TERM_REMAINDER:  return number_of(gk_range_remainder(a.number, b.number));
    case GK_TERM_POWER:      return number_of(gk_range_power(a.number, b.number));
    case GK_TERM_AND:        return conditions(gk_truth_both(a.truth, b.truth), gk_truth_both(a.firm, b.firm));
    case GK_TERM_OR:         return conditions(either(a.truth, b.truth), either(a.firm, b.firm));
    default:                 return compare(v, term, a, b);
    }
}

static gk_range function_of(const gk_term *term, gk_range a)
{
    return term->function == fabs ? gk_range_abs(a) : gk_range_rising(a, term->function);
}

/* The one branch that counts; with an undecided condition there is no value. */
static value choice(view *v, const gk_term *term)
{
    unsigned before = v->why;
    v->why = 0;
    value condition = value_of(v, term->filter);
    const bool is_open = v->why & GK_ENDED;
    v->why |= before;
    if (condition.truth == GK_TRUE || condition.truth == GK_FALSE) {
        value found = value_of(v, condition.truth == GK_TRUE ? term->a : term->b);
        if (condition.firm != condition.truth) {
            found.firm = condition.firm;
            found.number.lacks_interval = true;
        }
        return found;
    }
    return term->kinds == GK_KIND_TRUTH ? condition : number_of(gk_range_without(is_open));
}

static value negation(value a)
{
    return conditions(gk_truth_not(a.truth), gk_truth_not(a.firm));
}

static value value_of(view *v, const gk_term *term)
{
    switch (term->type) {
    case GK_TERM_NUMBER:    return exactly(term->number);
    case GK_TERM_TEXT:      return text_of(term->text);
    case GK_TERM_COLUMN:    return cell_at(v, v->row, term->column);
    case GK_TERM_PARAMETER: return parameter(v->expression->tables, term->parameter);
    case GK_TERM_FUNCTION:  return number_of(function_of(term, value_of(v, term->a).number));
    case GK_TERM_NEGATIVE:  return number_of(gk_range_difference(gk_exactly(0), value_of(v, term->a).number));
    case GK_TERM_NOT:       return negation(value_of(v, term->a));
    case GK_TERM_AGGREGATE: return aggregate(v, term);
    case GK_TERM_CHOICE:    return choice(v, term);
    default:                break;
    }
    value a = value_of(v, term->a);    /* first: what is measured is told in the order of the text */
    return of_two(v, term, a, value_of(v, term->b));
}
/* NOLINTEND(misc-no-recursion) */

/* --- what others call -------------------------------------------------------------------------------------------------- */

gk_truth gk_row_truth(const gk_expression *expression, const gk_selection *selection, int64_t i)
{
    view v = { .expression = expression, .selection = selection, .row = i, .seed = -1 };
    return value_of(&v, expression->term).truth;
}

double gk_row_number(const gk_expression *expression, const gk_selection *selection, int64_t i)
{
    view  v = { .expression = expression, .selection = selection, .row = i, .seed = -1 };
    value found = value_of(&v, expression->term);
    return found.kind != GK_KIND_TRUTH ? found.number.number : found.truth == GK_TRUE ? 1 : found.truth == GK_FALSE ? 0 : NAN;
}

/* Those of the rows, or behind them. */
static seeds seeds_of(const gk_rows_of_tables *tables, const gk_selection *rows, gk_arena *arena)
{
    seeds found = { tables->n_table == 1 ? tables->table[0]->n_seed : 0, NULL };
    if (found.n == 0)
        found.value = gk_seeds_among(tables, rows, arena, &found.n);
    return found;
}

int gk_judge(const gk_expression *predicate, const gk_selection *selection, gk_arena *arena, gk_finding *out)
{
    char  *text = NULL;
    size_t n_bytes = 0;
    view   v = { .expression = predicate, .selection = selection, .row = -1, .seed = -1, .n_seed = -1 };
    v.seeds = seeds_of(predicate->tables, selection, arena);
    v.read = out->read = gk_arena_alloc(arena, (size_t)(selection->n + 1) * sizeof *out->read);
    v.arena = arena;
    v.absent = "";
    if (!(v.measured = open_memstream(&text, &n_bytes)))
        return gk_error("out of memory for what is measured");
    value found = value_of(&v, predicate->term);
    out->truth = found.truth;
    out->is_firm = found.firm == found.truth;
    out->n_seed = v.n_seed < 0 ? 0 : v.n_seed;
    out->why = v.why;
    out->absent = v.absent;
    bool lost = ferror(v.measured) || fclose(v.measured) == EOF;
    if (lost && !v.failed)
        gk_error("out of memory for what is measured");
    out->measured = lost ? "" : gk_arena_strdup(arena, text);
    free(text);
    return lost || v.failed ? -1 : 0;
}

int gk_measure(const gk_expression *expression, const gk_selection *selection, bool *read, gk_range *number, int64_t *n_seed)
{
    view v = { .expression = expression, .selection = selection, .row = -1, .seed = -1, .n_seed = -1, .read = read };
    *number = value_of(&v, expression->term).number;
    *n_seed = v.n_seed;
    return v.failed ? -1 : 0;
}
