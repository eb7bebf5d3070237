// Sets its input as the output, whatever bytes that is.
#include <faasm/core.h>

int main(void)
{
    long length = faasmGetInputSize();
    uint8_t *input = malloc(length + 1);
    if (input == NULL) {
        return 1;
    }
    faasmGetInput(input, length);
    faasmSetOutput((char *)input, length);
    return 0;
}
