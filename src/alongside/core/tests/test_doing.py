"""A deed is done, or somebody reads why not; any other fault goes on its way."""

import pytest
from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import path
from django.utils.html import format_html

from alongside.core.doing import NOT_DONE, Why, again, or_say_on, says_trouble, status_of
from alongside.core.errors import Refusal, phrase

urlpatterns = [
    path("round/", lambda request: redirect("/round/")),
    path("on/", lambda request: redirect("/there/")),
    path("there/", lambda request: HttpResponse(" ".join(request.undone.lines))),
]


class TooFar(Refusal):
    pass


class Form(forms.Form):
    place = forms.CharField()


def go(form):
    """What a view does: the page one goes to, or None where the form is shown again."""
    with or_say_on(form, "place"):
        if form.cleaned_data["place"] == "the moon":
            raise TooFar("That is too far to walk.")
        return "there"
    return None


def test_what_is_done_goes_on_and_what_is_refused_stands_on_the_form():
    near, far = Form({"place": "the park"}), Form({"place": "the moon"})
    assert near.is_valid()
    assert far.is_valid()
    assert (go(near), go(far)) == ("there", None)
    assert far.errors == {"place": ["That is too far to walk."]}
    assert (status_of(near), status_of(far)) == (200, NOT_DONE)


def test_a_refusal_of_the_whole_form_stands_above_it():
    form = Form({"place": "the park"})
    with or_say_on(form):
        raise TooFar("It is raining.")
    assert form.non_field_errors() == ["It is raining."]


class Later(Refusal):
    passing = True


def test_where_nothing_is_wrong_with_a_form_it_says_so_above_it():
    """Another file is being read, or the disk is full: there is nothing to check, and the same is sent again."""
    busy, wrong = Form({"place": "the park"}), Form({"place": "the park"})
    for form, refusal in ((busy, Later("others are before you.")), (wrong, TooFar("That is too far."))):
        with or_say_on(form, "place"):
            raise refusal
    said = {form: render_to_string("core/forms/_trouble.html", {"form": form}) for form in (busy, wrong)}
    assert busy.errors == {"place": ["Others are before you."]}, "begun as a sentence on a page"
    assert "Please send it again in a while" in said[busy]
    assert "Please check this form" in said[wrong]
    with or_say_on(busy):
        raise TooFar("It is raining.")
    assert "Please check this form" in render_to_string("core/forms/_trouble.html", {"form": busy})


def test_why_is_empty_until_something_is_refused():
    why = Why()
    with why:
        pass
    assert (bool(why), str(why), status_of(why)) == (False, "", 200)
    with why:
        raise TooFar(phrase("%(file)s is empty: export it again.", file="calls.csv"))
    assert str(why) == "calls.csv is empty: export it again."
    assert status_of("", None, why) == NOT_DONE
    with why:
        raise TooFar("It is raining.")
    assert why.lines == ["calls.csv is empty: export it again.", "It is raining."]


@pytest.mark.parametrize("fault", [KeyError, ZeroDivisionError, KeyboardInterrupt])
def test_a_fault_is_no_refusal(fault):
    form = Form({"place": "the park"})
    with pytest.raises(fault), or_say_on(form):
        raise fault
    assert not form.errors


@pytest.mark.urls(__name__)
def test_a_page_that_leads_on_is_followed_and_one_that_leads_to_itself_is_answered_as_it_stands(rf):
    refused = Why()
    refused.say("It is raining.")
    there = again(rf.post("/go/"), refused, "/on/")
    assert (there.status_code, there.text) == (NOT_DONE, "It is raining.")
    assert again(rf.post("/go/"), refused, "/round/").status_code == 302


def test_nobody_can_type_what_a_list_of_what_went_wrong_is_known_by():
    drawn, typed = '<div tabindex="-1" data-trouble autofocus>', '" data-trouble'
    assert says_trouble(HttpResponse(drawn))
    assert not says_trouble(HttpResponse(format_html('<input value="{}"><p>{}</p>', typed, typed)))
