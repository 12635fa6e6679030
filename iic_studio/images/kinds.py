"""Which kinds of image files there are, by name (for `scan`) and by content (for `decode`).

Names only decide which files are looked at. What a file is, is told from its first bytes, so that a PNG named .jpg is read; camera RAW
is the exception, because most of it looks like TIFF.
"""

COMMON_SUFFIXES = frozenset(
    (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".avif", ".bmp", ".dib", ".gif", ".tif", ".tiff", ".heic", ".heif", ".hif")
)
RAW_SUFFIXES = frozenset((".dng", ".cr2", ".cr3", ".nef", ".arw", ".orf", ".rw2", ".raf", ".pef", ".srw"))
SUFFIXES = COMMON_SUFFIXES | RAW_SUFFIXES

HEAD_BYTES = 64
# Decoded by large native libraries that have crashed before: in child processes only.
CHILD_ONLY = frozenset({"HEIF", "RAW"})

_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_RAW_STARTS = (b"FUJIFILMCCD-RAW", b"IIRO", b"IIRS", b"MMOR", b"IIU\0")
_DIB_START = b"\x28\0\0\0"
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})


def kind_of(head: bytes, suffix: str) -> str | None:
    """Kind of a file: "JPEG", "PNG", "GIF", "BMP", "DIB", "WEBP", "AVIF", "TIFF" as Pillow calls them, "HEIF", "RAW", or None.

    Args:
        head: its first `HEAD_BYTES` bytes.
        suffix: lower case, with the dot.
    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(_TIFF_STARTS):
        return "RAW" if suffix in RAW_SUFFIXES or head[8:10] == b"CR" else "TIFF"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    if head[4:8] == b"ftyp":
        return _kind_of_container(head)
    if head.startswith(_RAW_STARTS) or suffix in RAW_SUFFIXES:
        return "RAW"
    if head.startswith(b"BM"):
        return "BMP"
    return "DIB" if suffix == ".dib" and head.startswith(_DIB_START) else None


def _kind_of_container(head: bytes) -> str | None:
    """AVIF, HEIF and Canon's CR3 share one container; its brands tell them apart."""
    size = int.from_bytes(head[:4], "big")
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(size, len(head)), 4))}
    if b"crx " in brands:
        return "RAW"
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else None
