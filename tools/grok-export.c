/* grok-export.c -- parameters and histories of checkpoints in the formats of other programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/die.h"
#include "base/json.h"
#include "base/outfile.h"
#include "io/events.h"
#include "io/tensors.h"
#include "models/naming.h"
#include "run_models.h"

#define FORMATS(X) \
    X(BY_NAME, "auto") X(SAFETENSORS, "safetensors") X(NPZ, "npz") X(FOLDER, "folder") X(TENSORBOARD, "tensorboard")
GK_LOCAL_CHOICES(format, FORMATS);

static struct {
    format      to;
    gk_naming   names;
    int64_t     run, group;
    const char *at, *output;
    bool        force;
} o = { .run = -1, .group = -1, .at = "last" };

GK_CONDITION(of_tensors, __typeof__(o), "a format that holds parameters", at->to != TENSORBOARD);

#define GK_OPTIONS_OF __typeof__(o)
static const gk_option options[] = {
    GK_CHOICE_OPTION("format", to, format,
                     .help = "auto: as the output's name ends; folder: README.md, config.json and step_N/model.safetensors; "
                             "tensorboard: an event file of all metrics"),
    GK_CHOICE_OPTION("names", names, gk_naming, .when = &of_tensors,
                     .help = "names and layouts of parameters; torch: matrices as nn.Linear has them; the others: of "
                             "TransformerLens, and of the code of Nanda et al. 2023"),
    GK_TEXT_OPTION("at", at, .arg = "STEP", .when = &of_tensors,
                   .help = GK_AT_HELP),
    GK_INT_OPTION("run", run, -1, INT64_MAX, .help = "this run only (by the number in column run)"),
    GK_INT_OPTION("group", group, -1, INT32_MAX, .help = "this group of runs only (by its place in the file)"),
    GK_TEXT_OPTION("output", output, .key = 'o', .arg = "FILE", .flags = GK_REQUIRED,
                   .help = "write here; {run} and {step} stand for their numbers, {file} for the checkpoint's name"),
    GK_SWITCH_OPTION("force", force, .help = "replace files that are there"),
    GK_OPTION_END
};
static const gk_option_group groups[] = { { "Options", options, &o }, { 0 } };
static const gk_cli cli = {
    .name = "grok-export", .summary = "write parameters and histories in the formats of other programs",
    .arguments = "CHECKPOINT...",
    .details = "One file for each run and step; with several of them the output's name says which.  safetensors and folder\n"
               "carry the options that the run was made with, as config.NAME.\n\n"
               "  grok-export run.h5 -o model.safetensors\n"
               "  grok-export --names transformerlens --at all run.h5 -o 'model-{run}-{step}.safetensors'\n"
               "  grok-export --format tensorboard sweep.h5 -o 'logs/{run}' && tensorboard --logdir logs\n"
               "  grok-export --format folder --run 3 sweep.h5 -o hub\n\n"
               "docs/models.md says what each parameter is.  grok-import is the way back.\n\n"
               "Exit status: 0 done, 1 failed, 2 usage.",
    .groups = groups, .values = &o, .n_bytes = sizeof o, .min_arguments = 1, .max_arguments = INT32_MAX
};

static gk_outfile *open_output(const char *path)
{
    if (o.force)
        gk_outfile_allow(path);
    return gk_outfile_new(path, GK_OUTFILE_STORE);
}

/* --- parameters ---------------------------------------------------------------------------------------------------------- */

static int64_t heads_of(gk_checkpoint *file, const gk_run *run)
{
    const gk_h5_column    *column = gk_group_run_column(run->data, "n_head");
    const gk_config_entry *entry = gk_checkpoint_config(file, "n_head");
    if (column && !column->text && column->type == GK_I64)
        return ((const int64_t *)column->data)[run->replica];
    return entry && entry->integer > 0 ? entry->integer : 1;
}

/* A parameter of one replica, as others have it, in arena memory. */
static int put_tensor(gk_tensors *tensors, const gk_run_model *from, const gk_param_info *param, int64_t n_head)
{
    const gk_group *group = from->run->data;
    size_t          n_byte = gk_dtype_size(group->real);
    gk_named        named;
    if (gk_named_of(o.names, param->name, param->n_dim, param->dim, n_head, &tensors->arena, &named) < 0)
        return -1;
    const char *of_replica = (const char *)from->array + (size_t)(from->run->replica * group->n_real + param->offset) * n_byte;
    char       *data = gk_arena_alloc(&tensors->arena, (size_t)param->size * n_byte);
    for (int64_t i = 0; i < param->size; i++)
        memcpy(data + (size_t)gk_named_index(&named, i) * n_byte, of_replica + (size_t)i * n_byte, n_byte);
    gk_tensor *tensor = &tensors->tensor[tensors->n_tensor++];
    *tensor = (gk_tensor){ .name = named.name, .type = group->real == GK_F64 ? GK_TENSOR_F64 : GK_TENSOR_F32,
                           .n_dim = named.n_dim, .size = param->size, .data = data };
    memcpy(tensor->dim, named.dim, (size_t)named.n_dim * sizeof *named.dim);
    return 0;
}

