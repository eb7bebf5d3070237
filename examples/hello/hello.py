"""Greets whom the arguments name."""


def main(args, context):
    return {"greeting": f"Hello {args.get('name', 'world')}"}
