"""The lines of the result, as a table for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from lib.load import Cost


@dataclass
class Line:
    """One line of the table. Latency and CPU in microseconds, memory in MiB; None where it does not apply."""

    row: str
    what: str
    throughput: float | None = None
    p50: float | None = None
    p99: float | None = None
    cpu: float | None = None
    memory: float | None = None
    target: str = ""
    """What was aimed at, in words."""
    reached: bool | None = None
    note: str = ""

    @staticmethod
    def of(row: str, what: str, cost: Cost, **others: object) -> Line:
        return Line(row, what, cost.throughput, cost.p50, cost.p99, cost.cpu, **others)

    def json(self) -> dict[str, object]:
        return asdict(self)


def microseconds(value: float | None) -> str:
    if value is None:
        return ""
    if value >= 1e6:
        return f"{value / 1e6:.2f} s"
    return f"{value / 1e3:.1f} ms" if value >= 1e4 else f"{value:.0f} µs"


def number(value: float | None, unit: str = "") -> str:
    if value is None:
        return ""
    return (f"{value:,.0f}" if value >= 100 else f"{value:.1f}") + unit


def table(lines: list[Line]) -> str:
    """The lines in columns."""
    head = ["row", "what", "per second", "p50", "p99", "CPU/request", "memory", "target", "", "note"]
    rows = [head]
    for line in lines:
        verdict = {True: "reached", False: "MISSED", None: ""}[line.reached]
        rows.append([
            line.row, line.what, number(line.throughput), microseconds(line.p50), microseconds(line.p99), microseconds(line.cpu),
            number(line.memory, " MiB"), line.target, verdict, line.note,
        ])  # fmt: skip
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    right = range(2, 7)

    def text(row: list[str]) -> str:
        cells = (cell.rjust(width) if column in right else cell.ljust(width)
                 for column, (cell, width) in enumerate(zip(row, widths, strict=True)))  # fmt: skip
        return "  ".join(cells).rstrip()

    rule = "  ".join("-" * width for width in widths)
    return "\n".join([text(head), rule, *(text(row) for row in rows[1:])])
