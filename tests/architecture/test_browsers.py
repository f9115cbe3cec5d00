"""What scripts and styles use is known to the browsers that we promise: `bin/browsers.json`, from which all is built.

A name that stands in no list here is a question for whoever brings it: which versions know it? Then it belongs to what
all know, or to `SINCE`; and where a bundle promises older ones, to `WITHOUT`, with what its readers get instead.
"""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "alongside"
PROMISED = json.loads((ROOT / "bin" / "browsers.json").read_text())
POLICY = (ROOT / "docs" / "reference" / "browsers.md").read_text()
NAMES = ("chrome", "firefox", "safari")

# -- what all promised browsers know ----------------------------------------------------------------
ALL_KNOW_STYLES = """
-webkit-tap-highlight-color -webkit-text-size-adjust ::-moz-progress-bar ::-webkit-details-marker
::-webkit-progress-bar ::-webkit-progress-value ::after ::backdrop ::before ::file-selector-button
::placeholder :active :checked :disabled :empty :first-child :focus :focus-visible :hover :indeterminate :is
:last-child :not :nth-child :only-child :placeholder-shown :root :target :where @font-face @import @keyframes @media
@page @supports align-content align-items align-self animation animation-duration appearance background
background-position block-size border border-block border-block-color border-block-end border-block-end-color
border-block-start border-block-start-color border-collapse border-color border-end-end-radius
border-end-start-radius border-inline-end border-inline-start border-radius border-start-start-radius
border-style border-width box-shadow box-sizing break-after break-inside clear clip-path color color-scheme
column-gap column-rule column-span columns content counter-increment counter-reset cursor display fill
fill-opacity filter flex flex-direction flex-wrap float font font-display font-family font-size
font-variant-numeric font-weight
forced-color-adjust gap grid-area grid-auto-columns grid-auto-flow grid-column grid-row grid-template-columns
inline-size inset inset-block inset-block-end inset-block-start inset-inline inset-inline-end
inset-inline-start justify-content justify-items justify-self letter-spacing line-height list-style margin
margin-block margin-block-end margin-block-start margin-inline margin-inline-end margin-inline-start
max-block-size max-inline-size min-block-size min-inline-size object-fit opacity order outline outline-color
outline-offset overflow overflow-wrap overflow-x overflow-y overscroll-behavior-y padding padding-block
padding-block-end padding-block-start padding-inline padding-inline-start page paint-order
place-items pointer-events position resize row-gap scroll-behavior scroll-padding-block-end
scroll-padding-block-start src stroke stroke-dasharray stroke-linecap stroke-linejoin stroke-opacity
stroke-width text-align text-anchor text-decoration text-decoration-thickness text-overflow text-shadow
text-transform text-underline-offset touch-action transform transition transition-duration transition-property
unicode-range vector-effect vertical-align visibility white-space z-index
"""
STYLES = set(ALL_KNOW_STYLES.split())
ALL_KNOW_SCRIPTS = """
AbortController Array.from Array.isArray Bearer Blob Boolean BroadcastChannel Date Date.now Date.parse
Error Event FileReader FormData
Image Infinity IntersectionObserver Map Math Math.abs Math.cos Math.floor Math.hypot Math.max Math.min
Math.random Math.round NaN Number Number.isInteger Number.isNaN Number.isSafeInteger Object.assign Object.entries
Object.fromEntries Object.keys Option Promise Promise.all Promise.race Promise.resolve RegExp Request
ResizeObserver Response Set String String.fromCharCode String.fromCodePoint TextDecoder TextEncoder
Uint8Array Uint8Array.from WeakSet
crypto.getRandomValues crypto.subtle navigator.clipboard navigator.geolocation navigator.language navigator.languages
navigator.onLine navigator.serviceWorker
"""
SCRIPTS = set(ALL_KNOW_SCRIPTS.split())
# -- what some do not -------------------------------------------------------------------------------
#: name → the first Chrome, Firefox and Safari that know it (MDN's tables); 999 where none of a kind does.
SINCE = {
    ":has": (105, 121, 15.4),
    "::details-content": (131, 143, 18.4),
    "@container": (105, 110, 16),
    "accent-color": (93, 92, 15.4),
    "color-mix(": (111, 113, 16.2),
    "container": (105, 110, 16),
    "container-type": (105, 110, 16),
    "content-visibility": (85, 125, 18),
    "dvh": (108, 101, 15.4),
    "field-sizing": (123, 999, 26.2),
    "print-color-adjust": (136, 97, 15.4),
    "size": (15, 95, 18.2),
    "text-size-adjust": (54, 999, 999),
    "text-wrap": (114, 121, 17.4),
    ".at(": (92, 90, 15.4),
    ".checkVisibility(": (105, 106, 17.4),
    ".findLast(": (97, 104, 15.4),
    ".getDirectory(": (102, 111, 15.2),
    ".replaceChildren(": (86, 78, 14),
    ".showModal(": (37, 98, 15.4),
    ".showPopover(": (114, 125, 17),
    ".toReversed(": (110, 115, 16),
    ".toSorted(": (110, 115, 16),
    ".toSpliced(": (110, 115, 16),
    "AbortSignal.any": (116, 124, 17.4),
    "AbortSignal.timeout": (103, 100, 16),
    "Array.fromAsync": (121, 115, 16.4),
    "Object.groupBy": (117, 119, 17.4),
    "Object.hasOwn": (93, 92, 15.4),
    "Promise.withResolvers": (119, 121, 17.4),
    "URL.canParse": (120, 115, 17),
    "crypto.randomUUID": (92, 95, 15.4),
    "inert": (102, 112, 15.5),
    "navigator.locks": (69, 96, 15.4),
    "navigator.storage": (55, 57, 15.2),
    "performance.memory": (7, 999, 999),
    "popover": (114, 125, 17),
    "structuredClone": (98, 94, 15.4),
}
#: What is used where a promised browser does not know it: what its readers get.
WITHOUT = {
    ":has": "a rule that only places things better; the things are there",
    "::details-content": "js/print.js opens folds while it prints",
    "@container": "figures keep the narrow look",
    "accent-color": "boxes in the browser's own color",
    "color-mix(": "the color before, by @supports",
    "container": "what has room stands as on a phone",
    "container-type": "figures keep the narrow look",
    "content-visibility": "js/print.js opens folds while it prints",
    "dvh": "the unit vh, or the size that the content needs",
    "field-sizing": "a box that scrolls",
    "hyphens": "the heading of a narrow column breaks where it must",
    "performance.memory": "a private window of another kind is seen by another sign",
    "print-color-adjust": "the browser's own habit in print",
    "size": "the paper that the printer has",
    "text-size-adjust": "the browser's own habit when a phone is turned",
    "text-wrap": "lines break where they fill",
}

COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\w])//[^\n]*", re.DOTALL)
STRINGS = re.compile(r"""("[^"\n]*"|'[^'\n]*')""")
PATTERNS = re.compile(r"(?<=[\s=(,])/(?![/*])(?:\\.|[^/\n\\])+/[a-z]*")
DEFINED = re.compile(r"(?:class|const|let|function)\s+([A-Z]\w*)|import\s*\{([^}]*)\}")


def bundle_of(path: Path) -> str:
    return "phone" if "phone" in path.parts else "pages"


def names_in_style(text: str) -> set[str]:
    bare = STRINGS.sub("", COMMENTS.sub("", text))
    properties = re.findall(r"(?m)^\s*(-?[a-z][a-z-]*)\s*:\s", bare)
    selectors = "\n".join(re.findall(r"[^{};]+(?=\{)", bare))
    pseudos = re.findall(
        r"::?[a-z-]*[a-z](?![\w-]*\s*\d)(?=[\s,:.()\[>+~]|$)", re.sub(r"@[^\n]*", "", selectors)
    )
    values = [name for name in ("color-mix(", "dvh") if re.search(rf"(?<![a-z]){re.escape(name)}", bare)]
    return {*properties, *pseudos, *re.findall(r"@[a-z-]+", bare), *values}


