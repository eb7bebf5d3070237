"""Publishes a function with all that it uses, and calls it."""

import os
import re
from urllib.parse import urlsplit

from away import FaasConnection, builder

gateway = urlsplit(os.environ.get("SWIFTLET_GATEWAY", "http://localhost:8080"))
faas = FaasConnection(gateway.hostname, gateway.port, password=os.environ.get("SWIFTLET_PASSWORD", "1234"))

STOP_WORDS = {"a", "is", "the"}


def words(text):
    return [word for word in re.findall(r"\w+", text.lower()) if word not in STOP_WORDS]


# Warns that STOP_WORDS, words and re go along.
@builder.publish(faas, annotations={"team": "examples"})
def count_words(text):
    counts = {}
    for word in words(text):
        counts[word] = counts.get(word, 0) + 1
    return counts


result = count_words("A rose is a rose")
print(result)
assert result == {"rose": 2}
assert faas.is_away_protocol("count-words")
faas.remove_fn("count_words")
