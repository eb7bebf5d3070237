"""Calls every C function of MarkupSafe's `_speedups` once; `run()` raises when one was left out or an answer is wrong."""

from __future__ import annotations

import markupsafe
from markupsafe import Markup, _speedups

CALLS = {
    "escape": [
        ("<a href=\"x\">'&'</a>", "&lt;a href=&#34;x&#34;&gt;&#39;&amp;&#39;&lt;/a&gt;"),
        ("plain", "plain"),
        ("<é", "&lt;é"),
        ("<東京>", "&lt;東京&gt;"),
        ("<🙂>", "&lt;🙂&gt;"),
        (Markup("<b>"), "<b>"),
        (7, "7"),
        (None, "None"),
        (["<"], "[&#39;&lt;&#39;]"),
    ],
    "escape_silent": [("<", "&lt;"), (None, "")],
    "soft_str": [("<", "<"), (7, "7"), (Markup("<i>"), "<i>")],
}


def run() -> dict[str, int]:
    """Returns how many C functions there are and how many were called."""
    functions = {name for name in dir(_speedups) if callable(getattr(_speedups, name)) and not name.startswith("_")}
    assert functions == CALLS.keys(), f"C functions that are not called here: {sorted(functions ^ CALLS.keys())}"
    for name, calls in CALLS.items():
        function = getattr(_speedups, name)
        assert getattr(markupsafe, name) is function
        for argument, expected in calls:
            answer = function(argument)
            assert answer == expected, (name, argument, answer)
            assert isinstance(answer, Markup) is (name != "soft_str" or isinstance(argument, Markup))
    assert Markup("<p>%s</p>") % "<x>" == "<p>&lt;x&gt;</p>"
    return {"functions": len(functions), "called": len(CALLS)}


if __name__ == "__main__":
    print(run())
