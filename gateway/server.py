"""The gateway's HTTP face: calls by WHIP (RFC 9725), live events, the softphone page, health.

It knows calls only through `Switchboard`.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final, Protocol

import prometheus_client
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway import telemetry
from gateway.answers import Demand
from gateway.events import Event
from gateway.problem import ProblemError
from gateway.shell import Shell
from gateway.sse import server_sent
from gateway.webrtc.leg import WebRtcLeg, close_all
from gateway.webrtc.offer import IceRestartError, MalformedOfferError, OfferError
from media.audio import Seconds

MOST_BYTES: Final = 64 * 1024
"""Length of a request body; offers of browsers have about 6 KiB."""

SDP: Final = "application/sdp"
JSON: Final = "application/json"
SDP_FRAGMENT: Final = "application/trickle-ice-sdpfrag"
PATCHES: Final = f"{SDP_FRAGMENT}, {SDP}"

_BODY_WITHIN: Final[Seconds] = 10.0
_RETRY_AFTER: Final = "5"  # seconds
_PAGE_NAME: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")

_MEDIA_TYPES: Final = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".json": "application/json",
}


class FullError(Exception):
    """No more calls are taken at the moment."""


class CallEndedError(Exception):
    """The call has ended."""


class Switchboard(Protocol):
    """The calls, as the HTTP face sees them."""

    async def answer(self, offer: str) -> tuple[str, str]:
        """Answer an offer; return the call's unguessable id and the answer.

        Raises:
            OfferError: the offer cannot be answered.
            FullError: there are too many calls.
        """

    def leg(self, call_id: str) -> WebRtcLeg | None:
        """Return a live call's caller leg."""

    async def hang_up(self, call_id: str, reason: str) -> bool:
        """End a call; return False when there is no such call."""

    async def demand(self, call_id: str, demand: Demand, by: str) -> list[str]:
        """Do what a caller demands (stop recording, a human, …); return what was withdrawn by it.

        Raises:
            KeyError: there is no such call.
            CallEndedError: there was one; nothing of it is open any more.
        """

    def calls(self) -> list[dict[str, Any]]:
        """Return what an operator sees of each live call: id, state, and what is consented to."""

    def watch(self, call_id: str) -> AsyncIterator[Event] | None:
        """Return the call's events, or None when there is no such call."""

    def ready(self) -> list[str]:
        """Return why calls cannot be taken; empty when they can."""


def create_app(switchboard: Switchboard, operator_token: SecretStr | None = None) -> Starlette:
    """Return the ASGI application over a switchboard.

    With `operator_token` as bearer token (RFC 6750) an operator may list the calls. Whatever is
    done to one call needs its id, which only its caller and operators know.
    """
    face = _Face(switchboard, operator_token)
    app = Starlette(
        routes=[
            _route("/v1/calls", GET=face.calls, POST=face.place, OPTIONS=face.describe),
            _route(
                "/v1/calls/{call_id}",
                DELETE=face.end,
                PATCH=face.change,
                OPTIONS=face.describe_call,
            ),
            _route("/v1/calls/{call_id}/events", GET=face.events),
            _route("/v1/calls/{call_id}/demands", POST=face.demand),
            _route("/healthz", GET=face.health),
            _route("/readyz", GET=face.readiness),
            _route("/metrics", GET=face.metrics),
            _route("/", GET=face.page),
            _route("/{path}", GET=face.page),
            _route("/assets/{path:path}", GET=face.page),
        ],
        exception_handlers={HTTPException: _as_problem, ProblemError: _as_problem},
        middleware=[Middleware(Shell)],
        lifespan=_lifespan,
    )
    app.router.redirect_slashes = False
    app.state.stopping = asyncio.Event()
    return app


@asynccontextmanager
async def _lifespan(app: Starlette) -> AsyncIterator[None]:
    yield
    await close_all()


Handler = Callable[[Request], Awaitable[Response]]


def _route(path: str, **handlers: Handler) -> Route:
    """One route for all methods of a path, so that 405 names them all."""

    async def dispatch(request: Request) -> Response:
        method = "GET" if request.method == "HEAD" else request.method
        return await handlers[method](request)

    return Route(path, dispatch, methods=list(handlers))


