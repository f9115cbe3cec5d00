"""What waits for a person in this room, and that it is gone when it is done."""

from alongside.core.needs import Need
from alongside.rosters import actions, needs, posting
from alongside.rosters.models import Heard, Part, Post
from alongside.rosters.tests.cast import a_walk


def test_who_is_asked_and_has_not_answered(city, ada, dent):
    walk = a_walk(city.agency, city.eastbank)
    post = posting.add(walk, member=city.dent, part=Part.OFFICER, by=None)
    assert list(needs.unanswered(city.agency)) == [], "nobody asked yet"
    actions.invite_all(Post, walk, by=ada)
    (need,) = needs.unanswered(city.agency)
    assert need == Need(
        str(post.key), walk.title, "/riverbend/workspace/rosters/mine/", walk.on, people=(dent.pk,)
    )
    actions.answer(Post.objects.get(pk=post.pk), coming=True, heard=Heard.PAGE, by=dent)
    assert list(needs.unanswered(city.agency)) == []
