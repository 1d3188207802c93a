"""The gateway's HTTP face: calls by WHIP (RFC 9725), live events, the softphone page, health.

It knows calls only through `Switchboard`.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import math
import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib import resources
from pathlib import Path
from typing import Any, Final, Protocol

import prometheus_client
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from gateway import telemetry
from gateway.access import Access, Admitted, TokenError, bearer
from gateway.answers import Demand
from gateway.events import Event
from gateway.limits import Rate, network
from gateway.problem import ProblemError
from gateway.schema import Limits
from gateway.shell import Shell
from gateway.sse import server_sent
from gateway.webrtc.leg import WebRtcLeg, close_all
from gateway.webrtc.offer import IceRestartError, MalformedOfferError, OfferError
from gateway.webrtc.servers import IceServers
from media.audio import Seconds

MOST_BYTES: Final = 64 * 1024
"""Length of a request body; offers of browsers have about 6 KiB."""

SDP: Final = "application/sdp"
JSON: Final = "application/json"
SDP_FRAGMENT: Final = "application/trickle-ice-sdpfrag"
PATCHES: Final = f"{SDP_FRAGMENT}, {SDP}"

_EXPOSED: Final = [
    "Accept-Patch", "Accept-Post", "ETag", "Link", "Location", "Retry-After", "WWW-Authenticate",
]  # fmt: skip
"""Headers that pages of other origins may read."""

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

    async def answer(self, offer: str, tenant: str | None) -> tuple[str, str]:
        """Answer an offer of a tenant's caller; return the call's unguessable id and the answer.

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


