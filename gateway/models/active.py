"""The models that decide now: their names in the ledger, and whether their scores have drifted."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog

from gateway import telemetry
from gateway.hand_off.case import Reason
from gateway.models.installed import LivenessFiles, ModelError, Models
from gateway.models.records import Role
from media.audio import Seconds
from media.entities.types import Entity
from media.keys import RULE as KEYPAD
from media.liveness.card import Card, ModelFileError
from media.liveness.drift import Drift
from media.liveness.types import Judge, Scored, Verdict

log = structlog.get_logger()

_HEARD: Final = (Role.RECOGNISER,)
_VOICE: Final = (Role.RECOGNISER, Role.LIVENESS, Role.VOICE_ACTIVITY)


def by_card(files: LivenessFiles) -> Judge:
    """Return what a detector's answers mean.

    Raises:
        ModelError: when it cannot be used.
    """
    try:
        return Card(files.card)
    except ModelFileError as error:
        raise ModelError(f"the liveness model cannot be used: {error}") from None


class Active:
    """What decides now; another may take its place at any time (`gateway.models.watch`).

    It is the `Judge` of voices, so that a voice is judged by the card of the model that scores it
    now, whenever its call began.

    Args:
        models: what decides at first.
        judge: tells what a detector's answers mean.

    Raises:
        ModelError: when a detector is there and cannot be used.
    """

    def __init__(self, models: Models, judge: Callable[[LivenessFiles], Judge] = by_card) -> None:
        self._judge_by = judge
        self._take(models)

    @property
    def models(self) -> Models:
        """Return what decides now."""
        return self._models

    def names(self) -> Mapping[str, str]:
        """Return the models' names in the ledger, by role."""
        return self._models.ids

    def take(self, models: Models) -> dict[str, str]:
        """Let others decide from now on; return the names of those that are new."""
        before = self._models.ids
        self._take(models)
        return {role: name for role, name in models.ids.items() if before.get(role) != name}

    def signed(self, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """Return the body of a ledger entry with the names of the models that decided it.

        `models` is there when there were any: what is typed is decided by rules alone.
        """
        ids = self._models.ids
        named = {str(role): ids[role] for role in decided_by(kind, body) if role in ids}
        return {**body, "models": named} if named else dict(body)

    def calibrate(self, windows: Sequence[Scored], speech_s: Seconds) -> float:
        """Turn log-odds into a probability: see `Judge`."""
        assert self._judge is not None, "nobody scores voices"
        return self._judge.calibrate(windows, speech_s)

    def verdict(self, score: float) -> Verdict:
        """Judge a probability: see `Judge`."""
        assert self._judge is not None, "nobody scores voices"
        return self._judge.verdict(score)

    def scored(self, score: float | None) -> None:
        """Take the last score of a voice, if any, into what is compared with the reference."""
        if score is None:
            return
        telemetry.LIVENESS_SCORES.observe(score)
        if self._drift is not None and (index := self._drift.feed(score)) is not None:
            telemetry.LIVENESS_DRIFT.set(index)

    def _take(self, models: Models) -> None:
        self._models = models
        files = models.liveness
        self._judge = self._judge_by(files) if files is not None else None
        self._drift: Drift | None = None
        telemetry.LIVENESS_DRIFT.set(float("nan"))
        if files is not None:
            try:
                self._drift = Drift(files.card.get("reference", {}))
            except ValueError as error:
                log.warning("drift of liveness scores is not told", why=str(error))
        telemetry.MODELS.clear()
        for role, name in models.ids.items():
            telemetry.MODELS.labels(role, name).set(1)


def decided_by(kind: str, body: Mapping[str, Any]) -> tuple[Role, ...]:
    """Return whose decision a ledger entry tells of."""
    match kind:
        case "finding" if body.get("rule") == KEYPAD:
            return ()
        case "finding" if body.get("entity") == Entity.PERSON:
            return (*_HEARD, Role.NAMES)
        case "finding":
            return _HEARD
        case "silenced":
            return (*_HEARD, Role.VOICE_ACTIVITY)
        case "consent":
            spoken = any(answer.get("by") == "voice" for answer in body.get("answers", ()))
            return _HEARD if spoken else ()
        case "consent.withdrawn":
            return _HEARD if body.get("by") == "voice" else ()
        case "voice.verdict" | "voice.changed" | "agent.voice" | "challenge":
            return _VOICE
        case "hand_off" | "call.ended" if body.get("reason") == Reason.SYNTHETIC_VOICE:
            return _VOICE
        case _:
            return ()
