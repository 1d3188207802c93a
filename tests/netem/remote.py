"""A switchboard whose callers come through a bad network."""

from tests.gateway.switchboard import LegSwitchboard
from tests.netem.nat import Nat


class Remote(LegSwitchboard):
    """Answers callers whose media comes through a network, and by no other way.

    Candidates that are trickled would lead around it: callers here do not.
    """

    def __init__(self, network: Nat) -> None:
        super().__init__()
        self._network = network

    async def answer(self, offer: str, tenant: str | None = None) -> tuple[str, str]:
        call_id, answer = await super().answer(self._network.offer(offer), tenant)
        return call_id, self._network.answer(answer)
