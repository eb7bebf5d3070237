"""Row 1: a greeting, made of a JSON argument."""


def main(args, context):
    return {"greeting": "Hello " + args["name"]}
