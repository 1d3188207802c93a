import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.audio import RATE, Pcm, ulaw_decode
from media.narrowband import UlawDecoder, UlawEncoder


def encode(pcm: Pcm) -> bytes:
    encoder = UlawEncoder()
    return encoder(pcm) + encoder.flush()


def decode(ulaw: bytes) -> Pcm:
    decoder = UlawDecoder()
    return np.concatenate((decoder(ulaw), decoder.flush()))


def tone(hertz: float, count: int = RATE) -> Pcm:
    return (8_000 * np.sin(2 * np.pi * hertz * np.arange(count) / RATE)).astype(np.int16)


@given(st.lists(st.integers(0, 900), max_size=12), st.integers(0, 2**32 - 1))
def test_how_a_stream_is_cut_changes_nothing(cuts: list[int], seed: int) -> None:
    pcm = np.random.default_rng(seed).integers(-9_000, 9_000, sum(cuts)).astype(np.int16)
    encoder, decoder = UlawEncoder(), UlawDecoder()
    parts = np.split(pcm, np.cumsum(cuts)[:-1]) if cuts else []
    ulaw = b"".join(encoder(part) for part in parts) + encoder.flush()
    assert ulaw == encode(pcm)
    assert len(ulaw) == (pcm.size + 1) // 2
    edges = np.cumsum([cut // 2 for cut in cuts])
    pieces = [ulaw[a:b] for a, b in zip([0, *edges], [*edges, len(ulaw)], strict=True)]
    back = np.concatenate([*(decoder(piece) for piece in pieces), decoder.flush()])
    assert np.array_equal(back, decode(ulaw))
    assert back.size == 2 * len(ulaw)


def test_a_flushed_stream_starts_anew() -> None:
    encoder, decoder = UlawEncoder(), UlawDecoder()
    pcm = tone(440, 801)
    assert encoder(pcm) + encoder.flush() == encoder(pcm) + encoder.flush()
    ulaw = encode(pcm)
    first = np.concatenate((decoder(ulaw), decoder.flush()))
    assert np.array_equal(first, np.concatenate((decoder(ulaw), decoder.flush())))


@pytest.mark.parametrize("hertz", [100, 1_000, 3_300])
def test_the_telephone_band_passes_in_place(hertz: float) -> None:
    pcm = tone(hertz)
    back = decode(encode(pcm))
    error = (back.astype(float) - pcm)[400:-400]
    assert np.sqrt(np.mean(error**2)) < 8_000 / np.sqrt(2) * 0.03


@pytest.mark.parametrize("hertz", [4_700, 6_000, 7_800])
def test_what_is_above_the_band_is_not_folded_into_it(hertz: float) -> None:
    assert np.abs(ulaw_decode(encode(tone(hertz))).astype(int))[100:-100].max() <= 16


def test_full_scale_is_clipped_not_wrapped() -> None:
    square = np.where(np.arange(1_600) % 200 < 100, 32_767, -32_768).astype(np.int16)
    back = decode(encode(square)).astype(int)
    inner = np.abs(np.arange(1_600) % 100 - 50) < 30
    assert np.all(np.sign(back[inner]) == np.sign(square[inner]))
