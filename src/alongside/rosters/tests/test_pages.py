"""The desk: who may keep a roster, what each button does, and that a long roster asks no more of the database."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from alongside.agencies.models import Member, Role
from alongside.core import clock
from alongside.gatherings import actions as gatherings
from alongside.rosters import actions, partnering, posting, queries, staffing
from alongside.rosters.models import Away, Hosting, Part, Post, PublicBody, Training, UsualArea
from alongside.rosters.tests.cast import a_partner, a_walk, mails, page, somebody, walked


@pytest.fixture
def walk(city):
    return a_walk(city.agency, city.eastbank)


def act(client, name, gathering, what, thing=None, **more):
    said = {"act": what, **more} | ({"who": thing.public_id} if thing else {})
    return client.post(page(name, gathering), said)


def at(name, *args):
    return reverse(f"rosters:{name}", args=["riverbend", *args])


class TestTheRoster:
    def test_ada_puts_one_together_in_three_taps(self, client_for, ada, walk):
        client = client_for(ada)
        empty = client.get(page("roster", walk)).content.decode()
        assert "Propose a roster" in empty
        assert act(client, "roster-act", walk, "propose").status_code == 302
        assert act(client, "roster-act", walk, "invite-all").status_code == 302
        assert len(mails()) == 6
        shown = client.get(page("roster", walk)).content.decode()
        assert "Chief Ruth Calloway" in shown
        assert "None on record" in shown
        assert "6 mails are on their way" in shown

    def test_whoever_has_no_address_is_asked_in_person(self, client_for, ada, walk, city):
        guest = Member.objects.create(agency=city.agency, name="Chaplain Orr")
        post = posting.add(walk, member=guest, part=Part.GUIDE, by=ada)
        assert "ask in person" not in client_for(ada).get(page("roster", walk)).text
        act(client_for(ada), "roster-act", walk, "invite", post)
        assert "No address: ask in person" in client_for(ada).get(page("roster", walk)).text

    def test_a_no_shows_who_is_next(self, client_for, ada, walk, city):
        client = client_for(ada)
        posting.propose(walk, by=None)
        sam = Post.objects.get(member=city.officers[0])
        act(client, "roster-act", walk, "no", sam)
        assert "Next in line: Officer Vic Nash" in client.get(page("roster", walk)).content.decode()
        act(client, "roster-act", walk, "replace", sam)
        assert Post.objects.get(member=city.officers[3]).stands_in_for == sam

    def test_how_often_and_what_training_is_shown(self, client_for, officer, walk, city):
        today = city.agency.today()
        walked(city.officers[0], city.eastbank, days_ago=20, agency=city.agency)
        staffing.keep_training(city.officers[0], name="Procedural justice", done_on=today, by=None)
        staffing.keep_training(
            city.officers[1],
            name="De-escalation",
            done_on=today.replace(year=today.year - 3),
            expires_on=today.replace(year=today.year - 1),
            by=None,
        )
        posting.propose(walk, by=None)
        shown = client_for(officer).get(page("roster", walk)).content.decode()
        assert "once" in shown
        assert "Procedural justice" in shown
        lapsed = " ".join(shown.partition("De-escalation")[2].partition("</td>")[0].split())
        assert lapsed.startswith('</small> <span class="pill wait"> ran out '), (
            "the badge is a state, not a sentence"
        )
        assert 'value="invite"' not in shown, "an officer looks, and keeps nothing"

    def test_after_it_who_was_there_is_marked(self, client_for, ada, walk, city):
        posting.propose(walk, by=None)
        sam = Post.objects.get(member=city.officers[0])
        with clock.at(walk.ends):
            act(client_for(ada), "roster-act", walk, "came", came=[sam.pk, "x", "-1", "9" * 30])
        assert [post.member for post in Post.objects.filter(state="came")] == [city.officers[0]]

    def test_somebody_chosen_by_a_person(self, client_for, ada, walk, city):
        client = client_for(ada)
        assert act(client, "roster-act", walk, "add", member="", part="host").status_code == 422
        assert act(client, "roster-act", walk, "add", member=city.dent.pk, part="king").status_code == 422
        assert act(client, "roster-act", walk, "add", member=city.dent.pk, part="host").status_code == 302
        walk.refresh_from_db()
        assert walk.host == "Major Harvey Dent"

    @pytest.mark.parametrize("act_", ["", "destroy", "invite", "yes"])
    @pytest.mark.parametrize("who", ["x2x3x4x5x6", "\x00", "' OR 1=1 --", "9" * 500], ids=range(4))
    def test_odd_buttons_do_nothing(self, client_for, ada, walk, act_, who):
        client = client_for(ada)
        for name in ("roster-act", "partners-act"):
            assert client.post(page(name, walk), {"act": act_, "who": who}).status_code in {404, 422}
        assert client.post(at("mine"), {"act": act_, "who": who}).status_code == 404
        assert Post.objects.count() == 0


class TestWhoMayKeep:
    def test_a_commander_keeps_their_own_division_only(self, client_for, dent, city, walk):
        client = client_for(dent)
        assert act(client, "roster-act", walk, "propose").status_code == 302
        assert Post.objects.filter(gathering=walk).exists()
        other = a_walk(city.agency, city.westfield, days=12)
        assert client.get(page("roster", other)).status_code == 200
        assert act(client, "roster-act", other, "propose").status_code == 403
        assert act(client, "partners-act", other, "propose").status_code == 403
        assert not Post.objects.filter(gathering=other).exists()

    @pytest.mark.parametrize("who", ["officer", "analyst", "eve"])
    def test_others_keep_none(self, client_for, request, walk, who):
        client = client_for(request.getfixturevalue(who))
        for name in ("roster-act", "partners-act"):
            assert act(client, name, walk, "propose").status_code in {403, 404}
        assert Post.objects.count() == 0

    def test_strangers_are_asked_to_sign_in(self, client, walk):
        assert client.get(page("roster", walk)).status_code == 302

    def test_a_post_of_another_gathering_is_not_found(self, client_for, ada, city, walk):
        other = a_walk(city.agency, city.westfield, days=12)
        post = posting.propose(other, by=None)[0]
        assert act(client_for(ada), "roster-act", walk, "release", post).status_code == 404


class TestMine:
    def test_an_officer_sees_and_answers_their_own(self, client_for, city, walk):
        posting.propose(walk, by=None)
        sam, tia = (Post.objects.get(member=each) for each in city.officers[:2])
        client = client_for(city.officers[0].user)
        assert "Nobody has asked you yet" in client.get(at("mine")).content.decode()
        actions.invite_all(Post, walk, by=None)
        assert str(walk) in client.get(at("mine")).content.decode()
        assert client.post(at("mine"), {"act": "yes", "who": sam.public_id}).status_code == 302
        assert client.post(at("mine"), {"act": "no", "who": tia.public_id}).status_code == 404
        assert [Post.objects.get(pk=each.pk).state for each in (sam, tia)] == ["coming", "invited"]

    def test_away_is_theirs_to_say_and_nobody_elses(self, client_for, ada, city):
        client, day = client_for(city.officers[0].user), city.agency.today().isoformat()
        said = {"first": day, "last": day, "why": "Court", "member": city.chief.pk}
        assert client.post(at("away"), said).status_code == 302
        away = Away.objects.get()
        assert away.member == city.officers[0], "not the chief, whatever the form says"
        theirs = client_for(city.officers[1].user)
        assert "Court" not in theirs.get(at("away")).content.decode()
        assert theirs.post(at("not-away", away.public_id)).status_code == 404
        assert "Court" in client_for(ada).get(at("away")).content.decode()
        assert client.post(at("not-away", away.public_id)).status_code == 302
        assert not Away.objects.exists()

    def test_ada_marks_the_chief_away_and_hears_what_changed(self, client_for, ada, city, walk):
        posting.propose(walk, by=None)
        client = client_for(ada)
        said = {"member": city.chief.pk, "first": walk.on.isoformat(), "last": walk.on.isoformat()}
        answer = client.post(at("away"), said, follow=True)
        assert "not on the roster of" in answer.content.decode()
        assert client.post(at("away"), {"member": city.chief.pk, "first": "soon"}).status_code == 422


class TestPartners:
    def test_propose_invite_and_mark(self, client_for, ada, city, walk):
        temple = a_partner(city.agency, "Temple Hope", city.eastbank)
        client = client_for(ada)
        act(client, "partners-act", walk, "propose")
        act(client, "partners-act", walk, "invite-all")
        invitation = temple.invitations.get()
        assert act(client, "partners-act", walk, "yes", invitation).status_code == 302
        act(client, "partners-act", walk, "cohost", invitation)
        shown = client.get(page("partners", walk)).content.decode()
        assert "hosts with us" in shown
        assert "Comes as a guest" in shown
        assert act(client, "partners-act", walk, "add", partner="").status_code == 422
        with clock.at(walk.ends):
            act(client, "partners-act", walk, "came", came=[invitation.pk])
            assert "Thank 1 partner" in client.get(page("partners", walk)).content.decode()
            act(client, "partners-act", walk, "thank")
        invitation.refresh_from_db()
        assert (invitation.state, invitation.thanked) == ("came", True)
        assert "Came, and thanked" in client.get(page("partners", walk)).text

    def test_a_public_body(self, client_for, ada, city):
        member = a_partner(city.agency, "Council District 3", kind="council")
        client = client_for(ada)
        said = {"name": "City Council", "members": 9, "quorum": 5, "partners": [member.pk]}
        assert client.post(at("body-add"), said).status_code == 302
        body = PublicBody.objects.get()
        assert "Council District 3" in client.get(at("bodies")).content.decode()
        assert client.post(at("body", body.public_id), said | {"quorum": 10}).status_code == 422
        assert client.post(at("body-drop", body.public_id)).status_code == 302
        assert not PublicBody.objects.exists()


class TestTables:
    def upload(self, client, name, text):
        file = SimpleUploadedFile("table.csv", text.encode())
        return client.post(at(name), {"file": file}, follow=True)

    def test_usual_areas_are_seen_before_they_are_kept(self, client_for, ada, city):
        client = client_for(ada)
        text = "name,areas\nSam Whitaker,Beat 11; Eastbank\nNobody Known,Eastbank\nTia Long,Atlantis\n"
        preview = self.upload(client, "usual-import", text)
        shown = preview.content.decode()
        assert "Beat 11" in shown
        assert "Line 3" in shown
        assert "Line 4" in shown
        assert UsualArea.objects.count() == 0
        client.post(preview.redirect_chain[-1][0])
        assert {row.area for row in UsualArea.objects.all()} == {city.beat, city.eastbank}

    def test_trainings_are_seen_before_they_are_kept(self, client_for, ada, city):
        client = client_for(ada)
        text = (
            "Officer;Course;Date;Valid until\nOfficer Sam Whitaker;Procedural justice;03/31/2025;2028-03-31\n"
            "Tia Long;Listening;someday;\nUma Moss;Listening;2199-01-01;\n"
        )
        preview = self.upload(client, "training-import", text)
        assert "Procedural justice" in preview.content.decode()
        assert Training.objects.count() == 0
        client.post(preview.redirect_chain[-1][0])
        assert [row.member for row in Training.objects.all()] == [city.officers[0]]

    @pytest.mark.parametrize("text", ["", "\x00\x00", "one\n", "a,b\n1,2\n", "PK\x03\x04"])
    def test_what_is_no_table_is_refused(self, client_for, ada, city, text):
        answer = self.upload(client_for(ada), "usual-import", text)
        assert answer.status_code in {200, 422}
        assert UsualArea.objects.count() == 0

    def test_a_table_of_another_kind_or_agency_opens_nothing(self, client_for, ada, eve, city):
        preview = self.upload(client_for(ada), "usual-import", "name,areas\nSam Whitaker,Eastbank\n")
        upload_id = preview.redirect_chain[-1][0].split("/")[-2]
        theirs = client_for(eve).post(reverse("rosters:import-preview", args=["elsewhere", upload_id]))
        assert theirs.status_code == 422
        assert "not here any more" in theirs.text
        assert UsualArea.objects.count() == 0


def test_the_staff_pages_answer(client_for, ada, city):
    client = client_for(ada)
    series = gatherings.set_series(city.agency, by=None, name="Chief’s walks")
    for name in ("coming", "mine", "away", "usual-areas", "trainings", "hosts", "bodies", "body-add"):
        assert client.get(at(name)).status_code == 200, name
    sam = city.officers[0]
    assert client.post(at("usual-area", sam.public_id), {"areas": [city.beat.pk]}).status_code == 302
    assert "Beat 11" in client.get(at("usual-areas")).content.decode()
    said = {"host": city.chief.pk, "deputy": city.chief.pk}
    assert client.post(at("host", series.public_id), said).status_code == 422
    assert client.post(at("host", series.public_id), said | {"deputy": ""}).status_code == 302
    assert Hosting.objects.get().host == city.chief
    course = {"member": sam.pk, "name": "Listening", "done_on": "2025-01-05", "expires_on": "2024-01-05"}
    assert client.post(at("training-add"), course).status_code == 422
    assert client.post(at("training-add"), course | {"expires_on": ""}).status_code == 302
    assert client.post(at("training-drop", Training.objects.get().public_id)).status_code == 302
    assert not Training.objects.exists()


def test_the_database_is_asked_no_more_for_a_long_roster(
    client_for, ada, city, walk, django_assert_max_num_queries
):
    client = client_for(ada)
    posting.propose(walk, by=None)
    for number in range(12):
        member = somebody(city.agency, f"Extra{number} Officer{number}", Role.OFFICER, rank="Officer")
        posting.add(walk, member=member, part=Part.OFFICER, by=None)
        partnering.add(walk, partner=a_partner(city.agency, f"P{number} partner"), by=None)
    for post in Post.objects.filter(part=Part.OFFICER)[:5]:
        actions.answer(post, coming=False, heard="told", by=None)
    assert Member.objects.count() > 20
    with django_assert_max_num_queries(40):
        assert client.get(page("roster", walk)).status_code == 200
    with django_assert_max_num_queries(20):
        assert client.get(page("partners", walk)).status_code == 200
    with django_assert_max_num_queries(12):
        assert client.get(at("coming")).status_code == 200
    with django_assert_max_num_queries(3):
        queries.who_comes(walk)
    with django_assert_max_num_queries(4):
        queries.leaders_free(city.agency, [walk.on + timedelta(days=7 * week) for week in range(52)])


class TestACalendar:
    def upload(self, client, text, **more):
        return client.post(at("away-calendar"), {"file": SimpleUploadedFile("me.ics", text), **more})

    def calendar(self, city):
        day = city.agency.today().replace(year=city.agency.today().year + 1, month=3, day=10)
        event = "BEGIN:VEVENT\r\nUID:{0}\r\nSUMMARY:{0}\r\n{1}\r\nEND:VEVENT\r\n"
        week = f"DTSTART;VALUE=DATE:{day:%Y%m%d}\r\nDTEND;VALUE=DATE:{day:%Y%m}15"
        dentist = f"DTSTART:{day:%Y%m%d}T090000\r\nDTEND:{day:%Y%m%d}T100000"
        past = "DTSTART;VALUE=DATE:20200101"
        body = event.format("Surgery", week) + event.format("Dentist", dentist) + event.format("Old", past)
        text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n"
        return day, text.encode()

    def test_an_entry_that_nobody_can_read_is_said(self, client_for, city):
        """Whoever relies on their calendar would else be asked on days on which they are away."""
        day, text = self.calendar(city)
        endless = (
            f"BEGIN:VEVENT\r\nUID:9\r\nDTSTART;VALUE=DATE:{day:%Y%m%d}\r\nRRULE:FREQ=DAILY;INTERVAL=0\r\n"
        )
        broken = text.replace(b"END:VCALENDAR", f"{endless}END:VEVENT\r\nEND:VCALENDAR".encode())
        client = client_for(city.officers[0].user)
        said = "1 entry of this calendar cannot be read."
        assert said not in self.upload(client, text).text
        shown = self.upload(client, broken).text
        assert said in shown
        assert "Surgery" in shown

    def test_only_ticked_days_are_kept_and_never_their_name(self, client_for, city):
        day, text = self.calendar(city)
        client = client_for(city.officers[0].user)
        shown = self.upload(client, text).content.decode()
        assert "Surgery" in shown
        assert "Dentist" not in shown
        assert "Old" not in shown
        assert not Away.objects.exists()
        value = f"{day.isoformat()}/{day.replace(day=14).isoformat()}"
        assert value in shown
        client.post(at("away-calendar"), {"day": [value, "nonsense", "2026-13-01/2026-13-02"]})
        away = Away.objects.get()
        assert (away.member, away.first, away.last) == (city.officers[0], day, day.replace(day=14))
        assert away.why == ""

    def test_an_officer_keeps_nobody_elses_days(self, client_for, ada, city):
        day, _text = self.calendar(city)
        said = {"day": f"{day}/{day}", "who": city.chief.public_id}
        client_for(city.officers[0].user).post(at("away-calendar"), said)
        assert Away.objects.get().member == city.officers[0]
        client_for(ada).post(at("away-calendar"), said)
        assert Away.objects.filter(member=city.chief).exists()

    @pytest.mark.parametrize(
        "text", [b"", b"hello", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", b"\xff\x00" * 50], ids=range(4)
    )
    def test_what_is_no_calendar_is_refused(self, client_for, city, text):
        assert self.upload(client_for(city.officers[0].user), text).status_code == 422
