/* sha256.c -- SHA-256 through libmd. */
#include "base/sha256.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/types.h>
#include <sha2.h>

struct gk_sha256 { SHA2_CTX context; };

gk_sha256 *gk_sha256_new(void)
{
    gk_sha256 *sum = malloc(sizeof *sum);
    if (!sum)
        gk_bug(__FILE__, __LINE__, "out of memory for a small allocation");
    SHA256Init(&sum->context);
    return sum;
}

void gk_sha256_add(gk_sha256 *sum, const void *data, size_t n_bytes)
{
    SHA256Update(&sum->context, data, n_bytes);
}

void gk_sha256_free(gk_sha256 *sum, char hex[GK_SHA256_HEX])
{
    static const char digits[] = "0123456789abcdef";
    if (!sum)
        return;
    if (hex) {
        uint8_t digest[SHA256_DIGEST_LENGTH];
        SHA256Final(digest, &sum->context);
        for (int i = 0; i < SHA256_DIGEST_LENGTH; i++) {
            hex[2 * i] = digits[digest[i] >> 4];
            hex[2 * i + 1] = digits[digest[i] & 15];
        }
        hex[2 * SHA256_DIGEST_LENGTH] = '\0';
    }
    free(sum);
}
