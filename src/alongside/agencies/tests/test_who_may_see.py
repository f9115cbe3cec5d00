"""Who may see what, at which agency."""

import pytest
from django.db import transaction
from tests.cast import staff_member

from alongside.agencies import actions, audit, bearers
from alongside.agencies.models import Agency, AuditEntry, Duty, Member, Rank, Role, User

pytestmark = pytest.mark.django_db


class TestReading:
    def test_members_see_their_own_agency_and_no_other(self, riverbend, elsewhere, ada, eve):
        actions.set_ranks(riverbend, names=["Chief"], by=None)
        assert Rank.objects.visible_to(ada, at=riverbend).exists()
        assert not Rank.objects.visible_to(eve, at=riverbend).exists()
        assert not Rank.objects.visible_to(ada, at=elsewhere).exists()

    def test_a_role_that_is_not_named_reads_like_a_stranger(self, riverbend, ada, officer):
        audit.record(agency=riverbend, by=ada, verb="looked at", thing=riverbend)
        assert AuditEntry.objects.visible_to(ada, at=riverbend).exists()
        assert not AuditEntry.objects.visible_to(officer, at=riverbend).exists()

    def test_an_administrator_may_read_what_any_role_may(self, riverbend, administrator):
        audit.record(agency=riverbend, by=None, verb="looked at", thing=riverbend)
        assert AuditEntry.objects.visible_to(administrator, at=riverbend).exists()

    def test_who_has_left_sees_nothing_any_more(self, riverbend, ada, administrator):
        member = ada.membership_at(riverbend)
        actions.change_member(
            member, name=member.name, rank=None, roles=member.roles, active=False, by=administrator
        )
        again = User.objects.get(pk=ada.pk)
        assert not Member.objects.visible_to(again, at=riverbend).exists()

    def test_a_partner_by_link_is_no_reader(self, riverbend):
        partner = staff_member(riverbend, "Pat Partner", Role.PARTNER)
        assert not Rank.objects.visible_to(partner, at=riverbend).exists()

    def test_a_whole_request_asks_for_the_membership_once(self, riverbend, ada, django_assert_num_queries):
        ada.membership_at(riverbend)
        with django_assert_num_queries(0):
            ada.membership_at(riverbend)


class TestAgencies:
    @pytest.mark.parametrize(
        "slug", ["es", "workspace", "Riverbend", "r", "-river", "river bend", "rivér", "a" * 41, "x\n"]
    )
    def test_a_slug_that_is_no_address_is_refused(self, slug):
        with pytest.raises(actions.AgencyRefused):
            actions.create_agency(slug=slug, name="Somewhere", timezone="America/New_York")
        assert not Agency.objects.exists()

    def test_a_taken_slug_is_refused(self, riverbend):
        with pytest.raises(actions.AgencyRefused):
            actions.create_agency(slug="riverbend", name="Another", timezone="America/New_York")

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "", "EST5EDT "])
    def test_a_time_zone_must_be_one(self, zone):
        with pytest.raises(actions.AgencyRefused):
            actions.create_agency(slug="somewhere", name="Somewhere", timezone=zone)

    def test_the_date_is_the_agencys(self, riverbend, monkeypatch):
        from datetime import UTC, date, datetime

        from alongside.core import clock

        monkeypatch.setattr(clock, "now", lambda: datetime(2026, 6, 5, 2, 0, tzinfo=UTC))
        assert riverbend.today() == date(2026, 6, 4)

    @pytest.mark.parametrize("days", [0, 366, -1])
    def test_contacts_are_not_kept_for_ever(self, riverbend, days):
        with pytest.raises(actions.AgencyRefused):
            actions.change_agency(riverbend, by=None, contact_retention_days=days)


class TestRanks:
    def test_a_rank_somebody_holds_stays(self, riverbend, dent):
        actions.set_ranks(riverbend, names=["Sheriff", "Deputy"], by=None)
        assert set(Rank.objects.values_list("name", flat=True)) == {"Sheriff", "Deputy", "Major"}

    def test_a_rank_twice_is_once(self, riverbend):
        assert len(actions.set_ranks(riverbend, names=["Chief", " Chief ", ""], by=None)) == 1


class TestRoles:
    def test_the_last_administrator_stays_one(self, riverbend, administrator):
        member = administrator.membership_at(riverbend)
        for roles, active in ([[], True], [[Role.ADMINISTRATOR], False]):
            with pytest.raises(actions.LastAdministrator):
                actions.change_member(
                    member, name="Ruth", rank=None, roles=roles, active=active, by=administrator
                )
        assert Duty.objects.filter(member=member, role=Role.ADMINISTRATOR).exists()

    def test_with_another_one_may_go(self, riverbend, administrator):
        staff_member(riverbend, "Una Second", Role.ADMINISTRATOR)
        member = administrator.membership_at(riverbend)
        changed = actions.change_member(
            member, name="Ruth", rank=None, roles=[Role.ANALYST], by=administrator
        )
        assert changed.roles == {Role.ANALYST}

    def test_a_role_that_is_none_is_refused(self, riverbend):
        with pytest.raises(ValueError), transaction.atomic():
            actions.add_member(riverbend, name="Zoe", roles=["king"], by=None)
        assert not Member.objects.filter(name="Zoe").exists()


class TestInvitations:
    @pytest.fixture
    def token(self, riverbend, administrator):
        member = actions.add_member(riverbend, name="Nora New", roles=[Role.COORDINATOR], by=administrator)
        return actions.invite(member, email="Nora@Riverbend.example", by=administrator)

    def test_it_makes_an_account_once(self, token, riverbend):
        user = actions.accept_invitation(token, password="four words in a row")
        assert user.email == "nora@riverbend.example"
        assert user.membership_at(riverbend).roles == {Role.COORDINATOR}
        with pytest.raises(bearers.Useless):
            actions.accept_invitation(token, password="four words in a row")

    def test_it_runs_out(self, token, monkeypatch):
        from datetime import timedelta

        from alongside.core import clock

        later = clock.now() + timedelta(days=actions.INVITATION_DAYS, minutes=1)
        monkeypatch.setattr(clock, "now", lambda: later)
        with pytest.raises(bearers.Useless):
            actions.open_invitation(token)

    def test_a_new_one_makes_the_old_useless(self, token, riverbend, administrator):
        member = Member.objects.get(name="Nora New")
        newer = actions.invite(member, email="nora@riverbend.example", by=administrator)
        with pytest.raises(bearers.Useless):
            actions.open_invitation(token)
        assert actions.open_invitation(newer)

    def test_the_database_does_not_hold_the_link(self, token):
        from alongside.agencies.models import Bearer

        assert token not in str(Bearer.objects.values().get())

    def test_somebody_with_an_account_brings_it_and_keeps_their_password(self, token):
        known = User.objects.create_user("nora@riverbend.example", "an older password")
        assert actions.accept_invitation(token, by=known) == known
        known.refresh_from_db()
        assert known.check_password("an older password")

    def test_the_link_alone_opens_nobodys_account(self, token, eve):
        known = User.objects.create_user("nora@riverbend.example", "an older password")
        for by in (None, eve):
            with pytest.raises(actions.SignInFirst):
                actions.accept_invitation(token, password="four words in a row", by=by)
        assert not known.memberships.exists()
        assert actions.open_invitation(token)  # still there for whoever it was meant for
