/* test_optim.c -- every optimiser, decay, schedule, filter and constraint against the same written in double, one number at
 * a time.
 *
 * The model: logits of item i = table[i] + side[i mod 3], mean squared error to the one-hot label: gradients are written down.
 * The first tensor is longer than a chunk of the update's passes. */
#include "engine.h"
#include "graph/groups.h"
#include "naive_muon.h"

enum { N_ITEM = 300, N_CLASS = 32, N_SIDE = 3, N_TABLE = N_ITEM * N_CLASS, P = N_TABLE + N_SIDE * N_CLASS };
enum { WINDOW = 3, N_STEP = 8 };

static const int tensor_begin[3] = { 0, N_TABLE, P };

/* --- the model ---------------------------------------------------------------------------------------------------------- */

typedef struct model { crowd c; int32_t row[N_ITEM], group[N_ITEM]; } model;

/* params: as of --params; NULL: all tensors alike.  part: of the side; the table is hidden. */
static bool model_open(model *m, gk_update update, gk_hyper hyper, const char *params, gk_part part)
{
    gk_model_args args = { 0 };
    *m = (model){ .c = { .data = reals(args, N_ITEM, 1, N_CLASS), .update = update } };
    for (int i = 0; i < N_ITEM; i++) {
        m->row[i]   = i;
        m->group[i] = i % N_SIDE;
    }
    gk_graph *g = &m->c.graph;
    gk_graph_init(g);
    gk_node *table = gk_param(g, "table", "n_item,n_class", GK_INIT_NORMAL, 1, 2, (int64_t)N_ITEM, (int64_t)N_CLASS);
    g->part = part;
    gk_node *side  = gk_param(g, "side", "n_side,n_class", GK_INIT_NORMAL, 1, 2, (int64_t)N_SIDE, (int64_t)N_CLASS);
    gk_node *sum   = gk_add(g, gk_embed(g, table, gk_input_index(g, "row", m->row, 1)),
                            gk_embed(g, side, gk_input_index(g, "group", m->group, 1)));
    gk_node *logits = gk_reshape(g, sum, 1, (int64_t)N_CLASS);
    if (gk_groups_apply(g, params, NULL) < 0 || gk_graph_freeze(g, logits, gk_mse_onehot(g, logits)) < 0) {
        printf("%s\n", gk_error_message());
        return false;
    }
    CHECK_INT(g->n_param_real, P);
    crowd_fill(&m->c);
    for (int i = 0; i < P; i++)
        m->c.initial[0][i] = (float)m->c.initial[0][i];
    m->c.hyper[0] = hyper;
    m->c.of_group = malloc(N_REPLICA * (size_t)g->n_group * sizeof *m->c.of_group);
    for (int r = 0; r < N_REPLICA; r++)
        CHECK_INT(gk_groups_hyper(g, params, &m->c.hyper[r], m->c.of_group + r * g->n_group), 0);
    return true;
}

static void naive_gradient(const model *m, const double *w, double *g)
{
    memset(g, 0, P * sizeof *g);
    for (int i = 0; i < N_ITEM; i++)
        for (int j = 0; j < N_CLASS; j++) {
            int    side = N_TABLE + i % N_SIDE * N_CLASS + j;
            double gap  = w[i * N_CLASS + j] + w[side] - (j == m->c.data.label[i]);
            g[i * N_CLASS + j] += 2 * gap / (N_CLASS * (double)N_ITEM);
            g[side] += 2 * gap / (N_CLASS * (double)N_ITEM);
        }
}

/* --- the optimisers, naively ------------------------------------------------------------------------------------------- */

typedef struct optim { double w[P], g[P], m[P], v[P], mu[P], start[P], ring[WINDOW][P]; } optim;

static double dot(const double *a, const double *b, int begin, int end)
{
    double sum = 0;
    for (int i = begin; i < end; i++)
        sum += a[i] * b[i];
    return sum;
}

