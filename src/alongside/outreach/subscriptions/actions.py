"""Ask for news, say yes, stop; tell what happened, and bring it to those who follow, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from alongside.agencies import bearers, retention
from alongside.agencies.models import Agency, Bearer
from alongside.core import clock, languages, typed
from alongside.core.errors import Refusal
from alongside.core.ids import public_id
from alongside.core.origins import Origin
from alongside.core.readers import written_for
from alongside.jobs import actions as jobs
from alongside.outreach import quiet
from alongside.outreach.subscriptions import letters, limits, rooms
from alongside.outreach.subscriptions.models import (
    STANDS,
    TO_CONFIRM,
    Channel,
    Happening,
    Subscription,
    SubscriptionQuerySet,
)
from alongside.outreach.subscriptions.rooms import Item

LINK = "news"
LINK_STANDS = timedelta(days=60)
# So much that somebody follows in a transaction; so many transactions before something else has its turn.
AT_ONCE, ROUNDS = 100, 5


class NoTopic(Refusal):
    """Somebody asks for news of nothing that we tell of."""


class AddressRefused(Refusal):
    """What somebody typed is no e-mail address."""


@dataclass(frozen=True)
class Reader:
    """Whoever reads at one address: all that it asked of one agency. Nothing is there once it has stopped."""

    agency: Agency
    known_as: str
    rows: list[Subscription] = field(default_factory=list)

    @property
    def confirmed(self) -> list[Subscription]:
        return [row for row in self.rows if row.confirmed_at]

    @property
    def to_confirm(self) -> list[Subscription]:
        return [row for row in self.rows if not row.confirmed_at]

    @property
    def language(self) -> str:
        return self.rows[0].language if self.rows else ""

    @property
    def ends_on(self) -> date | None:
        return min((row.ends_on for row in self.confirmed if row.ends_on), default=None)


# -- asking -----------------------------------------------------------------------------------------
@transaction.atomic
def ask(agency: Agency, *, about: Iterable[str], email: str, language: str) -> None:
    """Somebody asks for news at an address. It is asked itself, in one mail a day; whoever typed it hears nothing.

    What it follows already stays as it is, and the mail brings the way to its page.
    """
    address = checked_address(email)
    wanted = list(about)
    known = rooms.offered(agency, wanted)
    asked = [topic for topic in wanted if topic in known]
    if not asked:
        raise NoTopic(_("Choose what you would like to hear of."))
    theirs = Subscription.objects.of(agency).standing().filter(address=address, channel=Channel.EMAIL)
    reader = theirs.values_list("reader", flat=True).first() or public_id()
    rows = [_row(agency, topic, address, language, reader) for topic in asked]
    Subscription.objects.bulk_create(rows, ignore_conflicts=True)
    found = reader_of(agency, reader)
    letters.ask(found.rows[0], token=_link(found))


def _row(agency: Agency, topic: str, address: str, language: str, reader: str) -> Subscription:
    return Subscription(
        agency=agency,
        topic=topic,
        address=address,
        language=languages.ours(language),
        reader=reader,
        ends_on=agency.today() + TO_CONFIRM,
    )


def checked_address(email: str) -> str:
    address = email.strip().lower()
    if not typed.is_address(address):
        raise AddressRefused(_("This is no e-mail address. Please check it."))
    return address


# -- one's own page -----------------------------------------------------------------------------------
@transaction.atomic
def confirm(reader: Reader, *, keys: Iterable[str]) -> None:
    """The address says yes to these, for a year from now. Saying it twice is saying it once, and goes on for longer."""
    rows = _rows_of(reader).filter(public_id__in=list(keys))
    rows.to_confirm().update(confirmed_at=clock.now(), told=_last_number(reader.agency))
    rows.update(ends_on=reader.agency.today() + STANDS)


@transaction.atomic
def stop(reader: Reader, *, keys: Iterable[str] | None = None) -> None:
    """No more news of these, or of anything: the rows go, and mail that waits. Stopped twice is stopped once."""
    rows = _rows_of(reader)
    (rows if keys is None else rows.filter(public_id__in=list(keys))).delete()
    if not rows.exists():
        letters.forget(reader.agency, reader.known_as)


def reader_of(agency: Agency, known_as: str) -> Reader:
    return Reader(agency, known_as, list(Subscription.objects.of(agency).standing().filter(reader=known_as)))


def _rows_of(reader: Reader) -> SubscriptionQuerySet:
    return Subscription.objects.of(reader.agency).standing().filter(reader=reader.known_as)


def _last_number(agency: Agency) -> int:
    return Happening.objects.of(agency).aggregate(last=Max("number"))["last"] or 0


def _link(reader: Reader) -> str:
    token, _bearer = bearers.issue(
        LINK,
        Origin("reader", reader.known_as),
        agency=reader.agency,
        ends_at=clock.now() + LINK_STANDS,
    )
    return token


def reader_behind(token: str, *, at: Agency) -> bearers.Held:
    """Whose page a link opens, at this agency. Raises bearers.Useless."""
    return bearers.opened_by(LINK, token, at=at)


def behind_links(rows: Sequence[Bearer]) -> bearers.Asked:
    """One's own page, also when nothing is followed any more: whoever stops twice reads that it is done."""
    ids = {Origin.of(bearer.opens).public_id for bearer in rows}
    by_reader: dict[str, list[Subscription]] = defaultdict(list)
    for row in Subscription.objects.everywhere().standing().filter(reader__in=ids):
        by_reader[row.reader].append(row)
    return {bearer.pk: _behind(bearer, by_reader) for bearer in rows}


