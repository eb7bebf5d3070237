"""Matrices in parts, in files or elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Union

from ._numpy import Matrix, np, of_bytes, to_bytes
from .config import MatrixConf

__all__ = ["do_reconstruct_matrix", "do_subdivide_matrix", "reconstruct_matrix_from_files", "subdivide_matrix_into_files"]

Folder = Union[str, Path]


def do_subdivide_matrix(conf: MatrixConf, mat: Matrix, write_func: Callable[[bytes, int, int], object]) -> None:
    """Hands every part at the last level to `write_func(content, row, col)`."""
    size = conf.get_submatrix_size(conf.n_splits)
    for row in range(conf.get_submatrices_per_row(conf.n_splits)):
        for col in range(conf.get_submatrices_per_row(conf.n_splits)):
            write_func(to_bytes(mat[row * size : (row + 1) * size, col * size : (col + 1) * size]), row, col)


def do_reconstruct_matrix(conf: MatrixConf, read_func: Callable[[int, int], bytes]) -> Matrix:
    """The matrix of the parts that `read_func(row, col)` gives."""
    count, size = conf.get_submatrices_per_row(conf.n_splits), conf.get_submatrix_size(conf.n_splits)
    return np.block([[of_bytes(read_func(row, col), size) for col in range(count)] for row in range(count)])


def subdivide_matrix_into_files(conf: MatrixConf, mat: Matrix, dir: Folder, prefix: str) -> None:
    """Writes every part to a file of its own, named by its key."""
    folder = Path(dir)
    folder.mkdir(parents=True, exist_ok=True)
    do_subdivide_matrix(conf, mat, lambda content, row, col: _file(conf, folder, prefix, row, col).write_bytes(content))


def reconstruct_matrix_from_files(conf: MatrixConf, dir: Folder, prefix: str) -> Matrix:
    """The matrix whose parts are in files."""
    return do_reconstruct_matrix(conf, lambda row, col: _file(conf, Path(dir), prefix, row, col).read_bytes())


def _file(conf: MatrixConf, folder: Path, prefix: str, row: int, col: int) -> Path:
    return folder / conf.get_submatrix_key(prefix, conf.n_splits, row, col)
