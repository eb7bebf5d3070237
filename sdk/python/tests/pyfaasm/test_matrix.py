"""The matrix example, where there is numpy; and what is said where there is none."""

import sys
from importlib import import_module

import pytest

PROGRAM = """
import numpy
from pyfaasm.core import read_state
from pyfaasm.matrix import *

def faasm_main():
    write_matrix_params_to_state(16, SPLITS)
    conf = load_matrix_conf_from_state()
    first, second = random_matrix(16), random_matrix(16)
    subdivide_matrix_into_state(conf, first, "mat_a")
    subdivide_matrix_into_state(conf, second, "mat_b")
    assert numpy.array_equal(reconstruct_matrix_from_submatrices(conf, "mat_a"), first)
    divide_and_conquer()
    result = numpy.frombuffer(read_state("result_matrix"), dtype=numpy.float32).reshape(16, 16)
    assert numpy.allclose(result, first @ second)
    from pyfaasm import _calls
    print(len(_calls.current().app._calls))
"""


@pytest.mark.parametrize("splits, calls", [(0, 0), (1, 8), (2, 72)])
def test_a_product_of_parts_is_the_product(run, splits, calls):
    pytest.importorskip("numpy")
    done = run(PROGRAM.replace("SPLITS", str(splits)))
    assert (done.returncode, done.stdout.split()) == (0, [str(calls).encode()]), done.stderr.decode()


def test_parts_in_files(tmp_path):
    numpy = pytest.importorskip("numpy")
    from pyfaasm.config import MatrixConf
    from pyfaasm.matrix_data import reconstruct_matrix_from_files, subdivide_matrix_into_files
    matrix = numpy.arange(64, dtype=numpy.float32).reshape(8, 8)
    subdivide_matrix_into_files(MatrixConf(8, 2), matrix, tmp_path, "part")
    assert len(list(tmp_path.iterdir())) == 16
    assert numpy.array_equal(reconstruct_matrix_from_files(MatrixConf(8, 2), tmp_path, "part"), matrix)


@pytest.mark.parametrize("module", ["matrix", "matrix_data"])
def test_without_numpy_it_is_named(monkeypatch, module):
    monkeypatch.setitem(sys.modules, "numpy", None)
    for name in ("_numpy", "matrix_data", "matrix"):
        monkeypatch.delitem(sys.modules, f"pyfaasm.{name}", raising=False)
    with pytest.raises(ImportError, match="needs numpy"):
        import_module(f"pyfaasm.{module}")
