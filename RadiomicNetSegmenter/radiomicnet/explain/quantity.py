"""What is explained: the mean logit over the region that was drawn, as a function of the features alone.

The region is held fixed while the features change; where nothing was drawn it is the 1 % of pixels with the highest
probability. The image stream's maps do not depend on the features and are computed once.
"""

from __future__ import annotations

import torch

from ..images.grid import mask_to_grid
from ..network.radiomicnet import RadiomicNet
from ..network.views import turn, turn_back
from ..results.result import Prediction

PREDICTED = "predicted"
MOST_PROBABLE = "most-probable-1-percent"


class Quantity:
    """The explained quantity of one prediction.

    Parameters
    ----------
    network : RadiomicNet
    prediction : Prediction
    image : torch.Tensor
        (1, 3, S, S) in 0..1, the prediction's grid.
    features : torch.Tensor
        (1, F, a, b), the prediction's features, standardised.

    Attributes
    ----------
    region : torch.Tensor
        (S, S) bool.
    name : str
        ``predicted`` or ``most-probable-1-percent``.
    passes : int
        Of the decoder for each point it is asked at.
    """

    def __init__(self, network: RadiomicNet, prediction: Prediction, image: torch.Tensor,
                 features: torch.Tensor) -> None:
        self._network, self._size = network, image.shape[-2:]
        with torch.no_grad():
            self._views = {view: network.encode(turn(image, view)) for view in prediction.card.views}
            self.region, self.name = explained_region(self._logits(features)[0], prediction)
        self.passes = len(self._views)

    def __call__(self, points: torch.Tensor) -> torch.Tensor:
        """(n, F, a, b) standardised features to (n,) mean logits over the region, averaged over the views."""
        return self._logits(points)[:, self.region].mean(dim=1)

    def _logits(self, points: torch.Tensor) -> torch.Tensor:
        """(n, S, S), without what the network padded."""
        rows, columns = self._size
        return torch.stack([
            turn_back(self._network.decode(maps, turn(points, view)).logits[:, 0, :rows, :columns], view)
            for view, maps in self._views.items()]).mean(dim=0)


def explained_region(logits: torch.Tensor, prediction: Prediction) -> tuple[torch.Tensor, str]:
    """(S, S) bool region on the grid, and its name: what was drawn, or else the most probable 1 % of the picture."""
    drawn = mask_to_grid(prediction.labels > 0, len(logits))
    if drawn.any():
        return torch.from_numpy(drawn), PREDICTED
    rows, columns = prediction.grid.content
    inside = torch.full_like(logits, -torch.inf)
    inside[:rows, :columns] = logits[:rows, :columns]
    region = torch.zeros_like(inside, dtype=torch.bool).flatten()
    region[inside.flatten().topk(max(1, round(0.01 * rows * columns))).indices] = True
    return region.view_as(logits), MOST_PROBABLE
