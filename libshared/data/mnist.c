/* mnist.c -- the four files of MNIST: what must be in them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "data/build.h"
#include "data/public.h"

/* Unpacked or not; some unpack "train-images-idx3-ubyte" as "train-images.idx3-ubyte", the name within the archive. */
static const char *find(const gk_public *set, int file, gk_arena *arena)
{
    const char *packed = set->file[file].name;
    char       *names[4] = { NULL };
    for (int i = 0; i < 4; i++) {
        names[i] = gk_arena_strdup(arena, packed);
        if (i % 2)
            *strstr(names[i], ".gz") = '\0';
        if (i / 2)
            *strstr(names[i], "-idx") = '.';
    }
    return gk_public_path(set, (const char *const *)names, 4, arena);
}

/* --- reading -- */

/* Images and labels of one part, which must be equally many. */
static int read_part(int part, gk_arena *arena, uint8_t **image, uint8_t **label, int64_t *n)
{
    const gk_public *set = gk_public_find("mnist");
    int64_t          shape[3] = { 0, GK_IMAGE_SIDE, GK_IMAGE_SIDE }, n_label = 0;
    const char      *image_path = find(set, 2 * part, arena);
    const char      *label_path = image_path ? find(set, 2 * part + 1, arena) : NULL;
    if (!label_path || !(*image = gk_idx_read(image_path, 3, shape)) || !(*label = gk_idx_read(label_path, 1, &n_label)))
        return -1;
    if (shape[0] != n_label)
        return gk_error("'%s' has %" PRId64 " images, but '%s' has %" PRId64 " labels", image_path, shape[0], label_path,
                        n_label);
    for (int64_t i = 0; i < n_label; i++)
        if ((*label)[i] >= GK_N_DIGIT)
            return gk_error("'%s': label %d of item %" PRId64 " is outside [0, %d)", label_path, (*label)[i], i, GK_N_DIGIT);
    *n = n_label;
    return 0;
}

static void join_parts(gk_dataset *dataset, uint8_t *const image[2], uint8_t *const label[2], const int64_t n[2])
{
    gk_arena *arena = &dataset->arena;
    dataset->n_item = n[0] + n[1];
    dataset->pixel = gk_arena_alloc(arena, (size_t)dataset->n_item * GK_IMAGE_PIXELS);
    dataset->label = gk_arena_alloc(arena, (size_t)dataset->n_item * sizeof *dataset->label);
    int64_t first = 0;
    for (int part = 0; part < 2; part++) {
        memcpy(dataset->pixel + first * GK_IMAGE_PIXELS, image[part], (size_t)n[part] * GK_IMAGE_PIXELS);
        for (int64_t i = 0; i < n[part]; i++)
            dataset->label[first + i] = label[part][i];
        first += n[part];
    }
    gk_digits_finish(dataset, n[0]);
}

int gk_build_mnist(gk_dataset *dataset, const gk_data_args *args)
{
    uint8_t *image[2] = { NULL, NULL }, *label[2] = { NULL, NULL };
    int64_t  n[2] = { 0, 0 };
    int      status = 0;
    for (int part = 0; part < 2 && status == 0; part++)
        status = read_part(part, &dataset->arena, &image[part], &label[part], &n[part]);
    if (status == 0) {
        dataset->task = gk_task_name(args);
        join_parts(dataset, image, label, n);
    }
    for (int part = 0; part < 2; part++) {
        free(image[part]);
        free(label[part]);
    }
    return status;
}
