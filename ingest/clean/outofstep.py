"""Reading GBK that has lost a byte: the likeliest of all readings that fit what is left of the bytes.

GBK writes a Chinese character as two bytes. Where one byte is lost, all that follows is read one byte late:
the second byte of each character with the first of the next, until an ASCII byte (or a second byte below
0x80, which looks like one) brings the reader back in step. To undo it, each misread character is taken apart
into its two bytes; the second waits for the first of the next.

What was lost on the way is enumerated:

- the byte that started it, unless what follows tells it;
- the second byte of the last character, before an ASCII byte: the reader dropped its first;
- pairs that GBK leaves undefined, which the reader dropped too: two characters miss one byte each, and of
  two such pairs in a row the character between has nothing left.

A line so becomes a lattice of characters. Its nodes are places of the line, in step or waiting for a second
byte; the cheapest way through it in words of a unigram model is found exactly (Viterbi), and the share of
every guessed character among all ways (forward-backward, Rabiner 1989).
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from lang.pinyin import is_reading
from lang.script import fold_char, unfold_char
from lang.unigram import MAX_WORD, Unigram

LOST = "〓"
"""Stands for a character whose bytes leave more than one reading."""

NARROWED = frozenset(("!", ",", ":", ";", "?", "(", ")"))
"""ASCII marks that were full-width ones of row A3 before a site narrowed them."""

# Prices, in nats, of what is not in the words themselves.
_LOST_MARK, _DROPPED, _NOTHING_LEFT, _LAST_BYTE, _NARROW, _OTHER_SCRIPT = 4.0, 2.5, 4.5, 1.0, 1.0, 3.0
_NO_GUESS = 10.0  # of 〓 where a byte is left
_RARE = 15.5  # dearer characters are not taken for a lost one
_PRUNE = 22.0  # nats above the cheapest node of a place, from which a node is given up
_MOST_WORDS = 800_000  # that one search weighs: 400 MB, for runs of some 2,000 characters without an ASCII one
_AROUND = 6  # characters in step before and after a run, so that its ends are judged in their words

Node = tuple[int, int, int]
"""A place in the line; what the node is, in topological order; the byte that waits, or 0."""
_LATE, _DROP, _TWICE, _ENDING, _MARK, _ASCII, _IN_STEP = range(7)
_MARKS = {0xA3: "。", 0xA1: "！", 0xBF: "？", 0xAC: "，", 0xAD: "…"}
"""Marks that end a sentence or a clause, by their second byte."""
_QUOTES = ("”", "“", "’", "‘", "》", "）")


class Edge(NamedTuple):
    """One character. ``at`` is the observed character it was read from; -1 where that stands as it is.

    ``stop`` is set on the last one of a run: the observed character from which on the line stands as it is.
    """

    char: str
    folded: str
    price: float
    to: Node
    at: int = -1
    guessed: bool = False
    stop: int = -1


@dataclass(frozen=True, slots=True)
class Slot:
    """One character put out: at which observed character, its share of probability, and whether a byte was guessed."""

    at: int
    char: str
    share: float
    guessed: bool


@dataclass(frozen=True, slots=True)
class Repair:
    """A run read right: observed characters ``start`` to ``end`` become ``slots``, in order."""

    start: int
    end: int
    slots: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """How a run may begin at a character.

    ``price`` in nats is what must be gained. ``lost`` are the bytes that may be missing before it; empty for
    any. Or else the bytes ``waiting`` may wait for the character at ``resume``. ``then`` is the mark that must
    follow, where half of it is gone.
    """

    price: float
    lost: tuple[int, ...] = ()
    waiting: tuple[int, ...] = ()
    resume: int = -1
    then: str = ""


@lru_cache(maxsize=70_000)
def pair_of(char: str) -> tuple[int, int] | None:
    """The two bytes of a character in GBK (user-defined areas included), or None."""
    try:
        raw = char.encode("gb18030")
    except UnicodeEncodeError:
        return None
    return (raw[0], raw[1]) if len(raw) == 2 else None


@lru_cache(maxsize=70_000)
def char_of(first: int, second: int) -> str:
    """The character of two bytes, or an empty string where GBK has none."""
    try:
        char = bytes((first, second)).decode("gbk")
    except UnicodeDecodeError:
        return ""
    return char if len(char) == 1 else ""


@lru_cache(maxsize=70_000)
def fold(char: str) -> str:
    """``fold_char``, remembered."""
    return fold_char(char)


@lru_cache(maxsize=70_000)
def _unfold(char: str) -> str:
    return unfold_char(char)


@lru_cache(maxsize=1)
def _plain() -> Unigram:
    return Unigram()


@lru_cache(maxsize=70_000)
def _known(char: str) -> float:
    """What a character costs alone: how common it is."""
    return _plain().word(fold(char)) or 0.0


@lru_cache(maxsize=256)
def with_first(first: int) -> tuple[str, ...]:
    """The characters in use that begin with a byte."""
    chars = (char_of(first, second) for second in range(0x40, 0xFF))
    return tuple(c for c in chars if c and c != LOST and _known(c) < _RARE)


@lru_cache(maxsize=256)
def with_second(second: int) -> tuple[str, ...]:
    """The characters in use that end with a byte."""
    chars = (char_of(first, second) for first in range(0x81, 0xFF))
    return tuple(c for c in chars if c and c != LOST and _known(c) < _RARE)


@lru_cache(maxsize=256)
def _undefined_after(second: int) -> frozenset[int]:
    """The first bytes with which a waiting byte makes a pair that GBK leaves undefined."""
    return frozenset(b for b in range(0x81, 0xFF) if second > 0x80 and not char_of(second, b))


@dataclass(slots=True)
class Budget:
    """How many words the searches of a page may still weigh: those that find a run, and those that find none."""

    found: int
    nothing: int

    def is_left(self) -> bool:
        return self.found > 0 and self.nothing > 0

    def spend(self, words: int, found: bool) -> None:
        if found:
            self.found -= words
        else:
            self.nothing -= words


class Reader:
    """Reads one line.

    Args:
        line: as it was observed.
        model: judges simplified text.
        starts: where runs may begin, by observed character.
        traditional: whether the page is in traditional characters: the others are then less likely.
        readings: where readings in parentheses begin, each with where it ends and what it says; they are passed
            over by words, and name the character before them.
    """

    def __init__(
        self,
        line: str,
        model: Unigram,
        starts: Mapping[int, Start],
        traditional: bool,
        readings: Mapping[int, tuple[int, str]],
    ) -> None:
        self.line, self.model, self.starts = line, model, starts
        self.to_page_script = _unfold if traditional else fold
        self.readings = readings

    def repairs(self, budget: Budget) -> list[Repair]:
        """The runs of the likeliest reading; none where the line is likelier as it is, or the budget is spent."""
        found: list[Repair] = []
        searched = 0
        for first in sorted(self.starts):
            if first >= searched and budget.is_left():  # else it was among the ways of the search before
                search = _Search(self, max(searched, first - _AROUND), first)
                runs = search.run()
                budget.spend(len(search.words), bool(runs))
                found += runs
                searched = search.end
        return found

    def pair(self, at: int) -> tuple[int, int] | None:
        """The bytes of an observed character, full-width again where a site may have narrowed it."""
        seen = self.line[at : at + 1]
        if seen in NARROWED:
            return 0xA3, ord(seen) + 0x80
        return None if seen.isascii() else pair_of(seen)

    def in_step(self, at: int) -> Node:
        while at in self.readings:
            at = self.readings[at][0]
        return at, _IN_STEP, 0

    def edges(self, node: Node) -> Iterator[Edge]:
        """The characters that may come next."""
        at, kind, byte = node
        if kind == _IN_STEP:
            yield from self._as_is(at)
        elif kind == _LATE:
            yield from self._late(at, byte)
        else:
            yield from self._after(node)

    def _as_is(self, at: int) -> Iterator[Edge]:
        if at >= len(self.line):
            return
        seen = self.line[at]
        yield Edge(seen, fold(seen), 0.0, self.in_step(at + 1))
        if start := self.starts.get(at):
            yield from self._start(at, start)

    def _start(self, at: int, start: Start) -> Iterator[Edge]:
        seen, pair = self.line[at], self.pair(at)
        if start.waiting:
            late = (edge for byte in start.waiting for edge in self._late(start.resume, byte))
            yield from (edge._replace(price=edge.price + start.price, at=at) for edge in late)
            return
        second = _second(seen, pair)
        for char in tuple(char_of(first, second) for first in start.lost) or with_second(second):
            if char:
                price = start.price + (0.0 if start.lost else self._price(char))
                yield self._whole(char, price, at, pair)._replace(guessed=not start.lost)

    def _late(self, at: int, byte: int) -> Iterator[Edge]:
        seen, pair = self.line[at : at + 1], self.pair(at)
        second = _second(seen, pair)
        if char := char_of(byte, second):
            price = _NARROW if seen in NARROWED else 0.0
            yield self._whole(char, price, at, pair)
            if pair and pair[1] in _MARKS and self.line[at + 1 : at + 2] in _QUOTES:
                yield Edge(char, fold(char), _LOST_MARK, (at, _MARK, pair[1]), at)
        if second:
            yield from self._dropped(at, byte, _DROP)
        if pair is None or seen in NARROWED:
            yield from self._last_lost(at, byte)

    def _whole(self, char: str, price: float, at: int, pair: tuple[int, int] | None) -> Edge:
        """A character of which both bytes are there; by an ASCII one the reader is back in step."""
        if pair and pair[1] < 0x80:  # an ASCII character that the reader took for a second byte
            return Edge(char, fold(char), price, (at, _ASCII, pair[1]), at)
        if pair:
            return Edge(char, fold(char), price, (at + 1, _LATE, pair[1]), at)
        return Edge(char, fold(char), price, self.in_step(at + 1), at, stop=at + 1)

    def _dropped(self, at: int, byte: int, kind: int) -> Iterator[Edge]:
        """Characters whose second byte was dropped, in a pair with the first of the next."""
        for char in with_first(byte):
            second = (pair_of(char) or (0, 0))[1]
            if _undefined_after(second):
                yield from self._put((char,), _DROPPED, (at, kind, second), at)

    def _after(self, node: Node) -> Iterator[Edge]:
        """The second character of one edge's worth of bytes."""
        at, kind, byte = node
        pair, second = self.pair(at), _second(self.line[at : at + 1], self.pair(at))
        if kind == _ASCII:
            yield Edge(chr(byte), chr(byte), 0.0, self.in_step(at + 1), at, stop=at + 1)
        elif kind == _MARK:
            yield Edge(_MARKS[byte], _MARKS[byte], 0.0, self.in_step(at + 1), at, stop=at + 1)
        elif kind == _ENDING:
            yield Edge(LOST, LOST, _NOTHING_LEFT, self.in_step(at), at, True, at)
        else:
            fits = _undefined_after(byte) if kind == _DROP else range(0x81, 0xFF)
            chars = (c for c in with_second(second) if (pair_of(c) or (0, 0))[0] in fits)
            yield from (self._whole(c, self._price(c), at, pair)._replace(guessed=True) for c in chars)
        if kind == _DROP:
            yield Edge(LOST, LOST, _NOTHING_LEFT, (at, _TWICE, 0), at, True)

    def _last_lost(self, at: int, byte: int) -> Iterator[Edge]:
        """The reader dropped the first byte of the last character, for what followed was ASCII."""
        chars, price, to = with_first(byte), _LAST_BYTE, self.in_step(at)
        before = self.starts.get(at - 1)
        if before and before.then:
            chars = (before.then,)
        elif at in self.readings:
            told = tuple(c for c in chars if is_reading(c, self.readings[at][1]))
            chars, price = (told, 0.0) if told else (chars, 6.0)
        else:
            yield from self._dropped(at, byte, _ENDING)
        yield from self._put(chars, price, to, at, stop=at)
        yield Edge(LOST, LOST, price + _NO_GUESS, to, at, True, at)

    def _put(
        self, chars: Iterable[str], price: float, to: Node, at: int, guessed: bool = True, stop: int = -1
    ) -> Iterator[Edge]:
        for char in chars:
            yield Edge(char, fold(char), price + (self._price(char) if guessed else 0.0), to, at, guessed, stop)

    def _price(self, char: str) -> float:
        return _OTHER_SCRIPT if self.to_page_script(char) != char else 0.0


