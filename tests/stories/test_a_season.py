"""One season of Riverbend, from January to March, through its pages.

Ada plans and publishes, Major Dent signs and answers, Ben and Cleo come, two officers write down what they hear.
Only what no page can do is done by code: days go by, and the worker does what is due.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from alongside.field.models import HeadCount, Note, Recap
from alongside.followthrough.models import Concern
from alongside.followthrough.queries import by_code
from alongside.gatherings.models import Gathering, Rsvp, State, Status
from alongside.rosters.models import PartnerInvitation, Post
from alongside.rosters.models import State as RosterState
from alongside.season.models import Season, SeasonState
from alongside.walks.models import Walk
from tests.browser import field
from tests.stories import pages
from tests.stories.stage import Stage, link

pytestmark = [pytest.mark.browser, pytest.mark.heavy, pytest.mark.django_db(transaction=True)]

WEEK = timedelta(weeks=1)
BEGINS = date(2027, 1, 2)  # a Saturday
MALL, LIBRARY = "Riverbend Mall", "Founders Park Library"
GATE = "Fourteenth Playground gate"
OUTDOORS = "Outdoors, on the streets of the area"
THE_WALK, MOVED_TO = date(2027, 2, 13), date(2027, 2, 14)
OUT_OF_DOORS = [date(2027, 2, 6), date(2027, 2, 20), date(2027, 2, 27), date(2027, 3, 6), date(2027, 3, 13)]
BECAME = {
    "Dec. 28, 2026": "Held",
    "January 4": "Held",
    "January 11": "Held",
    "January 18": "Called off",
    "January 25": "Called off",
    "February 1": "Held",
    "February 8": "Held",
    "February 15": "Held",
    "February 22": "Held",
    "March 1": "Held",
    "March 8": "Held",
    "March 15": "No walk",
}
BEN, CLEO = "ben@neighbors.example", "cleo@neighbors.example"
# A question, a yes and its answer, in the language of whoever is asked.
ASKED = {
    "en": ("Can you come?", "Yes, I’ll come", "You’re coming"),
    "es": ("¿Puede venir?", "Sí, iré", "Contamos con usted"),
}
MOURNING = "A family here buries their son. We stay away, and ask them when to come."
RECAP = "It was cold and bright. People spoke of the lamps on the levee, and we will answer for each of them."
SAM_HEARD = ["Street lights"] * 9 + ["Traffic and parking"] * 4
GRACE_HEARD = ["Traffic and parking"] * 4 + ["Noise"] * 8


@dataclass
class Story(Stage):
    """Ada coordinates and Major Dent signs; the sky is ours, too."""

    sky: Any

    def __post_init__(self) -> None:
        self.ada = self.staff("ada")
        self.dent = self.staff("dent")


def sheets(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.fixture
def story(city, calendar, post_office, sky, open_page, phones, axe) -> Story:
    return Story(city, calendar, post_office, open_page, phones, axe, sky)


def test_a_season(story: Story) -> None:
    walks = plan_twelve_weeks(story)
    publish_january(story, walks)
    walk_at_the_mall(story, walks[date(2027, 1, 2)], came=41)
    thirty_one_answers_for_thirty_places(story, walks[date(2027, 1, 9)])
    walk_at_the_mall(story, walks[date(2027, 1, 16)], came=37)
    stay_away_for_two_weeks(story)
    publish_what_is_outdoors(story, [walks[day] for day in OUT_OF_DOORS])
    ask_who_comes_along(story, walks[THE_WALK])
    a_storm_moves_it(story, walks[THE_WALK])
    codes = write_down_what_is_heard(story, walks[THE_WALK])
    tell_what_came_of_it(story, walks[THE_WALK])
    owed = follow_a_concern(story, codes)
    write_up_the_others(story, [walks[day] for day in OUT_OF_DOORS])
    read_the_account(story)
    say_why_nobody_walked(story)
    hand_over(story, owed)


def plan_twelve_weeks(story: Story) -> dict[date, Walk]:
    """Ada proposes, Dent signs too; only then are there walks, and none of them is public."""
    ada, dent = story.ada, story.dent
    story.calendar.it_is(date(2026, 12, 14))
    pages.set_winter(ada, last="January")
    pages.propose(ada, BEGINS, 12)
    story.calendar.it_is(date(2026, 12, 15))
    pages.draw(ada, "4, 11, 19, 27, 33")
    expect(ada.get_by_role("link", name=re.compile("^Change"))).to_have_count(12)
    story.axe(ada)
    drawn = Season.objects.get(start=BEGINS, version=2)
    winter = list(drawn.weeks.all())[:5]
    assert all(week.venue_name for week in winter)
    assert MALL not in {week.venue_name for week in winter}, "nobody is sent across the city for a roof"
    for day, week in (("January 2", winter[0]), ("January 16", winter[2])):
        pages.choose(ada, day, where=week.where, roof=MALL, why="To reach more people.", look=False)
    cost = pages.choose(ada, "January 9", where="Founders Park", roof=LIBRARY, why="They asked us in May.")
    assert "%" in cost
    pages.choose(ada, "February 13", where="Ferry Reach", roof=OUTDOORS, why="", look=False)
    expect(ada.get_by_text("What is different from the version before")).to_be_visible()
    season = Season.objects.get(start=BEGINS, state=SeasonState.PROPOSED)
    assert season.version == 6

    ada.get_by_role("button", name="Approve as Coordinator").click()
    expect(ada.get_by_text("One signature is missing")).to_be_visible()
    expect(ada.get_by_role("button", name="Approve as Commander")).to_have_count(0)
    assert not season.weeks.exclude(walk=None).exists()
    dent.goto(ada.url)
    dent.get_by_role("button", name="Approve as Commander").click()
    expect(dent.get_by_text("The walks are drafted")).to_be_visible()
    walks = {week.day: week.walk for week in season.weeks.listed()}
    assert list(walks) == [BEGINS + n * WEEK for n in range(12)]
    assert {walk.gathering.status for walk in walks.values()} == {Status.DRAFT}
    return walks


def publish_january(story: Story, walks: dict[date, Walk]) -> None:
    """The room at the library holds thirty; everybody else is under the roof of the mall."""
    library = walks[date(2027, 1, 9)].gathering
    pages.change(story.ada, library, places="30")
    for day, walk in walks.items():
        if day.month == 1:
            pages.publish(story.ada, walk, host="Chief Ruth Calloway")
    assert Gathering.objects.filter(on__gte=BEGINS, status=Status.PUBLISHED).count() == 5


def walk_at_the_mall(story: Story, walk: Walk, *, came: int) -> None:
    """In January people walk where it is warm."""
    story.morning_of(walk.gathering.on)
    stranger = story.open_page("phone")
    stranger.goto(walk.get_absolute_url())
    expect(stranger.get_by_text("this walk is under a roof")).to_be_visible()
    expect(stranger.get_by_text(MALL).first).to_be_visible()
    story.axe(stranger)
    story.morning_of(walk.gathering.on, 14)
    pages.say_how_many_came(story.ada, walk.gathering, came)
    stranger.reload()
    expect(stranger.get_by_text(f"{came} residents came")).to_be_visible()


def thirty_one_answers_for_thirty_places(story: Story, walk: Walk) -> None:
    """Cleo is the 31st, without JavaScript: she waits, is offered what Ben gives back, and takes it."""
    gathering = walk.gathering
    story.morning_of(date(2027, 1, 4))
    pages.neighbors_come(gathering, 29)
    ben, cleo = story.open_page("phone"), story.open_page("phone", script=False)
    pages.say_we_come(ben, gathering, name="Ben", email=BEN)
    story.axe(ben)
    pages.say_we_wait(cleo, gathering, name="Cleo", email=CLEO)
    expect(cleo.get_by_role("heading", name="You’re on the waiting list")).to_be_visible()
    assert Rsvp.objects.filter(gathering=gathering, state=State.GOING).count() == 30
    story.work()
    assert "You are coming" in story.letter(BEN, "You’re coming")
    assert "waiting list" in story.letter(CLEO, "You’re in line")

    ben.get_by_role("link", name="We can’t come").click()
    ben.get_by_role("button", name="We can’t come").click()
    expect(ben.get_by_role("heading", name="You’re not coming")).to_be_visible()
    story.work()
    cleo.goto(link(story.letter(CLEO, "A place is free"), "/answer/"))
    expect(cleo.get_by_role("heading", name="A place is free for you")).to_be_visible()
    cleo.get_by_role("button", name="Yes, we’ll come").click()
    expect(cleo.get_by_role("heading", name="You’re coming")).to_be_visible()
    states = list(Rsvp.objects.filter(gathering=gathering).values_list("state", flat=True))
    assert states.count(State.GOING) == 30
    assert states.count(State.CANCELLED) == 1

    story.morning_of(gathering.on, 14)
    pages.say_how_many_came(story.ada, gathering, 28)


def stay_away_for_two_weeks(story: Story) -> None:
    """After a death nearby nobody walks. The page says first which walks that calls off, then people are told."""
    off = Gathering.objects.filter(on__range=(date(2027, 1, 23), date(2027, 1, 30)), status=Status.PUBLISHED)
    walks = list(off)
    assert len(walks) == 2
    story.morning_of(date(2027, 1, 18))
    cleo, ada = story.open_page("phone"), story.ada
    pages.say_we_come(cleo, walks[0], email=CLEO)
    ada.goto(pages.DESK + "pauses/")
    ada.get_by_label("From", exact=True).fill("2027-01-20")
    ada.get_by_label(re.compile(r"^\s*Until")).fill("2027-01-31")
    ada.get_by_label("Cause").select_option(label="A critical incident nearby")
    ada.get_by_role("group", name="Reason").get_by_label("English").fill(MOURNING)
    ada.get_by_role("button", name="See what it calls off").click()
    expect(ada.get_by_text("This would call off:")).to_be_visible()
    for walk in walks:
        expect(ada.get_by_role("status")).to_contain_text(f"{walk.when}: {walk.title}")
    assert off.all().count() == 2, "to look calls nothing off"
    ada.get_by_role("button", name="Say it in public").click()
    expect(ada.get_by_text("2 walks were called off")).to_be_visible()
    assert off.all().count() == 0
    story.work()
    assert MOURNING in story.letter(CLEO, "Cancelled")
    cleo.reload()
    expect(cleo.get_by_role("heading", name="This is cancelled")).to_be_visible()


def publish_what_is_outdoors(story: Story, walks: list[Walk]) -> None:
    """The plan says where; Ada says at which corner people meet. The last week she forgets."""
    story.morning_of(date(2027, 2, 1))
    for walk in walks:
        pages.change(story.ada, walk.gathering, meeting_point="At the corner by the bus stop")
        pages.publish(story.ada, walk, host="Chief Ruth Calloway")


def ask_who_comes_along(story: Story, walk: Walk) -> None:
    """The roster answers with one tap, a partner by link; then the plan is confirmed, and fits on paper."""
    gathering, ada = walk.gathering, story.ada
    pages.ask_the_roster(ada, gathering)
    pages.ask_the_partners(ada, gathering)
    story.work()
    asked = Post.objects.filter(gathering=gathering, state=RosterState.INVITED, member__user__isnull=False)
    names = dict(asked.values_list("member__user__email", "member__user__language"))
    assert {"ruth@riverbend.example", "dent@riverbend.example"} < set(names)
    tapping = story.open_page("phone")
    for email, language in names.items():
        question, yes, coming = ASKED[language or "en"]
        tapping.goto(link(story.letter(email, question), "/roster/"))
        tapping.get_by_role("button", name=yes).click()
        expect(tapping.get_by_role("heading", name=coming)).to_be_visible()
    story.axe(tapping)
    assert Post.objects.filter(gathering=gathering, state=RosterState.COMING).count() == len(names)

    invited = PartnerInvitation.objects.filter(gathering=gathering, state="invited", partner__language="en")
    invitation = invited.order_by("partner__name")[0]
    tapping.goto(link(story.letter(invitation.partner.email, "Will you come with us?"), "/invited/"))
    tapping.get_by_label("How many of you come?").fill("4")
    tapping.get_by_label("What should be talked about?").fill("The lamps along the levee.")
    tapping.get_by_role("button", name="Yes, we’ll come").click()
    expect(tapping.get_by_role("heading", name="You’re coming")).to_be_visible()
    story.axe(tapping)

    pages.change(ada, gathering, venue=GATE)
    pages.publish(ada, walk)
    ada.get_by_role("link", name="Plan", exact=True).click()
    expect(ada.get_by_text("The lamps along the levee.")).to_be_visible()
    assert sheets(ada.pdf(format="Letter", prefer_css_page_size=True)) == 1


def a_storm_moves_it(story: Story, walk: Walk) -> None:
    """The forecast warns Ada, and changes nothing. She moves the walk, and who said they come hears of it."""
    gathering, ada = walk.gathering, story.ada
    ben = story.open_page("phone")
    own = pages.say_we_come(ben, gathering, name="Ben", email=BEN)
    ada.goto(pages.DESK + "weather/thresholds/")
    ada.get_by_label("Look at the forecast").check()
    ada.get_by_role("button", name="Save").click()
    story.sky.hours = {"probabilityOfPrecipitation": {"value": 90}, "shortForecast": "Severe Thunderstorms"}
    story.morning_of(date(2027, 2, 11))
    assert story.sky.paths("/gridpoints/"), "the job asked the service"
    warning = story.letter("ada@riverbend.example", "Weather")
    assert "hunderstorm" in warning
    assert "Nothing was changed. You decide" in warning
    gathering.refresh_from_db()
    assert gathering.on == THE_WALK, "nothing moves by itself"

    ada.goto(pages.DESK + "weather/")
    ada.get_by_role("article").filter(has_text=str(gathering)).get_by_role("link", name="Move").click()
    ada.get_by_label("New date").fill(MOVED_TO.isoformat())
    pages.take(ada.get_by_label("New venue"), GATE)
    ada.get_by_label("In one word").select_option(label="Storm")
    ada.get_by_label("Who stands at the meeting point").fill("Officer Sam Whitaker")
    ada.get_by_role("button", name="Move it and tell people").click()
    gathering.refresh_from_db()
    assert gathering.on == MOVED_TO
    story.work()
    moved = story.letter(BEN, "Moved")
    assert "February 14" in moved
    assert "hunderstorm" in moved
    ben.goto(own)
    expect(ben.get_by_text("Moved.").first).to_be_visible()
    story.axe(ben)


def write_down_what_is_heard(story: Story, walk: Walk) -> list[str]:
    """Two phones, no signal, 25 notes and a count. Back under a mast there are 25, each with its concern and card."""
    gathering = walk.gathering
    story.morning_of(MOVED_TO, 10, 45)
    held = {}
    for holder, about in (("Sam", SAM_HEARD), ("Grace", GRACE_HEARD)):
        held[holder] = phone = story.phones()
        phone.goto(pages.link_for_a_scribe(story.ada, gathering, holder))
        field.ready(phone)
        phone.context.set_offline(True)
        for number, category in enumerate(about, start=1):
            pages.write_down(phone, f"{holder} heard number {number}.", about=category, answer=True)
            expect(phone.locator("[data-badge]")).to_have_text(str(number))
    pages.count_heads(held["Sam"], residents=19, officers=5, partners=4)
    in_the_hand = pages.card_of(held["Sam"])
    assert not Note.objects.filter(gathering=gathering).exists()

    story.calendar.it_is(MOVED_TO, 12, 10)
    for phone in held.values():
        phone.context.set_offline(False)
        expect(phone.locator("[data-signal-words]")).to_have_text("All sent", timeout=30_000)
    notes = Note.objects.filter(gathering=gathering).select_related("concern")
    assert Counter(notes.values_list("came_by__bearer__typed", flat=True)) == {"Sam": 13, "Grace": 12}
    assert len({note.concern_id for note in notes if note.concern_id}) == 25
    assert HeadCount.objects.filter(gathering=gathering).get().residents == 19
    codes = [
        item["follow"]["code"] for phone in held.values() for item in field.kept(phone) if item["follow"]
    ]
    assert len({by_code(story.city, code).pk for code in codes}) == 25
    others = [code for code in codes if code != in_the_hand]
    assert len(others) == 24, "the card that was photographed with no signal is the one that works"
    return [in_the_hand, *others]


def tell_what_came_of_it(story: Story, walk: Walk) -> None:
    """Ada reads the notes, says how many came, draws the recap, writes to it, approves it by name, publishes it."""
    gathering, ada = walk.gathering, story.ada
    ada.goto(f"{pages.DESK}heard/{gathering.public_id}/")
    expect(ada.get_by_text(re.compile(r"(Sam|Grace) heard number"))).to_have_count(25)
    expect(ada.get_by_label("How many residents came")).to_have_value("19")
    ada.get_by_role("button", name="This is how many came").click()
    story.axe(ada)
    ada.get_by_role("link", name="Recap", exact=True).click()
    ada.get_by_role("button", name="Draw it from what happened").click()
    ada.get_by_role("group", name="In a few sentences").get_by_label("English").fill(RECAP)
    ada.get_by_label("How many minutes it took").fill("65")
    ada.get_by_role("button", name="Save", exact=True).click()
    ada.get_by_role("button", name="I approve it").click()
    expect(ada.get_by_text("Ada Okafor approved it on")).to_be_visible()
    assert Recap.objects.get(gathering=gathering).published_at is None
    stranger = story.open_page("phone")
    stranger.goto(walk.get_absolute_url())
    expect(stranger.get_by_text("Recap by")).to_be_visible()
    expect(stranger.get_by_text(RECAP)).to_have_count(0)
    ada.get_by_role("button", name="Publish", exact=True).click()
    expect(ada.get_by_text("Published. Everybody can read it.")).to_be_visible()

    stranger.reload()
    expect(stranger.get_by_text(RECAP)).to_be_visible()
    expect(stranger.get_by_text("Ada Okafor").first).to_be_visible()
    outcome = stranger.get_by_role("region", name="What came of it")
    for theme, count in (("Street lights", 9), ("Traffic and parking", 8), ("Noise", 8)):
        line = re.compile(rf"^\s*{theme}\s*{count} notes\s*$")
        expect(outcome.get_by_role("listitem").filter(has_text=line)).to_be_visible()
    assert "heard number" not in stranger.content()
    story.axe(stranger)


def follow_a_concern(story: Story, codes: list[str]) -> Concern:
    """Ben types the code of his card with the keyboard alone, leaves an address, and hears twice.

    Another promise stays open, under Major Dent's name.
    """
    ben, ada = story.open_page("desk"), story.ada
    concern = by_code(story.city, codes[0])
    ben.goto("/riverbend/follow/")
    story.axe(ben)
    pages.tab_to(ben.get_by_role("textbox", name="Your code"))
    ben.keyboard.type(codes[0].lower())
    ben.keyboard.press("Enter")
    expect(ben.get_by_text(concern.words)).to_be_visible()
    pages.tab_to(ben.get_by_role("textbox", name="Your e-mail address"))
    ben.keyboard.type(BEN)
    ben.keyboard.press("Enter")
    expect(ben.get_by_text("We write to the address you left")).to_be_visible()
    story.axe(ben)

    story.morning_of(date(2027, 2, 16))
    ada.goto(concern.get_absolute_url())
    pages.promise(ada, owner="Major Walter Dent", due=date(2027, 2, 26))
    story.morning_of(date(2027, 2, 16), 10)  # what follows within minutes would be told with it
    promised = story.letter(BEN, "News of what you told us")
    assert "Major Walter Dent" in promised
    assert concern.words not in promised
    story.dent.goto(concern.get_absolute_url())
    pages.close(story.dent, how="Done", outcome="The lamp works since Thursday.")
    story.morning_of(date(2027, 2, 16), 11)
    ben.goto(link(story.letter(BEN, "News of what you told us"), "/follow/"))
    expect(ben.get_by_role("heading", name="It is done")).to_be_visible()
    expect(ben.get_by_text("The lamp works since Thursday.").first).to_be_visible()
    ada.goto(concern.get_absolute_url())
    pages.release(ada, "A lamp on the levee was out.")

    owed = by_code(story.city, codes[1])
    ada.goto(owed.get_absolute_url())
    pages.promise(ada, owner="Major Walter Dent", due=date(2027, 4, 30), why="Paint needs warm days.")
    return owed


def write_up_the_others(story: Story, walks: list[Walk]) -> None:
    story.morning_of(date(2027, 3, 22))
    for number, walk in enumerate(walks):
        pages.say_how_many_came(story.ada, walk.gathering, 15 + number)


def read_the_account(story: Story) -> None:
    """At the end everybody reads what became of each week, with the reasons, and what was heard and promised."""
    stranger = story.open_page("phone")
    stranger.goto("/riverbend/program/")
    for monday, became in BECAME.items():
        expect(week_of(stranger, monday)).to_contain_text(became)
    expect(week_of(stranger, "January 18")).to_contain_text(MOURNING)
    expect(week_of(stranger, "February 8")).to_contain_text("19")
    expect(week_of(stranger, "March 15")).to_contain_text("No reason was given.")
    heard = stranger.get_by_role("region", name="What people spoke about")
    assert int(re.search(r"Street lights\s*(\d+) notes", heard.inner_text())[1]) >= 9
    assert "heard number" not in stranger.content()
    story.axe(stranger)
    stranger.goto("/riverbend/promises/?q=levee")
    promised = stranger.get_by_role("listitem").filter(has_text="A lamp on the levee was out.")
    expect(promised).to_contain_text("Done")
    assert "heard number" not in stranger.content()


def week_of(page: Page, monday: str) -> Locator:
    """The row of the week that begins then."""
    return page.get_by_role("row").filter(has_text=re.compile(rf"^\s*{monday}(?!\d)"))


def say_why_nobody_walked(story: Story) -> None:
    """A week without a walk owes a reason; Ada gives it, and everybody reads it."""
    ada, reason = story.ada, "Nobody had been asked to lead it. That was our mistake."
    ada.goto(pages.DESK + "pauses/")
    ada.get_by_role("listitem").filter(has_text="March 15").get_by_role("link", name="Say why").click()
    ada.get_by_label("Cause").select_option(label="Nobody to lead it")
    ada.get_by_role("group", name="Reason").get_by_label("English").fill(reason)
    ada.get_by_role("button", name="See what it calls off").click()
    expect(ada.get_by_text("No published walk falls on these days.")).to_be_visible()
    ada.get_by_role("button", name="Say it in public").click()
    expect(ada.get_by_text("It is said in public.")).to_be_visible()
    stranger = story.open_page("phone")
    stranger.goto("/riverbend/program/")
    expect(week_of(stranger, "March 15")).to_contain_text(reason)


def hand_over(story: Story, owed: Concern) -> None:
    """Major Dent takes another post: one page holds what is owed, and hands it on."""
    ada = story.ada
    ada.goto(pages.DESK + "handover/")
    ada.get_by_role("link", name="Major Walter Dent").click()
    expect(ada.get_by_role("link", name=owed.words)).to_be_visible()
    story.axe(ada)
    ada.get_by_label("Who takes over").select_option(label="Major Yvonne Hargrove")
    ada.get_by_role("button", name="Hand the promises over").click()
    expect(ada.get_by_role("heading", name="Handing over: Major Yvonne Hargrove")).to_be_visible()
    expect(ada.get_by_role("link", name=owed.words)).to_be_visible()
    owed.refresh_from_db()
    assert str(owed.owner) == "Major Yvonne Hargrove"
    assert owed.due == date(2027, 4, 30), "the day stays as it was promised"
