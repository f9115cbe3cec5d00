"""Every text of every model is accounted for: staff wrote it for the public, somebody said it to us, or neither.

What staff write for the public has its languages. What is neither is excused here, with the reason why it needs no
languages and no clock. A new text field fails until it is one of these.
"""

import html
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation

from alongside.core.authored import Authored
from alongside.core.phrases import PhraseField
from alongside.core.said import Said, told_of
from tests.crawl import addresses
from tests.doors.routes import every_route

# Why a text has no languages and no clock.
NAME = "a name of a person, an office or a place, the same in every language"
SIGNED = "who did it, by the name and rank of that day"
PROGRAM = "a word of the program: a key, a code, the name of a file or of a function"
FACTS = "facts, of which a page makes sentences where it is read"
STAFF = "staff write it for staff, in the language they work in: no public page shows it"
LETTER = "a letter as it was sent, in its reader's language; it goes when it is old"
OUTSIDE = "another office's own words, shown with where they come from"
EXCUSED = {
    "agencies.Agency.contact_email": NAME,
    "agencies.Agency.languages": PROGRAM,
    "agencies.Agency.name": NAME,
    "agencies.Agency.slug": PROGRAM,
    "agencies.Agency.statements": SIGNED,
    "agencies.Agency.timezone": PROGRAM,
    "agencies.AuditEntry.actor_name": SIGNED,
    "agencies.AuditEntry.detail": FACTS,
    "agencies.AuditEntry.thing_id": PROGRAM,
    "agencies.AuditEntry.thing_kind": PROGRAM,
    "agencies.AuditEntry.verb": PROGRAM,
    "agencies.Agency.schedule": FACTS,
    "agencies.Bearer.digest": PROGRAM,
    "agencies.Bearer.opens": PROGRAM,
    "agencies.Bearer.purpose": PROGRAM,
    "agencies.Bearer.typed": NAME,
    "agencies.Bearer.who": PROGRAM,
    "agencies.Disposal.authority": NAME,
    "agencies.Disposal.eraser": PROGRAM,
    "agencies.Disposal.kind": PROGRAM,
    "agencies.Erasure.key": PROGRAM,
    "agencies.Hold.key": PROGRAM,
    "agencies.Hold.kind": PROGRAM,
    "agencies.Hold.lifted_because": STAFF,
    "agencies.Hold.lifted_by": SIGNED,
    "agencies.Hold.matter": STAFF,
    "agencies.Hold.placed_by": SIGNED,
    "agencies.Hold.reason": STAFF,
    "agencies.Invitation.email": STAFF,
    "agencies.Member.name": NAME,
    "agencies.Rank.name": NAME,
    "agencies.Release.basis": STAFF,
    "agencies.Release.by_name": SIGNED,
    "agencies.User.email": STAFF,
    "agencies.User.language": PROGRAM,
    "agencies.User.password": PROGRAM,
    "cadence.Pause.said_by": SIGNED,
    "field.HeadCount.device": PROGRAM,
    "field.Note.consent": PROGRAM,
    "field.Note.signs": FACTS,
    "field.QuarterThemes.facts": FACTS,
    "field.Recap.approved_by": SIGNED,
    "field.Recap.facts": FACTS,
    "followthrough.Alike.by_name": SIGNED,
    "followthrough.Alike.parted_by_name": SIGNED,
    "followthrough.Body.endpoint": PROGRAM,
    "followthrough.Body.jurisdiction": PROGRAM,
    "followthrough.Body.page": NAME,
    "followthrough.Body.secret": PROGRAM,
    "followthrough.Body.services": OUTSIDE,
    "followthrough.Body.trouble": FACTS,
    "followthrough.Bulk.after": FACTS,
    "followthrough.Bulk.before": FACTS,
    "followthrough.Bulk.deed": PROGRAM,
    "followthrough.Card.digest": PROGRAM,
    "followthrough.Card.origin": PROGRAM,
    "followthrough.Card.origin_link": PROGRAM,
    "followthrough.Change.by_name": SIGNED,
    "followthrough.Change.owner_name": SIGNED,
    "followthrough.Change.salt": PROGRAM,
    "followthrough.Concern.cleared_by": SIGNED,
    "followthrough.Concern.key": PROGRAM,
    "followthrough.Concern.origin": PROGRAM,
    "followthrough.Concern.origin_link": PROGRAM,
    "followthrough.Concern.salt": PROGRAM,
    "followthrough.Passing.request_id": PROGRAM,
    "followthrough.Passing.sent": FACTS,
    "followthrough.Passing.service_code": PROGRAM,
    "followthrough.Passing.service_name": OUTSIDE,
    "followthrough.Passing.their_status": OUTSIDE,
    "followthrough.Passing.token": PROGRAM,
    "followthrough.Passing.trouble": FACTS,
    "followthrough.Promise.evidence_url": NAME,
    "followthrough.Promise.item": PROGRAM,
    "followthrough.Promise.key": PROGRAM,
    "followthrough.Promise.origin": PROGRAM,
    "followthrough.Promise.origin_link": PROGRAM,
    "followthrough.Promise.typed_owner": NAME,
    "followthrough.Load.file_name": STAFF,
    "followthrough.Load.report": FACTS,
    "followthrough.Load.staged": PROGRAM,
    "followthrough.Loaded.name_digest": PROGRAM,
    "followthrough.Loaded.said": "what a row of a table said, beside what it became: to know what it changes next",
    "followthrough.Rules.complaints_url": NAME,
    "followthrough.Step.by_name": SIGNED,
    "followthrough.Step.facts": FACTS,
    "followthrough.Step.salt": PROGRAM,
    "followthrough.Template.name": STAFF,
    "followthrough.Word.word": PROGRAM,
    "front.Morning.told": PROGRAM,
    "gatherings.Gathering.languages": PROGRAM,
    "gatherings.Gathering.page_id": PROGRAM,
    "gatherings.Gathering.previous_access": FACTS,
    "gatherings.Gathering.stand_in": NAME,
    "gatherings.Gathering.timezone": PROGRAM,
    "gatherings.Gathering.typed_deputy": NAME,
    "gatherings.Gathering.typed_host": NAME,
    "gatherings.Import.file_name": PROGRAM,
    "gatherings.Import.report": FACTS,
    "gatherings.Import.staged": PROGRAM,
    "gatherings.Imported.name_digest": PROGRAM,
    "gatherings.Imported.row_digest": PROGRAM,
    "gatherings.Imported.said": FACTS,
    "gatherings.Imported.version": PROGRAM,
    "gatherings.OperatingRules.set_by": SIGNED,
    "gatherings.PlanCheck.about": FACTS,
    "gatherings.PlanCheck.confirmed_by": SIGNED,
    "gatherings.Rsvp.form_digest": PROGRAM,
    "gatherings.Series.name": STAFF,
    "gatherings.Tally.answer": PROGRAM,
    "gatherings.ToldQuarters.facts": FACTS,
    "hotspots.Campus.cell": PROGRAM,
    "hotspots.Campus.name": NAME,
    "hotspots.Campus.noted_by": SIGNED,
    "hotspots.Choice.decided_by": SIGNED,
    "hotspots.Choice.place_name": NAME,
    "hotspots.Criteria.published_by": SIGNED,
    "hotspots.Evaluation.origins": FACTS,
    "hotspots.FocusArea.cells": FACTS,
    "hotspots.FocusArea.layer_events": FACTS,
    "hotspots.FocusArea.name": NAME,
    "hotspots.FocusArea.rate_missing": PROGRAM,
    "hotspots.FocusArea.relative": FACTS,
    "hotspots.FocusArea.site_cell": PROGRAM,
    "hotspots.FocusArea.site_name": NAME,
    "hotspots.Petition.answered_by": SIGNED,
    "hotspots.Petition.erased_because": STAFF,
    "hotspots.Petition.form_digest": PROGRAM,
    "hotspots.Run.findings": FACTS,
    "incidents.Import.mapping": FACTS,
    "incidents.Import.names": PROGRAM,
    "incidents.Import.report": FACTS,
    "incidents.LakePart.key_mark": PROGRAM,
    "incidents.LakePart.path": PROGRAM,
    "incidents.Rules.enforcement": PROGRAM,
    "incidents.Rules.investigation": PROGRAM,
    "incidents.Rules.placeholders": PROGRAM,
    "jobs.Job.args": FACTS,
    "jobs.Job.key": PROGRAM,
    "jobs.Job.lease": PROGRAM,
    "jobs.Job.name": PROGRAM,
    "jobs.Job.worker": PROGRAM,
    "jobs.WorkerSeen.worker": PROGRAM,
    "ledger.Entry.about": PROGRAM,
    "ledger.Entry.hash": PROGRAM,
    "ledger.Entry.kind": PROGRAM,
    "ledger.Entry.line": FACTS,
    "media.Picture.came_by": PROGRAM,
    "media.Picture.origin": PROGRAM,
    "outreach.FirstMail.about": PROGRAM,
    "outreach.FirstMail.digest": PROGRAM,
    "outreach.Happening.about": PROGRAM,
    "outreach.Happening.event": PROGRAM,
    "outreach.Happening.topics": PROGRAM,
    "outreach.Mail.about": PROGRAM,
    "outreach.Mail.batch": PROGRAM,
    "outreach.Mail.facts": FACTS,
    "outreach.Mail.key": PROGRAM,
    "outreach.Mail.kind": PROGRAM,
    "outreach.Mail.language": PROGRAM,
    "outreach.Mail.message_id": PROGRAM,
    "outreach.Mail.subject": LETTER,
    "outreach.Mail.told": LETTER,
    "outreach.Mail.whose": PROGRAM,
    "outreach.Subscription.consent": PROGRAM,
    "outreach.Subscription.language": PROGRAM,
    "outreach.Subscription.reader": PROGRAM,
    "outreach.Subscription.topic": PROGRAM,
    "outside.Circuit.server": PROGRAM,
    "people.Partner.language": PROGRAM,
    "people.Partner.name": NAME,
    "places.Area.key": PROGRAM,
    "places.Area.name": NAME,
    "places.Area.source": PROGRAM,
    "places.Exposure.columns": FACTS,
    "places.Exposure.file_name": PROGRAM,
    "places.StreetNetwork.file_name": PROGRAM,
    "places.StreetNetwork.report": FACTS,
    "places.Venue.address": NAME,
    "places.Venue.name": NAME,
    "places.Venue.notes": STAFF,
    "places.Venue.opening_hours": STAFF,
    "places.Venue.permission_by": NAME,
    "records.Passage.bars": FACTS,
    "records.Passage.decided_by": SIGNED,
    "records.Passage.exemption": STAFF,
    "records.Passage.kind": PROGRAM,
    "records.Passage.mark": PROGRAM,
    "records.Passage.model": PROGRAM,
    "records.RecordsRequest.asked": STAFF,
    "records.RecordsRequest.holds": PROGRAM,
    "records.RecordsRequest.kinds": PROGRAM,
    "records.RecordsRequest.number": NAME,
    "records.RecordsRequest.opened_by": SIGNED,
    "records.RecordsRequest.salt": PROGRAM,
    "rosters.PartnerInvitation.told_what": FACTS,
    "rosters.Post.because_area": NAME,
    "rosters.Post.told_what": FACTS,
    "rosters.PublicBody.name": NAME,
    "rosters.Training.name": STAFF,
    "season.Draw.named_by": SIGNED,
    "season.Draw.rules": FACTS,
    "season.Draw.shape": FACTS,
    "season.Draw.source": NAME,
    "season.Draw.typed_by": SIGNED,
    "season.Draw.value": FACTS,
    "season.Redraws.chances": FACTS,
    "season.Redraws.problem": FACTS,
    "season.Redraws.public": FACTS,
    "season.Season.change": FACTS,
    "season.Season.commander": SIGNED,
    "season.Season.commitment": PROGRAM,
    "season.Season.coordinator": SIGNED,
    "season.Season.inputs": FACTS,
    "season.Season.made_by": SIGNED,
    "season.Season.seed": PROGRAM,
    "season.Week.alternatives": FACTS,
    "season.Week.because": FACTS,
    "season.Week.closed": FACTS,
    "season.Week.division_name": NAME,
    "season.Week.fixed_by": SIGNED,
    "season.Week.fixed_why": STAFF,
    "season.Week.neighborhood_name": NAME,
    "season.Week.venue_name": NAME,
    "season.Week.where": NAME,
    "voices.Matter.about": PROGRAM,
    "voices.Matter.purpose": PROGRAM,
    "voices.Voice.what": PROGRAM,
    "walks.Route.check_notes": STAFF,
    "walks.Route.checked_by": SIGNED,
    "walks.Route.excluded": FACTS,
    "walks.Route.made_by": SIGNED,
    "walks.Route.plan": FACTS,
    "walks.Walk.form_digest": PROGRAM,
    "weather.Alert.event": OUTSIDE,
    "weather.Alert.settled_by": SIGNED,
    "weather.Kept.body": OUTSIDE,
    "weather.Kept.etag": PROGRAM,
    "weather.Kept.last_modified": PROGRAM,
    "weather.Kept.url": PROGRAM,
}


