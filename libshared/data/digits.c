/* digits.c -- images of digits: what mnist and its stand-in share, and the stand-in (experiments A.18): strokes of ten glyphs,
 * jittered, rotated, sheared, scaled, shifted, drawn with a round pen of some width, and noise.
 *
 * Every item has a stream of its own, so that a larger set begins with the smaller one. */
#include <math.h>
#include "base/rng.h"
#include "data/build.h"

void gk_digits_finish(gk_dataset *dataset, int64_t n_train)
{
    const int64_t n = dataset->n_item * GK_IMAGE_PIXELS;
    dataset->n_real = GK_IMAGE_PIXELS;
    dataset->n_answer = GK_N_DIGIT;
    dataset->real = gk_arena_alloc(&dataset->arena, (size_t)n * sizeof *dataset->real);
    for (int64_t i = 0; i < n; i++)
        dataset->real[i] = gk_pixel_value(dataset->pixel[i]);
    dataset->template_value = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *dataset->template_value);
    for (int64_t item = 0; item < dataset->n_item; item++)
        dataset->template_value[item] = (float)(-0.5 + dataset->label[item] / (GK_N_DIGIT - 1.0));
    gk_split_in_order(dataset, n_train);
}

/* --- glyphs -- */

enum { MAX_POINT = 16, N_TRAIN_ITEM = 10000, N_TEST_ITEM = 2000, FIRST_STREAM = 1000, SIDE = GK_IMAGE_SIDE };

typedef struct point { double x, y; } point;

/* Polylines in the unit square, y downwards. */
static const struct { int n; point at[MAX_POINT]; } glyphs[GK_N_DIGIT] = {
    {  9, { { .5, .1 }, { .75, .22 }, { .8, .5 }, { .75, .78 }, { .5, .9 }, { .25, .78 }, { .2, .5 }, { .25, .22 },
            { .5, .1 } } },
    {  3, { { .32, .28 }, { .54, .1 }, { .54, .9 } } },
    {  8, { { .22, .3 }, { .32, .14 }, { .55, .1 }, { .74, .22 }, { .74, .4 }, { .5, .64 }, { .22, .9 }, { .8, .9 } } },
    { 10, { { .22, .18 }, { .5, .1 }, { .74, .2 }, { .72, .4 }, { .46, .48 }, { .74, .58 }, { .78, .76 }, { .54, .9 },
            { .34, .88 }, { .2, .8 } } },
    {  4, { { .66, .9 }, { .66, .1 }, { .18, .62 }, { .84, .62 } } },
    {  9, { { .76, .1 }, { .3, .1 }, { .26, .46 }, { .5, .4 }, { .74, .5 }, { .78, .7 }, { .62, .88 }, { .4, .9 },
            { .2, .82 } } },
    { 10, { { .68, .12 }, { .42, .24 }, { .26, .5 }, { .26, .74 }, { .44, .9 }, { .68, .86 }, { .76, .68 },
            { .62, .52 }, { .42, .54 }, { .27, .68 } } },
    {  3, { { .2, .1 }, { .8, .1 }, { .42, .9 } } },
    { 14, { { .5, .48 }, { .28, .38 }, { .28, .2 }, { .5, .1 }, { .72, .2 }, { .72, .38 }, { .5, .48 }, { .26, .6 },
            { .22, .78 }, { .5, .9 }, { .78, .78 }, { .74, .6 }, { .6, .52 }, { .5, .48 } } },
    { 10, { { .74, .34 }, { .6, .48 }, { .38, .48 }, { .25, .34 }, { .32, .16 }, { .54, .1 }, { .72, .2 },
            { .74, .34 }, { .7, .66 }, { .54, .9 } } },
};

/* Numbers of one item. */
typedef struct drawing { uint64_t seed, stream; } drawing;

static double normal(const drawing *item, int index)
{
    return gk_rng_normal(item->seed, GK_RNG_DATA, item->stream, (uint64_t)index);
}

static double uniform(const drawing *item, int index, double from, double to)
{
    return from + (to - from) * gk_rng_uniform(item->seed, GK_RNG_DATA, item->stream, (uint64_t)index);
}

/* Which numbers of the stream are what: disjoint ranges, as two laws would share their bits. */
enum { AT_LABEL = 0, AT_SHIFT_X = 4, AT_SHIFT_Y = 5, AT_WIDTH = 6, AT_ROTATION = 16, AT_SHEAR = 17, AT_SCALE = 18,
       AT_JITTER = 100, AT_NOISE = 200 };

