"""Words as people typed them, made plain: what is shown is what was written, and nothing hides in it."""

import unicodedata

# Marks that turn the direction of the text after them: a name must not rewrite the line it stands in.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C])


def line(text: str, longest: int) -> str:
    """One line: no control characters, no hidden turns, no halves of characters, blanks joined.

    Nothing, where there is nothing that anybody could see.
    """
    said = " ".join("".join(_shown(mark) for mark in _whole(text)).split())[:longest].strip()
    return said if any(_is_seen(mark) for mark in said) else ""


def lines(text: str) -> str:
    """Several lines, each made plain."""
    return "\n".join(line(each, len(each) * 4) for each in text.splitlines()).strip()


def seen(text: str) -> str:
    """Without the marks that nobody sees: joiners, hidden turns, soft hyphens, what pasting leaves behind."""
    return "".join(mark for mark in text if not is_hidden(mark))


def is_hidden(mark: str) -> bool:
    return unicodedata.category(mark) == "Cf"


def usual_digit(mark: str) -> str:
    """A digit of whatever script as a keyboard has it; any other mark as it is."""
    return str(unicodedata.decimal(mark)) if mark.isdecimal() else mark


def _whole(text: str) -> str:
    return unicodedata.normalize("NFC", text.translate(TURNING))


# Letters and signs by their kind, and blanks to the eye.
BLANK = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def _is_seen(mark: str) -> bool:
    """A joiner or a blank without width has its place between letters, and is nothing by itself."""
    return mark not in BLANK and unicodedata.category(mark)[0] not in "CMZ"


def _shown(mark: str) -> str:
    match unicodedata.category(mark):
        case "Cs":  # no database keeps half a character
            return "\ufffd"
        case "Cc":
            return " "
        case _:
            return mark