static void naive_filters(optim *o, const gk_update *u, const gk_hyper *h, int step)
{
    double scale = h->clip_norm / (sqrt(dot(o->g, o->g, 0, P)) + 1e-6);    /* as PyTorch */
    for (int i = 0; h->clip_norm > 0 && scale < 1 && i < P; i++)
        o->g[i] *= scale;
    for (int i = 0; h->ema_lambda > 0 && i < P; i++) {
        o->mu[i] = step == 0 ? o->g[i] : h->ema_alpha * o->mu[i] + (1 - h->ema_alpha) * o->g[i];
        o->g[i] += h->ema_lambda * o->mu[i];
    }
    for (int i = 0; h->ma_lambda > 0 && i < P; i++) {
        double mean = 0;
        o->ring[step % WINDOW][i] = o->g[i];
        for (int k = 0; k < WINDOW; k++)
            mean += o->ring[k][i] / WINDOW;
        o->g[i] += step + 1 >= WINDOW ? h->ma_lambda * mean : 0;
    }
    for (int t = 0; u->orthogonal && t < 2; t++) {
        int    begin = tensor_begin[t], end = tensor_begin[t + 1];
        double before = sqrt(dot(o->g, o->g, begin, end));
        double along = dot(o->g, o->w, begin, end) / dot(o->w, o->w, begin, end);
        for (int i = begin; i < end; i++)
            o->g[i] -= along * o->w[i];
        double after = sqrt(dot(o->g, o->g, begin, end));
        for (int i = begin; i < end; i++)
            o->g[i] *= before / after;
    }
}

static double naive_rate(const gk_update *u, const gk_hyper *h, double step)
{
    if (step < h->warmup)
        return h->learning_rate * step / h->warmup;
    double n = (double)u->lr_decay_steps, done = step - h->warmup, f = h->lr_decay_factor, share = done < n ? done / n : 1;
    switch (u->lr_schedule) {
    case GK_LR_STEP:     return h->learning_rate * pow(f, (double)(int)(done / n));
    case GK_LR_COSINE:   return h->learning_rate * (f + (1 - f) * (1 + cos(share * acos(-1))) / 2);
    case GK_LR_LINEAR:   return h->learning_rate * (1 + share * (f - 1));
    case GK_LR_CONSTANT: break;
    }
    return h->learning_rate;
}

/* What a number's tensor is updated with. */
static gk_hyper hyper_of(const model *m, int i)
{
    const gk_node *param = m->c.graph.param[i >= N_TABLE];
    gk_hyper       h = m->c.of_group[param->group];
    if (m->c.update.optimizer == GK_OPTIM_muon && param->part != GK_PART_HIDDEN)
        h.learning_rate = h.adam_rate;
    return h;
}

/* The optimiser of a number's tensor. */
static gk_optimizer optimizer_of(const model *m, int i)
{
    bool is_rest = m->c.graph.param[i >= N_TABLE]->part != GK_PART_HIDDEN;
    return m->c.update.optimizer == GK_OPTIM_muon && is_rest ? GK_OPTIM_adamw : m->c.update.optimizer;
}

static void naive_decay(const model *m, optim *o, int step)
{
    const gk_update *u = &m->c.update;
    gk_decay_form form = u->decay_form;
    if (form == GK_DECAY_AUTO)
        form = u->optimizer == GK_OPTIM_adam || u->optimizer == GK_OPTIM_sgd ? GK_DECAY_COUPLED : GK_DECAY_DECOUPLED;
    for (int i = 0; i < P; i++) {
        const gk_hyper h[1] = { hyper_of(m, i) };
        double         rate = naive_rate(u, h, step);
        switch (form) {
        case GK_DECAY_COUPLED: o->g[i] += h->weight_decay * o->w[i]; break;
        case GK_DECAY_INIT:    o->w[i] += rate * h->weight_decay * (o->start[i] - o->w[i]); break;
        case GK_DECAY_JITTER:
            o->w[i] *= exp(rate * h->weight_decay * gk_rng_normal(m->c.seed[0], GK_RNG_DECAY_JITTER, (uint64_t)step,
                                                                    i >= N_TABLE));
            break;
        default:               o->w[i] -= rate * h->weight_decay * o->w[i];
        }
    }
}

/* The first tensor's squares count twice for omnigrok-q; each tensor is a layer of its own. */
static double naive_norm(const double *w, gk_constraint constrain, int begin, int end)
{
    return sqrt(dot(w, w, begin, end) + (constrain == GK_CONSTRAIN_OMNIGROK_Q ? dot(w, w, 0, N_TABLE) : 0));
}

