"""Data in and out: JSON, CSV, base64, struct, hashes, dates, URLs."""

from __future__ import annotations

import base64
import csv
import datetime
import hashlib
import io
import json
import struct
import urllib.parse

ORDER = {
    "customer": {"name": "Zoë \"Z\" Ångström", "address": ["1 Long Street", None, "Café\n"], "vip": True},
    "lines": [{"sku": f"A-{n:04}", "price": n * 1.19, "count": n % 9, "note": "" if n % 3 else "ünïcode ✓"} for n in range(60)],
    "total": 12345.678,
    "paid": False,
    "big": 10**20,
}


def work():
    text = json.dumps(ORDER)
    assert json.loads(text) == ORDER
    assert json.loads(json.dumps(ORDER, ensure_ascii=False, indent=2, sort_keys=True)) == ORDER
    json.loads(json.dumps(ORDER, separators=(",", ":"), default=str).encode())
    json.loads("[" + "[1, 2.5e3, -7, \"a\\u00e9b\", true, null]," * 150 + "{}]")
    for broken in ('{"a": }', "[1, 2", '"open'):
        try:
            json.loads(broken)
        except json.JSONDecodeError as error:
            str(error)

    table = io.StringIO()
    writer = csv.DictWriter(table, ["sku", "price", "count", "note"])
    writer.writeheader()
    writer.writerows(ORDER["lines"])
    table.seek(0)
    assert sum(int(row["count"]) for row in csv.DictReader(table)) == sum(line["count"] for line in ORDER["lines"])

    data = text.encode()
    assert base64.b64decode(base64.b64encode(data)) == data
    hashlib.sha256(data).hexdigest(), hashlib.md5(data).digest(), data.hex()
    packed = b"".join(struct.pack("<IhdB", n, -n, n / 3, n % 256) for n in range(200))
    assert sum(fields[0] for fields in struct.iter_unpack("<IhdB", packed)) == 19900

    start = datetime.datetime(2024, 2, 28, 12, 30, tzinfo=datetime.UTC)
    for days in range(60):
        moment = start + datetime.timedelta(days=days, seconds=days * 1000)
        assert datetime.datetime.fromisoformat(moment.isoformat()) == moment
        moment.strftime("%Y-%m-%d %H:%M"), moment.weekday()
    query = urllib.parse.urlencode({"q": "a b&c", "page": 3, "tag": "ü"})
    urllib.parse.parse_qs(query), urllib.parse.urlsplit(f"https://example.org/path?{query}#part")
