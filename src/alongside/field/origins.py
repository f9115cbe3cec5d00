"""What a concern or a photo keeps of the gathering it came from: a key that stays, and what is shown of it."""

from __future__ import annotations

from alongside.field import passes
from alongside.followthrough import actions as followthrough
from alongside.gatherings.actions import Change
from alongside.gatherings.origins import shown_of
from alongside.media import actions as media


def follow(change: Change) -> None:
    """What a gathering is now, its concerns and photos show: its name and page; and photos only what is no draft.

    Its passes end where it is called off before it began.
    """
    passes.take_back(change)
    gathering, origin = change.gathering, change.gathering.key
    if change.gone:
        media.forget(gathering.agency, origin)
        shown = shown_of(gathering) | {"origin_link": ""}
        followthrough.show_origin(gathering.agency, origin, **shown)
        return
    if change.fields & {"title", "kind", "page_id"}:
        followthrough.show_origin(gathering.agency, origin, **shown_of(gathering))
    if "status" in change.fields and not gathering.is_draft:
        media.publish(gathering.agency, origin)
