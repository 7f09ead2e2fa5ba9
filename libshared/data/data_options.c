/* data_options.c -- see data_options.h. */
#include "data/data_options.h"

#include <unistd.h>
#include "data/build.h"

/* Which tasks an option means something to; all take gk_data_args, which the values of a tool that has them begin with. */
#define DATA(name, text, test) GK_CONDITION(name, gk_data_args, text, test)
DATA(modulo, "tasks modulo a number, not items of a file", !at->data_file && gk_task_has(at->task, GK_TASK_PRIME));
DATA(pairs, "tasks of two operands, not items of a file", !at->data_file && gk_task_has(at->task, GK_TASK_SEQUENCE));
DATA(shared, "tasks modulo a number with a class, not items of a file", !at->data_file && gk_task_has(at->task, GK_TASK_VOCAB));
DATA(by_table, "'--task table', not items of a file", !at->data_file && gk_task_has(at->task, GK_TASK_TABLE));
DATA(of_group, "'--task group', not items of a file", !at->data_file && gk_task_has(at->task, GK_TASK_GROUP));
DATA(by_formula, "'--task formula', not items of a file", !at->data_file && gk_task_has(at->task, GK_TASK_FORMULA));
DATA(drawn, "tasks with items that are drawn, or that are molecules",
     !at->data_file && (gk_task_has(at->task, GK_TASK_ITEMS) || gk_task_has(at->task, GK_TASK_FIRST)));
DATA(with_tests, "tasks with test items that are drawn", !at->data_file && gk_task_has(at->task, GK_TASK_TESTS));
DATA(spread, "equidistant, equivariant and xor-cluster", !at->data_file && gk_task_has(at->task, GK_TASK_SPREAD));
DATA(with_dim, "sparse-parity and xor-cluster", !at->data_file && gk_task_has(at->task, GK_TASK_DIM));
DATA(of_parity, "sparse-parity", !at->data_file && gk_task_has(at->task, GK_TASK_PARITY));
DATA(of_blocks, "equidistant and equivariant", !at->data_file && gk_task_has(at->task, GK_TASK_BLOCKS));
DATA(of_words, "reviews", !at->data_file && gk_task_has(at->task, GK_TASK_WORDS));
DATA(of_texts, "'--task reviews', not items of a file", !at->data_file && gk_task_has(at->task, GK_TASK_TEXTS));
DATA(thinned, "runs with --thin", at->thin != NULL);
DATA(with_latents, "toy-addition", !at->data_file && gk_task_has(at->task, GK_TASK_LATENTS));
DATA(without_split, "data that bring no split, without --split",
     !at->split_file && (at->data_file || gk_task_has(at->task, GK_TASK_FIRST) ||
                         !(gk_task_has(at->task, GK_TASK_FILES) || gk_task_has(at->task, GK_TASK_ITEMS))));
DATA(by_chance, "items, splits or labels that are drawn",
     at->data_file || at->label_noise > 0 || gk_task_has(at->task, GK_TASK_SEEDED) || gk_task_has(at->task, GK_TASK_FIRST) ||
         !gk_task_has(at->task, GK_TASK_FILES));

#define GK_OPTIONS_OF gk_data_args

