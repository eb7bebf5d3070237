"""The commands as classes."""
