"""Replies to begin with. None is sent as it stands: each has a gap, and whoever uses it fills that."""

from __future__ import annotations

import re

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from alongside.agencies import audit
from alongside.agencies.models import Agency, User
from alongside.core.authored import Words, words_of
from alongside.core.errors import Refusal
from alongside.core.text import line
from alongside.followthrough.models import LONGEST_NOTE, Template
from alongside.followthrough.writing import WordsRefused, name_of, written

GAP = re.compile(r"\[[^\[\]\n]{1,80}\]")
MOST = 60


class ReplyRefused(Refusal):
    """A reply without a name, without a gap, or one too many."""


@transaction.atomic
def keep(
    agency: Agency, *, name: str, text: Words | str, by: User | None, template: Template | None = None
) -> Template:
    """Write a reply down, or change one. Raises ReplyRefused where nothing in it has to be filled in."""
    name = line(name, 80)
    if not name:
        raise ReplyRefused(_("Give it a name that you find again."))
    known = words_of(template.text if template is not None else "")
    text = written(text, LONGEST_NOTE).signed(name_of(by, agency), before=known)
    if any(not GAP.search(each.text) for each in text.texts.values()):
        raise ReplyRefused(
            _(
                "Leave a gap in it, in each language, such as [what was done]: nobody is answered by a form letter."
            )
        )
    if template is None and Template.objects.of(agency).count() >= MOST:
        raise ReplyRefused(_("There are %(n)d replies already. Delete one that nobody uses.") % {"n": MOST})
    kept = template or Template(agency=agency)
    kept.name, kept.text = name, text
    try:
        with transaction.atomic():
            kept.save()
    except IntegrityError:
        raise ReplyRefused(_("There is a reply of that name already.")) from None
    audit.record(agency=agency, by=by, verb="wrote", thing=kept)
    return kept


@transaction.atomic
def remove(template: Template, *, by: User | None) -> None:
    """Nobody begins with it any more. What was sent stays sent."""
    audit.record(agency=template.agency, by=by, verb="deleted", thing=template)
    template.delete()


def must_be_own_words(agency: Agency, text: Words | str) -> None:
    """What is sent was edited, and no gap is left. Raises WordsRefused, in words that say which gap."""
    said = [each.text for each in words_of(text).texts.values() if each.text.strip()]
    if not said:
        return
    known = [each.text for row in Template.objects.of(agency) for each in row.text.texts.values()]
    gaps = {gap for each in known for gap in GAP.findall(each)} | {"[…]", "[...]"}
    for each in said:
        if _plain(each) in {_plain(text) for text in known}:
            raise WordsRefused(_("This is the reply as it stands. Write it for this person first."))
        left = next((gap for gap in GAP.findall(each) if gap in gaps), None)
        if left is not None:
            raise WordsRefused(_("A gap is left: %(gap)s. Fill it, or take it out.") % {"gap": left})


def behind(typed: Words, reply: Words) -> Words:
    """What somebody has typed, and the reply behind it, language by language."""
    words = typed
    for language, each in reply.texts.items():
        stands = typed.texts[language].text if language in typed.texts else ""
        text = each.text if not stands else f"{stands}\n\n{each.text}"
        words = words.written(text, language=language)
    return words


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
