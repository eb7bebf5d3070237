// Writes state as a whole, by ranges, through a pointer and as a log, and reads each back. A wrong value is the line number.
#include <faasm/core.h>
#include <string.h>

#define CHECK(condition) \
    if (!(condition)) {  \
        return __LINE__; \
    }

static int check_pointer(void)
{
    uint8_t *view = faasmReadStatePtr("values", 10);
    CHECK(memcmp(view, "0199956789", 10) == 0 && faasmReadStatePtr("values", 10) == view)
    view[0] = 'a';
    view[9] = 'z';
    faasmFlagStateOffsetDirty("values", 10, 9, 1);
    faasmPushState("values");
    uint8_t value[10];
    CHECK(faasmReadState("values", value, 10) == 10 && memcmp(value, "019995678z", 10) == 0)

    uint8_t *part = faasmReadStateOffsetPtr("values", 10, 4, 2);
    CHECK(part == view + 4 && memcmp(part, "95", 2) == 0)
    // Only what the mask names is written back.
    uint8_t *mask = faasmReadStatePtr("mask", 10);
    memset(mask, 0, 10);
    mask[1] = 1;
    memcpy(view, "BBBBBBBBBB", 10);
    faasmFlagStateDirty("values", 10);
    faasmPushStatePartialMask("values", "mask");
    CHECK(faasmReadState("values", value, 10) == 10 && memcmp(value, "0B9995678z", 10) == 0)
    faasmPullState("values", 10);
    CHECK(memcmp(view, "0B9995678z", 10) == 0)
    // This is written back at the end.
    memcpy(view, "end", 3);
    faasmFlagStateOffsetDirty("values", 10, 0, 3);
    return 0;
}

static int check_log(void)
{
    char text[16] = {0};
    faasmAppendState("log", (const uint8_t *)"one", 3);
    faasmAppendState("log", (const uint8_t *)"two", 3);
    faasmReadAppendedState("log", (uint8_t *)text, sizeof text, 2);
    CHECK(strcmp(text, "onetwo") == 0)
    faasmClearAppendedState("log");
    memset(text, 0, sizeof text);
    faasmReadAppendedState("log", (uint8_t *)text, sizeof text, 2);
    CHECK(text[0] == 0)
    return 0;
}

int main(void)
{
    CHECK(faasmReadStateSize("values") == 0)
    faasmWriteState("values", (const uint8_t *)"0123456789", 10);
    faasmWriteStateOffset("values", 10, 2, (const uint8_t *)"999", 3);
    CHECK(faasmReadStateSize("values") == 10)
    uint8_t part[6];
    faasmReadStateOffset("values", 10, 7, part, 6);
    CHECK(memcmp(part, "789\0\0\0", 6) == 0)
    faasmLockStateWrite("values");
    int line = check_pointer();
    faasmUnlockStateWrite("values");
    return line != 0 ? line : check_log();
}
