"""Is a claim's figure another's? How well the words at it fit the figures of a source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from lang.claims.frames import Figure, Frame
from lang.claims.status import status_of
from lang.claims.vocabulary import chinese_words, classes_differ, english_words, measure, unit_class
from lang.concepts import Mention, find_concepts, find_grades, find_turns, kinds_of
from lang.dates import agree
from lang.dictionary import english_stems, stem
from lang.script import count_han, is_han

# How much better another figure's words must fit before the claim counts as taken from there.
_MARGIN = 0.35
# What is done with papers, projects and results, each counted by itself.
_ACTS = {
    name: re.compile(pattern, re.I)
    for name, pattern in {
        "apply": r"申报|申请|\bappl(?:y|ied|ications?)\b",
        "accept": r"受理",
        "use": r"实际使用|已使用|\bused\b",
        "issue": r"发放|\bissu\w+",
        "pay in": r"实缴|\bpaid[- ]in\b",
        "subscribe": r"认缴|\bsubscri\w+|\bcommit(?:ted|ments?)\b",
        "break": r"突破了?(?:关键|核心|一批)|\bbreakthroughs?\b|\bcracked\b",
        "register": r"登记|\bregist\w+",
        "transfer": r"转化|\bcommerciali[sz]\w+|\bconver(?:ted|sion)|\btransferred",
        "build": r"在建|正在建设|建设中|\bunder construction|\bbeing built",
        "have built": r"建成|\bbuilt\b|\bcompleted\b",
        "approve": r"立项|获批|批准|\bapprov\w+",
        "inspect": r"验收|结题",
        "sign": r"签约|签订|签署|\bsign(?:s|ed|ing)?\b",
        "release": r"发布|\b(?:releas|present|publish)\w+",
        "grant": r"授权|\bgrant(?:s|ed)\b",
        "start": r"开工|动工",
        "complete": r"竣工|完工",
        "produce": r"投产",
        "recommend": r"推荐",
        "match": r"成功对接|对接成功|\bmatched\b",
    }.items()
}


def fits_another(claim: Figure, concepts: tuple[Mention, ...], quote: Figure, source: Frame) -> bool:
    """Whether the words at the claim's figure fit another figure of its kind in the source better."""
    others = [
        f
        for f in source.figures
        if f.start != quote.start and _alike(f, quote) and f.own != quote.own and not _is_other_kind(f, claim)
    ]
    if not others:
        return False
    if _is_misplaced(claim, quote, [f for f in others if f.unit == quote.unit]) or _is_swapped(concepts, quote, others):
        return True
    mine = _fit(claim, concepts, quote)
    return any(_fit(claim, concepts, f) > mine + _MARGIN for f in others)


def _is_misplaced(claim: Figure, quote: Figure, others: Sequence[Figure]) -> bool:
    """Whether what was done (签约), or which is meant (一等奖, 女性), stands at another figure alone."""
    here, done = f"{quote.own} {quote.shared}", _named(_ACTS, claim.own)
    there = frozenset(name for f in others for name in _named(_ACTS, f.own))
    if done and done & there and not done & _named(_ACTS, here) and _named(_ACTS, quote.own):
        return True
    meant, shown = find_grades(claim.own), find_grades(" ".join((here, *quote.lead[:1])))
    return bool(meant and not meant & shown) and any(meant & find_grades(f.own) for f in others)


def _named(table: dict[str, re.Pattern[str]], text: str) -> frozenset[str]:
    return frozenset(name for name, pattern in table.items() if pattern.search(text))


def _is_swapped(concepts: tuple[Mention, ...], quote: Figure, others: Sequence[Figure]) -> bool:
    """Whether the claim names what another figure is of, and not what the quote's is of: 税收 and 营业收入."""
    own, named = find_concepts(quote.own), {name for mention in concepts for name in mention.names}
    for form, (name, *others_meant) in concepts:
        siblings = {o for o in own if not named & kinds_of(o) and o not in kinds_of(name)}
        known = _is_borne(name, own) or siblings & named  # 研发人员中有博士1900人 names both
        elsewhere = any(name in find_concepts(f.own) or form in f.own for f in others)
        if siblings and not known and elsewhere and not others_meant:
            return True
    return False


