"""init, config, completion."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from tests.conftest import Shop


def test_init_makes_a_private_file_and_never_touches_an_existing_one(bare: Shop) -> None:
    bare.ok("init")
    assert stat.S_IMODE(bare.db.stat().st_mode) == 0o600
    before = bare.db.read_bytes()
    ran = bare.run("init")
    assert (ran.code, len(ran.err.splitlines())) == (4, 2)
    assert bare.db.read_bytes() == before


def test_init_says_of_a_link_to_nothing_that_it_is_one(bare: Shop) -> None:
    bare.db.symlink_to(bare.folder / "gone" / "shop.db")
    ran = bare.run("init")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (4, "", 2)
    assert "is a link to nothing" in ran.err
    assert bare.db.is_symlink()


def test_a_mistyped_db_never_makes_a_file(bare: Shop) -> None:
    typo = bare.folder / "tpyo.db"
    for words in (["add-client", "Li"], ["due-today"], ["log", "1", "x"]):
        assert bare.run(*words, "--db", typo).code == 5, words
    assert not typo.exists()


def test_the_first_write_to_the_default_path_makes_the_file(bare: Shop) -> None:
    bare.ok("add-client", "Li", RECRM_DB="")
    assert (bare.folder / "data" / "recrm" / "recrm.db").exists()


def test_config_shows_each_value_and_where_it_comes_from(shop: Shop) -> None:
    shop.ok("config", "set", "touch.B", "5d")
    shop.agent = "Mei"
    rows = {row["key"]: row for row in shop.get("config")}
    assert rows["touch.A"]["value"] == "48h"
    assert rows["touch.A"]["source"] == "default"
    assert rows["touch.B"]["value"] == "5d"
    assert rows["touch.B"]["source"].endswith("config.toml")
    assert (rows["agent"]["value"], rows["agent"]["source"]) == ("Mei", "RECRM_AGENT")
    assert (rows["timezone"]["value"], rows["timezone"]["source"]) == ("Asia/Shanghai", "this machine")
    assert [row["key"] for row in shop.get("config", "show", "touch.B")] == ["touch.B"]


def test_config_set_and_unset_keep_the_comments_and_the_order(shop: Shop) -> None:
    file = shop.folder / "mine.toml"
    written = '# my shop\nagent = "Mei"  # that is me\n\n[touch]\n# hot ones\nA = "24h"\n'
    file.write_text(written, "utf-8")
    shop.ok("config", "set", "touch.A", "36h", "--config", file)
    assert file.read_text("utf-8") == written.replace("24h", "36h")
    shop.ok("config", "set", "touch.C", "20d", "--config", file)
    assert file.read_text("utf-8") == written.replace("24h", "36h") + 'C = "20d"\n'
    shop.ok("config", "unset", "touch.C", "--config", file)
    assert file.read_text("utf-8") == written.replace("24h", "36h")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_value_that_a_key_cannot_take_is_refused_and_the_file_stays(shop: Shop) -> None:
    shop.ok("config", "set", "touch.A", "24h")
    path = Path(shop.get("config", "path")["path"])
    before = path.read_text("utf-8")
    for words, code in (
        (["set", "touch.A", "soon"], 2), (["set", "touch.A", "0h"], 2), (["set", "touch.daily_cap", "-1"], 2),
        (["set", "touch.daily_cap", "many"], 2), (["set", "timezone", "Mars/Olympus"], 2), (["set", "agent"], 2),
        (["set", "date_order", "xyz"], 2), (["set", "complaint.general", "[]"], 2), (["set", "urgency.due", "nan"], 2),
        (["set", "touch.D", "5d"], 2), (["unset", "tuch.A"], 2), (["show", "touch"], 2), (["unset"], 2),
        (["burn", "touch.A"], 2),
    ):  # fmt: skip
        ran = shop.run("config", *words)
        assert (ran.code, len(ran.err.splitlines())) == (code, 2), words
    assert path.read_text("utf-8") == before
    assert "Did you mean touch.A?" in shop.run("config", "unset", "tuch.A").err


def test_a_config_file_that_is_wrong_is_said_with_the_key_and_nothing_is_done(shop: Shop) -> None:
    file = shop.folder / "bad.toml"
    for text, said in (
        ("tuch = 1\n", "tuch"), ('[touch]\nA = "x"\n', "touch.A"), ("touch = ", "not valid TOML"),
        ("[urgency]\ndue = true\n", "urgency.due"),
    ):  # fmt: skip
        file.write_text(text)
        ran = shop.run("add-client", "Li", RECRM_CONFIG=str(file))
        assert ran.code in (2, 3), text
        assert said in ran.err
    assert shop.count("clients") == 0


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_completion_prints_a_script_for_the_shell(shop: Shop, shell: str) -> None:
    script = shop.ok("completion", shell)
    assert "_RECRM_COMPLETE" in script
    assert shop.get("completion", shell)["shell"] == shell


def test_completion_takes_the_shell_in_use_and_refuses_an_unknown_one(shop: Shop) -> None:
    assert shop.ok("completion", SHELL="/usr/bin/fish") == shop.ok("completion", "fish")
    assert shop.run("completion", SHELL="/bin/tcsh").code == 2
    assert shop.run("completion", "tcsh").code == 2


def completed(shop: Shop, words: str) -> list[str]:
    """What bash is offered for the last of these words."""
    at = len(words.split(" ")) - 1
    return shop.run(_RECRM_COMPLETE="complete_bash", COMP_WORDS=words, COMP_CWORD=str(at)).out.splitlines()


def test_the_shell_completes_commands_options_clients_tags_and_settings(shop: Shop) -> None:
    shop.add("王丽", "--tag", "学区房")
    shop.add("李娜")
    assert {"show-client", "show-complaint"} <= set(completed(shop, "recrm show-"))
    assert "--next-note" in completed(shop, "recrm log --next-")
    assert "王丽" in completed(shop, "recrm show-client wang")
    assert "李娜" not in completed(shop, "recrm show-client wang")
    assert "王丽" in completed(shop, "recrm log 王")
    assert "学区房" in completed(shop, "recrm tag 王丽 学")
    assert "touch.A" in completed(shop, "recrm config set touch")


def test_what_a_shell_would_evaluate_is_never_offered_to_it(shop: Shop) -> None:
    shop.add("Anna Schmidt", "--tag", "$(reboot)")
    shop.add("Anna\\$(reboot)")
    assert completed(shop, "recrm show-client ann") == ["1", "2"]
    assert completed(shop, "recrm untag 1 $") in ([], [""])
    zsh = shop.run(_RECRM_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="recrm show-client ann").out
    assert "Anna Schmidt" in zsh
    assert "$" not in zsh


def test_completion_is_silent_where_there_is_no_database(bare: Shop) -> None:
    ran = bare.run(_RECRM_COMPLETE="complete_bash", COMP_WORDS="recrm show-client wang", COMP_CWORD="2")
    assert ran.out.strip() == ""
    assert ran.err == ""
    assert not bare.db.exists()


@pytest.mark.parametrize("line", ["recrm --db {} show-client wang", "recrm show-client --db {} wang"])
def test_completion_looks_into_the_file_that_the_line_names(shop: Shop, bare: Shop, line: str) -> None:
    shop.add("王丽", "--tag", "学区房")
    assert completed(bare, line.format(shop.db)) == ["王丽"]
    assert completed(bare, line.format(shop.db).replace("show-client", "untag 1").replace("wang", "学")) == ["学区房"]
    assert completed(bare, line.format("~/shop.db")) in ([], [""])
    assert completed(bare, line.format(bare.folder)) in ([], [""])


@pytest.mark.parametrize(
    "environment",
    [
        {},
        {"COMP_WORDS": "recrm show-client wang"},
        {"COMP_WORDS": "recrm show-client wang", "COMP_CWORD": "x"},
        {"COMP_WORDS": "recrm no-such-command wang", "COMP_CWORD": "2"},
        {"COMP_WORDS": "recrm show-client \udcff", "COMP_CWORD": "2"},
        {"COMP_WORDS": "recrm --db ~nobody-at-all/x show-client w", "COMP_CWORD": "4"},
    ],
)
def test_completion_never_shows_a_traceback(shop: Shop, environment: dict[str, str]) -> None:
    shop.add("王丽")
    ran = shop.run(_RECRM_COMPLETE="complete_bash", **environment)
    assert (ran.out.strip(), ran.err) == ("", "")