/* The glyph's points on this image, in pixels. */
static void place_points(const drawing *item, int digit, point *out)
{
    const double degree = 3.14159265358979323846 / 180, glyph_pixels = 20;    /* as in MNIST, a glyph fills about 20 pixels */
    const double angle = 10 * degree * normal(item, AT_ROTATION), shear = 0.15 * normal(item, AT_SHEAR);
    const double scale = glyph_pixels * (1 + 0.1 * normal(item, AT_SCALE)), c = cos(angle), s = sin(angle);
    const double shift_x = uniform(item, AT_SHIFT_X, -2, 2), shift_y = uniform(item, AT_SHIFT_Y, -2, 2);
    for (int i = 0; i < glyphs[digit].n; i++) {
        double x = glyphs[digit].at[i].x - 0.5 + 0.03 * normal(item, AT_JITTER + 2 * i);
        double y = glyphs[digit].at[i].y - 0.5 + 0.03 * normal(item, AT_JITTER + 2 * i + 1);
        x += shear * y;
        out[i].x = SIDE / 2.0 - 0.5 + shift_x + scale * (c * x - s * y);
        out[i].y = SIDE / 2.0 - 0.5 + shift_y + scale * (s * x + c * y);
    }
}

/* Darken what the pen touches on its way from a to b: full within half its width, fading over one pixel. */
static void stroke(double *ink, point a, point b, double width)
{
    const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy, reach = width / 2 + 0.5;
    const int left = (int)fmax(0, ceil(fmin(a.x, b.x) - reach)), right = (int)fmin(SIDE - 1, floor(fmax(a.x, b.x) + reach));
    const int top = (int)fmax(0, ceil(fmin(a.y, b.y) - reach)), bottom = (int)fmin(SIDE - 1, floor(fmax(a.y, b.y) + reach));
    for (int y = top; y <= bottom; y++)
        for (int x = left; x <= right; x++) {
            double along = square > 0 ? fmin(1, fmax(0, ((x - a.x) * dx + (y - a.y) * dy) / square)) : 0;
            double off_x = x - a.x - along * dx, off_y = y - a.y - along * dy;
            double value = reach - sqrt(off_x * off_x + off_y * off_y);
            ink[y * SIDE + x] = fmax(ink[y * SIDE + x], fmin(1, value));
        }
}

static void draw_digit(const drawing *item, int digit, uint8_t *pixel, double *noise)
{
    double ink[GK_IMAGE_PIXELS] = { 0 };
    point  at[MAX_POINT];
    const double width = uniform(item, AT_WIDTH, 1.2, 2.4);
    place_points(item, digit, at);
    for (int i = 1; i < glyphs[digit].n; i++)
        stroke(ink, at[i - 1], at[i], width);
    gk_rng_normals(item->seed, GK_RNG_DATA, item->stream, noise, AT_NOISE + GK_IMAGE_PIXELS);
    for (int i = 0; i < GK_IMAGE_PIXELS; i++)
        pixel[i] = (uint8_t)lrint(255 * fmin(1, fmax(0, ink[i] + 0.05 * noise[AT_NOISE + i])));
}

int gk_build_synth_digits(gk_dataset *dataset, const gk_data_args *args)
{
    const int64_t n_train = args->n_item > 0 ? args->n_item : N_TRAIN_ITEM;
    double        noise[AT_NOISE + GK_IMAGE_PIXELS];
    drawing       item = { .seed = gk_items_seed(args) };

    dataset->task = gk_task_name(args);
    dataset->n_item = n_train + N_TEST_ITEM;
    dataset->pixel = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * GK_IMAGE_PIXELS);
    dataset->label = gk_arena_alloc(&dataset->arena, (size_t)dataset->n_item * sizeof *dataset->label);
    for (int64_t i = 0; i < dataset->n_item; i++) {
        bool is_train = i < n_train;
        item.stream = FIRST_STREAM + 2 * (uint64_t)(is_train ? i : i - n_train) + !is_train;
        dataset->label[i] = (int32_t)gk_rng_below(item.seed, GK_RNG_DATA, item.stream, AT_LABEL, GK_N_DIGIT);
        draw_digit(&item, dataset->label[i], dataset->pixel + i * GK_IMAGE_PIXELS, noise);
    }
    gk_digits_finish(dataset, n_train);
    return 0;
}
