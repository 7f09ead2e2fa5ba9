/* duration.c -- see duration.h. */
#include "base/duration.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static const double DAY_S = 86400, HOUR_S = 3600, MINUTE_S = 60, LONGEST_S = 1e10;

/* Digits, with one point if `decimal`; where they end, or NULL. */
static const char *read_number(const char *text, bool decimal, double *out)
{
    size_t n = strspn(text, "0123456789");
    size_t whole = n;
    if (decimal && text[n] == '.')
        n += 1 + strspn(text + n + 1, "0123456789");
    if (whole == 0 || n > 15 || text[n - 1] == '.')
        return NULL;
    *out = strtod(text, NULL);
    return text + n;
}

/* 1d12h30m */
static bool read_units(const char *text, double *seconds)
{
    static const char units[] = "dhms";
    const double      unit_s[] = { DAY_S, HOUR_S, MINUTE_S, 1 };
    const char       *next = units;    /* units that may still come */
    double            number;
    *seconds = 0;
    do {
        const char *end = read_number(text, true, &number), *unit = end && *end ? strchr(next, *end) : NULL;
        if (!unit)
            return false;
        *seconds += number * unit_s[unit - units];
        next = unit + 1;
        text = end + 1;
    } while (*text);
    return true;
}

/* D-H, D-H:M, [D-]H:M:S, M:S; whatever follows the first number is below 60, or 24. */
static bool read_fields(const char *text, double *seconds)
{
    double days = 0, field[3];
    int    n = 0;
    const char *end = read_number(text, false, &days);
    bool   has_days = end && *end == '-';
    if (!has_days)
        days = 0;
    for (text = has_days ? end + 1 : text; n < 3; text = end + 1) {
        if (!(end = read_number(text, false, &field[n++])) || (*end && *end != ':'))
            return false;
        if (!*end)
            break;
    }
    if (*end || (!has_days && n == 1) || (has_days && field[0] >= 24))
        return false;
    for (int i = 1; i < n; i++)
        if (field[i] >= 60)
            return false;
    double unit = has_days || n == 3 ? HOUR_S : MINUTE_S;
    *seconds = days * DAY_S;
    for (int i = 0; i < n; i++, unit /= 60)
        *seconds += field[i] * unit;
    return true;
}

int gk_parse_duration(const char *text, double *seconds)
{
    if ((!read_units(text, seconds) && !read_fields(text, seconds)) || *seconds <= 0 || *seconds > LONGEST_S)
        return gk_usage_error("expected a length of time as 90s, 3h50m or 0-03:50:00, found '%s'", text);
    return 0;
}
