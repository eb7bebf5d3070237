// Uses files that the calls of a user share. A wrong answer is the line number; the output is what `faasm://in/given` holds.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <faasm/core.h>

#define CHECK(condition) \
    if (!(condition)) {  \
        return __LINE__; \
    }

int main(void)
{
    struct stat status;
    CHECK(stat("faasm://in/given", &status) == 0 && S_ISREG(status.st_mode))
    char *text = malloc(status.st_size + 1);
    FILE *given = fopen("faasm://in/given", "r");
    CHECK(given != NULL && fread(text, 1, status.st_size, given) == (size_t)status.st_size && fgetc(given) == EOF)
    CHECK(fclose(given) == 0)
    faasmWriteOutput((uint8_t *)text, status.st_size);

    FILE *made = fopen("faasm://out/made", "w");
    CHECK(made != NULL && fputs("from C", made) >= 0)
    // Nobody sees it before it is closed.
    CHECK(stat("faasm://out/made", &status) != 0 && errno == ENOENT)
    CHECK(fclose(made) == 0 && stat("faasm://out/made", &status) == 0 && status.st_size == 6)
    int file = open("faasm://out/made", O_RDWR | O_APPEND);
    CHECK(file >= 0 && write(file, "!", 1) == 1 && close(file) == 0)
    CHECK(rename("faasm://out/made", "faasm://out/moved") == 0 && unlink("faasm://out/made") != 0)

    DIR *folder = opendir("faasm://out");
    CHECK(folder != NULL)
    int found = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        found += strcmp(entry->d_name, "moved") == 0;
    }
    CHECK(closedir(folder) == 0 && found == 1)
    CHECK(open("faasm://../etc/passwd", O_RDONLY) < 0 && open("faasm:///etc/passwd", O_RDONLY) < 0)
    CHECK(open("faasm://in", O_WRONLY) < 0 && rename("faasm://out/moved", "/tmp/moved") != 0 && errno == EXDEV)
    // What is left open is written at the end.
    CHECK(open("faasm://out/left", O_WRONLY | O_CREAT, 0600) >= 0)
    return 0;
}
