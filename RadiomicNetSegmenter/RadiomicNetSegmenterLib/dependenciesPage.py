"""What RadiomicNet needs, as a page to read: what for, how large, where from, and how without a network."""

from __future__ import annotations

from dataclasses import dataclass

from slicer.i18n import tr as _

from . import dependencies

PYTHON = "3.12"  # of the released Slicer


@dataclass(frozen=True)
class Need:
    """One thing that has to be there, for everything (``required``) or for a part.

    ``packages`` are the names that Python knows it by, all of them needed or one (``alternatives``); ``size`` is what
    it takes on the disk.
    """

    title: str
    packages: tuple[str, ...]
    why: str
    size: str
    source: str
    required: bool
    alternatives: bool = False


def needs() -> tuple[Need, ...]:
    """In the order of their weight; sizes as measured on Linux."""
    return (
        Need("PyTorch", ("torch",), _("runs the network"),
             _("about 0.8 GB for the processor, several GB with support for NVIDIA cards"),
             _("the extension <b>PyTorch</b> (Extensions Manager), which picks the build for this computer; "
               "version {minimum} or later").format(minimum=dependencies.TORCH_MINIMUM), True),
        Need("safetensors", ("safetensors",), _("reads the models' weights"), _("1.4 MB"),
             _("PyPI, after a question at the first run"), True),
        Need("PyRadiomics", ("pyradiomics", "pyradiomics-bhklab"),
             _("computes the features a second time, as a check, and more of them inside the outline; everything "
               "else works without it"), _("1 MB, with PyWavelets and scikit-image 43 MB"),
             _("the extension <b>Radiomics</b>, or a wheel: <code>pip_install('pyradiomics-bhklab')</code> in the "
               "Python console"), False, alternatives=True),
        Need(_("Report page"), ("jinja2", "pillow", "contourpy"),
             _("Jinja2, Pillow and contourpy write it"), _("10 MB"),
             _("the first two come with PyTorch; else PyPI, after a question at the first page"), False),
    )


def page() -> str:
    """The page as HTML that a QLabel shows; the steps without a network only where something is missing."""
    rows = "".join(_row(need) for need in needs())
    return rows if all(map(_version, needs())) else f"{rows}{_offline()}"


def complete() -> bool:
    """Whether everything that a run takes is there."""
    return all(_version(need) for need in needs() if need.required)


def _row(need: Need) -> str:
    version = _version(need)
    if version:
        return f"<div>✓ <b>{need.title}</b> {version}: {need.why}</div>"
    state = _("missing, and needed") if need.required else _("not installed, optional")
    size, source = _("Size: {size}.").format(size=need.size), _("From: {source}.").format(source=need.source)
    return f"<p>{'✗' if need.required else '–'} <b>{need.title}</b> ({state}): {need.why}. {size} {source}</p>"


def _version(need: Need) -> str:
    """Of what is installed, empty where it is not. Of several packages all must be there, of alternatives one."""
    versions = [dependencies.installed(name) for name in need.packages]
    if need.alternatives:
        return next((version for version in versions if version), "")
    return " / ".join(versions) if all(versions) else ""


def _offline() -> str:
    """The steps where this computer has no network."""
    download = (f"pip download torch torchvision safetensors contourpy --dest wheels --only-binary :all: "
                f"--python-version {PYTHON} --platform win_amd64")
    install = "slicer.util.pip_install('--no-index --find-links C:/wheels torch torchvision safetensors contourpy')"
    steps = (
        _("On a computer with a network, download the wheels: {command}. For Linux the platform is "
          "manylinux_2_28_x86_64, for Apple macosx_11_0_arm64; for the processor only, add --index-url "
          "https://download.pytorch.org/whl/cpu and take safetensors and contourpy without it.").format(
            command=f"<code>{download}</code>"),
        _("Carry the folder over, and in Slicer's Python console: {command}").format(command=f"<code>{install}</code>"),
        _("The Radiomics extension: download its package from the extension's page, and <i>Install from file</i> in "
          "the Extensions Manager."),
        _("Restart Slicer. The models come with RadiomicNet; nothing else is downloaded, ever."),
    )
    return f"<p><b>{_('Without a network')}</b></p><ol>{''.join(f'<li>{step}</li>' for step in steps)}</ol>"
