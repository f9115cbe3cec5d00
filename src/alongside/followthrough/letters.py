"""What we write to whoever left an address for one concern. The mail never repeats what they said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from alongside.core.errors import phrase
from alongside.core.links import absolute, in_nobodys_language
from alongside.followthrough.models import ANSWERED_FOR, Concern, Deed, Promise, Step, StepQuerySet
from alongside.followthrough.promises.models import Kept
from alongside.outreach import actions as outreach
from alongside.outreach.models import Letter, Mail, MailQuerySet, Message, Untrue
from alongside.outreach.models import State as MailState
from alongside.outreach.subscriptions.models import Subscription


def notify(contact: Subscription, concern: Concern, step: Step, *, code: str) -> None:
    """One step, with what follows within minutes, in the language they read. Its code is a fresh one."""
    message = Message(
        "followthrough.news",
        agency=concern.agency,
        to=contact.address,
        language=contact.language,
        about=concern.topic,
        whose=concern.topic,
        facts={"step": step.pk, "code": code},
        once=_once(step),
        typed_until=contact.ends_on,
        can_wait=True,
        with_more=True,
    )
    outreach.tell(message)
    outreach.look_again(concern.agency, concern.topic)


def forget(concern: Concern) -> None:
    """Whoever left an address took it back: no mail about this concern keeps it, and none goes out any more."""
    outreach.forget(concern.agency, concern.topic)


def ask(contact: Subscription, concern: Concern, *, code: str) -> None:
    """Once more, before the days are over: is it so? Asked of one answer once."""
    outreach.tell(
        Message(
            "followthrough.asked",
            agency=concern.agency,
            to=contact.address,
            language=contact.language,
            about=concern.topic,
            whose=concern.topic,
            facts={"concern": concern.pk, "closed": _moment(concern), "code": code},
            once=asked_once(concern),
            typed_until=contact.ends_on,
            can_wait=True,
        )
    )


def asked_once(concern: Concern) -> str:
    return f"concern:{concern.pk}:asked:{_moment(concern)}"


def _moment(concern: Concern) -> str:
    return f"{concern.closed_at:%Y%m%d%H%M%S}" if concern.closed_at else ""


def news(mail: Mail) -> Letter:
    """What happened, while it says how things stand; and what else did meanwhile, of which no mail has left yet."""
    step = (
        Step.objects.of(mail.sender).select_related("concern__agency").filter(pk=mail.known["step"]).first()
    )
    if step is None:
        raise Untrue(phrase("Its words were erased."))
    concern = _known_to(mail, step.concern)
    _must_be_new(step, mail)
    _must_hold(step, concern, mail)
    step.facts = _as_known(step.facts | mail.known.get("inherited", {}))
    steps = [step, *_meanwhile(step, mail)]
    asks = concern.to_confirm and not concern.was_silent and any(each.deed == Deed.CLOSED for each in steps)
    facts = {"concern": concern, "steps": steps, "asks": asks}
    return _letter(
        _("News of what you told us: %(agency)s"), "news", mail, facts, told=[str(each.pk) for each in steps]
    )


def asked(mail: Mail) -> Letter:
    """The question whether it is so, once more, while nobody has said and the days are not over."""
    concern = (
        Concern.objects.of(mail.sender).select_related("agency").filter(pk=mail.known["concern"]).first()
    )
    if concern is None:
        raise Untrue(phrase("Its words were erased."))
    _known_to(mail, concern)
    if not concern.to_confirm or mail.known["closed"] != _moment(concern):
        raise Untrue(phrase("Whoever asked has said whether it is so, or it is open again."))
    if concern.was_silent or concern.confirm_by is None:
        raise Untrue(phrase("The days in which we asked are over."))
    return _letter(_("Is it so? %(agency)s"), "asked", mail, {"concern": concern})


def _known_to(mail: Mail, concern: Concern) -> Concern:
    """The concern, while its words stand and whoever reads this is the one who left an address. Raises Untrue."""
    if concern.redacted_at is not None:
        raise Untrue(phrase("Its words were erased."))
    if concern.contact is None or concern.contact.address != mail.to:
        raise Untrue(outreach.TAKEN_BACK)
    return concern


def _letter(
    subject: str, name: str, mail: Mail, facts: dict[str, Any], *, told: list[str] | None = None
) -> Letter:
    concern: Concern = facts["concern"]
    agency, code = concern.agency, mail.known["code"]
    words = facts | {"agency": agency, "link": page_of(concern, code)}
    return Letter(
        subject=subject % {"agency": agency.name},
        text=render_to_string(f"followthrough/mail/{name}.txt", words),
        unsubscribe_url=absolute(reverse("followthrough:stop-mail", args=[agency.slug, code])),
        told=told,
    )


# -- several at once --------------------------------------------------------------------------------
def _meanwhile(step: Step, mail: Mail) -> list[Step]:
    """What happened since, as far as it holds and its own mail still waits; that finds itself told (_must_be_new).

    Not where an attempt may have arrived: what is taken along now, its reader might take for a second copy.
    """
    if mail.perhaps_taken or mail.state != MailState.WAITING:
        return []
    later = _of_this_concern(mail).waiting().filter(perhaps_taken=False).exclude(pk=mail.pk)
    waiting = {each.known["step"]: each for each in later}
    rows = (
        Step.objects.of(mail.sender).filter(pk__in=waiting, pk__gt=step.pk).select_related("concern__agency")
    )
    return [each for each in rows.order_by("at", "pk") if _holds(each, step.concern, waiting[each.pk])]


def _holds(step: Step, concern: Concern, mail: Mail) -> bool:
    try:
        _must_hold(step, concern, mail)
    except Untrue:
        return False
    step.facts = _as_known(step.facts | mail.known.get("inherited", {}))
    return True


def _must_be_new(step: Step, mail: Mail) -> None:
    """What was taken along by a mail before is told. Raises Untrue."""
    sent = _of_this_concern(mail).filter(state=MailState.SENT, sent_at__gte=step.at, told__isnull=False)
    if any(str(step.pk) in (each.told or ()) for each in sent.only("told")):
        raise Untrue(phrase("It was told together with what came before it."))


def _of_this_concern(mail: Mail) -> MailQuerySet:
    """News of the same concern to the same reader."""
    rows = Mail.objects.of(mail.sender).filter(kind="followthrough.news", whose=mail.whose)
    return rows.to_the_same(mail)


# -- what holds -------------------------------------------------------------------------------------
def _must_hold(step: Step, concern: Concern, mail: Mail) -> None:
    """What was promised anew, kept, closed, opened or sent elsewhere meanwhile is not told as before. Raises Untrue."""
    if concern.is_withheld != (step.deed == Deed.WITHHELD):
        raise Untrue(phrase("It is handled elsewhere by now, or here again."))
    undone = _later(step, Deed.UNDONE).values_list("facts", flat=True)
    if any(step.pk in facts.get("undoes", ()) for facts in undone):
        raise Untrue(phrase("It was a mistake, and was undone."))
    if holds := HOLDS.get(Deed(step.deed)):
        holds(step, concern, mail)


def _is_promised(step: Step, concern: Concern, mail: Mail) -> None:
    """An owner and a day, until there are others; what the reader knew of it, the next one has to know."""
    later = _later(step, Deed.ASSIGNED, Deed.CLOSED, Deed.REOPENED)
    if later.exists() or concern.state not in ANSWERED_FOR:
        heir = _of_step(later.filter(deed=Deed.ASSIGNED).first(), mail)
        inherited = mail.known.get("inherited") or _day_known(step)
        raise Untrue(phrase("It was promised anew, or closed."), heir=heir, inherits={"inherited": inherited})


def _stands(step: Step, concern: Concern, mail: Mail) -> None:
    """What was promised stands, by the same person for the same day."""
    promise = _promise(step)
    if promise is None or not promise.is_open:
        raise Untrue(phrase("What was promised has ended."))
    if (promise.who, promise.due.isoformat()) != (step.facts.get("owner"), step.facts.get("due")):
        raise Untrue(phrase("It was promised anew, or closed."))


def _ended_so(step: Step, concern: Concern, mail: Mail) -> None:
    promise = _promise(step)
    if promise is None or promise.state != ENDED[Deed(step.deed)]:
        raise Untrue(phrase("It is open again."))


def _is_closed(step: Step, concern: Concern, mail: Mail) -> None:
    """Closed so, and by this answer: what was opened and closed again meanwhile has another."""
    if concern.state != step.facts.get("state") or _later(step, Deed.REOPENED).exists():
        raise Untrue(phrase("It is open again."))


def _is_open(step: Step, concern: Concern, mail: Mail) -> None:
    if concern.is_closed or _later(step, Deed.REOPENED).exists():
        raise Untrue(phrase("It was closed again."))


ENDED = {Deed.KEPT: Kept.KEPT, Deed.NOT_KEPT: Kept.NOT_KEPT}
# What is told of as it was, and always holds, is not named: one of us has read it; news; what another body says.
HOLDS: dict[Deed, Callable[[Step, Concern, Mail], None]] = {
    Deed.ASSIGNED: _is_promised,
    Deed.PROMISED: _stands,
    Deed.KEPT: _ended_so,
    Deed.NOT_KEPT: _ended_so,
    Deed.CLOSED: _is_closed,
    Deed.REOPENED: _is_open,
}


def _promise(step: Step) -> Promise | None:
    rows = Promise.objects.of(step.agency_id).select_related("owner__rank")
    return rows.filter(public_id=step.facts.get("promise", "")).first()


def _later(step: Step, *deeds: Deed) -> StepQuerySet:
    return Step.objects.of(step.agency_id).filter(concern=step.concern_id, deed__in=deeds, pk__gt=step.pk)


def once(concern: int, step: int) -> str:
    """The key of the mail that tells this step."""
    return f"concern:{concern}:{step}"


def _once(step: Step) -> str:
    return once(step.concern_id, step.pk)


def _of_step(step: Step | None, mail: Mail) -> Mail | None:
    """The mail that tells the next promise to the same reader, while it waits; not where this one may have arrived."""
    if step is None or mail.perhaps_taken:
        return None
    waiting = Mail.objects.of(mail.sender).waiting().to_the_same(mail)
    return waiting.filter(key=_once(step)).first()


def _day_known(step: Step) -> dict[str, str]:
    """The day that its reader knew before, as the next promise has to name it; none, where none was promised."""
    return {"was_due": step.facts.get("was_due", "")}


def _as_known(facts: dict[str, str]) -> dict[str, str]:
    """Promised for the day that its reader knows, it was not moved, whatever happened between."""
    return facts if facts.get("was_due") != facts.get("due") else {**facts, "was_due": ""}


def page_of(concern: Concern, code: str) -> str:
    """The public page of a concern, as an address to click, in the language of the moment."""
    return absolute(reverse("followthrough:page", args=[concern.agency.slug, code]))


def url_of(slug: str, code: str) -> str:
    """What a card's code to scan says: the page of a concern."""
    return in_nobodys_language("followthrough:page", slug, code)
