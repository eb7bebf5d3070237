"""numpy, which this package does not bring along."""

from __future__ import annotations

from typing import Any

try:
    import numpy
except ImportError as error:
    raise ImportError("This module needs numpy, which is not installed here.", name="numpy") from error

np: Any = numpy
#: A square matrix of float32.
Matrix = Any


def to_bytes(matrix: Matrix) -> bytes:
    """The elements row by row."""
    content: bytes = np.ascontiguousarray(matrix, dtype=np.float32).tobytes()
    return content


def of_bytes(content: bytes, size: int) -> Matrix:
    """The matrix of `size` rows whose elements these are."""
    return np.frombuffer(content, dtype=np.float32).reshape(size, size)
