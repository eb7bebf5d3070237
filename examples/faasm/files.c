// Uses files as C programs do: those that are there, and those of the call in /tmp. A wrong answer is the line number.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHECK(condition) \
    if (!(condition)) {  \
        return __LINE__; \
    }

int main(void)
{
    char text[64] = {0};
    FILE *users = fopen("/etc/passwd", "r");
    CHECK(users != NULL && fgets(text, sizeof text, users) != NULL && strstr(text, "faasm") == text)
    fclose(users);
    CHECK(fopen("/etc/passwd", "w") == NULL && errno == EROFS)
    CHECK(mkdir("/tmp/folder", 0700) == 0)
    int file = open("tmp/folder/file", O_RDWR | O_CREAT | O_EXCL, 0600);
    CHECK(file >= 0 && write(file, "0123456789", 10) == 10)
    CHECK(pwrite(file, "ab", 2, 4) == 2 && pread(file, text, 4, 3) == 4 && memcmp(text, "3ab6", 4) == 0)
    CHECK(fsync(file) == 0 && fdatasync(file) == 0 && ftruncate(file, 5) == 0)
    CHECK(posix_fallocate(file, 4, 8) == 0)
    struct stat status;
    CHECK(fstat(file, &status) == 0 && status.st_size == 12)
    struct timespec times[2] = {{.tv_sec = 1}, {.tv_sec = 2}};
    CHECK(futimens(file, times) == 0 && fstat(file, &status) == 0 && status.st_mtim.tv_sec == 2)
    CHECK(symlink("folder/file", "/tmp/link") == 0 && readlink("/tmp/link", text, 6) == 6 && memcmp(text, "folder", 6) == 0)
    CHECK(lstat("/tmp/link", &status) == 0 && S_ISLNK(status.st_mode))
    CHECK(link("/tmp/folder/file", "/tmp/same") == 0 && stat("/tmp/link", &status) == 0 && status.st_nlink == 2)
    CHECK(unlink("/tmp/same") == 0 && unlink("/tmp/link") == 0)
    CHECK(rename("/tmp/folder/file", "/tmp/other") == 0 && close(file) == 0)
    CHECK(rmdir("/tmp/folder") == 0 && unlink("/tmp/other") == 0 && access("/tmp/other", F_OK) != 0)
    CHECK(getenv("WHO") != NULL && strcmp(getenv("WHO"), "me") == 0)
    return 0;
}
