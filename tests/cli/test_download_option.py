"""Weights in the terminal: no question where nobody can answer, a yes or the flag before anything is fetched."""

import sys
from pathlib import Path

import pytest

from iic_studio import jobs, weights_question
from iic_studio.cli import main
from iic_studio.config import TrainSettings
from iic_studio.events import RunFinished, RunStarted
from iic_studio.training.download import Source

CLUSTER = ("--encoder", "resnet18", "--clusters", "3", "--quiet")


@pytest.fixture
def fetched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Source]:
    """What would have been fetched; nothing is."""
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    asked: list[Source] = []

    def fetch(source: Source):  # type: ignore[no-untyped-def]
        asked.append(source)
        yield RunStarted(run="", job="weights")
        yield RunFinished(run="", job="weights", elapsed_s=0.0)

    monkeypatch.setattr(jobs, "fetch_weights", fetch)
    return asked


def test_without_a_terminal_nobody_is_asked(
    picture_folder: Path, tmp_path: Path, fetched: list[Source], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cluster", str(picture_folder), "--csv", str(tmp_path / "o.csv"), *CLUSTER]) == 1
    told = capsys.readouterr().err
    assert "not on this machine, and nothing is downloaded without a yes" in told
    assert "--download" in told
    assert fetched == []


def test_the_flag_is_a_yes(picture_folder: Path, tmp_path: Path, fetched: list[Source]) -> None:
    assert main(["cluster", str(picture_folder), "--csv", str(tmp_path / "o.csv"), *CLUSTER, "--download"]) == 1
    assert [source.name for source in fetched] == ["resnet18"]


@pytest.mark.parametrize(("answer", "count"), [(True, 1), (False, 0)])
def test_the_question_names_size_and_source(fetched: list[Source], monkeypatch: pytest.MonkeyPatch, answer: bool, count: int) -> None:
    questions: list[str] = []

    def confirm(text: str, **more: object) -> bool:
        questions.append(text)
        assert more == {"default": False, "err": True}
        return answer

    monkeypatch.setattr(weights_question.typer, "confirm", confirm)
    for stream in (sys.stdin, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True, raising=False)
    weights_question.see_to_weights(TrainSettings(encoder="resnet18"), may_download=False)
    (question,) = questions
    assert "MB" in question
    assert "https://download.pytorch.org/models/resnet18-" in question
    assert str(Path("torch") / "hub" / "checkpoints") in question
    assert len(fetched) == count
