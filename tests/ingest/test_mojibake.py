"""Text that was decoded wrongly and saved, by the line."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.clean.mojibake import LOST, mojibake_edits, undo_whole
from ingest.origin import Text

LINE = "惠州市2025年召开“科技”工作会议，部署全年的重点任务；力争增长20%以上（不含外资）。"
HAN = st.text(st.sampled_from("惠州市召开科技工作会议部署全年重点任务，。、的一是在企业创新"), min_size=8, max_size=60)


def _mended(line: str) -> str:
    return Text.from_raw(line).replace(mojibake_edits(line)).chars


def _cp1252(data: bytes) -> str:
    """As browsers read it: what cp1252 leaves open is a control character."""
    return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in data)


@pytest.mark.parametrize("damage", ["gbk", "utf-8"])
@pytest.mark.parametrize("reading", ["latin-1", "cp1252"])
def test_letters_become_the_characters_whose_bytes_they_were(damage: str, reading: str) -> None:
    data = LINE.encode(damage)
    assert _mended(data.decode("latin-1") if reading == "latin-1" else _cp1252(data)) == LINE


@given(HAN)
def test_any_line_comes_back(line: str) -> None:
    assert _mended(line.encode("utf-8").decode("latin-1")) == line
    if len(set(line)) > 3:
        assert _mended(line.encode("gbk").decode("latin-1")) == line


def test_a_good_part_of_a_line_stays() -> None:
    good = "随州市讯：Café 里，"
    assert _mended(good + LINE.encode("gbk").decode("latin-1")) == good + LINE
    assert _mended(good + LINE.encode("utf-8").decode("latin-1")) == good + LINE


def test_utf_8_read_as_gbk() -> None:
    assert _mended("鎯犲窞甯傚彫寮€") == "惠州市召开"
    assert _mended("鎯犲窞甯") == f"惠州{LOST}"


@pytest.mark.parametrize("marker", ["\ufffd", "?"])
@given(line=HAN)
def test_what_is_lost_is_marked_and_nothing_invented(marker: str, line: str) -> None:
    damaged = line.encode("utf-8").decode("gbk", "replace").replace("\ufffd", marker)
    rest = iter(line)
    restored = [c for c in _mended(damaged) if c != LOST and c not in damaged]
    assert all(c in rest for c in restored), (damaged, restored)


def test_a_no_break_space_that_became_a_plain_one() -> None:
    assert _mended("æƒ å·žå¸‚") == "惠州市"


def test_what_was_replaced_twice_is_gone() -> None:
    assert _mended("会议锟斤拷锟斤拷召开") == f"会议{LOST * 4}召开"


def test_an_edit_covers_no_more_than_it_must() -> None:
    assert mojibake_edits("甲" + "惠州市召开".encode("gbk").decode("latin-1"))[0] == (1, 3, "惠")
    assert mojibake_edits("惠州市".encode().decode("latin-1"))[1] == (3, 6, "州")


@pytest.mark.parametrize(
    "line",
    [
        LINE,
        "惠州市召開科技工作會議，鎯、犲等字少見。",
        "Café Müller, Zürich; François, José, Søren, Øystein, señor, naïve façade, œuvre… “ça” – déjà-vu — 25 °C ±3 %",
        "Đà Nẵng và Hà Nội；ÀÉÈÊ ÅÄÖ åäö ñÑ ½ ×2 §12 €20 £30 ¥50 CRÉÉE ÉTÉ SÃO São",
        "在 Zürich 的 Café 里，Müller 先生说：“增长20%”——很好……",
        "———————————————— ································ ““““““““ ",
        "联通和移动 联通 移动", "鎏金 涓流 浼 鞍钢？ 榕树? 漳州?",
        "The naïve résumé of Ærøskøbing, Łódź, Kraków, Győr, Špela, Ñuñoa",
        "", " ", "\ufffd\ufffd\ufffd", "???", "€€€",
    ],
)  # fmt: skip
def test_what_is_right_is_not_touched(line: str) -> None:
    assert mojibake_edits(line) == []
    assert undo_whole(line) is None


@given(st.text(max_size=80))
def test_any_text_gives_edits_that_are_sorted_and_apart(line: str) -> None:
    edits = mojibake_edits(line)
    assert all(end <= start for (_, end, _), (start, _, _) in pairwise(edits))


@pytest.mark.parametrize("piece", ["é", "ée", "Ã©", "鎯犲窞", "�", "锟斤拷", "ÖÐ ", "鎯�", "?"])
def test_a_long_line_takes_no_long_time(piece: str) -> None:
    _mended(piece * (200_000 // len(piece)))
