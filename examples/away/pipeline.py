"""Functions that call each other on the server: only the first call comes from here."""

import os
from urllib.parse import urlsplit

from away import FaasConnection, builder

gateway = urlsplit(os.environ.get("SWIFTLET_GATEWAY", "http://localhost:8080"))
faas = FaasConnection(gateway.hostname, gateway.port, password=os.environ.get("SWIFTLET_PASSWORD", "1234"))


@builder.publish(faas)
def tokenize(text):
    return text.split()


@builder.publish(faas)
def longest(words):
    return max(words, key=len)


@builder.publish(faas)
def longest_word(text):
    return longest(tokenize(text))


result = longest_word("sandboxes start in a millisecond")
print(result)
assert result == "millisecond"
for name in ("tokenize", "longest", "longest_word"):
    faas.remove_fn(name)
