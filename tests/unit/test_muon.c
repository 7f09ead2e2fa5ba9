/* test_muon.c -- the steps of whole matrices, taken apart into singular values and vectors. */
#include "engine.h"

enum { N_ITEM = 40, N_CLASS = 24 };

enum { ROTATIONS = 40 };

/* Singular values s and vectors of a [rows][N_CLASS], by rotations of its columns (Jacobi, one-sided): a becomes U S, v is V. */
static void decompose(double *a, int n, double (*v)[N_CLASS], double *s)
{
    for (int i = 0; i < N_CLASS; i++)
        for (int j = 0; j < N_CLASS; j++)
            v[i][j] = i == j;
    for (int sweep = 0; sweep < ROTATIONS; sweep++)
        for (int p = 0; p < N_CLASS; p++)
            for (int q = p + 1; q < N_CLASS; q++) {
                double aa = 0, bb = 0, ab = 0;
                for (int i = 0; i < n; i++) {
                    aa += a[i * N_CLASS + p] * a[i * N_CLASS + p];
                    bb += a[i * N_CLASS + q] * a[i * N_CLASS + q];
                    ab += a[i * N_CLASS + p] * a[i * N_CLASS + q];
                }
                if (fabs(ab) <= 1e-17 * sqrt(aa * bb))
                    continue;
                double tau = (bb - aa) / (2 * ab), t = (tau < 0 ? -1 : 1) / (fabs(tau) + sqrt(1 + tau * tau));
                double c = 1 / sqrt(1 + t * t), d = c * t;
                for (int i = 0; i < n + N_CLASS; i++) {
                    double *row = i < n ? a + i * N_CLASS : v[i - n], kept = row[p];
                    row[p] = c * kept - d * row[q];
                    row[q] = d * kept + c * row[q];
                }
            }
    for (int j = 0; j < N_CLASS; j++) {
        s[j] = 0;
        for (int i = 0; i < n; i++)
            s[j] += a[i * N_CLASS + j] * a[i * N_CLASS + j];
        s[j] = sqrt(s[j]);
    }
}

/* One update of Muon from a gradient G = U S V^T: in U and V it is diagonal, with 0.68 to 1.2 (where the iteration brings what is
 * not tiny) in place of S; so it is U V^T within 0.33.  In float64, where nothing else is in the way. */
static void check_factor(const gk_backend *be, int n_thread)
{
    static double g[N_ITEM * N_CLASS], v[N_CLASS][N_CLASS], s[N_CLASS];
    const int     n = N_ITEM * N_CLASS;
    lookup        l;
    team          t;
    double        norm = 0;
    CHECK(lookup_open(&l, N_ITEM, N_CLASS, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE, (gk_update){ .optimizer = GK_OPTIM_muon }));
    l.c.hyper[0] = (gk_hyper){ .learning_rate = 1, .momentum = 0.5 };
    CHECK(team_open(&t, be, &l.c, 0, 1, n_thread));
    team_run(&t, 0, 1);
    char         *now = team_read(&t, GK_ARENA_PARAM);
    const double *w = l.c.initial[0];
    for (int i = 0; i < n; i++) {
        g[i] = 2 * (w[i] - (i % N_CLASS == l.c.data.label[i / N_CLASS])) / n;
        norm += g[i] * g[i];
    }
    decompose(g, N_ITEM, v, s);
    for (int j = 0; j < N_CLASS; j++) {
        CHECK(s[j] > 0.002 * sqrt(norm));
        for (int k = 0; k < N_CLASS; k++) {    /* (U^T step V)[j][k] */
            double sum = 0;
            for (int i = 0; i < n; i++)
                sum += g[i / N_CLASS * N_CLASS + j] / s[j] * (w[i] - real_at(be, now, i)) * v[i % N_CLASS][k];
            if (j == k)
                CHECK(sum > 0.68 && sum < 1.2);
            else
                CHECK_CLOSE(sum, 0, 1e-9);
        }
    }
    free(now);
    team_close(&t);
    lookup_close(&l);
}

TEST(the_step_of_a_matrix_is_its_gradients_orthogonal_factor)
{
    check_factor(backend_of(1), 1);
    check_factor(backend_of(1), 3);
}

/* Singular values of the step, largest and smallest, for shapes of both kinds; wide ones are longer by sqrt(out / in). */
TEST(tall_and_wide_matrices_are_scaled_as_published)
{
    static const struct { int n_in, n_out; double scale; } shapes[] = {
        { 40, 24, 1 }, { 24, 24, 1 }, { 12, 24, 1.4142135623730951 } };
    static double step[N_ITEM * N_CLASS], v[N_CLASS][N_CLASS], s[N_CLASS];
    for (size_t k = 0; k < sizeof shapes / sizeof *shapes; k++)
        EACH_BACKEND(be) {
            lookup l;
            team   t;
            int    n = shapes[k].n_in * shapes[k].n_out, n_large = 0;
            CHECK(lookup_open(&l, shapes[k].n_in, shapes[k].n_out, GK_LOSS_MSE_ONEHOT, GK_SOFTMAX_STABLE,
                              (gk_update){ .optimizer = GK_OPTIM_muon }));
            l.c.hyper[0] = (gk_hyper){ .learning_rate = 1 };
            CHECK(team_open(&t, be, &l.c, 0, 1, 2));
            team_run(&t, 0, 1);
            char *now = team_read(&t, GK_ARENA_PARAM);
            for (int i = 0; i < n; i++)
                step[i] = l.c.initial[0][i] - real_at(be, now, i);
            decompose(step, shapes[k].n_in, v, s);
            for (int j = 0; j < N_CLASS; j++) {
                CHECK(s[j] < 1.21 * shapes[k].scale);
                n_large += s[j] > 0.6 * shapes[k].scale;
            }
            CHECK(n_large >= (shapes[k].n_in < N_CLASS ? shapes[k].n_in : N_CLASS) - 2);    /* but for tiny ones */
            free(now);
            team_close(&t);
            lookup_close(&l);
        }
}

TEST_MAIN(RUN(the_step_of_a_matrix_is_its_gradients_orthogonal_factor)
          RUN(tall_and_wide_matrices_are_scaled_as_published))
