"""A walk has its scribe as soon as somebody holds a pass that was handed to them, a guest too."""

import pytest

from alongside.agencies import bearers
from alongside.agencies.models import Bearer
from alongside.core import manifest
from alongside.field import needs, passes
from alongside.field.tests.cast import a_walk
from alongside.people.models import Partner, PartnerKind

pytestmark = pytest.mark.django_db


def test_a_guests_pass_counts_for_the_tick(riverbend, ada):
    walk, other = a_walk(riverbend), a_walk(riverbend)
    assert manifest.done("scribe", riverbend, [walk, other]) == set()
    passes.open_pass(walk, by=ada, to="Rosa of the library")
    assert manifest.done("scribe", riverbend, [walk, other]) == {walk.pk}
    bearers.end(Bearer.objects.get(), by=ada)
    assert manifest.done("scribe", riverbend, [walk, other]) == set(), "it was taken back"


def test_who_opens_the_phones_page_for_a_look_is_no_scribe(riverbend, ada, dent):
    walk = a_walk(riverbend)
    passes.open_pass(walk, by=ada, to=ada.membership_at(riverbend))
    assert needs.with_pass(riverbend, [walk]) == set()
    passes.open_pass(walk, by=ada, to=dent.membership_at(riverbend))
    assert needs.with_pass(riverbend, [walk]) == {walk.pk}


def test_a_partners_look_back_is_no_scribe(riverbend, ada):
    walk = a_walk(riverbend)
    partner = Partner.objects.create(agency=riverbend, name="Watch", kind=PartnerKind.WATCH)
    passes.open_pass(walk, by=ada, to=partner)
    assert needs.with_pass(riverbend, [walk]) == set()
