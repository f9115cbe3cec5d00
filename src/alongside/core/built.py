"""What pages need that is built of the sources: styles, collected files, catalogues. Is each of today's?

    python -m alongside.core.built     what is stale, in the order of building: name, stamp, where that goes

`bin/_assets` builds what is named here and leaves the stamp; the settings and `alongside check` ask too.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from alongside.core.languages import CATALOGUES, OF_A_CITY

ROOT = Path(__file__).resolve().parents[3]
VAR: Path = ROOT / "var"  # the data folder where none is named


@dataclass(frozen=True)
class Built:
    """A thing built of sources, beside which a stamp says of which. Sources and results are patterns from the root."""

    sources: tuple[str, ...]
    stamp: str
    results: tuple[str, ...] = ()

    def today(self, root: Path = ROOT) -> str:
        """The stamp it would get if it were built now. By content: an upgrade may bring files with any date."""
        digest = hashlib.sha256()
        for path in self._files(root):
            digest.update(f"{path.relative_to(root)}\0{path.stat().st_size}\0".encode())
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def is_fresh(self, root: Path = ROOT) -> bool:
        stamp = root / self.stamp
        try:
            return all(
                (root / result).is_file() for result in self.results
            ) and stamp.read_text().strip() == self.today(root)
        except FileNotFoundError:  # never built, or a source goes while we look
            return False

    def _files(self, root: Path) -> Iterator[Path]:
        for pattern in self.sources:
            yield from sorted(path for path in root.glob(pattern) if path.is_file() and _is_source(path))


def _is_source(path: Path) -> bool:
    """An editor's own files come and go; those of a package manager, named in full, begin with a dot."""
    return not path.name.endswith("~") and (not path.name.startswith(".") or path.name == ".npmrc")


PACKAGES = Built(
    ("package-lock.json", ".npmrc", "requirements/build.txt"),
    stamp="node_modules/.stamp",
)
STYLES = Built(
    (*PACKAGES.sources, "bin/_assets.mjs", "bin/browsers.json", "src/alongside/*/assets/**/*"),
    stamp="build/static/.stamp",
)
COLLECTED: Built = Built(
    (*STYLES.sources, "requirements/base.txt", "src/alongside/*/static/**/*"),
    stamp="build/collected/.stamp",
    results=("build/collected/staticfiles.json",),
)
WORDS = Built(
    ("src/alongside/locale/*/LC_MESSAGES/django.po",),
    stamp="build/words.stamp",
    results=tuple(
        f"{path.relative_to(ROOT).with_suffix('.mo')}"
        for path in ROOT.glob("src/alongside/locale/*/LC_MESSAGES/django.po")
    ),
)
# A city's own languages lie in its data folder, and so does what is made of them. One that cannot be compiled is told
# of by `alongside check`; it does not come back as stale until it has changed.
OF_THE_CITY = Built((f"{OF_A_CITY}/{CATALOGUES}",), stamp=f"{OF_A_CITY}/.stamp")
IN_ORDER = {"packages": PACKAGES, "styles": STYLES, "collected": COLLECTED, "words": WORDS}


def stale(data: Path) -> Iterator[tuple[str, str, Path]]:
    """What is to be built: its name, its stamp, and where that goes."""
    for name, built in IN_ORDER.items():
        if not built.is_fresh():
            yield name, built.today(), ROOT / built.stamp
    if (data / OF_A_CITY).is_dir() and not OF_THE_CITY.is_fresh(data):
        yield "city", OF_THE_CITY.today(data), data / OF_THE_CITY.stamp


if __name__ == "__main__":
    folder = Path(os.environ.get("ALONGSIDE_DATA") or VAR).resolve()
    for name, today, stamp in stale(folder):
        sys.stdout.write(f"{name} {today} {stamp}\n")  # bin/_assets reads it
