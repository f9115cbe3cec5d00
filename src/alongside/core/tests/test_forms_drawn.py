"""How a form is drawn: a label, a hint and an error in one place, and what went wrong said first."""

from django import forms
from django.test import RequestFactory
from django.utils import translation
from django.utils.html import strip_tags
from tests.markup import folded

from alongside.core.style import Sample, style_page


def test_a_field_ties_its_hint_and_its_error_to_its_control() -> None:
    class Note(forms.Form):
        name = forms.CharField(label="Name", help_text="First name is enough.")

    page = folded(str(Note({"name": ""})))
    assert '<label for="id_name">Name</label>' in page
    assert 'aria-describedby="id_name_helptext id_name_error"' in page
    assert 'id="id_name_helptext">First name is enough.' in page
    assert '<ul class="errors" id="id_name_error">' in page


def test_what_may_be_left_out_says_so_and_what_may_not_does_not() -> None:
    page = folded(str(Sample()))
    assert 'Your name<span class="optional">(optional)</span>' in page
    assert "Your name (optional)" in " ".join(strip_tags(str(Sample())).split()), "read aloud with a space"
    assert "How many of you are coming?</label>" in page


def test_mistakes_are_listed_first_each_a_link_to_its_field() -> None:
    page = str(Sample({"party": "0", "answer": ""}))
    assert page.index('role="alert"') < page.index("<label")
    assert '<a href="#id_party">' in page
    assert '<a href="#id_answer_0">' in page  # the first of the choices
    assert 'role="alert"' not in str(Sample())


def test_a_mistake_of_the_whole_form_is_told() -> None:
    class Day(forms.Form):
        day = forms.CharField()

        def clean(self) -> None:
            raise forms.ValidationError("That day is <taken>.")

    assert "That day is &lt;taken&gt;." in str(Day({"day": "x"}))


def test_a_hidden_field_is_kept_and_not_drawn() -> None:
    class Secret(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput)

    page = str(Secret())
    assert 'type="hidden"' in page
    assert "<label" not in page


def test_a_group_of_choices_is_one_question() -> None:
    page = folded(str(Sample()["answer"].as_field_group()))
    assert "<fieldset>" in page
    assert "<legend>Will you come?</legend>" in page


def test_a_checkbox_stands_before_its_words() -> None:
    page = str(Sample()["notices"].as_field_group())
    assert page.index("<input") < page.index("<label")


def test_the_same_form_is_the_same_bytes() -> None:
    """A stranger's page must be the same for every stranger."""
    request = RequestFactory().get("/style/")
    assert style_page(request).content == style_page(request).content


def test_the_choice_of_nothing_has_words_in_whatever_form_it_stands() -> None:
    class Choose(forms.Form):
        must = forms.ChoiceField(choices=[("", "---------"), ("a", "A")])
        may = forms.TypedChoiceField(choices=[("", "–"), ("a", "A")], required=False)
        said = forms.ChoiceField(choices=[("", "Everywhere"), ("a", "A")], required=False)
        dot = forms.ChoiceField(
            choices=[("", "---------"), ("a", "A")], required=False, widget=forms.RadioSelect
        )

    page = folded(str(Choose()))
    assert "Choose one</option>" in page
    assert "Not chosen</option>" in page
    assert "Everywhere</option>" in page
    assert "Not chosen</label>" in page
    assert "---" not in page
    with translation.override("es"):
        assert "Elija" in str(Choose())
