"""The flask template: a dict becomes JSON, and a status and headers may follow it."""

import json

from .words import fitting


def handle(req):
    try:
        order = json.loads(req)
        text, width = order["text"], order.get("width", 20)
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"error": 'send JSON such as {"text": "…", "width": 20}'}, 400
    short = fitting(text, width)
    return {"text": short}, 200, {"X-Characters-Left-Out": str(len(text) - len(short))}
