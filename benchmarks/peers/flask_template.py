"""The row `openfaas`: how OpenFaaS's `python3-flask` template serves a handler, one process that stays warm."""

import sys

from flask import Flask, request
from waitress import serve


def handle(req):
    return "Hello " + req


app = Flask(__name__)


@app.route("/", defaults={"path": ""}, methods=["GET", "POST"])
@app.route("/<path:path>", methods=["GET", "POST"])
def main_route(path):
    return handle(request.get_data(as_text=True))


if __name__ == "__main__":
    serve(app, host="127.0.0.1", port=int(sys.argv[1]))
