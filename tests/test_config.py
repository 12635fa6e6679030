"""Settings: a value out of range gets a sentence that names the option as people write it."""

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iic_studio.config import (
    Preset,
    TrainSettings,
    TransformSettings,
    load_preset,
    own_preset_names,
    own_presets,
    pixel_settings,
    preset_names,
    save_preset,
)
from iic_studio.errors import EXIT_USAGE, StudioError, UsageError

RANGED = [
    (kind, item)
    for kind in (TrainSettings, TransformSettings)
    for item in dataclasses.fields(kind)
    if "low" in item.metadata and not item.name.startswith(("crop_", "scale_", "cutout_m"))
]


@pytest.mark.parametrize(("kind", "item"), RANGED, ids=lambda one: getattr(one, "name", getattr(one, "__name__", "")))
def test_range_is_closed_and_said_in_plain_words(kind: type, item: dataclasses.Field[object]) -> None:
    low, high = item.metadata["low"], item.metadata["high"]
    for inside in (low, high):
        assert getattr(kind(**{item.name: inside}), item.name) == inside
    step = 1 if item.type in (int, int | None) else 1e-3
    for outside in (low - step, high + step):
        with pytest.raises(UsageError) as caught:
            kind(**{item.name: outside})
        assert caught.value.message.startswith(f"{item.metadata['words']} must be between ")
        assert "e+" not in caught.value.message
        assert caught.value.exit_code == EXIT_USAGE


def test_defaults_are_good() -> None:
    assert TrainSettings().clusters == 10
    assert TransformSettings().crop_min < TransformSettings().crop_max


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"clusters": 1}, "--clusters must be between 2 and 10000, not 1."),
        ({"clusters": 2.5}, "--clusters must be a whole number, not 2.5."),
        ({"clusters": None}, "--clusters must be a whole number, not None."),
        ({"clusters": True}, "--clusters must be a whole number"),
        ({"minutes": float("nan")}, "--minutes must be between"),
        ({"minutes": "ten"}, "--minutes must be a number, not 'ten'."),
        ({"method": "magic"}, "--method magic is not known. Choose one of: auto, iic, iic+neighbours"),
        ({"head_schedule": "mmx"}, "--heads mmx is not known. Choose both, alternating, or passes in turn such as mmo"),
        ({"neighbours_by": "name"}, "neighbours_by name is not known. Choose one of: pixels, features."),
        ({"device": "tpu"}, "--device tpu is not known. Choose one of: auto, cpu, cuda, mps."),
        ({"minutes": 1, "steps": 1}, "--minutes and --steps exclude each other."),
    ],
)
def test_wrong_settings(values: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        TrainSettings(**values)  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_numbers_of_numpy_are_numbers() -> None:
    assert TrainSettings(clusters=np.int64(4), minutes=np.float32(0.5)).clusters == 4  # type: ignore[arg-type]


def test_crop_that_is_smaller_at_most_than_at_least() -> None:
    with pytest.raises(UsageError, match="crop_min must not be above crop_max"):
        TransformSettings(crop_min=0.9, crop_max=0.8)


@given(
    st.integers(2, 10_000),
    st.none() | st.integers(2, 50_000),
    st.none() | st.floats(0.01, 1000),
    st.none() | st.builds(TransformSettings, hue=st.floats(0, 0.5), horizontal_flip=st.booleans()),
)
def test_settings_survive_as_plain_values(
    clusters: int, overclusters: int | None, minutes: float | None, transforms: TransformSettings | None
) -> None:
    settings = TrainSettings(clusters=clusters, overclusters=overclusters, minutes=minutes, transforms=transforms)
    assert TrainSettings.from_dict(settings.as_dict()) == settings


def test_settings_of_a_newer_version_are_dropped() -> None:
    record = TrainSettings(transforms=TransformSettings()).as_dict()
    record["new"] = 1
    record["transforms"]["new"] = 1
    assert TrainSettings.from_dict(record) == TrainSettings(transforms=TransformSettings())


def test_every_shipped_preset_loads() -> None:
    names = preset_names()
    assert {"documents", "photographs"} <= set(names)
    for name in names:
        assert load_preset(name).name == name
        assert load_preset(name).description
    assert load_preset("photographs").transforms.horizontal_flip
    assert not load_preset("documents").transforms.horizontal_flip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("this is not toml", "cannot be read"),
        ("[transforms]\nhue = 3", "hue must be between 0 and 0.5, not 3."),
        ("[transforms]\nhue = 'lots'", "hue must be a number, not 'lots'."),
        ("[transforms]\nhorizontal_flip = 'no'", "horizontal_flip must be true or false, not 'no'."),
        ("[transforms]\nhugh = 0.1", "sets hugh, which is not known. Known are: base_crop"),
        ("transforms = 3", "Begin it with a line [transforms]."),
    ],
)
def test_wrong_preset_of_ones_own(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError) as caught:
        load_preset(str(path))
    assert words in str(caught.value)


