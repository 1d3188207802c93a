"""A running gateway takes other models, and keeps those it has when others are of no use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gateway.ledger import Ledger
from gateway.models import Models, installed, registry, trial
from gateway.models.active import Active
from gateway.models.records import Role
from gateway.models.registry import Registry
from gateway.models.watch import Watch
from tests.gateway.models.stand_ins import detector, recogniser
from tests.gateway.models.test_active import ByCard, metric


@dataclass
class Workers:
    """Workers that take any models, but for broken ones."""

    taken: list[Models] = field(default_factory=list)

    async def exchange(self, models: Models) -> None:
        assert models.liveness is not None
        if models.liveness.onnx == b"broken":
            raise RuntimeError("cannot be loaded")
        self.taken.append(models)


@dataclass
class Gateway:
    registry: Registry
    active: Active
    workers: Workers
    ledger: Ledger
    watch: Watch

    def recorded(self) -> list[dict[str, str]]:
        bodies = [json.loads(e.body) for e in self.ledger.entries() if e.kind == "models"]
        return [body["models"] for body in bodies]


@pytest.fixture
def gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    ships = detector(tmp_path / "ships", "1", network=b"first")
    base = recogniser(tmp_path / "base")
    for module in (installed, registry):
        monkeypatch.setattr(module, "liveness_folder", lambda: ships)
    monkeypatch.setattr(registry, "whisper_folder", lambda *_: base)
    monkeypatch.setattr(registry, "spacy_model", lambda *_: tmp_path)
    monkeypatch.setattr(trial, "score", lambda files, folder: None)
    monkeypatch.setattr(trial, "hear", lambda models: None)
    models = Registry(tmp_path / "models")
    active, workers = Active(models.models("en", liveness=True), ByCard), Workers()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    yield Gateway(models, active, workers, ledger, Watch(models, active, workers, ledger))
    ledger.close()


def put(gateway: Gateway, tmp_path: Path, version: str, network: bytes = b"network") -> None:
    folder = detector(tmp_path / version, version, network=network)
    gateway.registry.use(Role.LIVENESS, str(folder), "en")


async def test_nothing_is_done_while_nothing_changes(gateway: Gateway) -> None:
    await gateway.watch.look()
    assert gateway.workers.taken == []
    assert gateway.recorded() == []


async def test_another_model_is_taken_named_and_recorded(gateway: Gateway, tmp_path: Path) -> None:
    put(gateway, tmp_path, "2")
    await gateway.watch.look()
    await gateway.watch.look()
    (taken,) = gateway.workers.taken
    assert taken.liveness is not None and taken.liveness.card["version"] == "2"
    assert gateway.active.names()["liveness"].startswith("voice@2:")
    assert [models["liveness"][:8] for models in gateway.recorded()] == ["voice@2:"]


async def test_an_older_one_is_put_back_without_a_restart(gateway: Gateway, tmp_path: Path) -> None:
    first = gateway.active.names()
    put(gateway, tmp_path, "2")
    await gateway.watch.look()
    gateway.registry.rollback(Role.LIVENESS)
    await gateway.watch.look()
    assert gateway.active.names() == first
    assert [models["liveness"][:8] for models in gateway.recorded()] == ["voice@2:", "voice@1:"]


async def test_a_switch_that_was_taken_back_at_once_is_none(
    gateway: Gateway, tmp_path: Path
) -> None:
    put(gateway, tmp_path, "2")
    gateway.registry.rollback(Role.LIVENESS)
    await gateway.watch.look()
    assert gateway.workers.taken == []


async def test_what_cannot_be_loaded_leaves_all_as_it_was(gateway: Gateway, tmp_path: Path) -> None:
    first = gateway.active.names()
    failed = metric("hushgate_model_switches_total", outcome="failed") or 0
    put(gateway, tmp_path, "2", b"broken")
    await gateway.watch.look()
    await gateway.watch.look()
    assert gateway.active.names() == first
    assert metric("hushgate_model_switches_total", outcome="failed") == failed + 1
    put(gateway, tmp_path, "3")
    await gateway.watch.look()
    assert gateway.active.names()["liveness"].startswith("voice@3:")


async def test_what_was_altered_since_is_not_taken(gateway: Gateway, tmp_path: Path) -> None:
    first = gateway.active.names()
    put(gateway, tmp_path, "2")
    (gateway.registry.folder / "liveness" / "2" / "model.onnx").write_bytes(b"netword")
    await gateway.watch.look()
    assert gateway.active.names() == first
    assert gateway.workers.taken == []


async def test_what_decides_is_recorded_when_a_gateway_starts(gateway: Gateway) -> None:
    async with gateway.watch.running():
        pass
    assert gateway.recorded() == [dict(gateway.active.names())]


async def test_what_ships_can_be_put_back_after_an_upgrade(
    gateway: Gateway, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):  # of starts, the second finds it kept
        async with gateway.watch.running():
            pass
    newer = detector(tmp_path / "newer", "2", network=b"second")
    for module in (installed, registry):
        monkeypatch.setattr(module, "liveness_folder", lambda: newer)
    assert gateway.registry.in_use(Role.LIVENESS).record.version == "2"
    gateway.registry.use(Role.LIVENESS, "1", "en")
    files = gateway.registry.models("en", liveness=True).liveness
    assert files is not None and files.onnx == b"first"


async def test_a_folder_that_cannot_be_written_does_no_harm(gateway: Gateway) -> None:
    gateway.registry.folder.write_text("a file in its place")
    async with gateway.watch.running():
        pass
    assert gateway.recorded() == [dict(gateway.active.names())]
