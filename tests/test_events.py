"""Events survive the trip through a line of JSON, whatever version wrote the line."""

import dataclasses
import json
import math
from typing import Any

import pytest

from iic_studio import events
from iic_studio.events import EpochFinished, Event, HeadReport, StepsFinished, SubHeadReport, from_json, to_json

KINDS = sorted(events._KINDS.values(), key=lambda kind: kind.__name__)
SUB_HEAD = SubHeadReport(loss=-1.5, mutual_information=2.1, marginal_entropy=3.2, conditional_entropy=1.1)
HEAD = HeadReport(head="main_head", num_clusters=10, ceiling=3.3219, best_sub_head=1, sub_heads=(SUB_HEAD, SUB_HEAD))


def sample(kind: type[Event]) -> Event:
    """An event with a value of the right type in every field, none of them the default."""
    values: dict[str, Any] = {}
    by_type = {
        str: "Grüße, 図 \udcff",
        int: 7,
        float: 0.125,
        bool: True,
        float | None: 2.5,
        dict[str, Any]: {"clusters": 10, "transforms": {"hue": 0.1}},
        tuple[float, ...]: (0.5, -0.25),
        tuple[int, ...]: (3, 0),
        tuple[HeadReport, ...]: (HEAD, HEAD),
    }
    for item in dataclasses.fields(kind):
        values[item.name] = by_type[item.type]  # type: ignore[index]
    return kind(**values)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_round_trip(kind: type[Event]) -> None:
    event = sample(kind)
    line = to_json(event)
    assert from_json(line) == event
    assert "\n" not in line
    line.encode("ascii")
    assert json.loads(line)["event"] == kind.__name__
    assert {"time", "schema"} <= set(json.loads(line))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_fields_of_a_newer_version_are_ignored(kind: type[Event]) -> None:
    event = sample(kind)
    record = json.loads(to_json(event)) | {"from_the_future": [1], "schema": 99}
    assert from_json(json.dumps(record)) == dataclasses.replace(event, schema=99)


def test_every_kind_is_known_to_readers() -> None:
    defined = {one for one in vars(events).values() if isinstance(one, type) and issubclass(one, Event) and one is not Event}
    assert defined == set(KINDS)


def test_fields_of_a_newer_report_are_ignored() -> None:
    event = EpochFinished(epoch=1, step=2, elapsed_s=3.0, heads=(HEAD,))
    record = json.loads(to_json(event))
    record["heads"][0]["extra"] = 1
    record["heads"][0]["sub_heads"][0]["extra"] = 1
    assert from_json(json.dumps(record)) == event


def test_event_of_a_newer_version_is_none() -> None:
    assert from_json('{"event": "SomethingNew", "time": 1, "schema": 2}') is None


@pytest.mark.parametrize(
    "line", ["", "{", "[1]", "null", '{"event": "WarningRaised"}', '{"event": "EpochFinished", "epoch": 1, "step": 1, "heads": [3]}']
)
def test_line_that_is_no_event_is_a_value_error(line: str) -> None:
    with pytest.raises(ValueError):
        from_json(line)


def test_numbers_that_json_lacks_become_null_and_come_back_as_nan() -> None:
    values = {"step": 1, "epoch": 0, "ceiling": 1.0, "images_per_s": 1.0, "elapsed_s": 1.0, "fraction_done": 0.0, "eta_s": None}
    event = StepsFinished(main_losses=(math.nan, 1.0), overclustering_losses=(-math.inf,), mutual_information=math.nan, **values)
    record = json.loads(to_json(event), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert record["main_losses"] == [None, 1.0]
    assert record["overclustering_losses"] == [None]
    assert record["mutual_information"] is None
    back = from_json(to_json(event))
    assert isinstance(back, StepsFinished)
    assert math.isnan(back.mutual_information)
    assert math.isnan(back.main_losses[0])
    assert back.eta_s is None


def test_nan_deep_inside_a_report_comes_back_as_nan() -> None:
    head = dataclasses.replace(HEAD, sub_heads=(dataclasses.replace(SUB_HEAD, loss=math.nan),))
    back = from_json(to_json(EpochFinished(epoch=1, step=2, elapsed_s=3.0, heads=(head,))))
    assert isinstance(back, EpochFinished)
    assert math.isnan(back.heads[0].sub_heads[0].loss)


def test_events_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        events.WarningRaised(message="x").message = "y"  # type: ignore[misc]
