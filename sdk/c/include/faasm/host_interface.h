// What Swiftlet gives to raw WebAssembly functions beside WASI, as a module imports it. Include faasm/core.h for friendlier
// names. Addresses, lengths and `long` have 32 bits; a bad address ends the call.
#ifndef FAASM_HOST_INTERFACE_H
#define FAASM_HOST_INTERFACE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define FAASM_IMPORT(name) __attribute__((import_module("env"), import_name(#name))) name

// Input, output, configuration.
long FAASM_IMPORT(__faasm_read_input)(uint8_t *buffer, long length);
void FAASM_IMPORT(__faasm_write_output)(const uint8_t *output, long length);
void FAASM_IMPORT(__faasm_get_py_user)(uint8_t *buffer, long length);
void FAASM_IMPORT(__faasm_get_py_func)(uint8_t *buffer, long length);
void FAASM_IMPORT(__faasm_get_py_entry)(uint8_t *buffer, long length);
unsigned FAASM_IMPORT(__faasm_conf_flag)(const char *name);
void FAASM_IMPORT(__faasm_backtrace)(int depth);
void FAASM_IMPORT(__faasm_host_interface_test)(int number);
void FAASM_IMPORT(__faasm_migrate_point)(void (*function)(int), int argument);

// Chaining. A function of this module starts in a new instance, without arguments; its result is the code of the call.
unsigned FAASM_IMPORT(__faasm_chain_name)(const char *name, const uint8_t *input, long length);
unsigned FAASM_IMPORT(__faasm_chain_ptr)(int (*function)(void), const uint8_t *input, long length);
unsigned FAASM_IMPORT(__faasm_chain_py)(const char *entry, const uint8_t *input, long length);
int FAASM_IMPORT(__faasm_await_call)(unsigned call);
int FAASM_IMPORT(__faasm_await_call_output)(unsigned call, char **output, long *length);

// State: values.
long FAASM_IMPORT(__faasm_read_state)(const char *key, uint8_t *buffer, long length);
void FAASM_IMPORT(__faasm_read_state_offset)(const char *key, long total, long offset, uint8_t *buffer, long length);
void FAASM_IMPORT(__faasm_write_state)(const char *key, const uint8_t *value, long length);
void FAASM_IMPORT(__faasm_write_state_offset)(const char *key, long total, long offset, const uint8_t *value, long length);
unsigned FAASM_IMPORT(__faasm_write_state_from_file)(const char *key, const char *path);
void FAASM_IMPORT(__faasm_append_state)(const char *key, const uint8_t *value, long length);
void FAASM_IMPORT(__faasm_read_appended_state)(const char *key, uint8_t *buffer, long length, long count);
void FAASM_IMPORT(__faasm_clear_appended_state)(const char *key);

// State: pointers to copies of values. What is changed there and flagged becomes the value at the next push, chain, wait or end.
uint8_t *FAASM_IMPORT(__faasm_read_state_ptr)(const char *key, long total);
uint8_t *FAASM_IMPORT(__faasm_read_state_offset_ptr)(const char *key, long total, long offset, long length);
void FAASM_IMPORT(__faasm_flag_state_dirty)(const char *key, long total);
void FAASM_IMPORT(__faasm_flag_state_offset_dirty)(const char *key, long total, long offset, long length);
void FAASM_IMPORT(__faasm_push_state)(const char *key);
void FAASM_IMPORT(__faasm_push_state_partial)(const char *key);
void FAASM_IMPORT(__faasm_push_state_partial_mask)(const char *key, const char *mask_key);
void FAASM_IMPORT(__faasm_pull_state)(const char *key, long length);

// State: locks.
void FAASM_IMPORT(__faasm_lock_state_read)(const char *key);
void FAASM_IMPORT(__faasm_unlock_state_read)(const char *key);
void FAASM_IMPORT(__faasm_lock_state_write)(const char *key);
void FAASM_IMPORT(__faasm_unlock_state_write)(const char *key);

// Shared memory of threads: a call has one thread, so that these do nothing.
void FAASM_IMPORT(__faasm_sm_critical_local)(void);
void FAASM_IMPORT(__faasm_sm_critical_local_end)(void);
void FAASM_IMPORT(__faasm_sm_reduce)(void *variable, int type, int operation, int batch);
void FAASM_IMPORT(__faasm_sm_array)(void *start, int type, int count);
void FAASM_IMPORT(__faasm_sm_raw)(void *start, int size);
void FAASM_IMPORT(__faasm_sm_var)(void *variable, int type);

#ifdef __cplusplus
}
#endif

#endif