def _behind(bearer: Bearer, by_reader: Mapping[str, list[Subscription]]) -> bearers.Behind:
    name = Origin.of(bearer.opens).public_id
    reader = Reader(bearer.agency, name, by_reader.get(name, []))
    return bearers.Behind(reader, what=_("News by mail"), person=_("who follows it"))


# -- about one thing ----------------------------------------------------------------------------------
@transaction.atomic
def keep(
    topic: Origin, *, agency: Agency, email: str, language: str, ends_on: date | None, consent: str = ""
) -> Subscription:
    """Keep an address for one thing that somebody told us, instead of any left before; until a day, or as long as it.

    In the second case whoever keeps the thing lets go of the address with it (`let_go`, `let_go_but`).
    """
    address = checked_address(email)
    let_go(topic, agency=agency)
    return Subscription.objects.create(
        agency=agency,
        topic=str(topic),
        address=address,
        language=languages.ours(language),
        consent=consent,
        confirmed_at=clock.now(),
        ends_on=ends_on,
    )


def speak(topic: Origin, language: str, *, agency: Agency) -> None:
    """Whoever left an address for one thing reads another language now."""
    Subscription.objects.of(agency).about(topic).update(language=languages.ours(language))


def prolong(*topics: Origin, agency: Agency, until: date) -> None:
    """The things for which addresses were left go on: until this day."""
    Subscription.objects.of(agency).about(*topics).update(ends_on=until)


def let_go(*topics: Origin, agency: Agency) -> int:
    """Delete the addresses that were left for these things. Returns how many there were."""
    gone, _by_model = Subscription.objects.of(agency).about(*topics).delete()
    return gone


def let_go_but(kind: str, *, kept: QuerySet[Any]) -> int:
    """Delete the addresses that were left with things of this kind, at every agency, but for those that are kept.

    Also where the thing itself is gone: no address outlives it. Returns how many.
    """
    gone, _by_model = Subscription.objects.everywhere().left_with_others_than(kind, kept).not_held().delete()
    return gone


# -- what happened ------------------------------------------------------------------------------------
@transaction.atomic
def tell(
    event: str, about: Origin, *, agency: Agency, topics: Iterable[Origin], urgent: bool = False
) -> None:
    """Something happened that those who follow these topics hear of: together with the day's news, or at once.

    In the caller's transaction, and one row however many follow.
    """
    names = [str(topic) for topic in topics]
    if not Subscription.objects.of(agency).confirmed().filter(topic__in=names).exists():
        return
    due = clock.now() if urgent else quiet.next_bundle(agency)
    Happening.objects.create(
        agency=agency, about=str(about), event=event, topics=names, urgent=urgent, due_at=due
    )
    if urgent:
        jobs.enqueue("outreach.tell_news", agency_id=agency.pk)


