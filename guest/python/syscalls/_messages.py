"""Principals, components and labels as plain objects. They compare, hash and print by what they mean."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

_ESCAPED = frozenset(",|&/\\:<>")

# A principal is a tuple of tokens here, a clause one of principals, a component one of clauses, or None for false.
_Principal = tuple[str, ...]
_Clause = tuple[_Principal, ...]


class _Message:
    """An object whose meaning is its canonical form."""

    __slots__ = ()

    def _canonical(self) -> Any:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return isinstance(other, type(self)) and self._canonical() == other._canonical()

    def __hash__(self) -> int:
        return hash(self._canonical())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self)!r})"


class Void(_Message):
    """Nothing: what `DCFalse` holds where it is set."""

    __slots__ = ()

    def _canonical(self) -> Any:
        return ()

    def __str__(self) -> str:
        return ""


class TokenList(_Message):
    """A principal: `alice`, or what she delegated to, as tokens `["alice", "app"]`."""

    __slots__ = ("tokens",)

    def __init__(self, tokens: Iterable[str] = ()) -> None:
        self.tokens: list[str] = _listed(tokens, "tokens")

    def _canonical(self) -> _Principal:
        return tuple(self.tokens)

    def __str__(self) -> str:
        return _principal_text(self._canonical())


class Clause(_Message):
    """Principals of whom one suffices."""

    __slots__ = ("principals",)

    def __init__(self, principals: Iterable[TokenList] = ()) -> None:
        self.principals: list[TokenList] = _listed(principals, "principals")

    def _canonical(self) -> _Clause:
        ordered = sorted({principal._canonical() for principal in self.principals})
        # All that a principal delegated to directly follow it.
        follow = [*ordered[1:], None]
        return tuple(p for p, after in zip(ordered, follow, strict=True) if after is None or after[: len(p)] != p)

    def __str__(self) -> str:
        return _clause_text(self._canonical())


class ClauseList(list[Clause]):
    """Clauses; `clauses` is the list itself."""

    def __init__(self, clauses: Iterable[Clause] = ()) -> None:
        super().__init__(clauses)

    @property
    def clauses(self) -> ClauseList:
        return self

    def __eq__(self, other: object) -> bool:
        if isinstance(other, ClauseList):
            return Component(clauses=self) == Component(clauses=other)
        return list(self) == other

    def __hash__(self) -> int:
        return hash(Component(clauses=self))

    def __str__(self) -> str:
        return str(Component(clauses=self))


class Component(_Message):
    """One half of a label, or a privilege: clauses of which each must be met, none for true; or `DCFalse`."""

    __slots__ = ("DCFalse", "clauses")

    def __init__(self, DCFalse: Any = None, clauses: Iterable[Clause] | None = None) -> None:
        is_false = DCFalse is not None and DCFalse is not False
        if is_false and clauses:
            raise ValueError("a component is either DCFalse or has clauses")
        self.DCFalse = Void() if is_false else None
        self.clauses = ClauseList(clauses or ())

    def WhichOneof(self, group: str = "component") -> str:
        """`DCFalse` or `clauses`."""
        return "clauses" if self.DCFalse is None else "DCFalse"

    def to_dict(self) -> Any:
        """What stands for it in JSON."""
        clauses = self._canonical()
        return "DCFalse" if clauses is None else {"DCFormula": [[list(p) for p in clause] for clause in clauses]}

    def _canonical(self) -> tuple[_Clause, ...] | None:
        if self.DCFalse is not None:
            return None
        clauses = {clause._canonical() for clause in self.clauses}
        return tuple(sorted(c for c in clauses if not any(_implies(other, c) for other in clauses if other != c)))

    def __str__(self) -> str:
        clauses = self._canonical()
        return "F" if clauses is None else "&".join(map(_clause_text, clauses)) or "T"


class Buckle(_Message):
    """A label: who may know, and who vouches. A half that is not given is true."""

    __slots__ = ("_halves", "_text", "_encoded")

    def __init__(self, secrecy: Component | None = None, integrity: Component | None = None) -> None:
        for half in (secrecy, integrity):
            if not isinstance(half, (Component, type(None))):
                raise TypeError(f"a half of a label is a Component, not {half!r}; buckle_parse reads text")
        self._halves: tuple[Component, Component] | None = (secrecy or Component(), integrity or Component())
        self._text: str | None = None
        self._encoded = b""

    @classmethod
    def told(cls, text: bytes, encoded: bytes) -> Buckle:
        """The label whose canonical text and JSON are these; nothing is read before it is asked for."""
        label = cls.__new__(cls)
        label._halves, label._text, label._encoded = None, text.decode(), encoded
        return label

    @property
    def secrecy(self) -> Component:
        return self._both()[0]

    @property
    def integrity(self) -> Component:
        return self._both()[1]

    def to_dict(self) -> dict[str, Any]:
        """What stands for it in JSON."""
        if self._halves is None:
            return json.loads(self._encoded)
        return {"secrecy": self.secrecy.to_dict(), "integrity": self.integrity.to_dict()}

    def _both(self) -> tuple[Component, Component]:
        if self._halves is None:
            value = json.loads(self._encoded)
            self._halves = component_of(value["secrecy"]), component_of(value["integrity"])
        return self._halves

    def _canonical(self) -> str:
        return str(self)

    def __str__(self) -> str:
        return f"{self.secrecy},{self.integrity}" if self._text is None else self._text


def component_of(value: Any) -> Component:
    """The component that JSON stands for."""
    if value == "DCFalse":
        return Component(DCFalse=Void())
    return Component(clauses=[Clause([TokenList(p) for p in clause]) for clause in value["DCFormula"]])


def label_of(value: dict[str, Any]) -> Buckle:
    """The label that JSON stands for."""
    return Buckle(component_of(value["secrecy"]), component_of(value["integrity"]))


def _listed(items: Iterable[Any], what: str) -> list[Any]:
    if isinstance(items, str):
        raise TypeError(f"{what} must be a list, not a string")
    return list(items)


def _implies(one: _Clause, other: _Clause) -> bool:
    return all(any(q[: len(p)] == p for q in other) for p in one)


def _clause_text(clause: _Clause) -> str:
    return "|".join(map(_principal_text, clause))


def _principal_text(tokens: Iterator[str] | _Principal) -> str:
    text = "/".join(map(_token_text, tokens))
    return "\\" + text if text in ("T", "F") else text


def _token_text(token: str) -> str:
    return "".join(["\\" + c if c in _ESCAPED or c.isspace() else c for c in token])
