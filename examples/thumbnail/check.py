"""The answer of `thumbnail`: a smaller JPEG in the same proportions."""

import base64


def check(arguments, answer):
    data = base64.b64decode(answer["image"], validate=True)
    assert data.startswith(b"\xff\xd8") and data.endswith(b"\xff\xd9"), "the answer is no JPEG"
    assert (answer["width"], answer["height"]) == (32, 24), f"size {answer['width']}x{answer['height']}"
    assert len(data) < len(base64.b64decode(arguments["image"])), "the thumbnail is larger than the picture"
