"""A small shelf that the questions of these tests are asked of."""

from __future__ import annotations

import pytest

from library import Library, Settings
from tests.fakes import shelved

JIANGMEN = "会议部署全年工作。力争全市高企存量达3000家，新增科普基地8家。局长刘长虹出席会议。"
SUIZHOU = (
    "随州实施“三项行动”，一是实施强核行动。二是实施筑峰行动。三是实施攻坚行动。"
    "力争高新技术企业总数突破400家，技术合同登记额达80亿元。"
)


@pytest.fixture
def shelf(library: Library) -> Library:
    library.add(
        [
            shelved("jiangmen.txt", JIANGMEN, city="江门", published="2024-04-15", title="江门科技工作会议", chunk=200),
            shelved("suizhou.txt", SUIZHOU, city="随州", title="随州三项行动", chunk=200),
        ]
    )
    return library


@pytest.fixture
def settings() -> Settings:
    return Settings()
