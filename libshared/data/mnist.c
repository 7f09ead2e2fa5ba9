/* mnist.c -- the four files of MNIST (LeCun et al. 1998): where they may lie, and what must be in them. */
#include "data/mnist.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "data/build.h"

const gk_mnist_file gk_mnist_files[GK_N_MNIST_FILE] = {
    { "train-images-idx3-ubyte", 9912422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609" },
    { "train-labels-idx1-ubyte", 28881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c" },
    { "t10k-images-idx3-ubyte", 1648877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6" },
    { "t10k-labels-idx1-ubyte", 4542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6" },
};

/* --- places -- */

const char *gk_mnist_folder(gk_arena *arena)
{
    const char *data = getenv("GROK_DATA"), *share = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data && *data)
        return gk_arena_printf(arena, "%s/mnist", data);
    if (share && *share)
        return gk_arena_printf(arena, "%s/groktools/mnist", share);
    return gk_arena_printf(arena, "%s/.local/share/groktools/mnist", home && *home ? home : ".");
}

/* Some unpack "train-images-idx3-ubyte" as "train-images.idx3-ubyte", the name within the archive. */
static const char *find_in(const char *folder, const char *name, gk_arena *arena)
{
    static const char *const ends[] = { ".gz", "" };
    for (int is_dotted = 0; is_dotted < 2; is_dotted++)
        for (int i = 0; i < 2; i++) {
            char *path = gk_arena_printf(arena, "%s/%s%s", folder, name, ends[i]);
            if (is_dotted)
                memcpy(strstr(path + strlen(folder), "-idx"), ".", 1);
            if (access(path, F_OK) == 0)
                return path;
        }
    return NULL;
}

static const char *find(const char *name, gk_arena *arena)
{
    const char *folder = gk_mnist_folder(arena), *data = getenv("GROK_DATA"), *path = find_in(folder, name, arena);
    if (!path && data && *data)
        path = find_in(data, name, arena);
    if (!path)
        gk_error("there is no '%s.gz' in '%s'%s%s%s: 'grok-data fetch mnist' gets it, and GROK_DATA names the folder of data",
                 name, folder, data && *data ? " or '" : "", data && *data ? data : "", data && *data ? "'" : "");
    return path;
}

/* --- reading -- */

/* Images and labels of one part, which must be equally many. */
static int read_part(int part, gk_arena *arena, uint8_t **image, uint8_t **label, int64_t *n)
{
    int64_t     shape[3] = { 0, GK_IMAGE_SIDE, GK_IMAGE_SIDE }, n_label = 0;
    const char *image_path = find(gk_mnist_files[2 * part].name, arena);
    const char *label_path = image_path ? find(gk_mnist_files[2 * part + 1].name, arena) : NULL;
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
