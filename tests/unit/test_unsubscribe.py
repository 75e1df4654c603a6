"""Links that stop e-mails: only ours count, and each stops what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.alerts.unsubscribe import Subscription, sign, unsubscribe_url, verify

KEY = "a key of this installation"
ONE = Subscription("0123456789abcdef", "harbour.2-ru")
ALL = Subscription("0123456789abcdef")


@pytest.mark.parametrize("subscription", [ONE, ALL])
def test_a_signed_link_names_its_subscription_again(subscription: Subscription) -> None:
    url = unsubscribe_url("https://news.example/onrecord/", subscription, KEY)
    assert url.startswith("https://news.example/onrecord/unsubscribe/")
    assert verify(url.rpartition("/")[2], KEY) == subscription


def test_a_link_counts_for_its_own_watch_reader_and_key_only() -> None:
    token = sign(ONE, KEY)
    for changed in (
        token.replace("harbour.2-ru", "harbour"),
        token.replace("harbour.2-ru", ""),
        token.replace("0123", "0124"),
        token[:-1],
        token + "A",
        sign(ONE, "another key"),
        "",
    ):
        assert verify(changed, KEY) is None


@given(st.text(max_size=80))
def test_no_other_text_is_a_link(text: str) -> None:
    assert verify(text, KEY) is None


@pytest.mark.parametrize("subscription", [Subscription("reader@example.org"), Subscription("0123456789abcdef", "a/b")])
def test_what_is_no_id_is_not_signed(subscription: Subscription) -> None:
    with pytest.raises(ValueError, match="no ids"):
        sign(subscription, KEY)
