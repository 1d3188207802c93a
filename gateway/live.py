"""A call as it goes, in the terminal: its state, what the agent was allowed to hear, the hold."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from gateway.events import ConsentChanged, Event, Found, Held, Notice, StateChanged, Transcript

Show = Callable[[Event], None]

_LINES = 14
_FULL_S = 4.0


@contextmanager
def plain() -> Iterator[Show]:
    """Print one line an event to standard error."""
    console = Console(stderr=True, soft_wrap=True)

    def show(event: Event) -> None:
        line = _line(event)
        if line is not None:
            console.print(line)

    yield show


@contextmanager
def live() -> Iterator[Show]:
    """Draw a panel that keeps up with the call."""
    view = _View()
    with Live(view.draw(), refresh_per_second=8) as screen:

        def show(event: Event) -> None:
            view.take(event)
            screen.update(view.draw())

        yield show


class _View:
    def __init__(self) -> None:
        self.state = "dialling"
        self.consent = "not asked"
        self.age_s = 0.0
        self.at_s = 0.0
        self.lines: deque[Text] = deque(maxlen=_LINES)

    def take(self, event: Event) -> None:
        match event:
            case StateChanged(state, _):
                self.state = state
            case ConsentChanged(outcome, _):
                self.consent = outcome
            case Held(age_s, at_s):
                self.age_s, self.at_s = age_s, at_s
            case _:
                line = _line(event)
                if line is not None:
                    self.lines.append(line)

    def draw(self) -> Panel:
        facts = Table.grid(padding=(0, 2))
        bar = ProgressBar(total=_FULL_S, completed=min(self.age_s, _FULL_S), width=24)
        facts.add_row("call", Text(self.state, "bold"), "consent", Text(self.consent, "bold"))
        facts.add_row("held", bar, f"{self.age_s:.2f} s", f"at {self.at_s:.0f} s")
        return Panel(Group(facts, Text(), *self.lines), title="hushgate", title_align="left")


def _line(event: Event) -> Text | None:
    match event:
        case StateChanged(state, at_s):
            return _stamped(at_s, f"call: {state}", "cyan")
        case ConsentChanged(outcome, at_s):
            return _stamped(at_s, f"consent: {outcome}", "cyan")
        case Transcript(who, text, start_s, _):
            line = _stamped(start_s, f"{who}: {text}", "bold" if who == "caller" else "dim")
            line.highlight_regex(r"<[A-Z_]+_?\d*>", "black on yellow")
            return line
        case Found(entity=entity, token=token, action=action, start_s=start_s, end_s=end_s):
            return _stamped(start_s, f"{action}: {entity} {token} until {end_s:.1f} s", "yellow")
        case Notice(text, at_s):
            return _stamped(at_s, text, "magenta")
        case Held():
            return None


def _stamped(at_s: float, text: str, style: str) -> Text:
    return Text.assemble((f"{at_s:6.1f} s  ", "dim"), (text, style))
