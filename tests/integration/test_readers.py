"""A reader who stops e-mails gets none from that moment on, and nothing belatedly when they come again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from postbox import free_port, served
from sqlalchemy import Engine
from test_outbox import ICE, MAYOR, NOW, put, run_alerts, start_watching, states

from pipeline.records import Watch
from pipeline.store.alerts.readers import resume_emails, stop_emails
from pipeline.store.alerts.watches import subscriber_id

READER = subscriber_id(MAYOR.address)
SNOW = Watch("snow", "Snow", MAYOR.address, words=("snow",))
LATER = NOW + timedelta(hours=1)


@pytest.mark.parametrize("watch", [MAYOR.id, None])
def test_what_is_stopped_is_not_sent_even_if_it_waited(engine: Engine, watch: str | None) -> None:
    start_watching(engine, MAYOR, ICE)
    put(engine, {"source": "a"})
    run_alerts(engine, f"smtp://127.0.0.1:{free_port()}", MAYOR, ICE)
    with engine.begin() as connection:
        assert stop_emails(connection, READER, watch, NOW)
        assert stop_emails(connection, READER, watch, NOW)
    put(engine, {"source": "b", "words": "a second thing altogether was promised", "hours": 3})
    with served() as box:
        run_alerts(engine, box, MAYOR, ICE, now=LATER)
        assert run_alerts(engine, box, MAYOR, ICE, now=NOW + timedelta(hours=80)).dead == 0
    assert [mail["To"] for mail in box.emails] == [ICE.address]
    assert states(engine) == {"sent": 1, "suppressed-stopped": 1}


def test_another_watch_of_the_reader_goes_on(engine: Engine) -> None:
    start_watching(engine, MAYOR, SNOW)
    with engine.begin() as connection:
        stop_emails(connection, READER, SNOW.id, NOW)
    put(engine, {"source": "a", "words": "the snow stays until March"})
    with served() as box:
        assert run_alerts(engine, box, MAYOR, SNOW).sent == 1


@pytest.mark.parametrize("watch", [MAYOR.id, None])
def test_what_is_resumed_starts_anew(engine: Engine, watch: str | None) -> None:
    start_watching(engine)
    with engine.begin() as connection:
        stop_emails(connection, READER, watch, NOW)
    put(engine, {"source": "a"})
    run_alerts(engine, f"smtp://127.0.0.1:{free_port()}")
    with engine.begin() as connection:
        assert resume_emails(connection, READER, watch, LATER)
    put(engine, {"source": "b", "words": "a second thing altogether was promised", "hours": 3.5})
    with served() as box:
        assert run_alerts(engine, box, now=NOW + timedelta(hours=2)).sent == 1
    assert "second thing" in box.emails[0]["Subject"]


def test_nobody_can_stop_the_watch_of_another(engine: Engine) -> None:
    start_watching(engine, MAYOR, ICE)
    with engine.begin() as connection:
        assert not stop_emails(connection, READER, ICE.id, NOW)
        assert not stop_emails(connection, "0" * 16, None, NOW)
        assert not resume_emails(connection, READER, ICE.id, NOW)
