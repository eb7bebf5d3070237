"""Spots: list, get, add, remove, update, refresh, replace."""

from __future__ import annotations

from typing import Any, Optional, Union

from .._routes import Routes
from ..exceptions import FaaspotException
from ..types import Spot, SpotSummary, Workers
from . import waiting
from .steps import Operation, get, mapping, send, sequence, uuid


def list_spots(routes: Routes) -> Operation[list[SpotSummary]]:
    found: list[SpotSummary] = sequence((yield from get(routes.spots)).value)
    return found


def get_spot(routes: Routes, ip: str) -> Operation[Spot]:
    found: Spot = mapping((yield from get(routes.spot(ip))).value)
    return found


def add(
    routes: Routes,
    provider: Optional[str],
    availability_zone: Optional[str],
    wait: bool,
    timeout_ms: float,
    interval_ms: float,
) -> Operation[Any]:
    body: dict[str, Optional[str]] = {"region": None, "provider": provider}
    if availability_zone is not None:
        body = {"availability_zone": availability_zone}
    identifier = uuid((yield from send("PUT", routes.spots, body)))
    return (yield from _submitted(routes, identifier, "add", wait, timeout_ms, interval_ms))


def remove(routes: Routes, ip: Optional[str], wait: bool, timeout_ms: float, interval_ms: float) -> Operation[Any]:
    identifier = uuid((yield from send("DELETE", routes.spot(ip) if ip else routes.spots)))
    return (yield from _submitted(routes, identifier, "remove", wait, timeout_ms, interval_ms))


def update(routes: Routes, minimum: Union[int, str], maximum: Union[int, str]) -> Operation[Workers]:
    try:
        bounds = {"min_workers": int(minimum), "max_workers": int(maximum)}
    except (TypeError, ValueError):
        raise FaaspotException("`min` and `max` must be whole numbers.") from None
    if not 1 <= bounds["min_workers"] <= bounds["max_workers"]:
        raise FaaspotException("`min` must be at least 1, and `max` no less than `min`.")
    found: Workers = mapping((yield from send("PATCH", routes.spots, bounds, is_repeatable=True)))
    return found


def refresh_ip(routes: Routes, ip: Optional[str], wait: bool, timeout_ms: float, interval_ms: float) -> Operation[Any]:
    identifier = uuid((yield from send("PATCH", routes.spots, {"refresh_ip": ip or "all"})))
    return (yield from _submitted(routes, identifier, "refresh_ip", wait, timeout_ms, interval_ms))


def replace(routes: Routes, ip: str) -> Operation[str]:
    # A GET by the API's rules, and yet a change: it must not be sent twice.
    return uuid((yield from send("GET", routes.replace_spot(ip))))


def _submitted(
    routes: Routes, identifier: str, action: str, wait: bool, timeout_ms: float, interval_ms: float
) -> Operation[Any]:
    if wait:
        return (yield from waiting.outcome(routes, identifier, action, timeout_ms, interval_ms))
    return f"Execution id: {identifier}"
