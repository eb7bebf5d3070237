"""The matrix example, which this package does not have."""

raise ImportError("pyfaasm.matrix_data needs numpy, which is not built in.")
