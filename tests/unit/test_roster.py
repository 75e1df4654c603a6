"""The roster: what the shipped data promises, how a user's file joins it, and what the checker finds."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from pipeline.config.settings import Settings, from_environment
from pipeline.config.speakers import Day, RosterConfig, Term, load_roster, read_roster, read_rosters
from pipeline.config.speakers_check import find_roster_clashes
from pipeline.config.speakers_notes import find_roster_notes
from pipeline.errors import ConfigError

PUBLIC_FACES = [
    ("us-president", date(2020, 6, 15), "donald-trump"),
    ("us-president", date(2022, 6, 15), "joe-biden"),
    ("us-president", date(2014, 6, 15), "barack-obama"),
    ("russia-president", date(2010, 3, 1), "dmitry-medvedev"),
    ("russia-president", date(2013, 3, 1), "vladimir-putin"),
    ("russia-prime-minister", date(2010, 3, 1), "vladimir-putin"),
    ("kremlin-spokesman", date(2010, 3, 1), "natalya-timakova"),
    ("kremlin-spokesman", date(2020, 3, 1), "dmitry-peskov"),
    ("russia-mfa-spokesman", date(2013, 9, 1), "alexander-lukashevich"),
    ("russia-defence-minister", date(2008, 1, 1), "anatoly-serdyukov"),
    ("russia-defence-minister", date(2023, 1, 1), "sergei-shoigu"),
    ("russia-ambassador-un", date(2016, 1, 1), "vitaly-churkin"),
    ("ukraine-president", date(2018, 1, 1), "petro-poroshenko"),
    ("germany-chancellor", date(2022, 1, 1), "olaf-scholz"),
    ("nato-secretary-general", date(2010, 1, 1), "anders-fogh-rasmussen"),
    ("eu-foreign-policy-chief", date(2021, 1, 1), "josep-borrell"),
]


@pytest.fixture(scope="module")
def shipped() -> RosterConfig:
    return load_roster(from_environment())


def with_config(folder: Path) -> Settings:
    return from_environment(config_dir=folder)


def written(folder: Path, text: str) -> Path:
    path = folder / "speakers.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def holders(roster: RosterConfig, office: str, day: date) -> set[str]:
    return {one.id for one in roster.speakers for term in one.offices if term.office == office and term.covers(day)}


def test_shipped_roster_has_no_clash(shipped: RosterConfig) -> None:
    assert find_roster_clashes(shipped) == []


def test_shipped_roster_covers_the_beat(shipped: RosterConfig) -> None:
    assert len(shipped.speakers) >= 2400
    assert sum(one.kind == "body" for one in shipped.speakers) >= 150
    assert len(shipped.offices) >= 350


@pytest.mark.parametrize(("office", "day", "holder"), PUBLIC_FACES)
def test_office_is_held_by_whoever_held_it_on_that_day(
    shipped: RosterConfig, office: str, day: date, holder: str
) -> None:
    assert holders(shipped, office, day) == {holder}


def test_every_office_is_named_in_both_languages_and_held_by_somebody(shipped: RosterConfig) -> None:
    held = {term.office for one in shipped.speakers for term in one.offices}
    idle = [office.id for office in shipped.offices if office.id not in held]
    assert idle == []


def test_names_have_no_stray_marks(shipped: RosterConfig) -> None:
    odd = [
        name
        for one in shipped.speakers
        for name in (*one.all_names("en"), *one.all_names("ru"))
        if set(name) & set("[]|=;")
    ]
    assert odd == []


def test_a_year_is_known_to_the_year_and_a_month_to_its_last_day() -> None:
    assert Day.parse("2018") == Day(date(2018, 1, 1), date(2018, 12, 31))
    assert Day.parse("2024-02") == Day(date(2024, 2, 1), date(2024, 2, 29))
    assert Day.parse("2012-05-22") == Day(date(2012, 5, 22), date(2012, 5, 22))


def test_a_term_covers_its_first_and_last_day_and_no_other() -> None:
    term = Term.model_validate({"office": "x", "from": "2012-05-22", "to": 2018})
    assert not term.covers(date(2012, 5, 21))
    assert term.covers(date(2012, 5, 22)) and term.covers(date(2018, 12, 31))
    assert not term.covers(date(2019, 1, 1))


def test_users_speaker_replaces_the_shipped_one_by_id_and_new_ones_are_added(
    tmp_path: Path, shipped: RosterConfig
) -> None:
    written(
        tmp_path,
        """
