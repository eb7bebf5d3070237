"""Counts the words of a text and reports the most frequent ones."""

import re
from collections import Counter


def main(args, context):
    words = re.findall(r"[\w']+", args["text"].lower())
    counts = Counter(words)
    ranking = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {
        "words": len(words),
        "different": len(counts),
        "top": [{"word": word, "count": count} for word, count in ranking[: int(args.get("top", 3))]],
    }
