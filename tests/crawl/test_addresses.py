"""The crawler visits the same addresses every time, and never one that does something."""

from tests.crawl.addresses import MOST_STAGES, Choice, in_language, kind, leads_to, tidy, without_language

WALK = "/riverbend/walks/{}/"
FLYER = "/riverbend/gatherings/{}/flyer/"
PAGE = """
<link rel="alternate" hreflang="es" href="/es/riverbend/">
<a href="/riverbend/walks/">Walks</a> <a href="?b=2&amp;a=1#list">Sorted</a> <a href="/es/riverbend/wall/">Español</a>
<a href="https://elsewhere.example/riverbend/">Elsewhere</a>
<a href="http://localhost:8000/es/riverbend/gatherings/answer/token/">In a letter</a>
<a href="mailto:ada@riverbend.example">Write</a>
<a href="/accounts/logout/">Leave</a> <a href="/static/alongside.css">Looks</a>
<form method="post" action="/riverbend/workspace/pauses/"></form>
"""


def test_links_of_this_site_are_followed_and_nothing_else():
    assert leads_to(PAGE, "/riverbend/program/") == {
        "/riverbend/walks/",
        "/riverbend/program/?a=1&b=2",
        "/riverbend/wall/",
        "/riverbend/gatherings/answer/token/",
    }


def test_one_page_has_one_address():
    assert tidy("/riverbend/", "b=2&a=1&c=") == tidy("/riverbend/", "c=&a=1&b=2") == "/riverbend/?a=1&b=2&c="
    assert tidy("", "") == "/"


def test_a_language_is_put_on_and_taken_off():
    assert without_language("/es/riverbend/") == "/riverbend/"
    assert without_language("/es") == "/"
    assert without_language("/escape/") == "/escape/", "a city may begin with these letters"
    assert in_language("/riverbend/", "es") == "/es/riverbend/"
    assert in_language("/riverbend/", "en") == "/riverbend/"


def test_pages_of_one_kind_have_one_route_and_are_asked_for_the_same_things():
    assert kind(WALK.format("abc")) == kind(WALK.format("xyz")) == "walks:detail"
    assert kind("/riverbend/walks/?b=1&a=2") == kind("/riverbend/walks/?a=3&b=") == "walks:list a b"
    assert kind("/nowhere/at/all/ever/") == "/nowhere/at/all/ever/"


def test_the_first_few_of_a_kind_are_chosen_in_alphabetical_order():
    choice = Choice(most=2)
    assert choice.among(map(FLYER.format, "cabd")) == [FLYER.format("a"), FLYER.format("b")]
    assert choice.among([FLYER.format("a"), FLYER.format("0")]) == [], "this kind has had its share"
    assert choice.among(["/riverbend/walks/", "/riverbend/walks/"]) == ["/riverbend/walks/"]
    assert choice.among(["/riverbend/walks/"]) == [], "nothing is visited twice"


def test_of_pages_that_change_in_the_course_of_a_walk_more_are_chosen():
    assert len(Choice(most=2).among(map(WALK.format, range(20)))) == MOST_STAGES
