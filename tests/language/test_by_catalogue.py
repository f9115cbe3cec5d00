"""A language is there when its catalogue is: nothing else names it, and a broken one harms nobody."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.test import Client
from django.utils import translation
from django.utils.translation import gettext, ngettext

from alongside.cli import checking
from alongside.cli.__main__ import alongside
from alongside.core import built, catalogs, languages
from alongside.core.care import wording
from tests.language import pseudo

GOOD = r"""
msgid ""
msgstr ""
"Language: so\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"Content-Type: text/plain; charset=utf-8\n"
"X-Name: Soomaali\n"

msgid "Walks"
msgstr "«Walks»"

msgid "%(n)s person"
msgid_plural "%(n)s people"
msgstr[0] "«%(n)s»"
msgstr[1] "«%(n)s «»"
"""


@pytest.fixture
def lay(tmp_path):
    """Lays a catalogue of a city's own into a data folder, and compiles what can be."""

    def lay(text: str, folder: str = "so") -> Path:
        path = tmp_path / "locale" / folder / "LC_MESSAGES" / "django.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", errors="surrogateescape"))
        catalogs.compile_all(tmp_path / "locale")
        return path

    return lay


def found(data: Path) -> dict[str, languages.Language]:
    return {each.code: each for each in languages.found(data)}


def test_a_catalogue_in_the_data_folder_is_a_language(lay, tmp_path):
    assert "so" not in found(tmp_path), "the premise"
    lay(GOOD)
    assert list(found(tmp_path)) == ["en", "es", "so"]
    assert found(tmp_path)["so"] == languages.Language("so", "Soomaali", right_to_left=False)


def test_django_knows_some_by_itself_and_the_header_says_the_rest(lay, tmp_path):
    lay(GOOD.replace('"X-Name: Soomaali\\n"\n', "").replace("Language: so", "Language: ar"), "ar")
    lay(GOOD.replace("X-Name: Soomaali", 'X-Name: Afar\\n"\n"X-Direction: rtl'), "aa")
    assert found(tmp_path)["ar"] == languages.Language("ar", "العربيّة", right_to_left=True)
    assert found(tmp_path)["aa"] == languages.Language("aa", "Afar", right_to_left=True)


@pytest.mark.parametrize("folder", ["not a code", "PT-br", "x", "abcdefghi", "..."])
def test_a_folder_that_is_no_code_is_no_language(lay, tmp_path, folder):
    path = lay(GOOD, folder)
    assert list(found(tmp_path)) == ["en", "es"]
    assert [trouble for trouble in catalogs.troubles(path) if "is no code of a language" in trouble]


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        (GOOD + "nonsense\n", "cannot be read"),
        (GOOD.replace("«Walks»", "\udcff\udcfe"), "cannot be read"),
        (GOOD.replace("charset=utf-8", "charset=none-such"), "cannot be read"),
        (GOOD.replace("(n != 1)", "__import__('os')"), "rule for plurals"),
        (GOOD.replace("(n != 1)", "n"), "rule for plurals"),
    ],
)
def test_a_broken_one_is_told_of_and_left_out(lay, tmp_path, settings, broken, why):
    path = lay(broken)
    assert list(found(tmp_path)) == ["en", "es"]
    [trouble] = catalogs.troubles(path)
    assert why in trouble
    settings.DATA = tmp_path
    assert str(path) in next(checking.checks()["this city’s own languages"]())


def test_one_that_breaks_later_goes_on_as_it_was(lay, tmp_path):
    lay(GOOD)
    lay(GOOD + "nonsense\n")
    assert "so" in found(tmp_path)


def test_a_half_one_is_told_of_and_the_rest_is_english(lay, settings, tmp_path):
    path = lay(GOOD)
    [trouble] = catalogs.troubles(path)
    assert re.search(r": [\d]+ of [\d]+ phrases have no words yet, and are shown in English", trouble)
    settings.LANGUAGES = [*settings.LANGUAGES, ("so", "Soomaali")]
    settings.LOCALE_PATHS = [tmp_path / "locale", *settings.LOCALE_PATHS]
    with translation.override("so"):
        assert gettext("Walks") == "«Walks»"
        assert gettext("Peace Walk") == "Peace Walk"
        assert ngettext("%(n)s person", "%(n)s people", 2) % {"n": 2} == "«2 «»"
    assert "so" not in languages.in_each(wording.CONSENT), "nobody is read English as if it were theirs"


@pytest.mark.parametrize("wrong", ["«%(m)s»", "«%(n)s %»", "«%(n)s <b>»", "«%(n)d %d»"])
def test_a_phrase_that_would_break_its_page_is_left_out(lay, wrong):
    path = lay(GOOD.replace("«%(n)s «»", wrong))
    assert any("other %(names)s, {holes} or tags" in trouble for trouble in catalogs.troubles(path))
    compiled = path.with_suffix(".mo").read_bytes()
    assert "«Walks»".encode() in compiled
    assert wrong.encode() not in compiled


@pytest.mark.parametrize(
    "markup",
    [
        "<SCRIPT SRC=//x.example>",
        "<img src=x onerror=alert(1) ",
        "<!-- ",
        '\\" autofocus=\\"',
        "&#60;b",
        "%r",
    ],
)
def test_no_phrase_brings_markup_that_is_not_ours(lay, markup):
    """What is written in a template is not escaped there: it is ours, and so must be what stands in its place."""
    path = lay(GOOD.replace("«Walks»", f"«Walks {markup}»"))
    assert any("other %(names)s, {holes} or tags" in trouble for trouble in catalogs.troubles(path))
    assert "«Walks".encode() not in path.with_suffix(".mo").read_bytes()


