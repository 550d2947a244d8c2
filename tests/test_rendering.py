"""The text of each rendered combination."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.combinations import Combination
from tests.rendering import Rendered
from tests.traces import TRACES

JINJA = re.compile(r"(?<!\$)\{([%#]|\{[-+]?\s)")
"""The beginning of Jinja; `${{` is GitHub's, `${#` the shell's, and `{{` before a quote Python's."""


def test_answers(combination: Combination, rendered: Rendered) -> None:
    """Exactly the given answers are recorded, so that an update asks nothing again."""
    recorded = yaml.safe_load(rendered.files[".copier-answers.yml"])
    private = {name for name in recorded if name.startswith("_")}
    assert private == {"_src_path", "_commit"}
    assert {name: recorded[name] for name in recorded.keys() - private} == {
        "project_name": "Hero Service",
        **combination.answers,
    }


def test_no_jinja(rendered: Rendered) -> None:
    assert [name for name, text in rendered.files.items() if JINJA.search(text) or name.endswith(".jinja")] == []


def test_no_trace_of_other_answers(combination: Combination, rendered: Rendered) -> None:
    """The project contains no trace of other answers."""
    files = {name: text for name, text in rendered.files.items() if name != ".copier-answers.yml"}
    found = sorted({place for trace in TRACES for place in trace.find(combination, files)})
    if found:
        pytest.fail("\n".join(found), pytrace=False)


def test_configuration_files_parse(rendered: Rendered) -> None:
    """TOML and YAML files are well-formed."""
    parsers = {".toml": tomllib.loads, ".yaml": yaml.safe_load, ".yml": yaml.safe_load}
    for name, text in rendered.files.items():
        parse = parsers.get(Path(name).suffix)
        if parse is not None:
            assert isinstance(parse(text), dict), name


def test_files_have_tidy_whitespace(rendered: Rendered) -> None:
    """Files end with one line break, and lines end without blanks, also in formats without a linter."""
    texts = {name: text for name, text in rendered.files.items() if text}
    assert [name for name, text in texts.items() if not text.endswith("\n") or text.endswith("\n\n")] == []
    assert [name for name, text in texts.items() if re.search(r"[ \t]$|\n\n\n\n", text, re.MULTILINE)] == []
