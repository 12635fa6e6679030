"""What is asked of the job for labels, and what labels of images and of pixels have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from iic_studio.curation import Curator
from iic_studio.curation import label_edits as edits
from iic_studio.curation.edits import typed_name
from iic_studio.errors import UsageError


@dataclass(frozen=True)
class LabelRequest:
    """What to do with labels.

    Attributes:
        labels: CSV with the columns path and label; of a project of pixels path, x, y and label.
        from_folders: take the name of the folder an image lies in for its label.
        truth: the labels only judge; nothing learns from them.
        classes: class names; label files may then name no others.
        corrections: "3=cat": clusters mapped by hand; "3=" lets the labels decide again.
        method: how clusters become classes, one of `MAPS`; None leaves it.
        prior: "even", or "labels" for as often as each was labelled; None leaves it.
        fine_tune: train on the labels as well, compare, and use what is best.
        consistency: with `fine_tune`: weight of pictures without a label in one more way; 0 leaves that out.
        next_count: how many images, or pixels, to suggest.
        queue: table that gets them, to be filled in and given as `labels`.
        seed: of what is drawn and trained.
    """

    labels: Path | None = None
    from_folders: bool = False
    truth: bool = False
    classes: Sequence[str] = ()
    corrections: Sequence[str] = ()
    method: str | None = None
    prior: str | None = None
    fine_tune: bool = False
    next_count: int = 0
    queue: Path | None = None
    seed: int = 0
    consistency: float = 0.0

    @property
    def writes(self) -> bool:
        """Whether the project changes."""
        return bool(self.labels or self.from_folders or self.classes or self.corrections or self.method or self.prior or self.fine_tune)


def correct(curator: Curator, text: str) -> None:
    """Map a cluster by hand: "3=cat"; the class is made if there is none of that name."""
    cluster, sign, name = text.partition("=")
    if not sign or not cluster.strip().isdecimal() or int(cluster) >= len(curator.curated.groups):
        last = len(curator.curated.groups) - 1
        raise UsageError(f"{text} maps no cluster.", f"Write it as 3=cat; the clusters are 0 to {last}.")
    name = typed_name(name)
    if name:
        curator.apply(edits.define_classes(curator.curated, [name]))
    uid = curator.curated.curation.known.uid_of(name) if name else None
    curator.apply(edits.correct_map(curator.curated, int(cluster), uid))
