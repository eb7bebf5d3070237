// The functions of a raw WebAssembly function, under the names that Faasm's users know.
//
//     clang --target=wasm32-wasip1 -O2 -I sdk/c/include -o function.wasm function.c \
//         -Wl,--export=malloc -Wl,--export-table -Wl,--export-if-defined=__wasm_call_ctors
//
// `malloc` is needed by faasmAwaitCallOutput, the table of functions and the constructors by faasmChain.
#ifndef FAASM_CORE_H
#define FAASM_CORE_H

#include <stdint.h>
#include <stdlib.h>

#include "host_interface.h"

#ifdef __cplusplus
extern "C" {
#endif

// What faasmAwaitCall returns beside the codes of functions.
enum { FAASM_UNKNOWN_CALL = -2, FAASM_CALL_TIMED_OUT = -110, FAASM_CALL_CANCELLED = -125 };

// A function that is chained by its address: its result is the code of the call, and its input faasmGetInput's.
typedef int (*FaasmFunction)(void);

// Runs once when the module is uploaded; calls start from the memory that it leaves. A result other than 0 refuses the module.
#define FAASM_ZYGOTE() __attribute__((export_name("_faasm_zygote"))) int _faasm_zygote(void)

// Input and output.
static inline long faasmReadInput(uint8_t *buffer, long length) { return __faasm_read_input(buffer, length); }
static inline void faasmWriteOutput(const uint8_t *output, long length) { __faasm_write_output(output, length); }
static inline long faasmGetInputSize(void) { return __faasm_read_input(NULL, 0); }
static inline long faasmGetInput(uint8_t *buffer, long length)
{
    return length > 0 ? __faasm_read_input(buffer, length) : 0;
}
static inline void faasmSetOutput(const char *output, long length)
{
    __faasm_write_output((const uint8_t *)output, length);
}

// Chaining.
static inline unsigned faasmChainName(const char *name, const uint8_t *input, long length)
{
    return __faasm_chain_name(name, input, length);
}
static inline unsigned faasmChainNamed(const char *name, const uint8_t *input, long length)
{
    return __faasm_chain_name(name, input, length);
}
static inline unsigned faasmChainPtr(FaasmFunction function, const uint8_t *input, long length)
{
    return __faasm_chain_ptr(function, input, length);
}
static inline unsigned faasmChain(FaasmFunction function, const uint8_t *input, long length)
{
    return __faasm_chain_ptr(function, input, length);
}
// Chains the function once for each input; the calls' ids go into `calls`.
static inline void faasmChainBatch(
    FaasmFunction function, const uint8_t *const *inputs, const long *lengths, int count, unsigned *calls)
{
    for (int i = 0; i < count; i++) {
        calls[i] = __faasm_chain_ptr(function, inputs[i], lengths[i]);
    }
}
static inline unsigned faasmChainPy(const char *entry, const uint8_t *input, long length)
{
    return __faasm_chain_py(entry, input, length);
}
static inline int faasmAwaitCall(unsigned call) { return __faasm_await_call(call); }
// The output is the caller's to free; a NUL follows its last byte.
static inline int faasmAwaitCallOutput(unsigned call, char **output, long *length)
{
    return __faasm_await_call_output(call, output, length);
}

// State: values.
static inline long faasmReadStateSize(const char *key) { return __faasm_read_state(key, NULL, 0); }
static inline long faasmReadState(const char *key, uint8_t *buffer, long length)
{
    return __faasm_read_state(key, buffer, length);
}
static inline void faasmReadStateOffset(const char *key, long total, long offset, uint8_t *buffer, long length)
{
    __faasm_read_state_offset(key, total, offset, buffer, length);
}
static inline void faasmWriteState(const char *key, const uint8_t *value, long length)
{
    __faasm_write_state(key, value, length);
}
static inline void faasmWriteStateOffset(const char *key, long total, long offset, const uint8_t *value, long length)
{
    __faasm_write_state_offset(key, total, offset, value, length);
}
static inline unsigned faasmWriteStateFromFile(const char *key, const char *path)
{
    return __faasm_write_state_from_file(key, path);
}
static inline void faasmAppendState(const char *key, const uint8_t *value, long length)
{
    __faasm_append_state(key, value, length);
}
static inline void faasmReadAppendedState(const char *key, uint8_t *buffer, long length, long count)
{
    __faasm_read_appended_state(key, buffer, length, count);
}
static inline void faasmClearAppendedState(const char *key) { __faasm_clear_appended_state(key); }

// State: pointers.
static inline uint8_t *faasmReadStatePtr(const char *key, long total) { return __faasm_read_state_ptr(key, total); }
static inline uint8_t *faasmReadStateOffsetPtr(const char *key, long total, long offset, long length)
{
    return __faasm_read_state_offset_ptr(key, total, offset, length);
}
static inline void faasmFlagStateDirty(const char *key, long total) { __faasm_flag_state_dirty(key, total); }
static inline void faasmFlagStateOffsetDirty(const char *key, long total, long offset, long length)
{
    __faasm_flag_state_offset_dirty(key, total, offset, length);
}
static inline void faasmPushState(const char *key) { __faasm_push_state(key); }
static inline void faasmPushStatePartial(const char *key) { __faasm_push_state_partial(key); }
static inline void faasmPushStatePartialMask(const char *key, const char *mask_key)
{
    __faasm_push_state_partial_mask(key, mask_key);
}
static inline void faasmPullState(const char *key, long length) { __faasm_pull_state(key, length); }

// State: locks.
static inline void faasmLockStateRead(const char *key) { __faasm_lock_state_read(key); }
static inline void faasmUnlockStateRead(const char *key) { __faasm_unlock_state_read(key); }
static inline void faasmLockStateWrite(const char *key) { __faasm_lock_state_write(key); }
static inline void faasmUnlockStateWrite(const char *key) { __faasm_unlock_state_write(key); }

// Threads.
static inline void faasmSmCriticalLocal(void) { __faasm_sm_critical_local(); }
static inline void faasmSmCriticalLocalEnd(void) { __faasm_sm_critical_local_end(); }
static inline void faasmSmReduce(void *variable, int type, int operation, int batch)
{
    __faasm_sm_reduce(variable, type, operation, batch);
}
static inline void faasmSmArray(void *start, int type, int count) { __faasm_sm_array(start, type, count); }
static inline void faasmSmRaw(void *start, int size) { __faasm_sm_raw(start, size); }
static inline void faasmSmVar(void *variable, int type) { __faasm_sm_var(variable, type); }

// Configuration and identity. The texts are the caller's to free; they are empty in raw functions.
static inline unsigned faasmConfFlag(const char *name) { return __faasm_conf_flag(name); }
static inline unsigned getConfFlag(const char *name) { return __faasm_conf_flag(name); }
static inline void faasmBacktrace(int depth) { __faasm_backtrace(depth); }
static inline void faasmHostInterfaceTest(int number) { __faasm_host_interface_test(number); }
static inline void faasmMigratePoint(void (*function)(int), int argument) { __faasm_migrate_point(function, argument); }

enum { FAASM_MAXIMUM_NAME = 256 };
static inline char *faasmGetName(void (*get)(uint8_t *, long))
{
    char *name = (char *)malloc(FAASM_MAXIMUM_NAME);
    if (name != NULL) {
        get((uint8_t *)name, FAASM_MAXIMUM_NAME);
    }
    return name;
}
static inline char *faasmGetPythonUser(void) { return faasmGetName(__faasm_get_py_user); }
static inline char *faasmGetPythonFunc(void) { return faasmGetName(__faasm_get_py_func); }
static inline char *faasmGetPythonEntry(void) { return faasmGetName(__faasm_get_py_entry); }

#ifdef __cplusplus
}
#endif

#endif
