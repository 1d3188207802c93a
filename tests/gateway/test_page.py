"""The softphone page keeps within its Content-Security-Policy and its own contract."""

import re
from html.parser import HTMLParser
from importlib.resources import files

import pytest

from gateway import consent, states
from gateway.answers import Demand

PAGE = files("gateway.page")
HTML = PAGE.joinpath("index.html").read_text(encoding="utf-8")
SCRIPTS = ["phone.js", "call.js", "diagnostics.js", "access.js"]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))


@pytest.fixture(scope="module")
def tags() -> list[tuple[str, dict[str, str]]]:
    parser = Tags()
    parser.feed(HTML)
    return parser.tags


def source(name: str) -> str:
    return PAGE.joinpath(name).read_text(encoding="utf-8")


def test_nothing_is_inline(tags: list[tuple[str, dict[str, str]]]) -> None:
    for tag, attributes in tags:
        assert tag != "style"
        assert "style" not in attributes
        assert not [name for name in attributes if name.startswith("on")]
        assert tag != "script" or attributes.get("src")


def test_everything_it_loads_is_beside_it(tags: list[tuple[str, dict[str, str]]]) -> None:
    loaded = [a["src"] for t, a in tags if "src" in a] + [a["href"] for t, a in tags if "href" in a]
    imported = [name for s in SCRIPTS for name in re.findall(r'from "\./([^"]+)"', source(s))]
    for name in [*loaded, *imported]:
        assert name.startswith("data:") or PAGE.joinpath(name).is_file(), name


@pytest.mark.parametrize("name", ["index.html", "style.css", "palette.css", *SCRIPTS])
def test_no_address_outside_the_gateway(name: str) -> None:
    assert not re.search(r"(https?:)?//(?!www\.w3\.org/2000/svg)[\w-]+\.\w", source(name))


def test_the_policy_allows_no_inline_and_no_other_origin() -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', HTML)
    assert policy
    assert "default-src 'none'" in policy[1]
    assert "unsafe" not in policy[1]
    assert "*" not in policy[1]


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_write_text_never_markup(name: str) -> None:
    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(", source(name)
    )


def test_every_element_the_script_asks_for_exists(tags: list[tuple[str, dict[str, str]]]) -> None:
    ids = [a["id"] for _, a in tags if "id" in a]
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'\$\("([\w-]+)"\)', source("phone.js"))) <= set(ids)
    for _, attributes in tags:
        if "aria-labelledby" in attributes:
            assert attributes["aria-labelledby"] in ids


def test_ids_documented_for_drivers_are_test_ids_too(
    tags: list[tuple[str, dict[str, str]]],
) -> None:
    opening = source("phone.js").partition("*/")[0]
    test_ids = {a["id"] for _, a in tags if a.get("data-testid") == a.get("id", "")}
    assert set(re.findall(r"#([a-z][\w-]*)", opening)) <= test_ids


def test_every_event_of_the_gateway_is_shown() -> None:
    for kind in ("statechanged", "consentchanged", "transcript", "found", "held", "notice"):
        assert re.search(rf"^  {kind}\(", source("phone.js"), re.MULTILINE)


def test_every_state_of_a_call_and_of_consent_has_plain_words() -> None:
    def named(table: str) -> set[str]:
        body = source("phone.js").partition(f"const {table} = {{")[2].partition("\n};")[0]
        return set(re.findall(r'^  "?([\w ]+?)"?:', body, re.MULTILINE))

    assert named("STATES") == {*states.State, "idle", "asking"}
    assert named("CONSENTS") == {*consent.State, consent.Outcome.WITHDRAWN}
    assert named("PURPOSES") == set(consent.Purpose)
    assert named("OUTCOMES") == set(consent.Outcome)


def test_every_button_demands_something_that_there_is(
    tags: list[tuple[str, dict[str, str]]],
) -> None:
    demanded = [a["data-demand"] for _, a in tags if "data-demand" in a]
    assert demanded
    assert set(demanded) <= set(Demand)
