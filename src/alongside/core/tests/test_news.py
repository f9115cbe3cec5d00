"""News reaches every listener inside the transaction that makes it true."""

import pytest
from django.db import transaction

from alongside.core import news
from alongside.core.news import News


@pytest.fixture
def heard(monkeypatch):
    heard: list[str] = []
    monkeypatch.setattr(news, "listeners", lambda name: [heard.append] if name == "here.on_change" else [])
    return heard


@pytest.mark.django_db
def test_it_is_heard_before_the_telling_returns(heard):
    with transaction.atomic():
        News[str]("here.on_change").tell("moved")
        assert heard == ["moved"]
        News[str]("elsewhere.on_change").tell("moved")
    assert heard == ["moved"]


@pytest.mark.django_db(transaction=True)
def test_outside_of_a_transaction_nothing_is_told(heard):
    with pytest.raises(RuntimeError, match=r"here\.on_change is told inside"):
        News[str]("here.on_change").tell("moved")
    assert heard == []


@pytest.mark.django_db
def test_who_cannot_do_their_part_stops_the_whole(monkeypatch):
    def cannot(_thing):
        raise ValueError("no")

    monkeypatch.setattr(news, "listeners", lambda name: [cannot])
    with pytest.raises(ValueError, match="no"), transaction.atomic():
        News[str]("here.on_change").tell("moved")
