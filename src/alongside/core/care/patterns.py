"""Signs in a text that it should not be kept as it is: one list, read by the phone and by the server alike.

The phone warns before anything is sent; the server holds what comes all the same until a person has looked.
Every expression means the same in Python and in JavaScript: no lookbehind, no named groups, digits as [0-9].
They are signs, not proofs: a hold costs a look, a miss is still read by a person before anything is published.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alongside.core import languages
from alongside.core.text import BLANK, is_hidden, seen, usual_digit

CJI, OFFICER, CRIME, WARN_ONLY = "cji", "officer", "crime", ""
MASK = "[…]"


@dataclass(frozen=True)
class Sign:
    """One thing to look for. `hold` is what the server does about it; empty where a warning is enough."""

    name: str
    hold: str
    regex: str
    why: Promise  # in the language of whoever reads
    any_case: bool = True
    not_for: tuple[str, ...] = ()  # kinds of notes in which it means no harm

    @cached_property
    def expression(self) -> re.Pattern[str]:
        return re.compile(self.regex, re.IGNORECASE if self.any_case else 0)

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.name,
            "hold": self.hold,
            "regex": self.regex,
            "flags": "i" if self.any_case else "",
            "not_for": list(self.not_for),
            "why": languages.in_each(self.why),
        }


PLATE_WORD = r"(?:plates?|tags?|placas?|matriculas?|tablillas?)"
# Three to eight letters and digits, one digit at least, and no “5th”.
PLATE = (
    r"(?![0-9]+(?:st|nd|rd|th)\b)(?=[A-Z0-9 ._*/-]{0,7}[0-9])"
    r"(?:[A-Z]{1,3}[-. _*/]{0,2}[0-9]{2,5}[A-Z]?|"
    r"[A-Z][0-9][A-Z][ -]?[0-9]{2,3}|[0-9]{1,4}[-. _*/]?[A-Z]{2,3}[ -]?[0-9]{0,4}|[0-9]{4,7}|"
    r"(?:[A-Z0-9][-. _*/]{1,2}){4,7}[A-Z0-9]\b)"
)
MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|enero|febrero|marzo|abril|mayo|junio|julio|"
    r"agosto|septiembre|octubre|noviembre|diciembre)[a-z]*\.?"
)
DAY = (
    r"(?:[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})\b"
    rf"|{MONTH}\s+[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s+[0-9]{{4}}"
    rf"|[0-9]{{1,2}}\s+(?:de\s+)?{MONTH}\s+(?:de\s+|del\s+)?[0-9]{{4}})"
)
# Seven digits and more, said as words: “five oh two, five fifty-five, oh one thirty-four”, some of them as digits.
NUMBER_WORD = (
    r"(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|(?:double|triple)\s+[a-z]{2,5}|ten|eleven|twelve|"
    r"[a-z]{3,5}teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty|hundred|"
    r"cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci[a-z]{3,6}|"
    r"veint[a-z]{1,8}|(?:trei|cuare|cincue|sese|sete|oche|nove)nta|ciento|quinientos|[a-z]{3,6}cientos)"
)
DIGIT_WORD = rf"(?:{NUMBER_WORD}|[0-9]{{1,4}})"
NEXT = r"[-,. ]{1,3}(?:(?:y|and) )?"
# A number that is somebody's, beside the word for it: a city's own seven digits are told from a count by this alone.
ONES_OWN = r"(?:call|phone|cell|text|number|reach|telefono|numero|celular|movil|llame(?:me|nos|la|lo)?|marque|cel|tel)"
APART = r"[-. /_~*|=:,'’]{0,3}"
STREET_END = (
    r"(?:st|street|ave?|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl|place|way|pkwy|parkway|"
    r"ter|terrace|cir|circle|pike|hwy|highway|alley|row|loop|trail)"
)

SIGNS = (
    Sign(
        "plate",
        CJI,
        rf"\b(?:licen[sc]e\s+)?{PLATE_WORD}\b(?:\s+(?:is|was|are|es|era|number|numero|no|num|num|de|del|carro|auto|on|the|car))*"
        rf"\.?\s*[:#]?\s*{PLATE}\b"
        rf"|\b{PLATE_WORD}\b[^\n.]{{0,40}}?\b{NUMBER_WORD}(?:{NEXT}{NUMBER_WORD}){{2,}}\b",
        _("This looks like a license plate. Leave it out: say “a car” instead."),
    ),
    Sign(
        "plate-alone",
        CJI,
        r"\b(?!(?:APT|BUS|RTE|HWY|ZIP|LOT|POD|STE|MLK|TTY|FAX|RM|USA|COVID)\b)"
        r"[A-Z]{3}[ -]?[0-9]{3,4}\b(?!\s+(?:block|St|Ave|Street))"
        r"|\b(?=[A-Z -]{0,4}[0-9])[A-Z0-9]{2,4}[ -]?[A-Z0-9]{1,4}\b,?\s+(?:(?:that|this|it|is|was|were|on|the|"
        r"his|her|their|its|a|license|licence|number|es|era|fue|la|el|su|de|numero|esa|ese|en)\s+){1,5}(?:plates?|placas?|matriculas?|tablillas?)\b"
        r"|\b[0-9][A-Z]{3}[0-9]{3}\b|\b[0-9]{3}[ -](?!(?:MPH|LBS|KMH|USD|VFW|EMS|ADA|LED|AND|THE)\b)[A-Z]{3}\b",
        _("This looks like a license plate. Leave it out: say “a car” instead."),
        any_case=False,
    ),
    Sign(
        "social-security",
        CJI,
        r"\b[0-9]{3}[-. _/]{1,3}[0-9]{2}[-. _/]{1,3}[0-9]{4}\b"
        r"|\b(?:ssn|social\s+security|social|seguro\s+social)\b[^\n]{0,20}?[0-9]{4,9}\b",
        _("This looks like a Social Security number. Leave it out."),
    ),
    Sign(
        "license-or-id",
        CJI,
        r"\b(?:driver.?s?.?\s+licen[sc]e|licen[sc]e\s+(?:number|no)|DL|ID\s+(?:number|no|card)|ID|passport|ITIN|CURP|"
        r"licencia|identificacion|cedula|pasaporte|matricula\s+consular)\b[^\n0-9]{0,20}?"
        r"\b[A-Z]{0,4}[ -]?[0-9](?:[A-Z0-9]|-(?=[A-Z0-9])){4,17}\b",
        _("This looks like the number of somebody’s license or ID. Leave it out."),
    ),
    Sign(
        "birth-date",
        CJI,
        rf"\b(?:d\.?o\.?b\b\.?|date\s+of\s+birth|born|birth\s?da(?:y|te)|nacio|nacid[oa]|nacimiento|cumpleanos)"
        rf"[^\n0-9]{{0,20}}?{DAY}"
        r"|\b[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:19[0-9]{2}|200[0-9])\b",
        _("This looks like a date of birth. Leave it out."),
    ),
    Sign(
        "case-number",
        CJI,
        r"\b(?:case|incident|police\s+report|report|citation|ticket|docket|warrant|booking|inmate|caso|expediente|denuncia|"
        r"reporte|multa|citacion)\s*(?:number|no|num|numero|num|#|n[.o°]+)?\.?\s*(?:is|es|was)?\s*[:#]?\s*"
        r"(?:[A-Z]{1,4}[ -]?)?(?:[0-9]{2,4}-[A-Z0-9-]{3,14}|[0-9]{6,14})\b"
        r"|\b[0-9]{2}-(?:CR|CI|M|F|T|D|J)-[0-9]{3,7}\b",
        _("This looks like a case or report number. Leave it out."),
    ),
    Sign(
        "warrant",
        CJI,
        r"\b(?:an?|the|no|any|open|active|outstanding|arrest|bench|search|has|have|had|with|got|his|her|their|my|two|three)"
        r"\s+warrants?\b(?!\s+(?:officer|unit)s?\b)|\bwarrants?\s+(?:out|for\s+(?:his|her|my|their|the|an?)\b)"
        r"|\borden(?:es)?\s+(?:judicial(?:es)?|de\s+(?:arresto|aprehension|captura|cateo|detencion))",
        _("This speaks of a warrant. Leave it out."),
    ),
    Sign(
        "criminal-history",
        CJI,
        r"\b(?:criminal\s+(?:record|history|background)|rap\s+sheet|prior\s+(?:arrests?|convictions?)|on\s+(?:probation|parole)"
        r"|NCIC|convicted\s+(?:of|felon)|sex\s+offender|wanted\s+(?:by\s+(?:the\s+)?(?:police|law|feds|fbi)|for\s+(?:murder|robbery|assault|questioning))"
        r"|antecedentes\s+penales|historial\s+(?:criminal|delictivo)|libertad\s+condicional"
        r"|buscad[oa]\s+por\s+la\s+policia|(?:la|lo)\s+busca\s+la\s+policia)\b",
        _("This speaks of somebody’s police record. Leave it out."),
    ),
    Sign(
        "phone-number",
        CJI,
        rf"(?:\+?1[-. /]?)?(?:\(\s?[2-9][0-9]{{2}}\s?\)|\b[2-9][0-9]{{2}}){APART}[0-9]{{3}}{APART}[0-9]{{4}}\b"
        r"|\b[2-9][0-9o]{2}[-. /]{1,3}[0-9o]{3}[-. /]{1,3}[0-9o]{4}\b"
        rf"|\b{ONES_OWN}\b[^\n0-9]{{0,14}}[2-9][0-9]{{2}}[-. /]{{0,3}}[0-9]{{4}}\b"
        r"|\b[2-9][0-9]{2}[-. /]{1,3}[0-9]{4}\b,?\s+(?:is|es)\s+(?:my|his|her|their|the|mi|su|el)\s+"
        r"(?:phone|cell|number|telefono|numero|celular)\b"
        # As other countries write theirs, one digit at a time, and in words.
        r"|(?:\+|\b(?:00|011)[-. ]?)[1-9][0-9]{0,2}(?:[-. /()]{0,3}[0-9]){7,12}\b"
        r"|\b[2-9](?:[-. ][0-9]){9}\b"
        r"|\b[2-9][0-9]{2}(?:[-. ][0-9]{2}){2}[-. ][0-9]{3}\b|\b[0-9]{2}(?:[-. ][0-9]{2}){4}\b"
        r"|\b[0-9]{2}[- ][0-9]{4}[- ][0-9]{4}\b"
        rf"|\b(?=(?:[0-9]{{1,4}}{NEXT}){{0,6}}{NUMBER_WORD}\b){DIGIT_WORD}(?:{NEXT}{DIGIT_WORD}){{6,}}\b"
        rf"|\b[2-9][0-9]{{2}}(?:{NEXT}{NUMBER_WORD}){{3,}}\b",
        _("This looks like a phone number. Leave it out here."),
    ),
    Sign(
        "e-mail",
        CJI,
        r"[A-Z0-9._%+-]{1,64}@[A-Z0-9-]{1,63}(?:\.[A-Z0-9-]{2,63})+"
        r"|\b[A-Z0-9._-]{2,64}\s?@\s?[A-Z0-9-]{2,63}\s?\.\s?(?:com|org|net|edu|gov|info|us|mx)\b"
        r"|\b[A-Z0-9._-]{2,64}\s?[(\[]\s?(?:at|arroba)\s?[)\]]\s?[A-Z0-9-]{2,63}\s?(?:\.|[(\[]?\s?(?:dot|punto)\b)"
        r"|\b[A-Z0-9._-]{2,64}\s(?:at|arroba)\s[A-Z0-9-]{2,63}\s(?:dot|punto)\s[a-z]{2,4}\b",
        _("This looks like an e-mail address. Leave it out here."),
    ),
    Sign(
        "officer-by-name",
        OFFICER,
        r"\b(?:[Oo]fficers?|[Oo]fc\.|[Dd]eputy|[Ss]ergeant|[Ss]gt\.?|[Dd]etective|[Dd]et\.|[Ll]ieutenant|[Ll]t\.|[Cc]aptain|[Cc]apt\.|"
        r"[Tt]rooper|[Cc]orporal|[Mm]ajor|[Oo]ficial|[Aa]gente|[Ss]argento|[Tt]eniente|[Cc]apitan|[Dd]etective|"
        r"[Cc]omandante|[Pp]olicia)\s+"
        r"(?!(?:Department|Dept|Training|Friendly|Station|Academy|League|The|They|He|She|It|Is|Was|Who|In|On|At|And|We|I|Should|"
        r"Never|Always|Came|Said|Municipal|Estatal|Local|Metropolitana|Nacional|De|Del|Que|Nos|Me)\b)"
        r"(?:[A-Z]\.\s*)?[A-Z][a-z’'-]+",
        _("This names an officer. If it is a complaint, it does not belong here: it has a way of its own."),
        any_case=False,
        not_for=("thanks",),
    ),
    Sign(
        "badge",
        OFFICER,
        r"\b(?:badge|shield|placa|insignia|car|cruiser|patrulla)\s*(?:number|no\b\.?|num\b\.?|numero|#)\s*(?:is|es|was)?\s*[:#]?\s*[0-9]{2,6}\b"
        r"|\bbadge\s+[0-9]{2,6}\b|\b(?:unit|squad|unidad)\s*(?:car\s*)?(?:number|no\b\.?|numero|#)\s*[0-9]{3,6}\b",
        _("This tells one officer from the others. If it is a complaint, it does not belong here."),
        not_for=("thanks",),
    ),
    Sign(
        "drugs-or-guns",
        CRIME,
        r"\b(?:sell(?:s|ing)?|sold|deal(?:s|ing|t)?)\s+(?:\w+\s+){0,2}?(?:drugs?|dope|crack|meth|heroin|weed|fentanyl|pills|guns?|cocaine)\b"
        r"|\bdrug\s+(?:deal(?:s|er|ers|ing)?|house)\b"
        r"|\b(?:has|had|have|with|carr(?:y|ies|ying|ied)|pull(?:s|ed)|point(?:s|ed|ing)|wav(?:es|ed|ing)|holding|fir(?:es|ed|ing)|keeps?)\s+"
        r"(?:(?:a|an|his|her|the|their|some)\s+)?(?:\w+\s+){0,1}?(?:guns?|pistols?|rifles?|shotguns?|knife|knives|machete)\b"
        r"|\bshots?\s+(?:were\s+)?fired\b|\bdrive-?by\b|\b(?:shot|shoots|shooting|fired|firing)\s+at\b"
        r"|\b(?:cook(?:s|ing|ed)?|mak(?:es?|ing))\s+(?:meth|drugs|crack)\b|\b(?:sex|human|drug)\s+traffick(?:ing|ers?)\b"
        r"|\bset(?:s|ting)?\s+fire\s+to\b|\bstabbings?\b|\bexposed\s+himself\b"
        r"|\bprostitut\w+|\bpimps?\b|\bextor(?:t|s)ion\w*|\bcobran\s+piso\b"
        r"|\b(?:vend(?:e|en|ia|ian|ia|ian|iendo|ieron))\s+(?:\w+\s+){0,2}?(?:drogas?|crack|cristal|heroina|marihuana|mota|fentanilo|pastillas|armas?)\b"
        r"|\b(?:con|tiene|tienen|tenian?|traian?|trae|saco|apunto|carga(?:ba)?)\s+(?:(?:una?|el|la|su|con)\s+){0,2}(?:arma|pistola|cuchillo|rifle|navaja|escopeta|machete)s?\b"
        r"|\b(?:balacera|tiroteo)s?\b",
        _(
            "This describes a crime. What is written here is no report: it must be told where crimes are reported."
        ),
    ),
    Sign(
        "theft-or-break-in",
        CRIME,
        r"\b(?:stole|stolen|steal(?:s|ing)?|robbed|robbery|robberies|mugged|burglar(?:y|ies|s|ized)?|carjack(?:ed|ing)?"
        r"|snatch(?:ed|es|ing)|hit[- ]and[- ]run)\b"
        r"|\bbr(?:oke|oken|eak(?:s|ing)?)\s+in(?:to)?\b(?!\s+(?:song|tears|laughter|groups?|two|pieces|small))"
        r"|\b(?:me|le|les|nos|se)\s+(?:han\s+|la\s+|lo\s+|las\s+|los\s+)?(?:rob(?:aron|an|ado|aban|o)|asalt(?:aron|an|ado|o))\b"
        r"|\brob(?:aron|an|aban)\s+(?:un|una|el|la|los|las|mi|en|carros?|casas?)\b|\basalt(?:aron|o|os)\b|\bse\s+metieron\s+(?:a|en)\b",
        _(
            "This describes a crime. What is written here is no report: it must be told where crimes are reported."
        ),
    ),
    Sign(
        "violence",
        CRIME,
        r"\b(?:got|was|were|been|is|being|get|gets)\s+(?:almost\s+|nearly\s+)?(?:shot|stabbed|raped|assaulted|beaten(?:\s+up)?|kidnapped|molested|murdered|killed)\b"
        r"|\b(?:shot|stabbed|raped|assaulted|molested|kidnapped|murdered|killed|choked)\s+(?:me|him|her|them|us|my|his|someone|somebody|a|an|the)\b(?!\s+(?:glance|look|hoops|video|film))"
        r"|\b(?:hit|hits|hitting|beat|beats|beating|abus(?:es|ed|ing))\s+(?:up\s+)?(?:me|his|her|their|on\s+her)\s*(?:wife|husband|kids?|child(?:ren)?|girlfriend|boyfriend|mother|son|daughter|up)?\b"
        r"|\bthreaten(?:ed|s|ing)\s+(?:me|him|her|us|them|my|to\s+(?:kill|shoot|hurt|burn|stab))\b"
        r"|\b(?:me|le|lo|la|les|los|nos)\s+(?:han\s+)?(?:dispar(?:aron|o)|viol(?:aron|o)|golpe(?:aron|o|a|an)|apunal(?:aron|o)|secuestr(?:aron|o)|"
        r"amenaz(?:aron|o|a|an)|mat(?:aron|o)|peg(?:aron|o|a|an))\b"
        r"|\b(?:mataron|violaron|apunalaron|secuestraron|dispararon|balearon|balacearon)\b"
        r"|\b(?:golpea|golpean|golpeaba|golpeo|maltrata|abusa|abuso|abusaron)\s+(?:a|de)\s+(?:su|sus|la|una?|los|mi)\b"
        r"|\b(?:grabbed|followed|chased|attacked|beat\s+up|jumped)\s+(?:me|him|her|a\s+(?:girl|boy|woman|man|kid|child)|my\s+\w+)\b",
        _(
            "This describes a crime. What is written here is no report: it must be told where crimes are reported."
        ),
    ),
    Sign(
        "somebodys-name",
        WARN_ONLY,
        r"\b(?:my|his|her|their)\s+name\s+is\b|\b(?:me|se)\s+llam[ao]\b|\b(?:mi|su)\s+nombre\s+es\b",
        _("Leave names out."),
    ),
    Sign(
        "house-number",
        WARN_ONLY,
        rf"\b[0-9]{{1,5}}[A-Z]?\s+(?!(?:block|cuadra|de)\b)(?:(?:[NSEW]|north|south|east|west)\.?\s+)?(?:[A-Z0-9’'.-]+\s+){{1,3}}?{STREET_END}\b(?!\s+block)"
        r"|\b(?:calle|avenida|av|avda)\.?\s+[A-Z’' .-]{2,30}?,?\s+(?:#\s*|numero\s+)?[0-9]{2,5}\b",
        _("A house number can tell who spoke. The block is enough: it is rounded when it is sent."),
    ),
)


def plain(text: str) -> str:
    """The one form in which signs are looked for: no accents; digits, dashes, dots and blanks as a keyboard has them.

    Telephones and word processors put in dashes of their own, and marks that nobody sees. JavaScript's word
    boundaries know no accents, so the expressions have none. A browser does the same (core/assets/care/signs.js).
    """
    return _with_places(text)[0]


def _with_places(text: str) -> tuple[str, list[int]]:
    """The plain text, and where in the text as it was typed each of its marks stands."""
    marks = [(_plain(mark), at) for at, mark in enumerate(text) if not _is_nothing(mark)]
    return "".join(mark for mark, _at in marks), [at for _mark, at in marks]


def _is_nothing(mark: str) -> bool:
    """What nobody sees, and strokes, rings and accents on the mark before."""
    return is_hidden(mark) or unicodedata.category(mark)[0] == "M"


DOTS = frozenset("·•∙⋅․‧。・")
DASHES = frozenset("−⁃")  # a minus sign and a bullet: no dashes by their kind
SLASHES = frozenset("⁄∕")
# Letters of other scripts that nobody can tell from ours, small ones as far as addresses are written with them.
ALIKE = str.maketrans(
    "АВЕКМНОРСТУХІЈЅаеорсухіјѕ" + "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧο", "ABEKMHOPCTYXIJSaeopcyxijs" + "ABEZHIKMNOPTYXo"
)


def _plain(mark: str) -> str:
    if mark.isascii():
        return " " if mark == "\t" else mark
    bare = unicodedata.normalize("NFKD", mark)
    if len(bare) == 1 or all(unicodedata.combining(each) for each in bare[1:]):
        mark = bare[0]
    category = unicodedata.category(mark)
    if category == "Pd" or mark in DASHES:
        return "-"
    if category == "Zs" or mark in BLANK:
        return " "
    if mark in SLASHES:
        return "/"
    return "." if mark in DOTS else usual_digit(mark).translate(ALIKE)


def in_usual_digits(text: str) -> str:
    """The same words, their digits as a keyboard has them, and without marks that nobody sees."""
    return "".join(map(usual_digit, seen(text)))


def seen_in(text: str, *, kind: str = "") -> list[Sign]:
    """The signs that a text shows, for a note of this kind."""
    usual = plain(unicodedata.normalize("NFC", text))
    return [sign for sign in SIGNS if kind not in sign.not_for and sign.expression.search(usual)]


def masked(text: str) -> str:
    """The text without what looks like an identifier or a record."""
    text = unicodedata.normalize("NFC", text)
    usual, places = _with_places(text)
    spans = [match.span() for sign in SIGNS if sign.hold == CJI for match in sign.expression.finditer(usual)]
    for start, end in reversed(_joined(spans)):
        text = text[: places[start]] + MASK + text[places[end - 1] + 1 :]
    return text


# Whatever else is no reason to hold anything back may still tell who somebody is.
TELLS_WHO = frozenset({"somebodys-name", "house-number"})
# What follows “my name is”: a word or two.
NAME_AFTER = re.compile(r"\s+[^\W\d_][\w’'-]*(?:\s+[^\W\d_a-z][\w’'-]*)?")


def found_in(text: str) -> list[tuple[int, int]]:
    """From where to where a text (NFC) tells who somebody is, or holds what looks like an identifier or a record."""
    usual, places = _with_places(text)
    spans = []
    for sign in SIGNS:
        if sign.hold == CJI or sign.name in TELLS_WHO:
            spans += [_with_name(match, usual, sign.name) for match in sign.expression.finditer(usual)]
    return [(places[start], places[end - 1] + 1) for start, end in _joined(spans)]


def _with_name(match: re.Match[str], usual: str, sign: str) -> tuple[int, int]:
    start, end = match.span()
    after = NAME_AFTER.match(usual, end) if sign == "somebodys-name" else None
    return start, after.end() if after else end


def _joined(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch as one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def as_json() -> list[dict[str, Any]]:
    """For the phone: the same list, to warn with before anything is sent."""
    return [sign.as_json() for sign in SIGNS]
