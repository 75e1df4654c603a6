"""How a stage is shared out among tasks."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pipeline.records import Stage
from pipeline.stage_result import StageResult, counts_as_text
from pipeline.stages import batching
from pipeline.store.runs import run_stages
from pipeline.store.runs.run_stages import StagePass

WAITING = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.integers(0, 5000), min_size=1)


@given(WAITING, st.integers(1, 1000), st.integers(1, 20))
def test_every_source_is_in_one_batch_and_there_are_no_more_batches_than_asked_for(
    waiting: dict[str, int], size: int, most: int
) -> None:
    batches = batching.shared_out(waiting, size=size, most=most)
    assert sorted(source for batch in batches for source in batch) == sorted(waiting)
    assert 1 <= len(batches) <= most and all(batches)
    loads = [sum(waiting[source] for source in batch) for batch in batches]
    assert max(loads) - min(loads) <= max(waiting.values()), "no batch is longer than another by more than a source"


def test_little_work_is_one_batch_and_more_is_shared_out() -> None:
    assert batching.shared_out({"a": 0, "b": 3}, size=10, most=4) == [["b", "a"]]
    assert batching.shared_out({"a": 20, "b": 9, "c": 8}, size=10, most=9) == [["a"], ["b"], ["c"]]
    assert batching.shared_out({"a": 20, "b": 9, "c": 8}, size=10, most=2) == [["a"], ["b", "c"]]


def test_counts_are_printed_as_people_say_them() -> None:
    many = StageResult(versions_new=12, alerts=25, letters=25, letters_dead=0, letters_waiting=2)
    assert counts_as_text(many.counts) == "12 new versions, 25 alerts, 25 e-mails sent, 0 undeliverable, 2 waiting"
    assert counts_as_text(StageResult(quotes=1, letters=1).counts) == "1 quote, 1 e-mail sent"


def test_what_batches_did_is_added_up_and_what_is_missing_is_named() -> None:
    passes = [
        StagePass(Stage.EXTRACT, "a", ("a", "b"), 3, True, StageResult(versions_new=2)),
        StagePass(Stage.EXTRACT, "c", ("c",), 4, False, StageResult()),
        StagePass(Stage.LINK, "", (), None, True, StageResult(statements=5)),
        StagePass(Stage.ALERT, "", (), None, False, StageResult()),
    ]
    assert run_stages.summed_items(passes, Stage.EXTRACT) == 7
    assert run_stages.summed_items(passes, Stage.LINK) is None
    assert run_stages.summed_result(passes).counts == {"versions_new": 2, "statements": 5}
    assert run_stages.unfinished_work(passes, [Stage.EXTRACT, Stage.LINK, Stage.ALERT]) == [
        "extract of c: did not come to its end; see the log of its task",
        "alert: did not come to its end; see the log of its task",
    ]
