"""Weights that are fetched: whole and checked or not at all, from where the library publishes them. Nothing here reaches the network."""

import hashlib
import sys
import types
from pathlib import Path

import pytest
import torch

from iic_studio import jobs
from iic_studio.config import LITE
from iic_studio.errors import StudioError, UsageError
from iic_studio.events import ProgressMade, RunFailed, RunFinished
from iic_studio.training.download import Source, download, missing_source, source_of
from iic_studio.training.encoders import find_weights

CONTENT = bytes(range(256)) * 9_000


@pytest.fixture(autouse=True)
def _own_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))


@pytest.fixture
def published(tmp_path: Path) -> Source:
    """A file that lies somewhere else on the disk, in the place of one in the network."""
    (tmp_path / "published.pth").write_bytes(CONTENT)
    digest = hashlib.sha256(CONTENT).hexdigest()[:8]
    return Source("it", (tmp_path / "published.pth").as_uri(), 1_000, tmp_path / "here" / "weights.pth", digest)


def test_torchvision_says_where_its_weights_are(tmp_path: Path) -> None:
    source = source_of("resnet50")
    assert source is not None
    assert source.url.startswith("https://download.pytorch.org/models/resnet50-")
    assert 90e6 < source.num_bytes < 120e6
    assert source.path == tmp_path / "torch" / "hub" / "checkpoints" / source.url.rpartition("/")[2]
    assert len(source.digest) == 8
    assert missing_source("resnet50") == source
    source.path.parent.mkdir(parents=True)
    source.path.touch()
    assert missing_source("resnet50") is None
    assert source_of(LITE) is None


def test_timm_s_come_from_hugging_face(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = types.ModuleType("timm")
    fake.get_pretrained_cfg = lambda name: types.SimpleNamespace(hf_hub_id=f"timm/{name}.lvd142m")  # type: ignore[attr-defined]
    fake.create_model = lambda *_, **__: torch.nn.Linear(9, 10)  # type: ignore[attr-defined]
    fake.is_model = lambda name: name == "vit_tiny"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "timm", fake)
    source = source_of("timm:vit_tiny")
    assert source is not None
    assert source.url == "https://huggingface.co/timm/vit_tiny.lvd142m/resolve/main/model.safetensors"
    assert source.num_bytes == 400
    assert missing_source("timm:vit_tiny") == source
    source.path.parent.mkdir(parents=True)
    source.path.touch()
    assert missing_source("timm:vit_tiny") is None, "where it is put it is found"
    with pytest.raises(UsageError, match="knows no model vit_tinny"):
        find_weights("timm:vit_tinny", None)
    monkeypatch.setitem(sys.modules, "timm", None)
    with pytest.raises(StudioError, match="needs the extra"):
        source_of("timm:vit_tiny")
    with pytest.raises(StudioError, match="needs the extra"):
        find_weights("timm:vit_tinny", None)


def test_a_file_comes_whole(published: Source) -> None:
    seen = list(download(published))
    assert published.path.read_bytes() == CONTENT
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert [one.name for one in published.path.parent.iterdir()] == ["weights.pth"]


def test_a_stop_leaves_nothing(published: Source) -> None:
    job = download(published)
    next(job)
    next(job)
    job.close()  # type: ignore[attr-defined]
    assert list(published.path.parent.iterdir()) == []


def test_another_file_than_expected_is_not_kept(published: Source) -> None:
    wrong = Source(published.name, published.url, published.num_bytes, published.path, "00000000")
    with pytest.raises(StudioError, match="not what is published"):
        list(download(wrong))
    assert list(published.path.parent.iterdir()) == []


def test_the_job_tells_how_far_it_is_and_what_went_wrong(published: Source, tmp_path: Path) -> None:
    events = list(jobs.fetch_weights(published))
    assert isinstance(events[-1], RunFinished)
    assert events[-1].summary == {"weights": str(published.path)}
    assert [event.done for event in events if isinstance(event, ProgressMade)][-1] == len(CONTENT)
    gone = Source("it", (tmp_path / "nowhere.pth").as_uri(), 1_000, published.path)
    last = list(jobs.fetch_weights(gone))[-1]
    assert isinstance(last, RunFailed)
    assert "could not be fetched" in last.message
    assert f"Put weights.pth into {published.path.parent} yourself" in last.hint
