/* options_value.c -- values of options from text and back: numbers, names, lists, ranges. */
#include "base/options_private.h"

#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/names.h"

static const double LARGEST_WHOLE = 9223372036854774784.0;    /* the last double below 2^63 */

/* --- numbers ------------------------------------------------------------------------------------------------------ */

/* strtod would also take blanks, hexadecimal digits, inf and nan. */
static bool is_decimal(const char *text)
{
    return *text && strspn(text, "0123456789+-.eE") == strlen(text);
}

static bool read_decimal(const char *text, double *out)
{
    char *end = NULL;
    if (!is_decimal(text))
        return false;
    *out = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

/* 0.2, 2e-1 or 1/5. */
static bool read_real(const char *text, double *out)
{
    const char *slash = strchr(text, '/');
    char        over[40];
    double      under;
    if (!slash)
        return read_decimal(text, out);
    if ((size_t)(slash - text) >= sizeof over)
        return false;
    memcpy(over, text, (size_t)(slash - text));
    over[slash - text] = '\0';
    if (!read_decimal(over, out) || !read_decimal(slash + 1, &under) || under == 0)
        return false;
    *out /= under;
    return isfinite(*out);
}

static bool read_int(const char *text, int64_t *out)
{
    char  *end = NULL;
    double real;
    if (!is_decimal(text))
        return false;
    errno = 0;
    *out = strtoll(text, &end, 10);
    if (end != text && *end == '\0')
        return errno == 0;
    if (!read_decimal(text, &real) || real != floor(real) || fabs(real) > LARGEST_WHOLE)
        return false;
    *out = (int64_t)real;
    return true;
}

int gk_parse_int(const char *text, int64_t *out)
{
    return read_int(text, out) ? 0 : gk_error("expected a whole number, found '%s'", text);
}

int gk_parse_real(const char *text, double *out)
{
    return read_real(text, out) ? 0 : gk_error("expected a number, found '%s'", text);
}

/* The shortest decimal form that reads back as the same number; of two as short, the one without an exponent. */
const char *gk_print_real(double value, char *buffer, size_t n_bytes)
{
    char shortest[40] = "", text[40];
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        if (isfinite(value) && strtod(text, NULL) != value)
            continue;
        if (!*shortest || strlen(text) <= strlen(shortest))
            memcpy(shortest, text, sizeof shortest);
        if (!strchr(shortest, 'e'))
            break;
    }
    snprintf(buffer, n_bytes, "%s", shortest);
    return buffer;
}

/* --- one value ---------------------------------------------------------------------------------------------------- */

void gk_value_store(const gk_option *option, void *group_values, gk_value value)
{
    char *place = (char *)group_values + option->offset;
    switch (option->type) {
    case GK_SWITCH: *(bool *)place = value.is_on; break;
    case GK_INT:    *(int64_t *)place = value.whole; break;
    case GK_REAL:   *(double *)place = value.real; break;
    case GK_CHOICE: *(int *)place = value.choice; break;
    case GK_TEXT:   *(const char **)place = value.text; break;
    }
}

static int n_choice(const gk_option *option)
{
    int n = 0;
    while (option->choices[n])
        n++;
    return n;
}

static gk_value value_at(const gk_option *option, const char *place)
{
    switch (option->type) {
    case GK_SWITCH: return (gk_value){ .is_on = *(const bool *)place };
    case GK_INT:    return (gk_value){ .whole = *(const int64_t *)place };
    case GK_REAL:   return (gk_value){ .real = *(const double *)place };
    case GK_CHOICE: return (gk_value){ .choice = *(const int *)place };
    case GK_TEXT:   return (gk_value){ .text = *(const char *const *)place };
    }
    return (gk_value){ 0 };
}

