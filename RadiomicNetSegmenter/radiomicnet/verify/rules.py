"""When the network's value and PyRadiomics' count as equal: a rule per feature, and nobody's eye."""

from __future__ import annotations

from dataclasses import dataclass

from ..features.catalogue import KEYS
from ..results.result import Check


@dataclass(frozen=True)
class Rule:
    """Equal means within ``relative`` of PyRadiomics' value, or within ``absolute``, whichever is more."""

    relative: float
    absolute: float

    def holds(self, network: float, pyradiomics: float) -> bool:
        """Whether the two agree; False where either is not a number."""
        return bool(abs(network - pyradiomics) <= max(self.absolute, self.relative * abs(pyradiomics)))

    def check(self, key: str, network: float, pyradiomics: float) -> Check:
        """The comparison of one feature."""
        return Check(key, network, pyradiomics, network - pyradiomics, self.holds(network, pyradiomics))


Rules = dict[str, Rule]

# Both sides count in double precision on the same whole numbers; what is left is the order of summation.
WHOLE: Rules = dict.fromkeys(KEYS, Rule(1e-6, 1e-9))

# The maps of tiles are stored in single precision (6e-8 of a value) and in part summed in it. Entropies are differences
# of sums about ten times as large; of the powers in skewness and kurtosis most cancel. On 360 tiles of noisy, smooth,
# flat, saturated and spiked images no difference took up more than 40 % of what these rules allow.
TILES: Rules = {
    **dict.fromkeys(KEYS, Rule(1e-6, 1e-9)),
    **dict.fromkeys(("glcm_JointEntropy", "lbp_Entropy"), Rule(1e-6, 2e-6)),
    **dict.fromkeys(("firstorder_Skewness", "firstorder_Kurtosis"), Rule(5e-6, 5e-6)),
}
