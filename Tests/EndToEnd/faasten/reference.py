"""The labelled file system as its definition says it, slowly and in memory; written for tests only, it shares nothing with the server.

A formula is None for false, or a set of clauses, each a set of principals, each a tuple of tokens. It is never simplified.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product


class Denied(Exception):
    """An operation that does not happen."""


class Taken(Denied):
    """There is something of that name."""


def formula(text):
    """Reads texts without escapes."""
    if text == "F":
        return None
    clauses = [] if text == "T" else text.split("&")
    return frozenset(frozenset(tuple(p.split("/")) for p in clause.split("|")) for clause in clauses)


def implies(one, other):
    if one is None or other == frozenset():
        return True
    return other is not None and all(any(clause_implies(have, goal) for have in one) for goal in other)


def clause_implies(have, goal):
    return all(any(q[: len(p)] == p for q in goal) for p in have)


def both(one, other):
    return None if one is None or other is None else one | other


def either(one, other):
    if one is None or other is None:
        return other if one is None else one
    return frozenset(a | b for a, b in product(one, other))


def shortest(one):
    """The same demand in as few words as it takes."""
    if one is None:
        return None
    clauses = [frozenset(p for p in clause if not any(q != p and q[: len(p)] == p for q in clause)) for clause in one]
    return frozenset(goal for goal in clauses if not any(have != goal and clause_implies(have, goal) for have in clauses))


def written(one):
    if one is None:
        return "F"
    return "&".join(sorted("|".join(sorted("/".join(p) for p in clause)) for clause in one)) or "T"


@dataclass(frozen=True)
class Label:
    secrecy: frozenset | None
    integrity: frozenset | None

    @staticmethod
    def of(text):
        return Label(*map(formula, text.split(",")))

    def flows(self, other, power=frozenset()):
        return implies(both(other.secrecy, power), self.secrecy) and implies(both(self.integrity, power), other.integrity)

    def join(self, other):
        return Label(both(self.secrecy, other.secrecy), either(self.integrity, other.integrity))

    def means(self, other):
        return self.flows(other) and other.flows(self)

    def __str__(self):
        return f"{written(self.secrecy)},{written(self.integrity)}"

    def canonical(self):
        """The text of all labels that mean the same."""
        return f"{written(shortest(self.secrecy))},{written(shortest(self.integrity))}"


@dataclass(eq=False)
class File:
    label: Label
    text: str = ""


@dataclass(eq=False)
class Blob:
    """An entry that names bytes."""

    label: Label
    text: str
    #: The label that the bytes have for those who ask for them by their hash.
    known: Label


@dataclass(eq=False)
class Directory:
    label: Label
    names: dict = field(default_factory=dict)
    facet_of: Faceted | None = None


@dataclass(eq=False)
class Faceted:
    facets: list = field(default_factory=list)

    def facet(self, label):
        """The directory of a label; it is there once something is linked in it."""
        for directory in self.facets:
            if directory.label.means(label):
                return directory
        return Directory(label, facet_of=self)

    def allocate(self, directory):
        if directory not in self.facets:
            self.facets.append(directory)


@dataclass
class Gate:
    label: Label
    privilege: frozenset | None
    clearance: frozenset | None


@dataclass
class Service:
    """A request to the world outside."""

    label: Label
    privilege: frozenset | None
    clearance: frozenset | None
    taint: Label


class Actor:
    """A running program: its label, and its power."""

    def __init__(self, world, label, power):
        self.world, self.label, self.power = world, label, power

    def taint(self, label):
        self.label = self.label.join(label)

    def need(self, holds):
        if not holds:
            raise Denied

    def to(self, path):
        """What a path below the arena leads to: a facet's label, then names."""
        self.world.way(self)
        place = self.world.arena
        if path:
            place = place.facet(Label.of(path[0]))
        for name in path[1:]:
            self.need(isinstance(place, Directory))
            self.taint(place.label)
            self.need(name in place.names)
            place = place.names[name]
        return place

    def folder(self, path):
        """The directory that a name is made in. Without a facet it is the default one."""
        place = self.to(path)
        if isinstance(place, Faceted):
            return place.facet(Label(self.label.secrecy, both(self.power, self.label.integrity)))
        self.need(isinstance(place, Directory))
        return place

    def put(self, folder, name, thing):
        self.taint(folder.label)
        self.need(self.label.flows(folder.label, self.power))
        if name in folder.names:
            raise Taken
        folder.names[name] = thing
        if folder.facet_of is not None:
            folder.facet_of.allocate(folder)

    def make(self, kind, path, label):
        folder = self.folder(path[:-1])
        self.put(folder, path[-1], kind(Label.of(label) if label else self.label))
        return True

    def seal(self, text):
        """Makes bytes. Until this program ends they can be had by their hash."""
        self.world.seals.append((self, text, self.label))
        return self.label

    def put_blob(self, path, text, sealed, label):
        """Names bytes that came under the label `sealed`."""
        folder = self.folder(path[:-1])
        own = Label.of(label) if label else self.label
        self.need(self.label.flows(own, self.power))
        entry = Blob(own, text, sealed)
        self.put(folder, path[-1], entry)
        entry.known = self.label.join(own).join(sealed)
        self.world.entries.append(entry)
        return True

    def open(self, text):
        """Gets bytes by their hash, if the label of some that are the same lets it."""
        labels = [entry.known for entry in self.world.entries if entry.text == text]
        labels += [label for _, sealed, label in self.world.seals if sealed == text]
        labels.sort(key=Label.canonical)
        seen = [label for label in labels if label.flows(self.label)] or [
            label for label in labels if label.flows(self.label, self.power)
        ]
        self.need(seen)
        self.taint(seen[0])
        self.world.opened += 1

    # Operations, by the names that programs have for them.

    def op_label(self):
        return True

    def op_taint(self, label):
        self.taint(Label.of(label))
        return True

    def op_declassify(self, secrecy):
        self.need(implies(both(formula(secrecy), self.power), self.label.secrecy))
        self.label = Label(formula(secrecy), self.label.integrity)
        return True

    def op_endorse(self, with_power):
        endorser = self.power if with_power is None else formula(with_power)
        self.need(implies(self.power, endorser))
        self.label = Label(self.label.secrecy, both(endorser, self.label.integrity))
        return True

    def op_mkdir(self, path, label):
        return self.make(Directory, path, label)

    def op_mkfile(self, path, label):
        return self.make(File, path, label)

    def op_write(self, path, text):
        file = self.to(path)
        self.need(isinstance(file, File) and self.label.flows(file.label, self.power))
        file.text = text
        return True

    def op_read(self, path):
        file = self.to(path)
        self.need(isinstance(file, File))
        self.taint(file.label)
        return file.text

    def op_mkblob(self, path, text, label):
        return self.put_blob(path, text, self.seal(text), label)

    def op_placeblob(self, path, text, label):
        sealed = self.seal(text)
        try:
            return self.put_blob(path, text, sealed, label)
        except Taken:
            pass
        folder = self.folder(path[:-1])
        self.taint(folder.label)
        entry = folder.names.get(path[-1])
        self.need(isinstance(entry, Blob) and self.label.flows(entry.label, self.power))
        entry.text, entry.known = text, self.label.join(entry.label).join(entry.known).join(sealed)
        return True

    def op_readblob(self, path):
        entry = self.to(path)
        self.need(isinstance(entry, Blob))
        self.taint(entry.label)
        return entry.text

    def op_openhash(self, text):
        self.open(text)
        return text

    def op_linkhash(self, path, text, label):
        self.open(text)
        return self.put_blob(path, text, self.label, label)

    def op_list(self, path):
        directory = self.to(path)
        self.need(isinstance(directory, Directory))
        self.taint(directory.label)
        return sorted(directory.names)

    def op_delete(self, path):
        folder = self.folder(path[:-1])
        self.taint(folder.label)
        self.need(self.label.flows(folder.label, self.power) and path[-1] in folder.names)
        del folder.names[path[-1]]
        return True

    def op_link(self, source, path):
        thing = self.to(source)
        folder = self.folder(path[:-1])
        self.put(folder, path[-1], thing)
        return True

    def op_facets(self):
        self.world.way(self)
        clearance = Label(self.label.secrecy, frozenset())
        self.taint(clearance)
        return sorted(sorted(facet.names) for facet in self.world.arena.facets if facet.label.flows(clearance))

    def op_call(self, gate, program):
        reply, label = self.world.call(self, gate, program)
        self.taint(label)
        return reply

    def op_send(self, name, text):
        service = self.world.services[name]
        self.world.way(self)
        self.taint(service.label)
        self.need(implies(self.power, service.clearance))
        self.need(self.label.flows(Label(frozenset(), frozenset()), service.privilege))
        self.taint(service.taint)
        self.world.sent.append(text)
        return text

    def run(self, program):
        """What each operation answers, and the label after it."""
        done = []
        for name, *arguments in program:
            try:
                value = getattr(self, f"op_{name}")(*arguments)
            except Denied:
                value = None
            done.append((value, self.label))
        self.world.seals = [seal for seal in self.world.seals if seal[0] is not self]
        return done


