"""Training in bfloat16 where the processor or the graphics card multiplies in it: half the time on a CPU.

The network's products only; weights, losses, averages and everything a trained model is used for stay float32.
"""

from __future__ import annotations

import torch

from ..network.radiomicnet import Output


def has_bfloat16(device: torch.device) -> bool:
    """Whether products in bfloat16 are done by the hardware; emulated they would be slower than in float32."""
    if device.type == "cuda":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    return device.type == "cpu" and (torch.cpu._is_amx_tile_supported() or torch.cpu._is_avx512_bf16_supported())


def fast(device: torch.device) -> torch.autocast:
    """Context in which a forward pass computes in bfloat16, or as usual where the hardware has none."""
    return torch.autocast(device.type, torch.bfloat16, enabled=has_bfloat16(device))


def exact(output: Output) -> Output:
    """What the losses compare, in float32 again; gates are left as they are."""
    return output._replace(
        logits=output.logits.float(), levels=tuple(level.float() for level in output.levels),
        embedding=None if output.embedding is None else output.embedding.float(),
        presence=None if output.presence is None else output.presence.float())


def described(device: torch.device) -> str:
    """The device in words, as a card names it."""
    if device.type == "cuda":
        name = torch.cuda.get_device_name(device)
    else:
        threads = torch.get_num_threads()
        name = f"{device.type.upper()}, {threads} thread{'s' if threads > 1 else ''}"
    return f"{name}, bfloat16" if has_bfloat16(device) else name
