"""How often one address may post."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from ui.limits import MAX_UPLOAD, RateLimit, limit_of


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/login", "login"), ("/login/", "login"), ("/gradio_api/upload", "upload"), ("/gradio_api/queue/join", "ask")],
)
def test_what_a_request_is_counted_as(path: str, kind: str) -> None:
    assert limit_of(path)[1] == kind


def post(app: Any, path: str, address: str) -> int:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "client": (address, 1), "headers": []}
    asyncio.run(app(scope, None, send))
    return int(sent[0]["status"])


async def _fine(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})


def test_a_guesser_of_passwords_is_held_up_and_others_are_not() -> None:
    app = RateLimit(_fine)
    tries = [post(app, "/login", "192.0.2.1") for _ in range(11)]
    assert tries == [200] * 10 + [429]
    assert post(app, "/login", "192.0.2.2") == 200
    assert post(app, "/gradio_api/queue/join", "192.0.2.1") == 200


def test_the_limit_of_an_upload_is_one_that_gradio_reads() -> None:
    from gradio.utils import _parse_file_size

    assert _parse_file_size(MAX_UPLOAD.replace(" ", "").lower()) == 50 * 2**20
