"""Make the virtual environment that every command of the Makefile runs in.

    python3 tools/setup.py          make it where it is missing, unfinished or older than the pins
    python3 tools/setup.py --again  make it anew

What is required is installed first; without it set-up ends with a sentence. The rest is optional: what cannot be
installed is written down with the reason, and the tests that need it skip. Runs on any Python 3.6 or later, so that
one that is too old or too new can say so or hand over to one that fits.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
RECORD = os.path.join(VENV, "setup.json")
LOG = os.path.join(VENV, "setup.log")
CONSTRAINTS = os.path.join(ROOT, "constraints.txt")
REQUIREMENTS = os.path.join(ROOT, "requirements")
PYTHONS = ((3, 11), (3, 12), (3, 13))

# (name, requirement files in order, what it is for, statement that works once it is there)
OPTIONAL = (
    ("PyRadiomics", ("pyradiomics-build", "pyradiomics"), "check the features against PyRadiomics",
     "from radiomics import featureextractor, cMatrices"),
    ("DICOM decoders", ("dicom",), "decode JPEG 2000 and JPEG-LS as pydicom does", "import openjpeg, jpeg_ls"),
    ("PyAV", ("video",), "read video files", "import av"),
    ("highdicom", ("exports",), "write DICOM SEG, and check COCO files", "import highdicom, pycocotools"),
    ("dcmqi", ("dcmqi",), "read DICOM SEG with another reader", "import dcmqi"),
    ("tables and clusters", ("cohort", "combat"), "write Parquet, compute on a Dask cluster, and harmonise (ComBat)",
     "import pyarrow.parquet, distributed; import neuroHarmonize"),
    ("slicer-core", ("mrml",), "test the data model and the slice views",
     "import slicer; from trame_slicer.core import SlicerApp"),
    ("PySide6", ("panel",), "test the panel in real Qt", "from PySide6 import QtWidgets"),
    ("MkDocs", ("docs",), "build the documentation", "import mkdocs"),
)


def main(again):
    """Make the environment where it is needed, and say what it lacks."""
    record = read_record()
    if again or record is None or record["pins"] != pins() or not runs(VENV_PYTHON, "pass"):
        hand_over_if_unfit()
        record = make()
    for name, reason in sorted(record["missing"].items()):
        print("Not installed: %s. %s" % (name, reason))
    if record["missing"]:
        print("The tests that need these skip. `make setup` tries again.")


def make():
    """Install everything into a new environment; its record is written last, so a broken-off one is made anew."""
    say("Setting up .venv with Python %d.%d; this happens once and takes some minutes." % sys.version_info[:2])
    try:
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    except subprocess.CalledProcessError:
        sys.exit("This Python cannot make virtual environments. On Debian and Ubuntu, install python3-venv.")
    reason = install("required")
    if reason:
        sys.exit("What RadiomicNet requires could not be installed: %s\n"
                 "Check the network connection and .venv/setup.log, then run make again." % reason)
    missing = {}
    for name, files, purpose, statement in OPTIONAL:
        say("Installing %s, to %s ..." % (name, purpose))
        reason = next(filter(None, map(install, files)), None) or why_not(statement)
        if reason:
            missing[name] = reason
    put_on_path()
    record = {"pins": pins(), "missing": missing}
    with open(RECORD, "w", encoding="utf-8") as file:
        json.dump(record, file, indent=2)
    say("Set up.")
    return record


def install(requirements):
    """Install one requirement file; None, or the reason why not."""
    command = [VENV_PYTHON, "-m", "pip", "install", "--disable-pip-version-check", "--constraint", CONSTRAINTS,
               "--requirement", os.path.join(REQUIREMENTS, requirements + ".txt")]
    if requirements == "pyradiomics":
        command += ["--no-build-isolation"]
    if requirements == "combat":
        command += ["--no-deps"]
    if os.environ.get("TORCH_INDEX"):
        command += ["--extra-index-url", os.environ["TORCH_INDEX"]]
    error = ""
    with open(LOG, "a", encoding="utf-8") as log:
        pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=clean_environment(),
                               universal_newlines=True, errors="replace")
        for line in pip.stdout:
            log.write(line)
            if line.lstrip().startswith("Downloading") and " MB)" in line:
                say("  " + line.strip())
            cause = re.match(r"\s*error: (?!subprocess-exited)(.*)", line, flags=re.IGNORECASE)
            error = error or (cause.group(1).strip() if cause else "")
    return None if pip.wait() == 0 else error or "pip ended with %d." % pip.returncode


def why_not(statement):
    """None where the statement runs in the environment, else the last line of what went wrong."""
    result = subprocess.run([VENV_PYTHON, "-c", statement], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                            env=clean_environment(), universal_newlines=True, errors="replace")
    lines = result.stdout.strip().splitlines() or ["It was installed but ends with %d." % result.returncode]
    return None if result.returncode == 0 else lines[-1]


def put_on_path():
    """Let the environment find the package where it lies; relative, so that the folder may be moved."""
    site = subprocess.run([VENV_PYTHON, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], check=True,
                          stdout=subprocess.PIPE, universal_newlines=True).stdout.strip()
    with open(os.path.join(site, "radiomicnet.pth"), "w", encoding="utf-8") as file:
        file.write(os.path.relpath(os.path.join(ROOT, "RadiomicNetSegmenter"), os.path.realpath(site)) + "\n")


def hand_over_if_unfit():
    """Run this script again with a Python that fits, where this one does not."""
    if sys.version_info[:2] in PYTHONS:
        return
    for name in ("python%d.%d" % version for version in PYTHONS):
        if shutil.which(name) and runs(name, "import venv"):
            sys.exit(subprocess.call([name] + sys.argv))
    sys.exit("RadiomicNet needs Python 3.11, 3.12 or 3.13 and this is %d.%d. Install one of them, or name it: "
             "make PYTHON=/path/to/python3.12" % sys.version_info[:2])


def runs(python, statement):
    """Whether an interpreter is there and can do this."""
    try:
        return subprocess.call([python, "-c", statement], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


def read_record():
    """What an earlier set-up that came to its end wrote down, else None."""
    try:
        with open(RECORD, encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def pins():
    """A hash of what decides what is installed; comments do not."""
    text = []
    for path in [CONSTRAINTS] + sorted(os.path.join(REQUIREMENTS, name) for name in os.listdir(REQUIREMENTS)):
        with open(path, encoding="utf-8") as file:
            text += [re.sub("#.*", "", line).strip() for line in file]
    return hashlib.sha256("\n".join(filter(None, text)).encode()).hexdigest()


def clean_environment():
    """This process's environment without what would let other packages in."""
    return {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "PYTHONHOME")}


def say(text):
    """Print at once, also into a pipe."""
    print(text, flush=True)


if __name__ == "__main__":
    try:
        main("--again" in sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit("Set-up was broken off; the next make begins it again.")
