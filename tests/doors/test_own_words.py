"""A division may be a precinct, a neighborhood a ward: pages of every room say it the agency's way."""

import re

from django.urls import reverse

from alongside.places import actions
from alongside.places.models import AreaKind, AreaLabel, labels_of
from tests.doors.populated import one_of_everything

OURS = re.compile(r"<(?:label|th|dt|optgroup)\b[^>]*>\s*(Neighborhood|Division)s?\b")
PAGES = ["walks:plan", "gatherings:plan", "hotspots:ask", "hotspots:object", "people:staff"]


def pages_saying_it_our_way(client, riverbend, made) -> list[str]:
    one = made["hotspots.Run"].public_id
    urls = [reverse(name, args=["riverbend"]) for name in PAGES]
    urls.append(reverse("hotspots:run", args=["riverbend", one]))
    urls.append(made["gatherings.Gathering"].get_absolute_url())
    pages = {url: client.get(url) for url in urls}
    assert {page.status_code for page in pages.values()} == {200}
    return [url for url, page in pages.items() if OURS.search(page.content.decode())]


def test_pages_say_the_agencys_own_words(riverbend, administrator, client_for):
    made = one_of_everything(riverbend)
    AreaLabel.objects.filter(agency=riverbend).delete()
    client = client_for(administrator)
    assert len(pages_saying_it_our_way(client, riverbend, made)) > 3, (
        "the premise: without any, they say ours"
    )
    words = {AreaKind.NEIGHBORHOOD: ("Ward", "Wards"), AreaKind.DIVISION: ("Precinct", "Precincts")}
    actions.name_kinds(riverbend, words=words, by=administrator)
    assert labels_of(riverbend)[AreaKind.DIVISION] == ("Precinct", "Precincts")
    assert pages_saying_it_our_way(client, riverbend, made) == []
