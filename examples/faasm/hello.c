// Prints a greeting, and sets the same text as the output. Standard input and command line are those of the call.
#include <faasm/core.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
    char text[256];
    snprintf(text, sizeof text, "Hello from %s%s%s!", argv[0], argc > 1 ? " to " : "", argc > 1 ? argv[1] : "");
    puts(text);
    faasmSetOutput(text, (long)strlen(text));
    return 0;
}