offices:
  - {id: mayor-of-nowhere, en: [Nowhere mayor], ru: [мэр Нигде]}
speakers:
  - {id: dmitry-peskov, gender: m, en: Dmitri Peskov, ru: Дмитрий Песков,
     offices: [{office: kremlin-spokesman, from: 2012}]}
  - {id: ivan-nobody, gender: m, en: Ivan Nobody, ru: Иван Никтошин,
     offices: [{office: mayor-of-nowhere, from: 2020-01}]}
""",
    )
    roster = load_roster(with_config(tmp_path))
    found = {one.id: one for one in roster.speakers}
    assert found["dmitry-peskov"].en == "Dmitri Peskov"
    assert len(found["dmitry-peskov"].offices) == 1
    assert "ivan-nobody" in found
    assert len(roster.speakers) == len(shipped.speakers) + 1
    assert find_roster_clashes(roster) == []


def test_users_folder_without_speakers_leaves_the_shipped_roster(tmp_path: Path, shipped: RosterConfig) -> None:
    assert load_roster(with_config(tmp_path)) == shipped


def test_a_standalone_roster_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    written(
        tmp_path,
        """
standalone: true
offices:
  - {id: mayor-of-nowhere, en: [Nowhere mayor], ru: [мэр Нигде]}
speakers:
  - {id: ivan-nobody, gender: m, en: Ivan Nobody, ru: Иван Никтошин, offices: [{office: mayor-of-nowhere}]}
""",
    )
    roster = load_roster(with_config(tmp_path))
    assert [one.id for one in (*roster.offices, *roster.speakers)] == ["mayor-of-nowhere", "ivan-nobody"]
    assert not roster.ambiguous.en and not roster.ambiguous.ru


def test_a_standalone_roster_cannot_refer_to_the_shipped_one(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        """standalone: true
speakers:
  - {id: ivan-nobody, gender: m, en: Ivan Nobody, ru: Иван Никтошин, offices: [{office: kremlin-spokesman}]}
""",
    )
    with pytest.raises(ConfigError) as caught:
        load_roster(with_config(tmp_path))
    assert f"{path}:3: " in str(caught.value) and "'kremlin-spokesman'" in str(caught.value)


def test_a_standalone_roster_needs_a_speaker(tmp_path: Path) -> None:
    path = written(tmp_path, "offices: []\nstandalone: true\n")
    with pytest.raises(ConfigError) as caught:
        load_roster(with_config(tmp_path))
    assert str(caught.value) == f"{path}:2: standalone: a standalone roster needs at least one speaker"


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load_roster(with_config(tmp_path / "absent"))


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("speakers:\n  - id: a-b\n    gender: m\n    en: A B\n", 2, "ru"),
        ("speakers:\n  - id: a-b\n    en: A B\n    ru: А Б\n", 2, "gender"),
        ("speakers:\n  - id: a-b\n    gender: m\n    en: A B\n    ru: А Б\n    nick: x\n", 6, "nick"),
        ("speakers:\n  - {id: a-b, gender: m, en: A B, ru: А Б, offices: [{office: tsar}]}\n", 2, "'tsar'"),
        ("offices:\n  - {id: x, en: [x y], ru: [ы ы],\n     body: nothing-here}\n", 3, "nothing-here"),
        ("offices:\n  - {id: x, en: [x y], ru: [ы ы], country: NO}\n", 2, "quoted"),
        (
            "speakers:\n  - id: a-b\n    gender: m\n    en: A B\n    ru: А Б\n    offices:\n"
            "      - office: russia-president\n        from: 2012\n        to: 2008\n",
            9,
            "ends before it starts",
        ),
        (
            "speakers:\n  - {id: a-b, gender: m, en: A B, ru: А Б}\n  - {id: a-b, gender: m, en: A B, ru: А Б}\n",
            3,
            "twice",
        ),
        (
            "speakers:\n  - {id: a-b, gender: m, en: A B, ru: А Б, offices: [{office: russia-president, from: May}]}\n",
            2,
            "2018-05-07",
        ),
    ],
)
def test_a_mistake_names_file_line_and_field(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load_roster(with_config(tmp_path))
    assert f"{path}:{line}: " in str(caught.value)
    assert said in str(caught.value)


def roster_of(folder: Path, offices: str = "", speakers: str = "", rest: str = "") -> RosterConfig:
    return read_roster(written(folder, f"offices:\n{offices}\nspeakers:\n{speakers}\n{rest}"))


TSAR = "  - {id: tsar, en: [the tsar], ru: [царь всея Руси]}"
TWO = """
  - {{id: one-man, gender: m, en: One Man, ru: Один Человек, offices: [{{office: tsar, from: 2000, to: {end}}}]}}
  - {{id: other-man, gender: m, en: Other Man, ru: Иной Человек, offices: [{{office: tsar, from: {start}}}]}}