def _second(seen: str, pair: tuple[int, int] | None) -> int:
    """The byte by which an observed character completes the one before it; 0 if it can't."""
    return pair[0] if pair else ord(seen) if "@" <= seen <= "~" else 0


class Word(NamedTuple):
    """A word of the lattice: from one node to another."""

    source: Node
    to: Node
    cost: float
    edges: tuple[Edge, ...]


@dataclass(slots=True)
class _Search:
    """The cheapest way from ``origin`` until all ways are back in step, past the run that may begin at ``first``."""

    reader: Reader
    origin: int
    first: int
    best: dict[Node, float] = field(default_factory=dict)
    words: list[Word] = field(default_factory=list)
    cache: dict[Node, list[Edge]] = field(default_factory=dict)
    end: int = 0

    def run(self) -> list[Repair]:
        end = self._forward(self.reader.in_step(self.origin))
        self.end = end[0] if end else len(self.reader.line)
        if not end:
            return []
        path = self._path(end)
        return _repairs(path, self._shares(end)) if any(e.at >= 0 for e in path) else []

    def _forward(self, origin: Node) -> Node | None:
        """Visits the nodes in order; returns the one in step where all ways have met again, if it is within reach."""
        self.best[origin] = 0.0
        todo, late = [origin], self.first
        while len(self.words) < _MOST_WORDS:
            node = heapq.heappop(todo)  # never empty: the line in step always reaches its end
            if node[1] != _IN_STEP:
                late = max(late, node[0])
            elif node[0] >= len(self.reader.line) or (node[0] > late + _AROUND and all(n[1] == _IN_STEP for n in todo)):
                return node
            rivals = (self.best[n] for n in todo if n[0] == node[0])
            if self.best[node] <= min(rivals, default=math.inf) + _PRUNE:
                self._expand(node, todo)
        return None

    def _expand(self, node: Node, todo: list[Node]) -> None:
        for word in self._words_from(node):
            self.words.append(word)
            if word.to not in self.best:
                heapq.heappush(todo, word.to)
            self.best[word.to] = min(self.best.get(word.to, math.inf), self.best[node] + word.cost)

    def _words_from(self, node: Node) -> Iterator[Word]:
        stack: list[tuple[Node, str, float, tuple[Edge, ...]]] = [(node, "", 0.0, ())]
        model = self.reader.model
        while stack:
            at, prefix, price, edges = stack.pop()
            fits = model.followers(prefix) if prefix else None
            for edge in self._edges(at):
                if fits is not None and edge.folded not in fits:
                    continue  # most of them: where a byte is lost, every character that has the other one is tried
                text, total = prefix + edge.folded, price + edge.price
                cost = model.word(text)
                if cost is not None:
                    yield Word(node, edge.to, cost + total, (*edges, edge))
                if len(text) < MAX_WORD and model.is_prefix(text):
                    stack.append((edge.to, text, total, (*edges, edge)))

    def _edges(self, node: Node) -> list[Edge]:
        if node not in self.cache:
            self.cache[node] = list(self.reader.edges(node))
        return self.cache[node]

    def _path(self, end: Node) -> list[Edge]:
        into: dict[Node, Word] = {}
        for word in self.words:
            if self.best[word.source] + word.cost <= self.best[word.to]:
                into[word.to] = word
        edges: list[Edge] = []
        while end in into:
            edges[:0] = into[end].edges
            end = into[end].source
        return edges

    def _weight(self, word: Word) -> float:
        """The word's probability, relative to the cheapest way to where it ends."""
        return math.exp(self.best[word.to] - self.best[word.source] - word.cost)

    def _shares(self, end: Node) -> dict[tuple[int, str, Node], float]:
        """The share of each character read from each place among all ways, script variants taken together."""
        before: dict[Node, float] = defaultdict(float)
        after: dict[Node, float] = defaultdict(float)
        before[self.words[0].source], after[end] = 1.0, 1.0
        for w in self.words:
            before[w.to] += before[w.source] * self._weight(w)
        for w in reversed(self.words):
            after[w.source] += after[w.to] * self._weight(w)
        shares: dict[tuple[int, str, Node], float] = defaultdict(float)
        for w in self.words:
            share = before[w.source] * after[w.to] * self._weight(w)
            for e in w.edges:
                if e.at >= 0:
                    shares[e.at, e.folded, (*e.to[:2], 0)] += share / before[end]
        return shares


def _repairs(path: list[Edge], shares: Mapping[tuple[int, str, Node], float]) -> list[Repair]:
    found: list[Repair] = []
    slots: list[Slot] = []
    for e in path:
        if e.at >= 0:
            slots.append(Slot(e.at, e.char, shares[e.at, e.folded, (*e.to[:2], 0)], e.guessed))
        if e.stop >= 0:
            found.append(Repair(slots[0].at, e.stop, tuple(slots)))
            slots = []
    return found
