"""Words as people typed them, made plain: what is shown is what was written, and nothing hides in it."""

import unicodedata

# Marks that turn the direction of the text after them: a name must not rewrite the line it stands in.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def line(text: str, longest: int) -> str:
    """One line: no control characters, no hidden turns, no halves of characters, blanks joined."""
    return " ".join("".join(_shown(mark) for mark in _whole(text)).split())[:longest].strip()


def lines(text: str) -> str:
    """Several lines, each made plain."""
    return "\n".join(line(each, len(each) * 4) for each in text.splitlines()).strip()


def _whole(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(TURNING))


def _shown(mark: str) -> str:
    match unicodedata.category(mark):
        case "Cs":  # no database keeps half a character
            return "\ufffd"
        case "Cc":
            return " "
        case _:
            return mark
