"""A `.env` means on a host without Docker what it means to Compose.

Every expected value is what `docker compose config` (2.26) made of the same file.
"""

import pytest
from bare.errors import MissingError
from bare.host import dotenv_file

ENVIRON = {"SHELL_SET": "from the shell"}


@pytest.mark.parametrize(
    ("line", "value"),
    [
        ("A=two words", "two words"),
        ("A=x=y=z", "x=y=z"),
        ("A =  spaced  ", "spaced"),
        ("   A=indented", "indented"),
        ("A: colon", "colon"),
        ("A=", ""),
        ("export A=exported", "exported"),
        ("A=value # comment", "value"),
        ("A=value   # comment", "value"),
        ("A=value#not", "value#not"),
        ("A=#hash", "#hash"),
        ("A= #hash", "#hash"),
        ("A=value\t# not after a tab", "value\t# not after a tab"),
        ("A='single $B ${B} \\n'", "single $B ${B} \\n"),
        ("A='it\\'s'", "it's"),
        ("A='a' # comment", "a"),
        ("A=it's", "it's"),
        ('A="quoted # no comment" # comment', "quoted # no comment"),
        ('A="double $B ${B} \\n\\t\\"x\\" \\\\ end"', 'double plain plain \n\t"x" \\ end'),
        ('A="a\\qb"', "a\\qb"),
        ('A=""', ""),
        ('A="a"b', "a"),
        ('A=a"b"', 'a"b"'),
        ('A=a "b # c" d', 'a "b'),
        ("A=a\\nb", "a\\nb"),
        ("A=\\$B", "\\plain"),
        ('A="\\$B \\${B}"', "$B ${B}"),
        ("A=p$$w", "p$w"),
        ("A=a$", "a$"),
        ("A=$1x", "$1x"),
        ("A=$(ls)", "$(ls)"),
        ("A=$B ${B} ${NONE:-default} ${NONE} end", "plain plain default  end"),
        ("A=${NONE:-${B}}", "plain"),
        ("A=${NONE:-'q'}", "'q'"),
        ('A="${B:+alt}${NONE+alt}|${EMPTY-dash}|${EMPTY:-colon}"', "alt||colon"),
        ("A=${SHELL_SET}", "from the shell"),
        ('A="two\nlines"', "two\nlines"),
        ("A='two\nlines'", "two\nlines"),
        ("A=windows\r\nC=2\r", "windows"),
        ("A=1\nA=2", "2"),
    ],
)
def test_a_value_is_what_compose_reads(line: str, value: str) -> None:
    assert dotenv_file.parse(f"B=plain\nEMPTY=\n{line}\n", ENVIRON)["A"] == value


def test_comments_blank_lines_and_a_byte_order_mark_are_nothing() -> None:
    assert dotenv_file.parse("\ufeff# first\n\n   # indented\nA=1", {}) == {"A": "1"}


def test_a_name_alone_leaves_the_variable_to_the_callers_environment() -> None:
    assert dotenv_file.parse("SHELL_SET\nexport OTHER\nA=1\n", ENVIRON) == {"A": "1"}


def test_the_callers_environment_goes_before_the_files_own_variables() -> None:
    assert dotenv_file.parse("SHELL_SET=file\nA=$SHELL_SET\n", ENVIRON)["A"] == "from the shell"


@pytest.mark.parametrize(
    "text",
    [
        'A="open',
        "A='open",
        "A=${B",
        "A=${}",
        "A=${B:=c}",
        "A=${NONE:?must be there}",
        "A B=1",
        "=x",
    ],
)
def test_what_compose_refuses_is_refused_with_one_line_that_names_the_file(text: str) -> None:
    with pytest.raises(MissingError) as refusal:
        dotenv_file.parse(f"{text}\n", {})
    assert str(refusal.value).startswith(".env: ")
    assert "\n" not in str(refusal.value)
