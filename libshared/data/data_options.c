/* data_options.c -- see data_options.h. */
#include "data/data_options.h"

#include <unistd.h>
#include "data/build.h"

#define AT(field) offsetof(gk_data_args, field)

const gk_option gk_data_options[] = {
    { "task", 0, GK_CHOICE, AT(task), 0, 0, gk_task_names, GK_SHAPE | GK_VARY, "NAME",
      "what to learn; 'grok-data --task help' lists the tasks" },
    { "prime", 0, GK_INT, AT(prime), 2, GK_PRIME_MAX, NULL, GK_SHAPE | GK_VARY, "P",
      "modulus, a prime (toy-addition: any number); not for all tasks" },
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
    { "size", 0, GK_INT, AT(size), 0, INT32_MAX, NULL, GK_VARY, "N",
      "train on the first N of the train items, or of all items in random order; 0: as --fraction says, or on all train items of "
      "data that bring a split" },
    { "label-noise", 0, GK_REAL, AT(label_noise), 0, 1, NULL, GK_VARY, "F",
      "share of the train items that get the label of a random item" },
    { "seed", 0, GK_INT, AT(seed), 0, (double)GK_SEED_MAX, NULL, GK_VARY, "S",
      "seed of the run: split, initial parameters, order, noise" },
    { "data-seed", 0, GK_INT, AT(data_seed), -1, (double)GK_SEED_MAX, NULL, GK_VARY, "S",
      "seed of split and label noise, and of items that are drawn; -1: the seed of the run, and 0 for items" },
    { "items", 0, GK_INT, AT(n_item), 0, GK_ITEMS_MAX, NULL, GK_SHAPE | GK_VARY, "N",
      "train items that teacher-student and synth-digits draw; 0: 100 and 10000" },
    { "latents", 0, GK_CHOICE, AT(latents), 0, 0, gk_latent_names, GK_SHAPE | GK_VARY, "NAME",
      "toy-addition: representations and sums of the code of Liu et al. 2022 (2 reals a number; modulo p), or of its text (1 "
      "real; no modulus)" },
    { "split", 0, GK_TEXT, AT(split_file), 0, 0, NULL, 0, "FILE",
      "train on the items of FILE: text with one item number a line, or a dataset file with a split" },
    { "data", 0, GK_TEXT, AT(data_file), 0, 0, NULL, 0, "FILE",
      "take items, and the split if there is one, from a dataset file instead of --task; the name of a task means that task" },
    GK_OPTION_END
};

void gk_data_resolve(gk_given *given)
{
    const char *data = gk_option_text(given, "data");
    const bool  is_both = gk_option_given(given, "data") && gk_option_given(given, "task");
    if (!data || is_both || gk_task_find(data) < 0 || access(data, F_OK) == 0)
        return;
    if (gk_option_set(given, "task", data) == 0)
        gk_option_unset(given, "data");
}

gk_data_args gk_data_defaults(void)
{
    return (gk_data_args){ .prime = 113, .sequence = GK_SEQ_EQ, .fraction = 0.3, .data_seed = -1 };
}
