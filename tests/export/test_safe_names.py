"""Names that Windows, macOS and Linux take."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iic_studio.export.safe_names import TakenNames, safe_name

RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", *(f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³")}


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("img_1.jpg", "img_1.jpg"),
        ("Blumen süd.png", "Blumen süd.png"),
        ("a/b\\c", "a_b_c"),
        ('x<y>:"|?*.jpg', "x_y______.jpg"),
        ("con", "con_"),
        ("NUL.txt", "NUL_.txt"),
        ("aux.tar.gz", "aux_.tar.gz"),
        ("LPT1 .png", "LPT1_.png"),
        ("console.jpg", "console.jpg"),
        ("tulips. . ", "tulips"),
        ("  tulips  ", "tulips"),
        (".hidden", "_hidden"),
        ("..", "_"),
        ("", "_"),
        ("line\nbreak\x7f", "line_break_"),
        ("caf\udce9.jpg", "caf_.jpg"),
        ("e\u0301te", "\u00e9te"),
        ("<script>", "_script_"),
    ],
)
def test_examples(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@given(st.text(max_size=300))
def test_any_text_becomes_a_name_that_every_system_takes(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name.encode("utf-8")) <= 140
    assert not re.search(r'[<>:"/\\|?*\x00-\x1f\x7f]', name)
    assert name[-1] not in ". "
    assert not name.startswith((".", " "))
    assert name.partition(".")[0].rstrip().casefold() not in RESERVED
    assert safe_name(name) == name


def test_names_that_differ_only_in_case_or_accents_are_kept_apart() -> None:
    taken = TakenNames()
    wanted = ["img.jpg", "IMG.JPG", "img.jpg", "img (2).jpg", "\u00e9.png", "e\u0301.png", "tulips", "Tulips"]
    made = [taken.take(name) for name in wanted]
    assert made == ["img.jpg", "IMG (2).JPG", "img (3).jpg", "img (2) (2).jpg", "\u00e9.png", "e\u0301 (2).png", "tulips", "Tulips (2)"]


@given(st.lists(st.sampled_from(["a.png", "A.png", "a (2).png", "A (3).PNG", "b", "B", "ß", "SS"]), max_size=40))
def test_no_two_names_are_equal_where_case_does_not_count(wanted: list[str]) -> None:
    taken = TakenNames()
    made = [unicodedata.normalize("NFC", taken.take(name)).casefold() for name in wanted]
    assert len(set(made)) == len(made)


def test_many_equal_names_are_numbered_in_one_go() -> None:
    taken = TakenNames()
    made = [taken.take("img.jpg") for _ in range(20_000)]
    assert made[-1] == "img (20000).jpg"
    assert len(set(made)) == len(made)
