"""Baselines that learn by rebuilding pictures: plain, denoising and variational autoencoders, and DEC, which goes on from the plain one.

All share an encoder and a decoder of the size of the small trunk, Adam, and a budget in steps. Same seed, same result on one device.
Sources: Vincent et al., denoising autoencoders, JMLR 2010; Kingma and Welling, auto-encoding variational Bayes, ICLR 2014; Xie, Girshick
and Farhadi, deep embedded clustering (DEC), ICML 2016. Written from the papers; the network is a convolutional one of our own, so numbers
are those of this program and not theirs.
"""

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from iic_studio.iic.kmeans import kmeans
from iic_studio.iic.trunks import SmallTrunk
from iic_studio.records import FloatArray, IntArray
from iic_studio.training.batches import Shuffled, seeded

Kind = Literal["plain", "denoising", "variational"]

LATENT = 32
_WIDTHS = (128, 64, 32)
_LEARNING_RATE, _DEC_RATE = 1e-3, 1e-4
_NOISE = 0.3
# Pixels are taken as seen through noise of this spread; it decides how much the latent numbers may say.
_PIXEL_SPREAD = 0.2
_CHUNK = 512
_ORDER_STREAM, _NOISE_STREAM, _START_STREAM, _TARGET_STREAM = 21, 22, 23, 24
_SETTLED = 0.001
_TARGETS_EVERY = 100


class Autoencoder(nn.Module):
    """Pixels (B, C, S, S) in 0–1 to `LATENT` numbers and back; a variational one has a mean and a log variance for each."""

    def __init__(self, channels: int, size: int, *, is_variational: bool) -> None:
        super().__init__()
        self.size, self.side = size, math.ceil(size / 2 ** len(_WIDTHS))
        self.trunk = SmallTrunk(channels)
        self.latent = nn.Linear(self.trunk.num_features, LATENT * (2 if is_variational else 1))
        self.spread = nn.Linear(LATENT, _WIDTHS[0] * self.side**2)
        layers: list[nn.Module] = []
        for before, after in zip(_WIDTHS, (*_WIDTHS[1:], _WIDTHS[-1]), strict=True):
            layers += [nn.Upsample(scale_factor=2), nn.Conv2d(before, after, 3, padding=1), nn.BatchNorm2d(after), nn.ReLU(inplace=True)]
        self.decoder = nn.Sequential(*layers, nn.Conv2d(_WIDTHS[-1], channels, 3, padding=1))

    def encode(self, x: Tensor) -> Tensor:
        """(B, LATENT) numbers; means where it is variational."""
        found: Tensor = self.latent(self.trunk(x))
        return found[:, :LATENT]

    def rebuild(self, latent: Tensor) -> Tensor:
        """(B, LATENT) to (B, C, S, S)."""
        seen = self.spread(latent).view(len(latent), _WIDTHS[0], self.side, self.side)
        return torch.sigmoid(self.decoder(seen)[..., : self.size, : self.size])


@dataclass(frozen=True)
class Rebuilt:
    """A trained autoencoder and what it makes of each image: (N, LATENT)."""

    network: Autoencoder
    latent: FloatArray


def train_autoencoder(
    pixels: npt.NDArray[np.uint8], kind: Kind, *, steps: int, batch_size: int, seed: int, device: torch.device
) -> Generator[int, None, Rebuilt]:
    """Learn to rebuild (N, C, S, S) pictures; yields the number of steps done, returns the network and the latent numbers."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = Autoencoder(pixels.shape[1], pixels.shape[-1], is_variational=kind == "variational").to(device)
    optimiser = torch.optim.Adam(network.parameters(), lr=_LEARNING_RATE)
    order = Shuffled(len(pixels), batch_size, seed, _ORDER_STREAM)
    network.train()
    for step in range(steps):
        x = _floats(pixels[order.at(step)], device)
        generator = seeded(seed, _NOISE_STREAM, step)
        seen = x + _NOISE * torch.randn(x.shape, generator=generator).to(device) if kind == "denoising" else x
        found = network.latent(network.trunk(seen))
        extra = torch.zeros((), device=device)
        if kind == "variational":
            mean, log_variance = found[:, :LATENT], found[:, LATENT:].clamp(-10, 10)
            found = mean + (0.5 * log_variance).exp() * torch.randn(mean.shape, generator=generator).to(device)
            extra = 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(dim=1).mean()
        error = (network.rebuild(found) - x).square().flatten(1).sum(dim=1).mean()
        loss = error / (2 * _PIXEL_SPREAD**2) + extra
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        yield step + 1
    return Rebuilt(network, encode_all(network, pixels, device).cpu().numpy())


@torch.no_grad()
def encode_all(network: Autoencoder, pixels: npt.NDArray[np.uint8], device: torch.device) -> Tensor:
    """(N, LATENT) of all images in evaluation mode; the network is left in training mode."""
    network.eval()
    found = [network.encode(_floats(pixels[start : start + _CHUNK], device)) for start in range(0, len(pixels), _CHUNK)]
    network.train()
    return torch.cat(found)


def train_dec(
    network: Autoencoder, pixels: npt.NDArray[np.uint8], num_clusters: int, *, steps: int, batch_size: int, seed: int, device: torch.device
) -> Generator[int, None, IntArray]:
    """Go on from a plain autoencoder: sharpen soft clusters around k-means centroids. Yields the steps done, returns (N,) clusters.

    It ends early when fewer than one image in a thousand changes its cluster between two targets.
    """
    latent = encode_all(network, pixels, device)
    start = kmeans(latent, num_clusters, seeded(seed, _START_STREAM, 0), restarts=10, max_iterations=100)
    centroids = nn.Parameter(start.centroids.clone())
    optimiser = torch.optim.Adam([*network.trunk.parameters(), *network.latent.parameters(), centroids], lr=_DEC_RATE)
    order = Shuffled(len(pixels), batch_size, seed, _TARGET_STREAM)
    network.eval()  # its batches are too alike for statistics of their own
    target, clusters = torch.zeros(0), start.assignment
    for step in range(steps):
        if step % _TARGETS_EVERY == 0:
            with torch.no_grad():
                soft = soft_clusters(encode_all(network, pixels, device), centroids)
                network.eval()
                target, now = sharpened(soft), soft.argmax(dim=1)
            moved = float((now != clusters).float().mean())
            clusters = now
            if step and moved < _SETTLED:
                break
        rows = order.at(step)
        soft = soft_clusters(network.encode(_floats(pixels[rows], device)), centroids)
        loss = functional.kl_div(soft.clamp_min(1e-12).log(), target[torch.from_numpy(rows).to(device)], reduction="batchmean")
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        yield step + 1
    with torch.no_grad():
        return soft_clusters(encode_all(network, pixels, device), centroids).argmax(dim=1).cpu().numpy()


def soft_clusters(latent: Tensor, centroids: Tensor) -> Tensor:
    """(N, K) probabilities by Student's t with one degree of freedom; rows sum to 1."""
    closeness = 1 / (1 + torch.cdist(latent, centroids).square())
    return closeness / closeness.sum(dim=1, keepdim=True)


def sharpened(soft: Tensor) -> Tensor:
    """(N, K) targets: squared probabilities, large clusters held back; rows sum to 1."""
    weight = soft.square() / soft.sum(dim=0).clamp_min(1e-12)
    return weight / weight.sum(dim=1, keepdim=True)


def _floats(pixels: npt.NDArray[np.uint8], device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(pixels)).to(device).float() / 255
