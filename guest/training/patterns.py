"""Regular expressions: literals, classes, groups, alternatives, look-around, lazy repeats; find, split, substitute."""

from __future__ import annotations

import re

LOG = "\n".join(
    f'10.0.{n % 7}.{n % 251} - user{n % 13} [12/Mar/2024:10:{n % 60:02}:07] '
    f'"{"GET" if n % 3 else "POST"} /a/{n}?q=x%20y" {200 + n % 5} {n * 37}'
    for n in range(150)
)
PAGE = "<div class='x'><p>Some &amp; text, <b>bold</b> and <i>more</i>.</p><a href=\"/there?x=1\">There</a></div>\n" * 25
PROSE = "The quick brown fox jumps over 13 lazy dogs; Jack's foxes (all 27 of them) don't, héhé. " * 30

LINE = re.compile(r'^(?P<host>\S+) - (?P<user>\w+) \[([^\]]+)\] "(GET|POST|PUT) ([^ "]*)" (\d{3}) (\d+)$', re.MULTILINE)
TAG = re.compile(r"<(/?)([a-z]+)((?:\s+[a-z]+=(?:'[^']*'|\"[^\"]*\"))*)\s*>", re.IGNORECASE)
TOKEN = re.compile(r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*)|(?P<operator>[-+*/()=]))")
DATE = re.compile(r"(\d{1,2})/(\w{3})/(\d{4})")


def tokens(source):
    position = 0
    while position < len(source):
        match = TOKEN.match(source, position)
        if not match:
            break
        yield match.lastgroup, match[match.lastgroup]
        position = match.end()


def work():
    assert len(LINE.findall(LOG)) == 150
    sum(int(match.group(7)) for match in LINE.finditer(LOG) if match["user"] != "user3")
    DATE.sub(r"\3-\2-\1", LOG)
    re.sub(r"%([0-9A-F]{2})", lambda match: chr(int(match[1], 16)), LOG)
    assert len([match.group(2) for match in TAG.finditer(PAGE)]) == 250
    re.sub(r"<.*?>", "", PAGE), re.split(r"[,;.\s]+", PROSE), re.findall(r"\b[a-z]+'[a-z]+\b", PROSE)
    re.findall(r"(?i)fox(?=es)|(?<!lazy )dogs|j\w+?s", PROSE), re.findall(r"(\w)\1", PROSE), re.findall("[é-ü]+", PROSE)
    len(list(tokens("total = (price1 + 3.5) * count_2 / 7 - rest " * 20)))
    for address in ("a@b.org", "first.last@mail.example.com", "not an address", "@x") * 20:
        re.fullmatch(r"[\w.+-]+@[\w-]+(\.[\w-]+)+", address)
    re.match(rb"(\x00|[a-f])+", b"abc\x00def" * 40), re.search("needle", PROSE), re.escape("a.b*c")
    re.purge()
    re.compile(r"(a|b)*c{2,3}[^x-z\d]+(?P<rest>.*)$")
