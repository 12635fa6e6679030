"""Several processes that train one network: torch's own `torch.distributed`, started by `torchrun`.

Each process computes its share of every batch. The counts of pairs are summed over all processes before the logarithm, and the gradients
after it, so N processes with B/N pairs take the same step as one process with B. Only the first process writes and speaks.
Without `torchrun` there is one process and nothing here costs anything.
"""

import os
from typing import Any

import torch
import torch.distributed as dist
from torch import Tensor, nn


class _Sum(torch.autograd.Function):
    """Sum over processes.

    Backwards the gradients are summed too if every process goes on with the sum in a way of its own; if all compute the same loss from
    it, the gradient is passed on as it is, for the gradients of the weights are summed later.
    """

    @staticmethod
    def forward(context: Any, tensor: Tensor, both_ways: bool) -> Tensor:
        context.both_ways = both_ways
        return _summed(tensor)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None]:
        return _summed(gradients[0]) if context.both_ways else gradients[0], None


def _summed(tensor: Tensor) -> Tensor:
    total = tensor.clone()
    dist.all_reduce(total)
    return total


class Processes:
    """The processes of a run: `rank` of `size`."""

    def __init__(self, rank: int = 0, size: int = 1) -> None:
        self.rank, self.size = rank, size

    @property
    def is_first(self) -> bool:
        """Whether this process writes and speaks."""
        return self.rank == 0

    def share(self) -> slice:
        """Which rows of a batch, or which chunks of a set, are this process's."""
        return slice(self.rank, None, self.size)

    def sum(self, counts: Tensor) -> Tensor:
        """The sum over all processes, differentiable."""
        if self.size == 1:
            return counts
        total: Tensor = _Sum.apply(counts, False)
        return total

    def sum_gradients(self, network: nn.Module) -> None:
        """Replace every gradient by its sum over all processes, in one message."""
        if self.size == 1:
            return
        gradients = [parameter.grad for parameter in network.parameters() if parameter.grad is not None]
        flat = torch.cat([gradient.reshape(-1) for gradient in gradients])
        dist.all_reduce(flat)
        for gradient, summed in zip(gradients, flat.split([one.numel() for one in gradients]), strict=True):
            gradient.copy_(summed.view_as(gradient))

    def from_first(self, value: Any) -> Any:
        """The first process's value, any that can be pickled; what was given elsewhere is ignored."""
        if self.size == 1:
            return value
        held = [value]
        dist.broadcast_object_list(held, src=0, device=torch.device("cpu"))
        return held[0]

    def copy_from_first(self, tensors: list[Tensor]) -> None:
        """Overwrite tensors with the first process's."""
        if self.size > 1:
            for tensor in tensors:
                whole = tensor.contiguous()
                dist.broadcast(whole, src=0)
                tensor.copy_(whole)

    def gather(self, value: Any) -> list[Any]:
        """The values of all processes by rank, at the first process; an empty list elsewhere."""
        if self.size == 1:
            return [value]
        held: list[Any] = [None] * self.size
        dist.gather_object(value, held if self.is_first else None, dst=0)
        return held if self.is_first else []

    def leave(self) -> None:
        """Part in order once the shared work is done; a process that just ends would pull down those that are not ready."""
        if self.size > 1:
            dist.barrier()
            dist.destroy_process_group()

    def synchronise_normalisation(self, network: nn.Module) -> None:
        """Let BatchNorm take its statistics over all processes."""
        if self.size == 1:
            return
        for module in network.modules():
            for name, child in module.named_children():
                if isinstance(child, nn.BatchNorm2d) and not isinstance(child, SharedBatchNorm2d):
                    setattr(module, name, SharedBatchNorm2d.of(child))


class SharedBatchNorm2d(nn.BatchNorm2d):
    """BatchNorm over the batches of all processes together, on any device (torch's own is for CUDA only). Same weights, same names."""

    @classmethod
    def of(cls, plain: nn.BatchNorm2d) -> "SharedBatchNorm2d":
        """With the weights and statistics of a plain one."""
        shared = cls(plain.num_features, plain.eps, plain.momentum)
        shared.load_state_dict(plain.state_dict())
        return shared.to(plain.weight.device)

    def forward(self, input: Tensor) -> Tensor:
        if not self.training:
            return super().forward(input)
        x = input.float()
        count = x.numel() // self.num_features * dist.get_world_size()
        sums = torch.stack([x.sum(dim=(0, 2, 3)), x.square().sum(dim=(0, 2, 3))])
        mean, square = _Sum.apply(sums, True) / count
        variance = (square - mean.square()).clamp_min(0)
        with torch.no_grad():
            assert self.running_mean is not None and self.running_var is not None and self.momentum is not None
            self.running_mean.lerp_(mean, self.momentum)
            self.running_var.lerp_(variance * (count / max(count - 1, 1)), self.momentum)
        scale = self.weight * torch.rsqrt(variance + self.eps)
        normalised: Tensor = (x * scale[:, None, None] + (self.bias - mean * scale)[:, None, None]).to(input.dtype)
        return normalised


def started_processes() -> Processes:
    """Join the other processes when `torchrun` started this one; a single process otherwise."""
    if int(os.environ.get("WORLD_SIZE", "1")) < 2:
        return Processes()
    if not dist.is_initialized():
        local = int(os.environ.get("LOCAL_RANK", "0"))
        if torch.cuda.is_available():
            torch.cuda.set_device(local % torch.cuda.device_count())
        dist.init_process_group("cpu:gloo,cuda:nccl" if torch.cuda.is_available() else "gloo")
    return Processes(dist.get_rank(), dist.get_world_size())
