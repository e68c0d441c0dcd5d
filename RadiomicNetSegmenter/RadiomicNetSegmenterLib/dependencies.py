"""What has to be installed before the first run or the first report page, and asking for it.

Nothing here runs at import or at start-up, and nothing is installed without the user's yes. PyTorch comes through
the PyTorch extension, which picks the build for the machine. PyRadiomics is optional and is never installed from here.
What a person reads of all that is in :mod:`RadiomicNetSegmenterLib.dependenciesPage`.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import logging
from pathlib import Path

import slicer
from slicer.i18n import tr as _

from radiomicnet.errors import RadiomicNetError

TORCH_MINIMUM = "2.2"
PAGE_REQUIREMENTS = Path(__file__).parents[1] / "Resources" / "requirements-page.txt"
REQUESTER = "RadiomicNet"


class DependencyError(RadiomicNetError):
    """Something the segmentation cannot do without is missing."""


def missing(requirementsPath: str | Path) -> list[str]:
    """Requirement lines (torch among them) that this Python does not satisfy; imports none of them."""
    required = [f"torch>={TORCH_MINIMUM}", *_requirementLines(requirementsPath)]
    return [line for line in required if not _satisfied(line)]


def ensure(requirementsPath: str | Path) -> None:
    """Install what is missing, after asking.

    Raises
    ------
    DependencyError
        Where the user declined, the PyTorch extension is not there, or an installation failed.
    """
    if not missing(requirementsPath):
        return
    _ensureTorch()
    _ensurePackages(requirementsPath)
    left = missing(requirementsPath)
    if left:
        raise DependencyError(
            _("RadiomicNet still lacks {packages}.").format(packages=", ".join(left)),
            _("Restart Slicer; if that does not help, install them again."))


def ensurePage() -> None:
    """Install what the report page takes, after asking.

    Raises
    ------
    DependencyError
        Where the user declined, or an installation failed.
    """
    _ensurePackages(PAGE_REQUIREMENTS, _("The report page"),
                    _("Leave the report page out, or install them: see Set-up."))


def installed(name: str) -> str | None:
    """The version of a package that this Python has; imports nothing."""
    return _version(name)


def _ensureTorch() -> None:
    if _satisfied(f"torch>={TORCH_MINIMUM}"):
        return
    installed = _version("torch")
    if installed:
        raise DependencyError(
            _("PyTorch {version} is too old; RadiomicNet needs {minimum} or later.").format(
                version=installed, minimum=TORCH_MINIMUM),
            _("Uninstall it in the PyTorch Utils module, restart Slicer and click Segment again."))
    try:
        import PyTorchUtils
    except ImportError as error:
        raise DependencyError(
            _("PyTorch is not installed, and neither is the extension that installs it."),
            _("Install the extension PyTorch in the Extensions Manager, restart Slicer and try again; Set-up tells "
              "more, also for computers without a network.")) from error
    if slicer.app.testingEnabled():  # the extension would install without asking
        raise DependencyError(_("PyTorch is not installed."), _("Install it in the PyTorch Utils module."))
    try:
        torch = PyTorchUtils.PyTorchUtilsLogic().installTorch(
            askConfirmation=True, torchVersionRequirement=f">={TORCH_MINIMUM}")
    except Exception as error:
        raise _installationFailed("PyTorch", error) from error
    if torch is None:
        raise _declined("PyTorch")


def _ensurePackages(requirementsPath: str | Path, purpose: str = "RadiomicNet", remedy: str = "") -> None:
    wanted = [line for line in _requirementLines(requirementsPath) if not _satisfied(line)]
    if not wanted:
        return
    packages = ", ".join(wanted)
    if slicer.app.testingEnabled():  # dialogs answer yes by themselves there
        raise DependencyError(_("{packages} is not installed.").format(packages=packages), remedy)
    question = _("{purpose} needs {packages}, from PyPI. Install it into Slicer's Python now?").format(
        purpose=purpose, packages=packages)
    if not slicer.util.confirmOkCancelDisplay(question, windowTitle=REQUESTER):
        raise _declined(packages, remedy)
    try:
        _install(requirementsPath, wanted)
    except Exception as error:
        raise _installationFailed(packages, error) from error


def _install(requirementsPath: str | Path, wanted: list[str]) -> None:
    try:
        from slicer import packaging  # from Slicer 5.12 on
    except ImportError:
        slicer.util.pip_install(" ".join(wanted))
        return
    packaging.pip_ensure(packaging.load_requirements(str(requirementsPath)), prompt_install=False, requester=REQUESTER)


def _declined(what: str, remedy: str = "") -> DependencyError:
    return DependencyError(_("{packages} was not installed.").format(packages=what),
                           remedy or _("Without it nothing can be segmented; click Segment again to install it."))


def _installationFailed(what: str, error: Exception) -> DependencyError:
    logging.error("Installing %s failed: %s", what, error)
    return DependencyError(_("Installing {packages} failed ({reason}).").format(packages=what, reason=error),
                           _("Check the network connection and the Python console, then try again; Set-up tells how to "
                             "do without a network."))


def _requirementLines(path: str | Path) -> list[str]:
    lines = (line.partition("#")[0].strip() for line in Path(path).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line]


def _satisfied(requirement: str) -> bool:
    """Whether a ``name>=version`` line holds."""
    name, _separator, minimum = requirement.partition(">=")
    installed = _version(name.strip())
    return installed is not None and _release(installed) >= _release(minimum)


def _version(name: str) -> str | None:
    importlib.invalidate_caches()  # a package installed a moment ago must be seen
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _release(version: str) -> tuple[int, ...]:
    """The leading numbers of a version: ``2.2.0+cpu`` -> (2, 2, 0)."""
    numbers = []
    for part in version.strip().split("."):
        digits = part[: len(part) - len(part.lstrip("0123456789"))]
        if not digits:
            break
        numbers.append(int(digits))
    return tuple(numbers)
