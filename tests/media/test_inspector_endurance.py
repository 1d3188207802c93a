"""Hours of a call cost the inspector no more memory than minutes of it."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np
import pytest
from sounds import ms, silence, voice

from media.audio import FRAME, RATE, Pcm, Span
from media.entities.types import ACTIONS, NOTHING, Entity, Finding, Inspection, Word
from media.inspector import Inspector
from media.listener import Listener
from media.recognition import Failed, Recognise, Recognised
from media.sensitive import Sensitive

BOUND: Final = 6 * RATE
STEP: Final = 5 * FRAME
"""What is fed at a time; hours in frames of 20 ms would take a test too long."""

VOICE: Final = voice(ms(20_000))


Sizes = Iterator[tuple[str, int]]


def sizes(thing: object, path: str = "", seen: set[int] | None = None) -> Sizes:
    """Yield how much each collection and array below `thing` holds, by its name."""
    seen = set() if seen is None else seen
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, np.ndarray):
        yield path, thing.size
        return
    if type(thing).__module__.startswith("media.") and not isinstance(thing, tuple):
        slots = [name for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())]
        names = slots or list(vars(thing))
        for name in names:
            yield from sizes(getattr(thing, name, None), f"{path}.{name}", seen)
    elif hasattr(thing, "__len__") and not isinstance(thing, str | bytes):
        yield path, len(thing)
        items: Any = thing.values() if isinstance(thing, dict) else thing
        for item in list(items)[:1]:
            yield from sizes(item, f"{path}[]", seen)


class Call:
    """A voice whose every window is answered a step later."""

    def __init__(self, answer: Callable[[Recognise], Recognised | Failed]) -> None:
        self.inspector = Inspector(ACTIONS, BOUND)
        self._answer = answer
        self._jobs: list[Recognise] = []

    def feed(self, pcm: Pcm) -> None:
        for start in range(0, len(pcm), STEP):
            due, self._jobs = self._jobs, []
            commands = [c for job in due for c in self.inspector.recognised(self._answer(job))]
            commands += self.inspector.feed(pcm[start : start + STEP])
            self._jobs = [c for c in commands if isinstance(c, Recognise)]
            assert self.inspector.held <= BOUND

    def measure(self) -> dict[str, int]:
        return dict(sizes(self.inspector))


def words_of(job: Recognise) -> Recognised:
    """Hear a word for each 300 ms of sound, and a name in every tenth."""
    grid, new = ms(300), []
    for number in range(job.at // grid + 1, job.span.end // grid):
        span = Span(number * grid, number * grid + ms(260))
        inside = job.pcm[span.start - job.at : span.end - job.at]
        if span.start + ms(130) >= job.cursor and np.any(inside):
            new.append(Word(Sensitive("Ann" if number % 10 == 0 else f"so{number % 7}"), span))
    words = (*job.context, *new)
    found = tuple(
        Finding(Entity.PERSON, i, i + 1, 0.9, "test", word.text)
        for i, word in enumerate(words)
        if word.text.reveal() == "Ann"
    )
    inspection = Inspection(found, len(words))
    return Recognised(job.id, words, len(job.context), inspection, inspection, None)


def unsure(job: Recognise) -> Recognised:
    return Recognised(job.id, job.context, len(job.context), NOTHING, NOTHING, "loop")


def fails(job: Recognise) -> Failed:
    return Failed(job.id, "died")


def said(speech_ms: float, pause_ms: float) -> Pcm:
    return np.concatenate([VOICE[: ms(speech_ms)], silence(ms(pause_ms))])


LIVES: Final = {
    "silence": silence(RATE * 10),
    "sentences": said(3_000, 1_500),
    "breaths": said(2_000, 500),
    "no pause": VOICE,
    "bursts": said(160, 900),
}
HEARS: Final = {"words": words_of, "unsure": unsure, "failing": fails}


@pytest.mark.parametrize("hears", HEARS)
@pytest.mark.parametrize("life", LIVES)
def test_what_is_kept_does_not_grow_with_the_call(life: str, hears: str) -> None:
    call, part = Call(HEARS[hears]), LIVES[life]
    minute = -(-60 * RATE // len(part))

    def most(minutes: int) -> dict[str, int]:
        """Return the most that each collection held while this went by."""
        found: dict[str, int] = {}
        for _ in range(minutes * minute):
            call.feed(part)
            for name, size in call.measure().items():
                found[name] = max(found.get(name, 0), size)
        return found

    early, late = most(1), most(3)
    grown = {
        n: (early.get(n, 0), size) for n, size in late.items() if size > 2 * early.get(n, 0) + 8
    }
    assert not grown


def test_silence_is_let_out_and_nothing_of_it_is_kept() -> None:
    call = Call(fails)
    for _ in range(60):
        call.feed(LIVES["silence"])
    assert call.inspector.heard == 600 * RATE
    assert call.inspector.held <= 2 * STEP
    assert max(call.measure().values()) <= 1 << 16


def test_a_listener_keeps_seconds_of_hours() -> None:
    listener = Listener()
    for _ in range(60):
        for start in range(0, len(LIVES["breaths"]), STEP):
            commands: list[Any] = list(listener.feed(LIVES["breaths"][start : start + STEP]))
            while commands:
                command = commands.pop()
                if isinstance(command, Recognise):
                    commands += listener.recognised(words_of(command))
        assert max(size for name, size in sizes(listener)) <= 40 * RATE
