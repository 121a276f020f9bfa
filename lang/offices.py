"""Offices in English, put together from the body and the titles that the glossary knows."""

from __future__ import annotations

import re

from lang.cities import english_name
from lang.glossary import Term, terms

_PLACE = re.compile("^(?P<name>[\u4e00-\u9fff]{2,3})?(?P<level>[省市县区州])")
_LEVELS = {"省": "Provincial", "市": "Municipal", "县": "County", "区": "District", "州": "Prefecture"}
_SMALL = frozenset(("and", "of", "the", "for"))


def office_in_english(office: str, city: str = "") -> str:
    """An office's English; an empty string where a part of it is not known.

    Args:
        office: as the text has it, titles parted by 、.
        city: whose 市科技局 it is.

    >>> office_in_english("市科技局党组书记、局长", "随州")
    'Party leadership group secretary and director, Suizhou Science and Technology Bureau'
    >>> office_in_english("神秘处主任")
    ''
    """
    titles: list[str] = []
    bodies: list[str] = []
    for part in office.split("、"):
        title = _longest(part)
        body = _body_in_english(part.removesuffix(title.zh), city) if title else None
        if title is None or body is None:
            return ""
        titles.append(title.en.split(" (")[0])
        bodies += [body] if body else []
    named = " and ".join([", ".join(titles[:-1]), titles[-1]]) if len(titles) > 1 else titles[0]
    return ", ".join([named, *dict.fromkeys(bodies)])


def _body_in_english(body: str, city: str) -> str | None:
    """``市科技局`` as Suizhou Science and Technology Bureau; None where it is not known, empty where there is none."""
    if not body:
        return ""
    place = _PLACE.match(body)
    name = (place["name"] or (city if place["level"] == "市" else "")) if place else ""
    kind = body[place.end() :] if place else body
    term = _longest(kind)
    if kind and (term is None or term.zh != kind):
        return None
    where = english_name(name) if name else _LEVELS[place["level"]] if place else ""
    return " ".join(filter(None, [where, _capitalised(term.en) if term else ""]))


def _longest(text: str) -> Term | None:
    """The longest term that the text ends with, under the form that stands there."""
    found = ((form, t) for t in terms() for form in t.zh_forms if text.endswith(form))
    form, term = max(found, key=lambda pair: len(pair[0]), default=("", None))
    return Term(form, term.en) if term else None


def _capitalised(name: str) -> str:
    return " ".join(w if w in _SMALL else w[:1].upper() + w[1:] for w in name.split(" (")[0].split())
