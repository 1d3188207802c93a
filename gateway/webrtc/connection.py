"""An ICE connection that does not wait for its candidates and can be restarted in place.

aioice 0.13 does neither. What is added to its `Connection`, put in place once by `install`:

*Trickle* (aiortc/aioice#4, aiortc/aiortc#1344). Upstream gathers everything, for up to 5 s, before
there is an answer. RFC 9725, 4.3.2, has no way for a server to name candidates after its answer,
and none is needed: the host candidates are there at once, STUN and TURN servers have `GRACE` to add
theirs to the answer, and those that come later are used without having been named. Our own checks
go out from them, and the other side learns them as peer-reflexive ones (RFC 8445, 7.3.1.3).

*ICE restart* (RFC 8445, 9; RFC 9725, 4.3.3). New credentials and a new check list over the same
sockets, which RFC 8839, 4.4.1.1.1, allows. The pair in use goes on, with its consent checks under
the credentials it was chosen with, until a pair of the new session is nominated. So a restart
cannot fail: until it has succeeded all is as before, and without consent the connection ends as
ever. DTLS and SRTP know nothing of it.

*Roaming*. Upstream goes on sending to an address that the other side has left without a new
nomination, as behind a NAT that forgets, until consent has run out. Here sound goes back by the
checked pair that it comes by.

*Consent* (RFC 7675) runs out by time, not by number of checks, whose time-outs add up upstream.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import aioice.ice
import aiortc.rtcicetransport
from aioice import Candidate, stun
from aioice.utils import random_string
from aiortc.rtcicetransport import RTCIceParameters

from gateway import telemetry
from media.audio import Seconds

GRACE: Final[Seconds] = 0.3
"""What STUN and TURN servers may delay an answer or an offer by."""

_SERVERS_WITHIN: Final[Seconds] = 5.0  # as upstream


@dataclass(frozen=True, slots=True)
class _Credentials:
    """What one ICE session is checked with: our user name and password, and theirs."""

    local_username: str
    local_password: str
    remote_username: str
    remote_password: str


class Connection(aioice.ice.Connection):  # type: ignore[misc]
    """See the module. For one component: RTCP is always multiplexed."""

    stun_server: tuple[str, int] | None
    turn_server: tuple[str, int] | None
    _check_list: list[aioice.ice.CandidatePair]
    _check_list_state: asyncio.Queue[int]
    _remote_candidates: list[Candidate]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._asking: asyncio.Task[None] | None = None
        self._reconnecting: asyncio.Task[None] | None = None
        self._used: _Credentials | None = None
        self._restarting = False

    # Gathering

    async def get_component_candidates(
        self,
        component: int,
        addresses: list[str],
        timeout: int = 5,  # noqa: ASYNC109
    ) -> list[Candidate]:
        """Return the host candidates, and those of servers that answer within `GRACE`."""
        servers = self.stun_server, self.turn_server
        self.stun_server = self.turn_server = None
        try:
            found: list[Candidate] = await super().get_component_candidates(component, addresses)
        finally:
            self.stun_server, self.turn_server = servers
        self._local_candidates += found
        if any(servers):
            self._asking = asyncio.create_task(self._ask_servers(component))
            await asyncio.wait([self._asking], timeout=GRACE)
        return []  # they are in the list already

    async def _ask_servers(self, component: int) -> None:
        asked: list[Coroutine[Any, Any, tuple[Candidate, Any]]] = []
        if self.stun_server:
            asked += [
                aioice.ice.server_reflexive_candidate(protocol, self.stun_server)
                for protocol in self._protocols
                if ":" not in protocol.local_candidate.host
            ]
        if self.turn_server:
            asked.append(
                aioice.ice.relayed_candidate(
                    component=component,
                    hide_related_address=(
                        self._transport_policy == aioice.ice.TransportPolicy.RELAY
                    ),
                    protocol_factory=lambda: aioice.ice.StunProtocol(self),
                    turn_server=self.turn_server,
                    turn_username=self.turn_username,
                    turn_password=self.turn_password,
                    turn_ssl=self.turn_ssl,
                    turn_transport=self.turn_transport,
                )
            )
        await asyncio.gather(*map(self._add_server_candidate, asked))

    async def _add_server_candidate(
        self, asked: Coroutine[Any, Any, tuple[Candidate, Any]]
    ) -> None:
        try:
            async with asyncio.timeout(_SERVERS_WITHIN):
                candidate, relay = await asked
        except (OSError, TimeoutError, stun.TransactionError):
            return
        self._local_candidates.append(candidate)
        if relay is not None:
            self._protocols.append(relay)
            if self._early_checks_done and not self._check_list_done:
                for remote in self._remote_candidates:
                    self._pair_remote_candidate(remote)
                self.sort_check_list()

    async def add_remote_candidate(self, remote_candidate: Candidate | None) -> None:
        """Add a candidate, or tell of their end; what nothing can be sent to is left out.

        Upstream such a port ends the sockets it is tried from.
        """
        if remote_candidate is None or (
            remote_candidate.component == 1 and 0 < remote_candidate.port < 1 << 16
        ):
            await super().add_remote_candidate(remote_candidate)

    def _remote_candidates_expected(self) -> bool:
        """Tell whether there may be more pairs, through candidates of either side."""
        asking = self._asking is not None and not self._asking.done()
        return asking or super()._remote_candidates_expected()

    # Restarting

    @property
    def restartable(self) -> bool:
        """Whether a first pair has been nominated, and the connection is not closed."""
        return self._used is not None and not self._closing

    def restart(self, remote: RTCIceParameters) -> None:
        """Begin a new ICE session with the other side's new credentials; ours change, too.

        Its candidates are to be added as for the first one, which must have connected.
        """
        assert self._used is not None
        if self._reconnecting is not None:
            self._reconnecting.cancel()
        for pair in self._check_list:
            if pair.task is not None:
                pair.task.cancel()
        self._check_list = []
        self._check_list_done = self._early_checks_done = False
        self._check_list_state = asyncio.Queue()
        self._components = {1}
        self._early_checks.clear()
        self._nominating.clear()
        self._remote_candidates = []
        self._remote_candidates_end = False
        self._local_username, self._local_password = random_string(4), random_string(22)
        self.remote_username, self.remote_password = remote.usernameFragment, remote.password
        for protocol in self._protocols:  # room for those of a caller who moves
            protocol.forget({pair.remote_addr for pair in self._nominated.values()})
        self._restarting = True
        self._reconnecting = asyncio.create_task(self._reconnect())

    async def _reconnect(self) -> None:
        consent, outcome = self._query_consent_task, "given up"
        try:
            await super().connect()
            outcome = "connected"
            if consent is not None:
                consent.cancel()
        except ConnectionError:
            outcome = "failed"  # the pair in use goes on while there is consent
        finally:
            telemetry.ICE_RESTARTS.labels(outcome).inc()

    def _check_list_maybe_complete(self) -> bool:
        """Tell whether a pair of this session, not of the one before, is nominated."""
        if self._restarting and not any(pair.nominated for pair in self._check_list):
            return False
        if not super()._check_list_maybe_complete():
            return False
        self._restarting = False
        self._used = _Credentials(
            self._local_username,
            self._local_password,
            str(self.remote_username),
            str(self.remote_password),
        )
        return True

    def request_received(
        self, message: stun.Message, addr: tuple[str, int], protocol: aioice.ice.StunProtocol
    ) -> None:
        """Answer a check; while restarting, checks of the session before are answered, too."""
        used = self._used
        if (
            not self._restarting
            or used is None
            or self._closing
            or message.attributes.get("USERNAME") != f"{used.local_username}:{used.remote_username}"
        ):
            super().request_received(message, addr, protocol)
        elif message.check_message_integrity(used.local_password.encode()):
            response = stun.Message(
                message_method=stun.Method.BINDING,
                message_class=stun.Class.RESPONSE,
                transaction_id=message.transaction_id,
            )
            response.attributes["XOR-MAPPED-ADDRESS"] = addr
            response.add_message_integrity(used.local_password.encode())
            protocol.send_stun(response, addr)

    # Roaming

    def follow(self, protocol: aioice.ice.StunProtocol, source: tuple[str, int]) -> None:
        """Use the pair that media comes by, if its check has succeeded and it is theirs to choose.

        A caller whose NAT has given it another address knows nothing of it, and nominates nothing.
        """
        if self.ice_controlling or self._restarting:
            return
        succeeded = aioice.ice.CandidatePair.State.SUCCEEDED
        for pair in self._check_list:
            if pair.protocol is protocol and pair.remote_addr == source and pair.state == succeeded:
                self._nominated[1] = pair
                return

    # Consent

    async def query_consent(self) -> None:
        """Check about every 5 s that the other side still wants what we send; end without."""
        clock = asyncio.get_running_loop().time
        interval = aioice.ice.CONSENT_INTERVAL
        lifetime = aioice.ice.CONSENT_FAILURES * interval
        until = clock() + lifetime
        with suppress(TimeoutError):
            while True:
                async with asyncio.timeout_at(until):
                    await asyncio.sleep(interval * random.uniform(0.8, 1.2))
                    if await self._has_consent():
                        until = clock() + lifetime
        self._query_consent_task = None
        await self.close()

    async def _has_consent(self) -> bool:
        used, pair = self._used, self._nominated[1]
        assert used is not None
        request = self.build_request(pair, nominate=False)
        request.attributes["USERNAME"] = f"{used.remote_username}:{used.local_username}"
        try:
            await pair.protocol.request(
                request,
                pair.remote_addr,
                integrity_key=used.remote_password.encode(),
                retransmissions=1,  # the half second of none is too short for a satellite
            )
        except stun.TransactionError:
            return False
        return True

    async def close(self) -> None:
        """Close the connection."""
        for task in (self._asking, self._reconnecting):
            if task is not None:
                task.cancel()
        await super().close()


def install() -> None:
    """Make aiortc use it; calling it again changes nothing."""
    aiortc.rtcicetransport.Connection = Connection
