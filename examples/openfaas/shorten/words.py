"""A module beside the handler."""


def fitting(text, width):
    """As many of the first words as fit."""
    kept = []
    for word in text.split():
        if len(" ".join([*kept, word])) > width:
            break
        kept.append(word)
    return " ".join(kept)
