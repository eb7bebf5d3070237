"""Components and labels as objects: they mean what their canonical form says."""

import pytest


def principal(text):
    from syscalls_pb2 import TokenList

    return TokenList(text.split("/"))


def component(text):
    from syscalls_pb2 import Clause, Component, Void

    if text == "F":
        return Component(DCFalse=Void())
    clauses = [] if text == "T" else text.split("&")
    return Component(clauses=[Clause(map(principal, clause.split("|"))) for clause in clauses])


@pytest.mark.parametrize(
    ("one", "other", "printed"),
    [
        ("b&a", "a&b", "a&b"), ("a|a/x", "a/x", "a/x"), ("a&a/x", "a", "a"), ("a|b|a", "b|a", "a|b"), ("F", "F", "F"),
        ("T", "T", "T"), ("a|b&a", "a", "a"), ("b/x|a&c", "c&a|b/x", "a|b/x&c"),
    ],
)  # fmt: skip
def test_equal_meaning_is_equality(one, other, printed):
    assert component(one) == component(other)
    assert hash(component(one)) == hash(component(other))
    assert str(component(one)) == str(component(other)) == printed


def test_different_meaning_is_not():
    assert len({component(text) for text in ("T", "F", "a", "b", "a|b", "a&b", "a/b", "b/a")}) == 8
    assert component("a") != "a"


def test_names_are_escaped_as_the_parser_reads_them():
    from syscalls import TokenList

    assert str(TokenList(["a,b", "x y", "<:\\|&/>"])) == "a\\,b/x\\ y/\\<\\:\\\\\\|\\&\\/\\>"
    assert (str(TokenList(["T"])), str(TokenList(["Tom"])), str(TokenList(["T", "x"]))) == ("\\T", "Tom", "T/x")


def test_both_generations_find_clauses():
    from syscalls import ClauseList, Component

    found = component("a|b/c&d")
    assert found.WhichOneof("component") == "clauses"
    for clauses in (found.clauses, found.clauses.clauses):
        assert [[list(p.tokens) for p in clause.principals] for clause in clauses] == [[["a"], ["b", "c"]], [["d"]]]
    assert found == Component(clauses=ClauseList(found.clauses)) and found.clauses == ClauseList(reversed(found.clauses))
    assert component("F").WhichOneof("component") == "DCFalse" and component("T").WhichOneof("component") == "clauses"


def test_what_would_be_misread_is_refused():
    from syscalls import Buckle, Clause, Component, TokenList

    for make in (lambda: TokenList("alice"), lambda: Clause("alice"), lambda: Buckle("alice", "T")):
        with pytest.raises(TypeError):
            make()
    with pytest.raises(ValueError, match="either"):
        Component(DCFalse=True, clauses=component("a").clauses)


def test_labels_are_read_from_what_the_host_says(syscall, fake):
    from syscalls import Buckle

    fake.answers[64] = [b"alice,a|b", b'{"secrecy":{"DCFormula":[[["alice"]]]},"integrity":{"DCFormula":[[["a"],["b"]]]}}']
    label = syscall.get_current_label()
    made = Buckle(component("alice"), component("b|a"))
    assert label == made and hash(label) == hash(made) and str(label) == str(made) == "alice,a|b"
    assert label.to_dict() == made.to_dict() and repr(label) == "Buckle('alice,a|b')"
    assert (label.secrecy, label.integrity) == (component("alice"), component("a|b"))
    assert str(Buckle()) == "T,T" and Buckle(component("F")).to_dict()["secrecy"] == "DCFalse"
