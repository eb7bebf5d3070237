"""Multiplication of matrices that are split in four, level by level, with a call for each product of parts.

A file that uses it imports `distributed_divide_and_conquer`, which is chained by that name.
"""

from __future__ import annotations

import struct

from . import core
from ._numpy import Matrix, np, of_bytes, to_bytes
from .config import MATRIX_CONF_STATE_KEY, RESULT_MATRIX_KEY, SUBMATRICES_KEY_A, SUBMATRICES_KEY_B, MatrixConf
from .matrix_data import do_reconstruct_matrix, do_subdivide_matrix

__all__ = [
    "chain_multiplications", "distributed_divide_and_conquer", "divide_and_conquer", "get_addition_result",
    "load_matrix_conf_from_state", "random_matrix", "read_input_submatrix", "reconstruct_matrix_from_submatrices",
    "subdivide_matrix_into_state", "write_matrix_params_to_state",
]

_CONF = struct.Struct("=2i")
#: Level, row and column in the first matrix, row and column in the second one.
_WORK = struct.Struct("=5i")

Product = tuple[int, int, int, int]


def write_matrix_params_to_state(matrix_size: int, n_splits: int) -> None:
    """Says how big the matrices are, and how often they are split."""
    core.write_state(MATRIX_CONF_STATE_KEY, _CONF.pack(matrix_size, n_splits))
    core.push_state(MATRIX_CONF_STATE_KEY)


def load_matrix_conf_from_state() -> MatrixConf:
    """How big the matrices are, and how often they are split."""
    return MatrixConf(*_CONF.unpack(core.read_state(MATRIX_CONF_STATE_KEY, _CONF.size)))


def random_matrix(size: int) -> Matrix:
    """A matrix of numbers from 0 to 1."""
    return np.random.rand(size, size).astype(np.float32)


def subdivide_matrix_into_state(conf: MatrixConf, mat: Matrix, prefix: str) -> None:
    """Writes every part at the last level to state."""
    do_subdivide_matrix(conf, mat, lambda content, row, col: core.write_state(_key(conf, prefix, row, col), content))


def read_input_submatrix(conf: MatrixConf, prefix: str, row: int, col: int) -> Matrix:
    """A part at the last level."""
    return of_bytes(_read(conf, prefix, row, col), conf.get_submatrix_size(conf.n_splits))


def reconstruct_matrix_from_submatrices(conf: MatrixConf, prefix: str) -> Matrix:
    """The matrix whose parts are in state."""
    return do_reconstruct_matrix(conf, lambda row, col: _read(conf, prefix, row, col))


def divide_and_conquer() -> None:
    """Multiplies `mat_a` and `mat_b`, whose parts are in state, and writes `result_matrix`."""
    conf = load_matrix_conf_from_state()
    core.write_state(RESULT_MATRIX_KEY, to_bytes(_product(conf, 0, 0, 0, 0, 0)))


def distributed_divide_and_conquer(input_bytes: bytes) -> None:
    """A worker: writes the product of two parts under the key of that intermediate result."""
    conf = load_matrix_conf_from_state()
    work = _WORK.unpack(input_bytes)
    core.write_state(conf.get_intermediate_result_key(*work), to_bytes(_product(conf, *work)))


def chain_multiplications(conf: MatrixConf, level: int, row_a: int, col_a: int, row_b: int, col_b: int) -> Matrix:
    """The product of two parts at `level`, out of the eight products of their quarters, each a call."""
    below = level + 1
    # Quarter (r, c) of the product is A(r, 0)·B(0, c) + A(r, 1)·B(1, c).
    pairs = [[[(2 * row_a + r, 2 * col_a + k, 2 * row_b + k, 2 * col_b + c) for k in (0, 1)] for c in (0, 1)] for r in (0, 1)]
    calls = [
        core.chain(distributed_divide_and_conquer, _WORK.pack(below, *product)) for row in pairs for pair in row for product in pair]
    for call in calls:
        code = core.await_call(call)
        if code != 0:
            raise RuntimeError(f"The worker of call {call} ended with code {code}.")
    return np.block([[get_addition_result(conf, below, pair) for pair in row] for row in pairs])


def get_addition_result(conf: MatrixConf, level: int, addition_def: list[Product]) -> Matrix:
    """The sum of the intermediate results of a level."""
    size = conf.get_submatrix_size(level)
    return sum(of_bytes(core.read_state(conf.get_intermediate_result_key(level, *product)), size) for product in addition_def)


def _product(conf: MatrixConf, level: int, row_a: int, col_a: int, row_b: int, col_b: int) -> Matrix:
    if level < conf.n_splits:
        return chain_multiplications(conf, level, row_a, col_a, row_b, col_b)
    first = read_input_submatrix(conf, SUBMATRICES_KEY_A, row_a, col_a)
    return first @ read_input_submatrix(conf, SUBMATRICES_KEY_B, row_b, col_b)


def _key(conf: MatrixConf, prefix: str, row: int, col: int) -> str:
    return conf.get_submatrix_key(prefix, conf.n_splits, row, col)


def _read(conf: MatrixConf, prefix: str, row: int, col: int) -> bytes:
    return core.read_state(_key(conf, prefix, row, col))
