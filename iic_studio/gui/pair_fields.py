"""The parameters of a pair as people set them: grouped, with the field's names and a short tip each. Data only, no Qt."""

import dataclasses
from dataclasses import dataclass

from iic_studio.config import TransformSettings
from iic_studio.gui.language import later


@dataclass(frozen=True)
class PairField:
    """One parameter.

    Attributes:
        name: in `TransformSettings`.
        label, tip: for people.
        step: smallest change; 0 for one that is on or off.
    """

    name: str
    label: str
    tip: str
    step: float = 0.0

    @property
    def is_switch(self) -> bool:
        return not self.step

    @property
    def decimals(self) -> int:
        return 0 if self.step >= 1 else 2 if self.step >= 0.01 else 3

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest value."""
        found = next(item for item in dataclasses.fields(TransformSettings) if item.name == self.name)
        return float(found.metadata["low"]), float(found.metadata["high"])


GROUPS: tuple[tuple[str, tuple[PairField, ...]], ...] = (
    (
        later("Crop"),
        (
            PairField("base_crop", later("Picture"), later("Side of what is seen of the picture itself; 1 is all of it"), 0.01),
            PairField("base_centre_probability", later("Centred"), later("Share of the pictures that are cropped in the middle"), 0.05),
            PairField("crop_min", later("Copy, smallest"), later("Side of the smallest part that the copy may show"), 0.01),
            PairField("crop_max", later("Copy, largest"), later("Side of the largest part that the copy may show"), 0.01),
        ),
    ),
    (
        later("Shape"),
        (
            PairField("scale_min", later("Scale, smallest"), later("Below 1 the copy may be shrunk so far"), 0.05),
            PairField("scale_max", later("Scale, largest"), later("Above 1 the copy may be enlarged so far"), 0.05),
            PairField("rotation_deg", later("Rotation"), later("Degrees by which the copy may be turned, either way"), 1.0),
            PairField("rotation_probability", later("Rotated share"), later("Share of the copies that are turned at all"), 0.05),
            PairField("shear_deg", later("Shear"), later("Degrees by which upright lines may lean"), 1.0),
            PairField("stretch", later("Stretch"), later("How much wider or narrower the copy may be made"), 0.01),
            PairField("elastic", later("Bending"), later("How far lines are bent, as a share of the side"), 0.005),
            PairField(
                "horizontal_flip", later("Mirror left and right"), later("Half of the copies are mirrored: not for letters and digits")
            ),
            PairField("vertical_flip", later("Mirror up and down"), later("Half of the copies are upside down: for pictures from above")),
        ),
    ),
    (
        later("Colour"),
        (
            PairField("brightness", later("Brightness"), later("How much lighter or darker the copy may be"), 0.01),
            PairField("contrast", later("Contrast"), later("How much harder or softer the copy may be"), 0.01),
            PairField("saturation", later("Saturation"), later("How much stronger or paler colours may be"), 0.01),
            PairField("hue", later("Hue"), later("How far colours may turn; weaken it where colour tells kinds apart"), 0.005),
            PairField("grey_probability", later("Grey share"), later("Share of the copies that lose their colour"), 0.05),
        ),
    ),
    (
        later("Cutout"),
        (
            PairField("cutout_probability", later("Cutout share"), later("Share of the copies in which a square is blanked"), 0.05),
            PairField("cutout_min", later("Square, smallest"), later("Side of the smallest blank square"), 0.01),
            PairField("cutout_max", later("Square, largest"), later("Side of the largest blank square"), 0.01),
        ),
    ),
)

_ENDS = (("crop_min", "crop_max"), ("scale_min", "scale_max"), ("cutout_min", "cutout_max"))


def as_range(settings: TransformSettings) -> TransformSettings:
    """Settings in which crops of a few sizes are the range from the smallest to the largest."""
    sizes = settings.crop_choices
    return dataclasses.replace(settings, crop_choices=(), crop_min=min(sizes), crop_max=max(sizes)) if sizes else settings


def changed(settings: TransformSettings, name: str, value: float | bool) -> TransformSettings:
    """Settings with one value changed. The other end of a range gives way; crops of a few sizes become a range if it is changed."""
    if name in ("crop_min", "crop_max"):
        settings = as_range(settings)
    changes: dict[str, float | bool] = {name: value}
    for low, high in _ENDS:
        if name == low:
            changes[high] = max(float(value), getattr(settings, high))
        elif name == high:
            changes[low] = min(float(value), getattr(settings, low))
    return dataclasses.replace(settings, **changes)  # type: ignore[arg-type]
