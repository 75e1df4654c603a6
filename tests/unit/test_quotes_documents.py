"""English letters, statements and reports, and abbreviations that a text introduces: whose words they are."""

from __future__ import annotations

import pytest

from pipeline.quotes import find_quotes
from tests.unit.quoting import ROSTER


@pytest.fixture(autouse=True)
def however_sure(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whom words mean is asked here, not how sure that is."""
    monkeypatch.setattr("pipeline.quotes.engine.UNSURE", 0.0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A letter signed by Ivan Melnov said that the bridge was ready.", "Ivan Melnov"),
        ("A letter from Ivan Melnov to the mayor said that the bridge was ready.", "Ivan Melnov"),
        ("Ivan Melnov's letter said that the bridge was ready.", "Ivan Melnov"),
        ("Ivan Melnov met voters. His statement said that the bridge was ready.", "Ivan Melnov"),
        ("Ivan Melnov sent a letter to the mayor. The letter said that the bridge was ready.", "Ivan Melnov"),
        ("“The bridge is ready,” the statement from the Novokray Road Service read.", "Novokray Road Service"),
        ("According to a report by the Novokray Road Service, the bridge is ready.", "Novokray Road Service"),
        ("The bridge is ready, according to a tally by the Roads Institute.", "Roads Institute"),
        ("The bridge is ready, according to a survey of drivers by the Roads Institute.", "Roads Institute"),
        ("The Roads Institute report said that the bridge was ready.", "Roads Institute"),
        ("The transport ministry's report reads: “The bridge is ready.”", "transport ministry"),
        ("A statement by the heads of the two agencies said that the bridge was ready.", "heads of the two agencies"),
        ("A joint statement said that the bridge was ready.", "joint statement"),
        ("Ivan Melnov met voters in Perm. A mayor was there. The letter said that the bridge was ready.", "letter"),
        ("Ivan Melnov's office said that the bridge was ready.", "Ivan Melnov's office"),
        ("A former employee of the channel said the bridge was ready.", "former employee of the channel"),
    ],
)  # fmt: skip
def test_a_document_is_its_senders(text: str, expected: str) -> None:
    assert [quote.speaker_name for quote in find_quotes(text, roster=ROSTER)] == [expected]


def test_whoever_only_saw_a_document_did_not_write_it() -> None:
    (quote,) = find_quotes("The bridge is ready, according to a ministry memo seen by Reuters.", roster=ROSTER)
    assert quote.speaker_name == "ministry"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The Novokray Road Service (NRS) met. The NRS said that the bridge was ready.", "Novokray Road Service"),
        ("The NRS (Novokray Road Service) met. The NRS said that the bridge was ready.", "Novokray Road Service"),
        ("The Novokray Times (NT) is a paper. The NT said that the bridge was ready.", "Novokray Times"),
        ("The Institute of Roads and Gates (IRG) met. The IRG said it was ready.", "Institute of Roads and Gates"),
        ("The Novokray Road Service (NRS) met. NRS head Ivan Melnov said that it was ready.", "Ivan Melnov"),
        ("Peter Vale (NRS) met voters. The NRS said that the bridge was ready.", "NRS"),
    ],
)  # fmt: skip
def test_an_abbreviation_is_the_name_beside_it(text: str, expected: str) -> None:
    assert [quote.speaker_name for quote in find_quotes(text, roster=ROSTER)] == [expected]


def test_the_newspaper_is_no_other_organisation() -> None:
    text = "The Novokray Road Service met readers of the Coastal Daily News. According to the newspaper, it is ready."
    assert [quote.speaker_name for quote in find_quotes(text, roster=ROSTER)] == ["Coastal Daily News"]
