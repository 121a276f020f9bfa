"""How much one visitor may ask of the server: requests a minute by address, counted by the ``limits`` library."""

from __future__ import annotations

from typing import Any

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

MAX_UPLOAD = "50 MB"
"""Of one file; a page is rarely a hundredth of it, an archive of a site may be so large."""
_LOGINS = RateLimitItemPerMinute(10)  # enough to mistype, too few to guess
_UPLOADS = RateLimitItemPerMinute(60)
_ASKED = RateLimitItemPerMinute(240)  # what a busy page with its filters comes to, several times over
_SAID = "请求太频繁，请稍等一分钟 Too many requests from your address; wait a minute."


class RateLimit:
    """ASGI middleware that answers 429 to whoever posts too often; reading is free."""

    def __init__(self, app: ASGIApp) -> None:
        self._app, self._limiter = app, MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST":
            address = (scope.get("client") or ("",))[0]
            item, kind = limit_of(scope["path"])
            if not self._limiter.hit(item, kind, address):
                await JSONResponse({"detail": _SAID}, 429, {"Retry-After": "60"})(scope, receive, send)
                return
        await self._app(scope, receive, send)


def limit_of(path: str) -> tuple[RateLimitItem, str]:
    """How often one address may post there, and what it is counted with."""
    if path.rstrip("/").endswith("/login"):
        return _LOGINS, "login"
    if "/upload" in path:
        return _UPLOADS, "upload"
    return _ASKED, "ask"


def app_options() -> dict[str, Any]:
    """What FastAPI is made with."""
    from starlette.middleware import Middleware

    return {"middleware": [Middleware(RateLimit)]}