class World:
    """What lies below `home:<T,alice>:arena`, the gates and services beside it, and what those sent."""

    def __init__(self, gates, services):
        self.arena, self.gates, self.services, self.sent = Faceted(), gates, services, []
        #: Entries of blobs, with a name or without; bytes that running programs sealed; how often a hash was enough.
        self.entries, self.seals, self.opened = [], [], 0
        self.outside = Label.of("T,alice")

    def lost(self):
        """Texts of entries that no name leads to: a collection may take them."""
        reached, waiting = set(), list(self.arena.facets)
        while waiting:
            thing = waiting.pop()
            if thing not in reached:
                reached.add(thing)
                waiting += getattr(thing, "names", {}).values()
        return {entry.text for entry in self.entries if entry not in reached}

    def way(self, actor):
        """To the arena: the root says nothing, and home has no label."""
        actor.taint(Label.of("T,F"))
        actor.taint(self.outside)

    def call(self, caller, name, program):
        """What a program answers that a gate runs, and its label."""
        self.way(caller)
        gate = self.gates[name]
        caller.taint(gate.label)
        caller.need(implies(caller.power, gate.clearance))
        callee = Actor(self, caller.label, gate.privilege)
        done = callee.run(program)
        kept = callee.label.secrecy
        if gate.privilege is None:
            kept = frozenset()
        elif kept is not None:
            kept = frozenset(goal for goal in kept if not any(clause_implies(have, goal) for have in gate.privilege))
        return done, Label(kept, both(gate.privilege, callee.label.integrity))

    def request(self, user, label, gate, program):
        """What a client is answered: a status, and what the program did, if the client may know."""
        gateway = Actor(self, Label.of(label), formula(user))
        try:
            done, result = self.call(gateway, gate, program)
        except Denied:
            return 400, None
        return (200, done) if result.flows(gateway.label, gateway.power) else (401, None)
