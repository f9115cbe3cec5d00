"""Setting up, being invited, signing in with a second step, and what is written down of it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.urls import reverse
from tests.cast import PASSWORD

from alongside.agencies import actions as agencies
from alongside.agencies.models import Agency, AuditEntry, Member, Role, User
from alongside.front import setup
from alongside.front.actions import invite
from alongside.outreach.models import Mail

pytestmark = pytest.mark.django_db
FIRST = {
    "name": "Riverbend Police",
    "slug": "riverbend",
    "kind": "municipal",
    "timezone": "America/New_York",
    "your_name": "Ruth Administrator",
    "email": "ruth@riverbend.example",
    "password": "four words in a row",
}


class TestFirstRun:
    def test_whoever_holds_the_code_sets_it_up(self, client):
        assert client.get("/").url == "/setup/"
        answer = client.post("/setup/", {**FIRST, "code": setup.code()})
        assert answer.url == "/riverbend/workspace/setup/"
        ruth = User.objects.get(email="ruth@riverbend.example")
        assert ruth.membership_at(Agency.objects.get()).roles == {Role.ADMINISTRATOR, Role.COORDINATOR}
        assert client.get(answer.url).status_code == 200

    @pytest.mark.parametrize("code", ["", "00000000", "🦊", "x" * 500])
    def test_others_do_not(self, client, code):
        assert client.post("/setup/", {**FIRST, "code": code}).status_code == 422
        assert not Agency.objects.exists()
        assert not User.objects.exists()

    def test_nobody_tries_all_the_codes(self, client):
        answers = [client.post("/setup/", {**FIRST, "code": f"{n:08x}"}).status_code for n in range(30)]
        assert answers[0] == 422
        assert answers[-1] == 429

    def test_it_is_closed_once_somebody_administers(self, client, administrator):
        assert client.get("/setup/").status_code == 404
        assert client.post("/setup/", {**FIRST, "code": setup.code()}).status_code == 404

    @pytest.mark.parametrize(
        ("field", "value"),
        [("slug", "es"), ("slug", "UPPER"), ("password", "short"), ("timezone", "Mars"), ("email", "no")],
    )
    def test_what_is_wrong_is_said_and_nothing_is_half_done(self, client, field, value):
        page = client.post("/setup/", {**FIRST, "code": setup.code(), field: value})
        assert page.status_code == 422
        assert not Agency.objects.exists()
        assert not User.objects.exists()
        assert b"Ruth Administrator" in page.content


class TestMembers:
    def test_an_administrator_invites_by_mail_and_has_the_link(
        self, client_for, administrator, riverbend, client
    ):
        ruth = client_for(administrator)
        page = ruth.post(
            reverse("front:member-add", args=["riverbend"]),
            {
                "name": "Nora New",
                "roles": [Role.COORDINATOR],
                "employee": "on",
                "email": "nora@riverbend.example",
            },
        )
        mail = Mail.objects.get()
        link = page.context["link"]
        assert link in mail.text
        assert mail.to == "nora@riverbend.example"
        path = link.removeprefix("http://localhost:8000")
        assert client.get(path).status_code == 200  # a mail scanner looks; nothing happens
        assert client.post(path, {"password": "four words in a row"}).url == "/riverbend/workspace/"
        assert client.get(path).status_code == 410

    def test_the_language_of_the_page_is_that_of_their_mail(self, administrator, riverbend, client):
        nora = agencies.add_member(riverbend, name="Nora New", by=administrator)
        link = invite(nora, email="nora@riverbend.example", by=administrator)
        assert "/es/" not in link
        path = "/es" + link.removeprefix("http://localhost:8000")
        client.post(path, {"password": "four words in a row"})
        assert User.objects.get(email="nora@riverbend.example").language == "es"
        invite(nora, email="nora@riverbend.example", by=administrator)
        assert Mail.objects.latest("pk").subject == "Únase a Riverbend Police en Alongside"

    def test_who_works_here_says_in_which_language(self, client_for, ada):
        page = reverse("front:you", args=["riverbend"])
        client = client_for(ada)
        assert "As the agency writes: English" in client.get(page).text
        assert client.post(page, {"language": "es"}).url == page
        ada.refresh_from_db()
        assert ada.language == "es"
        assert client.post(page, {"language": "tlh"}).status_code == 422
        ada.refresh_from_db()
        assert ada.language == "es"

    @pytest.mark.parametrize("who", ["ada", "dent", "analyst", "officer"])
    def test_others_may_not(self, who, request, client_for, riverbend):
        client = client_for(request.getfixturevalue(who))
        for name in ("front:members", "front:member-add", "front:settings"):
            assert client.get(reverse(name, args=["riverbend"])).status_code == 403

    def test_nobody_gives_themselves_a_role(self, client_for, ada, riverbend):
        member = ada.membership_at(riverbend)
        url = reverse("front:member-edit", args=["riverbend", member.public_id])
        answer = client_for(ada).post(url, {"name": "Ada", "roles": [Role.ADMINISTRATOR], "active": "on"})
        assert answer.status_code == 403
        assert Role.ADMINISTRATOR not in Member.objects.get(pk=member.pk).roles

    def test_the_last_administrator_is_told_why(self, client_for, administrator, riverbend):
        member = administrator.membership_at(riverbend)
        url = reverse("front:member-edit", args=["riverbend", member.public_id])
        page = client_for(administrator).post(url, {"name": "Ruth", "roles": [], "active": "on"})
        assert b"another administrator" in page.content

    def test_the_list_asks_the_database_a_fixed_number_of_times(
        self, client_for, administrator, riverbend, ada, dent, officer, analyst, django_assert_max_num_queries
    ):
        client = client_for(administrator)
        with django_assert_max_num_queries(12):
            client.get(reverse("front:members", args=["riverbend"]))


def a_second_step(user: User) -> str:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret: str) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


class TestSecondStep:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.ALONGSIDE = settings.ALONGSIDE.model_copy(update={"require_mfa": True})

    def test_without_it_the_workspace_does_not_open(self, client_for, ada, riverbend):
        answer = client_for(ada).get("/riverbend/workspace/")
        assert answer.url == reverse("mfa_index")

    def test_having_it_does_not_open_a_session_that_a_password_alone_opened(self, client_for, ada, riverbend):
        """Signed in before it was set up, or in another browser: there the code is asked for, once."""
        secret = a_second_step(ada)
        client = client_for(ada)
        answer = client.get("/riverbend/workspace/")
        assert answer.url.startswith(reverse("mfa_reauthenticate"))
        there = client.post(answer.url, {"code": code_of(secret)})
        assert there.url == "/riverbend/workspace/"
        assert client.get(there.url).status_code == 200

    @pytest.mark.parametrize(
        "name", ["mfa_index", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_generate_recovery_codes"]
    )
    def test_a_password_alone_puts_no_other_in_its_place(self, client_for, ada, name):
        a_second_step(ada)
        client = client_for(ada)
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        for answer in (client.get(reverse(name)), client.post(reverse(name), {})):
            assert answer.url.startswith(reverse("mfa_reauthenticate"))
        assert Authenticator.objects.filter(user=ada).count() == 1

    @pytest.mark.django_db(transaction=True)  # it is told once it is kept
    def test_whoever_has_just_chosen_a_password_sets_it_up_unasked_and_is_led_on(self, client):
        """From the first page to the list of what comes next: nobody is asked again for what they have just typed."""
        client.post("/setup/", {**FIRST, "code": setup.code()})
        assert client.get(reverse("front:after-sign-in")).url == reverse("mfa_index")
        assert client.get(reverse("mfa_activate_totp")).status_code == 200
        secret = client.session["mfa.totp.secret"]
        codes = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)}, follow=True)
        assert reverse("front:after-sign-in") in codes.text
        assert client.get(reverse("front:after-sign-in")).url == "/riverbend/workspace/setup/"

    @pytest.mark.django_db(transaction=True)
    def test_so_is_whoever_was_invited(self, client, riverbend, administrator):
        member = agencies.add_member(riverbend, name="Omar", roles=[Role.OFFICER], by=administrator)
        link = invite(member, email="omar@riverbend.example", by=administrator)
        client.post(link, {"password": "four words in a row"})
        assert client.get(reverse("mfa_activate_totp")).status_code == 200

    @pytest.mark.django_db(transaction=True)  # it is told once it is kept
    def test_whoever_sets_it_up_goes_on_and_other_browsers_do_not(self, client, client_for, ada, riverbend):
        client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
        client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
        elsewhere = client_for(ada)
        client.get(reverse("mfa_activate_totp"))
        secret = client.session["mfa.totp.secret"]
        client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
        assert client.get("/riverbend/workspace/").status_code == 200
        assert elsewhere.get("/riverbend/workspace/").url.startswith(reverse("mfa_reauthenticate"))

    def test_a_session_ends_with_the_step_that_opened_it(self, client_for, ada, riverbend):
        secret = a_second_step(ada)
        client = client_for(ada)
        client.post(client.get("/riverbend/workspace/").url, {"code": code_of(secret)})
        assert client.get("/riverbend/workspace/").status_code == 200
        Authenticator.objects.filter(user=ada).delete()
        assert client.get("/riverbend/workspace/").url == reverse("mfa_index")

    def test_signing_in_asks_for_the_code(self, client, ada, riverbend):
        secret = a_second_step(ada)
        answer = client.post("/accounts/login/", {"login": ada.email, "password": PASSWORD})
        assert answer.url.startswith("/accounts/2fa/")
        assert client.get("/riverbend/workspace/").status_code == 302
        client.post(answer.url, {"code": code_of(secret)})
        assert client.get("/riverbend/workspace/").status_code == 200

    def test_a_passkey_can_be_the_second_step(self, client_for, ada):
        page = client_for(ada).get(reverse("mfa_index"))
        assert page.status_code == 200
        assert reverse("mfa_add_webauthn") in page.content.decode()


class TestSigningIn:
    def test_a_wrong_password_says_neither_which(self, client, ada):
        unknown = client.post("/accounts/login/", {"login": "nobody@riverbend.example", "password": "x" * 12})
        wrong = client.post("/accounts/login/", {"login": ada.email, "password": "x" * 12})
        assert unknown.status_code == wrong.status_code == 422
        assert unknown.context["form"].errors == wrong.context["form"].errors

    def test_signing_up_is_closed(self, client, db):
        client.post("/accounts/signup/", {"email": "eve@x.example", "password1": "four words in a row"})
        assert not User.objects.exists()


class TestSettings:
    def test_changes_are_kept_and_written_down(self, client_for, administrator, riverbend):
        url = reverse("front:settings", args=["riverbend"])
        sent = {
            "name": "Riverbend Sheriff",
            "kind": "county",
            "timezone": "America/Chicago",
            "language": "en",
            "languages": ["en", "es"],
            "units": "kilometers",
            "roof_minutes": 15,
            "contact_email": "walks@riverbend.example",
            "contact_retention_days": 14,
            "words_retention_days": 365,
            "published": "on",
        }
        client_for(administrator).post(url, sent)
        riverbend.refresh_from_db()
        assert (riverbend.name, riverbend.contact_retention_days) == ("Riverbend Sheriff", 14)
        assert (riverbend.units, riverbend.roof_minutes) == ("kilometers", 15)
        entry = AuditEntry.objects.visible_to(administrator, at=riverbend).first()
        assert entry.actor == administrator
        assert "contact_retention_days" in entry.detail["fields"]
        assert "languages" not in entry.detail["fields"]  # as they were

    @pytest.mark.parametrize("days", ["0", "366", "-1", "never", ""])
    def test_an_impossible_retention_is_refused(self, client_for, administrator, riverbend, days):
        url = reverse("front:settings", args=["riverbend"])
        sent = {"name": "R", "kind": "county", "timezone": "America/Chicago", "contact_retention_days": days}
        page = client_for(administrator).post(url, sent)
        assert page.context["form"].errors["contact_retention_days"]
        assert Agency.objects.get().contact_retention_days == 30


class TestAuditTrail:
    def test_it_is_shown_to_those_who_answer_for_it(self, client_for, ada, officer, riverbend):
        assert b"Ada" in client_for(ada).get(reverse("front:audit", args=["riverbend"])).content
        assert client_for(officer).get(reverse("front:audit", args=["riverbend"])).status_code == 403

    def test_the_file_runs_nothing_in_a_spreadsheet(self, client_for, ada, administrator, riverbend):
        from alongside.agencies import actions

        actions.add_member(riverbend, name="=HYPERLINK(1)", by=administrator)
        text = client_for(ada).get(reverse("front:audit-csv", args=["riverbend"])).getvalue().decode()
        assert "'=HYPERLINK(1)" in text
        assert AuditEntry.objects.filter(verb__startswith="exported").exists()

    @pytest.mark.parametrize("page", ["abc", "-1", "99999", ""])
    def test_odd_pages_are_pages(self, client_for, ada, riverbend, page):
        url = reverse("front:audit", args=["riverbend"])
        assert client_for(ada).get(url, {"page": page, "kind": "no kind"}).status_code == 200
        assert client_for(ada).get(url, {"page": page, "kind": "\x00"}).status_code == 400
