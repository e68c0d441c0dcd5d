"""How a picture looks to a network that was never taught medicine: 24 numbers beside the 13 features.

The 13 features are those of grey levels, so a colonoscopy without its colours or an ultrasound image with black and
white exchanged can have them all within range. The encoder's first blocks stay as ImageNet left them
(:class:`radiomicnet.training.config.Config`, ``frozen_blocks``): filters for edges, blobs and colours, the same in
every model and on every fold. Their mean answer over the picture tells such pictures apart.
"""

from __future__ import annotations

import numpy as np
import torch

from ..images.grid import Grid, to_tensor
from ..network.radiomicnet import RadiomicNet

# Blocks up to the end of stride 4, and the channels of the last; none of them is trained.
BLOCKS, STRIDE, CHANNELS = 4, 4, 24


def appearance(network: RadiomicNet, grid: Grid) -> np.ndarray:
    """(24,) float64: each channel's mean over the picture, without the grid's padding."""
    blocks = network.encoder.features[:BLOCKS]
    maps = (to_tensor(grid.rgb)[None] * 2 - 1).to(next(blocks.parameters()).device)
    with torch.inference_mode():
        for block in blocks:
            maps = block(maps)
    rows, columns = (-(-side // STRIDE) for side in grid.content)
    return maps[0, :, :rows, :columns].double().mean(dim=(1, 2)).cpu().numpy()
