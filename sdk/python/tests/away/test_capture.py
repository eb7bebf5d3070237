"""What a published function takes along."""

import functools
import itertools
import json
import math
import operator
import re
import warnings
import xml.etree.ElementTree
from collections import Counter, OrderedDict
from datetime import date

import pytest

from away import builder
from away.exceptions import EnsureException, FaasReturnedError

pytestmark = pytest.mark.usefixtures("quietly")

NUMBER = 7
TEXT = 'both "double" and \'single\' quotes, a \\ backslash,\nand a line\t€'
ODD_VALUES = (float("inf"), -0.0, 1 + 2j, frozenset({1}), set(), range(3), bytearray(b"x"), b"\x00\xff", None, True, ...)
LETTERS = iter("abc")
COUNTED = Counter("aab")
DAY = date(2024, 2, 29)
ORDERED = OrderedDict(a=1)
#: Refers to functions, so its `repr` is no literal.
TABLE = {"double": lambda n: n * 2, "root": math.sqrt, "nested": [(operator.neg, 1)]}
halve, triple = lambda n: n / 2, lambda n: n * 3
add_two = functools.partial(operator.add, 2)
counter = 0


def helper(n):
    return n + NUMBER


def calls_helper(n):
    return helper(n) * 2


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)


@functools.lru_cache(maxsize=500)
def cached_fibonacci(n):
    return n if n < 2 else cached_fibonacci(n - 1) + cached_fibonacci(n - 2)


def doubled(function):
    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        return 2 * function(*args, **kwargs)
    return wrapper


@doubled
@doubled
def decorated(n):
    """Called through two wrappers."""
    return n + 1


def bump():
    global counter
    counter += 1
    return read_counter()


def read_counter():
    return counter


def with_defaults(a, b=NUMBER, *, c=LETTERS, d=helper):
    return [a, b, next(c), d(1)]


def many(*args):
    return len(args)


@pytest.fixture
def there(faas):
    """Publishes a function without touching it here."""
    return lambda function, **options: builder.mirror_in_faas(function, faas, **options)


def test_values_are_literals_or_yaml(there):
    def all_of_them():
        shown = [repr(each) for each in ODD_VALUES[:-1]]
        return [NUMBER, TEXT, shown, list(LETTERS), COUNTED["a"], DAY.year, list(ORDERED), (1,) + tuple([2])]
    proxy = there(all_of_them)
    expected = [7, TEXT, [repr(each) for each in ODD_VALUES[:-1]], ["a", "b", "c"], 2, 2024, ["a"], [1, 2]]
    assert proxy() == expected
    # What is read from an iterator is there again in the next call, and was not taken from the one here.
    assert proxy() == expected and list(itertools.islice(LETTERS, 0)) == []


def test_functions_and_lambdas_are_copied_by_source(there):
    assert there(calls_helper)(1) == 16

    def with_lambdas(n):
        return [halve(n), triple(n), add_two(n), TABLE["double"](n), TABLE["root"](n), TABLE["nested"][0][0](n)]
    assert there(with_lambdas)(16) == [8, 48, 18, 32, 4, -16]


def test_modules_and_installed_functions_are_imported(there):
    def with_modules(text):
        root = xml.etree.ElementTree.fromstring(text)
        return [root.tag, json.dumps([1]), re.sub("a", "b", "a"), math.floor(1.5), OrderedDict(a=1)["a"], len(text)]
    assert there(with_modules)("<a/>") == ["a", "[1]", "b", 1, 1, 4]


def test_the_standard_library_itself_can_be_mirrored(there):
    import textwrap
    assert there(textwrap.dedent)("  a") == "a"


def test_recursion_at_module_level(there):
    assert there(factorial)(5) == 120
    assert there(even)(7) is False and there(odd)(7) is True
    assert there(cached_fibonacci)(60) == 1548008755920


def test_recursion_under_the_decorator_at_module_level(execute, faas):
    variables = execute("""
def odd(n):
    return False if n == 0 else even(n - 1)

@builder.publish(faas)
def even(n):
    return True if n == 0 else odd(n - 1)

@builder.publish(faas)
def factorial(n):
    return 1 if n < 2 else n * factorial(n - 1)
""", builder=builder, faas=faas)
    assert variables["even"](10) is True and variables["factorial"](5) == 120


def test_recursion_inside_functions_and_classes(there, faas):
    def down(n):
        return [n] + (down(n - 1) if n else [])

    def ping(n):
        return n if n == 0 else pong(n - 1)

    def pong(n):
        return -n if n == 0 else ping(n - 1)

    class Holder:
        def inner(n):
            return n if n == 0 else inner(n - 1)  # noqa: F821 - on the server it is the function's name

    assert there(down)(2) == [2, 1, 0]
    assert there(ping)(3) == 0
    assert there(Holder.inner)(3) == 0
    with pytest.raises(EnsureException, match="mirror_in_faas"):
        @builder.publish(faas)
        def up(n):
            return up(n + 1) if n < 3 else n
    with pytest.raises(EnsureException, match="mirror_in_faas"):
        class Other:
            @builder.publish(faas)
            def up(n):
                return up(n + 1) if n < 3 else n  # noqa: F821


