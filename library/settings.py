"""Settings: one frozen tree, passed explicitly, no global.

Later sources win: defaults, the TOML file, ``KEJIAN_…`` environment variables, arguments. The file is
``$KEJIAN_CONFIG``, else ``kejian/settings.toml`` in the user's configuration folder. A nested value's
variable joins the names with two underscores: ``KEJIAN_LLM__BASE_URL``. Unknown keys are refused.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_cache_path, user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import (
    SettingsError as UnreadableVariable,
)

from library.errors import SettingsError

EMBEDDED = "embedded"
_STRICT = ConfigDict(extra="forbid", frozen=True)


class EncoderSettings(BaseModel):
    """The sentence encoder. The prefixes are those that e5 models were trained with."""

    model_config = _STRICT
    model: str = Field(EMBEDDED, description="'embedded', or any sentence-transformers name or path")
    query_prefix: str = "query: "
    passage_prefix: str = "passage: "
    batch_size: int = Field(16, ge=1, le=1024)
    device: str = "cpu"


class LLMSettings(BaseModel):
    """The language model: the embedded one, or any OpenAI-compatible endpoint.

    The key is read from the environment (``KEJIAN_LLM__API_KEY``) and is never written or logged.
    """

    model_config = _STRICT
    model: str = Field(EMBEDDED, description="'embedded', 'none', or the endpoint's model name")
    base_url: str = Field("", description="OpenAI-compatible endpoint, e.g. http://127.0.0.1:8080/v1")
    api_key: SecretStr = SecretStr("")
    context: int = Field(4096, ge=512, description="tokens")
    max_tokens: int = Field(256, ge=16, description="tokens of one answer")
    timeout: float = Field(180.0, gt=0, description="seconds")
    threads: int = Field(default_factory=lambda: os.cpu_count() or 2, ge=1)


class ChunkSettings(BaseModel):
    """Chunks are whole sentences, up to ``max_chars``; 320 Chinese characters are about 220 tokens."""

    model_config = _STRICT
    max_chars: int = Field(320, ge=40, le=2000)


class RetrievalSettings(BaseModel):
    """How passages are found; see docs/retrieval.md for what the weight was measured on."""

    model_config = _STRICT
    candidates: int = Field(40, ge=1, description="passages taken from each search before fusion")
    passages: int = Field(8, ge=1, description="passages that evidence is drawn from")
    evidence: int = Field(5, ge=1, le=12, description="sentences shown to the model")
    lexical_weight: float = Field(1.5, ge=0, le=100, description="what BM25 counts for beside the vectors' 1")
    reranker: str = Field("", description="name or path of a sentence-transformers CrossEncoder; default: none")
    reranked: int = Field(20, ge=1, le=1000, description="passages that the reranker reads, the best ones")


class AnswerSettings(BaseModel):
    """When a question is refused: the probability, by ``rag.answerable``, that the evidence answers it.

    docs/answers.md has the curve of wrong refusals against right ones.
    """

    model_config = _STRICT
    refuse_below: float = Field(0.25, ge=0, le=1, description="refuse below this; 0 never, 1 always")


class CleaningSettings(BaseModel):
    """How far restoring a page goes; what is lost is always flagged."""

    model_config = _STRICT
    script: Literal["simplified", "keep"] = Field(
        "simplified", description="fold to simplified characters, or keep the page's own"
    )
    punctuation: Literal["full", "keep"] = Field(
        "full", description="restore full-width marks between Chinese characters, or keep the page's own"
    )
    restore_losses: bool = Field(
        False, description="put filtered characters back where one word alone fits (特产业 to 特色产业)"
    )


class Settings(BaseSettings):
    """Everything that can be set. ``Settings()`` reads the file and the environment.

    Raises:
        SettingsError: a key is unknown or a value is out of range; the message names it.
    """

    model_config = SettingsConfigDict(
        env_prefix="KEJIAN_", env_nested_delimiter="__", extra="forbid", frozen=True, hide_input_in_errors=True
    )

    library: Path = Field(default_factory=lambda: user_data_path("kejian") / "library")
    cache: Path = Field(default_factory=lambda: user_cache_path("kejian"))
    runs: Path = Field(default_factory=lambda: user_data_path("kejian") / "runs")
    glossary: Path | None = Field(None, description="a file of your own terms, see docs/glossary.md")
    encoder: EncoderSettings = EncoderSettings()
    llm: LLMSettings = LLMSettings()
    chunks: ChunkSettings = ChunkSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    answers: AnswerSettings = AnswerSettings()
    cleaning: CleaningSettings = CleaningSettings()

    def __init__(self, **values: Any) -> None:
        try:
            super().__init__(**values)
        except ValidationError as error:
            raise SettingsError(_explain(error)) from None
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise SettingsError(f"{settings_file()} is not TOML in UTF-8 ({error}). Mend or remove it.") from None
        except UnreadableVariable as error:  # names the variable's field, never its value
            raise SettingsError(f"A KEJIAN_… variable is not JSON: {error}.") from None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, settings_file())


def settings_file() -> Path:
    """The TOML file that ``Settings`` reads, whether or not it exists."""
    named = os.environ.get("KEJIAN_CONFIG")
    return Path(named) if named else user_config_path("kejian") / "settings.toml"


def _explain(error: ValidationError) -> str:
    """One sentence a problem; values are left out, for one may be a key."""
    problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
    return f"Settings are wrong: {problems}. Mend them in {settings_file()} or in the KEJIAN_… variables."
