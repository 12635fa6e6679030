"""The trained model for other programs: the ONNX graph, `preprocessing.json`, `labels.txt` and a `predict.py` that uses them.

The graph takes the image as the network sees it; how a file becomes that stands in `preprocessing.json`, and `predict.py` does it with
NumPy and Pillow alone. The four files lie in one folder and are only ever written over files of the same origin.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from iic_studio.errors import UsageError
from iic_studio.export.files import write_bytes, write_json, write_text
from iic_studio.export.result_rows import ResultRows
from iic_studio.images.reduce import THUMB_SIDE_PX
from iic_studio.paths import shipped

MODEL, PREPROCESSING, LABELS, PREDICT = "model.onnx", "preprocessing.json", "labels.txt", "predict.py"

_STEPS = (
    "Decode the file. A JPEG may be decoded at 1/8, 1/4 or 1/2 of its size while its shorter side keeps square_side pixels and its longer "
    "side longer_side_at_least.",
    "Turn it as its EXIF orientation says, put transparent pictures on white, spread pictures of more than 8 bits from high_bit_range "
    "(their 0.5th and 99.5th percentile if null) over 0 to 255.",
    "Resize the square in the middle to square_side pixels, bilinear with antialiasing (Pillow's BILINEAR, reducing_gap 1.25).",
    "Take the first channel if channels is 1, red, green and blue if it is 3; divide by 255.",
    "Take the crop in the middle whose side is crop times that of the square, and sample it bilinearly (pixel centres, border repeated) "
    "at image_size × image_size.",
)


@dataclass(frozen=True)
class HowSeen:
    """How a file becomes what the network sees.

    Attributes:
        channels: 1 grey, 3 colour.
        square_side: of the square that training took its crops from, in pixels.
        crop: side of the centre crop as a share of the square.
        image_size: side of what the network sees, in pixels.
        high_bit_range: values that become 0 and 255 in pictures of more than 8 bits; None: each picture's own percentiles.
    """

    channels: int
    square_side: int
    crop: float
    image_size: int
    high_bit_range: tuple[float, float] | None


def model_file(target: Path) -> Path:
    """The file a person meant: itself when it ends in .onnx, else `model.onnx` in a folder of that name."""
    return target if target.suffix == ".onnx" else target / MODEL


def check_model_folder(file: Path) -> None:
    """See whether the four files can be written.

    Raises:
        UsageError: one of them is there and not ours.
    """
    folder = file.parent
    present = [name for name in (file.name, PREPROCESSING, LABELS, PREDICT) if (folder / name).exists()]
    if present and not _is_ours(folder / PREPROCESSING):
        raise UsageError(f"There is a {present[0]} in {folder} that another program made.", "Name a new folder for the model.")


def _is_ours(file: Path) -> bool:
    try:
        record = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(record, dict) and record.get("program") == "iic-studio"


def _classes(rows: ResultRows) -> dict[str, Any]:
    """How classes follow from the output: a share of each class for each cluster of the model. Empty while there are no classes."""
    if rows.class_of is None:
        return {}
    return {"classes": list(rows.class_names), "class_of_cluster": rows.class_of[rows.group_of].round(4).tolist()}


def write_model(file: Path, graph: bytes, seen: HowSeen, rows: ResultRows, meta: dict[str, Any]) -> None:
    """Write the four files; `check_model_folder` must have agreed.

    Args:
        file: of the graph.
        graph: of the network.
        seen: how a file becomes its input.
        rows: for the names of the clusters.
        meta: of the `.meta.json`.

    Raises:
        OSError: no room or no permission.
    """
    # One line each, whatever a person typed.
    labels = [" ".join(rows.name_of(int(cluster)).split()) for cluster in rows.group_of]
    record = {
        "program": "iic-studio",
        "version": meta["version"],
        "run": meta["run"],
        "model": file.name,
        "input": {"name": "image", "shape": ["batch", seen.channels, seen.image_size, seen.image_size], "type": "float32", "range": [0, 1]},
        "output": {"name": "probabilities", "shape": ["batch", len(labels)], "type": "float32"},
        **_classes(rows),
        **vars(seen),
        "longer_side_at_least": THUMB_SIDE_PX,
        "steps": list(_STEPS),
    }
    write_json(file.parent / PREPROCESSING, record)
    write_text(file.parent / LABELS, "".join(f"{label}\n" for label in labels))
    write_bytes(file.parent / PREDICT, shipped("resources", "export", PREDICT).read_bytes())
    write_bytes(file, graph)
