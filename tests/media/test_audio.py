import numpy as np

from media.audio import alaw_decode, alaw_encode, centred, ulaw_decode, ulaw_encode


def test_ulaw_survives_a_round_trip_within_its_quantisation() -> None:
    pcm = np.arange(-32_000, 32_000, 7, dtype=np.int16)
    back = ulaw_decode(ulaw_encode(pcm)).astype(int)
    assert np.all(np.abs(back - pcm) <= np.maximum(8, np.abs(pcm.astype(int)) // 16))


def test_every_ulaw_code_encodes_to_a_code_of_the_same_value() -> None:
    codes = bytes(range(256))
    pcm = ulaw_decode(codes)
    assert np.array_equal(ulaw_decode(ulaw_encode(pcm)), pcm)


def test_alaw_survives_a_round_trip_within_its_quantisation() -> None:
    pcm = np.arange(-32_768, 32_768, dtype=np.int32).astype(np.int16)
    back = alaw_decode(alaw_encode(pcm)).astype(int)
    assert np.all(np.abs(back - pcm) <= np.maximum(8, np.abs(pcm.astype(int)) // 32 + 1))


def test_alaw_is_that_of_the_recommendation() -> None:
    # ITU-T G.711, table 1: the ends of both sides, and the smallest values.
    assert alaw_encode(np.array([32_767, 0, -1, -32_768], np.int16)) == b"\xaa\xd5\x55\x2a"
    assert alaw_decode(b"\xaa\xd5\x55\x2a").tolist() == [32_256, 8, -8, -32_256]
    codes = bytes(range(256))
    assert alaw_encode(alaw_decode(codes)) == codes


def test_a_constant_offset_is_taken_out_and_silence_stays() -> None:
    speech = np.array([0, 300, -300, 100, -100], np.int16)
    assert np.array_equal(centred(speech + np.int16(6_554)), speech)
    assert not centred(np.full(320, -6_554, np.int16)).any()
    assert centred(np.array([32_767, -32_768, -32_768], np.int16)).max() == 32_767
    assert len(centred(np.zeros(0, np.int16))) == 0
