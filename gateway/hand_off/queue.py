"""A queue of people, reached by a webhook: told of a call, then asked until somebody is ready.

The call goes out as JSON by POST, signed; the answer is `waiting` with an address to ask again by
GET, `ready` with a person's WHIP endpoint, or `closed`. A caller who stops waiting is told by
DELETE. A POST may come again when no answer did: `call_id` tells that it is the same. See
docs/architecture.md, "The queue".
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import re
import ssl
import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin

import structlog

from gateway.hand_off.case import Case, Closed, Ready, Step, Waiting
from gateway.request import Reply, request
from gateway.schema import BEARER, brief, http_url
from gateway.webrtc.whip import same_origin
from media.audio import Seconds

LONGEST_WAIT: Final[Seconds] = 30 * 60.0
"""After this long nobody will come."""

MOST_LINES: Final = 500
"""Of a transcript, the last ones."""

_PAUSE: Final[Seconds] = 2.0  # before asking again, unless Retry-After says
_PAUSES: Final = (0.5, 30.0)  # the shortest and the longest that it may ask for
_TRIES: Final = 4  # in a row without an answer
_ANSWER_WITHIN: Final[Seconds] = 10.0
_LEAVE_WITHIN: Final[Seconds] = 3.0
_LAST_PLACE: Final = 9_999
_LONGEST_ADDRESS: Final = 2_048

_log = structlog.get_logger(__name__)


class QueueError(Exception):
    """What a queue answered cannot be used; says what is wrong, in no words of the queue's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a queue says: somebody is at `whip`; or wait, and ask at `poll`; or, neither, no."""

    whip: str | None = None
    token: str | None = None
    waiting: bool = False
    position: int | None = None
    poll: str | None = None


class Queue:
    """A queue's webhook at `url`, its requests signed with `secret`.

    `reach` makes a step of the endpoint that the queue names: its address and bearer token.
    """

    def __init__(
        self,
        url: str,
        secret: str,
        reach: Callable[[str, str | None], Ready],
        *,
        longest_wait: Seconds = LONGEST_WAIT,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._url = url
        self._secret = secret.encode()
        self._reach = reach
        self._longest_wait = longest_wait
        self._tls = tls

    async def steps(self, case: Case) -> AsyncGenerator[Step, None]:
        """Yield how the wait goes, to somebody ready or to the end.

        Close the iterator (`contextlib.aclosing`) when the caller no longer waits.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + self._longest_wait
        poll: str | None = None
        left = False
        try:
            reply = await self._ask("POST", self._url, _body(case))
            while True:
                answer = read_answer(reply.body)
                poll = self._poll(answer) or poll
                if answer.whip is not None:
                    left = True
                    yield self._reach(answer.whip, answer.token)
                    yield Closed("the endpoint that the queue named was not reached")
                    return
                if not answer.waiting:
                    left = True
                    yield Closed("the queue is closed")
                    return
                if poll is None:
                    raise QueueError("its answer has no poll")
                yield Waiting(answer.position)
                pause = _pause(reply)
                if loop.time() + pause > until:
                    yield Closed("nobody was ready in time")
                    return
                await asyncio.sleep(pause)
                reply = await self._ask("GET", poll, "")
        except QueueError as error:
            _log.warning("queue failed", reason=str(error))
            yield Closed(f"the queue failed: {error}")
        finally:
            if poll is not None and not left:
                await self._leave(poll)

    def _poll(self, answer: Answer) -> str | None:
        if answer.poll is None:
            return None
        try:
            poll = urljoin(self._url, answer.poll)
            if same_origin(poll, self._url):
                return poll
        except ValueError:
            raise QueueError("poll is not an address") from None
        raise QueueError("poll is at another server")

    async def _ask(self, method: str, url: str, body: str) -> Reply:
        """Send a request until it is answered; busy and broken servers are asked again."""
        why = ""
        for attempt in range(_TRIES):
            if attempt:
                await asyncio.sleep(_PAUSE)
            try:
                reply = await self._send(method, url, body, _ANSWER_WITHIN)
            except TimeoutError:
                why = f"no answer in {_ANSWER_WITHIN:g} s"
            except OSError as error:
                why = brief(error)
            else:
                if reply.status == 200:
                    return reply
                why = f"HTTP {reply.status}"
                if reply.status < 500 and reply.status not in (408, 429):
                    break
        raise QueueError(why)

    async def _leave(self, poll: str) -> None:
        try:
            await self._send("DELETE", poll, "", _LEAVE_WITHIN)
        except OSError as error:
            _log.warning("queue not told that the caller left", reason=type(error).__name__)

    async def _send(self, method: str, url: str, body: str, within: Seconds) -> Reply:
        headers = {"Hushgate-Signature": signature(self._secret, body, int(time.time()))}
        if body:
            headers["Content-Type"] = "application/json"
        return await request(
            method, url, body=body or None, headers=headers, tls=self._tls, within=within
        )


def signature(secret: bytes, body: str, at: int) -> str:
    """Return the signature header of a body sent `at` (seconds since 1970).

    `t=…,v1=…`: v1 is HMAC-SHA256 over the time, a full stop and the body, in hexadecimal.
    """
    mac = hmac.new(secret, f"{at}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={at},v1={mac}"


def _body(case: Case) -> str:
    tokens = {found.token: str(found.entity) for found in case.findings}
    return json.dumps(
        {
            "call_id": case.call_id,
            "reason": str(case.reason),
            "note": case.note,
            "since": case.since.isoformat(timespec="seconds"),
            "language": case.language,
            "consent": {str(purpose): str(outcome) for purpose, outcome in case.consent.items()},
            "voice": case.voice,
            "transcript": [
                {"who": said.who, "text": said.text, "start_s": said.start_s}
                for said in case.transcript[-MOST_LINES:]
            ],
            "findings": [{"entity": entity, "token": token} for token, entity in tokens.items()],
        },
        ensure_ascii=False,
    )


def read_answer(text: str) -> Answer:
    """Read a queue's answer.

    Raises:
        QueueError: it is none.
    """
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError):
        raise QueueError("its answer is not JSON") from None
    if not isinstance(answer, dict):
        raise QueueError("its answer is not a JSON object")
    match answer.get("state"):
        case "closed":
            return Answer()
        case "waiting":
            position = answer.get("position")
            if position is not None and not (
                type(position) is int and 1 <= position <= _LAST_PLACE
            ):
                raise QueueError(f"position is not a number from 1 to {_LAST_PLACE}")
            poll = answer.get("poll")
            if poll is not None and not (isinstance(poll, str) and len(poll) <= _LONGEST_ADDRESS):
                raise QueueError("poll is not an address")
            return Answer(waiting=True, position=position, poll=poll)
        case "ready":
            token = answer.get("token")
            if token is not None and not (isinstance(token, str) and BEARER.fullmatch(token)):
                raise QueueError("token is not printable ASCII")
            return Answer(whip=_address(answer.get("whip"), "whip"), token=token)
        case _:
            raise QueueError("state is not waiting, ready or closed")


def _address(given: Any, name: str) -> str:
    try:
        if isinstance(given, str) and len(given) <= _LONGEST_ADDRESS:
            return http_url(given)
    except ValueError:
        pass
    raise QueueError(f"{name} is not an https address")


def _pause(reply: Reply) -> Seconds:
    """Return how long to wait before asking again (Retry-After in seconds, RFC 9110, 10.2.3)."""
    wanted = reply.headers.get("retry-after", "")
    shortest, longest = _PAUSES
    asked = re.fullmatch(r"[0-9]{1,6}", wanted)
    return min(max(float(wanted), shortest), longest) if asked else _PAUSE
