// CPython counts references in the objects themselves, so even code that changes nothing writes to the pages of all that it
// uses: more than half of the pages that a small call wrote had the same bytes after it. CPython does not count for objects
// that it was told are immortal (PEP 683), and an image's pages stay as they are.
#define Py_BUILD_CORE 1
#include "immortal.h"
#include <Python.h>
#include "internal/pycore_gc.h"
#include "internal/pycore_object.h"

// Longer constants of a module may be there to be dropped.
static const Py_ssize_t most_bytes = 4096;

static int note(PyObject *object, void *which);

static bool
is_small(PyObject *object)
{
    if (PyUnicode_CheckExact(object)) {
        return PyUnicode_GET_LENGTH(object) <= most_bytes;
    }
    if (PyBytes_CheckExact(object)) {
        return PyBytes_GET_SIZE(object) <= most_bytes;
    }
    if (PyTuple_CheckExact(object)) {
        return PyTuple_GET_SIZE(object) <= most_bytes / (Py_ssize_t)sizeof(PyObject *);
    }
    return PyLong_CheckExact(object) || PyFloat_CheckExact(object);
}

static bool
ends_unnoticed(PyObject *object)
{
    return is_small(object) || PyCode_Check(object) || PyFunction_Check(object) || PyCFunction_CheckExact(object) ||
           PyType_Check(object) || PyModule_CheckExact(object) || PyCell_Check(object) || Py_IS_TYPE(object, &PyProperty_Type) ||
           Py_IS_TYPE(object, &PyStaticMethod_Type) || Py_IS_TYPE(object, &PyClassMethod_Type) ||
           Py_IS_TYPE(object, &PyMethodDescr_Type) || Py_IS_TYPE(object, &PyClassMethodDescr_Type) ||
           Py_IS_TYPE(object, &PyGetSetDescr_Type) || Py_IS_TYPE(object, &PyMemberDescr_Type) ||
           Py_IS_TYPE(object, &PyWrapperDescr_Type);
}

static void
note_code(PyCodeObject *code, void *which)
{
    note(code->co_consts, which);
    note(code->co_names, which);
    note(code->co_localsplusnames, which);
    note(code->co_localspluskinds, which);
    note(code->co_filename, which);
    note(code->co_name, which);
    note(code->co_qualname, which);
    note(code->co_linetable, which);
    note(code->co_exceptiontable, which);
}

static void
make_immortal(PyObject *object, void *which)
{
    if (!_Py_IsImmortal(object) && (*(enum immortals *)which == SWIFTLET_ALL || ends_unnoticed(object))) {
        _Py_SetImmortalUntracked(object);
    }
}

// What the collector knows comes by itself; what only others refer to is found through them.
static int
note(PyObject *object, void *which)
{
    if (object == NULL || _Py_IsImmortal(object) || (PyObject_IS_GC(object) && _PyObject_GC_IS_TRACKED(object))) {
        return 0;
    }
    make_immortal(object, which);
    if (PyCode_Check(object)) {
        note_code((PyCodeObject *)object, which);
    }
    else if (_Py_IsImmortal(object) && Py_TYPE(object)->tp_traverse != NULL) {
        // Only what is immortal by now: it is not walked twice, and a circle ends.
        Py_TYPE(object)->tp_traverse(object, note, which);
    }
    return 0;
}

static int
note_tracked(PyObject *object, void *which)
{
    make_immortal(object, which);
    Py_TYPE(object)->tp_traverse(object, note, which);
    return 1;
}

void
swiftlet_make_immortal(enum immortals which)
{
    PyUnstable_GC_VisitObjects(note_tracked, &which);
}
