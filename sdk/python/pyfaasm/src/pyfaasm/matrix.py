"""The matrix example, which this package does not have."""

raise ImportError("pyfaasm.matrix needs numpy, which is not built in.")
