"""Pieces of a page that take a little Python: the way back, and one button."""

from types import SimpleNamespace

from django.template import Context, Template

AGENCY = SimpleNamespace(slug="harbor")


def shown(words, **known):
    return " ".join(Template("{% load look %}" + words).render(Context({"agency": AGENCY, **known})).split())


def test_the_way_back_goes_to_a_list_of_the_agency():
    page = shown('{% crumbs "walks:workspace" _("Walks") %}')
    assert page.count("<li>") == 1
    assert '<a href="/harbor/workspace/walks/">Walks</a>' in page


def test_a_step_below_stands_after_it_where_there_is_one():
    way = '{% crumbs "walks:workspace" _("Walks") step "/here/" %}'
    assert shown(way, step="One & all").index("Walks") < shown(way, step="One & all").index("One &amp; all")
    assert '<a href="/here/">' in shown(way, step="One & all")
    assert shown(way).count("<li>") == 1


def test_a_button_does_one_thing_of_the_agency():
    page = shown('{% button_to "walks:publish" "w1" label=_("Publish") look="go" %}', csrf_token="t0ken")
    assert 'method="post" action="/harbor/workspace/walks/w1/publish/"' in page
    assert '<button class="btn go"> Publish </button>' in page
    assert 'value="t0ken"' in page


def test_a_button_may_look_like_any_other():
    assert '<button class="btn"> Publish </button>' in shown(
        '{% button_to "walks:publish" "w1" label=_("Publish") %}'
    )


def test_a_button_in_a_list_says_what_it_is_about():
    page = shown('{% button_to "walks:publish" "w1" label=_("Publish") about=title %}', title="Tea & talk")
    assert 'Publish <span class="visually-hidden">: Tea &amp; talk</span> </button>' in page


def test_no_line_begins_with_the_dot_between_two_facts() -> None:
    page = Template(
        "{% dotted %}\n {{ kind }}\n {% if day %}\n · {{ day }}{% endif %}\n ·\n {{ who }}\n {% enddotted %}"
    )
    told = page.render(Context({"kind": "Noise", "day": "May 5", "who": "<Ada>"}))
    assert told == "Noise\N{NO-BREAK SPACE}· May 5\N{NO-BREAK SPACE}· &lt;Ada&gt;"
    assert page.render(Context({"kind": "", "who": "Ada"})) == "Ada", "no dot where nothing stands before it"
    joined = Template("{% load look %}{% joined kind who by=' · ' %}")
    assert joined.render(Context({"kind": "Noise", "who": "Ada"})) == "Noise\N{NO-BREAK SPACE}· Ada"
