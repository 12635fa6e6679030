"""Single files decoded in a child process, which may die."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from iic_studio.images.separate import SeparateDecoder
from iic_studio.images.source import UnreadableImage


@pytest.fixture
def decoder() -> Iterator[SeparateDecoder]:
    made = SeparateDecoder()
    yield made
    made.close()


def test_heif_is_decoded_and_damage_is_said(
    decoder: SeparateDecoder, tmp_path: Path, heif: bytes, assert_quarters: Callable[..., None]
) -> None:
    (tmp_path / "a.heic").write_bytes(heif)
    found = decoder.load(str(tmp_path / "a.heic"), 2048)
    assert (found.width, found.height) == (96, 64)
    assert_quarters(np.asarray(found.pixels), tolerance=20)
    (tmp_path / "b.heic").write_bytes(heif[: len(heif) // 2])
    with pytest.raises(UnreadableImage):
        decoder.load(str(tmp_path / "b.heic"), 2048)


def test_a_file_that_kills_the_child_is_unreadable_and_the_next_is_read(decoder: SeparateDecoder, tmp_path: Path, heif: bytes) -> None:
    (tmp_path / "a.heic").write_bytes(heif)
    decoder.load(str(tmp_path / "a.heic"), 2048)
    assert decoder._pool is not None
    decoder._pool.submit(os._exit, 1)
    with pytest.raises(UnreadableImage, match="crash"):
        decoder.load(str(tmp_path / "a.heic"), 2048)
    assert decoder.load(str(tmp_path / "a.heic"), 2048).width == 96


def test_a_closed_decoder_reads_nothing(tmp_path: Path) -> None:
    decoder = SeparateDecoder()
    decoder.close()
    with pytest.raises(UnreadableImage):
        decoder.load(str(tmp_path / "a.heic"), 2048)