static void naive_constrain(optim *o, gk_constraint constrain)
{
    bool by_layer = constrain == GK_CONSTRAIN_LAYER;
    for (int t = 0; constrain != GK_CONSTRAIN_NONE && t < 1 + by_layer; t++) {
        int    begin = by_layer ? tensor_begin[t] : 0, end = by_layer ? tensor_begin[t + 1] : P;
        double norm = naive_norm(o->w, constrain, begin, end), target = naive_norm(o->start, constrain, begin, end);
        for (int i = begin; i < end; i++)
            o->w[i] *= target / norm;
    }
}

/* One number of a list that grows: optim.def has rows that nobody wrote here if this does not compile. */
static double naive_direction(optim *o, int i, gk_optimizer optimizer, const gk_hyper *h, int step)
{
    double g = o->g[i], along = h->beta1 * o->m[i] + (1 - h->beta1) * g, root;
    switch (optimizer) {
    case GK_OPTIM_sgd:
        return o->m[i] = h->momentum * o->m[i] + g;
    case GK_OPTIM_muon:
        o->m[i] = h->momentum * o->m[i] + g;
        return g + h->momentum * o->m[i];
    case GK_OPTIM_signsgd:
        o->m[i] = h->momentum * o->m[i] + (1 - h->momentum) * g;
        return (o->m[i] > 0) - (o->m[i] < 0);
    case GK_OPTIM_lion:
        o->m[i] = h->beta2 * o->m[i] + (1 - h->beta2) * g;
        return (along > 0) - (along < 0);
    case GK_OPTIM_adamw:
    case GK_OPTIM_adam:
    case GK_OPTIM_adam_atan2:
        o->m[i] = along;
        o->v[i] = h->beta2 * o->v[i] + (1 - h->beta2) * g * g;
        root = sqrt(o->v[i] / (1 - pow(h->beta2, step + 1)));
        along /= 1 - pow(h->beta1, step + 1);
        return optimizer == GK_OPTIM_adam_atan2 ? atan2(along, root) : along / (root + h->epsilon);
    case GK_N_OPTIM:
        break;
    }
    return NAN;
}

/* The directions of Muon's tensors in u, which have N_CLASS columns. */
static void naive_whole(const model *m, double *u)
{
    static double turned[P];
    for (int t = 0; t < 2; t++) {
        int begin = tensor_begin[t], rows = (tensor_begin[t + 1] - begin) / N_CLASS;
        if (optimizer_of(m, begin) != GK_OPTIM_muon)
            continue;
        if (rows <= N_CLASS)
            naive_orthogonalise(u + begin, rows, N_CLASS);
        for (int i = 0; rows > N_CLASS && i < rows * N_CLASS; i++)
            turned[i % N_CLASS * rows + i / N_CLASS] = u[begin + i];
        if (rows > N_CLASS)
            naive_orthogonalise(turned, N_CLASS, rows);
        for (int i = 0; i < rows * N_CLASS; i++)
            u[begin + i] = rows > N_CLASS ? turned[i % N_CLASS * rows + i / N_CLASS]
                                          : sqrt(N_CLASS / (double)rows) * u[begin + i];
    }
}

static void naive_update(const model *of, optim *o, int step)
{
    const gk_update *u = &of->c.update;
    const gk_hyper  *h = &of->c.hyper[0];
    naive_gradient(of, o->w, o->g);
    if (u->projection == GK_PROJECT_BETWEEN)
        naive_constrain(o, u->constrain);
    naive_filters(o, u, h, step);
    naive_decay(of, o, step);
    static double direction[P];
    for (int i = 0; i < P; i++) {
        const gk_hyper own = hyper_of(of, i);
        direction[i] = naive_direction(o, i, optimizer_of(of, i), &own, step);
    }
    naive_whole(of, direction);
    for (int i = 0; i < P; i++) {
        const gk_hyper own = hyper_of(of, i);
        o->w[i] -= naive_rate(u, &own, step) * direction[i];
    }
    if (u->projection == GK_PROJECT_AFTER)
        naive_constrain(o, u->constrain);
}

/* --- rows -------------------------------------------------------------------------------------------------------------- */

