"""The average of numbers that nobody else may see: the table is its owner's, the answer is for everybody who may call.

Its gate's privilege is the owner's, so the answer sheds the label that reading the table gave it. Who calls learns the average of
at least five rows, and nothing else.
"""

import csv
import io


def handle(event, cloudcall):
    wanted = event["input"]
    with cloudcall.fs_openblob(wanted["table"]) as table:
        rows = csv.DictReader(io.TextIOWrapper(table, "utf-8", newline=""))
        values = [float(row[wanted["column"]]) for row in rows]
    if len(values) < 5:
        return {"error": "too few rows"}
    return {"rows": len(values), "average": round(sum(values) / len(values), 2)}
