/* nulls.c -- that no claim which compares conditions passes by more than chance (../nulls.h). */
#define N_TABLE 1000
#define SCATTER 0.02    /* 3 deviations of a share of 0.05 in as many */
#include "../nulls.h"

int main(void) { return judge_papers(); }