class _Face:
    """The handlers, over one switchboard."""

    def __init__(self, switchboard: Switchboard, operator_token: SecretStr | None) -> None:
        self._switchboard = switchboard
        self._operator_token = operator_token

    async def describe(self, request: Request) -> Response:
        return Response(
            status_code=204, headers={"Allow": "GET, OPTIONS, POST", "Accept-Post": SDP}
        )

    async def calls(self, request: Request) -> Response:
        if not self._from_operator(request):
            raise ProblemError(
                401,
                "no-operator",
                "The calls are listed for operators, by their bearer token.",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return JSONResponse(self._switchboard.calls(), headers={"Cache-Control": "no-store"})

    def _from_operator(self, request: Request) -> bool:
        """Tell whether the operator's token is there.

        Raises:
            ProblemError: 401 for a wrong token; nobody is taken for a caller by mistake.
        """
        given = request.headers.get("authorization")
        if given is None:
            return False
        scheme, _, token = given.partition(" ")
        wanted = self._operator_token
        if (
            wanted is None
            or scheme.casefold() != "bearer"
            or not hmac.compare_digest(token.strip().encode(), wanted.get_secret_value().encode())
        ):
            raise ProblemError(
                401,
                "wrong-token",
                "This is not the operator's token.",
                headers={"WWW-Authenticate": 'Bearer error="invalid_token"'},
            )
        return True

    async def demand(self, request: Request) -> Response:
        by = "operator" if self._from_operator(request) else "page"
        _expect(request, JSON, "Accept-Post")
        demand = _demand(await _read_text(request))
        try:
            withdrawn = await self._switchboard.demand(request.path_params["call_id"], demand, by)
        except KeyError:
            raise _unknown_call() from None
        except CallEndedError:
            raise ProblemError(
                409, "call-ended", "The call has ended; nothing of it is open any more."
            ) from None
        return JSONResponse({"demand": demand, "withdrawn": withdrawn})

    async def describe_call(self, request: Request) -> Response:
        headers = {"Allow": "DELETE, OPTIONS, PATCH", "Accept-Patch": PATCHES}
        return Response(status_code=204, headers=headers)

    async def place(self, request: Request) -> Response:
        _expect(request, SDP, "Accept-Post")
        offer = await _read_text(request)
        try:
            call_id, answer = await self._switchboard.answer(offer)
        except MalformedOfferError as exc:
            raise ProblemError(400, "malformed-offer", str(exc)) from exc
        except OfferError as exc:
            raise ProblemError(422, "unacceptable-offer", str(exc)) from exc
        except FullError as exc:
            raise ProblemError(
                503,
                "full",
                "No more calls are taken at the moment.",
                headers={"Retry-After": _RETRY_AFTER},
            ) from exc
        headers = {
            "Location": f"/v1/calls/{call_id}",
            "Accept-Patch": PATCHES,
            "Cache-Control": "no-store",
        }
        leg = self._switchboard.leg(call_id)
        if leg is not None:
            headers["ETag"] = f'"{leg.ice_tag}"'
        return Response(answer, status_code=201, media_type=SDP, headers=headers)

    async def end(self, request: Request) -> Response:
        call_id = request.path_params["call_id"]
        if not await self._switchboard.hang_up(call_id, "the caller hung up"):
            raise _unknown_call()
        return Response(status_code=200)

    async def change(self, request: Request) -> Response:
        """Take trickled candidates, restart ICE (RFC 9725, 4.3), or answer a further offer."""
        leg = self._switchboard.leg(request.path_params["call_id"])
        if leg is None:
            raise _unknown_call()
        kind = _expect(request, PATCHES, "Accept-Patch")
        body = await _read_text(request)
        wanted = request.headers.get("if-match")
        if wanted is None:
            raise ProblemError(428, "if-match-missing", "A PATCH needs If-Match with the ETag.")
        if wanted not in ("*", '"*"', f'"{leg.ice_tag}"'):  # RFC 9725's examples quote the star
            raise ProblemError(412, "etag-mismatch", "If-Match names another ICE session.")
        try:
            answer = await (leg.renegotiate if kind == SDP else leg.add_candidates)(body)
        except MalformedOfferError as exc:
            raise ProblemError(400, "malformed-patch", str(exc)) from exc
        except IceRestartError as exc:
            raise ProblemError(422, "ice-restart", str(exc)) from exc
        except OfferError as exc:
            raise ProblemError(422, "unacceptable-patch", str(exc)) from exc
        if answer is None:
            return Response(status_code=204)
        headers = {"ETag": f'"{leg.ice_tag}"', "Cache-Control": "no-store"}
        return Response(answer, media_type=kind, headers=headers)

    async def events(self, request: Request) -> Response:
        events = self._switchboard.watch(request.path_params["call_id"])
        if events is None:
            raise _unknown_call()
        return StreamingResponse(
            server_sent(events, request.app.state.stopping),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "alive"})

    async def readiness(self, request: Request) -> Response:
        if reasons := self._switchboard.ready():
            raise ProblemError(
                503, "not-ready", "Calls cannot be taken yet.", more={"reasons": reasons}
            )
        return JSONResponse({"status": "ready"})

    async def metrics(self, request: Request) -> Response:
        return Response(
            prometheus_client.generate_latest(telemetry.REGISTRY),
            headers={"Content-Type": prometheus_client.CONTENT_TYPE_LATEST},
        )

    async def page(self, request: Request) -> Response:
        path = request.url.path.lstrip("/") or "index.html"
        content = await asyncio.to_thread(_page_file, path)
        if content is None:
            raise ProblemError(404, "not-found", "There is nothing at this address.")
        kind = _MEDIA_TYPES.get(Path(path).suffix, "application/octet-stream")
        return Response(content, media_type=kind, headers={"Cache-Control": "no-cache"})


