"""How the weights of small networks lie in a file."""

from collections.abc import Callable

import numpy as np
import pytest

from media.networks import network, packed, unpacked

SHAPES = {"mix": (2, 3), "bias": (2,)}
ONE = {"mix": np.arange(6).reshape(2, 3), "bias": np.array([0.5, -0.25])}
OTHER = {name: -values for name, values in ONE.items()}


def test_networks_come_out_of_a_file_as_they_went_in() -> None:
    networks = unpacked(packed(ONE, SHAPES) + packed(OTHER, SHAPES), SHAPES, "a test")
    for found, put_in in zip(networks, (ONE, OTHER), strict=True):
        assert found.keys() == SHAPES.keys()
        for name, values in found.items():
            assert values.dtype == np.float32
            assert np.array_equal(values, put_in[name])


def test_a_file_of_more_networks_than_one_is_refused_where_there_shall_be_one() -> None:
    one = packed(ONE, SHAPES)
    assert np.array_equal(network(one, SHAPES, "a test")["mix"], ONE["mix"])
    with pytest.raises(ValueError, match="the weights of a test are of another size"):
        network(one + packed(OTHER, SHAPES), SHAPES, "a test")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda weights: b"", "another size"),
        (lambda weights: weights[:-2], "another size"),
        (lambda weights: weights + b"\0\0", "another size"),
        (lambda weights: weights[:-2] + b"\xff\x7f", "no numbers"),
    ],
)
def test_a_damaged_file_is_refused(damage: Callable[[bytes], bytes], problem: str) -> None:
    with pytest.raises(ValueError, match=f"the weights of a test are (of )?{problem}"):
        unpacked(damage(packed(ONE, SHAPES)), SHAPES, "a test")
