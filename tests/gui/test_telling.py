"""Words of the core in the window: nobody types options there."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from iic_studio.gui.language import use_language
from iic_studio.gui.mistakes import is_known
from iic_studio.gui.telling import in_window, told

ROOT = Path(__file__).parents[2] / "iic_studio"


@pytest.mark.parametrize(
    ("message", "hint", "words"),
    [
        ("No room.", "", "No room."),
        ("It is in use.", "Close it there first, or choose another place with --project.", "It is in use. Close it there first."),
        (
            "50 clusters cannot be made of 40 images.",
            "Use --clusters 4 or fewer.",
            "50 clusters cannot be made of 40 images. Set Clusters to 4 or fewer.",
        ),
        ("Broken.", "Install it with `pip install --upgrade umap-learn`.", "Broken. Install it with `pip install --upgrade umap-learn`."),
        ("No memory.", "Use a smaller --image-size or --batch-size.", "No memory. Use a smaller image size or batch size."),
        ("None yet.", "Go on with `iic-studio resume PROJECT`, or train again.", "None yet. Press Resume training, or train again."),
    ],
)
def test_told(message: str, hint: str, words: str) -> None:
    assert told(message, hint) == words


def test_no_command_of_the_terminal_is_left() -> None:
    """All sentences of the core that name a command or the place of a project."""
    parts = ("jobs", "project", "training", "images", "curation")
    sources = "\n".join(path.read_text(encoding="utf-8") for part in parts for path in sorted((ROOT / part).rglob("*.py")))
    sentences = re.findall(r'"([^"\n]*(?:`iic-studio|--project)[^"\n]*)"', sources)
    assert len(sentences) > 12
    for sentence in sentences:
        if "--accept" not in sentence and "segment" not in sentence:  # words of its own for the one, no page yet for the other
            assert "iic-studio" not in told(sentence).replace("iic-studio.json", ""), sentence
            assert "--" not in told(sentence)


MISTAKES = (
    "StudioError",
    "ProjectError",
    "UsageError",
    "DiskFullError",
    "MissingWeights",
    "UnreadableImage",
    "WarningRaised",
    "QueryError",
)
# Where what a window can meet is said; the other modules speak to those who type commands, and of data sets that are fetched by hand.
SPOKEN = (
    *("project/*.py", "curation/*.py", "query/*.py", "images/scan.py", "images/source.py", "images/decode.py", "images/separate.py"),
    *("images/ingest.py", "images/cache.py", "images/large.py", "jobs/whole.py", "jobs/indexing.py", "jobs/training.py"),
    *("training/plan.py", "training/trainer.py", "training/checkpoint.py", "export/folders.py", "jobs/exporting.py"),
)
# Only the command line says these, or a value makes the whole sentence or the end of a word.
TYPED = {
    "has 1 channel2, not 3",
    "Name a folder of images after extra.",
    "The extra images are those of the project.",
    "Name another folder after extra, or leave it out.",
    "There is no readable image in 1.",
    "encoder paper is for pixels.",
    "Use vgg or resnet34, the paper's networks for whole images.",
    "Use 1, iic or iic+neighbours.",
    "DeepCluster, and heads on an encoder, train in one process.",
    "Start it without torchrun.",
    "1 pairs a step cannot be shared equally by 2 processes.",
    "Use a batch size that is a multiple of 1.",
    "Say what to write, for example csv OUT.csv or folders NEW_FOLDER.",
    "1 cannot be read: 2.",
    "Name a text file with a path or an id on each line.",
    "1 2.",
    "Classes of pixels go into masks.",
    "Name a new folder after masks, or leave out by class.",
}


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    use_language("de")
    yield
    use_language("en")


def sentences(pattern: str) -> Iterator[str]:
    """What mistakes of some modules say in a window, with numbers for their values."""
    for path in sorted(ROOT.glob(pattern)):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in MISTAKES:
                for said in (*node.args, *(one.value for one in node.keywords)):
                    if isinstance(said, ast.Constant) and isinstance(said.value, str) and said.value:
                        yield in_window(said.value)
                    elif isinstance(said, ast.JoinedStr):
                        values = iter("123456789")
                        parts = (one.value if isinstance(one, ast.Constant) else next(values) for one in said.values)
                        yield in_window("".join(map(str, parts)))


def test_what_a_window_can_meet_is_known_in_every_language() -> None:
    found = {one for pattern in SPOKEN for one in sentences(pattern)}
    assert len(found) > 120
    assert {one for one in found if not is_known(one)} - TYPED == set()
    assert found >= TYPED, "no longer said"


def test_mistakes_are_told_in_german(german: None) -> None:
    assert told("The disk is full while saving to the project.", "Free some space and run it again: what was saved is kept.") == (
        "Kein Platz mehr auf dem Datenträger beim Speichern im Projekt. "
        "Schaffen Sie Platz und versuchen Sie es noch einmal: Gespeichertes bleibt erhalten."
    )
    assert told("No permission while writing /a/b.csv: /a/b.csv.") == "Keine Berechtigung beim Schreiben von /a/b.csv: /a/b.csv."
    assert told("1,204 files could not be read.") == "1.204 Dateien nicht lesbar."
    assert told("50 clusters cannot be made of 40 images.", "Use --clusters 4 or fewer.") == (
        "Aus 40 Bildern lassen sich nicht 50 Cluster bilden. Stellen Sie Cluster auf höchstens 4."
    )
    assert told("/x is a file, not a folder.") == "/x ist eine Datei, kein Ordner."
    assert told("/x is a file.") == "/x ist eine Datei."
    assert told("Nobody has translated this.") == "Nobody has translated this."


def test_what_was_being_done_is_told_in_german(german: None) -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    found = set(re.findall(r'disk_errors\(\s*"([a-z ]+)"', sources))
    assert len(found) > 10
    assert {one for one in found if one in told(f"The disk is full while {one}.")} == set()
