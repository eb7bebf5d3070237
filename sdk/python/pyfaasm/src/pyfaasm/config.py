"""Constants and keys of the matrix example."""

from __future__ import annotations

NP_ELEMENT_SIZE = 4
SUBMATRICES_KEY_A = "mat_a"
SUBMATRICES_KEY_B = "mat_b"
INTERMEDIATE_RESULT_PREFIX = "intermediate"
RESULT_MATRIX_KEY = "result_matrix"
MATRIX_CONF_STATE_KEY = "matrix_state"


class MatrixConf:
    """A square matrix, and how often it is split in four."""

    def __init__(self, matrix_size: int, n_splits: int) -> None:
        self.matrix_size = matrix_size
        self.n_splits = n_splits
        self.bytes_per_matrix = matrix_size * matrix_size * NP_ELEMENT_SIZE

    def get_submatrices_per_row(self, level: int) -> int:
        """How many parts a row has at a level."""
        return int(2**level)

    def get_submatrix_size(self, level: int) -> int:
        """How many rows, and columns, a part has at a level."""
        return self.matrix_size // self.get_submatrices_per_row(level)

    def get_bytes_per_submatrix(self, level: int) -> int:
        """How many bytes a part has at a level."""
        size = self.get_submatrix_size(level)
        return size * size * NP_ELEMENT_SIZE

    def get_intermediate_result_key(self, level: int, row_a: int, col_a: int, row_b: int, col_b: int) -> str:
        """The key of a product of two parts."""
        return f"{INTERMEDIATE_RESULT_PREFIX}_{level}_{row_a}_{col_a}_{row_b}_{col_b}"

    def get_submatrix_key(self, prefix: str, level: int, row: int, col: int) -> str:
        """The key of a part."""
        return f"{prefix}_{level}_{row}_{col}"
