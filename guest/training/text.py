"""Strings and bytes: methods, formatting, building, encoding, slicing."""

from __future__ import annotations

import string
import textwrap

STORY = (
    "It was the last day of the fair, and the tents along the river stood half empty. "
    "Nobody minded the rain; everyone minded the mud. Ça alors, “enfin” — naïve fiancées & 東京 🙂. "
) * 12


def caesar(text, shift):
    result = []
    for character in text:
        if "a" <= character <= "z":
            result.append(chr((ord(character) - 97 + shift) % 26 + 97))
        elif "A" <= character <= "Z":
            result.append(chr((ord(character) - 65 + shift) % 26 + 65))
        else:
            result.append(character)
    return "".join(result)


def distance(first, second):
    previous = list(range(len(second) + 1))
    for row, left in enumerate(first, 1):
        current = [row]
        for column, right in enumerate(second, 1):
            current.append(min(current[-1] + 1, previous[column] + 1, previous[column - 1] + (left != right)))
        previous = current
    return previous[-1]


def run_lengths(text):
    encoded, index = "", 0
    while index < len(text):
        end = index
        while end < len(text) and text[end] == text[index]:
            end += 1
        encoded += f"{end - index}{text[index]}"
        index = end
    return encoded


def work():
    assert caesar(caesar(STORY[:800], 3), -3) == STORY[:800]
    assert distance("the kitten sat on it", "a sitting mitten") == 13
    run_lengths("aaabccdddd" * 30)
    words = STORY.lower().translate(str.maketrans("", "", string.punctuation)).split()
    for word in words:
        word.startswith("th"), word.endswith("e"), word.find("a"), word.replace("e", "é"), word.strip("s"), "ai" in word
        word.title(), word.upper(), word[::-1], word[1:-1], word + "!", word * 2, hash(word), word == "fair", word < "m"
        word.isalpha(), word.isdigit(), word.count("t"), word.partition("i"), word.rjust(12), word.encode()
    percent = "%s is %d, %5.2f"
    for number in range(250):
        f"{number:>8} {number / 7:.3f} {number:#x} {words[number % 40]!r:<12} {number:,}"
        percent % ("n", number, number / 3), "{} of {:04d} {name}".format(1, number, name="x")
        str(number), repr(number / 9), int(str(number)), float(f"{number}.25"), chr(number + 32), ascii("é")
    " ".join(words), "-".join(str(n) for n in range(300)), STORY.splitlines(), STORY.split(", ")
    assert STORY.encode().decode() == STORY
    STORY.encode("utf-16"), STORY[:40].encode("latin-1", "replace"), STORY.casefold(), textwrap.fill(STORY[:400], 60)
    buffer = bytearray()
    for number in range(800):
        buffer.append(number & 255)
        buffer += b"xy"
    bytes(buffer).replace(b"xy", b"z").split(b"\x00"), buffer.find(b"xy"), memoryview(buffer)[10:20].tobytes()