const char *gk_value_text(const gk_option *option, gk_value value, char *buffer, size_t n_bytes)
{
    bool is_choice = option->type == GK_CHOICE && value.choice >= 0 && value.choice < n_choice(option);
    switch (option->type) {
    case GK_SWITCH: snprintf(buffer, n_bytes, "%s", value.is_on ? "yes" : "no"); break;
    case GK_INT:    snprintf(buffer, n_bytes, "%lld", (long long)value.whole); break;
    case GK_REAL:   gk_print_real(value.real, buffer, n_bytes); break;
    case GK_CHOICE: snprintf(buffer, n_bytes, "%s", is_choice ? option->choices[value.choice] : ""); break;
    case GK_TEXT:   snprintf(buffer, n_bytes, "%s", value.text ? value.text : ""); break;
    }
    return buffer;
}

const char *gk_value_format(const gk_option *option, const void *group_values, char *buffer, size_t n_bytes)
{
    return gk_value_text(option, value_at(option, (const char *)group_values + option->offset), buffer, n_bytes);
}

static bool in_range(const gk_option *option, double value)
{
    return value >= option->min && value <= option->max;
}

const char *gk_option_default(gk_arena *arena, const gk_option *option, const void *group_values)
{
    const char *place = (const char *)group_values + option->offset;
    char buffer[64];
    bool is_valid = true;
    switch (option->type) {
    case GK_TEXT: return *(const char *const *)place ? gk_arena_strdup(arena, *(const char *const *)place) : NULL;
    case GK_REAL:
        if (!isfinite(*(const double *)place))
            return NULL;
        is_valid = in_range(option, *(const double *)place);
        break;
    case GK_CHOICE:
        if (*(const int *)place == -1)
            return NULL;
        is_valid = *(const int *)place >= 0 && *(const int *)place < n_choice(option);
        break;
    case GK_INT: is_valid = in_range(option, (double)*(const int64_t *)place); break;
    case GK_SWITCH: break;
    }
    /* A default that its own option refuses could not be restored from a checkpoint. */
    if (!is_valid)
        gk_bug(__FILE__, __LINE__, gk_arena_printf(arena, "the default of option '%s' is out of range", option->name));
    return option->type == GK_CHOICE ? option->choices[*(const int *)place]
                                     : gk_arena_strdup(arena, gk_value_format(option, group_values, buffer, sizeof buffer));
}

/* --- what is accepted ---------------------------------------------------------------------------------------------- */

/* " from 1 to 10", ", 0 or larger", ", above 0 and below 1".  Doubles just beside 0 and 1 stand for open ends. */
static void describe_range(double min, double max, char *buffer, size_t n_bytes)
{
    char low[40], high[40];
    bool has_min = min > -LARGEST_WHOLE, has_max = max < LARGEST_WHOLE;
    bool above_0 = min > 0 && min < 1e-100, below_1 = max < 1 && max > 1 - 2 * DBL_EPSILON;
    gk_print_real(min, low, sizeof low);
    gk_print_real(max, high, sizeof high);
    if (has_min && has_max && !above_0 && !below_1)
        snprintf(buffer, n_bytes, " from %s to %s", low, high);
    else
        snprintf(buffer, n_bytes, "%s%s%s%s%s%s%s", has_min || has_max ? ", " : "",
                 has_min ? above_0 ? "above 0" : low : "", has_min && !above_0 ? " or larger" : "",
                 has_min && has_max ? " and " : "", has_max && below_1 ? "below 1" : "",
                 has_max && !below_1 ? high : "", has_max && !below_1 ? " or smaller" : "");
}

void gk_option_describe(const gk_option *option, char *buffer, size_t n_bytes)
{
    const char *list = option->flags & GK_VARY ? " or list" : "";
    char   range[120];
    size_t n;
    switch (option->type) {
    case GK_SWITCH: snprintf(buffer, n_bytes, *list ? "yes, no, or a list" : "yes or no"); break;
    case GK_TEXT:   snprintf(buffer, n_bytes, "text without control characters"); break;
    case GK_INT:
    case GK_REAL:
        describe_range(option->min, option->max, range, sizeof range);
        snprintf(buffer, n_bytes, "%s%s%s", option->type == GK_INT ? "a whole number" : "a number", list, range);
        break;
    case GK_CHOICE:
        n = (size_t)snprintf(buffer, n_bytes, "%s", *list ? "one or a list of " : "one of ");
        for (int i = 0; option->choices[i] && n < n_bytes; i++)
            n += (size_t)snprintf(buffer + n, n_bytes - n, "%s%s", i ? ", " : "", option->choices[i]);
        break;
    }
}

