"""Facts: questions with what a right answer states, and where it stands.

``facts.yaml`` is the project's own set and explains the keys; users write their own files alike.
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
Half = Literal["open", "held"]
SAMPLE_FACTS = Path(__file__).with_name("facts.yaml")

_COMMON = ("id", "question", "language", "kind", "why")
_OPTIONAL = {"half": "open", "pair": ""}
_ANSWERED = ("accept", "at_least", "gold", "article")
_SPAN = re.compile(r"\d{1,9}")
_ISO_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_FIGURE = re.compile(rf"(\d+(?:\.\d+)?) ({'|'.join(get_args(Kind))})")


@dataclass(frozen=True, slots=True)
class Gold:
    """An article that states the answer, named as ``article_name`` of the metrics names it, and where in it.

    ``quote`` is text of the cleaned body; ``span`` is ``(start, end)`` in characters of the file as it arrived, for an
    article whose text may not be copied. The key ``article`` of a file gives neither.
    """

    article: str
    quote: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Fact:
    """A question and what a right answer states.

    ``accept`` holds the things to be stated, each as the ways to say it; an answer needs ``at_least`` of them.
    A value or a name is one thing; a refusal has none, and no ``gold``. Each of ``gold`` states the whole answer, or
    some of a list's items. Questions of the ``held`` half are for reports alone: nothing is built by looking at them.
    ``pair`` is the same on a Chinese and an English question that ask the same; ``near`` says, of a refusal, which
    answer lies close by.
    """

    id: str
    question: str
    language: Language
    kind: FactKind
    why: str
    accept: tuple[tuple[str, ...], ...] = ()
    at_least: int = 0
    gold: tuple[Gold, ...] = ()
    half: Half = "open"
    pair: str = ""
    near: str = ""

    @property
    def articles(self) -> tuple[str, ...]:
        """The names of the articles of ``gold``, each once."""
        return tuple(dict.fromkeys(gold.article for gold in self.gold))

    @property
    def origin(self) -> Literal["quoted", "spans", "none"]:
        """Where its answer stands: in pages that the file quotes, in pages of which it has only spans, or nowhere."""
        return "none" if not self.gold else "spans" if any(gold.span for gold in self.gold) else "quoted"

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
    _check_pairs(list(facts.values()), name)
    return list(facts.values())


def read_figures(written: str) -> list[Quantity]:
    """The figures of an accepted value: those of the text, or the one of ``number kind``.

    >>> [(str(q.value), q.kind) for q in read_figures("8000000000 money") + read_figures("80亿元")]
    [('8000000000', 'money'), ('8000000000', 'money')]
    >>> [(str(q.value), q.unit) for q in read_figures("2026-03-26")]
    [('2026', '年'), ('3', '月'), ('26', '日')]
    """
    if plain := _FIGURE.fullmatch(written):
        kind: Any = plain[2]
        return [Quantity(Decimal(plain[1]), kind, "", 0, len(written))]
    if day := _ISO_DATE.fullmatch(written):
        return find_quantities("{}年{}月{}日".format(*map(int, day.groups())))
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
    if unknown := sorted(set(entry) - {*_COMMON, *_OPTIONAL, *_ANSWERED, "near"}):
        _refuse(where, f"the key {unknown[0]!r} is unknown")
    common: dict[str, Any] = {key: _text(entry, key, where) for key in _COMMON}
    common |= {key: _text(entry, key, where) if key in entry else default for key, default in _OPTIONAL.items()}
    for key, known in (("language", Language), ("kind", FactKind), ("half", Half)):
        _one_of(common[key], get_args(known), key, where)
    if common["kind"] == "refusal":
        if extra := [key for key in _ANSWERED if key in entry]:
            _refuse(where, f"the key {extra[0]!r} makes no sense with a refusal")
        return Fact(**common, near=_text(entry, "near", where) if "near" in entry else "")
    if "near" in entry:
        _refuse(where, "the key 'near' is for refusals only")
    if common["kind"] != "list" and "at_least" in entry:
        _refuse(where, "the key 'at_least' is for lists only")
    accept = _accept(entry, common["kind"], where)
    return Fact(**common, accept=accept, at_least=_at_least(entry, len(accept), where), gold=_gold(entry, where))


def _gold(entry: dict[str, Any], where: str) -> tuple[Gold, ...]:
    if "gold" not in entry:
        return tuple(map(Gold, _texts(entry.get("article"), "article", where)))
    if "article" in entry:
        _refuse(where, "the keys 'gold' and 'article' say the same; give one of them")
    given = entry["gold"]
    if not isinstance(given, list) or not given or not all(isinstance(item, dict) for item in given):
        _refuse(where, "the key 'gold' must be a list of mappings, each with an article and its quote or span")
    return tuple(_gold_item(item, where) for item in given)


def _gold_item(item: dict[str, Any], where: str) -> Gold:
    where = f"{where}, gold"
    if unknown := sorted(set(item) - {"article", "quote", "span"}):
        _refuse(where, f"the key {unknown[0]!r} is unknown")
    article = _text(item, "article", where)
    if len(item) != 2:
        _refuse(where, f"{article!r} needs either a quote or a span")
    if "span" in item:
        return Gold(article, span=_span(item["span"], where))
    return Gold(article, _text(item, "quote", where))


def _span(given: Any, where: str) -> tuple[int, int]:
    ends = given if isinstance(given, list) else []
    if len(ends) != 2 or not all(isinstance(end, str) and _SPAN.fullmatch(end) for end in ends):
        _refuse(where, "the key 'span' must be two numbers of characters, [start, end]")
    start, end = map(int, ends)
    if start >= end:
        _refuse(where, f"the key 'span' ends at {end}, not after its start at {start}")
    return start, end


def _check_pairs(facts: list[Fact], name: str) -> None:
    """A pair is a question in Chinese and one in English, in one half.

    Raises:
        UsageError: a pair is something else.
    """
    pairs: dict[str, list[Fact]] = {}
    for fact in facts:
        if fact.pair:
            pairs.setdefault(fact.pair, []).append(fact)
    for key, pair in pairs.items():
        where = f"{name}, pair {key!r} ({', '.join(fact.id for fact in pair)})"
        if sorted(fact.language for fact in pair) != ["en", "zh"]:
            _refuse(where, "a pair is one question in Chinese and the same in English")
        if pair[0].half != pair[1].half:
            _refuse(where, "both questions of a pair must be in the same half")


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
