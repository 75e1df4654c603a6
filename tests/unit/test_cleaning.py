"""What grows is cut: logs with their folders, e-mails in the spool, the logs of Airflow's parts."""

from __future__ import annotations

import os
import time
from pathlib import Path

from pipeline.cli import up
from pipeline.operations import maintenance

DAY = 86400.0


def written(path: Path, days_ago: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("x", encoding="utf-8")
    os.utime(path, (time.time() - days_ago * DAY,) * 2)
    return path


def test_old_files_go_with_the_folders_that_they_leave_empty(tmp_path: Path) -> None:
    written(tmp_path / "dag_id=D/run_id=R/task_id=T/attempt=1.log", 40)
    kept = [written(tmp_path / "dag_id=D/run_id=S/attempt=1.log", 20), written(tmp_path / "dag_id=E/notes.txt", 40)]
    assert maintenance.remove_old_logs(tmp_path, days=30) == {"removed": 1, "bytes": 1}
    assert sorted(it for it in tmp_path.rglob("*") if it.is_file()) == sorted(kept)
    assert not (tmp_path / "dag_id=D/run_id=R").exists()
    assert maintenance.remove_old_files(tmp_path / "nothing", "*.eml", days=1) == {"removed": 0, "bytes": 0}


def test_a_log_that_is_written_to_is_cut_and_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "scheduler.log"
    with log.open("ab") as file:
        file.write(b"a" * (up.LARGEST_LOG + 1))
        file.flush()
        up.shorten_logs(tmp_path)
        assert log.stat().st_size == 0 and (tmp_path / "scheduler.log.1").stat().st_size == up.LARGEST_LOG + 1
        file.write(b"b")
    assert log.read_bytes() == b"b"
