"""Whether a question is answered alike in Chinese and in English. Pure functions.

Jirui Qi, Raquel Fernández and Arianna Bisazza, "Cross-Lingual Consistency of Factual Knowledge in Multilingual Language
Models" (EMNLP 2023), ask it of a model's ranked candidates, apart from whether they are right; here, of answers.
"""

from __future__ import annotations

from decimal import Decimal

from eval.judging import Verdict, read_answer, supported
from eval.outcome import Outcome
from lang.cities import find_cities
from lang.people import find_people, romanize
from lang.quantities import find_quantities
from lang.script import to_simplified


def consistent(zh: tuple[Verdict, Outcome | None], en: tuple[Verdict, Outcome | None]) -> bool:
    """Whether both answers are right, both refuse, or both state the same figures, or people, or cities.

    Failures agree with nothing.
    """
    a, b = zh[0], en[0]
    if a.failed or b.failed or a.refused != b.refused:
        return False
    if a.refused or (a.correct and b.correct):
        return True
    return not (a.correct or b.correct) and _same(_shown(zh[1]), _shown(en[1]))


def _same(zh: str, en: str) -> bool:
    if _figures(zh) or _figures(en):
        return _figures(zh) == _figures(en)
    if people := find_people(to_simplified(zh)):
        return all(person in en or romanize(person).lower() in en.lower() for person in people)
    return bool(find_cities(zh)) and set(find_cities(zh)) == set(find_cities(en))


def _figures(text: str) -> set[tuple[Decimal, bool]]:
    """Values, and whether they are shares; dates go without, for one language may leave the year to the question."""
    found = [q for q in find_quantities(text) if q.kind in ("money", "percent", "points", "multiple", "count")]
    return {(q.value, q.kind in ("percent", "points")) for q in found}


def _shown(outcome: Outcome | None) -> str:
    answer = read_answer(outcome.answer) if outcome and outcome.answer else None
    return " ".join(sentence.text for sentence in supported(answer)) if answer else ""
