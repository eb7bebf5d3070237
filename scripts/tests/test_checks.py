"""What `make check` finds, and what it lets pass."""

from __future__ import annotations

import importlib.util
from pathlib import Path

CHECKS = Path(__file__).resolve().parent.parent / "checks"


def load(name):
    spec = importlib.util.spec_from_file_location(f"checks_{name}", CHECKS / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


layers, links, words = load("layers"), load("links"), load("words")


def test_print_is_for_commands_only():
    assert words.problems_of("Sources/Platform/A.swift", 'print("x")')
    assert not words.problems_of("Sources/Commands/A.swift", 'print("x")')
    assert not words.problems_of("Sources/Platform/A.swift", 'debugprint("x")  // print(x)')


def test_unchecked_sendable_needs_its_reason_beside_it():
    line = "final class A: @unchecked Sendable {\n"
    assert words.problems_of("Sources/Kernel/A.swift", line)
    assert not words.problems_of("Sources/Kernel/A.swift", "// SAFETY: it holds nothing\n" + line)
    assert not words.problems_of("Sources/Kernel/A.swift", line + "    // SAFETY: the lock guards all\n")
    assert words.problems_of("Sources/Kernel/A.swift", "// SAFETY: far away\n\n\n\n" + line)


def test_forced_try_and_postponed_work_are_found():
    assert words.problems_of("Tests/A.swift", "let a = try! f()")
    assert words.problems_of("docs/a.md", "TO" + "DO: later")
    assert not words.problems_of("docs/a.md", "what to do later")


def test_long_files_are_found():
    assert words.problems_of("Sources/Model/A.swift", "\n" * 501)
    assert not words.problems_of("Sources/Model/A.swift", "\n" * 500)


MANIFEST = """
        // L0: nouns
        module("Model"),
        .target(
            name: "CLinux",
            x: 1),
        // L4
        module("FaceA", ["Model"]),
        module(
            "FaceB", ["Model"]),
        // Tests
        .target(name: "TestSupport"),
"""


def test_layers_are_read_from_the_manifest():
    assert layers.layers(MANIFEST) == {"Model": 0, "CLinux": 0, "FaceA": 4, "FaceB": 4}


def test_upward_dependencies_and_faces_that_know_each_other_are_found():
    layer_of = layers.layers(MANIFEST)
    assert layers.upward({"FaceA": {"Model"}, "FaceB": {"Model", "Logging"}}, layer_of) == []
    assert "above it" in layers.upward({"Model": {"FaceA"}}, layer_of)[0]
    assert "ignorant" in layers.upward({"FaceB": {"FaceA"}}, layer_of)[0]


def test_undeclared_imports_are_found(tmp_path):
    sources = tmp_path / "Sources"
    (sources / "FaceA").mkdir(parents=True)
    (sources / "FaceA/A.swift").write_text("public import Model\n@testable import struct Storage.Thing\nimport Glibc\n")
    targets = {"FaceA": {"Model"}, "Model": set(), "Storage": set()}
    assert layers.undeclared(targets, sources) == ["Sources/FaceA/A.swift: imports Storage, which FaceA does not declare"]


def test_dead_links_and_headings_are_found(tmp_path):
    (tmp_path / "other.md").write_text("# A Heading: `code`\n")
    document = tmp_path / "a.md"
    document.write_text(
        "[good](other.md) [good](other.md#a-heading-code) [web](https://example.org/x)\n"
        "[bad](missing.md) [bad](other.md#nothing)\n```\n[not a link](nowhere.md)\n```\n`[nor this](nowhere.md)`\n"
    )
    assert links.dead_links(document) == ["no file missing.md", "no heading for other.md#nothing"]