HOLDS_TEXT = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.FileField,
    models.GenericIPAddressField,
)


def texts() -> Iterator[tuple[str, models.Field]]:
    """Every field that can hold what somebody wrote, by its full name. A choice and a public id cannot.

    Of those that have their languages by being what they are, nothing needs to be said.
    """
    for model in apps.get_models():
        if model.__module__.startswith("alongside."):
            for field in model._meta.local_fields:
                chosen = field.choices or field.name == "public_id"
                if (
                    isinstance(field, HOLDS_TEXT)
                    and not isinstance(field, Authored | PhraseField)
                    and not chosen
                ):
                    yield f"{model._meta.label}.{field.name}", field


def test_every_text_has_its_languages_or_its_clock_or_a_reason_why_not():
    names = {name for name, field in texts() if not isinstance(field, Said)}
    assert len(names) > 120, "the premise"
    assert names - set(EXCUSED) == set(), "written for whom, and kept how long?"


def test_nothing_is_excused_that_is_gone_or_needs_no_excuse():
    named = {name for name, field in texts() if not isinstance(field, Said)}
    assert sorted(EXCUSED) == sorted(named & set(EXCUSED))


@pytest.mark.django_db
def test_whose_time_is_up_is_asked_of_every_model_by_one_word():
    asked = {model: model._default_manager.all() for model, _name, _keeping in told_of()}
    assert len(asked) > 10, "the premise"
    deaf = {model._meta.label for model, rows in asked.items() if not hasattr(rows, "out_of_keeping")}
    assert deaf == set(), "which of its rows does the eraser empty?"
    for rows in asked.values():
        assert not rows.out_of_keeping().exists()