def bring(agency: Agency) -> int:
    """Write to all who follow what is due: one mail each, with all that they have not been told. Returns how many.

    Readers are taken some at a time, each time in a transaction of its own that says how far it came: after a crash it
    goes on there. The questions asked grow with the readers who are told, and not with those who follow something else.
    """
    due, written = _due(agency), 0
    if not due:
        return 0
    for _round in range(ROUNDS):
        some = _tell_some(agency, due)
        if some is None:
            Happening.objects.filter(pk__in=[each.pk for each in due]).update(done_at=clock.now())
            return written
        written += some
    # There are more readers than one turn reaches: the next turn stands behind what else is due.
    jobs.enqueue("outreach.tell_news", agency_id=agency.pk)
    return written


@transaction.atomic
def _due(agency: Agency) -> list[Happening]:
    """What is to be told now, with its number. At night only what is urgent."""
    _one_at_a_time(agency)
    last = _last_number(agency)
    for number, each in enumerate(Happening.objects.of(agency).filter(number=None).order_by("pk"), last + 1):
        each.number = number
        each.save(update_fields=["number"])
    due = Happening.objects.of(agency).due()
    return list(due.filter(urgent=True) if quiet.is_quiet(agency) else due)


@transaction.atomic
def _tell_some(agency: Agency, due: Sequence[Happening]) -> int | None:
    """Write to the next readers, and note how far they are told. None where there are no more.

    Whoever is found first is next: to sort those who still wait would look at all of them each time.
    """
    _one_at_a_time(agency)
    following = Subscription.objects.of(agency).confirmed().filter(channel=Channel.EMAIL)
    topics_due = {topic for each in due for topic in each.topics}
    waiting = following.filter(topic__in=topics_due, told__lt=max(each.number or 0 for each in due))
    next_ones = set(waiting.order_by().values_list("address", flat=True)[:AT_ONCE])
    if not next_ones:
        return None
    rows = list(following.standing().filter(address__in=next_ones).order_by("address", "pk"))
    news = _News(agency, list(Happening.objects.of(agency).open().numbered()))
    written = sum(
        _write(Reader(agency, theirs[0].reader, theirs), address, news)
        for address, theirs in ((address, list(some)) for address, some in groupby(rows, _address_of))
    )
    following.filter(address__in=next_ones).update(told=news.last)
    return written


def _address_of(row: Subscription) -> str:
    return row.address


def _write(reader: Reader, address: str, news: _News) -> bool:
    """One mail with all that this reader has not been told; none where nothing is left to tell."""
    with written_for(reader.language):
        items = news.of(reader, address)
    if items:
        letters.tell(reader.rows[0], items, token=_link(reader), number=news.last)
    return bool(items)


class _News:
    """What is to be told at an agency, with its words in each language that somebody reads: made once a language."""

    def __init__(self, agency: Agency, happenings: Sequence[Happening]) -> None:
        self.agency, self.happenings = agency, happenings
        self.last = max((each.number or 0 for each in happenings), default=0)
        self.told_otherwise = rooms.told_otherwise(agency, happenings)
        self.items: dict[str, dict[int, Item]] = {}

    def of(self, reader: Reader, address: str) -> dict[int, Item]:
        """For one reader, in the language of the moment: of each thing what happened last, unless a room tells them."""
        newest = {each.about: each for each in self.happenings if _is_new_to(reader, each)}
        words = self._words(reader.language)
        mine = [each for each in newest.values() if address not in self.told_otherwise.get(each.pk, ())]
        return {each.pk: words[each.pk] for each in mine if each.pk in words}

    def _words(self, language: str) -> dict[int, Item]:
        if language not in self.items:
            self.items[language] = rooms.items(self.agency, self.happenings)
        return self.items[language]


def _is_new_to(reader: Reader, happening: Happening) -> bool:
    number = happening.number or 0
    return any(row.told < number and row.topic in happening.topics for row in reader.rows)


def _one_at_a_time(agency: Agency) -> None:
    Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


# -- forgetting ---------------------------------------------------------------------------------------
def forget() -> int:
    """Delete the addresses whose day is over, and what was told long ago. Returns how many addresses."""
    Happening.objects.everywhere().old().delete()
    limits.forget()
    with transaction.atomic():
        over = Subscription.objects.everywhere().out_of_keeping()
        retention.certify(over)
        deleted, _by_model = over.delete()
    return deleted
