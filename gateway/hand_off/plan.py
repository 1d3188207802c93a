"""Who takes a call that is handed off: the targets that are configured, in the order that fits."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Final

from aiortc import RTCIceServer

from gateway import schema
from gateway.hand_off.case import Case, Closed, Ready, Reason, Step
from gateway.hand_off.queue import Queue
from gateway.hand_off.whip import WhipLeg
from gateway.legs import AgentLeg
from gateway.playback import LIVE
from media.audio import Seconds

FOR_MACHINES: Final = (Reason.AGENT_LOST, Reason.AGENT_ASKED, Reason.OPERATOR)
"""Why another AI agent may take a call, if its caller has agreed to one."""


class HandOff:
    """The targets of section `hand_off`.

    `make_agent` makes the leg of an AI agent's address; `hold_bound` is how late inspected sound
    may come; `ice_servers` names the STUN and TURN servers for a call's id.
    """

    def __init__(
        self,
        section: schema.HandOff,
        make_agent: Callable[[str], AgentLeg],
        hold_bound: Seconds,
        ice_servers: Callable[[str], Sequence[RTCIceServer]] = lambda _: (),
    ) -> None:
        self._section = section
        self._make_agent = make_agent
        self._behind = hold_bound if section.inspect else LIVE
        self._ice_servers = ice_servers

    async def steps(self, case: Case) -> AsyncGenerator[Step, None]:
        """Yield how the hand-off goes; whoever is `Ready` and not reached is followed by the next.

        Ends with `Closed`. Close the iterator (`contextlib.aclosing`) when somebody was reached or
        the caller has gone.
        """
        last = Closed("there is nobody to hand over to")
        for steps in self._ways(case):
            async with aclosing(steps):
                async for step in steps:
                    if isinstance(step, Closed):
                        last = step
                        break
                    yield step
        yield last

    def _ways(self, case: Case) -> list[AsyncGenerator[Step, None]]:
        """Return people only, unless the caller has agreed to an AI agent and wants no person."""
        people, machines = self._people(case), self._machines(case)
        if case.reason is Reason.AGENT_LOST:
            return machines + people
        return people + machines

    def _people(self, case: Case) -> list[AsyncGenerator[Step, None]]:
        headers = {"Hushgate-Call": case.call_id, "Hushgate-Reason": str(case.reason)}

        def reach(url: str, token: str | None) -> Ready:
            bearer = {} if token is None else {"Authorization": f"Bearer {token}"}
            leg = WhipLeg(
                url,
                headers={**headers, **bearer},
                behind=self._behind,
                ice_servers=self._ice_servers(case.call_id),
            )
            return Ready(leg, inspect=self._section.inspect)

        whip, queue = self._section.whip, self._section.queue
        if whip is not None:
            token = None if whip.token is None else whip.token.get_secret_value()
            return [_once(reach(whip.url, token), "the person's endpoint")]
        if queue is not None:
            return [Queue(queue.url, queue.secret.get_secret_value(), reach).steps(case)]
        return []

    def _machines(self, case: Case) -> list[AsyncGenerator[Step, None]]:
        url = self._section.websocket
        agreed = case.consent.get("agent") == "granted"
        if url is None or not agreed or case.reason not in FOR_MACHINES:
            return []
        return [_once(Ready(self._make_agent(url), inspect=True, person=False), "the other agent")]


async def _once(ready: Ready, who: str) -> AsyncGenerator[Step, None]:
    yield ready
    yield Closed(f"{who} was not reached")
