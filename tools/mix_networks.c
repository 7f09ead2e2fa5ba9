/* mix_networks.c -- see mix_networks.h. */
#include "mix_networks.h"
#include "base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "train/learnt.h"
#include "train/outcome.h"

/* A file's network, and of a pair its run, its graph and how many classes that tells apart. */
typedef struct network {
    gk_source source;
    const gk_network_choice *choice;
    int64_t  replica, n_class;
    gk_graph graph;
} network;

/* --- which parameters ------------------------------------------------------------------------------------------------- */

/* Logits of the pair's classes of all items, with these parameters, into out [n_item][pair's n_class]. */
static int answer(const network *net, const void *array, int n_thread, const gk_pair *pair, double *out)
{
    const int64_t   n = net->source.dataset->n_item, n_out = net->graph.logits->size;
    const gk_config config = gk_source_config(&net->source, net->replica);
    double *raw = gk_alloc_large((size_t)(n * (n_out + 1)) * sizeof *raw, "logits");
    int     status = raw ? gk_source_predict(&net->source, array, net->replica, &net->graph, n, NULL, n_thread, raw) : -1;

    if (status == 0) {
        int64_t n_class = gk_class_logits(&config.model, n, n_out, raw);
        for (int64_t i = 0; i < n; i++)
            memcpy(out + i * pair->mixture.n_class, raw + i * n_class, (size_t)pair->mixture.n_class * sizeof *out);
    }
    free(raw);
    return status;
}

static int64_t seed_of(const gk_source *source, int64_t replica)
{
    const gk_h5_column *column = gk_group_run_column(source->group, "seed");
    return column && !column->text && column->type == GK_I64 ? ((const int64_t *)column->data)[replica] : -1;
}

/* The parameters at --at, and their step; NULL with gk_error. */
static const void *array_at(const network *net, int64_t *step)
{
    const gk_group *group = net->source.group;
    int64_t         last = group->replica_step[net->replica], wanted = last;

    if (strcmp(net->choice->at, "last") != 0 && (gk_parse_int(net->choice->at, &wanted) < 0 || wanted < 0)) {
        gk_usage_error("'%s': expected last, memorised or the step of a snapshot", net->choice->at);
        return NULL;
    }
    *step = wanted;
    if (wanted == last && group->model)
        return group->model;
    for (int64_t s = 0; s < group->n_snapshot; s++)
        if (group->snapshot_step[s] == wanted && wanted <= last)
            return group->snapshot[s];
    gk_usage_error("'%s' has no parameters at step %lld: grok-ls lists its snapshots", net->source.path, (long long)wanted);
    return NULL;
}

/* Of the snapshots that are right on all train items the one that is right on fewest others: its logits into out. */
static int memorised(const network *net, int n_thread, gk_pair *pair, double *out)
{
    const gk_group *group = net->source.group;
    size_t  n = (size_t)(net->source.dataset->n_item * pair->mixture.n_class);
    double *here = gk_alloc_large(n * sizeof *here, "logits");
    double *scratch = gk_arena_alloc(&pair->arena, (size_t)pair->mixture.n_class * sizeof *scratch);
    double  least = INFINITY;
    gk_mixture one = { pair->mixture.n_class, here, here, pair->mixture.label, scratch };
    int64_t last = group->replica_step[net->replica];
    int     status = here ? 0 : -1;

    for (int64_t s = 0; status == 0 && s < group->n_snapshot && group->snapshot_step[s] <= last; s++) {
        status = answer(net, group->snapshot[s], n_thread, pair, here);
        if (status < 0 || gk_mixture_at(&one, &pair->train, 1, 0).accuracy < 1)
            continue;
        double right = gk_mixture_at(&one, &pair->test, 1, 0).accuracy;
        if (right < least) {
            least = right;
            pair->memorising_step = group->snapshot_step[s];
            memcpy(out, here, n * sizeof *out);
        }
    }
    free(here);
    if (status == 0 && !(least < INFINITY))
        return gk_error("no snapshot of '%s' (seed %lld) is right on all train items: train with --snapshot-every",
                        net->source.path, (long long)pair->seed);
    return status;
}