/* Gradients of the table are some 2e-4, those of the side 100 times that: 30 is large, and stable. */
#define ADAM .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-8
#define SGD  .learning_rate = 30
#define SIGN .learning_rate = 1e-3
#define MUON .beta1 = 0.9, .beta2 = 0.98, .epsilon = 1e-8, .adam_rate = 0.01

#define ROW(...) { .title = __VA_ARGS__ }
static const struct { const char *title; gk_update update; gk_hyper hyper; const char *params; gk_part part; } rows[] = {
    ROW("AdamW",                    { .optimizer = GK_OPTIM_adamw }, { ADAM, .weight_decay = 1 }),
    ROW("AdamW without decay, first moment off, large epsilon", { .optimizer = GK_OPTIM_adamw },
      { .learning_rate = 0.01, .beta2 = 0.999, .epsilon = 1e-4 }),
    ROW("Adam, coupled decay",      { .optimizer = GK_OPTIM_adam }, { ADAM, .weight_decay = 1e-3 }),
    ROW("Adam, decoupled decay",    { .optimizer = GK_OPTIM_adam, .decay_form = GK_DECAY_DECOUPLED },
      { ADAM, .weight_decay = 2 }),
    ROW("AdamW, coupled decay",     { .optimizer = GK_OPTIM_adamw, .decay_form = GK_DECAY_COUPLED },
      { ADAM, .weight_decay = 1e-3 }),
    ROW("AdamW, decay to init",     { .optimizer = GK_OPTIM_adamw, .decay_form = GK_DECAY_INIT }, { ADAM, .weight_decay = 20 }),
    ROW("AdamW, jitter",            { .optimizer = GK_OPTIM_adamw, .decay_form = GK_DECAY_JITTER }, { ADAM, .weight_decay = 10 }),
    ROW("SGD",                      { .optimizer = GK_OPTIM_sgd }, { SGD }),
    ROW("SGD, coupled decay",       { .optimizer = GK_OPTIM_sgd }, { SGD, .weight_decay = 1e-3 }),
    ROW("SGD, momentum",            { .optimizer = GK_OPTIM_sgd }, { SGD, .momentum = 0.9, .weight_decay = 1e-3 }),
    ROW("SGD, decay to init",       { .optimizer = GK_OPTIM_sgd, .decay_form = GK_DECAY_INIT }, { SGD, .weight_decay = 1e-3 }),
    ROW("Lion",                     { .optimizer = GK_OPTIM_lion }, { SIGN, .beta1 = 0.9, .beta2 = 0.99, .weight_decay = 1 }),
    ROW("Lion, coupled decay",      { .optimizer = GK_OPTIM_lion, .decay_form = GK_DECAY_COUPLED },
      { SIGN, .beta1 = 0.8, .beta2 = 0.9, .weight_decay = 1e-4 }),
    ROW("signSGD",                  { .optimizer = GK_OPTIM_signsgd }, { SIGN, .weight_decay = 1 }),
    ROW("signSGD, momentum",        { .optimizer = GK_OPTIM_signsgd }, { SIGN, .momentum = 0.9, .weight_decay = 1 }),
    ROW("Adam-atan2",               { .optimizer = GK_OPTIM_adam_atan2 },
      { .learning_rate = 0.01, .beta1 = 0.9, .beta2 = 0.98, .weight_decay = 1 }),
    ROW("Muon",                     { .optimizer = GK_OPTIM_muon },
      { MUON, .learning_rate = 0.02, .momentum = 0.95, .weight_decay = 0.1 }),
    ROW("Muon, the side by AdamW",  { .optimizer = GK_OPTIM_muon, .decay_form = GK_DECAY_COUPLED },
      { MUON, .learning_rate = 0.01, .weight_decay = 1e-4 }, NULL, GK_PART_EMBEDDING),
    ROW("Muon, the side by AdamW at a rate of its own", { .optimizer = GK_OPTIM_muon, .lr_schedule = GK_LR_LINEAR,
                                                          .lr_decay_steps = 5 },
      { MUON, .learning_rate = 0.01, .momentum = 0.9, .weight_decay = 1, .warmup = 2 }, "side: learning-rate=0.05 weight-decay=0",
      GK_PART_UNEMBEDDING),
    ROW("warm-up",                  { .optimizer = GK_OPTIM_adamw }, { ADAM, .warmup = 5, .weight_decay = 1 }),
    ROW("steps",                    { .optimizer = GK_OPTIM_sgd, .lr_schedule = GK_LR_STEP, .lr_decay_steps = 2 },
      { SGD, .lr_decay_factor = 0.5 }),
    ROW("cosine after a warm-up",   { .optimizer = GK_OPTIM_sgd, .lr_schedule = GK_LR_COSINE, .lr_decay_steps = 4 },
      { SGD, .warmup = 2, .lr_decay_factor = 0.1 }),
    ROW("linear",                   { .optimizer = GK_OPTIM_adamw, .lr_schedule = GK_LR_LINEAR, .lr_decay_steps = 5 },
      { ADAM, .lr_decay_factor = 0 }),
    ROW("clipped",                  { .optimizer = GK_OPTIM_sgd }, { SGD, .clip_norm = 0.01 }),
    ROW("not clipped",              { .optimizer = GK_OPTIM_sgd }, { SGD, .clip_norm = 100 }),
    ROW("Grokfast-EMA",             { .optimizer = GK_OPTIM_adamw }, { ADAM, .ema_alpha = 0.8, .ema_lambda = 2 }),
    ROW("Grokfast-MA",              { .optimizer = GK_OPTIM_sgd, .ma_window = WINDOW }, { SGD, .ma_lambda = 1.5 }),
    ROW("orthogonal",               { .optimizer = GK_OPTIM_sgd, .orthogonal = true }, { SGD }),
    ROW("orthogonal, AdamW",        { .optimizer = GK_OPTIM_adamw, .orthogonal = true }, { ADAM, .weight_decay = 1 }),
    ROW("constrained norm",         { .optimizer = GK_OPTIM_adam, .constrain = GK_CONSTRAIN_GLOBAL }, { ADAM }),
    ROW("constrained layers",       { .optimizer = GK_OPTIM_adam, .constrain = GK_CONSTRAIN_LAYER }, { ADAM }),
    ROW("constrained, first twice", { .optimizer = GK_OPTIM_adam, .constrain = GK_CONSTRAIN_OMNIGROK_Q }, { ADAM }),
    ROW("constrained between",
      { .optimizer = GK_OPTIM_adam, .constrain = GK_CONSTRAIN_GLOBAL, .projection = GK_PROJECT_BETWEEN },
      { ADAM }),
    ROW("layers constrained between",
      { .optimizer = GK_OPTIM_sgd, .constrain = GK_CONSTRAIN_LAYER, .projection = GK_PROJECT_BETWEEN },
      { SGD, .weight_decay = 1e-3 }),
    ROW("a rate and no decay of its own", { .optimizer = GK_OPTIM_adamw }, { ADAM, .weight_decay = 1 },
      "side: learning-rate=0.1 weight-decay=0"),
    ROW("decay of one tensor alone", { .optimizer = GK_OPTIM_adam }, { ADAM }, "table: weight-decay=1e-3"),
    ROW("moments and a schedule of its own rate", { .optimizer = GK_OPTIM_adamw, .lr_schedule = GK_LR_LINEAR,
                                                   .lr_decay_steps = 5 },
      { ADAM, .warmup = 2 }, "*: beta1=0.5,beta2=0.9; side: learning-rate=0.05, epsilon=1e-3"),
    ROW("jitter and constraint by group", { .optimizer = GK_OPTIM_sgd, .decay_form = GK_DECAY_JITTER,
                                          .constrain = GK_CONSTRAIN_LAYER },
      { SGD, .weight_decay = 1e-3, .clip_norm = 0.01 }, "@matrices: weight-decay=1e-2; side: learning-rate=3"),
    ROW("everything",               { .optimizer = GK_OPTIM_adamw, .orthogonal = true, .constrain = GK_CONSTRAIN_GLOBAL,
                                    .lr_schedule = GK_LR_COSINE, .lr_decay_steps = 6 },
      { ADAM, .weight_decay = 1, .warmup = 2, .lr_decay_factor = 0.1, .clip_norm = 0.02, .ema_alpha = 0.9, .ema_lambda = 1 }),
};

