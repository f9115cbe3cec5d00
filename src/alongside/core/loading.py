"""Templates as they are sent: indentation is for those who read the file, and a phone need not pay for it."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import app_directories

INDENTATION = re.compile(r"(?<=\n)[ \t]+")  # the lines themselves stay, so that an error names the right one


class Loader(app_directories.Loader):
    """Every room's templates; pages without their indentation, mail as it is written.

    A browser reads a line's end, and a line's end with spaces after it, as the same one space. What a `<pre>` or a
    `<textarea>` holds comes from variables, which no loader sees.
    """

    def get_contents(self, origin: Origin) -> str:
        contents = super().get_contents(origin)
        return INDENTATION.sub("", contents) if str(origin.name).endswith(".html") else contents
