import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.agents.twilio_messages import (
    MAX_MARK_NAME,
    MAX_MESSAGE,
    AgentClear,
    AgentHandOff,
    AgentMark,
    AgentMedia,
    AgentMessageError,
    TwilioStream,
    parse_agent_message,
)

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_nearly_right = st.fixed_dictionaries(
    {"event": st.sampled_from(["media", "mark", "clear", "start", "hushgate.hand_off"]) | _json},
    optional={
        "media": _json | st.fixed_dictionaries({"payload": _json}),
        "mark": _json | st.fixed_dictionaries({"name": _json}),
        "handOff": _json | st.fixed_dictionaries({"reason": _json}),
    },
)


@given(st.text() | st.binary() | _json.map(json.dumps) | _nearly_right.map(json.dumps))
def test_anything_is_one_message_or_one_named_error(raw: str | bytes) -> None:
    try:
        message = parse_agent_message(raw)
    except AgentMessageError:
        return
    assert isinstance(message, AgentMedia | AgentMark | AgentClear | AgentHandOff)


@given(st.binary(min_size=1))
def test_media_carries_its_bytes(ulaw: bytes) -> None:
    payload = base64.b64encode(ulaw).decode()
    raw = json.dumps({"event": "media", "streamSid": "MZ1", "media": {"payload": payload}})
    assert parse_agent_message(raw) == AgentMedia(ulaw)
    assert parse_agent_message(raw.encode()) == AgentMedia(ulaw)


def test_mark_and_clear_are_understood() -> None:
    mark = {"event": "mark", "streamSid": "MZ1", "mark": {"name": "greeting"}}
    assert parse_agent_message(json.dumps(mark)) == AgentMark("greeting")
    assert parse_agent_message('{"event": "clear", "streamSid": "MZ1"}') == AgentClear()


@given(st.text())
def test_a_hand_off_brings_a_reason_that_can_be_shown(reason: str) -> None:
    raw = json.dumps({"event": "hushgate.hand_off", "handOff": {"reason": reason}})
    message = parse_agent_message(raw)
    assert isinstance(message, AgentHandOff)
    assert message.reason.isprintable()
    assert len(message.reason) <= 80
    if reason.isprintable():
        assert message.reason == reason[:80]


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        (b"\xff\xfe", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ("9" * 5_000, "not JSON"),
        ("[]", "not a JSON object"),
        ("{}", "unknown event"),
        ('{"event": "stop"}', "unknown event"),
        ('{"event": ["media"]}', "unknown event"),
        ('{"event": "media"}', "media.payload is not a string"),
        ('{"event": "media", "media": {"payload": 5}}', "media.payload is not a string"),
        ('{"event": "media", "media": {"payload": ""}}', "media.payload is empty"),
        ('{"event": "media", "media": {"payload": "a*b="}}', "media.payload is not base64"),
        ('{"event": "media", "media": {"payload": "größe"}}', "media.payload is not base64"),
        ('{"event": "mark", "mark": "greeting"}', "mark.name is not a string"),
        (json.dumps({"event": "mark", "mark": {"name": "x" * (MAX_MARK_NAME + 1)}}), "mark.name"),
        ('{"event": "hushgate.hand_off"}', "handOff.reason is not a string"),
        ('{"event": "hushgate.hand_off", "handOff": {"reason": 1}}', "handOff.reason is not a"),
        (" " * (MAX_MESSAGE + 1), "message over"),
    ],
)
def test_an_error_says_what_is_wrong(raw: str | bytes, reason: str) -> None:
    with pytest.raises(AgentMessageError, match=reason):
        parse_agent_message(raw)


def test_an_error_does_not_say_what_was_in_the_message() -> None:
    for raw in ('{"event": "4111 1111"}', '{"x": 4111 1111', '{"event": "mark", "mark": "4111"}'):
        with pytest.raises(AgentMessageError) as caught:
            parse_agent_message(raw)
        assert "4111" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_stream_is_told_as_twilio_tells_it() -> None:
    stream = TwilioStream("MZ1", "call-1")
    account = "AC" + 32 * "0"
    told: list[Any] = [
        stream.connected(),
        stream.start({"language": "en"}),
        stream.media(b"\xff" * 160),
        stream.dtmf("5"),
        stream.media(b"\x7f" * 160),
        stream.speech_started(20),
        stream.transcript("My name is <PERSON_1>.", 20, 900),
        stream.speech_started(1_400),
        stream.mark("greeting"),
        stream.stop(),
    ]
    silence = base64.b64encode(b"\xff" * 160).decode()
    other = base64.b64encode(b"\x7f" * 160).decode()

    def of_stream(event: str, number: str, body: dict[str, Any]) -> dict[str, Any]:
        return {"event": event, "sequenceNumber": number, "streamSid": "MZ1", event: body}

    def media(number: str, chunk: str, timestamp: str, payload: str) -> dict[str, Any]:
        body = {"track": "inbound", "chunk": chunk, "timestamp": timestamp, "payload": payload}
        return of_stream("media", number, body)

    def speech_started(sequence: int, at_ms: int) -> dict[str, Any]:
        return {
            "event": "hushgate.speech_started",
            "streamSid": "MZ1",
            "speechStarted": {"sequence": sequence, "atMs": at_ms},
        }

    start = {
        "accountSid": account,
        "streamSid": "MZ1",
        "callSid": "call-1",
        "tracks": ["inbound"],
        "mediaFormat": {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1},
        "customParameters": {"language": "en"},
    }
    assert [json.loads(message) for message in told] == [
        {"event": "connected", "protocol": "Call", "version": "1.0.0"},
        of_stream("start", "1", start),
        media("2", "1", "0", silence),
        of_stream("dtmf", "3", {"track": "inbound_track", "digit": "5"}),
        media("4", "2", "20", other),
        speech_started(1, 20),
        {
            "event": "hushgate.transcript",
            "streamSid": "MZ1",
            "transcript": {"text": "My name is <PERSON_1>.", "startMs": 20, "endMs": 900},
        },
        speech_started(2, 1_400),
        of_stream("mark", "5", {"name": "greeting"}),
        of_stream("stop", "6", {"accountSid": account, "callSid": "call-1"}),
    ]