def names_in_script(text: str) -> set[str]:
    bare = STRINGS.sub('""', PATTERNS.sub('""', COMMENTS.sub("", text)))
    own = {name for groups in DEFINED.findall(bare) for name in re.findall(r"\w+", " ".join(groups))}
    found = set(re.findall(r"(?<![\w.$#])([A-Z]\w*[a-z]\w*(?:\.[a-z]\w*)?)(?!\w*:)", bare))
    found |= set(re.findall(r"(?<![\w.])((?:navigator|crypto|performance)\.\w+)", bare))
    called = {name for name in SINCE if name.startswith(".") and name in bare}
    plain = {name for name in ("structuredClone", "popover", "inert") if re.search(rf"\b{name}\b", bare)}
    return {name for name in found if name.split(".")[0] not in own} | called | plain


def unknown(names: set[str], bundle: str) -> set[str]:
    """What a promised browser of this bundle does not know, or nobody has looked up."""
    known = {
        name
        for name, versions in SINCE.items()
        if all(since <= float(PROMISED[bundle][each]) for each, since in zip(NAMES, versions, strict=True))
    }
    return names - STYLES - SCRIPTS - known - WITHOUT.keys()


def in_file(path: Path) -> set[str]:
    names = names_in_style if path.suffix == ".css" else names_in_script
    return names(path.read_text())


FILES = sorted(path for path in SOURCE.glob("*/assets/**/*") if path.suffix in {".css", ".js"})


def test_scripts_and_styles_use_what_promised_browsers_know():
    assert len(FILES) > 60, "the premise"
    found = {str(path.relative_to(SOURCE)): unknown(in_file(path), bundle_of(path)) for path in FILES}
    assert {path: sorted(names) for path, names in found.items() if names} == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("fetch(a, { signal: AbortSignal.timeout(5) });", {"AbortSignal.timeout"}),
        ("const last = rows.toSorted();", {".toSorted("}),
        ("const copy = structuredClone(row);", {"structuredClone"}),
        ("new CookieStore();", {"CookieStore"}),
        ("navigator.wakeLock.request();", {"navigator.wakeLock"}),
        ('// AbortSignal.timeout\nsay("AbortSignal.any");', set()),
    ],
)
def test_what_is_too_new_in_a_script_is_seen(text, names):
    assert unknown(names_in_script(text), "pages") == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a {\n  anchor-name: --x;\n}", {"anchor-name"}),
        ("@layer base {\n}", {"@layer"}),
        ("a:user-valid {\n  color: red;\n}", {":user-valid"}),
        ("a:focus-visible {\n  color: red;\n}", set()),
    ],
)
def test_what_is_too_new_in_a_style_is_seen(text, names):
    assert unknown(names_in_style(text), "pages") == names


def rules_lost(text: str) -> list[str]:
    """Rules that a browser without :has drops whole: it stands beside others in one list of selectors."""
    selectors = re.findall(r"[^{};]+(?=\{)", COMMENTS.sub("", text))
    lists = [re.sub(r"\([^()]*(\([^()]*\)[^()]*)*\)", "()", each).split(",") for each in selectors]
    return [
        each.strip()
        for each, parts in zip(selectors, lists, strict=True)
        if any(":has" in part for part in parts) and not all(":has" in part for part in parts)
    ]


def test_a_rule_is_not_lost_for_the_sake_of_one_selector():
    assert rules_lost("a, b:has(p, q) { x: y; }")
    assert not rules_lost("b:has(p, q), c:has(> :is(u, v)) { x: y; } a, b { x: y; }")
    lost = {
        path.name: found
        for path in FILES
        if path.suffix == ".css" and (found := rules_lost(path.read_text()))
    }
    assert lost == {}


def test_nothing_is_listed_that_nobody_uses():
    used = set().union(*(in_file(path) for path in FILES))
    assert sorted((STYLES | SCRIPTS | WITHOUT.keys()) - used) == []


def test_markup_has_no_popover_and_nothing_inert():
    """Before Chrome 114, Firefox 125 and Safari 17 a popover lies open over the page."""
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.glob("*/templates/**/*.html")
        if re.search(r"\s(popover|popovertarget|inert)[\s=>]", path.read_text())
    ]
    assert found == []


@pytest.mark.parametrize("bundle", PROMISED)
def test_the_policy_says_what_the_build_promises(bundle):
    versions = PROMISED[bundle]
    said = f"| Chrome {versions['chrome']} | Firefox {versions['firefox']} | Safari {versions['safari']} |"
    assert said in POLICY
