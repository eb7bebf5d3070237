// The exports of python.wasm. A host calls `_initialize`, then `swiftlet_boot` once; the memory after that is the base
// image. From a copy of it, `swiftlet_prepare` imports a user's module; the memory after that is the function's image.
// From a copy of that one, `swiftlet_call` handles one call, after which the host throws the memory away.
#define Py_BUILD_CORE 1
#include <Python.h>
#include <signal.h>
#include "internal/pycore_ceval.h"
#include "internal/pycore_pystate.h"
#include "internal/pycore_runtime.h"

#define EXPORT(name) __attribute__((export_name(name)))

PyMODINIT_FUNC PyInit__swiftlet(void);
void swiftlet_register_recipes(void);

// Counts the lives of an image; see steps/random_lives.py.
extern uint32_t swiftlet_life;

static PyObject *prepare_function;
static PyObject *call_function;
static PyObject *escaped_function;

// Where the host writes, from another thread, to make Python raise TimeoutError at its next check for signals.
static struct {
    uint32_t eval_breaker;
    uint32_t eval_breaker_bit;
    uint32_t signal_tripped;
    uint32_t any_tripped;
} interrupt_cells;

static void
note_interrupt_cells(void)
{
    interrupt_cells.eval_breaker = (uint32_t)(uintptr_t)&_PyThreadState_GET()->eval_breaker;
    interrupt_cells.eval_breaker_bit = _PY_SIGNALS_PENDING_BIT;
    interrupt_cells.signal_tripped = (uint32_t)(uintptr_t)&_PyRuntime.signals.handlers[SIGALRM].tripped;
    interrupt_cells.any_tripped = (uint32_t)(uintptr_t)&_PyRuntime.signals.is_tripped;
}

static PyStatus
start_python(void)
{
    PyPreConfig preconfig;
    PyPreConfig_InitIsolatedConfig(&preconfig);
    preconfig.utf8_mode = 1;
    PyStatus status = Py_PreInitialize(&preconfig);
    if (PyStatus_Exception(status)) {
        return status;
    }
    PyConfig config;
    PyConfig_InitIsolatedConfig(&config);
    config.install_signal_handlers = 0;
    config.write_bytecode = 0;
    config.site_import = 0;
    config.module_search_paths_set = 1;
    const struct { wchar_t **field; const wchar_t *value; } strings[] = {
        {&config.program_name, L"python3"},     {&config.executable, L"/bin/python3"},
        {&config.home, L"/"},                   {&config.prefix, L"/"},
        {&config.exec_prefix, L"/"},            {&config.base_prefix, L"/"},
        {&config.base_exec_prefix, L"/"},       {&config.stdlib_dir, L"/lib/python3.13"},
        {&config.check_hash_pycs_mode, L"never"},
    };
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
        status = PyConfig_SetString(&config, strings[i].field, strings[i].value);
        if (PyStatus_Exception(status)) {
            goto done;
        }
    }
    const wchar_t *paths[] = {L"/lib/python3.13", L"/lib/python3.13/site-packages"};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        status = PyWideStringList_Append(&config.module_search_paths, paths[i]);
        if (PyStatus_Exception(status)) {
            goto done;
        }
    }
    status = Py_InitializeFromConfig(&config);
done:
    PyConfig_Clear(&config);
    return status;
}

static int32_t
run(PyObject *function)
{
    PyObject *result = PyObject_CallNoArgs(function);
    if (result == NULL) {
        // The alarm may strike before the function's own care begins.
        PyObject *error = PyErr_GetRaisedException();
        result = PyObject_CallOneArg(escaped_function, error);
        Py_XDECREF(error);
    }
    if (result == NULL) {
        PyErr_Print();
        return 1;
    }
    Py_DECREF(result);
    return 0;
}

EXPORT("swiftlet_boot") int32_t
swiftlet_boot(void)
{
    if (PyImport_AppendInittab("_swiftlet", PyInit__swiftlet) < 0) {
        return 1;
    }
    swiftlet_register_recipes();
    PyStatus status = start_python();
    if (PyStatus_Exception(status)) {
        fprintf(stderr, "python did not start: %s: %s\n", status.func ? status.func : "?",
                status.err_msg ? status.err_msg : "?");
        return 2;
    }
    PyObject *runtime = PyImport_ImportModule("swiftlet_runtime");
    if (runtime != NULL) {
        prepare_function = PyObject_GetAttrString(runtime, "prepare");
        call_function = PyObject_GetAttrString(runtime, "call");
        escaped_function = PyObject_GetAttrString(runtime, "escaped");
    }
    if (prepare_function == NULL || call_function == NULL || escaped_function == NULL) {
        PyErr_Print();
        return 3;
    }
    note_interrupt_cells();
    return 0;
}

// Returns the address of four 32-bit words: eval breaker, its bit, the alarm signal's flag, the any-signal flag.
EXPORT("swiftlet_interrupt_cells") int32_t
swiftlet_interrupt_cells(void)
{
    return (int32_t)(uintptr_t)&interrupt_cells;
}

EXPORT("swiftlet_prepare") int32_t
swiftlet_prepare(void)
{
    swiftlet_life++;
    return run(prepare_function);
}

EXPORT("swiftlet_call") int32_t
swiftlet_call(void)
{
    swiftlet_life++;
    return run(call_function);
}
