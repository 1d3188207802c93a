"""The clock on the wall is set back while a call goes on: nothing ends by it, nothing waits."""

import ast
import datetime as dt
import time
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway import call as call_module
from gateway.ledger import chain, verify
from tests.gateway.fakes import same, turn, until
from tests.gateway.scene import Scene

GATEWAY = Path(call_module.__file__).parent

READERS = {
    "access.py": "tokens expire",
    "call.py": "since when a call goes on, as operators are told",
    "cli.py": "the name of a demo's folder",
    "config.py": "whether the configuration may still be used",
    "hand_off/queue.py": "when a request was signed",
    "ledger/chain.py": "when an entry was written; its order is its number",
    "models/registry.py": "when a model was put in use",
    "schema.py": "whether the certificate is valid",
    "webrtc/sender.py": "RTCP sender reports",
    "webrtc/servers.py": "until when credentials of a TURN server hold",
}
"""Who may read the clock on the wall, and what for; whatever waits goes by the loop's clock."""


def set_back(monkeypatch: pytest.MonkeyPatch, hours: float) -> None:
    ahead, now = -3_600 * hours, time.time

    class Clock(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
            return dt.datetime.fromtimestamp(now() + ahead, tz)

    changed = SimpleNamespace(datetime=Clock, UTC=dt.UTC)
    monkeypatch.setattr(chain, "dt", changed)
    monkeypatch.setattr(call_module, "dt", changed)
    monkeypatch.setattr(time, "time", lambda: now() + ahead)


async def test_a_call_goes_on_and_its_ledger_is_whole(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    agent = await scene.talking()
    set_back(monkeypatch, hours=26)
    scene.caller.say(turn("t2"), pause=3)
    await until(lambda: "PERSON" in " ".join(agent.transcript))
    await until(lambda: scene.caller.silent)
    heard, sent = agent.heard(), scene.caller.sent()
    said = sent.tobytes().find(turn("t2").pcm.tobytes()) // 2
    for span in turn("t2").spans(personal=True):
        here = type(span)(said + span.start, said + span.end)
        assert same(heard, sent, here) == 0
    assert not agent.stopped
    scene.caller.leave()
    await scene.ended()
    entries = list(scene.ledger.entries())
    assert any(later.at < earlier.at for earlier, later in pairwise(entries)), "it was set back"
    assert scene.entries("call.ended")[0]["duration_s"] == pytest.approx(scene.call.clock / 16_000)
    assert verify(scene.ledger.path).ok


async def test_a_question_is_not_given_up_or_waited_for_by_the_wrong_clock(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.start(answer_timeout_s=0.05)
    await until(lambda: scene.heard_prompts() == ["consent"])
    set_back(monkeypatch, hours=1)
    await scene.ended()
    assert scene.heard_prompts() == ["consent", "consent_again", "consent_last", "timed_out"]


def test_nothing_waits_by_the_clock_on_the_wall() -> None:
    readers = set()
    for path in GATEWAY.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and ast.unparse(node).endswith(
                ("time.time", "datetime.now", "datetime.utcnow", "time.time_ns")
            ):
                readers.add(path.relative_to(GATEWAY).as_posix())
    readers = {reader for reader in readers if not reader.startswith("bench/")}
    assert readers
    assert readers <= READERS.keys()
