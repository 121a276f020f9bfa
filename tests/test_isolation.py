"""The tests' own ground: without it, the others prove less than they seem to."""

from __future__ import annotations

import os
import socket

import pytest
from pytest_socket import SocketBlockedError

from library import Settings
from tests.fakes import FakeEncoder, ScriptedModel


@pytest.mark.filterwarnings("ignore:A test tried to use")
def test_no_unit_test_reaches_the_network() -> None:
    with pytest.raises(SocketBlockedError):
        socket.create_connection(("127.0.0.1", 9), timeout=1)


def test_the_environment_is_scrubbed(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert [n for n in os.environ if n.startswith("KEJIAN_")] == ["KEJIAN_CONFIG"]
    base = str(tmp_path_factory.getbasetemp())
    assert str(Settings().cache).startswith(base)
    assert str(Settings().library).startswith(base)


def test_the_fake_encoder_puts_like_near_like(encoder: FakeEncoder) -> None:
    near, far, query = [*encoder.passages(["高新技术企业存量", "今天天气晴朗"]).tolist(), encoder.query("高新技术企业")]
    assert query @ near > 0.7 > query @ far


def test_the_scripted_model_records_and_runs_out(model: ScriptedModel) -> None:
    model.queue("两句话。", RuntimeError("down"))
    assert "".join(model.stream([("user", "问")], 32)) == "两句话。"
    with pytest.raises(RuntimeError, match="down"):
        list(model.stream([("user", "再问")], 16))
    with pytest.raises(AssertionError, match="more than it has replies"):
        list(model.stream([], 16))
    assert model.prompts[0] == [("user", "问")]
    assert (model.limits, model.left) == ([32, 16, 16], 0)
