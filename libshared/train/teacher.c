/* teacher.c -- see teacher.h. */
#include "train/teacher.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* --- reading --------------------------------------------------------------------------------------------------------- */

/* "p12=" at the beginning of a word: its length without '=', else 0. */
static size_t group_prefix(const char *word)
{
    size_t n = 1;
    while (word[0] == 'p' && isdigit((unsigned char)word[n]))
        n++;
    return n > 1 && word[n] == '=' ? n : 0;
}

static int read_all(gk_teachers *teachers, char *rest)
{
    for (char *word; (word = strsep(&rest, ","));) {
        size_t n_name = group_prefix(word);
        const char *path = n_name > 0 ? word + n_name + 1 : word;
        if (!*path)
            return gk_usage_error("invalid value for '--teacher': expected FILE or GROUP=FILE");
        if (gk_source_read(&teachers->source[teachers->n++], "teacher", path, 0) < 0)
            return -1;
        if (n_name > 0) {
            word[n_name] = '\0';
            teachers->source[teachers->n - 1].group_name = word;
        }
    }
    return 0;
}

gk_teachers *gk_teachers_read(const char *list)
{
    gk_teachers *teachers = calloc(1, sizeof *teachers);
    size_t n = 1;
    if (!teachers) {
        gk_error("cannot get memory for teachers");
        return NULL;
    }
    for (const char *at = list; *at; at++)
        n += *at == ',';
    teachers->source = gk_arena_alloc(&teachers->arena, n * sizeof *teachers->source);
    if (read_all(teachers, gk_arena_strdup(&teachers->arena, list)) < 0) {
        gk_teachers_free(teachers);
        return NULL;
    }
    return teachers;
}

void gk_teachers_free(gk_teachers *teachers)
{
    if (!teachers)
        return;
    for (int i = 0; i < teachers->n; i++)
        gk_source_release(&teachers->source[i]);
    gk_arena_release(&teachers->arena);
    free(teachers);
}

/* --- who teaches what ---------------------------------------------------------------------------------------------------- */

static bool teaches(const gk_teachers *teachers, const gk_source *teacher, const gk_dataset *dataset, int group)
{
    if (teacher->group_name)
        return strcmp(teacher->group_name, dataset->group_name[group]) == 0;
    return teachers->n == 1 || strcmp(teacher->dataset->task, dataset->group_task[group]) == 0;
}

int gk_teachers_assign(const gk_teachers *teachers, const gk_dataset *dataset, int *out)
{
    for (int group = 0; group < dataset->n_group; group++)
        out[group] = -1;
    for (int i = 0; i < teachers->n; i++) {
        const gk_source *teacher = &teachers->source[i];
        int n = 0;
        for (int group = 0; group < dataset->n_trained_group; group++) {
            if (!teaches(teachers, teacher, dataset, group))
                continue;
            if (out[group] >= 0)
                return gk_usage_error("teachers '%s' and '%s' would both teach %s (%s)", teachers->source[out[group]].path,
                                      teacher->path, dataset->group_name[group], dataset->group_task[group]);
            out[group] = i;
            n++;
        }
        if (n == 0 && teacher->group_name)
            return gk_usage_error("teacher '%s': there is no task '%s', only p1 to p%d", teacher->path, teacher->group_name,
                                  dataset->n_trained_group);
        if (n == 0)
            return gk_usage_error("teacher '%s' knows '%s', which is not learnt here ('%s'): say what it teaches, --teacher "
                                  "p1=FILE", teacher->path, teacher->dataset->task, dataset->task);
    }
    return 0;
}

/* --- reading the student's sequences ---------------------------------------------------------------------------------- */

/* A teacher at work: its graph over the wanted rows, with its own token ids. */
typedef struct reader {
    gk_graph      graph;
    gk_model_data data;
    gk_arena      arena;
    int64_t       n_row;           /* wanted ones */
    int64_t      *row;             /* [n_row] their numbers among the lesson's */
    int32_t      *token;           /* [n_row][n_token] */
    int32_t      *output;          /* [n_out] the teacher's output for each of the student's */
} reader;

static int last_taught(const gk_model_data *data)
{
    int last = 0;
    for (int i = 0; i < data->n_teach; i++)
        last = data->read[data->teach[i]] > last ? data->read[data->teach[i]] : last;
    return last;
}

/* The student's tokens as the teacher's.  What a causal teacher cannot see may be anything. */
static int translate(reader *r, const gk_source *teacher, const gk_lesson *lesson)
{
    const gk_dataset *dataset = lesson->dataset;
    int n_token = dataset->n_token, seen = gk_model_is_causal(&teacher->config.model) ? last_taught(lesson->data) : n_token - 1;
    int32_t *id = gk_arena_alloc(&r->arena, (size_t)dataset->n_vocab * sizeof *id);
    gk_source_tokens(teacher, dataset->n_vocab, dataset->vocab, id);
    r->token = gk_arena_alloc(&r->arena, (size_t)(r->n_row * n_token) * sizeof *r->token);
    for (int64_t i = 0; i < r->n_row; i++)
        for (int t = 0; t < n_token; t++) {
            int32_t token = dataset->token[lesson->rows->item[r->row[i]] * n_token + t];
            if (id[token] < 0 && t <= seen)
                return gk_usage_error("teacher '%s' does not know the token '%s': its vocabulary is that of '%s' (with primes "
                                      "above its own, train it with --vocab-prime)", teacher->path, dataset->vocab[token],
                                      teacher->dataset->task);
            r->token[i * n_token + t] = id[token] < 0 ? 0 : id[token];
        }
    return 0;
}

