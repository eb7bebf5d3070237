"""Runs one function here and on the server."""

import os
from urllib.parse import urlsplit

from away import FaasConnection, builder

gateway = urlsplit(os.environ.get("SWIFTLET_GATEWAY", "http://localhost:8080"))
faas = FaasConnection(gateway.hostname, gateway.port, password=os.environ.get("SWIFTLET_PASSWORD", "1234"))


def fibonacci(n):
    return n if n < 2 else fibonacci(n - 1) + fibonacci(n - 2)


fibonacci_in_faas = builder.mirror_in_faas(fibonacci, faas)
here, there = fibonacci(15), fibonacci_in_faas(15)
print(here, there)
assert here == there == 610
faas.remove_fn("fibonacci")