/* Logits of one network of a pair, in the pair's arena; NULL with gk_error. */
static double *logits_of(const network *net, int n_thread, gk_pair *pair, int64_t *step)
{
    const void *array = NULL;
    double     *out = gk_arena_alloc(&pair->arena, (size_t)(net->source.dataset->n_item * pair->mixture.n_class) * sizeof *out);

    if (strcmp(net->choice->at, "memorised") == 0)
        return memorised(net, n_thread, pair, out) < 0 ? NULL : out;
    array = array_at(net, step);
    return !array || answer(net, array, n_thread, pair, out) < 0 ? NULL : out;
}

/* --- pairs ------------------------------------------------------------------------------------------------------------ */

static int split_of(const network *net, gk_arena *arena, gk_split *out)
{
    gk_config config = gk_source_config(&net->source, net->replica);
    return gk_learnt_split(net->source.group, net->replica, net->source.dataset, &config.data, arena, out);
}

/* Each item once, in a form in which sets compare: 1 for train, 2 for test. */
static int8_t *sets_of(const gk_split *split, int64_t n_item, gk_arena *arena)
{
    int8_t *set = gk_arena_alloc(arena, (size_t)n_item + 1);
    for (int64_t i = 0; i < split->n_test; i++)
        set[split->test[i]] = 2;
    for (int64_t i = 0; i < split->n_train; i++)
        set[split->train[i]] = 1;
    return set;
}

/* Have both networks learnt from the same items, split alike? */
static int check_pair(const network *net, gk_pair *pair, gk_split *split)
{
    const gk_dataset *data[2] = { net[0].source.dataset, net[1].source.dataset };
    gk_split other;

    if (data[0]->n_target > 0 || !gk_dataset_same_items(data[0], data[1]))
        return gk_usage_error("'%s' learnt %s, '%s' %s: a mixture is of networks of the same items and classes",
                              net[0].source.path, data[0]->task, net[1].source.path, data[1]->task);
    if (split_of(&net[0], &pair->arena, &other) < 0 || split_of(&net[1], &pair->arena, split) < 0)
        return -1;
    if (memcmp(sets_of(&other, data[0]->n_item, &pair->arena), sets_of(split, data[0]->n_item, &pair->arena),
               (size_t)data[0]->n_item) != 0)
        return gk_usage_error("the runs of '%s' and '%s' (seed %lld) have other train items: a mixture needs the same",
                              net[0].source.path, net[1].source.path, (long long)pair->seed);
    return 0;
}

/* The network's graph, and its classes. */
static int build(network *net)
{
    if (gk_source_build(&net->source, net->replica, net->source.dataset, NULL, &net->graph) < 0)
        return -1;
    const gk_config config = gk_source_config(&net->source, net->replica);
    net->n_class = gk_loss_is_margin(config.model.loss, NULL) ? 2 : net->graph.logits->size;
    return 0;
}

/* The generalising network's logits, as many times larger as the ratio of the mean correct logits asks for. */
static int scale_logits(const network *net, double wanted, gk_pair *pair, double *gen)
{
    const double mem_logit = gk_mixture_correct_logit(&pair->mixture, &pair->train, pair->mixture.mem);
    const double gen_logit = gk_mixture_correct_logit(&pair->mixture, &pair->train, gen);
    pair->logit_ratio = gen_logit / mem_logit;
    if (wanted == 0)
        return 0;
    for (int i = 0; i < 2; i++)
        if (!((i == 0 ? mem_logit : gen_logit) > 0))
            return gk_error("'%s' (seed %lld): a mean correct logit of %.4g on train items has no ratio that --logit-ratio could "
                            "change: it must be above 0", net[i].source.path, (long long)pair->seed,
                            i == 0 ? mem_logit : gen_logit);
    if (pair->logit_ratio < 1)
        pair->scale = wanted / pair->logit_ratio;
    for (int64_t i = 0; i < net[1].source.dataset->n_item * pair->mixture.n_class; i++)
        gen[i] *= pair->scale;
    return 0;
}

