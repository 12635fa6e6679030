"""Words of the core in the window: nobody types options there."""

import re
from pathlib import Path

import pytest

from iic_studio.gui.telling import told

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
