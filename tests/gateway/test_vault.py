"""Values go in, tokens come out; on disk nothing can be read, moved or brought back."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from gateway.vault import TokenBook, Tokens, Vault, VaultError
from media.entities.types import Entity
from media.sensitive import Sensitive

CARD = Sensitive("4111111111111111")
KEK = Sensitive(secrets.token_bytes(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "vault.sqlite"


@pytest.fixture(params=["vault", "token book"])
def tokens(request: pytest.FixtureRequest, path: Path) -> Tokens:
    return Vault(path, KEK) if request.param == "vault" else TokenBook()


def test_tokens_are_numbered_per_call_and_entity(tokens: Tokens) -> None:
    assert tokens.put("a", Entity.PAYMENT_CARD, CARD) == "<CARD_1>"
    assert tokens.put("a", Entity.PERSON, Sensitive("Jane Roe")) == "<PERSON_1>"
    assert tokens.put("a", Entity.PERSON, Sensitive("Ann Lee")) == "<PERSON_2>"
    assert tokens.put("b", Entity.PERSON, Sensitive("Ann Lee")) == "<PERSON_1>"
    assert tokens.put("a", Entity.CARD_EXPIRY, Sensitive("12/29")) == "<CARD_EXPIRY_1>"
    assert tokens.put("a", Entity.PAYMENT_CARD, Sensitive("378282246310005")) == "<CARD_2>"


def test_the_same_value_gets_the_same_token_again(tokens: Tokens) -> None:
    tokens.put("a", Entity.PAYMENT_CARD, Sensitive("378282246310005"))
    assert tokens.put("a", Entity.PAYMENT_CARD, CARD) == "<CARD_2>"
    assert tokens.put("a", Entity.PAYMENT_CARD, CARD) == "<CARD_2>"
    assert tokens.put("a", Entity.BANK_ACCOUNT, CARD) == "<BANK_ACCOUNT_1>"


def test_a_token_opens_only_in_its_call(tokens: Tokens) -> None:
    tokens.put("a", Entity.PAYMENT_CARD, CARD)
    assert tokens.open("a", "<CARD_1>").reveal() == "4111111111111111"
    for call, token in (("b", "<CARD_1>"), ("a", "<CARD_2>"), ("a", "")):
        with pytest.raises(VaultError, match="no such token"):
            tokens.open(call, token)


def test_an_erased_call_is_gone_and_others_stay(tokens: Tokens) -> None:
    for call in ("a", "b"):
        tokens.put(call, Entity.PAYMENT_CARD, CARD)
    tokens.erase("a")
    tokens.erase("never was")
    with pytest.raises(VaultError):
        tokens.open("a", "<CARD_1>")
    assert tokens.open("b", "<CARD_1>") == CARD


def test_a_token_that_was_erased_is_not_given_out_again(tokens: Tokens) -> None:
    assert tokens.put("a", Entity.PAYMENT_CARD, CARD) == "<CARD_1>"
    tokens.erase("a")
    assert tokens.put("a", Entity.PAYMENT_CARD, CARD) == "<CARD_2>"
    assert tokens.open("a", "<CARD_2>") == CARD


def test_threads_get_distinct_tokens(tokens: Tokens) -> None:
    def put(number: int) -> str:
        return tokens.put("a", Entity.PHONE, Sensitive(f"+1 555 01{number % 10:02}"))

    with ThreadPoolExecutor(8) as pool:
        given = list(pool.map(put, range(40)))
    assert sorted(set(given)) == sorted(f"<PHONE_{n}>" for n in range(1, 11))
    assert given[:10] == given[10:20]


def test_values_survive_a_restart(path: Path) -> None:
    Vault(path, KEK).put("a", Entity.PAYMENT_CARD, CARD)
    again = Vault(path, KEK)
    assert again.open("a", "<CARD_1>") == CARD
    assert again.put("a", Entity.PAYMENT_CARD, CARD) == "<CARD_1>"


def test_another_key_does_not_open_the_vault(path: Path) -> None:
    Vault(path, KEK).put("a", Entity.PAYMENT_CARD, CARD)
    with pytest.raises(VaultError, match="the key file is not this vault's"):
        Vault(path, Sensitive(secrets.token_bytes(32)))


def on_disk(path: Path) -> bytes:
    return b"".join(file.read_bytes() for file in path.parent.glob(f"{path.name}*"))


def test_nothing_readable_is_on_the_disk(path: Path) -> None:
    vault = Vault(path, KEK)
    vault.put("a", Entity.PAYMENT_CARD, CARD)
    assert b"CARD_1" in on_disk(path)
    assert b"4111" not in on_disk(path)
    assert KEK.reveal() not in on_disk(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_erasing_leaves_no_trace_of_key_or_value_in_the_files(path: Path) -> None:
    vault = Vault(path, KEK)
    vault.put("a", Entity.PAYMENT_CARD, CARD)
    with sqlite3.connect(path) as connection:
        (wrapped,) = connection.execute("SELECT wrapped_key FROM calls").fetchone()
        (sealed,) = connection.execute("SELECT sealed FROM sealed").fetchone()
    connection.close()
    assert wrapped in on_disk(path) and sealed in on_disk(path)
    vault.erase("a")
    assert wrapped not in on_disk(path) and sealed not in on_disk(path)


def flip(column: str, table: str) -> Callable[[sqlite3.Connection], None]:
    def act(connection: sqlite3.Connection) -> None:
        (blob,) = connection.execute(f"SELECT {column} FROM {table}").fetchone()
        connection.execute(f"UPDATE {table} SET {column} = ?", (blob[:-1] + bytes([blob[-1] ^ 1]),))

    return act


def swap_tokens(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE sealed SET token = '<CARD_9>' WHERE token = '<CARD_1>'")
    connection.execute("UPDATE sealed SET token = '<CARD_1>' WHERE token = '<CARD_2>'")


def move_to_call_b(connection: sqlite3.Connection) -> None:
    for table in ("sealed", "calls"):
        connection.execute(f"DELETE FROM {table} WHERE call_id = 'b'")
        connection.execute(f"UPDATE {table} SET call_id = 'b' WHERE call_id = 'a'")


def cut(connection: sqlite3.Connection) -> None:
    connection.execute("UPDATE sealed SET sealed = x'00'")


@pytest.mark.parametrize(
    ("act", "call"),
    [
        (flip("sealed", "sealed"), "a"),
        (flip("wrapped_key", "calls"), "a"),
        (swap_tokens, "a"),
        (move_to_call_b, "b"),
        (cut, "a"),
    ],
)
def test_what_was_altered_or_moved_does_not_open(
    path: Path, act: Callable[[sqlite3.Connection], None], call: str
) -> None:
    vault = Vault(path, KEK)
    vault.put("a", Entity.PAYMENT_CARD, CARD)
    vault.put("a", Entity.PAYMENT_CARD, Sensitive("378282246310005"))
    with sqlite3.connect(path) as connection:
        act(connection)
    connection.close()
    with pytest.raises(VaultError, match="altered"):
        vault.open(call, "<CARD_1>")


def test_errors_show_no_value(path: Path) -> None:
    vault = Vault(path, KEK)
    with pytest.raises(VaultError) as caught:
        vault.put("a", Entity.PERSON, Sensitive("Jane \ud800"))
    assert "Jane" not in f"{caught.value!r}"
    path.unlink()
    with pytest.raises(VaultError, match="cannot seal a value"):
        vault.put("a", Entity.PERSON, Sensitive("Jane"))
    (path.parent / "text").write_text("no database at all, but long enough to be read as one" * 9)
    with pytest.raises(VaultError, match="cannot open the vault"):
        Vault(path.parent / "text", KEK)