/* What both say of the items, into the pair. */
static int ask(network *net, double logit_ratio, int n_thread, gk_pair *pair)
{
    double *gen, *mem;
    if (build(&net[0]) < 0 || build(&net[1]) < 0)
        return -1;
    /* of all tokens and of answers alone: those of the answers, which come first */
    pair->mixture.n_class = net[0].n_class == net[1].n_class ? net[0].n_class : net[1].source.dataset->n_answer;
    gen = logits_of(&net[1], n_thread, pair, &pair->generalising_step);
    mem = gen ? logits_of(&net[0], n_thread, pair, &pair->memorising_step) : NULL;
    pair->mixture.mem = mem;
    pair->mixture.gen = gen;
    return mem ? scale_logits(net, logit_ratio, pair, gen) : -1;
}

/* net: memorising, generalising. */
static int make_pair(network *net, int64_t generalising, double logit_ratio, int n_thread, gk_pair *pair)
{
    gk_split split;

    *pair = (gk_pair){ .seed = seed_of(&net[1].source, generalising), .scale = 1 };
    net[1].replica = generalising;
    net[0].replica = gk_source_replica(&net[0].source, net[0].choice->run, pair->seed);
    if (net[0].replica < 0 || check_pair(net, pair, &split) < 0)
        return -1;
    pair->mixture.label = net[1].source.dataset->label;
    pair->train = (gk_mixture_set){ split.n_train, split.train };
    pair->test  = (gk_mixture_set){ split.n_test, split.test };
    gk_graph_init(&net[0].graph);
    gk_graph_init(&net[1].graph);
    int status = ask(net, logit_ratio, n_thread, pair);
    gk_graph_release(&net[0].graph);
    gk_graph_release(&net[1].graph);
    return status;
}

static int open_network(network *net, const char *role)
{
    if (net->choice->file->n_group != 1) {
        gk_usage_error("%s '%s' has %d groups of runs: pick one with grok-pick", role, net->choice->file->path,
                       net->choice->file->n_group);
        return -1;
    }
    return gk_source_of_group(&net->source, role, net->choice->file, &net->choice->file->group[0]);
}

/* What the pairs borrow of datasets becomes theirs. */
static void keep_labels(const gk_dataset *dataset, int64_t n, gk_pair *pairs)
{
    size_t n_byte = (size_t)dataset->n_item * sizeof(int32_t);
    for (int64_t i = 0; i < n; i++) {
        int32_t *label = gk_arena_alloc(&pairs[i].arena, n_byte);
        memcpy(label, pairs[i].mixture.label, n_byte);
        pairs[i].mixture.label = label;
    }
}

int64_t gk_pairs_new(const gk_network_choice *memorising, const gk_network_choice *generalising, double logit_ratio, int n_thread,
                     gk_pair **pairs)
{
    network net[2] = { { .choice = memorising }, { .choice = generalising } };
    int     status = open_network(&net[0], "memorising");
    int64_t n = 0, first = generalising->run > 0 ? generalising->run : 0, end = 0;

    if (status == 0)
        status = open_network(&net[1], "generalising");
    if (status == 0) {
        int64_t n_run = net[1].source.group->n_replica;
        end = generalising->run >= 0 ? generalising->run + 1 : n_run;
        if (end > n_run)
            status = gk_usage_error("'%s' has %lld run%s: there is no run %lld", generalising->file->path, (long long)n_run,
                                    gk_s(n_run), (long long)generalising->run);
    }
    *pairs = calloc((size_t)(end > first ? end - first : 0) + 1, sizeof **pairs);
    gk_assert(*pairs != NULL);
    for (int64_t replica = first; status == 0 && replica < end; replica++)
        status = make_pair(net, replica, logit_ratio, n_thread, &(*pairs)[n++]);
    if (status == 0)
        keep_labels(net[1].source.dataset, n, *pairs);
    gk_source_release(&net[0].source);
    gk_source_release(&net[1].source);
    if (status == 0)
        return n;
    gk_pairs_free(n, *pairs);
    *pairs = NULL;
    return -1;
}

void gk_pairs_free(int64_t n, gk_pair *pairs)
{
    for (int64_t i = 0; i < n; i++)
        gk_arena_release(&pairs[i].arena);
    free(pairs);
}
