"""Page furniture goes, the article stays."""

from __future__ import annotations

import pytest

from ingest.clean import remove_boilerplate
from ingest.origin import Text
from tests.ingest.cases import cases


@pytest.mark.parametrize(("raw", "clean"), cases("boilerplate"))
def test_cases(raw: str, clean: str) -> None:
    assert remove_boilerplate(Text.from_raw(raw)).text.chars == clean
