"""Everything RadiomicNet refuses, as typed errors whose text is a sentence for the person at the screen.

The command prints the sentence; the panel shows it in a dialog. Nothing below those two catches these errors.
"""


class RadiomicNetError(Exception):
    """What is wrong and what to do about it.

    Parameters
    ----------
    problem : str
        What is wrong, as a full sentence, without a path of the machine beyond the file's name.
    remedy : str
        What the user can do, as a full sentence; may be empty where nothing can be done.
    """

    def __init__(self, problem: str, remedy: str = "") -> None:
        super().__init__(f"{problem} {remedy}".strip())
        self.problem = problem
        self.remedy = remedy


class ImageError(RadiomicNetError):
    """The image cannot be read or cannot be segmented as it is."""


class ModalityUnclearError(RadiomicNetError):
    """``auto`` cannot tell which model fits; the user has to choose."""


class ModelError(RadiomicNetError):
    """A model is unknown, incomplete or damaged."""


class FeatureError(RadiomicNetError):
    """The 13 features are not defined for this image (nothing left inside the scan, not finite)."""


class OutputError(RadiomicNetError):
    """A result cannot be written; whatever was begun has been taken away again."""


class CohortError(RadiomicNetError):
    """A cohort, or a table of one, is not as it has to be; or those who compute it cannot."""


class TrainingError(RadiomicNetError):
    """A training or an evaluation cannot start from what it was given."""


class Cancelled(Exception):
    """The user asked to stop; not a fault, so not a :class:`RadiomicNetError`."""