def test_a_folder_in_the_place_of_a_file_stops_nothing(lay, tmp_path):
    path = lay(GOOD)
    path.unlink()
    path.mkdir()
    catalogs.compile_all(tmp_path / "locale")
    assert list(found(tmp_path)) == ["en", "es"]


def test_a_city_may_say_some_things_in_its_own_words(lay, settings, tmp_path):
    path = lay(GOOD.replace("Language: so", "Language: es"), "es")
    assert list(found(tmp_path)) == ["en", "es"]
    assert list(catalogs.troubles(path)) == [], "it need not say everything"
    settings.LOCALE_PATHS = [tmp_path / "locale", *settings.LOCALE_PATHS]
    with translation.override("es"):
        assert gettext("Walks") == "«Walks»"
        assert gettext("Peace Walk") == "Caminata por la Paz"


@pytest.mark.heavy
def test_two_more_are_begun_by_a_command_and_brought_up_to_date(settings, tmp_path):
    settings.DATA = tmp_path
    run = CliRunner().invoke
    done = run(alongside, ["language", "new", "so", "--name", "Soomaali"], catch_exceptions=False)
    assert re.search(r"so/LC_MESSAGES/django.po: \d{4} phrases, \d{4} without words", done.output)
    path = tmp_path / "locale" / "so" / "LC_MESSAGES" / "django.po"
    assert b"FIRST AUTHOR" not in path.read_bytes()
    assert "Enter a valid date." in catalogs.missing(path), (
        "Django has no Somali: what it says on our pages is asked, too"
    )
    catalog = catalogs.read(path)
    assert catalog.of_language == {"X-Name": "Soomaali", "X-Direction": "ltr"}
    catalog.get("Walks").string = "«Walks»"
    catalog.add("Nobody says this any more", "«»")
    catalogs.write(catalog, path)
    run(alongside, ["language", "update"], catch_exceptions=False)
    assert catalogs.read(path).get("Walks").string == "«Walks»"
    assert catalogs.read(path).get("Nobody says this any more") is None
    assert "so" in found(tmp_path), "and compiled"
    assert built.OF_THE_CITY.is_fresh(tmp_path)
    again = run(alongside, ["language", "new", "so", "--name", "Soomaali"])
    assert "There is a catalogue" in str(again.exception)
    assert "is no code" in str(run(alongside, ["language", "new", "../x", "--name", "X"]).exception)


@pytest.mark.heavy
def test_what_django_knows_need_not_be_translated_again():
    assert catalogs.gathered("so").get("Enter a valid date.") is not None
    assert catalogs.gathered("vi").get("Enter a valid date.") is None
    assert catalogs.gathered("es").get("Enter a valid date.") is None


def test_a_city_s_catalogue_is_stale_until_it_is_built(lay, tmp_path):
    lay(GOOD)
    assert not built.OF_THE_CITY.is_fresh(tmp_path)
    ((name, stamp, where),) = [each for each in built.stale(tmp_path) if each[0] == "city"]
    where.write_text(stamp + "\n")
    assert built.OF_THE_CITY.is_fresh(tmp_path)
    lay(GOOD.replace("«Walks»", "»Walks«"))
    assert [each for each in built.stale(tmp_path) if each[0] == name]


@pytest.mark.heavy
def test_a_process_of_its_own_starts_with_whatever_lies_there(lay, tmp_path):
    """The settings, in a new process: a good, a broken and a half catalogue beside each other."""
    lay(GOOD)
    lay(GOOD + "nonsense\n", "ht")
    script = (
        "import django; django.setup(); from django.conf import settings; from django.urls import reverse\n"
        "from django.utils import translation; from django.utils.translation import get_language_info\n"
        "print([code for code, _ in settings.LANGUAGES], get_language_info('so')['name_local'])\n"
        "with translation.override('so'): print(reverse('style'), translation.gettext('Walks'))"
    )
    environment = {
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(built.ROOT / "src"),
        "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
        "ALONGSIDE_DATA": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines() == ["['en', 'es', 'so'] Soomaali", "/so/style/ «Walks»"]


def test_each_made_up_language_has_its_pages_and_its_direction(spoken, db):
    for code, way in pseudo.DIRECTIONS.items():
        page = Client().get(f"/{code}/style/")
        assert f'<html lang="{code}" dir="{way}">' in page.text
        assert translation.get_language_info(code)["name_local"] == pseudo.NAMES[code]
    english = Client().get("/style/").text
    for code in spoken:
        assert f'hreflang="{code}"' in english


def test_what_is_written_the_other_way_says_so(spoken):
    from django.template import Context, Template

    tag = Template("{% load look %}<p {% in_language code %}></p>")
    with translation.override("en"):
        assert tag.render(Context({"code": pseudo.TURNED})) == '<p lang="qab" dir="rtl"></p>'
        assert tag.render(Context({"code": "es"})) == '<p lang="es"></p>'
    with translation.override(pseudo.TURNED):
        assert tag.render(Context({"code": "en"})) == '<p lang="en" dir="ltr"></p>'


def test_a_language_that_is_gone_harms_no_page():
    """A city took its catalogue away; what was written in it is still there."""
    assert languages.name_of("tlh") == "Tlh"
    assert languages.direction_of("tlh") == "ltr"


def test_no_agency_stands_where_a_language_stands(riverbend):
    for slug in ("es", "ar", "pt-br"):
        with pytest.raises(Exception, match="needs itself"):
            riverbend.slug = slug
            riverbend.full_clean()
