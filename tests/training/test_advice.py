"""The first choice: what follows from the facts, in one sentence that names its reason."""

import json
from pathlib import Path

import pytest
import torch

from iic_studio.cli import main
from iic_studio.config import LITE, PRETRAINED
from iic_studio.errors import StudioError
from iic_studio.training.advice import advise, encoders_at_hand
from iic_studio.training.encoders import may_have_weights, torch_weights
from iic_studio.training.plan import DataFacts

CPU = torch.device("cpu")


@pytest.mark.parametrize(
    ("facts", "at_hand", "method", "encoder", "words"),
    [
        (DataFacts(600, 240, False), ["resnet50", "resnet18"], "pmi", "resnet50", "weights are on this machine"),
        (DataFacts(600, 240, False), [], "iic", "small", "no weights of an encoder"),
        (DataFacts(70_000, 28, True), ["resnet50"], "iic+neighbours", "small", "shapes"),
        (DataFacts(60_000, 32, False), ["resnet50"], "iic+contrast", "small", "so small"),
        (DataFacts(50_000, 96, False), [], "iic+contrast", "small", "enough pictures"),
    ],
)
def test_it_follows_from_the_facts(facts: DataFacts, at_hand: list[str], method: str, encoder: str, words: str) -> None:
    advice = advise(facts, CPU, at_hand)
    assert (advice.planned.method, advice.planned.encoder) == (method, encoder)
    assert words in advice.reason
    assert advice.sentence.endswith(f"{advice.reason}.")
    assert f"{facts.num_images:,}" in advice.sentence
    assert f"{advice.planned.steps:,} steps" in advice.sentence
    assert ("--encoder" in advice.options) == (encoder != "small")


def test_few_images_get_few_clusters() -> None:
    assert [advise(DataFacts(count, 64, False), CPU, []).settings.clusters for count in (10, 100, 199, 200)] == [2, 5, 9, 10]
    with pytest.raises(StudioError, match="only one"):
        advise(DataFacts(1, 64, False), CPU, [])


def test_encoders_at_hand_are_those_with_weights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    assert encoders_at_hand() == []
    kept = tmp_path / "hub" / "checkpoints"
    kept.mkdir(parents=True)
    for name in ("resnet18-f37072fd.pth", "resnet50-11ad3fa6.pth"):
        (kept / name).touch()
    found = encoders_at_hand()
    assert "resnet18" in found


def test_weights_are_looked_for_by_the_name_of_the_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for name in (one for one in PRETRAINED if one != LITE):
        path, _, _ = torch_weights(name)
        assert not may_have_weights(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        assert may_have_weights(name)
        path.unlink()


def test_the_command_prints_one_sentence(
    picture_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    assert main(["suggest", str(picture_folder), "--device", "cpu"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].startswith("For 40 colour images")
    assert printed[1].startswith("iic-studio cluster FOLDER")
    assert main(["suggest", str(picture_folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["num_images"] == 40
