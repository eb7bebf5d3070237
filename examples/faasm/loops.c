// Computes: the number of primes below the number that is its input.
#include <faasm/core.h>
#include <stdio.h>
#include <string.h>

int main(void)
{
    int limit = 0, count = 0;
    if (scanf("%d", &limit) != 1 || limit < 2 || limit > 100000000) {
        return 1;
    }
    uint8_t *composite = calloc(limit, 1);
    if (composite == NULL) {
        return 12;
    }
    for (int i = 2; i < limit; i++) {
        if (composite[i]) {
            continue;
        }
        count++;
        for (long long j = (long long)i * i; j < limit; j += i) {
            composite[j] = 1;
        }
    }
    char text[16];
    snprintf(text, sizeof text, "%d", count);
    faasmSetOutput(text, (long)strlen(text));
    return 0;
}
