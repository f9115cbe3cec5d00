"""What staff write for the public: in each language, and what a reader is told of it."""

import copy

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import QueryDict
from django.template import Context, Template
from django.test.utils import isolate_apps
from django.utils import translation
from django.utils.translation import gettext
from tests.markup import folded

from alongside.core.authored import NO_LANGUAGE, Authored, AuthoredField, How, Text, Words, writing
from alongside.core.errors import phrase


@pytest.fixture
def both() -> Words:
    return Words.of("A walk", language="en", by="Ada").written("Una caminata", language="es", by="Benita")


# -- the words ----------------------------------------------------------------------------------------
def test_a_reader_sees_their_own_language(both):
    assert str(both) == "A walk"
    with translation.override("es"):
        assert str(both) == "Una caminata"
        assert f"{both}" == gettext("%(it)s") % {"it": both} == "Una caminata"
    with translation.override("es-mx"):
        assert str(both) == "Una caminata", "a region's readers know the language"
        assert both.shown.mark == ""


def test_what_is_missing_is_shown_as_it_was_written_and_says_so():
    words = Words.of("A walk", language="en")
    assert words.shown.mark == ""
    with translation.override("es"):
        assert (str(words), words.shown.how, words.shown.is_foreign) == ("A walk", How.MISSING, True)
        assert words.shown.mark == "Escrito en inglés"


def test_a_machine_says_that_nobody_has_checked_it(both):
    words = both.written("Un paseo", language="es", how=How.MACHINE)
    assert words.shown.mark == ""
    assert words.told_in("es").mark == "Machine translation, not checked"
    assert words.written("Una caminata", language="es").told_in("es").mark == ""


def test_nobody_in_particular_reads_it_as_it_was_written(both):
    """A log, an audit line, a job without a language."""
    with translation.override(None):
        assert str(both) == "A walk"
        assert both.shown.mark == ""


def test_who_wrote_stays_with_what_they_wrote(both):
    with writing(by="Cleo"):
        changed = both.written("Un paseo", language="es").written("A walk", language="en")
    assert changed.texts == {
        "en": Text("A walk", How.HUMAN, "Ada"),
        "es": Text("Un paseo", How.HUMAN, "Cleo"),
    }


def test_the_language_it_was_written_in_stays_until_its_text_goes(both):
    assert both.source == "en"
    assert both.written("", language="en").source == "es"
    assert both.written("", language="en").written("", language="es") == Words()


def test_words_are_never_the_same_as_a_plain_text(both):
    assert both != "A walk"
    assert both == both.written("A walk", language="en")
    assert hash(both) == hash(copy.deepcopy(both))
    assert copy.deepcopy(both) == both


def test_whoever_does_the_deed_has_written_what_nobody_is_named_for(both):
    half = both.written("Un paseo", language="es")
    assert half.signed("Cleo").texts == {
        "en": Text("A walk", How.HUMAN, "Ada"),
        "es": Text("Un paseo", How.HUMAN, "Cleo"),
    }


def test_what_stood_there_before_is_not_theirs():
    before = Words.of("A walk", language="en")
    saved = before.written("Un paseo", language="es").signed("Cleo", before=before)
    assert saved.texts == {"en": Text("A walk"), "es": Text("Un paseo", How.HUMAN, "Cleo")}
    changed = before.written("A long walk", language="en").signed("Cleo", before=before)
    assert changed.texts == {"en": Text("A long walk", How.HUMAN, "Cleo")}


def test_every_text_is_made_tidy_and_none_stays_that_is_empty_then(both):
    loose = both.written("  ", language="en").written(" Un paseo ", language="es", by="Benita")
    assert loose.each(str.strip) == Words.of("Un paseo", language="es", by="Benita")
    assert both.each(str.strip) == both


@pytest.mark.parametrize("text", ["", 'Says "hello" \\ and 👣 \n and more', "{}"])
def test_a_row_gives_back_what_it_was_given(text):
    words = Words.of(text, language="es", by="Ada")
    assert Words.from_stored(words.stored) == words
    assert bool(words.stored) == bool(words) == bool(text)