/* Largest distance to the naive weights, over all updates. */
static double distance(team *t, const double *w)
{
    char  *found = team_read(t, GK_ARENA_PARAM);
    double most = 0;
    for (int i = 0; i < P; i++)
        most = fmax(most, fabs(real_at(t->be, found, i) - w[i]));
    free(found);
    return most;
}

/* In float32 8 roundings of weights of some 1; the projection takes most of a gradient away and makes the rest as long again. */
TEST(updates_equal_those_written_in_double)
{
    static optim o;
    for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
        EACH_BACKEND(be) {
            model  m;
            team   t;
            double most = 0, moved = 0, tolerance = be->real == GK_F64 ? 1e-12 : rows[k].update.orthogonal ? 2e-4 : 1e-5;
            CHECK(model_open(&m, rows[k].update, rows[k].hyper, rows[k].params, rows[k].part));
            CHECK(team_open(&t, be, &m.c, 0, 1, 2));
            memset(&o, 0, sizeof o);
            memcpy(o.w, m.c.initial[0], sizeof o.w);
            memcpy(o.start, o.w, sizeof o.w);
            for (int step = 0; step < N_STEP; step++) {
                naive_update(&m, &o, step);
                team_run(&t, step, 1);
                most = fmax(most, distance(&t, o.w));
                if (step == 0 && rows[k].hyper.warmup > 0)
                    CHECK_CLOSE(distance(&t, o.start), 0, rows[k].update.constrain ? 1e-6 : 0);
            }
            for (int i = 0; i < P; i++)
                moved = fmax(moved, fabs(o.w[i] - o.start[i]));
            if (!(most <= tolerance))
                printf("%s, %d bits:\n", rows[k].title, be->real == GK_F32 ? 32 : 64);
            CHECK_CLOSE(most, 0, tolerance);
            CHECK(moved > 1e-3);
            team_close(&t);
            crowd_close(&m.c);
        }
}

