/* data_fixture.h -- datasets that a test takes for granted. */
#ifndef GK_TESTS_DATA_FIXTURE_H
#define GK_TESTS_DATA_FIXTURE_H

#include <stdio.h>
#include <stdlib.h>
#include "data/dataset.h"

/* The items of args; the program ends if there are none. */
static inline gk_dataset *build(gk_data_args args)
{
    gk_dataset *dataset = gk_dataset_new(&args);
    if (!dataset) {
        printf("cannot build: %s\n", gk_error_message());
        exit(1);
    }
    return dataset;
}

#endif