def test_enclosed_variables_are_copied_and_stay_shared(there):
    base, count = 10, 0

    def increase():
        nonlocal count
        count += 1

    def counted(n):
        increase()
        increase()
        return [n + base, count]
    proxy = there(counted)
    assert proxy(1) == [11, 2] and proxy(1) == [11, 2]
    assert count == 0
    base = 20
    assert proxy(1) == [11, 2]
    assert counted(1) == [21, 2]


def test_writes_to_global_variables_are_seen_by_all_and_gone_in_the_next_call(there):
    proxy = there(bump)
    assert proxy() == 1 and proxy() == 1 and counter == 0


def test_decorators_of_others_are_kept_as_what_they_made(there, faas):
    assert there(decorated)(1) == decorated(1) == 8

    @builder.publish(faas)
    @doubled
    @doubled
    def freshly_decorated(
        n,
        m=1,
    ):
        return n + m
    assert freshly_decorated(1) == 8 and freshly_decorated(1, 2) == 12


def test_the_same_name_in_two_modules(execute, there):
    other = execute("""
NUMBER = 100

def other_helper(n):
    return n + NUMBER
""")["other_helper"]

    def both(n):
        return [helper(n), other(n)]
    assert there(both)(1) == [8, 101]


def test_defaults_are_those_of_the_definition(there):
    proxy = there(with_defaults)
    assert proxy(1) == [1, 7, "a", 8] and proxy(1, 2) == [1, 2, "a", 8]
    assert there(many)(1, 2, 3) == 3 and there(many)() == 0


def test_names_that_the_handler_needs_are_no_obstacle(execute, there):
    variables = execute("""
import yaml as _away_sys

def handle(req):
    return helper(req) if req < 3 else [req, _away_sys.safe_load("1")]

def helper(req):
    return handle(req + 1)
""")
    assert there(variables["handle"])(0) == [3, 1]


def test_long_texts_and_annotations_survive(there):
    class Unknown:
        pass

    def long(n: Unknown, *, flag: "Nowhere" = True) -> Unknown:  # noqa: F821
        """A text
of several lines at the left margin.
        """
        value: Unknown = """first
second"""

        def inner(x: Unknown) -> Unknown:
            return x
        return inner(value) + "!" * n
    assert there(long)(2) == "first\nsecond!!"


def test_lambdas_on_one_line_are_told_apart(there):
    first, second = (lambda n: n + NUMBER), (lambda n: n - NUMBER)

    def both(n):
        return [first(n), second(n)]
    assert there(both)(1) == [8, -6]


def test_attributes_of_functions_are_copied(there):
    def remembering(n):
        remembering.seen.append(n)
        return remembering.seen
    remembering.seen = [1]
    assert there(remembering)(2) == [1, 2] and remembering.seen == [1]


def test_copied_variables_are_warned_of(faas):
    def uses_things():
        return [NUMBER, helper(1), nowhere_to_be_found]  # noqa: F821
    with pytest.warns(SyntaxWarning) as caught:
        builder.mirror_in_faas(uses_things, faas)
    texts = [str(each.message) for each in caught]
    assert len(texts) == 2 and all(each.filename == __file__ for each in caught)
    assert "NUMBER, helper" in texts[0] and "nowhere_to_be_found" in texts[1] and "NUMBER" not in texts[1]
    with pytest.warns(SyntaxWarning) as caught:
        builder.publish(faas)(uses_things)
    assert {each.filename for each in caught} == {__file__}


def test_nothing_is_warned_of_where_nothing_is_copied(faas):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        builder.mirror_in_faas(factorial, faas)


def test_a_name_that_is_nowhere_fails_there(there):
    def lost():
        return nowhere_to_be_found  # noqa: F821
    with pytest.raises(FaasReturnedError, match="NameError"):
        there(lost)()


class Point:
    def __init__(self, x=0):
        self.x = x


POINT, POINTS = Point(), [Point()]


class Raising:
    def __repr__(self):
        raise RuntimeError


class Lying:
    def __repr__(self):
        return "5"


RAISING, LYING, FILE = Raising(), Lying(), open(__file__)  # noqa: SIM115
FILE.close()


def test_objects_of_own_classes_are_refused_by_name(there):
    for code in (lambda: POINT, lambda: POINTS, lambda: RAISING, lambda: LYING, lambda: FILE):
        name = code.__code__.co_names[0]

        def function():
            return code()  # noqa: B023
        with pytest.raises(EnsureException, match=f"variable {name} "):
            there(function)

    def makes_points():
        return Point().x
    with pytest.raises(EnsureException, match="Point is a class of your own"):
        there(makes_points)


def test_a_source_that_is_nowhere_is_refused(there):
    variables = {}
    exec("def made_up():\n    return 1", variables)
    with pytest.raises(EnsureException, match="source of made_up is not available"):
        there(variables["made_up"])
