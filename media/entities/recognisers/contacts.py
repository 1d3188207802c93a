"""E-mail addresses, web addresses and IP addresses, written or spoken ("jane dot doe at …")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from media.entities.english.common import COMMONEST
from media.entities.english.context import FUNCTION, PROPER
from media.entities.english.listing import words
from media.entities.english.speech import LETTER_NAMES
from media.entities.spoken import Kind
from media.entities.types import Entity, Finding
from media.entities.utterance import Pending, Utterance

_TLDS: Final = words(
    """com net org edu gov co uk io us info biz me ai dev ca de fr au eu nl es it ch tv app mil"""
)
_PROVIDERS: Final = words(
    """gmail g-mail yahoo hotmail outlook aol icloud protonmail proton comcast verizon msn att
    ymail mail gmx zoho fastmail sbcglobal bellsouth googlemail"""
)
_LIKE_AT: Final = words("a add had hat that it")
_EMAIL: Final = re.compile(r"[\w.+'-]+@[\w-]+(\.[\w-]+)*\.?")
_EMAIL_BEGUN: Final = re.compile(r"[\w.+'-]+@\S*")
_URL: Final = re.compile(r"(https?://)?(www\.)?([\w-]+\.)+([a-z]{2,})(/\S*)?")
_TWO_PARTS: Final = re.compile(r"\d{1,3}\.\d{1,3}")
_PAGES: Final = words("website site address url web page link blog profile shop homepage called")
_SLASHES: Final = words("/ flash")
"""A slash, and what it is misheard as after a host."""
_GLUED: Final = re.compile(r"(dot-)?(com|org|net|co|edu|gov)-.+")
"""The end of an address that was written with hyphens: ".org-flash-naomi"."""
_SHOWING: Final = words("shows show says say showing displays is has")
_SHOWN: Final = words("router ip modem")
_HEADS: Final = words(
    """is it's its address email e-mail emails mail that's at the my your to on of be"""
)


_TAILS_BEGUN: Final = frozenset({("come",), ("com",), ("flash",), (".",)})
"""What the words of a turn end with that may go on an address."""


class Contacts:
    """E-mail, web and IP addresses."""

    name = "contacts"
    about = '"jane dot doe at gmail dot com", "jane@…", web addresses, dotted numbers'
    entities = (Entity.EMAIL, Entity.URL, Entity.IP_ADDRESS)

    def find(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Look at every sign that makes an address."""
        yield from self._written(turn)
        yield from self._emails(turn)
        yield from self._dotted(turn)
        yield from self._open(turn)

    def _written(self, turn: Utterance) -> Iterator[Finding | Pending]:
        for at, unit in enumerate(turn.units):
            if unit.kind is not Kind.WORD:
                continue
            if _EMAIL.fullmatch(unit.text) or _EMAIL_BEGUN.fullmatch(unit.text):
                first = self._local(turn, at)
                last = (
                    self._domain_end(turn, at + 1)
                    if not unit.text.endswith(tuple("." + tld for tld in _TLDS))
                    else at + 1
                )
                last = self._path(turn, max(last, at + 1))
                yield turn.finding(Entity.EMAIL, first, last, 0.95, "written e-mail")
                if not turn.ended and turn.lower[last:] in _TAILS_BEGUN:
                    yield Pending(last)
            elif (match := _URL.fullmatch(unit.text)) and match[4] in _TLDS:
                name = (match[3] or "").rstrip(".")
                bare = "/" not in unit.text and not unit.text.startswith("www")
                if not (bare and turn.text(at - 1) == "at" and not self._web(turn, at)) and (
                    name not in PROPER
                ):
                    first, last = self._site(turn, at), self._path(turn, at + 1)
                    yield turn.finding(Entity.URL, first, last, 0.8, "written address")
                    if not turn.ended and turn.lower[last:] in _TAILS_BEGUN:
                        yield Pending(last)
            elif unit.text.startswith("www."):
                last = at + 1
                if turn.is_word(last):
                    following = turn.units[last]
                    last += following.cap or following.text not in COMMONEST
                yield turn.finding(Entity.URL, at, self._path(turn, last), 0.8, "www")

    def _emails(self, turn: Utterance) -> Iterator[Finding]:
        for at in range(1, len(turn)):
            if not self._at(turn, at):
                continue
            last = self._domain_end(turn, at + 1)
            if last > at + 1 and not turn.text(at + 1).startswith(("http", "www")):
                first = self._local(turn, at)
                if first == at:
                    last = self._path(turn, last)
                    yield turn.finding(Entity.URL, at + 1, last, 0.7, "domain")
                    continue
                yield turn.finding(
                    Entity.EMAIL, first, last, 0.9, "spoken e-mail",
                    self._joined(turn, first, at) + "@" + self._joined(turn, at + 1, last),
                )  # fmt: skip

    def _at(self, turn: Utterance, at: int) -> bool:
        """Tell whether a unit is the "at" of an e-mail; before "gmail.com" other words are, too."""
        name, _, tld = turn.text(at + 1).partition(".")
        misheard = turn.text(at) in _LIKE_AT and name in _PROVIDERS and tld in _TLDS
        said = turn.text(at) in ("at", "@") or misheard
        return said and turn.kind(at) in (Kind.WORD, Kind.SIGN, Kind.LETTER)

    def _web(self, turn: Utterance, at: int) -> bool:
        """Tell whether a page was announced or asked for, not a mailbox."""
        label, _, _ = turn.label_before(at, reach=8)
        return label is Entity.URL or (label is None and Entity.URL in turn.asked)

    def _path(self, turn: Utterance, at: int) -> int:
        """Return the end of a path behind a host: "slash victor", "/ my page 7".

        What a pause has torn off comes in many forms: "come slash", "org", "flash".
        """
        while True:
            text, following = turn.text(at), turn.text(at + 1)
            if text in _SLASHES or (text == "." and following in _TLDS):
                at += 2
            elif (text in ("com", "come") and following in _SLASHES) or (
                turn.is_word(at) and (text in ("com", "org") or _GLUED.fullmatch(text))
            ):
                at += 1
            else:
                return min(at, len(turn))
            while turn.kind(at) in (Kind.LETTER, Kind.DIGITS, Kind.SIGN) and turn.text(at) != "/":
                at += 1

    def _joined(self, turn: Utterance, first: int, last: int) -> str:
        return "".join(turn.text(i) for i in range(first, last) if turn.kind(i) is not Kind.FILLER)

    def _domain_end(self, turn: Utterance, first: int) -> int:
        """Return the end of a spoken domain at `first`; `first` when there is none."""
        at, certain = first, False
        while at < len(turn) and at - first < 14:
            text, kind = turn.text(at), turn.kind(at)
            if (kind is Kind.SIGN and text in ".-_") or (kind is Kind.WORD and text == "dot"):
                at += 1
            elif at > first and turn.text(at - 1) == "." and text in _TLDS:
                certain = True
                at += 1
                if turn.text(at) != ".":
                    return at
            elif text in _PROVIDERS and at == first:
                certain = True
                at += 1
            elif _URL.fullmatch(text) and "." in text:
                return at + 1
            elif kind in (Kind.LETTER, Kind.DIGITS):
                at += 1
                spelled = "".join(turn.text(i) for i in range(max(first, at - 3), at))
                if spelled in ("com", "net", "org", "edu") and turn.text(at - 4) == ".":
                    return at
            elif (
                kind is Kind.WORD
                and (at == first or turn.text(at - 1) in ".-")
                and (text not in FUNCTION or turn.text(at - 1) == ".")
            ) or (
                kind is Kind.WORD
                and text not in FUNCTION
                and turn.text(at + 1) == "."
                and not certain
            ):
                at += 1
            else:
                break
        if certain:
            return at
        return first

    def _local(self, turn: Utterance, at: int) -> int:
        """Return where the local part begins that ends before unit `at`."""
        label, _, _ = turn.label_before(at, reach=14)
        announced = label is Entity.EMAIL or Entity.EMAIL in turn.asked
        first = at
        while first > 0 and at - first < 20:
            back = first - 1
            text, kind = turn.text(back), turn.kind(back)
            if kind is Kind.FILLER and Kind.SIGN not in (turn.kind(back - 1), turn.kind(first)):
                break
            if turn.units[back].stop and turn.units[back].raw == "one":
                break  # "the old one. M dot …"
            if kind in (Kind.LETTER, Kind.DIGITS, Kind.SIGN, Kind.FILLER, Kind.AMOUNT):
                first = back
                continue
            if kind is not Kind.WORD or turn.units[back].stop:
                break
            signed = first < at and turn.kind(first) is Kind.SIGN
            if text in _HEADS and not signed:
                break
            if announced:
                if text in FUNCTION and not signed and turn.kind(back - 1) is not Kind.SIGN:
                    break
            elif signed and self._letter(turn, back):
                pass
            elif text in COMMONEST or (
                first < at and not signed and turn.kind(first) is not None and text in FUNCTION
            ):
                break
            first = back
        while first < at and turn.kind(first) in (Kind.FILLER, Kind.SIGN):
            first += 1
        return first if first < at or turn.text(at) not in ("at", "@") else at

    def _dotted(self, turn: Utterance) -> Iterator[Finding]:
        at = 0
        while at < len(turn):
            last, parts = at, 0
            while turn.kind(last) is Kind.DIGITS and len(turn.units[last].text) <= 3:
                while turn.kind(last) is Kind.DIGITS:
                    last += 1
                parts += 1
                if turn.text(last) == "." and turn.kind(last + 1) is Kind.DIGITS:
                    last += 1
                else:
                    break
            if turn.kind(at) is Kind.AMOUNT and _TWO_PARTS.fullmatch(turn.units[at].raw):
                last, parts = at + 1, 2  # "192.16", of which a decimal was made
            begun = last == len(turn) or (turn.text(last) == "." and last == len(turn) - 1)
            told = parts and self._protocol(turn, at)
            if parts == 4 or (told and (parts > 1 or (turn.ended and begun))):
                yield turn.finding(Entity.IP_ADDRESS, at, last, 0.9, "dotted numbers")
            at = max(last, at + 1)
        for at in range(1, len(turn)):
            host = turn.is_word(at - 1) and turn.text(at - 1) not in FUNCTION
            if turn.text(at) == "com" and host and turn.text(at + 1) in _SLASHES:
                last = self._path(turn, at)
                yield turn.finding(Entity.URL, self._site(turn, at), last, 0.75, "spoken address")
            if turn.text(at) == "." and turn.kind(at) is Kind.SIGN and turn.text(at + 1) in _TLDS:
                first = self._site(turn, at)
                name = self._joined(turn, first, at)
                if first < at and name.removeprefix("www.") not in PROPER:
                    last = at + 2
                    last = self._path(turn, last)
                    yield turn.finding(Entity.URL, first, last, 0.75, "spoken address")

    def _protocol(self, turn: Utterance, at: int) -> bool:
        """Tell whether the digits at `at` are an IP address in what is said before them."""
        if turn.text(at - 1) in _SHOWING and turn.text(at - 2) in _SHOWN:
            return True
        label, harmless, _ = turn.label_before(at, reach=4)
        asked = Entity.IP_ADDRESS in turn.asked and not harmless
        return label is Entity.IP_ADDRESS or (label is None and asked)

    def _site(self, turn: Utterance, at: int) -> int:
        announced = self._web(turn, at)
        first = at
        while first > 0 and at - first < 12:
            back = first - 1
            kind = turn.kind(back)
            if kind in (Kind.SIGN, Kind.LETTER, Kind.DIGITS):
                first = back
            elif kind is Kind.WORD and announced and turn.text(back) not in FUNCTION:
                if turn.text(back) in _PAGES:
                    break
                first = back
            elif kind is Kind.WORD and turn.text(back - 1) == "." and self._www(turn, back - 1):
                first = back  # "w w w dot garden meadow dot org"
            elif kind is Kind.WORD and (turn.kind(first) is Kind.SIGN or turn.text(first) == "com"):
                if turn.text(back) in COMMONEST:
                    break
                first = back
                if turn.text(back - 1) == "at" and not announced:
                    break
            else:
                break
        while first < at and turn.kind(first) is Kind.SIGN:
            first += 1
        return first

    def _www(self, turn: Utterance, at: int) -> bool:
        return turn.text(at - 1) in ("www", "w") and turn.text(at) == "."

    def _open(self, turn: Utterance) -> Iterator[Finding | Pending]:
        """Hold what may turn out to be the beginning of an address."""
        end = len(turn)
        for at in range(end):
            begun = self._announced(turn, at)
            if begun is None:
                continue
            last = begun
            while (
                last < end
                and last - begun < 14
                and (
                    turn.kind(last) is not Kind.WORD
                    or turn.text(last) == "at"
                    or turn.text(last) not in FUNCTION
                )
            ):
                last += 1
            if last == end and begun < end and not turn.ended:
                yield Pending(begun)
        if turn.ended or not end:
            return
        back, site = end, self._web(turn, end)
        while (
            back > 0
            and end - back < 12
            and (
                turn.kind(back - 1) in (Kind.SIGN, Kind.LETTER, Kind.DIGITS)
                or (
                    turn.is_word(back - 1)
                    and (turn.kind(back) is Kind.SIGN or turn.text(back) == "com")
                )
                or (turn.text(back - 1) == "at")
                or (turn.text(back) == "at" and turn.text(back - 1) not in FUNCTION)
                or (back == end and turn.is_word(back - 1) and self._may_begin(turn, back - 1))
                or (back == end - 1 and turn.text(back - 1) == "at")
                or (turn.is_word(back - 1) and self._www(turn, back - 2))
                or (
                    turn.is_word(back - 1)
                    and turn.text(back - 2) == "at"
                    and turn.text(back - 1) not in FUNCTION
                )
                or (site and turn.is_word(back - 1) and turn.text(back - 1) not in FUNCTION)
            )
        ):
            back -= 1
        if back < end:
            yield Pending(back)

    def _letter(self, turn: Utterance, at: int) -> bool:
        """Tell whether a word that begins an address is a letter's name ("to see dot larsen")."""
        return turn.text(at) in LETTER_NAMES and turn.text(at - 1) in _HEADS

    def _may_begin(self, turn: Utterance, at: int) -> bool:
        """Tell whether the turn's last word could be part of an address that goes on."""
        text = turn.text(at)
        if self._letter(turn, at):
            return True
        if text in FUNCTION:
            return False
        if turn.text(at - 1) == "at" or turn.kind(at - 1) is Kind.SIGN:
            return True
        if turn.asked & {Entity.EMAIL, Entity.URL, Entity.USERNAME}:
            return True
        return (
            text not in COMMONEST
            and text not in FUNCTION
            and not text.endswith(("'s", "n't", "'m", "'re", "'ve", "'ll", "'d"))
        )

    def _announced(self, turn: Utterance, at: int) -> int | None:
        if turn.text(at) in ("is", "it's", "at") and turn.label_before(at, reach=2)[0] in (
            Entity.EMAIL,
            Entity.URL,
        ):
            return at + 1
        return None
