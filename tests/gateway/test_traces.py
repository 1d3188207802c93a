"""A trace tells what a call went through and how long it took, and nothing of what was said."""

import asyncio
import http.server
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import StatusCode

from gateway.answers import Demand
from gateway.traces import UNTRACED, Trace, tracing
from tests.gateway.fakes import turn
from tests.gateway.scene import Scene


@pytest.fixture
def collected(scene: Scene) -> InMemorySpanExporter:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    scene.tracer = provider.get_tracer("test")
    return exporter


def named(exporter: InMemorySpanExporter, name: str) -> list[ReadableSpan]:
    return [span for span in exporter.get_finished_spans() if span.name == name]


async def say_and_end(scene: Scene) -> None:
    await scene.talking()
    scene.caller.say(turn("t1"))
    await scene.told(1)
    await scene.quiet(3)
    scene.call.hang_up("the test is over")
    await scene.ended()


async def test_one_trace_a_call_from_consent_to_the_release_of_each_phrase(
    scene: Scene, collected: InMemorySpanExporter
) -> None:
    await say_and_end(scene)
    (call,) = named(collected, "call")
    (consent,) = named(collected, "consent")
    (connect,) = named(collected, "connect")
    phrases, runs = named(collected, "phrase"), named(collected, "recognition")
    releases = named(collected, "release")
    assert call.attributes is not None and consent.attributes is not None
    assert call.attributes["hushgate.call_id"] == "call-1"
    assert call.attributes["hushgate.tenant"] == "acme"
    assert call.attributes["hushgate.outcome"] == "talked"
    assert consent.attributes["hushgate.outcome"] == "granted"
    assert phrases and runs and releases
    for stage in (consent, connect, *phrases):
        assert stage.parent is not None and stage.parent.span_id == call.context.span_id
    of_phrases = {phrase.context.span_id for phrase in phrases}
    for part in (*runs, *releases):
        assert part.parent is not None and part.parent.span_id in of_phrases
    assert {span.context.trace_id for span in collected.get_finished_spans()} == {
        call.context.trace_id
    }


async def test_every_span_ends_with_its_call_and_within_it(
    scene: Scene, collected: InMemorySpanExporter
) -> None:
    scene.engine.mode = "hangs"  # recognition under way when the caller hangs up
    await scene.talking()
    scene.caller.say(turn("t1"))
    await scene.quiet(2)
    scene.call.hang_up("the test is over")
    await scene.ended()
    (call,) = named(collected, "call")
    assert named(collected, "recognition"), "what never came back has ended"
    for span in collected.get_finished_spans():
        assert call.start_time and span.start_time and span.end_time and call.end_time
        assert call.start_time <= span.start_time <= span.end_time <= call.end_time


async def test_a_run_that_failed_says_why(scene: Scene, collected: InMemorySpanExporter) -> None:
    await scene.talking()
    scene.engine.mode = "fails"
    scene.caller.say(turn("t1"))
    await scene.quiet(4)
    scene.call.hang_up("the test is over")
    await scene.ended()
    failed = [
        s for s in named(collected, "recognition") if s.status.status_code is StatusCode.ERROR
    ]
    assert failed
    assert all(s.attributes and s.attributes["hushgate.reason"] == "died" for s in failed)


async def test_a_hand_off_is_a_stage_with_its_reason(
    scene: Scene, collected: InMemorySpanExporter
) -> None:
    await scene.talking()
    await scene.call.demand(Demand.HUMAN, "page")
    await scene.ended()
    (stage,) = named(collected, "hand_off")
    assert stage.attributes == {"hushgate.reason": "wants a human", "hushgate.taken": False}


async def test_no_span_carries_what_was_said_or_typed(
    scene: Scene, collected: InMemorySpanExporter
) -> None:
    await scene.talking()
    for name in ("t1", "t2", "t3"):
        scene.caller.say(turn(name))
    for digit in "4539148803436467":
        scene.caller.press(digit)
    await scene.told(3)
    await scene.quiet(5)
    scene.call.hang_up("the test is over")
    await scene.ended()
    shown = "\n".join(span.to_json() for span in collected.get_finished_spans()).casefold()
    personal = {
        text.casefold().strip(".,")
        for name in ("t1", "t2", "t3")
        for text, _, entity in turn(name).words
        if entity is not None and len(text) > 3
    }
    assert len(personal) > 10, "much was planted"
    assert not {word for word in personal if f'"{word}' in shown or f" {word} " in shown}
    assert "45391488" not in shown and "person_" not in shown


class Collector:
    """Takes traces by OTLP over HTTP, as a real one does."""

    def __init__(self) -> None:
        self.spans: list[Any] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    for scope in resource.scope_spans:
                        outer.spans += scope.spans
                self.send_response(200)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/v1/traces"


@pytest.fixture
def collector() -> Iterator[Collector]:
    collector = Collector()
    thread = threading.Thread(target=collector.server.serve_forever)
    thread.start()
    yield collector
    collector.server.shutdown()
    thread.join()
    collector.server.server_close()


async def test_a_collector_gets_all_spans_before_the_gateway_ends(collector: Collector) -> None:
    async with tracing(collector.url) as tracer:
        trace = Trace(tracer, call_id="call-1")
        trace.begin("consent", place="us")
        trace.close(failed=False, outcome="talked")
    assert [span.name for span in collector.spans] == ["consent", "call"]
    assert len({span.trace_id for span in collector.spans}) == 1


async def test_a_collector_that_is_down_costs_a_call_nothing(scene: Scene) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    async with asyncio.timeout(60), tracing(f"http://127.0.0.1:{port}/v1/traces") as tracer:
        scene.tracer = tracer
        await say_and_end(scene)
    assert scene.first.transcript


async def test_nothing_is_sent_where_no_collector_is_named() -> None:
    async with tracing(None) as tracer:
        assert tracer is UNTRACED
