"""The languages that an agency writes in: its own first, and those its readers can switch between."""

import re

import pytest
from django.forms import model_to_dict
from django.urls import reverse

from alongside.agencies import actions
from alongside.agencies.models import Agency
from alongside.core import languages

pytestmark = pytest.mark.django_db


def switches(client, address="/riverbend/"):
    """Where a reader can go from a page, by language."""
    page = client.get(address)
    assert page.status_code == 200
    return set(re.findall(r'hreflang="(\w+)"', page.content.decode()))


def saved(client, agency, **sent):
    form = {name: value for name, value in model_to_dict(agency).items() if value is not None}
    return client.post(reverse("front:settings", args=[agency.slug]), {**form, "language": "en", **sent})


class TestTheAgencysLanguages:
    def test_an_agency_writes_in_all_there_are_unless_it_says_which(self, riverbend):
        assert riverbend.languages == languages.codes() == ["en", "es"]
        assert riverbend.language == "en"
        spanish = actions.create_agency(
            slug="ponce", name="Policía de Ponce", timezone="America/Puerto_Rico", languages=["es"]
        )
        assert (spanish.languages, spanish.language) == (["es"], "es")

    @pytest.mark.parametrize("said", [["xx"], ["en", "en"], [], "en", {"en": 1}, [3]])
    def test_what_is_no_list_of_our_languages_is_refused(self, riverbend, said):
        with pytest.raises(actions.AgencyRefused, match="languages: "):
            actions.change_agency(riverbend, by=None, languages=said)
        assert Agency.objects.get().languages == ["en", "es"]

    def test_a_language_that_this_site_has_lost_is_not_read(self, riverbend):
        Agency.objects.update(languages=["xx", "es"])
        assert Agency.objects.get().languages == ["es"]
        Agency.objects.update(languages=["xx"])
        assert Agency.objects.get().languages == ["en"]


class TestTheOffer:
    @pytest.mark.parametrize(
        "address",
        ["/", "/riverbend/", "/accounts/login/", "/riverbend/nowhere/", "/nowhere/", "/riverbend/follow/"],
    )
    def test_every_page_offers_each_other_language_in_that_language(self, client, riverbend, address):
        create = {"slug": "elsewhere", "name": "Elsewhere Police", "timezone": "America/New_York"}
        actions.create_agency(**create)
        page = client.get(address).text
        assert "Lea esta página en español" in page
        assert f'href="/es{address}"' in page
        spanish = client.get(f"/es{address}").text
        assert "Read this page in English" in spanish
        assert f'href="{address}"' in spanish

    def test_it_is_the_same_bytes_whatever_the_browser_asks_for(self, client, riverbend):
        pages = {
            client.get("/riverbend/", headers={"accept-language": each}).content for each in ("es-MX", "en")
        }
        assert len(pages) == 1
        assert b"hidden" in pages.pop()

    def test_an_agency_of_one_language_offers_none(self, client, riverbend):
        actions.change_agency(riverbend, by=None, languages=["en"])
        assert "data-offer" not in client.get("/riverbend/").text


class TestTheSwitch:
    def test_readers_switch_between_the_agencys_languages(self, client, riverbend):
        assert switches(client) == {"es"}
        assert switches(client, "/es/riverbend/") == {"en"}
        actions.change_agency(riverbend, by=None, languages=["en"])
        assert switches(client) == set()

    def test_a_page_in_another_language_still_answers_and_leads_back(self, client, riverbend):
        actions.change_agency(riverbend, by=None, languages=["en"])
        assert switches(client, "/es/riverbend/") == {"en"}

    def test_staff_may_work_in_any_of_ours(self, client_for, administrator, riverbend):
        actions.change_agency(riverbend, by=None, languages=["en"])
        assert "es" in switches(client_for(administrator), "/riverbend/workspace/")


class TestTheSettings:
    def test_an_administrator_says_which_and_the_own_one_is_the_first(
        self, client_for, administrator, riverbend
    ):
        saved(client_for(administrator), riverbend, language="es", languages=["en", "es"])
        assert Agency.objects.get().languages == ["es", "en"]

    def test_the_own_language_is_one_of_them_without_a_tick(self, client_for, administrator, riverbend):
        saved(client_for(administrator), riverbend, language="es", languages=["en"])
        assert Agency.objects.get().languages == ["es", "en"]
        saved(client_for(administrator), Agency.objects.get(), language="es", languages=[])
        assert Agency.objects.get().languages == ["es"]

    def test_a_language_that_is_not_here_is_refused(self, client_for, administrator, riverbend):
        page = saved(client_for(administrator), riverbend, languages=["en", "tlh"])
        assert "languages" in page.context["form"].errors
        page = saved(client_for(administrator), riverbend, language="tlh")
        assert "language" in page.context["form"].errors
        assert Agency.objects.get().languages == ["en", "es"]
