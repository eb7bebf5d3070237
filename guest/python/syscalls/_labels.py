"""Calls about the current label and the privilege."""

from __future__ import annotations

import json
from collections.abc import Iterable

from . import _operations as op
from . import _wire as wire
from ._errors import refused
from ._messages import Buckle, Component, component_of


class LabelCalls:
    """What a function may ask of its label, which rises with all that it reads."""

    def get_current_label(self) -> Buckle:
        """The current label."""
        return Buckle.told(*wire.ask_label(op.LABEL_CURRENT))

    @refused(None)
    def taint_with_label(self, label: wire.Label) -> Buckle | None:
        """Joins a label to the current one, and returns that; None for what is no label."""
        return Buckle.told(*wire.ask_label(op.LABEL_TAINT, wire.label(label)))

    @refused(None)
    def declassify(self, secrecy: str | Component) -> Buckle | None:
        """Sets the secrecy of the current label, where the privilege allows that."""
        return Buckle.told(*wire.ask_label(op.LABEL_DECLASSIFY, wire.component(secrecy)))

    @refused(None)
    def endorse(self, with_priv: str | Component | None = None) -> Buckle | None:
        """Vouches for the current label with the privilege, or with a component that it implies."""
        return Buckle.told(*wire.ask_label(op.LABEL_ENDORSE, wire.component(with_priv)))

    @refused(None)
    def buckle_parse(self, s: str) -> Buckle | None:
        """The label of a text; None for what is none."""
        return Buckle.told(*wire.ask(op.LABEL_PARSE, wire.label(s)))

    @refused(None)
    def sub_privilege(self, suffix: Iterable[str]) -> Component | None:
        """The privilege, with these tokens at the end of the first principal of its first clause."""
        tokens = [suffix] if isinstance(suffix, str) else suffix
        _, encoded = wire.ask(op.PRIVILEGE_SUB, *[token.encode("utf-8", "surrogatepass") for token in tokens])
        return component_of(json.loads(encoded))