const gk_option gk_data_options[] = {
    GK_CHOICE_OPTION("task", task, gk_task, .flags = GK_SHAPE | GK_VARY,
                     .help = "what to learn; 'grok-data --task help' lists the tasks"),
    GK_INT_OPTION("prime", prime, 2, GK_PRIME_MAX, .flags = GK_SHAPE | GK_VARY, .arg = "P", .when = &modulo,
                  .help = "modulus, a prime (formula and toy-addition: any number)"),
    GK_TEXT_OPTION("formula", formula, .flags = GK_SHAPE | GK_VARY, .arg = "EXPRESSION", .when = &by_formula,
                   .help = "the answer, from operands a and b (then c, d, ..., if they are named), each in 0..p-1, and p: + - * "
                           "/ ^ % abs, comparisons, not and or, if ... then ... else; computed exactly, and it must end in "
                           "0..p-1; (a / b) % p divides modulo p; items where it has no value (x / 0) are left out; means "
                           "--task formula"),
    GK_TEXT_OPTION("table", table_file, .flags = GK_SHAPE | GK_VARY | GK_FILE, .arg = "FILE", .when = &by_table,
                   .help = "a table (TSV, CSV, JSON) with the columns a, b and c: c is the answer to a and b, for each name in a "
                           "with each in b; means --task table"),
    GK_TEXT_OPTION("finite-group", finite_group, .flags = GK_SHAPE | GK_VARY | GK_FILE, .arg = "NAME|FILE", .when = &of_group,
                   .help = "C113 (cyclic), D5 (dihedral, of order 10), S5 (symmetric), A5 (alternating), products as C2xC4; or a "
                           "multiplication table like --table, which must be one of a group; means --task group"),
    GK_TEXT_OPTION("reviews", reviews_file, .flags = GK_SHAPE | GK_VARY | GK_FILE, .arg = "FILE", .when = &of_texts,
                   .help = "a table (TSV, CSV, JSON; gzip'd or not) with the columns review (or text) and sentiment (or label: "
                           "positive, pos, 1; negative, neg, 0), or lines of label, tab, text; or the unpacked folder of imdb; "
                           "means --task reviews"),
    GK_INT_OPTION("words", n_word, 1, GK_WORDS_MAX, .flags = GK_SHAPE | GK_VARY, .when = &of_words,
                  .help = "the most frequent words of the train reviews, which are tokens 1, 2, ...; others are left out"),
    GK_INT_OPTION("length", n_length, 1, GK_WORDS_MAX, .flags = GK_SHAPE | GK_VARY, .arg = "T", .when = &of_words,
                  .help = "tokens of an item: the first T of its frequent words, or token 0 and then all of them"),
    GK_CHOICE_OPTION("sequence", sequence, gk_sequence, .flags = GK_SHAPE | GK_VARY | GK_INHERIT, .when = &pairs,
                     .help = "tokens of an item, in turn [a,b,=], [a,op,b,=], [a,b,op,P], [a,b]"),
    GK_INT_OPTION("vocab-prime", vocab_prime, 0, GK_PRIME_MAX, .flags = GK_SHAPE | GK_VARY, .when = &shared,
                  .help = "numbers in the vocabulary, so that several primes can share token ids; 0: the prime"),
    GK_TEXT_OPTION("join", join, .flags = GK_SHAPE | GK_VARY, .arg = "TASK:PRIME[:F[:SEED]]",
                   .help = "learn another task together with this one, from share F of its items; several are joined with '+'"),
    GK_TEXT_OPTION("also-eval", also_eval, .flags = GK_SHAPE | GK_VARY, .arg = "TASK:PRIME[:F[:SEED]]",
                   .help = "evaluate another task, too, on the items that are not among share F; several are joined with '+'"),
    GK_REAL_OPTION("fraction", fraction, 0, 1, .flags = GK_VARY, .arg = "F", .when = &without_split,
                   .help = "share of all items that is trained on; for one seed, smaller sets are contained in larger ones"),
    GK_INT_OPTION("size", size, 0, INT32_MAX, .flags = GK_VARY,
                  .help = "train on the first N of the train items, or of all items in random order; of data that bring "
                          "subclasses, and with --thin, on random ones shared out among the subclasses; 0: as --fraction says, "
                          "or on all train items of data that bring a split"),
    GK_REAL_OPTION("label-noise", label_noise, 0, 1, .flags = GK_VARY, .arg = "F",
                   .help = "share of the train items that get the label of a random item"),
    GK_INT_OPTION("seed", seed, 0, (double)GK_SEED_MAX, .flags = GK_VARY, .arg = "S",
                  .help = "seed of the run: split, initial parameters, order, noise"),
    GK_INT_OPTION("data-seed", data_seed, -1, (double)GK_SEED_MAX, .flags = GK_VARY, .arg = "S", .when = &by_chance,
                  .help = "seed of split and label noise, and of items that are drawn; -1: the seed of the run, and 0 for items"),
    GK_INT_OPTION("items", n_item, 0, GK_ITEMS_MAX, .flags = GK_SHAPE | GK_VARY, .when = &drawn,
                  .help = "train items that are drawn; 0: 100 of teacher-student, 10000 of synth-digits, 1000 of sparse-parity, "
                          "200 of xor-cluster, 40000 of equidistant and equivariant, of which every run takes --size; of "
                          "molecules the first so many, of which --fraction is trained on; 0: all of qm9, 2000 of synth-mols; of "
                          "reviews it counts all, a quarter of which is test; 0: those that there are, 2000 of synth-reviews"),
    GK_INT_OPTION("test-items", n_test, 0, GK_ITEMS_MAX, .flags = GK_SHAPE | GK_VARY, .when = &with_tests,
                  .help = "test items that are drawn; 0: 1000, of equidistant and equivariant 10000"),
    GK_INT_OPTION("dim", n_dim, 0, GK_DIM_MAX, .flags = GK_SHAPE | GK_VARY, .when = &with_dim,
                  .help = "reals of an item; 0: 40 bits of sparse-parity, 1000 dimensions of xor-cluster"),
    GK_INT_OPTION("parity", parity, 1, GK_DIM_MAX, .flags = GK_SHAPE | GK_VARY, .arg = "K", .when = &of_parity,
                  .help = "bits whose product is the answer: the first K of each item"),
    GK_REAL_OPTION("sigma", sigma, 0, 1000, .flags = GK_SHAPE | GK_VARY, .when = &spread,
                   .help = "standard deviation of a real about its mean; of --covariance random, root of the mean variance"),
    GK_REAL_OPTION("separation", separation, 0, 1000, .flags = GK_SHAPE | GK_VARY, .when = &spread,
                   .help = "distance of a block's two means (that of two subclasses is this times the root of the blocks in "
                           "which they differ), or of the two clusters of a class of xor-cluster"),
    GK_CHOICE_OPTION("covariance", covariance, gk_covariance, .flags = GK_SHAPE | GK_VARY, .when = &of_blocks,
                     .help = "of a block: the same in all directions, or random with the same trace"),
    GK_TEXT_OPTION("subclasses", subclasses, .flags = GK_FILE, .arg = "own|label|row|column|FILE",
                   .help = "what divides the items for --thin and --by-subclass: what the data bring; the label; the first or "
                           "second operand; a table with columns item and subclass, as grok-cluster writes it; not given: what "
                           "the data bring, or the label"),
    GK_TEXT_OPTION("thin", thin, .flags = GK_VARY, .arg = "NAME+NAME...",
                   .help = "train on fewer items of these subclasses than of others, on --thin-to of one for each of another; "
                           "names are patterns: '*.1' is subclass 1 of every class"),
    GK_REAL_OPTION("thin-to", thin_to, 0, 1, .flags = GK_VARY, .arg = "F", .when = &thinned,
                   .help = "0.2 or 1/5: with --size, the train items are shared out so that a thinned subclass has this share of "
                           "another's; without, it keeps this share of what it has; 0: the run sees none of them"),
    GK_CHOICE_OPTION("latents", latents, gk_latents, .flags = GK_SHAPE | GK_VARY, .when = &with_latents,
                     .help = "representations and sums of the code of Liu et al. 2022 (2 reals a number; modulo p), of its text "
                             "(1 real; no modulus), or of the code as drawn there, with seed 58 (of 10 numbers)"),
    GK_TEXT_OPTION("split", split_file, .flags = GK_FILE, .arg = "FILE",
                   .help = "train on the items of FILE: text with one item number a line, or a dataset file with a split"),
    GK_TEXT_OPTION("data", data_file, .flags = GK_FILE, .arg = "FILE",
                   .help = "take items, and the split if there is one, from a dataset file instead of --task; the name of a "
                           "task means that task"),
    GK_OPTION_END
};
#undef GK_OPTIONS_OF

