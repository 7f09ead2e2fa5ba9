/* data_options.c -- see data_options.h. */
#include "data/data_options.h"
#include "data/build.h"

#define AT(field) offsetof(gk_data_args, field)

const gk_option gk_data_options[] = {
    { "task", 0, GK_CHOICE, AT(task), 0, 0, gk_task_names, GK_SHAPE | GK_VARY, "NAME",
      "what to learn; 'grok-data --task help' lists the tasks" },
    { "prime", 0, GK_INT, AT(prime), 2, GK_PRIME_MAX, NULL, GK_SHAPE | GK_VARY, "P",
      "modulus, a prime; not for the permutation tasks" },
    { "sequence", 0, GK_CHOICE, AT(sequence), 0, 0, gk_sequence_names, GK_SHAPE | GK_VARY, "NAME",
      "tokens of an item, in turn [a,b,=], [a,op,b,=], [a,b,op,P], [a,b]" },
    { "vocab-prime", 0, GK_INT, AT(vocab_prime), 0, GK_PRIME_MAX, NULL, GK_SHAPE | GK_VARY, "N",
      "numbers in the vocabulary, so that several primes can share token ids; 0: the prime" },
    { "join", 0, GK_TEXT, AT(join), 0, 0, NULL, GK_SHAPE | GK_VARY, "TASK:PRIME[:F[:SEED]]",
      "learn another task together with this one, from share F of its items; several are joined with '+'" },
    { "also-eval", 0, GK_TEXT, AT(also_eval), 0, 0, NULL, GK_SHAPE | GK_VARY, "TASK:PRIME[:F[:SEED]]",
      "evaluate another task, too, on the items that are not among share F; several are joined with '+'" },
    { "fraction", 0, GK_REAL, AT(fraction), 0, 1, NULL, GK_VARY, "F",
      "share of all items that is trained on; for one seed, smaller sets are contained in larger ones" },
    { "label-noise", 0, GK_REAL, AT(label_noise), 0, 1, NULL, GK_VARY, "F",
      "share of the train items that get the label of a random item" },
    { "seed", 0, GK_INT, AT(seed), 0, (double)GK_SEED_MAX, NULL, GK_VARY, "S",
      "seed of the run: split, initial parameters, order, noise" },
    { "data-seed", 0, GK_INT, AT(data_seed), -1, (double)GK_SEED_MAX, NULL, GK_VARY, "S",
      "seed of split and label noise, and of the answers of task random; -1: the seed of the run (random: 0)" },
    { "split", 0, GK_TEXT, AT(split_file), 0, 0, NULL, 0, "FILE",
      "train on the items of FILE: text with one item number a line, or a dataset file with a split" },
    { "data", 0, GK_TEXT, AT(data_file), 0, 0, NULL, 0, "FILE",
      "take items, and the split if there is one, from a dataset file instead of --task" },
    GK_OPTION_END
};

gk_data_args gk_data_defaults(void)
{
    return (gk_data_args){ .prime = 113, .sequence = GK_SEQ_EQ, .fraction = 0.3, .data_seed = -1 };
}
