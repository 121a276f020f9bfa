"""What every test stands in: no network, none of the user's settings, small stand-ins for the models."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from platformdirs import user_cache_path

from library import Library, Settings
from tests.fakes import FakeEncoder, ScriptedModel

ROOT = Path(__file__).resolve().parent.parent
_MODEL_CACHE = os.environ.get("KEJIAN_CACHE") or str(user_cache_path("kejian"))

# The same examples in every run, on a machine of any speed.
hypothesis_settings.register_profile("kejian", deadline=None, derandomize=True, database=None, max_examples=60)
hypothesis_settings.load_profile("kejian")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the real models may reach this machine; the others, no host at all (``--disable-socket``)."""
    for item in items:
        if item.get_closest_marker("models"):
            item.add_marker(pytest.mark.allow_hosts(["127.0.0.1", "::1"]))


@pytest.fixture(autouse=True)
def _scrubbed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the user's folders nor the user's variables are seen; only the models' cache, by their tests."""
    home = tmp_path_factory.mktemp("home")
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.startswith("KEJIAN_")]:
            patch.delenv(name)
        patch.setenv("KEJIAN_CONFIG", str(home / "no-settings.toml"))
        for name in ("HOME", "USERPROFILE", "LOCALAPPDATA"):
            patch.setenv(name, str(home))
        for name in ("CACHE", "CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
        if request.node.get_closest_marker("models"):
            patch.setenv("KEJIAN_CACHE", _MODEL_CACHE)
        yield


@pytest.fixture
def settings() -> Settings:
    """The defaults."""
    return Settings()


@pytest.fixture
def encoder() -> FakeEncoder:
    return FakeEncoder()


@pytest.fixture
def library(tmp_path: Path, settings: Settings, encoder: FakeEncoder) -> Iterator[Library]:
    """An empty library in ``tmp_path / "shelf"``."""
    with Library.open(tmp_path / "shelf", settings, encoder) as opened:
        yield opened


@pytest.fixture
def model() -> ScriptedModel:
    """A language model without replies; give it some with ``queue``."""
    return ScriptedModel()


@pytest.fixture(scope="session")
def samples() -> Path:
    """The raw pages that come with the project."""
    return ROOT / "samples" / "pages"


@pytest.fixture(scope="session")
def shared_articles() -> Path:
    """Raw pages that are not part of the repository."""
    folder = ROOT.parent / "shared" / "articles"
    if not folder.is_dir():
        pytest.skip("the shared articles are not on this machine")
    return folder
