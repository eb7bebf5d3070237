"""Classes: attributes, properties, slots, inheritance, special methods, dataclasses, enumerations."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field


class Vector:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __eq__(self, other):
        return isinstance(other, Vector) and self.x == other.x and self.y == other.y

    def __hash__(self):
        return hash((self.x, self.y))


class Account:
    interest = 0.02

    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        self.history = []

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        self._balance += amount
        self.history.append(amount)
        return self

    @classmethod
    def empty(cls, owner):
        return cls(owner)

    @staticmethod
    def fee(amount):
        return amount // 100


class Savings(Account):
    def deposit(self, amount):
        super().deposit(amount - self.fee(amount))
        self.bonus = self._balance * self.interest
        return self

    def __len__(self):
        return len(self.history)

    def __getitem__(self, index):
        return self.history[index]

    def __getattr__(self, name):
        if name.startswith("virtual_"):
            return name
        raise AttributeError(name)


@dataclass(order=True)
class Item:
    price: float
    name: str = field(compare=False)
    tags: list[str] = field(default_factory=list, compare=False)


class Colour(enum.Enum):
    RED = 1
    GREEN = 2


def work():
    place = Vector(0, 0)
    seen = set()
    for number in range(1500):
        place = place + Vector(number, 1)
        seen.add(Vector(number % 50, 2))
    assert place == Vector(1124250, 1500) and len(seen) == 50
    for number in range(300):
        account = Savings.empty(f"owner {number}")
        for amount in (100, 250, 75, number):
            account.deposit(amount)
        assert account.balance >= 420 and len(account) == 4 and account[0] == 99
        account.virtual_name, hasattr(account, "missing"), getattr(account, "own" + "er")
        setattr(account, "no" + "te", account.history[-1])
        account.__dict__.copy()
    items = [Item(float(n * 37 % 101), f"item {n}", ["a"]) for n in range(200)]
    assert min(items).price == 0.0 and sorted(items)[-1].price == 100.0
    repr(items[:20])
    for number in range(400):
        assert (Colour(1 + number % 2) is Colour.RED) is (number % 2 == 0)
        type("Dynamic", (Account,), {"interest": number}) if number % 40 == 0 else None
