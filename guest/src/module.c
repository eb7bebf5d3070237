// `_swiftlet`: the C extension through which all guest Python reaches the host.
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "hostcall.h"
#include "immortal.h"

// Replies up to this size need one crossing; larger ones are fetched with a second.
enum { INLINE_REPLY_BYTES = 16384 };

static char inline_reply[INLINE_REPLY_BYTES];
static PyObject *host_error;

static PyObject *
call(PyObject *module, PyObject *const *args, Py_ssize_t nargs)
{
    (void)module;
    if (nargs < 1 || nargs > 2) {
        PyErr_SetString(PyExc_TypeError, "call(op, request=b'') takes one or two arguments");
        return NULL;
    }
    long op = PyLong_AsLong(args[0]);
    if (op == -1 && PyErr_Occurred()) {
        return NULL;
    }
    Py_buffer request = {0};
    if (nargs == 2 && PyObject_GetBuffer(args[1], &request, PyBUF_SIMPLE) < 0) {
        return NULL;
    }
    if (request.len > INT32_MAX) {
        PyBuffer_Release(&request);
        PyErr_SetString(PyExc_ValueError, "a request to the host is limited to 2 GiB");
        return NULL;
    }
    int64_t result = swiftlet_host_call((int32_t)op, request.buf, (int32_t)request.len, inline_reply, INLINE_REPLY_BYTES);
    if (nargs == 2) {
        PyBuffer_Release(&request);
    }
    uint32_t length = (uint32_t)result;
    int32_t status = (int32_t)(result >> 32);
    PyObject *reply;
    if (length <= INLINE_REPLY_BYTES) {
        reply = PyBytes_FromStringAndSize(inline_reply, length);
        if (reply == NULL) {
            return NULL;
        }
    }
    else {
        reply = PyBytes_FromStringAndSize(NULL, length);
        if (reply == NULL) {
            return NULL;
        }
        (void)swiftlet_host_call(SWIFTLET_OP_FETCH, NULL, 0, PyBytes_AS_STRING(reply), (int32_t)length);
    }
    if (status == 0) {
        return reply;
    }
    PyObject *message = PyUnicode_DecodeUTF8(PyBytes_AS_STRING(reply), PyBytes_GET_SIZE(reply), "replace");
    Py_DECREF(reply);
    if (message != NULL) {
        PyErr_SetObject(host_error, message);
        Py_DECREF(message);
    }
    return NULL;
}

static PyObject *
make_immortal(PyObject *module, PyObject *everything)
{
    (void)module;
    int which = PyObject_IsTrue(everything);
    if (which < 0) {
        return NULL;
    }
    swiftlet_make_immortal(which ? SWIFTLET_ALL : SWIFTLET_UNNOTICED);
    Py_RETURN_NONE;
}

static PyMethodDef methods[] = {
    {"call", (PyCFunction)(void (*)(void))call, METH_FASTCALL,
     "call(op, request=b'') -> bytes\n\nSends one request to the host and returns its reply; raises Error when the host refuses."},
    {"make_immortal", make_immortal, METH_O,
     "make_immortal(everything) -> None\n\nStops counting references to objects that exist: to all, or to those whose end nobody can notice."},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_swiftlet", "The sandbox's one way to its host.", -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__swiftlet(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module == NULL) {
        return NULL;
    }
    host_error = PyErr_NewExceptionWithDoc("_swiftlet.Error", "The host refused a request.", PyExc_OSError, NULL);
    if (host_error == NULL || PyModule_AddObjectRef(module, "Error", host_error) < 0) {
        Py_DECREF(module);
        return NULL;
    }
    return module;
}
