"""Arrays that a run left: there, not there, or not to be read."""

import logging
from pathlib import Path

import numpy as np
import pytest

from iic_studio.errors import ProjectError
from iic_studio.project.arrays import kept_arrays


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", ids=np.arange(3), head=np.int64(2))
    found = kept_arrays(tmp_path / "a.npz", "reading")
    assert set(found) == {"ids", "head"}
    assert found["ids"].tolist() == [0, 1, 2] and int(found["head"]) == 2


def test_of_names_only_these_are_read(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", ids=np.arange(3), thing=np.array([{"a": 1}], dtype=object))
    assert set(kept_arrays(tmp_path / "a.npz", "reading", "ids", "not there")) == {"ids"}, "the other would be refused"


def test_nothing_is_kept_where_there_is_no_file(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert kept_arrays(tmp_path / "a.npz", "reading") == {}
    assert not caplog.records


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_damaged_file_counts_as_none_and_is_logged(tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with caplog.at_level(logging.WARNING):
        assert kept_arrays(tmp_path / "a.npz", "reading") == {}
    assert "a.npz" in caplog.text


def test_code_in_data_is_not_run(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", thing=np.array([{"a": 1}], dtype=object))
    assert kept_arrays(tmp_path / "a.npz", "reading") == {}


def test_a_file_that_may_not_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, mode: str = "r") -> None:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(ProjectError, match=r"No permission while reading the clusters: .*a\.npz"):
        kept_arrays(tmp_path / "a.npz", "reading the clusters")