static int match_outputs(reader *r, const gk_source *teacher, const gk_lesson *lesson)
{
    int64_t n_known = gk_model_n_out(&teacher->config.model, &r->data);
    r->output = gk_arena_alloc(&r->arena, (size_t)lesson->n_out * sizeof *r->output);
    gk_source_tokens(teacher, (int)lesson->n_out, lesson->outputs, r->output);
    for (int64_t i = 0; i < lesson->n_out; i++)
        if (r->output[i] < 0 || r->output[i] >= n_known)
            return gk_usage_error("teacher '%s' has no output '%s', so KL has no common support: it has %lld outputs, the "
                                  "student %lld (give the student --vocab-prime and --logits of the teacher)", teacher->path,
                                  lesson->outputs[i], (long long)n_known, (long long)lesson->n_out);
    return 0;
}

static int reader_open(reader *r, const gk_source *teacher, const gk_lesson *lesson, const bool *wanted)
{
    const gk_model_data *student = lesson->data;
    gk_model_args        model = teacher->config.model;
    *r = (reader){ 0 };
    gk_graph_init(&r->graph);
    if (teacher->dataset->n_token != student->n_token)
        return gk_usage_error("teacher '%s' reads sequences of %d tokens, the student's have %d: give the same --sequence",
                              teacher->path, teacher->dataset->n_token, student->n_token);
    r->row = gk_arena_alloc(&r->arena, (size_t)lesson->rows->n * sizeof *r->row);
    for (int64_t row = 0; row < lesson->rows->n; row++)
        if (wanted[row])
            r->row[r->n_row++] = row;
    r->data = (gk_model_data){ .n_item = r->n_row, .n_token = student->n_token, .n_vocab = teacher->dataset->n_vocab,
                               .n_answer = teacher->dataset->n_answer, .n_read = student->n_teach };
    for (int i = 0; i < student->n_teach; i++)
        r->data.read[i] = student->read[student->teach[i]];
    if (r->n_row == 0)
        return 0;
    if (translate(r, teacher, lesson) < 0 || match_outputs(r, teacher, lesson) < 0)
        return -1;
    r->data.token = r->token;
    model.frozen = model.groups = NULL;
    return gk_model_build(&r->graph, &model, &r->data);
}

static void reader_close(reader *r)
{
    gk_graph_release(&r->graph);
    gk_arena_release(&r->arena);
}

/* softmax(x[output[j]] / t) over the student's outputs j, into out[first ..]. */
static void soften(const double *x, const int32_t *output, const gk_lesson *lesson, void *out, int64_t first)
{
    double largest = -INFINITY, sum = 0, t = lesson->temperature;
    for (int64_t j = 0; j < lesson->n_out; j++)
        largest = fmax(largest, x[output[j]]);
    for (int64_t j = 0; j < lesson->n_out; j++)
        sum += exp((x[output[j]] - largest) / t);
    for (int64_t j = 0; j < lesson->n_out; j++) {
        double q = exp((x[output[j]] - largest) / t) / sum;
        if (lesson->real == GK_F64)
            ((double *)out)[first + j] = q;
        else
            ((float *)out)[first + j] = (float)q;
    }
}

int gk_teacher_probabilities(const gk_source *teacher, int64_t replica, const gk_lesson *lesson, const bool *wanted,
                             void *out)
{
    reader  r;
    double *logits = NULL;
    int     n_teach = lesson->data->n_teach, status = reader_open(&r, teacher, lesson, wanted);
    if (status == 0 && r.n_row > 0) {
        int64_t n_known = gk_model_n_out(&teacher->config.model, &r.data), n_answer = r.graph.logits->size / n_known;
        logits = gk_alloc_large((size_t)(r.n_row * n_answer * n_known) * sizeof *logits, "a teacher's logits");
        status = logits ? gk_source_predict(teacher, teacher->group->model, replica, &r.graph, r.n_row, lesson->device,
                                              lesson->n_thread, logits) : -1;
        for (int64_t i = 0; status == 0 && i < r.n_row * n_teach; i++) {
            int64_t row = i / n_teach, at = i % n_teach, answer = row * n_answer + (n_answer > 1 ? at : 0);
            soften(logits + answer * n_known, r.output, lesson, out, (r.row[row] * n_teach + at) * lesson->n_out);
        }
    }
    free(logits);
    reader_close(&r);
    return status;
}