LONG_ENOUGH = 12  # to be known again on a page: a shorter text may stand there by chance


def public_pages(client) -> str:
    """All that a stranger can read at Riverbend, in both languages, as one text."""
    open_to_all = {route.name for route in every_route() if route.is_public}
    seen, ahead, read = set(), {"/riverbend/"}, []
    while ahead:
        seen |= ahead
        found = set()
        for page in sorted(ahead):
            if addresses.route(page.partition("?")[0]) in open_to_all:
                for language in addresses_of(page):
                    answer = client.get(language, headers={"host": "localhost"})
                    if answer["Content-Type"].startswith("text/") and answer.status_code == 200:
                        words = html.unescape(b"".join(answer).decode())
                        read.append(" ".join(words.split()))
                        found |= addresses.leads_to(words, page)
                translation.activate("en")
        ahead = found - seen
    assert len(read) > 200, "the premise"
    return "\n".join(read)


def addresses_of(page: str) -> list[str]:
    return [addresses.in_language(page, language) for language in ("es", "en")]


def written(name: str) -> set[str]:
    """What stands in a field, long enough to be known again."""
    label, _dot, field = name.rpartition(".")
    rows = apps.get_model(label)._base_manager.values_list(field, flat=True).distinct()
    values = (" ".join(str(value).split()) for value in rows if value)
    return {value for value in values if len(value) >= LONG_ENOUGH}


@pytest.mark.heavy
def test_what_staff_write_for_staff_stands_on_no_public_page(client, in_the_demo_city):
    """The list says so; a stranger who opens every page of the demo city sees whether it is true."""
    pages = public_pages(client)
    # A deed is written down by the name of its thing, and a title is public by itself.
    for_staff = [name for name, why in EXCUSED.items() if why == STAFF and "AuditEntry" not in name]
    assert sum(bool(written(name)) for name in for_staff) > 3, "the premise"
    assert written("cadence.Pause.reason") & {
        each for each in written("cadence.Pause.reason") if each in pages
    }
    assert {
        name: found for name in for_staff if (found := {each for each in written(name) if each in pages})
    } == {}
