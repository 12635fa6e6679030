"""Words of the core in the window: nobody types options there."""

import ast
import itertools
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
        (
            "No weights.",
            "Name a file with --weights FILE, or have it fetched with --download; timm's own lie under /a as models--timm--vit….",
            "No weights. Choose a file in the settings, or fetch it there; timm's own lie under /a as models--timm--vit….",
        ),
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
    *("evaluation/label_files.py", "config.py", "export/request.py", "export/onnx_folder.py", "training/encoders.py"),
    *("training/download.py", "training/segment.py", "training/memory.py", "training/plan_pixels.py", "training/run_state.py"),
    *("jobs/networks.py", "jobs/encoding.py", "jobs/features.py", "jobs/lookalikes.py", "jobs/mapping.py", "jobs/umap_process.py"),
    *("jobs/results.py", "jobs/runs.py", "jobs/baselines.py", "jobs/stability.py", "jobs/label*.py", "jobs/class_learning.py"),
    *("jobs/class_masks.py", "jobs/mask*.py", "jobs/pixel_labelling.py", "jobs/pixel_parts.py", "jobs/tiles.py"),
)
# Only the command line says these, or a value makes the whole sentence or the end of a word.
TYPED = {
    "has 1 channel2, not 3",
    "Name a folder of images after extra.",
    "The extra images are those of the project.",
    "Name another folder after extra, or leave it out.",
    "There is no readable image in 1.",
    "encoder paper is for pixels.",
    "1 is for pixels.",
    "Leave it out, or cluster pixels: `iic-studio segment`, `iic-studio train --pixels`.",
    "balance 1 is for DeepCluster.",
    "Leave it out, or add method deepcluster.",
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
    "Classes of pixels go into masks and reports.",
    "Name a new folder after masks, or leave out by class.",
    "1 must be a 2number, not 3.",
    "heads 1 is not known.",
    "Choose both, alternating, or passes in turn such as mmo: m for the main head, o for the overclustering head.",
    "minutes and steps exclude each other.",
    "Give one of them.",
    "1 2 is not known.",
    "There is no cluster 1.",
    "The clusters are 0 to 1.",
    "There is no readable picture 1 in this project.",
    "Write a path as in the CSV, or an id, on each line.",
    "This run clustered whole images, so it has no masks.",
    "Train with `iic-studio segment`.",
    "There is not enough memory for a share of a step in process 1 of 2.",
    "Train again with a smaller batch size or image size, or press Resume training in one process, "
    "which computes a step in parts when it must.",
    "method 1 is for whole images.",
    "Leave it out when you segment.",
    "encoder 1 gives no map of an image.",
    "encoder 1 needs the weights that others trained.",
    "Name their file after weights.",
    "encoder 1 sees colours.",
    "Leave out inputs.",
    "fine tune is for a pretrained trunk.",
    "Use it with encoder 1.",
    "extra is for whole images.",
    "Put all images into one folder when you segment.",
    "1 does not hold a trunk that fits these images.",
    "Use a model trained with the same encoder on images of the same kind.",
    "There is no map by 1 of 2.",
    "Choose one of 1 and one of 2.",
    "No path in the label file is among the clustered images.",
    "Paths must be relative to the folder of images.",
    "1 has a cluster that is no whole number: 2.",
    "1 labelled paths are not among the clustered images, e.g. 2.",
    "1 2 different labels in the label file, e.g. 3.",
    "The last label of a path counts; give each path one label.",
    "Paths in the label file are relative to the folder of images.",
    "There is no baseline 1.",
    "Choose from: 1.",
    "No path in the label file is among the images.",
    "All labels are the same: there is nothing to tell apart.",
    "Name the number of clusters with clusters.",
    "1 is a simple method, not a training.",
    "Name a training.",
    "Stability is told of groups of whole pictures, not of pixels.",
    "Name a run that groups pictures.",
    "Run 1 has not finished.",
    "Press Resume training, or name another run.",
    "The list of classes is fixed; name them all with classes to add some.",
    "1 2 have more than one label and got none, e.g. 3: 4.",
    "Give each 1 one label.",
    "1 maps no cluster.",
    "Write it as 3=cat; the clusters are 0 to 1.",
    "Labels come from a file or from folders, not from both.",
    "Leave out labels or from folders.",
    "There is no truth given.",
    "Name a file after labels, or add from folders.",
    "Pictures without a label are learned from in fine-tuning only.",
    "Add fine tune.",
    "Pictures cannot count 1 times.",
    "Choose 1, or another number from 0 on.",
    "It is not said how many pictures to write.",
    "Add next 20.",
    "There is no map 1.",
    "There is no prior 1.",
    "Choose even or labels.",
    "also 1 is not known.",
    "No mask in 1 has the name of one in 2.",
    "Paths within both folders must be the same.",
    "1 without a counterpart, e.g. 2.",
    "They are left out.",
    "There is nothing to score: 1.",
    "See ignore, and the warnings above.",
    "1: 2",
    "Truth of pixels is a folder of masks.",
    "Judge by it: iic-studio evaluate MASKS labels TRUE_MASKS.",
    "There is no map 1 for pixels.",
    "1 is for whole pictures, and this project groups pixels.",
    "Leave out 1.",
    "1 labelled path is not among the clustered images: 1.",
    "1 1 has more than one label and got none, 2: 3.",
    "1 row names no readable picture: 1.",
    "1 place lies outside its picture: 1.",
    "1 row names no place.",
    "1 rows name no readable picture, e.g. 2.",
    "1 places lie outside their picture, e.g. 2.",
    "x and y are columns and lines of the picture as it is seen upright, from 0 on.",
    "1 rows name no place.",
    "x and y are whole numbers.",
    "Not all pictures have the same number of channels.",
    "Segment them in folders of their own, or use inputs rgb.",
    "The pictures have 1 channels; 2 can be used.",
    "Use inputs rgb for the first three.",
}

