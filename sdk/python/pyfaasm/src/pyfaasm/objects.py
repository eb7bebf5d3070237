"""Objects in state."""


class Dictionary:
    """A dictionary that was never given a body."""
