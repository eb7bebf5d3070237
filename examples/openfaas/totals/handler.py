"""The http template: the request in `event`, the response as a dict."""

import math

OPERATIONS = {"/sum": sum, "/product": math.prod}


def handle(event, context):
    operation = OPERATIONS.get(event.path)
    if operation is None:
        return {"statusCode": 404, "body": f"there is no {event.path}; try {', '.join(OPERATIONS)}\n"}
    try:
        # `getlist`, as a name may be there several times; `get` gives its first value.
        total = operation(float(text) for text in event.query.getlist("n"))
    except ValueError as error:
        return {"statusCode": 400, "body": f"{error}\n"}
    return {"statusCode": 200, "body": {"total": total, "host": context.hostname}, "headers": {"Cache-Control": "no-store"}}
