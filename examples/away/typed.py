"""Checked results, time limits, retries, and a function that runs here when the server cannot."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit

from away import FaasConnection, Retries, builder
from away.exceptions import ResultTypeError

gateway = urlsplit(os.environ.get("SWIFTLET_GATEWAY", "http://localhost:8080"))
faas = FaasConnection(gateway.hostname, gateway.port, password=os.environ.get("SWIFTLET_PASSWORD", "1234"))


@dataclass
class Summary:
    count: int
    mean: float


# The server knows nothing of Summary: a dict is returned there and becomes one here.
@builder.publish(faas, typed=True, timeout=30, retries=Retries(5, backoff=0.1))
def summarize(numbers) -> Summary:
    return {"count": len(numbers), "mean": sum(numbers) / len(numbers)}


summary = summarize([1, 2, 6])
print(summary)
assert summary == Summary(3, 3.0)

try:
    summarize.with_options(returns=list[int])([1])
except ResultTypeError as error:
    print(error)
else:
    raise AssertionError("a dict is no list")
faas.remove_fn("summarize")

nowhere = FaasConnection("127.0.0.1", 9, user=None, ensure_available=False)


@builder.faas_function_with_protocol(nowhere, fallback=True)
def double(n):
    return 2 * n


assert double(21) == 42
