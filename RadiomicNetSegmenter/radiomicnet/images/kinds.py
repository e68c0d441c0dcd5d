"""Which kind of image file this is, told from what is in it; names lie, and some have no ending."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass
from pathlib import Path

from ..errors import ImageError

READABLE = "PNG, JPEG, TIFF, BMP, WebP, DICOM, NRRD, NIfTI and MetaImage"
SAVED_AGAIN = f"Open it in the program that made it and save it as one of {READABLE}."
HEAD = 1024  # bytes; the farthest signature, NIfTI's, lies at 344
GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Kind:
    """A file format.

    Attributes
    ----------
    name : str
        For messages.
    suffixes : tuple of str
        Endings in lower case.
    reader : str or None
        ITK's reader, None where ITK has none and Pillow reads it.
    picture : bool
        A format of cameras and screens: its resolution, if any, is one for printing and says nothing in millimetres.
    """

    name: str
    suffixes: tuple[str, ...]
    reader: str | None
    picture: bool


PNG = Kind("PNG", (".png",), "PNGImageIO", True)
JPEG = Kind("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif"), "JPEGImageIO", True)
TIFF = Kind("TIFF", (".tif", ".tiff"), "TIFFImageIO", True)
BMP = Kind("BMP", (".bmp",), "BMPImageIO", True)
WEBP = Kind("WebP", (".webp",), None, True)
NRRD = Kind("NRRD", (".nrrd", ".nhdr"), "NrrdImageIO", False)
NIFTI = Kind("NIfTI", (".nii.gz", ".nii"), "NiftiImageIO", False)
META = Kind("MetaImage", (".mha", ".mhd"), "MetaImageIO", False)
DICOM = Kind("DICOM", (".dcm", ".dicom", ".ima"), "GDCMImageIO", False)
KINDS = (PNG, JPEG, TIFF, BMP, WEBP, NRRD, NIFTI, META, DICOM)

SIGNATURES = ((b"\x89PNG\r\n\x1a\n", PNG), (b"\xff\xd8\xff", JPEG), (b"II*\0", TIFF), (b"MM\0*", TIFF),
              (b"II+\0", TIFF), (b"MM\0+", TIFF), (b"BM", BMP), (b"NRRD", NRRD))


def kind_of(path: Path) -> Kind:
    """The format of a file, from its first bytes.

    Raises
    ------
    ImageError
        Where there is no such file, it cannot be opened, is a folder or empty, or holds none of the formats.
    """
    head = first_bytes(path)
    kind = _recognise(head)
    if kind is not None:
        return kind
    named = next((kind for kind in KINDS if path.name.lower().endswith(kind.suffixes)), None)
    if named is DICOM and head[1] == 0:  # old DICOM files start with their first group, without the "DICM" mark
        return DICOM
    if named is not None:
        raise ImageError(f"{path.name} is named like a {named.name} image but holds something else.",
                         "Check the file, or export it again.")
    raise ImageError(f"{path.name} is not an image that RadiomicNet can read.", SAVED_AGAIN)


def stem(path: Path) -> str:
    """The file's name without folder and ending; what results are named after."""
    suffix = next((end for kind in KINDS for end in kind.suffixes if path.name.lower().endswith(end)), "")
    return path.name[:len(path.name) - len(suffix)] or path.name


def first_bytes(path: Path) -> bytes:
    """The first bytes of a file, or of what is packed in it where it is a gzip file.

    Raises
    ------
    ImageError
        Where there is no such file, it cannot be opened, is a folder or empty.
    """
    name = path.name or str(path)
    _check_name(path)
    try:
        if path.is_dir():
            raise ImageError(f"{name} is a folder, not an image.", "Give the image files in it one by one.")
        if path.exists() and not path.is_file():
            raise ImageError(f"{name} is not an ordinary file.", "Give an image file.")
        with path.open("rb") as file:
            head = file.read(HEAD)
    except (FileNotFoundError, ValueError) as error:  # ValueError: a name that no file can have
        raise ImageError(f"There is no file {name}.", "Check the name and the folder.") from error
    except PermissionError as error:
        raise ImageError(f"{name} may not be read by this user.", "Ask for permission to read it.") from error
    except OSError as error:
        raise ImageError(f"{name} cannot be read ({error.strerror}).",
                         "Check the disk or the network it lies on.") from error
    if not head:
        raise ImageError(f"{name} is empty.", "Export or copy it again.")
    return _unpacked(head)


def _check_name(path: Path) -> None:
    """Refuse names whose bytes are no UTF-8, as old archives have them: ITK would end the whole program."""
    try:
        str(path).encode()
    except UnicodeEncodeError as error:
        readable = path.name.encode(errors="replace").decode()
        raise ImageError(f"The name or the folder of {readable} holds characters that are not UTF-8.",
                         "Rename it, and try again.") from error


def _unpacked(head: bytes) -> bytes:
    """The first bytes of what a gzip file holds; other bytes as they are."""
    if head[:2] != GZIP:
        return head
    try:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 16).decompress(head, HEAD) or head
    except zlib.error:
        return head


def _recognise(head: bytes) -> Kind | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[128:132] == b"DICM":
        return DICOM
    if head[344:347] in (b"n+1", b"n+2") or head[4:7] == b"n+2":
        return NIFTI
    if b"NDims" in head and b"=" in head:
        return META
    return next((kind for signature, kind in SIGNATURES if head.startswith(signature)), None)


def check_complete(path: Path, size: int) -> None:
    """Refuse a NIfTI file that ends before its pixels do: ITK would make up the rest.

    Parameters
    ----------
    path : pathlib.Path
    size : int
        Bytes of header and pixels when unpacked.

    Raises
    ------
    ImageError
    """
    try:
        with path.open("rb") as file:
            source = gzip.GzipFile(fileobj=file) if file.peek(2)[:2] == GZIP else file
            there = sum(len(block) for block in iter(lambda: source.read(1 << 20), b""))
    except (EOFError, OSError, zlib.error) as error:
        raise damaged(path, NIFTI) from error
    if there < size:
        raise damaged(path, NIFTI)


def damaged(path: Path, kind: Kind) -> ImageError:
    """The error for a file of a known format that cannot be decoded to its end."""
    if kind is DICOM:
        return ImageError(f"{path.name} holds no picture that can be decoded: it may be a report, compressed in an "
                          "unusual way, or damaged.", "Load it in 3D Slicer, and save the volume as NRRD.")
    return ImageError(f"{path.name} is damaged or incomplete.", "Export or copy it again.")
