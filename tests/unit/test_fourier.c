/* test_fourier.c -- Fourier measures against functions whose frequencies are known. */
#include <stdlib.h>
#include "../test.h"
#include "analysis/fourier.h"
#include "base/rng.h"

enum { P = 13, N_OUT = 5 };
static const double PI = 3.14159265358979323846;
static double basis[P * P];

TEST(the_basis_is_orthonormal)
{
    gk_fourier_basis(P, basis);
    for (int i = 0; i < P; i++)
        for (int j = 0; j < P; j++) {
            double sum = 0;
            for (int x = 0; x < P; x++)
                sum += basis[i * P + x] * basis[j * P + x];
            CHECK_CLOSE(sum, i == j, 1e-12);
        }
    CHECK_CLOSE(basis[5 * P + 4], sqrt(2.0 / P) * cos(2 * PI * 3 * 4 / P), 1e-12);
    CHECK_CLOSE(basis[6 * P + 4], sqrt(2.0 / P) * sin(2 * PI * 3 * 4 / P), 1e-12);
}

TEST(a_spectrum_has_the_power_where_the_wave_is_and_keeps_the_sum)
{
    double wave[P * 2], noise[P * 3], norm[P], power[(P + 1) / 2], sum = 0, square = 0;
    gk_fourier_basis(P, basis);
    for (int x = 0; x < P; x++) {
        wave[2 * x] = 3 * cos(2 * PI * 4 * x / P + 1);
        wave[2 * x + 1] = 2;
    }
    gk_fourier_norms(P, basis, 2, wave, norm);
    CHECK_CLOSE(norm[7], 3 * fabs(cos(1)) * sqrt(P / 2.0), 1e-10);
    CHECK_CLOSE(norm[8], 3 * fabs(sin(1)) * sqrt(P / 2.0), 1e-10);
    gk_fourier_spectrum(P, norm, power);
    for (int k = 0; k < (P + 1) / 2; k++)
        CHECK_CLOSE(power[k], k == 4 ? 9.0 * P / 2 : k == 0 ? 4.0 * P : 0, 1e-10);
    for (int i = 0; i < P * 3; i++) {
        noise[i] = gk_rng_normal(1, GK_RNG_TEST, 0, (uint64_t)i);
        square += noise[i] * noise[i];
    }
    gk_fourier_norms(P, basis, 3, noise, norm);
    gk_fourier_spectrum(P, norm, power);
    for (int k = 0; k < (P + 1) / 2; k++)
        sum += power[k];
    CHECK_CLOSE(sum, square, 1e-10);
}

TEST(gini_of_known_vectors)
{
    CHECK_CLOSE(gk_fourier_gini(4, (double[]){ 2, 2, 2, 2 }), 0, 1e-12);
    CHECK_CLOSE(gk_fourier_gini(4, (double[]){ 0, 0, 7, 0 }), 0.75, 1e-12);
    CHECK_CLOSE(gk_fourier_gini(2, (double[]){ 1, 3 }), 0.25, 1e-12);
    CHECK_CLOSE(gk_fourier_gini(3, (double[]){ 0, 0, 0 }), 0, 0);
}

TEST(a_neuron_is_explained_by_its_frequency)
{
    double f[P * P], share;
    gk_fourier_basis(P, basis);
    for (int a = 0; a < P; a++)
        for (int b = 0; b < P; b++)    /* the whole of it lies in the block of 5: cos a, sin b, cos(a + b), and a constant */
            f[a * P + b] = 7 + cos(2 * PI * 5 * a / P) - 2 * sin(2 * PI * 5 * b / P) + cos(2 * PI * 5 * (a + b) / P);
    CHECK_INT(gk_fourier_best(P, basis, f, &share), 5);
    CHECK_CLOSE(share, 1, 1e-10);
    for (int a = 0; a < P; a++)
        for (int b = 0; b < P; b++)    /* variances 1/2 and 1/8: cos of 2 explains four fifths */
            f[a * P + b] = cos(2 * PI * 2 * a / P) + 0.5 * cos(2 * PI * 6 * b / P);
    CHECK_INT(gk_fourier_best(P, basis, f, &share), 2);
    CHECK_CLOSE(share, 0.8, 1e-10);
    for (int i = 0; i < P * P; i++)
        f[i] = 3;
    CHECK_INT(gk_fourier_best(P, basis, f, &share), 0);
    CHECK_CLOSE(share, 0, 0);
}

TEST(keys_are_frequencies_of_enough_neurons_that_are_explained_well)
{
    /* of ten neurons: four of 3, explained well; three of 1, badly; two of 6, well; one dead */
    const int    best[] = { 3, 3, 3, 3, 1, 1, 1, 6, 6, 0 };
    const double share[] = { 0.9, 0.8, 0.95, 0.85, 0.5, 0.6, 0.7, 0.99, 0.9, 0 };
    int          key[P / 2];
    CHECK_INT(gk_fourier_keys(P, 10, best, share, 0.02, 0.8, key), 2);
    CHECK_INT(key[0], 3);
    CHECK_INT(key[1], 6);
    CHECK_INT(gk_fourier_keys(P, 10, best, share, 0.3, 0.8, key), 1);
    CHECK_INT(gk_fourier_keys(P, 10, best, share, 0.02, 0.3, key), 3);
}

/* Logits made of known waves in a - b: those of the keys are found, the others and what is no wave in a - b stay out. */
TEST(projection_takes_the_key_waves_of_the_answer_alone)
{
    static double logits[P * P * N_OUT], out[P * P * N_OUT];
    double mean[N_OUT];
    const int key[] = { 2, 4 };
    gk_fourier_basis(P, basis);
    for (int sign = -1; sign <= 1; sign += 2) {
        for (int a = 0; a < P; a++)
            for (int b = 0; b < P; b++)
                for (int c = 0; c < N_OUT; c++) {
                    double s = 2 * PI * (a + sign * b) / P, other = 2 * PI * (a - sign * b) / P;
                    logits[(a * P + b) * N_OUT + c] = c + cos(2 * s + c) + 3 * sin(4 * s) * c + 5 * cos(3 * s) + cos(2 * other) +
                                                      sin(2 * PI * 4 * a / P);
                }
        gk_fourier_project(P, basis, sign, 2, key, N_OUT, logits, out, mean);
        for (int a = 0; a < P; a++)
            for (int b = 0; b < P; b++)
                for (int c = 0; c < N_OUT; c++) {
                    double s = 2 * PI * (a + sign * b) / P;
                    CHECK_CLOSE(out[(a * P + b) * N_OUT + c], cos(2 * s + c) + 3 * sin(4 * s) * c, 1e-10);
                }
        for (int c = 0; c < N_OUT; c++)
            CHECK_CLOSE(mean[c], c, 1e-10);
    }
}

TEST_MAIN(RUN(the_basis_is_orthonormal) RUN(a_spectrum_has_the_power_where_the_wave_is_and_keeps_the_sum)
          RUN(gini_of_known_vectors) RUN(a_neuron_is_explained_by_its_frequency)
          RUN(keys_are_frequencies_of_enough_neurons_that_are_explained_well)
          RUN(projection_takes_the_key_waves_of_the_answer_alone))