static void put_note(gk_tensors *tensors, const char *key, const char *text)
{
    tensors->note[tensors->n_note++] = (gk_note){ gk_arena_strdup(&tensors->arena, key), gk_arena_strdup(&tensors->arena, text) };
}

/* What the model is and how it was made: the options, as this run has them. */
static void put_notes(gk_tensors *tensors, const gk_run_model *from, const gk_runs *runs)
{
    gk_arena      *arena = &tensors->arena;
    gk_checkpoint *file = from->file;
    tensors->note = gk_arena_alloc(arena, (size_t)(file->n_config + runs->n_column + 12) * sizeof *tensors->note);
    put_note(tensors, "format", "pt");    /* what the loaders of transformers ask for */
    put_note(tensors, "names", gk_naming_names[o.names]);
    put_note(tensors, "tool", gk_arena_printf(arena, "%s %s", file->tool, file->tool_version));
    put_note(tensors, "command_line", file->command_line ? file->command_line : "");
    put_note(tensors, "checkpoint_sha256", file->sha256);
    put_note(tensors, "step", gk_arena_printf(arena, "%lld", (long long)from->step));
    put_note(tensors, "data", from->run->data->task ? from->run->data->task : "");
    for (int c = 0; c < runs->n_column; c++) {
        char    text[64];
        gk_cell cell = gk_runs_cell(runs, from->run, c);
        if (cell.type == GK_CELL_EMPTY)
            continue;
        snprintf(text, sizeof text, cell.type == GK_CELL_INT ? "%.0f" : "%.17g",
                 cell.type == GK_CELL_INT ? (double)cell.integer : cell.real);
        put_note(tensors, runs->column[c], cell.type == GK_CELL_TEXT ? cell.text : text);
    }
    for (int i = 0; i < file->n_config; i++)
        put_note(tensors, gk_arena_printf(arena, "config.%s", file->config[i].name), gk_config_text(file, &file->config[i]));
}

static int fill_tensors(gk_tensors *tensors, const gk_run_model *from, const gk_runs *runs)
{
    const gk_group *group = from->run->data;
    int64_t         n_head = heads_of(from->file, from->run);
    tensors->tensor = gk_arena_alloc(&tensors->arena, (size_t)(group->n_param + 1) * sizeof *tensors->tensor);
    put_notes(tensors, from, runs);
    for (int i = 0; i < group->n_param; i++)
        if (put_tensor(tensors, from, &group->param[i], n_head) < 0)
            return gk_error_context("'%s'", from->file->path);
    return 0;
}

/* --- a folder of one model ----------------------------------------------------------------------------------------------- */

/* path with lines of text, atomically. */
static int write_text(const char *path, const char *text)
{
    gk_outfile *output = open_output(path);
    if (!output)
        return -1;
    if (gk_outfile_write(output, text, strlen(text)) < 0) {
        gk_outfile_discard(output);
        return -1;
    }
    return gk_outfile_commit(output);
}

static int write_folder(const gk_tensors *tensors, const gk_run_model *from, const char *folder)
{
    gk_arena    arena = { 0 };
    const char *config = "{", *readme;
    for (int i = 0; i < tensors->n_note; i++)
        config = gk_arena_printf(&arena, "%s%s\n  %s: %s", config, i > 0 ? "," : "", gk_json_quoted(&arena, tensors->note[i].key),
                                 gk_json_quoted(&arena, tensors->note[i].text));
    config = gk_arena_printf(&arena, "%s\n}\n", config);
    readme = gk_arena_printf(&arena,
                             "# %s, run %lld\n\nParameters after step %lld are in `step_%lld/model.safetensors`, under the names "
                             "of %s; `config.json` holds the options.\n\nMade by %s %s:\n\n    %s\n\nCheckpoint: sha256 `%s`.\n",
                             from->run->data->task ? from->run->data->task : "model", (long long)from->number,
                             (long long)from->step, (long long)from->step, gk_naming_names[o.names], from->file->tool,
                             from->file->tool_version, from->file->command_line ? from->file->command_line : "",
                             from->file->sha256);
    const char *tensor_path = gk_arena_printf(&arena, "%s/step_%lld/model.safetensors", folder, (long long)from->step);
    const char *config_path = gk_arena_printf(&arena, "%s/config.json", folder);
    const char *readme_path = gk_arena_printf(&arena, "%s/README.md", folder);
    if (o.force)
        gk_outfile_allow(tensor_path);
    int status = gk_make_folders(tensor_path) < 0 || gk_tensors_write(tensors, GK_SAFETENSORS, tensor_path) < 0 ||
                 write_text(config_path, config) < 0 || write_text(readme_path, readme) < 0 ? -1 : 0;
    gk_arena_release(&arena);
    return status;
}

