"""A call's consent as the ledger tells it: for a person to read, and as a receipt to hand out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from gateway.consent import OPENS, Outcome, Purpose
from gateway.ledger.chain import Entry
from gateway.schema import Controller

STATES: Final[Mapping[str, str]] = {
    Outcome.NOTICED: "notified",
    Outcome.GRANTED: "given",
    Outcome.REFUSED: "refused",
    Outcome.UNCLEAR: "unknown",
    Outcome.TIMED_OUT: "unknown",
    Outcome.WITHDRAWN: "withdrawn",
    Outcome.NOT_ASKED: "not requested",
}
"""An outcome as the state of an event in a consent record."""

_KINDS: Final = ("consent", "consent.withdrawn")


class NoConsentError(LookupError):
    """The ledger holds no consent record of this call."""


def tell(entries: Iterable[Entry], call_id: str) -> Iterator[str]:
    """Yield a call's consent line by line, in plain words.

    Raises:
        NoConsentError: there is none.
    """
    record, withdrawals = _read(entries, call_id)
    body = _body(record)
    yield f"Consent of call {call_id}, {record.at}"
    yield f"  asked for in {body['script']} ({body['place']}), language {body['language']}"
    yield f"  under {'; '.join(body['basis'])}"
    yield f"  by script {body['script_sha256']}"
    yield ""
    yield "What was asked, and answered"
    for answer in body["answers"]:
        words = f" “{answer['heard']}”" if answer["heard"] else ""
        if answer.get("known_by") == "sound":
            words += ", known by its sound"
        sure = f", confidence {answer['confidence']:.2f}" if "confidence" in answer else ""
        yield (
            f"  {answer['at_s']:7.2f} s  {answer['question']} ({answer['prompt']}): "
            f"{answer['answer']}, by {answer['by']}{words}{sure}"
        )
    if not body["answers"]:
        yield "  nothing"
    if "models" in body:
        yield f"  heard by {', '.join(body['models'].values())}"
    yield ""
    yield "How it stands"
    now = body["purposes"] | {p: "withdrawn" for w in withdrawals for p in _body(w)["purposes"]}
    for purpose, outcome in now.items():
        yield f"  {purpose:<11}{outcome:<11}opens {OPENS[Purpose(purpose)]}"
    for withdrawal in withdrawals:
        body = _body(withdrawal)
        erased = ", ".join(body["erased"]) or "nothing"
        yield ""
        yield f"Withdrawn at {body['at_s']:.2f} s of the call ({withdrawal.at}), by {body['by']}"
        yield f"  demand: {body['demand']}; purposes: {', '.join(body['purposes'])}"
        yield f"  erased: {erased}"
    yield ""
    yield f"Ledger entries {', '.join(str(e.seq) for e in (record, *withdrawals))}; the record's "
    yield f"hash is {record.hash}"


def receipt(entries: Iterable[Entry], call_id: str, controller: Controller) -> dict[str, Any]:
    """Return a consent receipt in the field names of ISO/IEC TS 27560:2023 (clauses 6.2 and 6.3).

    What the gateway does not know of a deployment, such as its retention periods, is left out.

    Raises:
        NoConsentError: there is none.
    """
    record, withdrawals = _read(entries, call_id)
    body = _body(record)
    withdrawn = {p: entry for entry in withdrawals for p in _body(entry)["purposes"]}
    return {
        "schema_version": "ISO/IEC TS 27560:2023",
        "receipt_id": f"{call_id}:{(withdrawals or [record])[-1].seq}",
        "record_id": record.hash,
        "pii_principal_id": call_id,
        "pii_processing": {
            "privacy_notice": controller.privacy_notice or f"sha256:{body['script_sha256']}",
            "language": body["language"],
            "jurisdictions": [body["place"]],
            "collection_method": "spoken in the call, or keys pressed",
            "withdrawal_method": "spoken, the keys ** or *0, the page, or the operator",
            "purposes": [
                {
                    "purpose": purpose,
                    "purpose_description": OPENS[Purpose(purpose)],
                    "lawful_basis": "notice" if outcome == Outcome.NOTICED else "consent",
                    "lawful_basis_source": body["basis"],
                    "pii_information": [
                        {"pii_type": kind, "pii_optional": purpose != Purpose.AGENT}
                        for kind in _PII[Purpose(purpose)]
                    ],
                    "pii_controllers": ["controller"],
                }
                for purpose, outcome in body["purposes"].items()
            ],
        },
        "party_identification": [
            {
                "party_id": "controller",
                "party_name": controller.name,
                "party_role": "PII controller",
                "party_contact": controller.contact,
            }
        ],
        "events": [
            {
                "event_type": "notice" if outcome == Outcome.NOTICED else "explicit consent",
                "event_state": STATES[outcome],
                "event_time": record.at,
                "entity_id": call_id,
                "purpose": purpose,
            }
            for purpose, outcome in body["purposes"].items()
        ]
        + [
            {
                "event_type": "withdrawal",
                "event_state": STATES[Outcome.WITHDRAWN],
                "event_time": entry.at,
                "entity_id": call_id if _body(entry)["by"] != "operator" else "controller",
                "purpose": purpose,
            }
            for purpose, entry in withdrawn.items()
        ],
    }


_PII: Final[Mapping[Purpose, tuple[str, ...]]] = {
    Purpose.AGENT: ("voice, without what is silenced", "words, masked"),
    Purpose.RECORD: ("voice, without what is silenced",),
    Purpose.TRANSCRIBE: ("words, masked",),
    Purpose.BIOMETRIC: ("sound of the voice",),
    Purpose.VIDEO: ("picture",),
    Purpose.TRAINING: ("what is kept of the call",),
}


def _read(entries: Iterable[Entry], call_id: str) -> tuple[Entry, list[Entry]]:
    record, withdrawals = None, []
    for entry in entries:
        if entry.call_id == call_id and entry.kind in _KINDS:
            if entry.kind == "consent":
                record = entry
            else:
                withdrawals.append(entry)
    if record is None:
        raise NoConsentError(f"the ledger holds no consent record of call {call_id}")
    return record, withdrawals


def _body(entry: Entry) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(entry.body)
    return body
