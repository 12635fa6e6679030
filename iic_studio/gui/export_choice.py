"""What is chosen in the export dialog, as data: the formats with their words and file names, and how a choice is remembered. No Qt."""

import json
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, get_args

from iic_studio.config import Link
from iic_studio.export.request import ExportRequest
from iic_studio.export.safe_names import safe_name
from iic_studio.records import IntArray
from iic_studio.words import later

ALL, SHOWN, SELECTED = "all", "shown", "selected"
# Which pictures, where it is one and where there are several.
PICTURES = {
    ALL: (later("The one picture"), later("All {0:,} pictures")),
    SHOWN: (later("The one that is shown"), later("The {0:,} that are shown")),
    SELECTED: (later("The one that is selected"), later("The {0:,} that are selected")),
}


@dataclass(frozen=True)
class Format:
    """A way out: field of `ExportRequest`, what it is called, what it is good for, what comes after the name."""

    name: str
    title: str
    words: str
    ending: str


FORMATS = (
    Format("csv", later("Table (CSV)"), later("a line for each picture, for any spreadsheet"), ".csv"),
    Format("folders", later("Folders with pictures"), later("a folder for each cluster, as copies or links"), "-clusters"),
    Format("report", later("Report"), later("one page for any browser: pictures, curves, words"), ".html"),
    Format("jsonl", later("JSON Lines"), later("the table for programs"), ".jsonl"),
    Format("coco", later("COCO JSON"), later("for annotation tools and pycocotools"), "-coco.json"),
    Format("hugging_face", later("Hugging Face"), later("folders with pictures and a metadata.csv"), "-imagefolder"),
    Format("onnx", later("Model (ONNX)"), later("to sort new pictures elsewhere, with predict.py"), "-model"),
    Format("masks", later("Masks (PNG)"), later("the class of each pixel, at the size of the picture; areas as a table"), "-masks"),
)
# What some of them are good for when there are classes.
WITH_CLASSES = {
    "csv": later("a line for each picture with its cluster, class and label"),
    "folders": later("a folder for each class, as copies or links"),
    "coco": later("for annotation tools, with the classes as categories"),
    "onnx": later("to sort new pictures into classes elsewhere, with predict.py"),
}
# What makes sense where pixels are grouped, and there only.
ONLY_OF_PIXELS, NOT_OF_PIXELS = ("masks",), ("onnx",)
ALSO = {
    "labels": (later("TIFF with 16 bits"), later("Class numbers as TIFF too, for programs that measure")),
    "overlay": (later("Overlays"), later("Each picture with its mask laid over it, for people")),
    "coco": (later("COCO run lengths"), later("All masks in one JSON file, for annotation tools and pycocotools")),
}
LINKS = {
    "copy": (later("Copies"), later("The pictures are there a second time and take the same room again.")),
    "hard": (later("Hard links"), later("They take no room, on the same disk only. Changing a picture changes the original.")),
    "symbolic": (later("Symbolic links"), later("They take no room and point to the original, which has to stay where it is.")),
}


@dataclass(frozen=True)
class ExportChoice:
    """What a person chose last.

    Attributes:
        formats: names of `FORMATS`.
        pictures: all, shown or selected.
        place: folder that the files go to, seen from the person's home.
        link: how pictures get into folders.
        probabilities: columns for the probability of each cluster; beside masks, probabilities of each pixel.
        also: other forms of masks, names of `ALSO`.
        by_class: masks and report of labelled classes instead of clusters.
    """

    formats: tuple[str, ...] = ("csv",)
    pictures: str = ALL
    place: str = ""
    link: str = "copy"
    probabilities: bool = False
    also: tuple[str, ...] = ()
    by_class: bool = False

    def as_text(self) -> str:
        """For the preferences."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> "ExportChoice":
        """Inverse of `as_text`; what cannot be read is as at the beginning."""
        try:
            record: Any = json.loads(text)
            known = {item.name: record[item.name] for item in fields(cls) if item.name in record}
            choice = cls(**known)
            formats = tuple(one.name for one in FORMATS if one.name in choice.formats)
            also = tuple(name for name in ALSO if name in choice.also)
        except (ValueError, TypeError):
            return cls()
        link = choice.link if choice.link in get_args(Link) else "copy"
        choice = replace(choice, formats=formats or ("csv",), also=also, link=link, place=str(choice.place))
        return replace(choice, probabilities=choice.probabilities is True, by_class=choice.by_class is True)

    def request(self, name: str, image_ids: IntArray | None, *, dry_run: bool = False) -> ExportRequest:
        """What is to be done.

        Args:
            name: that the files begin with.
            image_ids: of the chosen pictures; None: all.
            dry_run: only find out what would be made.
        """
        place, stem = Path.home() / _expanded(self.place), file_stem(name)
        targets = {one.name: place / f"{stem}{one.ending}" for one in FORMATS if one.name in self.formats}
        return ExportRequest(
            **targets,  # type: ignore[arg-type] # names of its fields
            link=self.link,  # type: ignore[arg-type] # one of `Link`
            probabilities=self.probabilities,
            also=self.also,  # type: ignore[arg-type] # each one a `MaskForm`
            by_class=self.by_class and bool({"masks", "report"} & set(self.formats)),
            image_ids=image_ids,
            dry_run=dry_run,
        )


def _expanded(place: str) -> Path:
    try:
        return Path(place).expanduser()
    except RuntimeError:  # `~somebody` who is not known here, or whose name is still being typed
        return Path(place)


def file_stem(name: str) -> str:
    """What the names of all files begin with."""
    return safe_name(f"{name.strip() or 'clusters'}.csv").removesuffix(".csv")
