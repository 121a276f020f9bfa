"""GBK read one byte late is put back in step; what is gone is said, and what was right stays."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.noise.gbk import shift_from
from eval.noise.script import NARROW
from ingest.clean import repair_shift
from ingest.clean.outofstep import LOST
from ingest.origin import Cleaned, Text
from lang.script import unfold_char
from tests.ingest.cases import cases

SPEECH = [
    "“我们要把实验室建到车间里去。”市科技局局长强调,全市将支持企业牵头攻关。",
    "“投入要增加,成本要下降。”市科技局负责人介绍,今年的预算是80亿元。",
    "成果转化的效率是衡量创新能力的标志。“首批企业已经进入园区。”园区负责人介绍。",
    "“创新平台建设要抓紧。”他表示,产业园要加快建设进度,年底以前投产。",
    "“问题的答案在哪里？”记者问,大家都认为在车间里。",
    "“这个目标一定能够实现！”全体与会人员表示,要把任务落到实处。",
    "会议指明了方向。“要加强人才培养,推动科技与产业深度融合。”会议强调。",
    "“企业是创新的主体。”专家认为,政府要提供更好的服务。",
]
PLAIN = "全市科技系统要紧紧围绕这一重要目标,推动科技与产业互促双强,为高质量发展提供科技支撑。"


@dataclass(frozen=True)
class _Damaged:
    """A line before and after a byte was lost at ``at``; ``lost`` are the characters of ``clean`` without a byte."""

    clean: str
    raw: str
    start: int
    end: int
    lost: frozenset[int]


def _damaged(clean: str, at: int) -> _Damaged:
    run = shift_from(clean, at)
    seen = run.chars.translate(NARROW)
    return _Damaged(clean, clean[:at] + seen + clean[run.end :], at, run.end, run.gone)


def _traditional(text: str) -> str:
    return "".join(map(unfold_char, text))


def _at_quotes(line: str) -> list[int]:
    return [i for i, char in enumerate(line[:-1]) if char in "。！？" and line[i + 1] in "“”"]


DAMAGED = [
    _damaged(line, at) for speech in SPEECH for line in (speech, _traditional(speech)) for at in _at_quotes(line)
]


@lru_cache(maxsize=64)
def _repaired(raw: str) -> Cleaned:
    return repair_shift(Text.from_raw(raw))


def _flagged(raw: str, cleaned: Cleaned) -> set[int]:
    """Which characters of the clean text stand where the raw one is flagged."""
    raw_places = {i for flag in cleaned.flags for i in range(flag.start, flag.end)}
    pairs = zip(cleaned.text.starts.tolist(), cleaned.text.stops.tolist(), strict=True)
    return {i for i, (a, b) in enumerate(pairs) if raw_places & set(range(a, max(b, a + 1)))}


@pytest.mark.parametrize(("raw", "clean"), cases("shift"))
def test_cases(raw: str, clean: str) -> None:
    cleaned = repair_shift(Text.from_raw(raw))
    assert cleaned.text.chars == clean
    assert bool(cleaned.spans) == (raw != clean)


def test_what_has_lost_no_byte_comes_back() -> None:
    """At quotation marks, in both scripts: of the characters whose bytes are all there, nearly all."""
    kept = right = 0
    for damage in DAMAGED:
        matcher = SequenceMatcher(None, damage.clean, _repaired(damage.raw).text.chars, autojunk=False)
        back = {i + k for i, _, size in matcher.get_matching_blocks() for k in range(size)}
        told = set(range(damage.start, damage.end)) - damage.lost
        kept, right = kept + len(told), right + len(told & back)
    assert len(DAMAGED) == 20
    assert kept > 100
    assert right >= 0.97 * kept


@pytest.mark.parametrize("damage", DAMAGED, ids=lambda d: d.raw[max(d.start - 4, 0) : d.start + 6])
def test_nothing_wrong_is_passed_on_unsaid(damage: _Damaged) -> None:
    cleaned = _repaired(damage.raw)
    flagged = _flagged(damage.raw, cleaned)
    matcher = SequenceMatcher(None, damage.clean, cleaned.text.chars, autojunk=False)
    wrong = {i for tag, _, _, a, b in matcher.get_opcodes() if tag in ("replace", "insert") for i in range(a, b)}
    assert wrong <= flagged, [cleaned.text.chars[i] for i in sorted(wrong - flagged)]


def test_what_is_outside_a_run_is_not_touched() -> None:
    for damage in DAMAGED:
        cleaned = _repaired(damage.raw).text.chars
        assert cleaned.startswith(damage.clean[: damage.start])
        assert cleaned.endswith(damage.clean[damage.end :])


def test_a_run_is_one_change_and_knows_its_place() -> None:
    raw = "前文。\n“投入要增加!秉S輝強調，預算是80億元。"
    cleaned = repair_shift(Text.from_raw(raw))
    assert [raw[a:b] for a, b in cleaned.spans] == ["!秉S"]
    assert cleaned.flags == ()
    clean = cleaned.text.chars
    places = [cleaned.text.raw_span(at, at + 1) for at in (clean.index("黃"), clean.index("輝"), len(clean) - 1)]
    assert [raw[a:b] for a, b in places] == ["S", "輝", "。"]
    assert places[-1] == (len(raw) - 1, len(raw))


def test_a_guess_is_flagged_and_what_no_guess_fits_is_marked() -> None:
    raw = "“投入要增加!彼,预算是80亿元。"
    cleaned = repair_shift(Text.from_raw(raw))
    assert cleaned.text.chars.count(LOST) == 1
    assert [(raw[f.start : f.end], f.note) for f in cleaned.flags] == [
        ("彼", "a byte was lost here; no reading is clear")
    ]
    guess = repair_shift(Text.from_raw("会议要求各单位ズ寐涫,月底前报送材料。"))
    assert "a byte was lost here; 抓 fits best" in [f.note for f in guess.flags]


def test_what_may_be_a_run_is_said_and_left() -> None:
    """Short, and at no quotation mark; and where nothing is left of 。” but a mark, on a page that has runs."""
    short = "“我們要把實驗室建到囬g裏去。”他說,要支持企業。"
    cleaned = repair_shift(Text.from_raw(short))
    assert cleaned.text.chars == short
    assert [short[f.start : f.end] for f in cleaned.flags if "left as it stands" in f.note] == ["囬g"]
    alone = "投入要增加! 他说。"
    assert not repair_shift(Text.from_raw(alone)).flags
    page = f"{alone}\n“投入要增加!秉S輝強調，預算是80億元。"
    assert [page[f.start : f.end] for f in repair_shift(Text.from_raw(page)).flags] == ["!"]


@settings(max_examples=20)
@given(st.sampled_from(DAMAGED), st.sampled_from([SPEECH[0], PLAIN, _traditional(PLAIN)]))
def test_a_run_does_not_change_the_lines_beside_it(damage: _Damaged, other: str) -> None:
    lines = repair_shift(Text.from_raw(f"{other}\n{damage.raw}\n{other}")).text.chars.split("\n")
    assert (lines[0], len(lines), lines[2]) == (other, 3, other)


@given(st.sampled_from(SPEECH), st.data())
def test_a_line_that_was_right_stays(line: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(line) - 1))
    piece = line[start : data.draw(st.integers(start, len(line)))]
    for written in (piece, _traditional(piece)):
        assert repair_shift(Text.from_raw(written)).text.chars == written
