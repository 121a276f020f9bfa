"""What a follow-up question leaves out, put back by rule from the question before it.

A rule speaks only where it can be sure: where nothing stands in the follow-up but a place, a time or a term of the
glossary (那随州呢？ / and in 2025?), where a word points at a place (那里, its) and one place alone was named, where an
office is asked for that every city has (局长是谁？), and where cities that were named are set side by side (比江门高
多少？).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lang.cities import city_spans, english_name, unlisted_cities
from lang.glossary import Term, find_terms
from lang.script import detect_language, to_simplified
from rag.comparing import only_compares

Known = tuple[str, ...]

# Terms that tell what is asked of a thing, not which thing it is: they stay when the thing changes.
_GENERAL = frozenset("目标 增长 占比 企业 产业 科技 技术 创新 会议".split())
_PEOPLE = frozenset("局长 副局长 党组书记 市长 副市长 书记 负责人 主任".split())
# They stand in names (云川氢能产业园), where another term must not take their place.
_INSTITUTIONS = frozenset("园区 实验室 研究院 科研院所 高校 高新区 科技局 市委 市政府".split())
_ACTIONS = frozenset("行动 六大行动 五项行动".split())
_LEAD = re.compile(
    r"^\s*(?:(?:那(?![里儿些个座边])么?|还有|以及|然后|另外|请问|换成|改成|如果是|和|与)[，,\s]*)+"
    r"|^\s*(?:(?:and|or|so|then|also|now|but)\b[\s,]*)*(?:(?:what|how)\s+about\b|what\s+of\b|same\s+for\b)?\s*",
    re.IGNORECASE,
)
_THEN = re.compile(r"^那(?![里儿些个座边])么?[，,\s]*")
_TAIL = re.compile(
    r"(?:的?(?:呢|又如何|又怎么样|怎么样|如何|情况|话)|,?\s*\b(?:then|too|as well|instead))?[\s?？。.!！]*$",
    re.IGNORECASE,
)
_TIME = re.compile(r"(?<!\d)20\d\d(?!\d)(?:\s*年)?|今年|去年|明年|\b(?:this|last|next)\s+year\b", re.IGNORECASE)
_MONTH = re.compile(r"年\s*\d{1,2}\s*月")  # what was said in March 2025 of 2025 was not said in March 2026 of 2026
_YEARS = {"this year": "今年", "last year": "去年", "next year": "明年"}
_SMALL = re.compile(
    r"的|[在到于和与、]|它|其|那里|那儿|当地|该市|市|\b(?:the|of|in|for|at|by|on|to|its|their|there|an?|and|about|'s)\b|\W",
    re.IGNORECASE,
)
ASKING = re.compile(
    r"多少|几[家项个名所座种]|哪|什么|谁|怎么?|如何|为何|是否|吗|\b(?:how|what|which|who|whom|whose|when|where|why|does|did"
    r"|do|is|are|was|were|has|have|can|will)\b",
    re.IGNORECASE,
)
_WHICH_CITY = re.compile(r"哪[个座些几一]?(?:城?市|地)|which (?:city|cities|place)", re.IGNORECASE)
_PLACE = re.compile(
    r"那里|那儿|当地|该市|[这那][个座]城市|\b(?:in\s+)?(?:this|that|the same)\s+city\b"
    r"|(?<!is )(?<!are )(?<!was )(?<!were )(?<!be )(?<!been )\bthere(?=\s*[?.]?\s*$)",
    re.IGNORECASE,
)
_OWN = re.compile(r"(?:它的?|其)(?=\S)|\b(?:its|their)\s+(?=\S)", re.IGNORECASE)
_WHO = re.compile(r"谁|哪位|\bwho\b", re.IGNORECASE)
_WHOSE_NAME = re.compile(rf"{_WHO.pattern}|叫什么|什么名字|\bname\b", re.IGNORECASE)
_LIST = re.compile(r"哪些|哪几|\b(?:what|which) are\b", re.IGNORECASE)
_COUNTING = re.compile(r"多少[家个项名所座场人]|几[家个项名所座场人]|how many", re.IGNORECASE)
_VALUE = re.compile(
    r"投入|经费|额|值|强度|收入|比重|spending|investment|expenditure|value|intensity|revenue|output", re.I
)
_AIM = re.compile(r"目标|力争|计划|\b(?:targets?|aims?|goals?|plans?)\b", re.IGNORECASE)
_PLURAL = {"does": "do", "is": "are", "was": "were", "has": "have"}
_OFFICE_WORDS = re.compile(
    r"现任|现在|目前|名字|姓名|叫|是|的|\b(?:current|currently|now|name|named|called|and)\b", re.IGNORECASE
)
_DOES = re.compile("[要将把对向]|计划|实施|提出|力争|推[进动]|建设")
# What may follow a city that is itself what the question is about: in 云川氢能产业园 it is not.
_SUBJECT_ENDS = re.compile(r"市?(?:$|[的今去明全在计力要将有共提定设，,0-9]|科技局)")


@dataclass(frozen=True, slots=True)
class _Slots:
    """What a follow-up names: places, times, terms; ``bare`` if it holds nothing besides, ``framed`` if it says and."""

    cities: tuple[str, ...]
    times: tuple[str, ...]
    terms: tuple[tuple[Term, str], ...]
    bare: bool
    framed: bool


def complete_by_rule(utterance: str, question: str, known: Known = (), earlier: str = "") -> str | None:
    """The follow-up as a full question, or None where no rule can tell.

    Args:
        utterance: the follow-up, in either language.
        question: the full question before it; the result is in its language, unless the follow-up only had a word
            that points at a place.
        known: further cities, as for ``lang.cities.find_cities``.
        earlier: the full question before that, which may have the other of two cities (which of the two has more?).

    >>> complete_by_rule("那随州呢？", "江门市的高企存量目标是多少？")
    '随州市的高企存量目标是多少？'
    >>> complete_by_rule("and in 2025?", "How many incubators does Jiangmen aim for?")
    'How many incubators does Jiangmen aim for in 2025?'
    """
    utterance, question = to_simplified(utterance.strip()), _THEN.sub("", to_simplified(question.strip()))
    known = (*known, *unlisted_cities(f"{question}\n{earlier}"))
    if (compared := _side_by_side(utterance, question, earlier, known)) is not None:
        return compared
    slots = _read(utterance, known)
    if not slots.bare or not (slots.cities or slots.times or slots.terms):
        return None if slots.cities else _pointed(utterance, question, known) or _in_office(utterance, question, known)
    if slots.cities and slots.terms and not slots.framed:
        return None  # a city and its indicator stand for themselves
    return _filled(slots, question, known)


def named_cities(text: str, known: Known = ()) -> list[str]:
    """The cities of a text, listed or not, each once."""
    return list(dict.fromkeys(city for _, _, city in city_spans(text, (*known, *unlisted_cities(text)))))


def of_place(question: str, city: str) -> str:
    """A question that names no place, asked of a city.

    >>> of_place("光电领域有多少？", "云川"), of_place("How many are photonic?", "云川")
    ('云川的光电领域有多少？', 'How many are photonic in Yunchuan?')
    """
    english = detect_language(question) == "en"
    return _appended(question, f"in {english_name(city)}") if english else f"{city}的{question}"


def _read(utterance: str, known: Known) -> _Slots:
    middle = _TAIL.sub("", _LEAD.sub("", utterance, count=1), count=1)
    framed = middle != re.sub(r"[\s?？。.!！]*$", "", utterance)
    cities = tuple(named_cities(middle, known))
    rest = middle
    for start, end, _ in reversed(list(city_spans(middle, (*known, *unlisted_cities(middle))))):
        rest = f"{rest[:start]} {rest[end:]}"
    times = tuple(m.group() for m in _TIME.finditer(rest))
    rest = _TIME.sub(" ", rest)
    terms = tuple((term, rest[a:b]) for a, b, term in _term_spans(rest))
    for a, b, _ in reversed(_term_spans(rest)):
        rest = f"{rest[:a]} {rest[b:]}"
    return _Slots(cities, times, terms, not _SMALL.sub("", rest), framed)


def _term_spans(text: str) -> list[tuple[int, int, Term]]:
    """Where the terms stand, in order, none inside another."""
    spans: list[tuple[int, int, Term]] = []
    lowered = text.lower()
    for term in sorted(find_terms(text), key=lambda t: -max(map(len, (*t.zh_forms, *t.en_forms)))):
        for form in sorted((*term.zh_forms, *term.en_forms), key=len, reverse=True):
            at = lowered.find(form.lower())
            if at >= 0 and not any(a < at + len(form) and at < b for a, b, _ in spans):
                spans.append((at, at + len(form), term))
                break
    return sorted(spans, key=lambda s: s[0])


def _filled(slots: _Slots, question: str, known: Known) -> str | None:
    steps: list[Callable[[str], str | None]] = []
    things = [(term, form) for term, form in slots.terms if term.zh not in _GENERAL]
    if len(things) > 1 or (slots.terms and not things) or len(slots.times) > 1:
        return None
    if things:
        steps.append(lambda q: _with_term(q, *things[0], known))
    if slots.cities:
        steps.append(lambda q: _with_cities(q, slots.cities, known))
    if slots.times:
        steps.append(lambda q: _with_time(q, slots.times[0]))
    full: str | None = question
    for step in steps:
        full = step(full) if full else None
    return full


def _side_by_side(utterance: str, question: str, earlier: str, known: Known) -> str | None:
    """The question before asked of two cities, and what the utterance asks of the two; None where it asks more."""
    said, before = named_cities(utterance, known), named_cities(question, known)
    if len(before) != 1:
        return None
    other = said or [c for c in named_cities(earlier, known) if c not in before]
    if (
        not said
        and len(other) == 1
        and _with_cities(earlier, tuple(before), known) != _with_cities(question, tuple(before), known)
    ):
        return None  # they were asked different things
    if len(other) != 1 or other == before:
        return None
    rest = utterance
    for start, end, _ in reversed(list(city_spans(rest, known))):
        rest = f"{rest[:start]} {rest[end:]}"
    if not only_compares(rest):
        return None
    asked, added = _with_cities(question, (before[0], other[0]), known), _LEAD.sub("", utterance, count=1)
    if not asked:
        return None
    if detect_language(question) == "zh":
        return f"{asked.rstrip('?？ ')}，{added}"
    names = f"{english_name(before[0])} and {english_name(other[0])}"
    plural = re.sub(rf"\b({'|'.join(_PLURAL)})(?= {names})", lambda m: _PLURAL[m[1]], asked)
    return f"{plural.rstrip('?？ ')}, and {added[:1].lower()}{added[1:]}"


def _in_office(utterance: str, question: str, known: Known) -> str | None:
    """Who holds an office that every city has (局长是谁？), of the cities that the question before was about."""
    spans = _term_spans(utterance)
    offices = [(term, utterance[a:b]) for a, b, term in spans if term.zh in _PEOPLE]
    cities, subject = named_cities(question, known), _subject(question, known)
    if len(offices) != 1 or not _WHOSE_NAME.search(utterance) or not (subject or len(cities) > 1):
        return None
    rest = utterance
    for a, b, term in reversed(spans):
        rest = f"{rest[:a]} {rest[b:]}" if term.zh in _PEOPLE or term.zh == "科技局" else rest
    if _SMALL.sub("", _OFFICE_WORDS.sub(" ", ASKING.sub(" ", rest))):
        return None
    office, form = offices[0]
    if detect_language(utterance) == "en":
        return _asked_en(office, form, " and ".join(map(english_name, cities)), utterance)
    if len(cities) > 1:
        return f"{'和'.join(cities)}的{form}各是谁？"
    return _asked_zh(office, form, subject if detect_language(question) == "zh" else cities[0], utterance)


def _with_cities(question: str, cities: tuple[str, ...], known: Known) -> str | None:
    if _WHICH_CITY.search(question):
        return None
    spans = list(city_spans(question, known))
    if len({city for _, _, city in spans}) > 1:
        return None
    english = detect_language(question) == "en"
    name = " and ".join(map(english_name, cities)) if english else "和".join(cities)
    if not spans:
        return _appended(question, f"in {name}") if english else f"{name}的{question}"
    for start, end, _ in reversed(spans):
        question = f"{question[:start]}{name}{question[end:]}"
    return question


def _with_time(question: str, time: str) -> str | None:
    found = _TIME.findall(question)
    if len(found) > 1 or (found and _MONTH.search(question)):
        return None
    if detect_language(question) == "en":
        wanted = re.sub(r"\s*年", "", next((en for en, zh in _YEARS.items() if zh == time), time))
        return (
            _TIME.sub(wanted, question)
            if found
            else _appended(question, f"in {wanted}" if wanted.isdigit() else wanted)
        )
    wanted = _YEARS.get(" ".join(time.lower().split()), time)
    wanted = f"{wanted[:4]}年" if wanted[0].isdigit() else wanted
    return _TIME.sub(wanted, question) if found else f"{wanted}{question}"


def _with_term(question: str, term: Term, form: str, known: Known) -> str | None:
    """The same asked of another thing; in words of its own where the old ones would not fit it."""
    english = detect_language(question) == "en"
    if term.zh == "同比":
        return _year_on_year(question)
    wanted = form if form.isascii() == english else term.en if english else term.zh
    subject = _subject(question, known)
    named = len(subject) if not english and question.startswith(subject) else 0
    spans = [s for s in _term_spans(question) if s[0] >= named and s[2].zh not in _GENERAL | _INSTITUTIONS]
    fits = not (term.zh in _PEOPLE or term.zh in _ACTIONS or _WHO.search(question) or _LIST.search(question))
    if fits and spans and not (_COUNTING.search(question) and _VALUE.search(wanted)):
        # A Chinese question names its thing last (园区的研发投入), an English one first (R&D spending of the park).
        start, end, _ = spans[0] if english else spans[-1]
        return f"{question[:start]}{wanted}{question[end:]}"
    if not subject:
        return None
    return _asked_en(term, wanted, subject, question) if english else _asked_zh(term, wanted, subject, question)


def _year_on_year(question: str) -> str | None:
    """By how much that grew whose amount was asked for.

    >>> _year_on_year("云川市2025年技术合同登记额是多少？"), _year_on_year("What was the output of the park?")
    ('云川市2025年技术合同登记额同比增长多少？', 'What was the year-on-year growth of the output of the park?')
    """
    for pattern, left in (
        (r"(?:[是为有了]|达到?)?(?:多少|几)[亿万]?[元家个项名座所场]?([^，。？?]{0,8})[？?]?$", r"\1同比增长多少？"),
        (r"^(what (?:is|was) the )(?=.)", r"\1year-on-year growth of the "),
    ):
        full, found = re.subn(pattern, left, question, count=1, flags=re.IGNORECASE)
        if found:
            return full
    return None


def _asked_zh(term: Term, wanted: str, subject: str, question: str) -> str:
    if term.zh in _PEOPLE:
        return f"{subject}的{wanted}是谁？"
    if term.zh in _ACTIONS:
        return f"{subject}的{wanted}有哪些？"
    return f"{subject}的{wanted}{'目标' if _AIM.search(question) else ''}是多少？"


def _asked_en(term: Term, wanted: str, subject: str, question: str) -> str:
    if term.zh in _PEOPLE:
        return f"Who is the {wanted} of {subject}?"
    if term.zh in _ACTIONS:
        return f"What are the {wanted} of {subject}?"
    return f"What is the {wanted}{' target' if _AIM.search(question) else ''} of {subject}?"


def _subject(question: str, known: Known) -> str:
    """What a question about one place is about: the place, or what its name begins (云川氢能产业园)."""
    spans = list(city_spans(question, known))
    if len({city for _, _, city in spans}) != 1 or "《" in question:
        return ""
    start, end, city = spans[0]
    if detect_language(question) == "en":
        return english_name(city)
    head, of, _ = question.partition("的")
    if of and start < len(head) <= 15 and not ASKING.search(head) and not _DOES.search(head):
        return _TIME.sub("", head)
    return city if _SUBJECT_ENDS.match(question, end) else ""


def _pointed(utterance: str, question: str, known: Known) -> str | None:
    """A question whose there or its can only be the one place that the question before was about."""
    subject = _subject(question, known)
    cities = named_cities(question, known)
    if not subject:
        return None
    english = detect_language(utterance) == "en"
    name = english_name(cities[0]) if english else cities[0]
    if place := _PLACE.search(utterance):
        pointed = f"in {name}" if place.group().lower().startswith(("in ", "there")) else name
        return utterance[: place.start()] + pointed + utterance[place.end() :]
    own = _OWN.search(utterance)
    if own is None or not any(a == 0 for a, _, _ in _term_spans(utterance[own.end() :])):
        return None
    whole = f"{name}'s " if english else f"{subject if detect_language(question) == 'zh' else name}的"
    return utterance[: own.start()] + whole + utterance[own.end() :]


def _appended(question: str, words: str) -> str:
    asked = question.rstrip("?？ ")
    return f"{asked} {words}?"