gk_option *gk_data_options_single(gk_arena *arena)
{
    const size_t n = sizeof gk_data_options / sizeof *gk_data_options;
    gk_option   *rows = gk_arena_alloc(arena, n * sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        rows[i] = gk_data_options[i];
        rows[i].flags &= ~(unsigned)GK_VARY;
    }
    return rows;
}

/* What the command line says takes the place of what a preset or file says and it excludes. */
static void give_way(gk_given *given)
{
    static const char *const of_task[] = { "task", "formula", "table", "finite-group", "reviews" };
    for (size_t i = 0; i < sizeof of_task / sizeof *of_task; i++)
        if (gk_option_given(given, of_task[i]) && !gk_option_given(given, "data"))
            gk_option_unset(given, "data");
    if (gk_option_given(given, "fraction") && !gk_option_given(given, "size") && gk_option_set(given, "size", "0") < 0)
        gk_assert(false);    /* 0 is a size: none */
}

/* Options that are about one task say which. */
static void imply_task(gk_given *given)
{
    static const struct { const char *option; unsigned trait; } of[] = {
        { "formula", GK_TASK_FORMULA }, { "table", GK_TASK_TABLE }, { "finite-group", GK_TASK_GROUP },
        { "reviews", GK_TASK_TEXTS },
    };
    for (size_t i = 0; i < sizeof of / sizeof *of; i++)
        for (int task = 0; gk_task_names[task] && !gk_option_given(given, "task") && !gk_option_given(given, "data"); task++)
            if (gk_option_given(given, of[i].option) && gk_task_has(task, of[i].trait) &&
                gk_option_set(given, "task", gk_task_names[task]) < 0)
                gk_assert(false);    /* the name of a task is one */
}

void gk_data_resolve(gk_given *given)
{
    give_way(given);
    imply_task(given);
    const char *data = gk_option_text(given, "data");
    const bool  is_both = gk_option_given(given, "data") && gk_option_given(given, "task");
    if (!data || is_both || gk_task_find(data) < 0 || access(data, F_OK) == 0)
        return;
    if (gk_option_set(given, "task", data) == 0)
        gk_option_unset(given, "data");
}

gk_data_args gk_data_defaults(void)
{
    return (gk_data_args){ .prime = 113, .sequence = GK_SEQ_EQ, .fraction = 0.3, .data_seed = -1, .sigma = 0.1, .separation = 1,
                           .parity = 3, .n_word = 1000, .n_length = 500 };
}
