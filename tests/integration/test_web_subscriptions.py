"""A reader stops e-mails from the e-mail, with one click and without sign-in; nobody else can, and no scanner does."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import Engine, text

from pipeline.alerts.unsubscribe import PATH, Subscription, sign
from pipeline.config.settings import Settings
from tests.pages import serving_pages

KEY, READER = "a key of the tests", "0123456789abcdef"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def client(settings: Settings, engine: Engine) -> Iterator[httpx.Client]:
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO onrecord.subscribers (id, address) VALUES (:it, 'reader@paper.example')"), {"it": READER}
        )
        for watch in ("bridges", "lamps"):
            connection.execute(
                text(
                    "INSERT INTO onrecord.watches (id, title, definition, subscriber_id, since) "
                    "VALUES (:it, :title, '{}', :reader, '2026-01-01')"
                ),
                {"it": watch, "title": f"All about {watch}", "reader": READER},
            )
    with serving_pages(settings, engine, password="a password for pages", link_key=KEY) as served:
        yield served


def stopped(engine: Engine) -> dict[str, bool]:
    """By watch whether it is stopped, and under ``all`` whether everything is."""
    with engine.connect() as connection:
        found = {
            row.id: row.stopped_at is not None for row in connection.execute(text("SELECT * FROM onrecord.watches"))
        }
        everything = connection.scalar(text("SELECT stopped_at IS NOT NULL FROM onrecord.subscribers"))
    return {**found, "all": bool(everything)}


def test_one_click_stops_the_watch_it_is_about_and_following_the_link_nothing(
    client: httpx.Client, engine: Engine
) -> None:
    link = PATH + sign(Subscription(READER, "lamps"), KEY)
    page = client.get(link)
    assert page.status_code == 200 and "All about lamps" in page.text and "reader@" not in page.text
    assert not any(stopped(engine).values())
    for _ in range(2):
        assert client.post(link, data=ONE_CLICK).status_code == 200
        assert stopped(engine) == {"bridges": False, "lamps": True, "all": False}
    assert client.post(link, data={"resume": "yes"}).status_code == 200
    assert not any(stopped(engine).values())


def test_all_e_mails_are_stopped_by_a_link_about_all(client: httpx.Client, engine: Engine) -> None:
    page = client.post("/u/" + sign(Subscription(READER), KEY), data=ONE_CLICK)
    assert page.status_code == 200 and "reader@" not in page.text
    assert stopped(engine)["all"]


@pytest.mark.parametrize(
    "token", ["", "x", sign(Subscription(READER), "another key"), sign(Subscription("f" * 16), KEY)]
)
def test_a_link_that_we_did_not_sign_or_of_nobody_changes_nothing(
    client: httpx.Client, engine: Engine, token: str
) -> None:
    assert client.post(PATH + token, data=ONE_CLICK).status_code == 404
    assert client.get(PATH + token).status_code == 404
    assert not any(stopped(engine).values())


def test_a_form_that_is_too_long_is_refused(client: httpx.Client) -> None:
    assert client.post(PATH + sign(Subscription(READER), KEY), content=b"x" * 5_000).status_code == 413