"""


def test_two_holders_of_one_office_at_one_time_are_found(tmp_path: Path) -> None:
    found = find_roster_clashes(roster_of(tmp_path, TSAR, TWO.format(end="2010-05-09", start="2010-05-07")))
    assert found == ["office tsar: held by one-man and other-man from 2010-05-07 to 2010-05-09"]


@pytest.mark.parametrize(("end", "start"), [("2010-05-07", "2010-05-07"), ("2010", "2010"), ("2010-05", "2010-05-20")])
def test_a_hand_over_is_no_clash(tmp_path: Path, end: str, start: str) -> None:
    assert find_roster_clashes(roster_of(tmp_path, TSAR, TWO.format(end=end, start=start))) == []


def test_several_may_hold_a_plural_office(tmp_path: Path) -> None:
    plural = TSAR.replace("}", ", plural: true}")
    assert find_roster_clashes(roster_of(tmp_path, plural, TWO.format(end="2015", start="2010"))) == []


SAME = """
  - {id: one-man, gender: m, en: John Smith, ru: Джон Смит}
  - {id: other-man, gender: m, en: Johnny Smith, ru: Джеймс Смит, names: {en: [john  smith]}}
"""


def test_one_name_for_two_is_found_unless_it_is_marked_ambiguous(tmp_path: Path) -> None:
    assert find_roster_clashes(roster_of(tmp_path, speakers=SAME)) == [
        "name 'John Smith': means one-man and other-man; keep it for one or list it under ambiguous"
    ]
    assert find_roster_clashes(roster_of(tmp_path, speakers=SAME, rest="ambiguous: {en: [John Smith]}")) == []


def test_wrong_and_mixed_scripts_are_found(tmp_path: Path) -> None:
    found = find_roster_clashes(
        roster_of(
            tmp_path,
            "  - {id: tsar, en: [the tsar], ru: []}",
            "  - {id: one-man, gender: m, en: Джон Смит, ru: John Smith}\n"
            "  - {id: other-man, gender: m, en: Jоhn Doe, ru: Джон Доу}",
        )
    )
    assert len(found) == 4
    assert any("not in Latin" in line for line in found)
    assert any("not in Cyrillic" in line for line in found)
    assert any("mixes" in line for line in found)
    assert "office tsar: has no words in ru" in found


def test_checker_finds_what_a_hand_made_roster_gets_wrong(shipped: RosterConfig) -> None:
    peskov = next(one for one in shipped.speakers if one.id == "dmitry-peskov")
    backward = Term.model_validate({"office": "kremlin-spokesman", "from": 2020, "to": 2019})
    lost = Term.model_validate({"office": "no-such-office"})
    wrong = RosterConfig(
        offices=tuple(one for one in shipped.offices if one.id in ("russia-president", "kremlin-spokesman")),
        speakers=(peskov, peskov.model_copy(update={"offices": (backward, lost)})),
    )
    found = "\n".join(find_roster_clashes(wrong))
    assert "speaker dmitry-peskov: stands twice" in found
    assert "before it starts" in found
    assert "no-such-office is not in the roster" in found
    assert "its body kremlin is not in the roster" in found


def test_one_person_under_two_ids_in_different_spellings_is_found(tmp_path: Path) -> None:
    twice = """
  - {id: sergei-gusarin, gender: m, en: Sergei Gusarin, ru: Сергей Гусарин}
  - {id: gusarin, gender: m, en: Sergey Gusarin, ru: Сергей Иванович Гусарин}