def test_preset_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UsageError, match="cannot be read"):
        load_preset(str(tmp_path / "mine.toml"))


def test_preset_of_ones_own(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("description = 'Mine'\n[transforms]\nhue = 0\nrotation_deg = 45\n", encoding="utf-8")
    preset = load_preset(str(path))
    assert (preset.name, preset.description, preset.transforms) == ("mine", "Mine", TransformSettings(hue=0, rotation_deg=45))


def test_presets_for_pixels_are_settings() -> None:
    names = preset_names("pixels")
    assert {"aerial", "textures", "street", "coco-stuff-3", "coco-stuff-15", "potsdam-3", "potsdam-6"} == set(names)
    for name in names:
        settings = pixel_settings(preset=name)
        assert settings.task == "pixels"
        assert not load_preset(name, "pixels").transforms.elastic
    assert "street" not in preset_names()
    assert pixel_settings(preset="potsdam-6").learning_rate == 1e-6
    assert pixel_settings(preset="potsdam-6", clusters=4).clusters == 4


def test_a_preset_for_pixels_says_what_it_cannot_take(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("[pixels]\nnonsense = 1\n")
    with pytest.raises(UsageError, match="sets nonsense"):
        pixel_settings(preset=str(path))
    with pytest.raises(UsageError, match="is for pixels"):
        load_preset(str(path))


def test_unknown_preset_names_the_known_ones() -> None:
    with pytest.raises(UsageError, match="aerial, documents"):
        load_preset("nonsense")


def test_a_saved_preset_is_found_by_its_name() -> None:
    assert own_preset_names() == []
    transforms = TransformSettings(hue=0, rotation_deg=45, crop_choices=(0.5, 0.75), vertical_flip=True)
    for description in ('Wings, "open" \\ größer\x7f\n', "Wings"):
        path = save_preset(Preset("my wings", description, transforms))
    assert path.parent == own_presets()
    assert own_preset_names() == ["my wings"]
    assert load_preset("my wings") == Preset("my wings", "Wings", transforms)
    assert [one.name for one in own_presets().iterdir()] == ["my wings.toml"]


def test_a_saved_description_keeps_its_letters() -> None:
    save_preset(Preset("odd", 'größer "als" \\ 図 😀\x7f\n', TransformSettings()))
    assert load_preset("odd").description == 'größer "als" \\ 図 😀'


@pytest.mark.parametrize("name", ["", " ", "../up", "a/b", "photographs", "x" * 61, " led", "a.toml"])
def test_names_that_no_preset_may_have(name: str) -> None:
    with pytest.raises(UsageError, match="name"):
        save_preset(Preset(name, "", TransformSettings()))


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IIC_STUDIO_CONFIG_DIR", str(tmp_path / "file"))
    (tmp_path / "file").write_text("")
    with pytest.raises(StudioError, match="cannot be saved"):
        save_preset(Preset("mine", "", TransformSettings()))


def test_a_preset_saved_for_pixels_is_for_pixels() -> None:
    preset = Preset("my fields", "", TransformSettings(hue=0), {"border": "zeros", "displacement": 5, "clusters": 4}, "pixels")
    save_preset(preset)
    assert (own_preset_names("pixels"), own_preset_names()) == (["my fields"], [])
    assert load_preset("my fields", "pixels") == preset
    assert pixel_settings(preset="my fields").displacement == 5
    save_preset(Preset("my photos", "", TransformSettings(hue=0.1)))
    assert pixel_settings(preset="my photos").transforms is None
    assert load_preset("my photos", "pixels").transforms.hue == 0.1
    with pytest.raises(UsageError, match="a preset of the program"):
        save_preset(Preset("street", "", TransformSettings()))
