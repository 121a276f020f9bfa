from __future__ import annotations

import datetime
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lang.dates import agree, find_dates

_MONTHS = "January February March April May June July August September October November December".split()


def _one(text: str, published: str = ""):  # type: ignore[no-untyped-def]
    (date,) = find_dates(text, published)
    return date


@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2059, 12, 31)))
def test_a_day_is_the_same_however_written(day: datetime.date) -> None:
    name = _MONTHS[day.month - 1]
    ways = [
        f"{day.year}年{day.month}月{day.day}日",
        day.isoformat(),
        f"{day.day} {name} {day.year}",
        f"{name} {day.day}, {day.year}",
        f"{name[:3]} {day.day}, {day.year}",
    ]
    found = [_one(way) for way in ways]
    assert {(d.year, d.month, d.day) for d in found} == {(day.year, day.month, day.day)}
    assert all(agree(a, b) for a, b in itertools.product(found, found))


@pytest.mark.parametrize(
    ("claim", "source", "published", "same"),
    [
        ("in 2025", "2025年3月5日", "", True),
        ("on 5 March 2025", "2025年", "", False),
        ("今年", "2025年", "2025-02-06", True),
        ("last year", "2023年", "2024-02-06", True),
        ("last year", "去年", "", True),
        ("去年", "今年", "", False),
        ("the first half of 2025", "2025年上半年", "", True),
        ("the first half of 2025", "2025年下半年", "", False),
        ("Q1 2025", "2025年一季度", "", True),
        ("in the first three quarters of 2025", "2025年前三季度", "", True),
        ("in the third quarter of 2025", "2025年前三季度", "", False),
        ("2025年上半年", "2025年二季度", "", True),
        ("in March", "2025年3月", "", True),
        ("in April", "2025年3月", "", False),
    ],
)
def test_a_claimed_date_follows_from_a_written_one(claim: str, source: str, published: str, same: bool) -> None:
    assert agree(_one(claim, published), _one(source, published)) is same


@pytest.mark.parametrize("text", ["3个月", "2000座基站", "2,024 firms", "¥2025", "it may rise", "1990家", ""])
def test_numbers_that_are_no_dates(text: str) -> None:
    assert find_dates(text) == []


@given(st.text(st.sampled_from("0123456789年月日上下半一三季度今去 -/ofMarchQH,"), max_size=30))
def test_dates_stand_in_order_and_apart(text: str) -> None:
    found = find_dates(text, "2025-02-06")
    assert all(0 <= d.start < d.end <= len(text) for d in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
