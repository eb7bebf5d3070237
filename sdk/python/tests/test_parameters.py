"""Arguments as texts."""

import pytest

from faaspot import FaaspotException
from faaspot._parameters import parse


@pytest.mark.parametrize("parameters, expected", [
    (None, {}),
    ({"a": 1}, {"a": 1}),
    ("a=1, b = 2 ,c=x=y", {"a": "1", "b": "2", "c": "x=y"}),
    ([["k=v"], ["k=v2", "l=w"]], {"k": "v2", "l": "w"}),
    (["k=v", "l=w"], {"k": "v", "l": "w"}),
    ("a=1,2", {"a": "1,2"}),
    ("a=1, 2, b=3", {"a": "1, 2", "b": "3"}),
    ("a=,b=1,", {"a": "", "b": "1"}),
    ("", {}),
    (["a=1", ""], {"a": "1"}),
])
def test_what_is_understood(parameters, expected):
    assert parse(parameters) == expected


@pytest.mark.parametrize("text", ["name", "=1", " = 2"])
def test_what_is_no_pair_is_refused(text):
    with pytest.raises(FaaspotException) as caught:
        parse(text)
    assert caught.value.status_code == -1
