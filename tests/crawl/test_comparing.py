"""Two crawls agree unless a reader would notice."""

import pytest
from PIL import Image

from tests.crawl.comparing import (
    compare,
    compare_pictures,
    lines,
    report_lines,
    settled,
    share_of_pixels,
    side_by_side,
)
from tests.crawl.visitors import Answer
from tests.crawl.words import Known, parts

HOME = {"status": 200, "title": "Home", "text": ["Come along", "Saturday"], "doors": ["/riverbend/walks/"]}


def page(**changes):
    return HOME | changes


def test_a_city_is_the_same_as_itself():
    crawl = {"stranger /": HOME, "ada /": {"same_as": "stranger /"}}
    assert not compare(crawl, crawl)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Come   along", "Come along"),
        ("sent 2 minutes ago", "sent 1 minute ago"),
        ("hace 3 horas", "hace 1 hora"),
        ("alt: 7COFRPWIXZKQZP2CA2ON6ZJVUQEETSF7", "alt: WVX6NT7OAMXHVFOI7PUL7BUCD763YBD2"),
        ("?csrfmiddlewaretoken=abc", "?csrfmiddlewaretoken=xyz"),
    ],
)
def test_what_passes_means_nothing(before, after):
    assert settled(before) == settled(after)


@pytest.mark.parametrize(("before", "after"), [("Come along", "Comealong"), ("2 weeks ago", "1 week ago")])
def test_what_a_reader_would_notice_does(before, after):
    assert settled(before) != settled(after)


def test_lines_say_where_they_are_and_empty_ones_are_dropped():
    assert lines({"status": 200, "text": ["Come", ""], "hidden": ["Menu"]}) == [
        "status: 200",
        "text| Come",
        "hidden| Menu",
    ]


def test_a_missing_and_a_new_page_are_said():
    difference = compare({"stranger /": HOME, "stranger /a": HOME}, {"stranger /": HOME, "stranger /b": HOME})
    assert (difference.missing, difference.new) == (["stranger /a"], ["stranger /b"])
    assert list(report_lines(difference)) == ["missing: stranger /a", "new: stranger /b"]


def test_what_differs_in_the_same_way_is_said_once():
    before = {f"stranger /{n}": page() for n in range(3)}
    after = {f"stranger /{n}": page(text=["Come along", "Sunday"]) for n in range(3)}
    [(changes, keys)] = compare(before, after).words.items()
    assert keys == ["stranger /0", "stranger /1", "stranger /2"]
    assert [line for line in changes if line[0] in "+-"] == ["-text| Saturday", "+text| Sunday"]


def test_a_page_that_was_like_another_is_compared_by_what_it_said():
    before = {"stranger /": HOME, "ada /": {"same_as": "stranger /"}}
    assert not compare(before, {"stranger /": HOME, "ada /": page()}), "said anew, it says the same"
    [keys] = compare(before, {"stranger /": HOME, "ada /": page(status=403)}).words.values()
    assert keys == ["ada /"]


def test_the_audit_trail_tells_when_the_crawl_came_and_nothing_else_may():
    at = {
        "a": page(text=["November 29, 2026, 8:09 a.m. Ada exported"]),
        "b": page(text=["2026-11-29T08:08:31.8-05:00"]),
    }
    later = {
        "a": page(text=["November 29, 2026, 9 a.m. Ada exported"]),
        "b": page(text=["2026-11-29T09:00:00.1-05:00"]),
    }
    for which in "ab":
        trail, walk = "ada /riverbend/workspace/audit/", "ada /riverbend/workspace/walks/"
        assert not compare({trail: at[which]}, {trail: later[which]})
        assert compare({walk: at[which]}, {walk: later[which]})


def answer(html: str, status: int = 200) -> Answer:
    return Answer(status=status, kind="text/html", body=html, leads="")


FRAME = (
    '<html><head><title>{title}</title></head><body><nav><a href="{own}">{menu}</a></nav>{main}</body></html>'
)


def whole(main="<main>Come</main>", title="Home", menu="Walks", own="/a/"):
    return FRAME.format(main=main, title=title, menu=menu, own=own)


def test_blanks_tokens_and_own_addresses_make_no_other_page():
    token = '<main>Come<input type="hidden" name="csrfmiddlewaretoken" value="{}"></main>'
    assert parts(whole(token.format("abc"))) == parts(whole(token.format("xyz"), own="/b/"))
    assert parts(whole("<main>\n  Come\n</main>")) == parts(whole())
    assert parts(whole("<main>Stay</main>")) != parts(whole())
    assert parts(whole(title="Walks")) != parts(whole())
    assert parts(whole(menu="Members")) != parts(whole())


def test_a_page_is_opened_again_only_for_what_is_new_on_it():
    known = Known()
    assert known.twin("stranger /", "en", answer(whole())) is None
    assert known.twin("ada /", "en", answer(whole(own="/b/"))) == "stranger /"
    assert known.twin("ada /es", "es", answer(whole())) is None, "another language"
    assert known.twin("ada /", "en", answer(whole(), status=403)) is None, "another answer"
    assert known.twin("ruth /", "en", answer(whole(menu="Members"))) is None, "another menu"
    assert known.twin("ruth /2", "en", answer(whole(menu="Members"))) == "stranger /"


def sheet(color: str, size=(10, 10)) -> Image.Image:
    return Image.new("RGB", size, color)


def test_the_share_of_pixels_that_differ():
    white, dotted = sheet("white"), sheet("white")
    dotted.putpixel((3, 3), (255, 255, 254))
    assert share_of_pixels(white, white) == 0
    assert share_of_pixels(white, dotted) == pytest.approx(0.01)
    assert share_of_pixels(white, sheet("white", (10, 20))) == pytest.approx(0.5), "a longer page differs"
    assert side_by_side(white, sheet("black", (20, 30))).size == (46, 30)


def test_pictures_that_differ_are_laid_side_by_side(tmp_path):
    for folder, color in (("before", "white"), ("after", "black")):
        (tmp_path / folder).mkdir()
        sheet(color).save(tmp_path / folder / "home.png")
        sheet("white").save(tmp_path / folder / "same.png")
    sheet("white").save(tmp_path / "before" / "gone.png")
    said = list(compare_pictures(tmp_path / "before", tmp_path / "after", tmp_path / "both"))
    assert said == ["picture missing: gone.png", "picture: home.png: 100.0000% of its pixels differ"]
    assert [each.name for each in (tmp_path / "both").iterdir()] == ["home.png"]