/* --- lists and ranges ------------------------------------------------------------------------------------------------ */

typedef struct value_list {
    const gk_option *option;
    const char      *whole;        /* all of the text, for messages */
    gk_value        *values;       /* malloc'ed */
    int64_t          n_value, n_room;
} value_list;

static int refuse(const value_list *list, const char *item)
{
    const gk_option *option = list->option;
    char        accepted[1024];
    bool        is_all = strcmp(item, list->whole) == 0;
    gk_arena    arena = { 0 };
    gk_names    names = { 0 };
    gk_option_describe(option, accepted, sizeof accepted);
    for (int i = 0; option->type == GK_CHOICE && option->choices[i]; i++)
        gk_names_add(&names, option->choices[i]);
    const char *nearest = gk_names_nearest(&names, item);
    gk_usage_error("invalid value '%s'%s%s%s for '--%s'%s: expected %s", item, is_all ? "" : " in '", is_all ? "" : list->whole,
                   is_all ? "" : "'", option->name, nearest ? gk_arena_printf(&arena, " (did you mean '%s'?)", nearest) : "",
                   accepted);
    gk_names_release(&names);
    gk_arena_release(&arena);
    return -1;
}

static int refuse_range(const value_list *list, const char *item, const char *why)
{
    return gk_usage_error("invalid range '%s' for '--%s': %s", item, list->option->name, why);
}

static int append(value_list *list, gk_value value)
{
    if (list->n_value == GK_GRID_MAX)
        return gk_usage_error("'--%s' has more than %d values", list->option->name, GK_GRID_MAX);
    if (list->n_value == list->n_room) {
        int64_t   n_room = list->n_room ? 2 * list->n_room : 8;
        gk_value *values = realloc(list->values, (size_t)n_room * sizeof *values);
        if (!values)
            return gk_error("cannot get memory for the values of '--%s'", list->option->name);
        list->values = values;
        list->n_room = n_room;
    }
    list->values[list->n_value++] = value;
    return 0;
}

/* A number from `item`; a whole-number option gets it rounded. */
static int append_number(value_list *list, const char *item, double number)
{
    if (!in_range(list->option, number))
        return refuse(list, item);
    if (list->option->type == GK_REAL)
        return append(list, (gk_value){ .real = number });
    return fabs(number) > LARGEST_WHOLE ? refuse(list, item) : append(list, (gk_value){ .whole = llrint(number) });
}

/* FIRST..LAST */
static int append_whole_numbers(value_list *list, const char *item)
{
    int64_t first, last;
    const char *dots = strstr(item, "..");
    char start[32];
    snprintf(start, sizeof start, "%.*s", (int)(dots - item), item);
    if (dots - item >= (int)sizeof start || !read_int(start, &first) || !read_int(dots + 2, &last))
        return refuse_range(list, item, "expected FIRST..LAST in whole numbers");
    if (first > last)
        return refuse_range(list, item, "the last number is smaller than the first");
    if ((uint64_t)last - (uint64_t)first >= GK_GRID_MAX)
        return gk_usage_error("'--%s' has more than %d values", list->option->name, GK_GRID_MAX);
    for (int64_t number = first; number <= last && number >= first; number++) {
        if (!in_range(list->option, (double)number))
            return refuse(list, item);
        gk_value value = list->option->type == GK_INT ? (gk_value){ .whole = number } : (gk_value){ .real = (double)number };
        if (append(list, value) < 0)
            return -1;
        if (number == INT64_MAX)
            break;
    }
    return 0;
}

