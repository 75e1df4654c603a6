"""Without the Russian morphology the engine finds fewer speakers, and says so."""

from __future__ import annotations

import subprocess
import sys
import textwrap

SCRIPT = textwrap.dedent(
    """
    import sys
    sys.modules["pymorphy3"] = None
    from tests.unit.quoting import said
    print(said("«Мост готов», — сказал Даманов. Он добавил, что движение откроют в мае."))
    """
)


def test_russian_quotes_are_found_without_morphology_and_the_lack_is_told() -> None:
    done = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, timeout=60)
    output = done.stdout + done.stderr
    assert "('«Мост готов»', 'Дмитрий Даманов')" in done.stdout
    assert "russian_morphology_missing" in output
    assert "движение откроют в мае" in done.stdout
