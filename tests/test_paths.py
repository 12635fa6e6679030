"""Shipped files are found in a source tree and in a wheel; a folder of images always has the same project."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from iic_studio import paths

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built in this process and without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    return Path(built)


def test_shipped_files_are_found_in_a_source_tree() -> None:
    assert paths.shipped("models", "presets") == ROOT / "models" / "presets"
    assert paths.shipped("resources", "icon.svg").is_file()


def test_missing_shipped_file_says_so() -> None:
    with pytest.raises(FileNotFoundError, match=r"models/nonsense\.toml is missing from this installation"):
        paths.shipped("models", "nonsense.toml")


def test_wheel_contains_every_shipped_file(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    expected = {
        f"iic_studio/_shipped/{path.relative_to(ROOT).as_posix()}"
        for folder in ("models", "resources")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "iic_studio/_shipped/models/presets/documents.toml" in names
    assert "iic_studio/_shipped/resources/icon.svg" in names
    assert "iic_studio/_shipped/resources/translations/iic_studio_de.qm" in names
    assert expected - names == set()
    assert not [name for name in names if name.startswith(("tests/", "packaging/", "models/", "resources/"))]


def test_shipped_files_are_found_in_an_installed_wheel(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    (site / "models").mkdir()
    (site / "models" / "stranger.toml").touch()
    code = "from iic_studio import paths; print(paths.shipped('models', 'presets')); paths.shipped('models', 'stranger.toml')"
    done = subprocess.run([sys.executable, "-c", code], cwd=site, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == str(site / "iic_studio" / "_shipped" / "models" / "presets")
    assert "models/stranger.toml is missing" in done.stderr, "a folder of another package is not ours"


def test_folder_always_has_the_same_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "Überblick & more"
    folder.mkdir()
    (tmp_path / "link").symlink_to(folder)
    first = paths.default_project_path(folder)
    monkeypatch.chdir(tmp_path)
    assert paths.default_project_path(Path("Überblick & more")) == first
    assert paths.default_project_path(folder / ".." / folder.name) == first
    assert paths.default_project_path(tmp_path / "link") == first
    assert first.is_relative_to(paths.data_dir() / "projects")
    assert first.name.startswith("Überblick_more-")
    assert first.suffix == ".iicproj"
    assert not first.exists()


def test_folders_of_the_same_name_have_projects_of_their_own(tmp_path: Path) -> None:
    assert paths.default_project_path(tmp_path / "a" / "images") != paths.default_project_path(tmp_path / "b" / "images")


@pytest.mark.parametrize("name", ["図" * 85, "x" * 255, "...", "  ", os.fsdecode(b"\xff\xfe"), "a:b*c?"])
def test_project_of_any_folder_can_be_made(tmp_path: Path, name: str) -> None:
    project = paths.default_project_path(tmp_path / name)
    project.mkdir(parents=True)
    assert project.name.removesuffix(".iicproj").strip("._ ") != ""
    assert not set('<>:"/\\|?*') & set(project.name)


def test_user_directories_follow_the_platform_unless_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("IIC_STUDIO_DATA_DIR", str(tmp_path / "d"))
    monkeypatch.setenv("IIC_STUDIO_CONFIG_DIR", str(tmp_path / "c"))
    assert (paths.data_dir(), paths.config_dir()) == (tmp_path / "d", tmp_path / "c")
    monkeypatch.delenv("IIC_STUDIO_DATA_DIR")
    monkeypatch.delenv("IIC_STUDIO_CONFIG_DIR")
    assert "iic-studio" in str(paths.data_dir())
    assert "iic-studio" in str(paths.config_dir())
