/* test_nulls.c -- that each claim which compares conditions can be judged on tables of chance, or is exempt (../nulls.h); how
 * often it passes is for tests/slow/nulls.c to say. */
#define N_TABLE 8
#define SCATTER 0.3
#include "../nulls.h"

int main(void) { return judge_papers(); }
