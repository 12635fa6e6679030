"""Colours of clusters: all different, and always the same for the same number."""

from iic_studio.curation.colours import colour_of, palette_colour, rgb
from iic_studio.curation.state import Group


def test_every_class_of_a_mask_has_a_colour_of_its_own() -> None:
    assert len({palette_colour(number) for number in range(256)}) == 256


def test_a_person_may_choose_another() -> None:
    assert colour_of(Group(3)) == palette_colour(3)
    assert colour_of(Group(3, colour="#0a0b0c")) == "#0a0b0c"
    assert rgb("#0a0b0c") == (10, 11, 12)
