"""A checkpoint is whole or not there."""

from pathlib import Path

import pytest
import torch

from iic_studio.errors import StudioError
from iic_studio.training import checkpoint as ckpt


def make(value: float) -> ckpt.Checkpoint:
    return ckpt.Checkpoint({"a": torch.full((3,), value), "b/c": torch.arange(4)}, {"step": int(value)})


def test_round_trip(tmp_path: Path) -> None:
    ckpt.save(tmp_path / ckpt.LAST, make(7))
    loaded = ckpt.load(tmp_path / ckpt.LAST)
    assert loaded.facts == {"step": 7}
    assert torch.equal(loaded.tensors["a"], torch.full((3,), 7.0))
    assert torch.equal(loaded.tensors["b/c"], torch.arange(4))


def test_a_torn_file_falls_back_to_the_one_before(tmp_path: Path) -> None:
    ckpt.save(tmp_path / ckpt.LAST, make(1), keep_previous=True)
    ckpt.save(tmp_path / ckpt.LAST, make(2), keep_previous=True)
    whole = (tmp_path / ckpt.LAST).read_bytes()
    (tmp_path / ckpt.LAST).write_bytes(whole[: len(whole) // 2])
    assert ckpt.has_checkpoint(tmp_path)
    assert ckpt.load_last(tmp_path).facts == {"step": 1}


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ckpt.save(tmp_path / ckpt.LAST, make(1))

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(ckpt.os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        ckpt.save(tmp_path / ckpt.LAST, make(2), keep_previous=True)
    assert ckpt.load(tmp_path / ckpt.LAST).facts == {"step": 1}


@pytest.mark.parametrize("content", [b"", b"not safetensors at all", b"\xff" * 64])
def test_damage_is_a_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ckpt.LAST).write_bytes(content)
    with pytest.raises(StudioError, match="damaged"):
        ckpt.load_last(tmp_path)


def test_missing_is_a_sentence(tmp_path: Path) -> None:
    assert not ckpt.has_checkpoint(tmp_path)
    with pytest.raises(StudioError, match="no checkpoint"):
        ckpt.load_last(tmp_path)