TEST(every_optimiser_has_a_row_here)
{
    for (int optimizer = 0; optimizer < GK_N_OPTIM; optimizer++) {
        int n = 0;
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++)
            n += (int)rows[k].update.optimizer == optimizer;
        if (n == 0)
            printf("%s is not tested\n", gk_optimizer_names[optimizer]);
        CHECK(n > 0);
    }
}

TEST(schedules_pass_through_known_rates)
{
    gk_hyper  h = { .learning_rate = 2, .warmup = 10, .lr_decay_factor = 0.5 };
    gk_update u = { .lr_schedule = GK_LR_CONSTANT };
    CHECK_CLOSE(gk_learning_rate(&u, &h, 0), 0, 0);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 5), 1, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 10), 2, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 1000000), 2, 1e-15);
    u = (gk_update){ .lr_schedule = GK_LR_STEP, .lr_decay_steps = 100 };
    CHECK_CLOSE(gk_learning_rate(&u, &h, 109), 2, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 110), 1, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 310), 0.25, 1e-15);
    u.lr_schedule = GK_LR_COSINE;
    CHECK_CLOSE(gk_learning_rate(&u, &h, 10), 2, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 60), 1.5, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 110), 1, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 5000), 1, 1e-15);
    u.lr_schedule = GK_LR_LINEAR;
    CHECK_CLOSE(gk_learning_rate(&u, &h, 35), 1.75, 1e-15);
    CHECK_CLOSE(gk_learning_rate(&u, &h, 5000), 1, 1e-15);
    u.lr_decay_steps = 0;
    CHECK_CLOSE(gk_learning_rate(&u, &h, 5000), 2, 1e-15);
}

/* --- projections ------------------------------------------------------------------------------------------------------- */

