"""The questions of a call: what the caller answers, by voice or by key, and how long nothing comes.

What is said here goes nowhere but into an answer and its record.
"""

from __future__ import annotations

from typing import Any

from gateway.answers import QUESTIONS, REFUSALS, Answer
from gateway.answers.weigher import Weighed, Weigher
from gateway.consent import Consent, State
from media.audio import Pcm, Samples, Seconds
from media.dtmf import Keypad
from media.keys import Presses
from media.listener import Heard, Listener
from media.recognition import Failed, Recognise, Recognised


class Asking:
    """One walk through a call's script; `answers` is what its record will hold.

    Args:
        consent: moved on by each answer.
        language: ISO 639-1 code of the script.
        now: the clock's time in seconds, which only moves on.
    """

    def __init__(self, consent: Consent, language: str, now: Seconds) -> None:
        self.listener = Listener(language, QUESTIONS[language], REFUSALS[language])
        self.answers: list[dict[str, Any]] = []
        self._consent = consent
        self._weigher = Weigher(language)
        self._keypad = Keypad()
        self._presses = Presses()
        self._heard: Samples = 0
        self._quiet_since = now

    def sounded(self, pcm: Pcm) -> list[str]:
        """Return the keys that sound in the caller's next samples, and did not come as events."""
        keys = self._keypad.feed(pcm)
        return [key for key in keys if self._presses.new(key, self._heard, event=False)]

    def pressed(self, key: str) -> bool:
        """Take a key that came as an event; tell whether it had not sounded already."""
        return self._presses.new(key, self._heard, event=True)

    def feed(self, pcm: Pcm) -> list[Recognise]:
        """Take the caller's next samples (16 kHz)."""
        self._heard += len(pcm)
        return self.listener.feed(pcm)

    def recognised(self, outcome: Recognised | Failed) -> list[Recognise]:
        """Take what became of a command."""
        commands = []
        for event in self.listener.recognised(outcome):
            if isinstance(event, Heard):
                self._weigher.hear(event)
            else:
                commands.append(event)
        return commands

    def spoken(self, *, playing: bool) -> Weighed | None:
        """Return what was said in answer, once it is over; `playing`: the question still is."""
        return self._weigher.weigh(self._heard, speaking=self.listener.speaking, asking=playing)

    def silent(self, now: Seconds, timeout: Seconds, *, playing: bool) -> bool:
        """Tell, once each time, that nothing has come for so long after the question."""
        if playing or self.listener.speaking:
            self._quiet_since = now
        elif now - self._quiet_since > timeout:
            self._quiet_since = now
            return True
        return False

    def answer(self, answer: Answer, at_s: Seconds, now: Seconds, **told: Any) -> State:
        """Take an answer to the present question into the record; return where it led."""
        question, prompt = self._consent.at, self._consent.prompt
        state = self._consent.answer(answer)
        self.answers.append(
            {"question": question, "prompt": prompt, "answer": str(answer), **told, "at_s": at_s}
        )
        self._weigher.forget()
        self.listener.restart()
        self._quiet_since = now
        return state
