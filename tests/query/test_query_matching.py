"""What a search finds, and what it says when it cannot be understood."""

import dataclasses

import pytest

from iic_studio.query import FIELDS, Columns, QueryError, Words, matches, parse


def found(text: str, columns: Columns) -> list[int]:
    return [row for row, hit in enumerate(matches(parse(text), columns)) if hit]


ALL = [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("", ALL),
        ("   ", ALL),
        ("img", [1, 3]),
        ("city img", [3]),
        ("city -img", [2, 4]),
        ('"beach 1"', [0]),
        ("beach,night", [0, 2]),
        ('"roses, red"', [4]),
        ("-jpg", [2, 3]),
        ("name:city", []),
        ("folder:city", [2, 3, 4]),
        ("folder:ALPS name:img", [1]),
        ("cluster:0", [0, 4]),
        ("cluster:0..1", [0, 1, 2, 4]),
        ("cluster:tul", [1, 2]),
        ('cluster:"cluster 2"', [3]),
        ("cluster:roses,2", [0, 3, 4]),
        ("cluster:none", [5]),
        ("-cluster:roses", [1, 2, 3, 5]),
        ("cluster:nobody", []),
        ("confidence:<0.6", [2, 3]),
        ("confidence:<=0.6", [1, 2, 3]),
        ("confidence:>=60%", [0, 1, 4]),
        ("confidence:>0.6", [0, 4]),
        ("confidence:0.6", [1, 2]),
        ("confidence:0.60", [1]),
        ("confidence:0.3..0.6", [1, 2, 3]),
        ("confidence:..0.5", [3]),
        ("agreement:1", [0, 4]),
        ("margin:<0.1", [3]),
        ("date:2024", [0, 1, 2]),
        ("date:2024-05..2024-06", [0, 1]),
        ("date:2024-05-01", [0]),
        ("date:<2024", [4]),
        ("date:>2024-06", [2]),
        ("date:>=2024-06", [1, 2]),
        ("date:<=2024-05", [0, 4]),
        ("date:2024-07..", [2]),
        ("date:none", [3, 5]),
        ("date:2023,2024-07", [2, 4]),
        ("camera:nikon", [0, 1]),
        ("camera:none", [3, 4, 5]),
        ("width:>1000", [0, 1]),
        ("width:1000", [4]),
        ("height:480..640", [2, 3]),
        ("width:<1000", [2, 3]),
        ("format:jpg", [0, 1, 4]),
        ("format:png,jpeg", [0, 1, 2, 3, 4]),
        ("problem:any", [5]),
        ("problem:cut", [5]),
        ("-is:problem", [0, 1, 2, 3, 4]),
        ("is:uncertain", [3]),
        ("is:excluded", [1]),
        ("is:excluded,uncertain", [1, 3]),
        ("is:unclustered", []),
        ("is:portrait", [1, 3]),
        ("is:landscape,square", [0, 2, 4]),
        ("source:user", [1]),
        ("IS:UNCERTAIN", [3]),
        ("cluster: img", [1, 3]),
        ("-", ALL),
        ('"img', [1, 3]),
    ],
)
def test_what_is_found(text: str, rows: list[int], columns: Columns) -> None:
    assert found(text, columns) == rows


@pytest.mark.parametrize(
    "text",
    ["colour:red", "12:30", "confidence:high", "confidence:1.5", "confidence:<", "width:1.5", "width:0.2..0.5", "date:2024-13", "is:nice"],
)
def test_what_is_not_understood_gets_a_sentence(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(f"beach {text}")
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")


def test_every_example_is_understood(columns: Columns) -> None:
    for field, (_, example) in FIELDS.items():
        text = example.partition(" or ")[0]
        assert text.startswith(f"{field}:")
        if field not in ("class", "label"):
            matches(parse(text), columns)


def test_classes_are_searched_when_there_are_any(columns: Columns) -> None:
    with pytest.raises(QueryError, match="No picture has a class yet"):
        found("class:rose", columns)
    classed = dataclasses.replace(columns, classes=Words.of(["rose", "", "tulip", "rose", "", ""]))
    assert found("class:rose", classed) == [0, 3]
    assert found("class:none", classed) == [1, 4, 5]


def test_labels_are_searched_when_there_are_any(columns: Columns) -> None:
    with pytest.raises(QueryError, match="No picture has a label yet"):
        found("label:rose", columns)
    labelled = dataclasses.replace(columns, labels=Words.of(["rose", "", "not sure", "", "", "skipped"]))
    assert found("label:rose", labelled) == [0]
    assert found('label:"not sure",skipped', labelled) == [2, 5]
    assert found("-label:none", labelled) == [0, 2, 5]


def test_what_files_say_is_looked_up_once(columns: Columns) -> None:
    found("img -img cluster:0", columns)
    assert len(columns.files.found) == 1
    for number in range(200):
        found(f"word{number}", columns)
    assert len(columns.files.found) <= 65


def test_terms_can_be_taken_out() -> None:
    query = parse('beach -night cluster:"cluster 2",3 is:uncertain')
    assert [term.source for term in query.terms] == ["beach", "-night", 'cluster:"cluster 2",3', "is:uncertain"]
    assert query.without(query.terms[1]) == 'beach cluster:"cluster 2",3 is:uncertain'
    assert not parse("cluster: -")
