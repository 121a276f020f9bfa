"""Facts: questions with what a right answer states.

``facts.yaml`` holds twenty over the sample pages and explains the keys; users write their own files alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NoReturn, get_args

import yaml

from lang.quantities import Kind, Quantity, find_quantities
from library.errors import UsageError
from library.records import Language

FactKind = Literal["value", "name", "list", "refusal"]
SAMPLE_FACTS = Path(__file__).with_name("facts.yaml")

_COMMON = ("id", "question", "language", "kind", "why")
_ANSWERED = ("accept", "article")
_FIGURE = re.compile(rf"(\d+(?:\.\d+)?) ({'|'.join(get_args(Kind))})")


@dataclass(frozen=True, slots=True)
class Fact:
    """A question and what a right answer states.

    ``accept`` holds the things to be stated, each as the ways to say it; an answer needs ``at_least`` of them.
    A value or a name is one thing; a refusal has none, and no ``articles``.
    """

    id: str
    question: str
    language: Language
    kind: FactKind
    why: str
    accept: tuple[tuple[str, ...], ...] = ()
    at_least: int = 0
    articles: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        return self.kind != "refusal"

    @property
    def expected(self) -> str:
        """What a right answer states, for a reader: the first way to say each thing."""
        return "、".join(ways[0] for ways in self.accept) or "a refusal"


def load_facts(path: str | Path = SAMPLE_FACTS) -> list[Fact]:
    """The facts of a file, in its order.

    Raises:
        UsageError: it can't be read, or an entry is wrong; the message names the entry and the key.
    """
    name = Path(path).name
    entries = _read(Path(path))
    if not isinstance(entries, list) or not entries:
        raise UsageError(f"{name} holds no facts; write a YAML list of entries, each with an id and a question.")
    facts: dict[str, Fact] = {}
    for n, entry in enumerate(entries, 1):
        fact = _fact(entry, f"{name}, entry {n}")
        if fact.id in facts:
            raise UsageError(f"{name}, entry {n}: the id {fact.id!r} is taken; give each entry its own.")
        facts[fact.id] = fact
    return list(facts.values())


def read_figures(written: str) -> list[Quantity]:
    """The figures of an accepted value: those of the text, or the one of ``number kind``.

    >>> [(str(q.value), q.kind) for q in read_figures("8000000000 money") + read_figures("80亿元")]
    [('8000000000', 'money'), ('8000000000', 'money')]
    """
    if plain := _FIGURE.fullmatch(written):
        kind: Any = plain[2]
        return [Quantity(Decimal(plain[1]), kind, "", 0, len(written))]
    return find_quantities(written)


def _read(path: Path) -> Any:
    try:
        # BaseLoader leaves every scalar as written: 3.0 stays 3.0, a date stays text.
        return yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"The facts {path} can't be read ({error}). Name a YAML file in UTF-8.") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f"line {mark.line + 1}: " if mark else ""
        raise UsageError(f"{path.name}: {line}not YAML ({getattr(error, 'problem', error)}). Mend it there.") from error


def _fact(entry: Any, where: str) -> Fact:
    if not isinstance(entry, dict):
        _refuse(where, "it is not a mapping of keys to values")
    if entry.get("id") and isinstance(entry["id"], str):
        where = f"{where} ({entry['id']})"
    if unknown := sorted(set(entry) - {*_COMMON, *_ANSWERED, "at_least"}):
        _refuse(where, f"the key {unknown[0]!r} is unknown")
    common: dict[str, Any] = {key: _text(entry, key, where) for key in _COMMON}
    _one_of(common["language"], get_args(Language), "language", where)
    _one_of(common["kind"], get_args(FactKind), "kind", where)
    if common["kind"] != "list" and "at_least" in entry:
        _refuse(where, "the key 'at_least' is for lists only")
    if common["kind"] == "refusal":
        if extra := [key for key in _ANSWERED if key in entry]:
            _refuse(where, f"the key {extra[0]!r} makes no sense with a refusal")
        return Fact(**common)
    accept = _accept(entry, common["kind"], where)
    return Fact(
        **common, accept=accept, at_least=_at_least(entry, len(accept), where),
        articles=_texts(entry.get("article"), "article", where),
    )  # fmt: skip


def _accept(entry: dict[str, Any], kind: FactKind, where: str) -> tuple[tuple[str, ...], ...]:
    given = entry.get("accept")
    if kind != "list":
        ways = _texts(given, "accept", where)
        if kind == "value" and (bare := [way for way in ways if not read_figures(way)]):
            _refuse(where, f"the key 'accept' has no figure in {bare[0]!r}")
        return (ways,)
    if not isinstance(given, list) or not given:
        _refuse(where, "the key 'accept' must be a list of items")
    return tuple(_texts(item, "accept", where) for item in given)


def _at_least(entry: dict[str, Any], items: int, where: str) -> int:
    written = entry.get("at_least", str(items))
    if not isinstance(written, str) or not written.isdecimal() or not 1 <= int(written) <= items:
        _refuse(where, f"the key 'at_least' must be a number from 1 to {items}")
    return int(written)


def _text(entry: dict[str, Any], key: str, where: str) -> str:
    value = entry.get(key)
    if not isinstance(value, str) or not value.strip():
        _refuse(where, f"the key {key!r} is missing or is not text")
    return value.strip()


def _texts(value: Any, key: str, where: str) -> tuple[str, ...]:
    """One text, or several."""
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        _refuse(where, f"the key {key!r} is missing or is not text")
    return tuple(text.strip() for text in texts)


def _one_of(value: str, allowed: tuple[str, ...], key: str, where: str) -> None:
    if value not in allowed:
        _refuse(where, f"the key {key!r} is {value!r}, not one of {', '.join(allowed)}")


def _refuse(where: str, problem: str) -> NoReturn:
    raise UsageError(f"{where}: {problem}; the keys are explained at the head of the project's eval/facts.yaml.")