/* --- event files ---------------------------------------------------------------------------------------------------------- */

/* "2024-05-01T12:00:00Z" as seconds since 1970; 0: there is none. */
static double time_of(const char *created)
{
    struct tm date = { 0 };
    return created && strptime(created, "%Y-%m-%dT%H:%M:%SZ", &date) ? (double)timegm(&date) : 0;
}

static int write_events(const gk_run_model *from, const char *folder)
{
    const gk_history *history = from->run->data->history;
    gk_arena          arena = { 0 };
    double            time_s = time_of(from->file->created);
    const char *path = gk_arena_printf(&arena, "%s/events.out.tfevents.%.0f.groktools", folder, time_s);
    double     *value = gk_arena_alloc(&arena, (size_t)(history->n_metric + 1) * sizeof *value);
    const char *const *name = (const char *const *)history->name;
    gk_outfile *output = gk_make_folders(path) < 0 ? NULL : open_output(path);
    int         status = output ? gk_events_begin(output, time_s) : -1;
    for (int64_t record = 0; status == 0 && record <= gk_run_last_record(from->run); record++) {
        for (int m = 0; m < history->n_metric; m++)
            value[m] = history->value[m][record * history->n_replica + from->run->replica];
        status = gk_events_put(output, time_s, history->step[record], history->n_metric, name, value);
    }
    if (status < 0)
        gk_outfile_discard(output);
    else
        status = gk_outfile_commit(output);
    gk_arena_release(&arena);
    return status;
}

/* --- the whole -------------------------------------------------------------------------------------------------------------- */

static bool ends_with(const char *text, const char *end)
{
    size_t n = strlen(text), n_end = strlen(end);
    return n >= n_end && strcmp(text + n - n_end, end) == 0;
}

static void choose_format(void)
{
    gk_assert(o.output);    /* it is required */
    if (o.to != BY_NAME)
        return;
    if (!ends_with(o.output, ".safetensors") && !ends_with(o.output, ".npz"))
        gk_usage("'%s' ends in no format that is known: expected .safetensors or .npz, or give --format", o.output);
    o.to = ends_with(o.output, ".npz") ? NPZ : SAFETENSORS;
}

static int write_model(const gk_run_model *from, const gk_runs *runs)
{
    gk_tensors  tensors = { .n_tensor = 0 };
    const char *path = from->path;
    if (o.to == TENSORBOARD)
        return write_events(from, path);
    if (o.force)
        gk_outfile_allow(path);
    int status = fill_tensors(&tensors, from, runs);
    if (status == 0 && o.to != FOLDER)
        status = gk_make_folders(path);
    if (status == 0)
        status = o.to == FOLDER ? write_folder(&tensors, from, path) :
            gk_tensors_write(&tensors, o.to == NPZ ? GK_NPZ : GK_SAFETENSORS, path);
    gk_arena_release(&tensors.arena);
    return status;
}

int main(int argc, char **argv)
{
    gk_operands operands;
    gk_arena    arena = { 0 };
    gk_program(argv[0]);
    gk_given *given = gk_options_parse(&cli, argc, argv);
    choose_format();
    gk_operands_read(&operands, given, o.to == TENSORBOARD ? 0 : gk_parts_at(o.at));
    gk_runs *runs = gk_runs_new(operands.n_file, operands.file, "all", o.run, o.group);
    if (!runs)
        gk_die();
    gk_run_models all = gk_choose_models(runs, o.to == TENSORBOARD ? NULL : o.at, &arena);
    gk_name_models(&all, o.output, o.to == FOLDER, &arena);
    for (int64_t i = 0; i < all.n; i++)
        if (write_model(&all.at[i], runs) < 0)
            gk_die();
    gk_runs_free(runs);
    gk_operands_release(&operands);
    gk_arena_release(&arena);
    gk_given_free(given);
    return GK_EXIT_OK;
}
