"""How results reach the disk, and what is said when they cannot."""

import os
import threading
from pathlib import Path

import pytest

from iic_studio.errors import ProjectError
from iic_studio.export.files import write_text
from iic_studio.project.disk import writing


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    target = tmp_path / "new folder" / "out.csv"
    write_text(target, "first")
    write_text(target, "second")
    assert target.read_text(encoding="utf-8") == "second"
    assert [path.name for path in target.parent.iterdir()] == ["out.csv"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_stays_a_pipe(tmp_path: Path) -> None:
    pipe, read = tmp_path / "pipe", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: read.append(pipe.read_text(encoding="utf-8")))
    reader.start()
    write_text(pipe, "path,cluster\n")
    reader.join(10)
    assert read == ["path,cluster\n"]
    assert pipe.is_fifo()


@pytest.mark.parametrize("place", ["a file/out.csv", f"{'long' * 100}.csv", "folder"])
def test_a_place_that_cannot_be_is_a_sentence(tmp_path: Path, place: str) -> None:
    (tmp_path / "a file").write_text("", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(ProjectError, match="cannot be written") as caught, writing(tmp_path / place):
        write_text(tmp_path / place, "text")
    assert caught.value.hint == "Choose another place for it."
