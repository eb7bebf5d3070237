// Chains two functions of this file, waits for both, and joins what they put out.
#include <faasm/core.h>
#include <stdio.h>
#include <string.h>

static int reverse(void)
{
    char text[64];
    long length = faasmGetInput((uint8_t *)text, sizeof text);
    for (long i = 0; i < length / 2; i++) {
        char other = text[i];
        text[i] = text[length - 1 - i];
        text[length - 1 - i] = other;
    }
    faasmSetOutput(text, length);
    return 0;
}

static int fail(void)
{
    return 7;
}

int main(void)
{
    unsigned first = faasmChain(reverse, (const uint8_t *)"1234", 4);
    unsigned second = faasmChain(fail, (const uint8_t *)"5678", 4);
    char *output;
    long length;
    if (faasmAwaitCallOutput(first, &output, &length) != 0 || faasmAwaitCall(4711) != FAASM_UNKNOWN_CALL) {
        return 1;
    }
    char text[128];
    snprintf(text, sizeof text, "%s %ld %d", output, length, faasmAwaitCall(second));
    free(output);
    faasmSetOutput(text, (long)strlen(text));
    return 0;
}
