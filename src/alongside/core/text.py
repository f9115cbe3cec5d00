"""Words as people typed them, made plain: what is shown is what was written, and nothing hides in it."""

import re
import unicodedata
from itertools import chain

# Marks that turn the direction of the text after them: a name must not rewrite the line it stands in.
TURNING = (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)
# Marks that nobody sees and no script needs: two names would look alike, and a whole sentence can be written in tags.
# Joiners stay: Persian and emoji are written with them.
HIDING = (
    *(0x00AD, 0x180E, 0x200B, 0xFEFF),
    *chain(range(0x2060, 0x2065), range(0x206A, 0x2070), range(0xFFF9, 0xFFFC)),
    *chain(range(0x1BCA0, 0x1BCA4), range(0x1D173, 0x1D17B), range(0xE0000, 0xE0080)),
)
# What Unicode keeps for programs: no feed may hold one.
NO_MARKS = (*range(0xFDD0, 0xFDF0), *(plane << 16 | last for plane in range(17) for last in (0xFFFE, 0xFFFF)))
MENDED: dict[int, str | None] = {
    **dict.fromkeys([*TURNING, *HIDING]),
    **dict.fromkeys(NO_MARKS, "\N{REPLACEMENT CHARACTER}"),
}
# The flags of England, Scotland and Wales are the only words in tags.
FLAG = re.compile("(\N{WAVING BLACK FLAG}[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)")
LARGER = 4  # times at most, that a text grows when its letters are put together


def line(text: str, longest: int) -> str:
    """One line: no control characters, no hidden turns, no halves of characters, blanks joined.

    Nothing, where there is nothing that anybody could see.
    """
    if len(text) <= longest and _is_plain(text):
        return text
    said = " ".join("".join(_shown(mark) for mark in _whole(text)).split())[:longest].strip()
    return said if any(_is_seen(mark) for mark in said) else ""


def whole_line(text: str) -> str:
    """One line of whatever length."""
    return line(text, len(text) * LARGER)


def begun_large(sentence: str) -> str:
    """With a capital, as on a page, what the command line says after a colon; the name of a file stays as it is."""
    first, _blank, _rest = sentence.partition(" ")
    is_a_name = any(mark in first.rstrip(".,:") for mark in "./_")
    return sentence if is_a_name else sentence[:1].upper() + sentence[1:]


def lines(text: str) -> str:
    """Several lines, each made plain."""
    return "\n".join(map(whole_line, text.splitlines())).strip()


def plain_lines(text: str) -> str:
    """As it was written, blanks and all, line by line, without what no feed, calendar or database takes."""
    if text.replace("\n", "").isprintable() and unicodedata.is_normalized("NFC", text):
        return text
    return "\n".join("".join(map(_shown, _whole(each))) for each in text.splitlines())


def seen(text: str) -> str:
    """Without the marks that nobody sees: joiners, hidden turns, soft hyphens, what pasting leaves behind."""
    return "".join(mark for mark in text if not is_hidden(mark))


def is_hidden(mark: str) -> bool:
    return unicodedata.category(mark) == "Cf"


def number_in(text: str) -> int | None:
    """A number that one of our pages sends back: plain digits, as few as a database takes. Else none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else None


def usual_digit(mark: str) -> str:
    """A digit of whatever script as a keyboard has it; any other mark as it is."""
    return str(unicodedata.decimal(mark)) if mark.isdecimal() else mark


def _is_plain(text: str) -> bool:
    """Most are, and seen to be so at a glance: printable, with single blanks between what can be read."""
    if not text.isprintable() or "  " in text or text != text.strip():
        return False
    return text.isascii() or (
        unicodedata.is_normalized("NFC", text)
        and BLANK.isdisjoint(text)
        and any(mark.isalnum() for mark in text)
    )


def _whole(text: str) -> str:
    parts = FLAG.split(text)  # every second one is a flag
    parts[::2] = [part.translate(MENDED) for part in parts[::2]]
    return unicodedata.normalize("NFC", "".join(parts))


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
