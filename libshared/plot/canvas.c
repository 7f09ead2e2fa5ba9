/* canvas.c -- how large a figure is, and its letters and lines. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "plot/figure.h"

#define SVG_DOTS 96.0      /* per inch, as CSS has them */
#define PNG_DOTS 144.0
#define PDF_DOTS 100.0     /* what a size without a unit is of */
#define WIDTH    (800 / SVG_DOTS)
#define FONT     10.5      /* points, in a figure of that width */
#define PRINT    8.0       /* in print */
#define INCH     2.54      /* centimetres */
#define LEAST    0.2       /* inches */
#define MOST     200.0

static double dots_of(const gk_canvas *canvas)
{
    return canvas->format == GK_PNG   ? (canvas->dots_per_inch > 0 ? canvas->dots_per_inch : PNG_DOTS)
           : canvas->format == GK_PDF ? PDF_DOTS
                                      : SVG_DOTS;
}

/* A number in plain decimals, and where it ended; NAN: there is none. */
static double number(const char **text)
{
    char   digits[32] = "", *end;
    size_t n = strspn(*text, "0123456789.");

    if (n == 0 || n >= sizeof digits)
        return NAN;
    memcpy(digits, *text, n);
    double value = strtod(digits, &end);
    *text += n;
    return *end ? NAN : value;
}

int gk_canvas_size(gk_canvas *canvas, const char *text)
{
    const char *at = text;
    double width = number(&at), height = 0, unit = 0;

    if (*at == 'x') {
        at++;
        height = number(&at);
        if (!(height > 0))
            height = NAN;
    }
    bool is_inches = strcmp(at, "in") == 0, is_centimetres = strcmp(at, "cm") == 0, is_dots = !*at && height > 0;
    if (canvas->format == GK_TERMINAL) {
        if (!is_dots || !(width >= 20 && width <= 20000 && height >= 10 && height <= 20000) || width != floor(width) ||
            height != floor(height))
            return gk_error("'%s': expected WxH characters, from 20x10 to 20000x20000", text);
        canvas->columns = (int)width;
        canvas->rows = (int)height;
        return 0;
    }
    unit = is_inches ? 1 : is_centimetres ? 1 / INCH : is_dots ? 1 / dots_of(canvas) : NAN;
    if (isnan(unit) || !(width * unit >= LEAST && width * unit <= MOST) ||
        (height != 0 && !(height * unit >= LEAST && height * unit <= MOST)) || isnan(height))
        return gk_error("'%s': expected WxH (dots), WxHin or WxHcm, or a width with a unit; each from %g to %g inches", text,
                        LEAST, MOST);
    canvas->width = width * unit;
    canvas->height = height * unit;
    canvas->is_print = !is_dots;
    return 0;
}

gk_canvas gk_canvas_complete(const gk_canvas *canvas, int n_row)
{
    gk_canvas full = *canvas;

    if (full.columns <= 0)
        full.columns = 80;
    if (full.rows <= 0)
        full.rows = 24;
    if (full.dots_per_inch <= 0)
        full.dots_per_inch = PNG_DOTS;
    if (full.width <= 0)
        full.width = full.format == GK_PDF ? 8 : WIDTH;
    if (full.height <= 0)
        full.height = full.width * (n_row > 2 ? 0.15 + 0.3 * n_row : n_row == 2 ? 0.75 : 0.625);
    if (full.font_size <= 0)
        full.font_size = full.is_print ? PRINT : FONT * fmin(full.width / WIDTH, full.height / (WIDTH * 0.625));
    if (full.line_width <= 0)
        full.line_width = full.font_size / 7;
    return full;
}