def _expect(request: Request, media_types: str, header: str) -> str:
    """Return the content type, which must be one of those in the list."""
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given not in media_types.split(", "):
        raise ProblemError(
            415,
            "wrong-content-type",
            f"The content type must be {media_types.replace(', ', ' or ')}.",
            headers={header: media_types},
        )
    return given


def _demand(body: str) -> Demand:
    """Read `{"demand": "stop recording"}`."""
    try:
        given = json.loads(body)
        return Demand(given["demand"])
    except (ValueError, LookupError, TypeError, RecursionError):
        allowed = ", ".join(f'"{demand}"' for demand in Demand)
        raise ProblemError(
            400, "malformed-demand", f'The body must be {{"demand": …}} with one of {allowed}.'
        ) from None


async def _read_text(request: Request) -> str:
    """Read a body of at most `MOST_BYTES`; of a longer one no more than that is read."""
    length = request.headers.get("content-length", "0")
    body = bytearray()
    too_long = length.isdecimal() and int(length) > MOST_BYTES
    try:
        async with asyncio.timeout(_BODY_WITHIN):
            if not too_long:
                async for chunk in request.stream():
                    body += chunk
                    if too_long := len(body) > MOST_BYTES:
                        break
    except TimeoutError as exc:
        raise ProblemError(
            408, "slow-body", "The body took too long.", headers={"Connection": "close"}
        ) from exc
    if too_long:
        raise ProblemError(
            413,
            "too-large",
            f"The body is longer than {MOST_BYTES} bytes.",
            headers={"Connection": "close"},
        )
    try:
        return body.decode()
    except UnicodeDecodeError as exc:
        raise ProblemError(400, "not-utf-8", "The body is not UTF-8 text.") from exc


def _unknown_call() -> ProblemError:
    return ProblemError(404, "unknown-call", "There is no such call.")


async def _as_problem(request: Request, exc: Exception) -> Response:
    if isinstance(exc, ProblemError):
        return exc.response()
    assert isinstance(exc, HTTPException)
    kind = {404: "not-found", 405: "method-not-allowed"}.get(exc.status_code, "refused")
    detail = {
        404: "There is nothing at this address.",
        405: f"{request.method} is not allowed here.",
    }.get(exc.status_code, "The request cannot be served.")
    return ProblemError(exc.status_code, kind, detail, headers=exc.headers).response()


def _page_file(path: str) -> bytes | None:
    """Return a file of the package's page, or None. No way leads out of its folder."""
    node = resources.files("gateway").joinpath("page")
    for part in path.split("/"):
        if not _PAGE_NAME.fullmatch(part):
            return None
        node = node.joinpath(part)
    return node.read_bytes() if node.is_file() else None