/* Point i of n.  Long double and 15 digits, so that 0.01:10:x7 holds 0.1 and 0:1:11 holds 0.3, not its neighbours. */
static double point(double first, double last, bool is_log, int64_t i, int64_t n)
{
    if (i == 0 || i == n - 1)
        return i == 0 ? first : last;
    long double share = (long double)i / (long double)(n - 1);
    long double value = is_log ? (long double)first * powl((long double)last / (long double)first, share)
                               : (long double)first + ((long double)last - (long double)first) * share;
    char text[40];
    snprintf(text, sizeof text, "%.15Lg", value);
    return strtod(text, NULL);
}

static bool same_value(const gk_option *option, gk_value a, gk_value b)
{
    return option->type == GK_INT ? a.whole == b.whole : a.real == b.real;
}

/* FIRST:LAST:COUNT or FIRST:LAST:xCOUNT; takes the item's text apart in a copy. */
static int append_points(value_list *list, const char *item)
{
    const char *syntax = "expected FIRST:LAST:COUNT or FIRST:LAST:xCOUNT with a count of 2 or more";
    char    text[128], *ends[3] = { text, NULL, NULL };
    double  first, last;
    int64_t n;
    if (snprintf(text, sizeof text, "%s", item) >= (int)sizeof text)
        return refuse_range(list, item, syntax);
    for (int i = 1; i < 3; i++) {
        if (!(ends[i] = strchr(ends[i - 1], ':')))
            return refuse_range(list, item, syntax);
        *ends[i]++ = '\0';
    }
    bool is_log = *ends[2] == 'x';
    if (!read_real(ends[0], &first) || !read_real(ends[1], &last) || !read_int(ends[2] + is_log, &n) || n < 2)
        return refuse_range(list, item, syntax);
    if (is_log && (first <= 0 || last <= 0))
        return refuse_range(list, item, "both ends of a logarithmic range must be above 0");
    if (n > GK_GRID_MAX)
        return gk_usage_error("'--%s' has more than %d values", list->option->name, GK_GRID_MAX);
    if (list->option->type == GK_INT && (first != floor(first) || last != floor(last)))
        return refuse_range(list, item, "both ends must be whole numbers");
    for (int64_t i = 0; i < n; i++) {
        if (append_number(list, item, point(first, last, is_log, i, n)) < 0)
            return -1;
        gk_assert(list->values);
        const gk_value *newest = list->values + list->n_value - 1;
        if (i > 0 && same_value(list->option, newest[-1], newest[0]))
            return refuse_range(list, item, "two of its points are the same number");
    }
    return 0;
}

static int append_name(value_list *list, const char *item)
{
    static const char *const names[] = { "no", "yes", "off", "on", "false", "true", "0", "1", NULL };
    bool is_switch = list->option->type == GK_SWITCH;
    const char *const *choices = is_switch ? names : list->option->choices;
    for (int i = 0; choices[i]; i++)
        if (strcmp(item, choices[i]) == 0)
            return append(list, is_switch ? (gk_value){ .is_on = i & 1 } : (gk_value){ .choice = i });
    return refuse(list, item);
}

static int append_item(value_list *list, const char *item)
{
    bool    is_number = list->option->type == GK_INT || list->option->type == GK_REAL;
    int64_t whole;
    double  real;
    if (list->option->type == GK_TEXT) {
        for (const char *c = item; *c; c++)
            if ((unsigned char)*c < 32 || *c == 127)
                return refuse(list, item);
        return append(list, (gk_value){ .text = item });
    }
    if (!is_number)
        return append_name(list, item);
    if (list->option->flags & GK_VARY && strstr(item, ".."))
        return append_whole_numbers(list, item);
    if (list->option->flags & GK_VARY && strchr(item, ':'))
        return append_points(list, item);
    if (list->option->type == GK_INT)
        return read_int(item, &whole) && in_range(list->option, (double)whole) ? append(list, (gk_value){ .whole = whole })
                                                                            : refuse(list, item);
    return read_real(item, &real) ? append_number(list, item, real) : refuse(list, item);
}

