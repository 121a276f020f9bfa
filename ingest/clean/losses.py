"""Characters that are no longer there: filtered out of fixed words, replaced by placeholders, lost in decoding.

They are flagged. A filtered character is put back only where the caller asks for it and one word alone fits.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from ingest.origin import Cleaned, Edit, Note, Text
from lang.script import HAN
from lang.unigram import Unigram, word_costs

# Letters and crosses that stand for a name or a number: x月x日, xx大学, ××公司. One cross alone between Chinese
# characters multiplies (长×宽), and X光, X轴 and the like are words.
_PLACEHOLDER = re.compile(
    rf"(?<![A-Za-z0-9×*＊])(?:[xX×*＊]{{2,8}}|[x](?!轴|射线|光|染色体|坐标))(?![A-Za-z0-9×*＊])(?=[{HAN}])"
    rf"|(?<=[{HAN}])(?:[xX×*＊]{{2,8}}|x)(?![A-Za-z0-9×*＊(（])(?=[{HAN}，。、；：”）,;:)\s]|$)"
)
_UNDECODED = re.compile(r"(?:锟斤拷)+锟?|[\ufffd□]+")
# What word filters take out wherever it stands, also in 特色, 激光 or 情况. Without this list every second name
# looks like a word that lost a character.
_FILTERED = frozenset("色情性激奸淫裸乳胸赌毒枪弹炸奶尸妓嫖黄血")
_HAN_RUN = re.compile(f"[{HAN}]{{2,}}")
_MIN_WORD, _MAX_WORD = 3, 4
_MAX_COST = 17.0  # nats: words rarer than one in 24 million tell nothing
_MIN_GAIN = 4.0  # nats by which a fixed word must be likelier than what stands there
_MIN_EVIDENCE = 8.0  # nats over the page for a character to count as filtered out of it
_MAX_RISE = 3.0  # nats that a further place may become dearer, once the character is known


def flag_losses(text: Text) -> Cleaned:
    """Flags placeholders, undecodable characters and characters filtered out of fixed words; changes nothing."""
    return text.edit((), _notes(text, _filtered(text.chars)))


def restore_losses(text: Text) -> Cleaned:
    """The same, and puts filtered characters back where one word alone fits; these stay flagged."""
    found = _filtered(text.chars)
    edits: list[Edit] = [(at, at, char) for at, char, word in found if word]
    return text.edit(edits, _notes(text, found))


def _notes(text: Text, filtered: list[tuple[int, str, str]]) -> list[Note]:
    notes = [(*m.span(), "a placeholder stands for what was taken out") for m in _PLACEHOLDER.finditer(text.chars)]
    notes += [(*m.span(), "characters were lost in decoding") for m in _UNDECODED.finditer(text.chars)]
    for at, char, word in filtered:
        what = f"of {word}" if word else "here"
        notes.append((at - 1, min(at + 1, len(text.chars)), f"{char} seems to be filtered out {what}"))
    return sorted(notes)


@lru_cache(maxsize=1)
def _gapped() -> dict[str, list[tuple[str, int]]]:
    """Fixed words less one character, each with the words that it may be and where the character is missing.

    What is a word itself, or begins or ends like any text (的X, X了), tells nothing and is left out.
    """
    costs = word_costs()
    found: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for word, cost in costs.items():
        if _MIN_WORD <= len(word) <= _MAX_WORD and cost < _MAX_COST:
            for i in range(1, len(word)):
                rest = word[:i] + word[i + 1 :]
                if rest not in costs:
                    found[rest].append((word, i))
    return dict(found)


def _filtered(chars: str) -> list[tuple[int, str, str]]:
    """Places where a character seems to be missing: ``(at, char, word)``; ``word`` is empty where none is fixed.

    A filter takes a character out everywhere. So it must not stand on the page at all, and the places where a
    fixed word misses it must together speak for it.
    """
    model = Unigram()
    missing = {char for char in _FILTERED if char not in chars}
    hits = [h for h in _candidates(chars) if h[1] in missing]
    gains: dict[str, float] = defaultdict(float)
    for at, char, _word in hits:
        gains[char] += max(_gain(chars, at, char, model), 0.0)
    likely = {char for char, gain in gains.items() if gain >= _MIN_EVIDENCE}
    found = {
        at: (at, char, word) for at, char, word in hits if char in likely and _gain(chars, at, char, model) > _MIN_GAIN
    }
    for char in sorted(likely):
        for at in _further(chars, char, model):
            found.setdefault(at, (at, char, ""))
    return [found[at] for at in sorted(found)]


def _candidates(chars: str) -> Iterator[tuple[int, str, str]]:
    gapped = _gapped()
    for run in _HAN_RUN.finditer(chars):
        for start in range(run.start(), run.end() - 1):
            for size in range(_MIN_WORD - 1, _MAX_WORD):
                words = gapped.get(chars[start : start + size], []) if start + size <= run.end() else []
                if len({word[i] for word, i in words}) == 1:
                    word, i = words[0]
                    yield start + i, word[i], word


def _further(chars: str, char: str, model: Unigram) -> Iterator[int]:
    """Other places where a character that is known to be filtered out may have stood, in a word of two."""
    costs = word_costs()
    partners = {w[0] for w in costs if len(w) == 2 and w[1] == char and costs[w] < 13.0}
    for m in re.finditer(f"[{''.join(sorted(partners))}]", chars) if partners else ():
        if _gain(chars, m.end(), char, model) > -_MAX_RISE:
            yield m.end()


def _gain(chars: str, at: int, char: str, model: Unigram) -> float:
    """By how many nats the text around a place is likelier with the character in it."""
    before, after = chars[max(0, at - 5) : at], chars[at : at + 5]
    return sum(model.char_costs(before + after)) - sum(model.char_costs(before + char + after))
