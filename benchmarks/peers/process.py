"""Row 1 as a process for each request: arguments on standard input, the answer on standard output."""

import json
import sys


def main(args, context):
    return {"greeting": "Hello " + args["name"]}


json.dump(main(json.load(sys.stdin), {}), sys.stdout)
