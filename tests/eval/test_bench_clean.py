"""The cleaning benchmark: its metrics on pages small enough to check by hand, its corpus, its command."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from random import Random

import numpy as np
import pytest
from click.testing import CliRunner

from eval.bench.clean import Plan, run_clean
from eval.bench.corpus import CleanText, load_corpus
from eval.bench.scores import Counts, normal, score
from eval.bench.systems import Output, aligned, kejian, nothing
from eval.noise import DAMAGES, Damaged, Spot, damage
from ingest.origin import Text
from library.errors import UsageError
from library.records import Flag
from tests.eval.test_noise import ARTICLE, TITLES
from ui.cli import cli

OTHER = ARTICLE.replace("云川", "临沙").replace("实验室", "孵化器").replace("负责人高远", "主任何平")


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "news.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        for i, text in enumerate([ARTICLE, OTHER, "太短"]):
            lines.write(json.dumps({"id": f"a{i}", "text": text}, ensure_ascii=False) + "\n")
    return path


def perfect(page: Damaged) -> Output:
    """What a cleaner that knows the truth would give: the clean text, each character from its place."""
    places = [page.page_span(i, i + 1) for i in range(len(page.clean))]
    starts = np.maximum.accumulate(np.array([a for a, _ in places], dtype=np.int32))
    stops = np.maximum.accumulate(np.array([b for _, b in places], dtype=np.int32))
    flags = [
        Flag(a, b, "")
        for s in page.spots
        if s.kind in {"lost", "placeholder"}
        for a, b in [page.page_span(s.start, s.end)]
    ]
    return Output(page.clean, starts, stops, tuple(flags), " ".join(page.names))


_WANTED_1 = (
    "pages_right", "runs_exact", "runs_exact_throughout", "gone_right", "joined_right", "kept_right",
    "headers_removed_exactly", "losses_flagged", "narrowed_restored", "boilerplate_f1", "names_in_metadata",
)  # fmt: skip


@pytest.mark.parametrize("name", DAMAGES)
def test_a_perfect_cleaner_gets_everything(name: str) -> None:
    counts = Counts()
    for seed in range(10):
        page = damage(name, ARTICLE, Random(seed), TITLES)
        counts += score(page, perfect(page))
    got = counts.ratios()
    assert got["cer_after"] == 0
    assert got["runs_wrong_unflagged"] in {0, None}
    assert {key: got[key] for key in _WANTED_1 if got[key] not in {1, None}} == {}


@pytest.mark.parametrize("name", sorted(set(DAMAGES) - {"none", "width"}))
def test_doing_nothing_is_worth_nothing(name: str) -> None:
    counts = Counts()
    for seed in range(10):
        page = damage(name, ARTICLE, Random(seed), TITLES)
        counts += score(page, nothing(page.page))
    got = counts.ratios()
    assert got["cer_after"] == got["cer_before"] != 0
    assert got["runs_wrong_unflagged"] in {1, None}
    for key in ("joined_right", "headers_removed_exactly", "losses_flagged", "boilerplate_recall", "names_in_metadata"):
        assert got[key] in {0, None}, key


def shifted(spot: Spot) -> Damaged:
    """甲。”黃輝說 with the run in the place of 。”黃, all of it one edit."""
    return Damaged.nothing("甲。”黄辉说").edited([(1, 4, "!秉S")], [spot])


def test_a_run_is_exact_apart_from_what_is_gone() -> None:
    page = shifted(Spot("shift", 1, 4, frozenset({3})))
    right, wrong, unknown = (aligned(page.page, f"甲。”{last}辉说") for last in "黄王〓")
    counts = score(page, right)
    assert (counts.runs, counts.runs_exact, counts.runs_throughout, counts.gone_right) == (1, 1, 1, 1)
    counts = score(page, wrong)
    assert (counts.runs_exact, counts.runs_throughout, counts.gone_right, counts.runs_wrong_unflagged) == (1, 0, 0, 1)
    counts = score(page, unknown)
    assert (counts.runs_exact, counts.gone_flagged, counts.runs_wrong_unflagged) == (1, 1, 0)


def test_a_wrong_character_that_is_flagged_is_not_held_against_the_cleaner() -> None:
    page = shifted(Spot("shift", 1, 4, frozenset({3})))
    out = aligned(page.page, "甲。”王辉说")
    flagged = Output(out.chars, out.starts, out.stops, (Flag(1, 4, "restored from context"),))
    assert score(page, flagged).runs_wrong_unflagged == 0
    elsewhere = Output(out.chars, out.starts, out.stops, (Flag(5, 6, "restored from context"),))
    assert score(page, elsewhere).runs_wrong_unflagged == 1


def test_a_run_that_lost_nothing_must_be_exact() -> None:
    page = shifted(Spot("shift", 1, 4))
    assert score(page, aligned(page.page, "甲。”王辉说")).runs_exact == 0


def test_a_run_of_which_all_is_gone_is_not_exact_for_nothing() -> None:
    page = shifted(Spot("shift", 1, 4, frozenset({1, 2, 3})))
    counts = score(page, aligned(page.page, "甲〓〓〓辉说"))
    assert (counts.runs, counts.runs_readable, counts.runs_exact, counts.runs_wrong_unflagged) == (1, 0, 0, 0)


def test_white_space_that_cleaning_changed_is_told_of_undamaged_pages() -> None:
    page = Damaged.nothing("甲  乙，丙")
    counts = score(page, aligned(page.page, "甲 乙,丙"))
    assert (counts.white_space, counts.distance, counts.unchanged, counts.identical) == (1, 0, 1, 0)


def test_an_edit_wider_than_the_run_is_compared_as_a_whole() -> None:
    page = shifted(Spot("shift", 1, 4))
    text = Text.from_raw(page.page).replace([(0, 5, "甲。”黄辉吗")])
    assert score(page, Output(text.chars, text.starts, text.stops)).runs_exact == 0


def test_line_breaks_are_counted_one_by_one() -> None:
    page = Damaged.nothing("甲乙丙。\n丁戊").edited([(2, 2, "\n")], [Spot("join", 1, 3), Spot("keep", 3, 6)])
    counts = score(page, aligned(page.page, "甲乙丙。丁戊"))
    assert (counts.joins, counts.joins_right, counts.keeps, counts.keeps_right) == (1, 1, 1, 0)
    counts = score(page, nothing(page.page))
    assert (counts.joins_right, counts.keeps_right) == (0, 1)


def test_boilerplate_is_counted_by_characters_less_white_space() -> None:
    page = Damaged.nothing("正文在此").edited([(0, 0, "首页 要闻\n")], added=1).edited([(10, 10, "\n")], added=1)
    counts = score(page, aligned(page.page, "要闻\n正文在"))
    assert (counts.boilerplate, counts.boilerplate_removed, counts.article_removed) == (4, 2, 1)
    assert (counts.precision, counts.recall) == (2 / 3, 1 / 2)
    assert counts.f1 == pytest.approx(4 / 7)


def test_a_title_may_stay_or_go() -> None:
    page = Damaged.nothing("正文在此").edited([(0, 0, "标题\n")], added=2)
    for out in ("标题\n正文在此", "正文在此"):
        counts = score(page, aligned(page.page, out))
        assert (counts.distance, counts.unchanged) == (0, 1)
    assert score(page, aligned(page.page, "标题\n正文在")).distance == 1


def test_the_documented_rules_are_not_counted_as_errors_but_scored_apart() -> None:
    page = Damaged.nothing("甲，乙").edited([(1, 2, ",")])
    kept, mended = score(page, nothing(page.page)), score(page, aligned(page.page, "甲，乙"))
    assert (kept.distance, kept.narrowed, kept.narrowed_right) == (0, 1, 0)
    assert (mended.distance, mended.narrowed_right, mended.identical) == (0, 1, 1)
    assert normal("甲 　乙\r\n\r\n丙\ufeff") == "甲 乙\n丙"


def test_a_page_on_which_nothing_is_found_is_all_lost() -> None:
    page = Damaged.nothing("　")
    assert kejian(page.page).chars == ""
    assert score(Damaged.nothing("正文"), Output("", *(np.zeros(0, dtype=np.int32),) * 2)).distance == 2


def test_a_run_of_the_bench_repeats_itself(corpus: Path) -> None:
    plan = Plan(("shift", "all"), ("kejian", "nothing"), seed=3, examples=2)
    first, second = (run_clean(corpus, plan).to_dict() for _ in range(2))
    for run in (first, second):
        run.pop("seconds")
        for rows in run["damages"].values():
            for row in rows.values():
                row.pop("seconds")
                for variant in (row["without_own_furniture"], *row["variants"].values()):
                    variant.pop("seconds")
    assert first == second
    assert first["articles"] == 3
    assert first["damages"]["all"]["kejian"]["pages"] == 2
    assert first["damages"]["all"]["kejian"]["examples"]


def test_the_corpus_is_a_file_or_a_folder(tmp_path: Path, corpus: Path) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "b.txt").write_text(ARTICLE, encoding="utf-8")
    assert [a.text for a in load_corpus(folder)] == [ARTICLE]
    assert [a.id for a in load_corpus(corpus)] == ["a0", "a1", "a2"]
    assert len(load_corpus(corpus, sample=1)) == 1


@pytest.mark.parametrize("line", ['{"id": 1}', "[]", "no json", '{"text": 5}'])
def test_a_bad_record_is_named(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.jsonl").write_text(f'{{"id": "x", "text": "好"}}\n{line}\n', encoding="utf-8")
    with pytest.raises(UsageError, match="Line 2 of"):
        load_corpus(tmp_path / "bad.jsonl")


def test_an_empty_corpus_and_a_broken_file_say_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="holds no clean article"):
        load_corpus(tmp_path)
    (tmp_path / "x.jsonl.gz").write_bytes(b"\x1f\x8b broken")
    with pytest.raises(UsageError, match="cannot be read"):
        load_corpus(tmp_path / "x.jsonl.gz")


def test_the_command_prints_a_table_or_json(corpus: Path) -> None:
    done = CliRunner().invoke(cli, ["eval", "bench", "clean", str(corpus), "--damage", "readings", "--examples", "1"])
    assert done.exit_code == 0, done.output
    assert "cer after" in done.stdout
    done = CliRunner().invoke(cli, ["eval", "bench", "clean", str(corpus), "--damage", "readings", "--json"])
    row = json.loads(done.stdout)["damages"]["readings"]["kejian"]
    assert row["cer_before"] > 0.2 > row["cer_after"]


@pytest.mark.parametrize(
    ("args", "said"),
    [(["prose"], "Known are: clean"), (["clean", "--damage", "rain"], "no damage 'rain'")],
)
def test_unknown_names_are_answered_with_the_known_ones(corpus: Path, args: list[str], said: str) -> None:
    done = CliRunner().invoke(cli, ["eval", "bench", args[0], str(corpus), *args[1:]])
    assert isinstance(done.exception, UsageError)
    assert said in str(done.exception)


def test_without_ftfy_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from eval.bench.systems import PEERS

    monkeypatch.setitem(sys.modules, "ftfy", None)
    with pytest.raises(UsageError, match=r"kejian\[bench\]"):
        PEERS["ftfy"]("好")


def test_trafilatura_and_opencc_do_what_they_can() -> None:
    from eval.bench.systems import PEERS

    assert PEERS["opencc"]("學習").chars == "学习"
    assert PEERS["trafilatura"](ARTICLE).chars == ARTICLE


def test_an_article_with_furniture_of_its_own_is_told_apart(corpus: Path) -> None:
    assert not CleanText("a", ARTICLE).has_furniture
    assert CleanText("b", f"{ARTICLE}【编辑:某某】更多精彩内容请进入频道").has_furniture
    tally = run_clean(corpus, Plan(("wraps",), ("kejian",), seed=3)).tallies["wraps"]["kejian"]
    assert tally.pure.pages == tally.counts.pages == 2