"""
    found = find_roster_clashes(roster_of(tmp_path, speakers=twice))
    assert found == [
        "name 'Sergei Gusarin': means sergei-gusarin and gusarin; keep it for one or list it under ambiguous"
    ]
    assert find_roster_clashes(roster_of(tmp_path, speakers=twice, rest="ambiguous: {en: [Sergei Gusarin]}")) == []


@pytest.mark.parametrize(
    ("life", "term", "said"),
    [
        ("born: 1950, died: 2012-03-01", "from: 2000, to: 2012-03-01", None),
        ("born: 1950, died: 2012-03-01", "from: 2000, to: 2012", None),
        ("died: 2012-03-01", "from: 2000, to: 2012-04-01", "tsar goes on after death on 2012-03-01"),
        ("died: 2012-03-01", "from: 2000", "tsar goes on after death on 2012-03-01"),
        ("born: 1950", "from: 1949", "tsar starts before birth"),
    ],
)
def test_a_term_outside_a_life_is_found(tmp_path: Path, life: str, term: str, said: str | None) -> None:
    one = f"  - {{id: one-man, gender: m, en: One Man, ru: Один Человек, {life}, offices: [{{office: tsar, {term}}}]}}"
    found = find_roster_clashes(roster_of(tmp_path, TSAR, one))
    assert found == ([f"speaker one-man: {said}"] if said else [])


def test_a_gap_in_an_office_is_a_note_and_no_clash(tmp_path: Path) -> None:
    roster = roster_of(tmp_path, TSAR, TWO.format(end="2010-05-09", start="2012-05-10"))
    assert find_roster_clashes(roster) == []
    assert find_roster_notes(roster, 365) == ["office tsar: held by nobody from 2010-05-10 to 2012-05-09"]
    assert find_roster_notes(roster, 731) == []


@pytest.mark.parametrize(
    ("en", "ru", "country", "noted"),
    [
        ("Pyotr Gusarin", "Петр Гусарин", "RU", False),
        ("Yevgeny Tsivilyov", "Евгений Цивилёв", "RU", False),
        ("Alexander Gusarin", "Александр Гусарин", "BY", False),
        ("Pyotr Gusarin", "Петр Гсуарни", "RU", True),
        ("Pyotr Kuzin", "Петр Гусарин", "RU", True),
        ("Jack Straus", "Джек Строс", "GB", False),
    ],
)
def test_a_russian_name_that_is_no_transliteration_is_a_note(
    tmp_path: Path, en: str, ru: str, country: str, noted: bool
) -> None:
    one = f"  - {{id: one-man, gender: m, en: {en}, ru: {ru}, country: {country}}}"
    expected = [f"speaker one-man: {en!r} is no transliteration of {ru!r}"] if noted else []
    assert find_roster_notes(roster_of(tmp_path, speakers=one), 365) == expected


def test_few_shipped_names_are_unlike_in_both_scripts(shipped: RosterConfig) -> None:
    unlike = [note for note in find_roster_notes(shipped, 100_000) if "transliteration" in note]
    assert len(unlike) <= 12, unlike


def test_everybody_with_a_very_common_surname_is_marked(shipped: RosterConfig) -> None:
    very_common = ("Иванов", "Смирнов", "Кузнецов", "Попов", "Васильев", "Петров", "Соколов", "Козлов", "Новиков")
    unmarked = [one.id for one in shipped.speakers if one.ru.split()[-1] in very_common and not one.common]
    assert unmarked == []


def test_files_of_a_roster_may_refer_to_each_other(tmp_path: Path) -> None:
    one, other = tmp_path / "one.yaml", tmp_path / "other.yaml"
    one.write_text(f"offices:\n{TSAR[:-1]}, body: court}}\n", encoding="utf-8")
    other.write_text(
        "speakers:\n  - {id: court, kind: body, en: The Court, ru: Двор}\n"
        "  - {id: one-man, gender: m, en: One Man, ru: Один Человек, offices: [{office: tsar}]}\n",
        encoding="utf-8",
    )
    assert [one.id for one in read_rosters([one, other]).speakers] == ["court", "one-man"]
    with pytest.raises(ConfigError, match="no body has the id 'court'"):
        read_rosters([one])
    with pytest.raises(ConfigError, match="stands twice"):
        read_rosters([one, other, other])
