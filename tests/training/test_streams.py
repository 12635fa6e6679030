"""Batches side by side on a processor."""

import threading
from collections.abc import Iterator

import pytest
import torch

from iic_studio.training.encoders import Encoder, Preprocessing
from iic_studio.training.streams import streams


@pytest.fixture
def two_threads() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    yield
    torch.set_num_threads(before)


@pytest.mark.usefixtures("two_threads")
def test_each_stream_computes_alone_and_no_other_thread_is_changed() -> None:
    both_at_work = threading.Barrier(2, timeout=30)
    told = torch.__config__.parallel_info()

    def at_work(number: int) -> tuple[str, str]:
        both_at_work.wait()
        return threading.current_thread().name, next(line for line in torch.__config__.parallel_info().splitlines() if "get_num" in line)

    with streams(torch.device("cpu")) as pool:
        assert pool is not None
        names, threads = zip(*pool.map(at_work, range(2)), strict=True)
    assert len(set(names)) == 2
    assert {line.rsplit(maxsplit=1)[-1] for line in threads} == {"1"}
    assert torch.__config__.parallel_info() == told
    assert not [one for one in threading.enumerate() if one.name.startswith("stream")]


def test_one_thread_and_a_gpu_need_no_streams(monkeypatch: pytest.MonkeyPatch) -> None:
    with streams(torch.device("cuda")) as pool:
        assert pool is None
    monkeypatch.setattr(torch, "get_num_threads", lambda: 1)
    with streams(torch.device("cpu")) as pool:
        assert pool is None


@pytest.mark.usefixtures("two_threads")
def test_features_are_the_same_in_the_same_order() -> None:
    torch.manual_seed(0)
    network = torch.nn.Sequential(torch.nn.Conv2d(3, 6, 3), torch.nn.AdaptiveAvgPool2d(2), torch.nn.Flatten())
    encoder = Encoder("small", network, Preprocessing(8, 8, (0.5,) * 3, (0.5,) * 3), "digest", torch.device("cpu"), mixed_precision=False)
    pictures = torch.randint(0, 256, (37, 3, 8, 8), dtype=torch.uint8)
    with streams(encoder.device) as pool:
        found = encoder(pictures, pool)
    assert found.shape == (37, 24)
    assert not found.requires_grad
    torch.testing.assert_close(found, encoder(pictures))