/* Of an option that finds its lists itself. */
static int append_texts(gk_arena *arena, value_list *list)
{
    const char **texts;
    int64_t      n_text;
    if (append_item(list, list->whole) < 0)    /* a text without control characters? */
        return -1;
    list->n_value = 0;
    if (list->option->lists(arena, list->whole, &texts, &n_text) < 0)
        return -1;
    for (int64_t i = 0; i < n_text; i++)
        if (append(list, (gk_value){ .text = texts[i] }) < 0)
            return -1;
    return 0;
}

int gk_values_parse(gk_arena *arena, const gk_option *option, const char *text, gk_value **values, int64_t *n_value)
{
    value_list list = { .option = option, .whole = text };
    int   status = -1;
    char *rest = gk_arena_strdup(arena, text), *item;
    char  separator[] = { option->flags & GK_VARY ? ',' : '\0', '\0' };
    if (option->lists && append_texts(arena, &list) < 0)
        goto done;
    while (!option->lists && rest) {
        /* strsep with no separator returns all of the text. */
        item = strsep(&rest, separator);
        if (append_item(&list, item) < 0)
            goto done;
    }
    gk_assert(list.values);    /* even an empty text is one item */
    *n_value = list.n_value;
    *values = gk_arena_alloc(arena, (size_t)list.n_value * sizeof **values);
    memcpy(*values, list.values, (size_t)list.n_value * sizeof **values);
    status = 0;
done:
    free(list.values);
    return status;
}

int gk_parse_reals(gk_arena *arena, const gk_option *option, const char *text, double **values, int64_t *n_value)
{
    gk_value *parsed;
    gk_assert(option->type == GK_REAL);
    if (gk_values_parse(arena, option, text, &parsed, n_value) < 0 || gk_values_distinct(option, text, parsed, *n_value) < 0)
        return -1;
    *values = gk_arena_alloc(arena, (size_t)*n_value * sizeof **values);
    for (int64_t i = 0; i < *n_value; i++)
        (*values)[i] = parsed[i].real;
    return 0;
}

/* --- equal values ---------------------------------------------------------------------------------------------------- */

int gk_value_compare(const gk_option *option, const gk_value *a, const gk_value *b)
{
    switch (option->type) {
    case GK_SWITCH: return a->is_on - b->is_on;
    case GK_INT:    return (a->whole > b->whole) - (a->whole < b->whole);
    case GK_REAL:   return (a->real > b->real) - (a->real < b->real);
    case GK_CHOICE: return a->choice - b->choice;
    case GK_TEXT:   return strcmp(a->text, b->text);
    }
    return 0;
}

static int by_value(const void *a, const void *b, void *option)
{
    return gk_value_compare(option, a, b);
}

int gk_values_distinct(const gk_option *option, const char *text, const gk_value *values, int64_t n_value)
{
    gk_value *sorted = n_value > 1 ? malloc((size_t)n_value * sizeof *sorted) : NULL;
    char      twice[64];
    int       status = 0;
    if (n_value < 2)
        return 0;
    if (!sorted)
        return gk_error("cannot get memory for the values of '--%s'", option->name);
    memcpy(sorted, values, (size_t)n_value * sizeof *sorted);
    qsort_r(sorted, (size_t)n_value, sizeof *sorted, by_value, (void *)option);
    for (int64_t i = 1; i < n_value && status == 0; i++)
        if (gk_value_compare(option, &sorted[i - 1], &sorted[i]) == 0)
            status = gk_usage_error("'--%s %s': %s is there twice, and its runs would be copies", option->name, text,
                                    gk_value_text(option, sorted[i], twice, sizeof twice));
    free(sorted);
    return status;
}
