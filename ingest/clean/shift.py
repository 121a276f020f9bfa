"""GBK text that lost a byte and was read one byte late: 。”黃輝說 became !秉S輝說."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ingest.clean.outofstep import LOST, Budget, Reader, Repair, Slot, Start, char_of, fold, pair_of
from ingest.origin import Cleaned, Edit, Note, Text
from lang.pinyin import READING, is_reading
from lang.script import HAN, is_han, traditional_share
from lang.unigram import Unigram

# A segment without any of these was read in step: a mark that 。” and the like leave, a lone ASCII character
# between Chinese ones, or a character that few texts have.
_SEAM = re.compile(f"[!！](?=[{HAN}])")
_UNDEFINED = "□"  # in the rougher look, a pair that GBK has not; as dear as any odd character
_STOPS = frozenset("。！？…，、》）：；")
_LONE = re.compile("[@-~](?![!-~])")
_LONE_LETTER = re.compile(rf"(?<=[{HAN}，。、,])[@-~](?=[{HAN}，。、,])")
_MIN_COST = 12.2  # of a character alone, in nats: about one in 60,000
_SEGMENT = re.compile(r"[!?,:;()]?[^\x00-\x7f]+")
_BROKEN_READING = re.compile(r"[?？\ufffd]([a-z\u0300-\u036fà-ǜ]{1,6}[1-5]?)[)）]")

# What must be gained, in nats, for a run to be believed: anywhere; where 。 and a quotation mark may have lost a
# byte, and the mark is due; where it is not due; where the mark lost its other byte too; and where a reading
# stands in the middle of a character. On a page that has runs, others are likelier.
_ANYWHERE, _DUE, _NOT_DUE, _DUE_ALONE, _IN_READING = 20.0, 2.0, 14.0, -8.0, -10.0
_MARK_ONLY, _LONE_BYTE = 8.0, 12.0  # where no more is left of both marks; of a character, no more than a letter
_ON_SUCH_A_PAGE = 5.0
_DOUBTFUL = 12.0  # so much less, and it is only said
# Words weighed on a page, each in about 10 µs: where runs are found, some hundred a character of theirs; where
# none is, so many and one more for so many characters. Pages of news spend one in two characters, at most 9,000.
_IF_FOUND, _IF_NOTHING, _CHARS_A_WORD = 1_000_000, 50_000, 2
_STAY = 14.0  # the price of a change in the first, rougher look
_SURE_GUESS, _SURE, _CLEAR = 0.999, 0.98, 0.4  # shares of probability: without a flag, and instead of 〓
_NEAR = 60  # characters before a broken reading in which the last one is looked for
_BARE_MARKS = frozenset("@[]^_`|~{}")  # where one stands alone, it was mostly put there
_LAST_OF_TWO = re.compile(f"(?<=[{HAN}0-9a-zA-Z])[!！](?=[\\s0-9a-zA-Z]|$)")
_MIN_TRADITIONAL = 0.05  # share of characters from which a page counts as traditional


def repair_shift(text: Text) -> Cleaned:
    """Puts runs of GBK that were read one byte late back in step.

    A character of which a byte is gone is restored where the words around it leave a clear winner, and flagged
    unless there is hardly a rival; else it becomes 〓, flagged. What is likelier as it stands is not touched.
    """
    traditional = traditional_share(text.chars) > _MIN_TRADITIONAL
    model, budget = Unigram(), _budget(text)
    found = _find(text, model, traditional, budget)
    if found and budget.is_left():  # once more, with the words of the page itself: names recur on it
        model, budget = Unigram(_apart_from(text.chars, found)), _budget(text)
        found = _find(text, model, traditional, budget, _ON_SUCH_A_PAGE, again=True)
    edits = [e for at, repair in found for e in _edits(repair, at)]
    notes = [n for at, repair in found for n in _notes(repair, at)]
    taken = [(at + r.start, at + r.end) for at, r in found]
    doubtful = _doubtful(text, model, traditional, budget, frozenset(i for span in taken for i in range(*span)))
    notes += [(a, b, "a byte may have been lost here; left as it stands") for a, b in doubtful]
    cleaned = text.edit(edits, sorted(notes))
    return Cleaned(cleaned.text, tuple(text.raw_span(a, b) for a, b in taken), cleaned.flags)


def _budget(text: Text) -> Budget:
    return Budget(_IF_FOUND, _IF_NOTHING + len(text) // _CHARS_A_WORD)


def _doubtful(
    text: Text, model: Unigram, traditional: bool, budget: Budget, taken: frozenset[int]
) -> Iterator[tuple[int, int]]:
    """What may be a run, apart from those taken, but gains too little to be changed."""
    for at, repair in _find(text, model, traditional, budget, _DOUBTFUL, again=True, apart_from=taken):
        start, end = at + repair.start, at + repair.end
        if taken.isdisjoint(range(start, end)) and (end - start > 1 or text.chars[start] not in _BARE_MARKS):
            yield start, end
    if taken:  # nothing else is left of 。” before an ASCII character or at a paragraph's end
        yield from (m.span() for m in _LAST_OF_TWO.finditer(text.chars) if m.start() not in taken)


def _find(
    text: Text,
    model: Unigram,
    traditional: bool,
    budget: Budget,
    discount: float = 0.0,
    again: bool = False,
    apart_from: frozenset[int] = frozenset(),
) -> list[tuple[int, Repair]]:
    """Every repair that gains its price less a discount, with the offset of its line.

    ``again`` where the page is known to have some. None begins at an offset of ``apart_from``.
    """
    found: list[tuple[int, Repair]] = []
    for a, b in text.lines():
        if not budget.is_left():  # no page that was read wrongly looks so; to try all places would take hours
            break
        line = text.chars[a:b].rstrip("\n")
        tried = {at: s for at, s in _starts(line, model, again).items() if a + at not in apart_from}
        starts = {at: replace(s, price=s.price - discount) for at, s in tried.items()}
        if starts:
            found += [(a, r) for r in Reader(line, model, starts, traditional, _readings(line)).repairs(budget)]
    return found


def _readings(line: str) -> dict[int, tuple[int, str]]:
    """Where readings begin, where they end and what they say."""
    after_han = (m for m in READING.finditer(line) if is_han(line[m.start() - 1 : m.start()]))
    return {m.start(): (m.end(), m[1]) for m in after_han}


def _apart_from(chars: str, found: list[tuple[int, Repair]]) -> str:
    """The page less its damage, simplified and without readings: what its own words are learnt from."""
    pieces, at = [], 0
    for offset, repair in found:
        pieces.append(chars[at : offset + repair.start])
        at = offset + repair.end
    return "\n".join("".join(map(fold, READING.sub("", p))) for p in [*pieces, chars[at:]])


# -- where a run may begin


def _starts(line: str, model: Unigram, again: bool) -> dict[int, Start]:
    """Where runs may begin; ``again`` where the page is known to have some."""
    starts = {}
    for m in _BROKEN_READING.finditer(line):
        if waiting := _split_by(line[max(0, m.start() - _NEAR) : m.start()], m[1]):
            starts[m.start()] = Start(_IN_READING, waiting=waiting, resume=m.end())
    for m in _SEGMENT.finditer(line):
        if _is_suspicious(line, *m.span(), model):
            for at in _likely_starts(line, *m.span(), model):
                starts |= {near: Start(_ANYWHERE) for near in range(max(at - 1, m.start()), min(at + 3, m.end()))}
    if again:
        starts |= {m.start(): Start(_LONE_BYTE) for m in _LONE_LETTER.finditer(line)}
    return starts | dict(_seams(line, "!！" if again else "!", model))


def _split_by(before: str, reading: str) -> tuple[int, ...]:
    """The bytes that may wait behind a reading that was put into the middle of a character.

    A program that adds readings replaced the bytes of 鎮, second of 真 and first of 傳, where it stood in
    認真傳達. What was then between the characters split 傳: its first byte and the bracket became a question mark,
    and the page reads 真?zhèn)鬟_(dá).
    """
    pair = pair_of(READING.sub("", before)[-1:] or " ")
    return tuple(b for b in range(0x81, 0xFF) if pair and is_reading(char_of(pair[1], b) or "?", reading))


def _is_suspicious(line: str, start: int, end: int, model: Unigram) -> bool:
    if _LONE.match(line, end) or _SEAM.search(line, start, end):
        return True
    return any(is_han(c) and (model.word(fold(c)) or 0.0) > _MIN_COST for c in line[start:end])


def _seams(line: str, exclamations: str, model: Unigram) -> Iterator[tuple[int, Start]]:
    """Where a stop before a quotation mark may have lost its first byte.

    ``exclamations`` are the marks that may be all that is left of both.
    """
    opened = False
    for m in re.finditer("[^a-zA-Z0-9 ]", line):
        at, char, following = m.start(), m[0], line[m.end() : m.end() + 1]
        if char in "“”":
            opened = char == "“"
            continue
        pair = pair_of("！" if char == "!" else char)
        stops = tuple(first for first in (0xA1, 0xA3) if pair and char_of(first, pair[0]) in _STOPS)
        mark = _late("！" if char == "!" else char, following) if stops and following > "\x7f" else ""
        if mark in ("“", "”"):
            due = opened == (mark == "”")
            opened = (mark == "“") if due else opened
            yield at, Start(_DUE if due else _NOT_DUE, stops)
        elif stops and opened and char in exclamations and not is_han(following or " ") and _is_unclosed(line, m.end()):
            yield at, Start(_DUE_ALONE, (0xA1,), then="”")
            opened = False
        elif pair and pair[0] == (0xB1 if opened else 0xB0) and (model.word(fold(char)) or 0.0) > _MIN_COST:
            yield at, Start(_MARK_ONLY, (0xA1,))  # two pairs of …… were dropped before it


def _is_unclosed(line: str, at: int) -> bool:
    """Whether the next quotation mark from there on opens, so that the one before was never closed."""
    following = re.compile("[“”]").search(line, at)
    return following is None or following[0] == "“"


def _likely_starts(line: str, start: int, end: int, model: Unigram) -> Iterator[int]:
    """Where runs seem to begin, at a first, rougher look.

    Two states, in step and late, over the costs of the characters as they stand and as they would be one
    byte later: the cheapest way through (Viterbi).
    """
    seen = line[start : end + 1]
    here = model.char_costs("".join(map(fold, seen)))
    late = model.char_costs("".join(fold(_late(a, b)) for a, b in pairwise(seen + " ")))
    in_step, out, began = 0.0, float("inf"), 0
    for i in range(len(seen)):
        if in_step + _STAY < out:
            out, began = in_step + _STAY, i
        in_step, out = in_step + here[i], out + late[i]
        if out + _STAY < in_step:
            yield start + began
            in_step = out + _STAY
    if out < in_step:  # an ASCII byte ends the run for nothing
        yield start + began


def _late(char: str, following: str) -> str:
    """The character one byte later: the second byte of one with the first of the next."""
    a, b = pair_of(char), pair_of(following)
    if a is None:
        return following if following.isascii() else _UNDEFINED
    return char_of(a[1], b[0] if b else ord(following) if following.isascii() else 0) or _UNDEFINED


# -- what becomes of the text


def _edits(repair: Repair, offset: int) -> list[Edit]:
    """What comes out at each observed character; a last one that left nothing comes out with the one before."""
    by_place = dict.fromkeys(range(repair.start, repair.end), "")
    for slot in repair.slots:
        by_place[min(slot.at, repair.end - 1)] += slot.char if _is_clear(slot) else LOST
    return [(offset + i, offset + i + 1, new) for i, new in sorted(by_place.items())]


def _notes(repair: Repair, offset: int) -> Iterator[Note]:
    for slot in repair.slots:
        if slot.share < (_SURE_GUESS if slot.guessed else _SURE) or slot.char == LOST:
            at = offset + min(slot.at, repair.end - 1)
            note = f"{slot.char} fits best" if _is_clear(slot) and slot.char != LOST else "no reading is clear"
            yield at, at + 1, f"a byte was lost here; {note}"


def _is_clear(slot: Slot) -> bool:
    return slot.share >= _CLEAR or not slot.guessed
