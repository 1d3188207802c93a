"""Traces of calls, for a collector that the operator names (OpenTelemetry).

A trace is one call; its spans are what a call goes through: `consent`, `connect`, `hand_off`, and
for each phrase of the caller how long it lasted, each recognition run over it, and how long its
end was held (`release`). Attributes are counts, times and words of Hushgate's own tables: never
what was said, typed or found.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import NoOpTracer, Span, StatusCode, Tracer, set_span_in_context

from media.activity import PhraseEnded, PhraseStarted
from media.audio import Samples, Seconds, seconds
from media.clearance import Action, Release
from media.inspector import Command, Unsure
from media.recognition import Failed, Recognise, Recognised

WAITING: Final = 2_048
"""Spans that may wait for the collector; more are dropped, and calls go on."""

_EXPORT_WITHIN: Final[Seconds] = 5.0
_MOST_PHRASES: Final = 16  # open at a time; the hold ends them after its bound

Fact = str | bool | int | float

UNTRACED: Final = NoOpTracer()
"""What calls are traced with where nobody collects."""


@asynccontextmanager
async def tracing(endpoint: str | None) -> AsyncIterator[Tracer]:
    """Send what is traced within the block to `endpoint` (OTLP over HTTP); None sends nothing.

    A thread sends it, in batches. A collector that does not answer costs spans, never a call.
    """
    if endpoint is None:
        yield UNTRACED
        return
    exporter = OTLPSpanExporter(endpoint=endpoint, timeout=_EXPORT_WITHIN)
    provider = TracerProvider(
        resource=Resource({SERVICE_NAME: "hushgate", SERVICE_VERSION: version("hushgate")}),
        span_limits=SpanLimits(max_attribute_length=80),
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(exporter, max_queue_size=WAITING))
    try:
        yield provider.get_tracer("hushgate")
    finally:
        await asyncio.to_thread(provider.shutdown)


class Trace:
    """One call's trace: `begin` and `end` its stages by name, `close` it when it has ended."""

    def __init__(self, tracer: Tracer, **facts: Fact) -> None:
        self._tracer = tracer
        self._call = tracer.start_span("call", attributes=_named(facts))
        self._stages: dict[str, Span] = {}

    def begin(self, stage: str, **facts: Fact) -> None:
        """Begin a stage; one of that name which is still open ends."""
        self.end(stage)
        self._stages[stage] = self.span(stage, None, **facts)

    def end(self, stage: str, **facts: Fact) -> None:
        """End a stage, if it is open."""
        span = self._stages.pop(stage, None)
        if span is not None:
            span.set_attributes(_named(facts))
            span.end()

    def span(self, name: str, parent: Span | None = None, **facts: Fact) -> Span:
        """Begin a span under another, or under the call."""
        return self._tracer.start_span(
            name, set_span_in_context(parent or self._call), attributes=_named(facts)
        )

    def close(self, *, failed: bool, **facts: Fact) -> None:
        """End the call, and what is still open of it."""
        for stage in list(self._stages):
            self.end(stage)
        self._call.set_attributes(_named(facts))
        if failed:
            self._call.set_status(StatusCode.ERROR)
        self._call.end()


class Phrases:
    """The phrases of one inspection: give it every command and every outcome."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self._open: deque[_Phrase] = deque(maxlen=_MOST_PHRASES)
        self._runs: dict[int, Span] = {}

    def follow(self, command: Command) -> None:
        """Take note of what the inspection decided."""
        match command:
            case PhraseStarted():
                self._open.append(_Phrase(self._trace.span("phrase")))
            case PhraseEnded(at) if self._open:
                phrase = self._open[-1]
                phrase.end = at
                phrase.release = self._trace.span("release", phrase.span)
            case Recognise(id=job) if self._open:
                self._runs[job] = self._trace.span("recognition", self._open[0].span)
            case Unsure(reason=reason) if self._open:
                self._open[0].span.add_event("unsure", _named({"reason": reason}))
            case Release():
                self._released(command)

    def came_back(self, outcome: Recognised | Failed) -> None:
        """Take note of what became of a run."""
        run = self._runs.pop(outcome.id, None)
        if run is not None:
            if isinstance(outcome, Failed):
                run.set_attributes(_named({"reason": outcome.reason}))
                run.set_status(StatusCode.ERROR)
            run.end()

    def stop(self) -> None:
        """End what is still open."""
        for run in self._runs.values():
            run.end()
        self._runs.clear()
        while self._open:
            self._open.popleft().close()

    def _released(self, release: Release) -> None:
        if not self._open:
            return
        silenced = sum(len(d.span) for d in release.decisions if d.action is not Action.PASS)
        self._open[0].silenced += silenced
        while (
            self._open and self._open[0].end is not None and self._open[0].end <= release.span.end
        ):
            self._open.popleft().close()


class _Phrase:
    """A phrase that is not released yet."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.end: Samples | None = None
        self.release: Span | None = None
        self.silenced: Samples = 0

    def close(self) -> None:
        if self.release is not None:
            self.release.end()
        self.span.set_attributes(_named({"silenced_s": round(seconds(self.silenced), 3)}))
        self.span.end()


def _named(facts: dict[str, Fact]) -> dict[str, Fact]:
    return {f"hushgate.{name}": fact for name, fact in facts.items()}
