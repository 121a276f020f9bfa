from __future__ import annotations

import pytest

from library import Settings
from library.errors import ModelMissing, SettingsError
from rag.llm import EmbeddedModel, EndpointModel, complete, open_model


def test_the_settings_choose_the_model() -> None:
    assert open_model(Settings(llm={"model": "none"})) is None
    assert isinstance(open_model(Settings()), EmbeddedModel)
    chosen = open_model(Settings(llm={"model": "qwen", "base_url": "http://127.0.0.1:1/v1", "api_key": "secret"}))
    assert isinstance(chosen, EndpointModel) and chosen.name == "qwen"
    with pytest.raises(SettingsError, match="base_url"):
        open_model(Settings(llm={"model": "qwen"}))


@pytest.mark.models
def test_the_embedded_model_answers_and_refuses_a_wrong_key(settings: Settings) -> None:
    endpoint = EmbeddedModel(settings).start()
    assert "4" in complete(endpoint, [("user", "2+2=? Answer with the number.")], 16)
    stranger = EndpointModel(endpoint.name, endpoint._url, "wrong", settings.llm)
    with pytest.raises(Exception, match="refuses the key"):
        complete(stranger, [("user", "hello")], 16)


@pytest.mark.models
def test_an_endpoint_that_is_not_there_says_so(settings: Settings) -> None:
    nobody = EndpointModel("x", "http://127.0.0.1:9/v1", "", settings.llm)
    with pytest.raises(Exception, match="does not answer"):
        complete(nobody, [("user", "hello")], 16)


def test_an_unprepared_model_names_the_remedy(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        from importlib.metadata import PackageNotFoundError

        raise PackageNotFoundError(name)

    monkeypatch.setattr("library.models.sources.distribution", absent)
    with pytest.raises(ModelMissing, match="pip install"):
        EmbeddedModel(settings).start()
