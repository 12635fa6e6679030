"""What is offered while a person types can be taken, and is understood."""

import pytest

from iic_studio.query import Columns, matches, parse, suggest


def labels(text: str, columns: Columns) -> list[str]:
    return [one.label for one in suggest(text, columns)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("c", "cluster:"),
        ("beach -ca", "camera:"),
        ("cluster:tu", "Tulips"),
        ("cluster:roses,c", "Cluster 2"),
        ("camera:can", "Canon EOS 5D"),
        ("is:un", "uncertain"),
        ("date:", "2024"),
        ("format:", "JPEG"),
        ("confidence:", "<0.6"),
    ],
)
def test_fields_and_values(text: str, first: str, columns: Columns) -> None:
    found = suggest(text, columns)
    assert found[0].label == first
    taken = found[0].text
    matches(parse(taken), columns)
    assert taken.startswith(text.rpartition(" ")[0])


def test_values_with_spaces_are_quoted(columns: Columns) -> None:
    (one,) = suggest("x cluster:tulips,cluster", columns)
    assert one.text == 'x cluster:tulips,"Cluster 2" '
    assert suggest('cluster:"cluster 2', columns) == []


def test_nothing_is_offered_where_nothing_fits(columns: Columns) -> None:
    assert labels("colour:", columns) == []
    assert labels("class:", columns) == []
    assert labels("label:", columns) == []
    assert labels("zzz", columns) == []
    assert labels("cluster:tulips", columns) == []