# -- on a row -----------------------------------------------------------------------------------------
@pytest.fixture
def Card():
    with isolate_apps("alongside.core"):

        class Card(models.Model):
            title = Authored("Title", min_length=3, max_length=12, one_line=True)
            more = Authored(max_length=50, blank=True)

            class Meta:
                app_label = "core"

        yield Card


def test_a_plain_text_is_what_somebody_wrote_just_now(Card):
    with translation.override("es"), writing(by="Benita"):
        card = Card(title="Una caminata")
        card.clean_fields(exclude=["id"])
    assert card.title.texts == {"es": Text("Una caminata", How.HUMAN, "Benita")}
    assert not card.more


def test_each_text_is_measured(Card):
    fits = Words.of("twelve chars", language="en").written("doce de ella", language="es")
    Card(title=fits).clean_fields(exclude=["id"])
    with pytest.raises(ValidationError, match="at most 12 characters"):
        Card(title=fits.written("thirteen char", language="es")).clean_fields(exclude=["id"])
    with pytest.raises(ValidationError, match="at least 3 characters"):
        Card(title=fits.written("no", language="es")).clean_fields(exclude=["id"])
    with pytest.raises(ValidationError, match="title"):
        Card().clean_fields(exclude=["id"])


def test_it_is_kept_as_text_and_empty_where_there_is_none(Card):
    field = Card._meta.get_field("title")
    assert field.get_prep_value("") == field.get_prep_value(Words()) == ""
    assert field.from_db_value(field.get_prep_value("A walk"), None, None) == Words.of("A walk")
    assert field.clone().deconstruct()[1:] == field.deconstruct()[1:]
    assert field.deconstruct()[1] == "alongside.core.authored.Authored"


# -- on a form ----------------------------------------------------------------------------------------
class Note(forms.Form):
    title = AuthoredField(max_length=20, one_line=True)
    more = AuthoredField(label="More", max_length=50, required=False)


def test_there_is_a_box_for_each_language(both):
    page = folded(str(Note(initial={"title": both})))
    assert '<label for="id_title_0">English</label>' in page
    assert 'name="title_es" value="Una caminata"' in page
    assert 'lang="es"' in page
    with writing(languages=["es"]):
        alone = folded(str(Note(initial={"title": both})))
    assert 'value="Una caminata"' in alone
    assert "fieldset" not in alone
    assert "title_en" not in alone


def test_what_is_typed_is_written_by_whoever_is_there(both):
    form = Note(QueryDict("title_en=A+walk&title_es=Un+paseo"), initial={"title": both})
    with writing(by="Cleo"):
        assert form.is_valid(), form.errors
    assert form.cleaned_data["title"].texts == {
        "en": Text("A walk", How.HUMAN, "Ada"),
        "es": Text("Un paseo", How.HUMAN, "Cleo"),
    }
    assert form.changed_data == ["title"]


def test_a_language_without_a_box_stays_as_it_is(both):
    with writing(languages=["es"]):
        form = Note({"title_es": "Un paseo"}, initial={"title": both})
        assert form.is_valid()
    assert form.cleaned_data["title"].texts["en"] == Text("A walk", How.HUMAN, "Ada")


def test_one_language_is_enough_and_none_is_not():
    form = Note({"title_en": "", "title_es": "Una caminata"})
    assert form.is_valid()
    assert form.cleaned_data["title"].source == "es"
    assert not form.cleaned_data["more"]
    assert "required" in str(Note({"title_en": " ", "title_es": ""}).errors["title"])


def test_written_in_both_at_once_it_was_written_in_the_writers():
    form = Note({"title_en": "A walk", "title_es": "Una caminata"})
    with translation.override("es"):
        assert form.is_valid()
    assert form.cleaned_data["title"].source == "es"


def test_a_text_that_is_too_long_says_in_which_language():
    form = Note({"title_en": "A walk", "title_es": "x" * 21})
    assert "Spanish: Ensure this value has at most 20 characters" in form.errors["title"][0]
    assert "x" * 21 in str(form), "and is not lost"


def test_whoever_pastes_a_machines_text_may_say_so():
    form = Note({"title_en": "A walk", "title_es": "Un paseo", "title_es_machine": "on"})
    assert form.is_valid()
    words = form.cleaned_data["title"]
    assert words.texts["es"].how == How.MACHINE
    assert "checked" in str(Note(initial={"title": words})["title"])
    checked = Note({"title_en": "A walk", "title_es": "Un paseo"}, initial={"title": words})
    assert checked.is_valid()
    assert checked.cleaned_data["title"].texts["es"].how == How.HUMAN