def _is_other_kind(f: Figure, claim: Figure) -> bool:
    """Whether a figure is of another place than the claim's, or counted in what it can't be: 32座, 48吨."""
    units = [measure(unit_class(g.unit, g.raw_after)) for g in (claim, f)]
    if claim.kind == f.kind == "count" and claim.unit and classes_differ(*units):
        return True
    there, here = ({p.name for p in g.places} - {"city"} for g in (f, claim))
    return bool(there and here and not there & here)


def _alike(a: Figure, b: Figure) -> bool:
    return a.kind == b.kind or {a.kind, b.kind} <= {"percent", "points", "multiple"}


def _fit(claim: Figure, concepts: tuple[Mention, ...], f: Figure) -> float:
    """How well words fit: indicators count one each, half where the source is more special; then other words."""
    own = find_concepts(f.own) or _concepts(f)
    named = [name for m in concepts for name in m.names]
    scores = [max(_credit(n, own, f) for n in m.names) for m in concepts]
    extra = 0.2 * sum(not any(o in kinds_of(n) or n in kinds_of(o) for n in named) for o in find_concepts(f.own))
    by_concept = (sum(scores) - extra) / len(scores) if scores else 0.0
    other_kind = 0.5 * (claim.kind != f.kind)  # growth in per cent beside a gap in points
    return by_concept + _word_fit(claim, f) + _circumstances(claim, f) - other_kind


def _credit(name: str, own: frozenset[str], f: Figure) -> float:
    """1 for the indicator itself, less for a kind of it, or for one that the stretch before has and none replaces."""
    if name in own:
        return 1.0
    if _is_borne(name, own):
        return 0.5
    siblings = any(kinds_of(name) & kinds_of(o) for o in own)
    return 0.0 if siblings or name not in find_concepts(" ".join(f.lead[:2])) else 0.8


def _circumstances(claim: Figure, f: Figure) -> float:
    """What speaks for a figure besides words: the same bound, the same state of things, the same time."""
    bound = claim.bound != "exact" and claim.bound == f.bound
    status = status_of(claim) != "" and status_of(claim) == status_of(f)
    time = any(agree(a, b) for a in claim.dates or claim.lead_dates[:1] for b in f.dates or f.lead_dates[:1])
    grade = bool(find_grades(claim.own) & find_grades(f.own))
    stock = bool(find_turns(claim.own) & find_turns(f.own) & {"new", "total"})
    return 0.2 * (bound + status + time) + 0.3 * (grade + stock)


def _word_fit(claim: Figure, f: Figure) -> float:
    inherited = "" if _substance(f.own) else " ".join(f.lead[:1])
    near = f"{f.own} {inherited} {f.shared}"
    if count_han(claim.own) > 2:
        pairs = _pairs(claim.own)
        return len(pairs & _pairs(near)) / max(1, len(pairs))
    words = english_words(claim.own)
    there = english_stems(near)
    return sum(stem(w) in there for w in words) / max(3, len(words))


def _substance(own: str) -> bool:
    return bool(find_concepts(own) or chinese_words(own))


def _pairs(text: str) -> set[str]:
    return {a + b for a, b in pairwise(text) if is_han(a) and is_han(b)}


def _concepts(f: Figure) -> frozenset[str]:
    """The indicators at a figure; where its own stretch names none, those of the nearest before it that does."""
    return next(filter(None, map(find_concepts, (f.own, f.shared, *f.lead, *f.earlier))), frozenset())


def _is_borne(name: str, there: Iterable[str]) -> bool:
    return any(name in kinds_of(other) for other in there)
