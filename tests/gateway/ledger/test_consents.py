"""A call's consent, as a person reads it and as a receipt."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from gateway.consent import Outcome
from gateway.ledger import Ledger, read
from gateway.ledger.cli import app
from gateway.ledger.consents import STATES, NoConsentError, receipt, tell
from gateway.schema import Controller

RECORD = {
    "place": "eu",
    "language": "en",
    "script": "European Union",
    "script_sha256": "ab" * 32,
    "basis": ["GDPR Art. 6(1)(a)", "EU AI Act Art. 50"],
    "purposes": {"agent": "granted", "record": "granted", "transcribe": "refused"},
    "answers": [
        {
            "question": "agent",
            "prompt": "agent",
            "answer": "unclear",
            "by": "voice",
            "heard": "yes … no",
            "confidence": 0.913,
            "at_s": 6.2,
        },
        {
            "question": "agent",
            "prompt": "agent_again",
            "answer": "yes",
            "by": "key",
            "heard": "1",
            "at_s": 12.0,
        },
        {
            "question": "record",
            "prompt": "record",
            "answer": "yes",
            "by": "voice",
            "heard": "you are",
            "known_by": "sound",
            "confidence": 0.871,
            "at_s": 15.5,
        },
    ],
    "models": {"recogniser": "whisper@base:753752d23a0c"},
}
WITHDRAWN = {
    "demand": "stop recording",
    "by": "voice",
    "purposes": ["record"],
    "erased": ["recording"],
    "at_s": 61.5,
}
US = Controller(name="Example Ltd", contact="privacy@example.com")


@pytest.fixture
def path(tmp_path: Path) -> Iterator[Path]:
    path = tmp_path / "ledger.sqlite"
    ledger = Ledger(path)
    ledger.append("call-1", "consent", RECORD)
    ledger.append("call-2", "call.started", {})
    ledger.append("call-1", "consent.withdrawn", WITHDRAWN)
    yield path
    ledger.close()


def test_a_person_reads_what_was_asked_answered_and_withdrawn(path: Path) -> None:
    told = "\n".join(tell(read(path), "call-1"))
    assert "European Union (eu), language en" in told
    assert "agent (agent): unclear, by voice “yes … no”, confidence 0.91" in told
    assert "agent (agent_again): yes, by key “1”" in told
    assert "record (record): yes, by voice “you are”, known by its sound, confidence 0.87" in told
    assert "record     withdrawn  opens the recording" in told
    assert "transcribe refused" in told
    assert "erased: recording" in told
    assert "heard by whisper@base:753752d23a0c" in told


def test_a_receipt_has_an_event_for_each_purpose_and_each_withdrawal(path: Path) -> None:
    made = receipt(read(path), "call-1", US)
    assert made["pii_principal_id"] == "call-1"
    assert made["party_identification"][0]["party_name"] == "Example Ltd"
    states = [(e["purpose"], e["event_state"]) for e in made["events"]]
    assert states == [
        ("agent", "given"),
        ("record", "given"),
        ("transcribe", "refused"),
        ("record", "withdrawn"),
    ]
    assert json.loads(json.dumps(made)) == made


def test_every_outcome_is_a_state_of_an_event() -> None:
    assert set(STATES) == set(Outcome)


def test_a_call_without_a_record_is_an_error_that_names_it(path: Path) -> None:
    with pytest.raises(NoConsentError, match="call-2"):
        list(tell(read(path), "call-2"))


def test_both_can_be_had_from_the_command_line(path: Path) -> None:
    run = CliRunner().invoke
    shown = run(app, ["show", "--consent", "call-1", "--path", str(path)])
    assert shown.exit_code == 0
    assert "How it stands" in shown.output
    made = run(app, ["receipt", "call-1", "--path", str(path)])
    assert json.loads(made.stdout)["schema_version"] == "ISO/IEC TS 27560:2023"
    for arguments in (["show", "--consent", "call-9"], ["receipt", "call-9"]):
        missing = run(app, [*arguments, "--path", str(path)])
        assert missing.exit_code == 2
        assert "call-9" in missing.stderr