def test_a_plain_text_is_in_the_readers_language():
    form = Note({"title": "Una caminata"})
    with translation.override("es"):
        assert form.is_valid()
    assert form.cleaned_data["title"].source == "es"


# -- on a page ----------------------------------------------------------------------------------------
def drawn(words, more=""):
    page = Template("{% authored words " + more + " %}")
    return page.render(Context({"words": words}))


def test_a_page_says_which_language_words_are_in_where_it_is_another(both):
    assert drawn(both.written("A <b> walk", language="en")) == "A &lt;b&gt; walk"
    foreign = Words.of("Una caminata", language="es")
    assert drawn(foreign) == (
        '<span lang="es" dir="ltr">Una caminata</span> <small class="written">Written in Spanish</small>'
    )
    assert drawn(foreign, "block=True") == (
        '<div lang="es" dir="ltr"><p>Una caminata</p></div><p class="written">Written in Spanish</p>'
    )
    assert drawn(Words()) == ""
    assert drawn("Made by <us>") == "Made by &lt;us&gt;", "in the reader's language already"


def test_words_that_stand_together_have_each_mark_once(both):
    page = Template("{{ a|as_written }}, {{ b|as_written }} {% marks a b c %}")
    foreign = Words.of("Una caminata", language="es")
    assert page.render(Context({"a": foreign, "b": foreign, "c": both})) == (
        '<span lang="es" dir="ltr">Una caminata</span>, <span lang="es" dir="ltr">Una caminata</span> '
        '<small class="written">Written in Spanish</small>'
    )
    assert page.render(Context({"a": both, "b": both, "c": both})) == "A walk, A walk "


def test_names_and_numbers_are_in_no_language():
    words = Words.of("Eastbank Library, 12 River Street", language=NO_LANGUAGE)
    assert drawn(words) == "Eastbank Library, 12 River Street"


def test_other_programs_are_told_that_a_machine_did_it(both):
    words = both.written("Un paseo", language="es", how=How.MACHINE)
    assert words.told_in("es").tag == "es-t-en-t0-und"
    assert words.told_in("en").tag == "en"
    with translation.override("es"):
        assert words.shown.with_mark == "Un paseo (traducción automática, sin revisar)"


# -- what the product says until a person does --------------------------------------------------------
MADE = Words.made(phrase("Walk with us in %(place)s", place="Eastbank"), source="en")


def test_what_the_product_says_is_read_in_each_language():
    assert str(MADE) == "Walk with us in Eastbank"
    with translation.override("es"):
        assert str(MADE) == "Camine con nosotros en Eastbank"
        assert (MADE.shown.mark, MADE.shown.is_foreign) == ("", False)
    assert not any(each.by for each in MADE.texts.values()), "nobody wrote it: it is in the catalogs"


def test_it_is_kept_as_facts():
    assert "Camine" not in MADE.stored
    assert Words.from_stored(MADE.stored) == MADE
    assert Words.of("Walk with us in Eastbank", language="en") != MADE
    assert not Words.made(phrase(""))


def test_agreed_to_in_a_form_it_stays_so_and_changed_it_is_a_persons():
    class Form(forms.Form):
        title = AuthoredField(max_length=140, one_line=True)

    with writing(by="Ada", languages=["en", "es"]):
        seen = {f"title_{code}": each.text for code, each in MADE.texts.items()}
        assert all(folded(text) in folded(str(Form(initial={"title": MADE}))) for text in seen.values())
        agreed = Form(seen, initial={"title": MADE})
        assert agreed.is_valid()
        assert not agreed.has_changed()
        assert agreed.cleaned_data["title"].stored == MADE.stored
        changed = Form(seen | {"title_en": "Come along"}, initial={"title": MADE})
        assert changed.is_valid()
        assert changed.has_changed()
        words = changed.cleaned_data["title"]
    assert words.texts["en"] == Text("Come along", How.HUMAN, "Ada")
    assert words.told_in("es").text == "Camine con nosotros en Eastbank"
    assert "made" not in words.stored
