"""Whom the caller hears when both speak, in sample time."""

from sounds import chunks, ms, noise, silence, voice

from media.audio import Pcm
from media.floor import BACK, PAUSE, Floor

PIECE = voice(ms(20))


class Talk:
    """A caller and an agent on one time line, in steps of 20 ms."""

    def __init__(self) -> None:
        self.floor = Floor()
        self.starts = 0

    def on(self, caller: Pcm, agent: Pcm | None = None) -> list[bool]:
        """Let the caller's sound go by while the agent sends a piece each 20 ms, or nothing."""
        heard = []
        for chunk in chunks(caller):
            self.starts += len(self.floor.feed(chunk))
            if agent is not None:
                heard.append(self.floor.hears(agent))
        return heard


def interrupted() -> Talk:
    """Return a talk whose agent was interrupted while it sent in real time."""
    talk = Talk()
    assert all(talk.on(silence(ms(1_000)), PIECE))
    talk.on(voice(ms(600)), PIECE)
    assert talk.floor.taken
    return talk


def test_an_agent_is_heard_while_the_caller_is_quiet() -> None:
    talk = Talk()
    assert all(talk.on(silence(ms(3_000)), PIECE))
    assert (talk.starts, talk.floor.taken) == (0, False)


def test_a_caller_who_speaks_over_the_agent_hears_it_for_300_ms_at_most() -> None:
    talk = Talk()
    talk.on(silence(ms(1_000)), PIECE)
    heard = talk.on(voice(ms(1_000)), PIECE)
    assert talk.starts == 1
    assert heard == sorted(heard, reverse=True)
    assert sum(heard) * 20 <= 300


def test_a_caller_who_speaks_to_a_quiet_agent_takes_nothing() -> None:
    talk = Talk()
    talk.on(silence(ms(1_000)), PIECE)
    talk.on(silence(PAUSE))
    talk.on(voice(ms(600)))
    assert (talk.starts, talk.floor.taken) == (1, False)


def test_an_agent_that_streams_silence_is_quiet() -> None:
    talk = Talk()
    talk.on(silence(ms(1_000)), noise(320, 20))
    talk.on(voice(ms(600)), noise(320, 20))
    assert (talk.starts, talk.floor.taken) == (1, False)


def test_a_reply_that_was_sent_in_one_burst_is_interrupted_while_it_is_played() -> None:
    talk = Talk()
    assert talk.floor.hears(voice(ms(5_000)))
    talk.on(silence(ms(4_000)))
    talk.on(voice(ms(600)))
    assert talk.floor.taken
    assert not talk.floor.hears(voice(ms(1_000))), "the next sentence of the same reply"


def test_a_reply_that_was_played_to_its_end_is_not() -> None:
    talk = Talk()
    talk.floor.hears(voice(ms(2_000)))
    talk.on(silence(ms(2_000) + PAUSE))
    talk.on(voice(ms(600)))
    assert not talk.floor.taken


def test_an_agent_that_says_it_starts_anew_is_heard_at_once() -> None:
    talk = interrupted()
    talk.floor.clear()
    assert talk.floor.hears(PIECE)


def test_an_agent_that_pauses_is_heard_again_when_the_caller_is_quiet() -> None:
    talk = interrupted()
    assert not any(talk.on(voice(ms(400)), PIECE))
    talk.on(silence(ms(700)))
    assert talk.floor.hears(PIECE)


def test_an_agent_that_pauses_while_the_caller_speaks_is_not_heard() -> None:
    talk = interrupted()
    talk.on(voice(ms(800)))
    assert not talk.floor.hears(PIECE)


def test_an_agent_that_never_pauses_is_heard_again_after_a_while() -> None:
    talk = interrupted()
    heard = talk.on(silence(BACK + ms(300)), PIECE)
    assert heard == sorted(heard)
    assert BACK / 16 - 100 <= heard.count(False) * 20 <= BACK / 16 + 100


def test_what_was_dropped_is_not_waited_for() -> None:
    talk = Talk()
    talk.floor.hears(voice(ms(60_000)))
    talk.on(silence(ms(1_000)))
    talk.on(voice(ms(600)))
    talk.on(silence(ms(700)))
    assert talk.floor.hears(PIECE)