def create_app(
    switchboard: Switchboard,
    operator_token: SecretStr | None = None,
    *,
    access: Access | None = None,
    limits: Limits | None = None,
    cors_origins: Sequence[str] = (),
    ice_servers: IceServers | None = None,
) -> Starlette:
    """Return the ASGI application over a switchboard.

    With `operator_token` as bearer token (RFC 6750) an operator may list the calls. A call is
    placed with a token that `access` knows; without tenants, by everybody. Whatever is done to one
    call needs its id, which only its caller and operators know. Without `limits` there are none.
    Pages of `cors_origins` may do what the own page does. Callers are told of `ice_servers`.
    """
    face = _Face(
        switchboard, operator_token, access or Access(), limits, ice_servers or IceServers()
    )
    count = face.count
    app = Starlette(
        routes=[
            _route("/v1/calls", count, GET=face.calls, POST=face.place, OPTIONS=face.describe),
            _route(
                "/v1/calls/{call_id}",
                count,
                DELETE=face.end,
                PATCH=face.change,
                OPTIONS=face.describe_call,
            ),
            _route("/v1/calls/{call_id}/events", count, GET=face.events),
            _route("/v1/calls/{call_id}/demands", count, POST=face.demand),
            _route("/healthz", GET=face.health),
            _route("/readyz", GET=face.readiness),
            _route("/metrics", GET=face.metrics),
            _route("/", GET=face.page),
            _route("/{path}", GET=face.page),
            _route("/assets/{path:path}", GET=face.page),
        ],
        exception_handlers={HTTPException: _as_problem, ProblemError: _as_problem},
        middleware=[
            Middleware(Shell),
            Middleware(
                CORSMiddleware,
                allow_origins=cors_origins,
                allow_methods=["DELETE", "GET", "OPTIONS", "PATCH", "POST"],
                allow_headers=["Authorization", "Content-Type", "If-Match"],
                expose_headers=_EXPOSED,
                max_age=600,
            ),
        ],
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


def _route(
    path: str, first: Callable[[Request], None] = lambda _: None, /, **handlers: Handler
) -> Route:
    """One route for all methods of a path, so that 405 names them all; `first` may refuse."""

    async def dispatch(request: Request) -> Response:
        first(request)
        method = "GET" if request.method == "HEAD" else request.method
        return await handlers[method](request)

    return Route(path, dispatch, methods=list(handlers))


class _Face:
    """The handlers, over one switchboard."""

    def __init__(
        self,
        switchboard: Switchboard,
        operator_token: SecretStr | None,
        access: Access,
        limits: Limits | None,
        ice_servers: IceServers,
    ) -> None:
        self._switchboard = switchboard
        self._operator_token = operator_token
        self._access = access
        self._ice_servers = ice_servers
        self._rates = {
            what: Rate(per_minute) for what, per_minute in limits or () if per_minute is not None
        }

    def count(self, request: Request) -> None:
        """Count a request about calls.

        Raises:
            ProblemError: 429 when there were too many from its address.
        """
        self._count("requests_per_address", _address(request))

    def _count(self, what: str, key: str) -> None:
        rate = self._rates.get(what)
        if rate is not None and (wait := rate.wait(key)) > 0:
            raise ProblemError(
                429,
                "too-many",
                f"There were too many {what.replace('_', ' ')} within a minute.",
                headers={"Retry-After": str(math.ceil(wait))},
            )

    async def describe(self, request: Request) -> Response:
        """Say what is taken, and which ICE servers there are: browsers want them before an offer.

        Whoever may not call is told of none.
        """
        headers = {"Allow": "GET, OPTIONS, POST", "Accept-Post": SDP}
        if self._access.open or "authorization" in request.headers:
            self._admit(request)
            if links := self._links(secrets.token_hex(8)):
                self._count("calls_per_address", _address(request))
                headers |= links
        return Response(status_code=204, headers=headers)

    def _links(self, call_id: str) -> dict[str, str]:
        links = self._ice_servers.links(call_id)
        return {"Link": links, "Cache-Control": "no-store"} if links else {}

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
        token, wanted = bearer(given), self._operator_token
        if (
            wanted is None
            or token is None
            or not hmac.compare_digest(token.encode(), wanted.get_secret_value().encode())
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
        self._count("calls_per_address", _address(request))
        _expect(request, SDP, "Accept-Post")
        admitted = self._admit(request)
        if admitted is not None:
            self._count("calls_per_token", f"{admitted.tenant} {admitted.id}")
        offer = await _read_text(request)
        if admitted is None:
            return await self._answer(offer, None)
        try:
            with self._access.using(admitted):
                return await self._answer(offer, admitted.tenant)
        except TokenError as error:
            raise _bad_token(error) from None

    def _admit(self, request: Request) -> Admitted | None:
        """Return what the caller's token admits to, or None where calls need none.

        Raises:
            ProblemError: 401 when a token is needed, and there is none or no good one.
        """
        if self._access.open:
            return None
        token = bearer(request.headers.get("authorization", ""))
        if token is None:
            raise ProblemError(
                401,
                "token-missing",
                "A call needs a bearer token.",
                headers={"WWW-Authenticate": 'Bearer realm="hushgate"'},
            )
        try:
            return self._access.check(token)
        except TokenError as error:
            raise _bad_token(error) from None

    async def _answer(self, offer: str, tenant: str | None) -> Response:
        try:
            call_id, answer = await self._switchboard.answer(offer, tenant)
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
            **self._links(call_id),
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
        links = self._links(request.path_params["call_id"])
        headers = {"ETag": f'"{leg.ice_tag}"', "Cache-Control": "no-store", **links}
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


def _address(request: Request) -> str:
    return network(request.client.host) if request.client else ""


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


def _bad_token(error: TokenError) -> ProblemError:
    """Say what is wrong with a token, in the header of RFC 6750, 3.1 too."""
    told = f'Bearer realm="hushgate", error="invalid_token", error_description="{error}"'
    return ProblemError(401, error.kind, str(error), headers={"WWW-Authenticate": told})


async def _as_problem(request: Request, exc: Exception) -> Response:
    if isinstance(exc, HTTPException):
        kind = {404: "not-found", 405: "method-not-allowed"}.get(exc.status_code, "refused")
        detail = {
            404: "There is nothing at this address.",
            405: f"{request.method} is not allowed here.",
        }.get(exc.status_code, "The request cannot be served.")
        exc = ProblemError(exc.status_code, kind, detail, headers=exc.headers)
    assert isinstance(exc, ProblemError)
    telemetry.REQUESTS_REFUSED.labels(exc.kind).inc()
    return exc.response()


def _page_file(path: str) -> bytes | None:
    """Return a file of the package's page, or None. No way leads out of its folder."""
    node = resources.files("gateway").joinpath("page")
    for part in path.split("/"):
        if not _PAGE_NAME.fullmatch(part):
            return None
        node = node.joinpath(part)
    return node.read_bytes() if node.is_file() else None
