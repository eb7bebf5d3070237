"""Server-sent events."""

from __future__ import annotations

import json
from typing import NamedTuple, Optional

from .exceptions import FaaspotException
from .types import LogLine


class Event(NamedTuple):
    """One event."""

    name: str
    data: str


class EventParser:
    """Puts events together from the lines of a stream."""

    def __init__(self) -> None:
        self._name = ""
        self._data: list[str] = []

    def feed(self, line: str) -> Optional[Event]:
        """Takes a line without its end; returns the event that it completes."""
        if line:
            field, _, value = line.partition(":")
            value = value[1:] if value.startswith(" ") else value
            if field == "event":
                self._name = value
            elif field == "data":
                self._data.append(value)
            return None
        event = Event(self._name or "message", "\n".join(self._data)) if self._data else None
        self._name, self._data = "", []
        return event


class LogEvents:
    """The events of a followed log."""

    def __init__(self) -> None:
        self._parser = EventParser()
        #: Whether the execution has ended.
        self.has_ended = False

    def feed(self, line: str) -> Optional[LogLine]:
        """Takes a line of the stream; returns the piece of the log that it completes."""
        event = self._parser.feed(line)
        if event is None:
            return None
        if event.name == "end":
            self.has_ended = True
        if event.name != "log":
            return None
        try:
            found: LogLine = json.loads(event.data)
        except ValueError as error:
            raise FaaspotException(f"The log holds what is no JSON: {event.data}") from error
        return found

    def check(self) -> None:
        """Call it when the stream is over: a log whose end never came was cut off."""
        if not self.has_ended:
            raise FaaspotException("The server closed the log before the execution had ended.")
