"""Names of backups, and which are kept: a rule of names and times alone."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recrm.storage.backup_folder import BackupFile, BackupFolder, folder_for, kept, older_copies
from tests.storage.kit import HERE, MORNING


def saved(at: datetime, number: int = 1) -> BackupFile:
    return BackupFile(Path(f"{at.isoformat()}-{number}"), at, "manual", number)


def ago(**span: float) -> BackupFile:
    return saved(MORNING - timedelta(**span))


def test_a_name_says_when_and_why_and_is_read_again(tmp_path: Path) -> None:
    folder = folder_for(tmp_path / "shop.db")
    first = folder.path_for(MORNING, "before-import")
    assert first == tmp_path / "backups" / "shop-2026-11-21T090000+0800-before-import.db"
    second = folder.path_for(MORNING, "before-import", 2)
    folder.path.mkdir()
    for path in (first, second):
        path.touch()
    assert folder.backups() == [
        BackupFile(second, MORNING, "before-import", 2),
        BackupFile(first, MORNING, "before-import", 1),
    ]


@pytest.mark.parametrize(
    "name",
    [
        "notes.txt",
        "shop.db",
        "shop-2026-11-21T090000+0800-manual.db.part",
        "shop-2026-13-21T090000+0800-manual.db",
        "shop-2026-11-21T090000-manual.db",
        "shop-old-2026-11-21T090000+0800-manual.db",
        "workshop-2026-11-21T090000+0800-manual.db",
        ".shop-2026-11-21T090000+0800-manual.db.x1.tmp",
    ],
)
def test_other_files_are_not_ours(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert BackupFolder(tmp_path, "shop").backups() == []


def test_a_file_of_another_ending_has_its_own_backups(tmp_path: Path) -> None:
    assert folder_for(tmp_path / "shop.sqlite").base == "shop.sqlite"
    assert folder_for(tmp_path / "shop.db").base == "shop"


def test_a_link_and_its_file_have_one_backup_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "shop.db").touch()
    (tmp_path / "link.db").symlink_to(tmp_path / "real" / "shop.db")
    assert folder_for(tmp_path / "link.db") == folder_for(tmp_path / "real" / "shop.db")


def test_drafts_of_killed_processes_are_known_by_their_names_after_a_day(tmp_path: Path) -> None:
    folder = BackupFolder(tmp_path, "shop")
    for at in (MORNING - timedelta(days=2), MORNING - timedelta(hours=2)):
        tmp_path.joinpath(f".{folder.path_for(at, 'manual').name}.abc123.tmp").touch()
    tmp_path.joinpath(".shop.tmp").touch()
    assert [path.name for path in folder.leftovers(MORNING)] == [".shop-2026-11-19T090000+0800-manual.db.abc123.tmp"]


def test_copies_of_older_versions_count(tmp_path: Path) -> None:
    for name in ("shop.db.before-version-9", "shop.db.before-version-x", "other.db.before-version-9"):
        (tmp_path / name).touch()
    assert [copy.path.name for copy in older_copies(tmp_path / "shop.db")] == ["shop.db.before-version-9"]


def test_the_newest_stay_whenever_they_were_taken() -> None:
    many = [ago(days=4_000 + n) for n in range(20)]
    assert kept(many, MORNING, 10) == set(many[:10])


def test_beyond_the_newest_the_last_of_each_day_week_and_month_stays() -> None:
    hourly = [ago(hours=n) for n in range(24 * 800)]
    days = {each.at.date() for each in kept(hourly, MORNING, 1)}
    # Saturday 21 November: seven days back, the Sundays of three weeks, the last days of eleven months.
    assert sorted(str(day) for day in days) == [
        "2025-12-31", "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30",
        "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31",
        "2026-11-01", "2026-11-08", "2026-11-15", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19",
        "2026-11-20", "2026-11-21",
    ]  # fmt: skip
    for each in kept(hourly, MORNING, 1):
        assert each.at.date() == MORNING.date() or each.at.hour == 23


def test_days_are_the_agents_and_may_have_25_hours() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    now = datetime(2026, 10, 26, 9, tzinfo=berlin)
    long_day = [
        saved(datetime(2026, 10, 25, 22, 30, tzinfo=ZoneInfo("UTC"))),  # 23:30 on the day of 25 hours
        saved(datetime(2026, 10, 24, 22, 30, tzinfo=ZoneInfo("UTC"))),  # 00:30 on the same day
    ]
    assert kept([saved(now), *long_day], now, 1) == {saved(now), long_day[0]}


def test_what_a_wrong_clock_made_neither_goes_nor_counts() -> None:
    future = [saved(MORNING + timedelta(days=n + 1)) for n in range(20)]
    past = [ago(days=400 + n) for n in range(20)]
    assert kept(future + past, MORNING, 3) == {*future, *past[:3]}


@given(st.lists(st.integers(0, 3_000_000), max_size=60), st.integers(1, 5))
def test_to_thin_twice_removes_nothing_more(minutes: list[int], keep: int) -> None:
    backups = [ago(minutes=each) for each in minutes]
    once = kept(backups, MORNING, keep)
    assert once <= set(backups)
    assert kept(once, MORNING, keep) == once
    assert len(once) >= min(keep, len(set(backups)))
    assert not backups or min(backups, key=lambda each: MORNING - each.at) in once


def test_years_of_daily_backups_stay_few_and_reach_a_year_back() -> None:
    backups: set[BackupFile] = set()
    for day in range(3 * 365):
        now = datetime(2026, 1, 1, 20, tzinfo=HERE) + timedelta(days=day)
        backups = kept({*backups, saved(now)}, now, 10)
        assert len(backups) <= 10 + 3 + 12
    oldest = min(each.at for each in backups)
    assert timedelta(days=330) <= now - oldest <= timedelta(days=366)
