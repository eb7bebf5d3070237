// The one import of python.wasm: every request of the guest to its host goes through it.
// The numbers and the reply layout are the contract with Sources/Sandbox/HostCall.swift.
#ifndef SWIFTLET_HOSTCALL_H
#define SWIFTLET_HOSTCALL_H

#include <stdint.h>

// Handles one request. The reply's length is in the low 32 bits of the result, its status in the high 32 bits
// (0: the reply is the answer; 1: it is an error message in UTF-8). A reply longer than `capacity` is kept by the
// host, none of it is written, and the next call must fetch it with SWIFTLET_OP_FETCH.
__attribute__((import_module("swiftlet"), import_name("call")))
int64_t swiftlet_host_call(int32_t op, const void *request, int32_t length, void *reply, int32_t capacity);

enum { SWIFTLET_OP_FETCH = 0 };

#endif
