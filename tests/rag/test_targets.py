"""Targets chosen by indicator, and as files that other programs open."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest

from library.records import Target
from rag.export import render_targets
from rag.targets import is_of, target_row

HIGH_TECH = Target(
    "江门", "高企存量", "number of high-tech enterprises", "≥", 3000, "家", "3,000", 2024, "a1", 4, 12, "高企达3000家"
)
MONEY = replace(
    HIGH_TECH, city="随州", indicator="技术合同登记额", indicator_en="value of registered technology contracts",
    value=8_000_000_000, unit="元", text_en="RMB 8 billion", year=2025,
)  # fmt: skip
RATE = replace(
    MONEY, indicator="研发投入增长", indicator_en="", bound="=", value=12.5, unit="%", year=None, quote="=12.5%"
)
ALL = [HIGH_TECH, MONEY, RATE]
DATES = {MONEY.article_id: "2025-02-06"}


@pytest.mark.parametrize(
    ("indicator", "found"),
    [
        ("高企", [HIGH_TECH]), ("高新技术企业", [HIGH_TECH]), ("high-tech enterprises", [HIGH_TECH]),
        ("HNTE", [HIGH_TECH]),
        ("technology contracts", [MONEY]), ("研发投入", [RATE]), ("存量", [HIGH_TECH]), ("量子", []), ("孵化器", []),
    ],
)  # fmt: skip
def test_an_indicator_is_known_by_all_its_names(indicator: str, found: list[Target]) -> None:
    assert [t for t in ALL if is_of(t, indicator)] == found


def test_a_row_for_readers() -> None:
    assert target_row(MONEY)[:6] == (
        "随州", "技术合同登记额", "value of registered technology contracts", "≥ 8,000,000,000 元", "RMB 8 billion",
        "2025",
    )  # fmt: skip
    assert target_row(RATE)[2:6] == ("研发投入增长", "= 12.5%", "RMB 8 billion", "")


def test_readers_of_english_see_no_chinese_city() -> None:
    assert target_row(MONEY, "en")[0] == "Suizhou"
    assert target_row(replace(MONEY, city="全省"), "en")[0] == "the province"


def test_csv_opens_right_in_a_spreadsheet() -> None:
    data = render_targets(ALL, "csv", DATES)
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [float(row["value"]) for row in rows] == [3000, 8_000_000_000, 12.5]
    assert rows[0]["indicator"] == "高企存量" and rows[2]["quote"] == "'=12.5%"  # nothing that a sheet would run


def test_a_workbook_has_figures_as_numbers() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(render_targets(ALL, "xlsx", DATES))).worksheets[0]
    head, *rows = sheet.iter_rows(values_only=True)
    assert head[:3] == ("city", "indicator", "indicator_en")
    assert [row[4] for row in rows] == [3000, 8_000_000_000, 12.5]
    assert [row[7] for row in rows] == [2024, 2025, None]
    assert sheet["J4"].value == "=12.5%" and sheet["J4"].data_type == "s"


def test_json_and_table() -> None:
    assert json.loads(render_targets(ALL, "json", DATES)) == [t.to_dict() for t in ALL]
    table = render_targets(ALL, "table", DATES).decode().splitlines()
    assert len(table) == 4 and "RMB 8 billion" in table[2] and table[2].endswith("2025-02-06")
    assert render_targets([], "table", {}) == b""