/* One SGD update at rate 1: the step taken is the projected gradient. */
TEST(the_orthogonal_gradient_is_at_right_angles_and_as_long)
{
    EACH_BACKEND(be) {
        static double g[P], step[P];
        double        tolerance = be->real == GK_F32 ? 2e-4 : 1e-10;    /* weights are rounded at 1, the step is 1e-4 */
        model         m;
        team          t;
        CHECK(model_open(&m, (gk_update){ .optimizer = GK_OPTIM_sgd, .orthogonal = true }, (gk_hyper){ .learning_rate = 1 },
                         NULL, GK_PART_HIDDEN));
        CHECK(team_open(&t, be, &m.c, 0, 1, 3));
        team_run(&t, 0, 1);
        char         *now = team_read(&t, GK_ARENA_PARAM);
        const double *w = m.c.initial[0];
        naive_gradient(&m, w, g);
        for (int i = 0; i < P; i++)
            step[i] = w[i] - real_at(be, now, i);
        for (int k = 0; k < 2; k++) {
            int    begin = tensor_begin[k], end = tensor_begin[k + 1];
            double length = sqrt(dot(g, g, begin, end));
            CHECK_CLOSE(dot(step, w, begin, end) / length / sqrt(dot(w, w, begin, end)), 0, tolerance);
            CHECK_CLOSE(sqrt(dot(step, step, begin, end)) / length, 1, tolerance);
            CHECK(fabs(dot(g, w, begin, end)) > 0.1 * length * sqrt(dot(w, w, begin, end)));
        }
        free(now);
        team_close(&t);
        crowd_close(&m.c);
    }
}

/* --- noises ------------------------------------------------------------------------------------------------------------ */

/* The numbers that were added to a gradient by a noise of deviation sigma, from one update at rate 1, in float64. */
static void noise_of(const gk_hyper *hyper, double gain, double sigma, int step, double *xi)
{
    lookup l;
    team   t;
    CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE, (gk_update){ .optimizer = GK_OPTIM_sgd }));
    l.c.hyper[0] = *hyper;
    CHECK(team_open(&t, backend_of(1), &l.c, 0, 1, 2));
    team_run(&t, step, 1);
    char *now = team_read(&t, GK_ARENA_PARAM);
    for (int i = 0; i < N_TABLE; i++) {
        double w = l.c.initial[0][i];
        double g = 2 * (w - (i % N_CLASS == l.c.data.label[i / N_CLASS])) / N_TABLE;
        xi[i] = (w - real_at(t.be, now, i) - g) / (gain * sigma);
    }
    free(now);
    team_close(&t);
    lookup_close(&l);
}

/* Four standard deviations of the estimates from 9600 normal numbers. */
static void check_normal(const double *xi)
{
    double moment[5] = { 0 };
    for (int i = 0; i < N_TABLE; i++)
        for (int k = 1; k <= 4; k++)
            moment[k] += pow(xi[i], k) / N_TABLE;
    CHECK_CLOSE(moment[1], 0, 4 * sqrt(1.0 / N_TABLE));
    CHECK_CLOSE(moment[2], 1, 4 * sqrt(2.0 / N_TABLE));
    CHECK_CLOSE(moment[3], 0, 4 * sqrt(15.0 / N_TABLE));
    CHECK_CLOSE(moment[4], 3, 4 * sqrt(96.0 / N_TABLE));
}

/* gain: what a weight's noise does to its own gradient, 2/(C n). */
TEST(noises_are_standard_normal_numbers_of_their_own)
{
    static double xi[4][N_TABLE];
    gk_hyper      update = { .learning_rate = 1, .update_noise = 0.3 }, gradient = { .learning_rate = 1, .gradient_noise = 0.2 };
    gk_hyper      weight = { .learning_rate = 1, .weight_noise = 0.1 };
    noise_of(&update, 1, 0.3, 0, xi[0]);
    noise_of(&gradient, 1, 0.2, 0, xi[1]);
    noise_of(&weight, 2.0 / N_TABLE, 0.1, 0, xi[2]);
    noise_of(&update, 1, 0.3, 1, xi[3]);
    for (int k = 0; k < 4; k++) {
        check_normal(xi[k]);
        for (int other = 0; other < k; other++)    /* purposes and updates have numbers of their own */
            CHECK_CLOSE(dot(xi[k], xi[other], 0, N_TABLE) / N_TABLE, 0, 4 * sqrt(1.0 / N_TABLE));
    }
}

TEST_MAIN(RUN(updates_equal_those_written_in_double)
          RUN(every_optimiser_has_a_row_here)
          RUN(schedules_pass_through_known_rates)
          RUN(the_orthogonal_gradient_is_at_right_angles_and_as_long)
          RUN(noises_are_standard_normal_numbers_of_their_own))