# No sentence of the core stands as these do: a value is the rest of one, or a word of it.
MADE_OF_VALUES = {
    "No permission while {0}: {1}.",
    "has {0} channel, not {1}",
    "reading the images",
    "{0} must be a number, not {1}.",
    "{0} must be a whole number, not {1}.",
    "{0} paths have more than one label and got none, e.g. {1}: {2}.",
    "1 path has more than one label and got none, {0}: {1}.",
    "Give each path one label.",
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
                for said in _spoken(node):
                    if isinstance(said, ast.Constant) and isinstance(said.value, str) and said.value:
                        yield in_window(said.value)
                    elif isinstance(said, ast.JoinedStr):
                        values = iter("123456789")
                        parts = (one.value if isinstance(one, ast.Constant) else next(values) for one in said.values)
                        yield in_window("".join(map(str, parts)))


def _spoken(call: ast.Call) -> Iterator[ast.expr]:
    """What is given to a call; both of two sentences, where the number decides."""
    for said in (*call.args, *(one.value for one in call.keywords)):
        if isinstance(said, ast.Call) and getattr(said.func, "id", "") == "numbered":
            yield from said.args[1:]
        else:
            yield said


def _texts(path: Path, given_to: str = "") -> Iterator[str]:
    """Texts of a module as a window tells them, with numbers for their values; or only those that are given to a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if given_to and not (isinstance(node, ast.Call) and getattr(node.func, "id", "") == given_to):
            continue
        one = node.args[0] if given_to and isinstance(node, ast.Call) else node
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield in_window(one.value)
        elif isinstance(one, ast.JoinedStr):
            values = itertools.count(1)
            yield in_window("".join(str(part.value if isinstance(part, ast.Constant) else next(values)) for part in one.values))


def test_what_a_window_can_meet_is_known_in_every_language() -> None:
    found = {one for pattern in SPOKEN for one in sentences(pattern)}
    assert len(found) > 120
    assert {one for one in found if not is_known(one)} - TYPED == set()
    assert found >= TYPED, "no longer said"


def test_what_is_known_is_still_said() -> None:
    said = {one for path in ROOT.rglob("*.py") if "gui" not in path.parts for one in _texts(path)}
    known = [text for name in ("mistakes", "pixel_mistakes", "setting_mistakes") for text in _texts(ROOT / "gui" / f"{name}.py", "later")]
    assert len(known) > 250
    patterns = {text: re.compile(re.sub(r"\\\{\d\\\}", "(.+?)", re.escape(text)), re.DOTALL) for text in known}
    assert {text for text, pattern in patterns.items() if not any(map(pattern.fullmatch, said))} == MADE_OF_VALUES


def test_mistakes_are_told_in_german(german: None) -> None:
    assert told("The disk is full while saving to the project.", "Free some space and run it again: what was saved is kept.") == (
        "Kein Platz mehr auf dem Datenträger beim Speichern im Projekt. "
        "Schaffen Sie Platz und versuchen Sie es noch einmal: Gespeichertes bleibt erhalten."
    )
    assert told("No permission while writing /a/b.csv: /a/b.csv.") == "Keine Berechtigung beim Schreiben von /a/b.csv: /a/b.csv."
    assert told("1,204 files could not be read.") == "1.204 Dateien nicht lesbar."
    assert told("1 path is not among the readable pictures: a b.jpg.") == "1 Pfad gehört zu keinem lesbaren Bild: a b.jpg."
    assert told("50 clusters cannot be made of 40 images.", "Use --clusters 4 or fewer.") == (
        "Aus 40 Bildern lassen sich nicht 50 Cluster bilden. Stellen Sie Cluster auf höchstens 4."
    )
    assert told("/x is a file, not a folder.") == "/x ist eine Datei, kein Ordner."
    assert told("/x is a file.") == "/x ist eine Datei."
    assert told("my flower is.jpg is gone.", "It has no mask.") == "my flower is.jpg ist weg. Es bekommt keine Maske."
    assert told("This file is empty.") == "Diese Datei ist leer."
    assert told("This file cannot be read: b.") == "Diese Datei lässt sich nicht lesen: b."
    assert told("UMAP needs at least 3 images, so the map shows the two main directions (PCA).") == (
        "UMAP braucht mindestens 3 Bilder, darum zeigt die Karte die zwei Hauptrichtungen (PCA)."
    )
    assert told("Nobody has translated this.") == "Nobody has translated this."


def test_what_was_being_done_is_told_in_german(german: None) -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py"))
    found = set(re.findall(r'disk_errors\(\s*"([a-z ]+)"', sources))
    assert len(found) > 10
    assert {one for one in found if one in told(f"The disk is full while {one}.")} == set()
