"""German answers."""

from __future__ import annotations

from typing import Final

from gateway.answers.grammar import Demand, Grammar

_REAL: Final = (
    "(?:(?:echten|echter|echte|richtigen|richtige|wirklichen|lebenden|anderen|andere|anderer) )?"
)
_SOMEBODY: Final = (
    "(?:mensch|menschen|person|mitarbeiter|mitarbeiterin|berater|beraterin|kundenberater|"
    "kundenberaterin|agent|agenten|kollegen|kollegin|vorgesetzten|sachbearbeiter|ansprechpartner|"
    "operator|vermittlung|zentrale)"
)
_A: Final = "(?:ein|eine|einen|einem|einer|den|dem|der|die|ihrem|ihren|ihrer)"
_FINE: Final = "(?:okay|ok|in ordnung|gut|gut so|klar|prima|völlig okay|völlig in ordnung)"
_DO: Final = "(?:aufnehmen|aufzeichnen|mitschneiden|machen|tun|zuhören|mithören)"
_THAT: Final = "(?:das gespräch|den anruf|das|es|mich|alles)"
_TAPE: Final = "(?:aufnahme|aufzeichnung|mitschrift)"
_NOT_GOT: Final = (
    "(?:nicht|nichts) (?:(?:ganz|richtig|genau|gut|so) )*(?:verstanden|gehört|mitbekommen)|"
    "(?:verstehe|versteh|höre|hör) (?:(?:ich|sie|das|dich) )*(?:nicht|nichts|schlecht)"
)

GERMAN: Final = Grammar(
    question="Sind Sie einverstanden? Bitte sagen Sie ja oder nein.",
    refusals="nein nee nicht kein nie",
    yes=f"""
    ja|jawohl|jo|jep|jap|yes|aber ja|ach ja|na ja klar|ja doch|aber gerne|aber sicher|ja sicher
    klar|na klar|aber klar|klar doch|natürlich|aber natürlich|selbstverständlich|sicher|sicherlich
    gern|gerne|sehr gern|sehr gerne|einverstanden|okay|ok|in ordnung|passt|passt für mich|alles klar
    auf jeden fall|unbedingt|geht klar|geht in ordnung|nur zu|abgemacht|bitte gerne|jederzeit
    (?:ich bin|bin ich|wir sind) (?:(?:damit|mit allem|voll|völlig|auch|gerne) )*einverstanden
    damit (?:bin ich|sind wir) (?:(?:voll|völlig|auch) )?einverstanden
    (?:damit )?einverstanden (?:damit|mit der aufnahme|mit der aufzeichnung)
    (?:ich stimme|stimme ich) (?:(?:dem|ihnen|der aufnahme|der aufzeichnung|gerne|allem) )*zu
    (?:ich willige|willige ich) (?:gerne )?ein|ich akzeptiere(?: (?:das|es|alles))?
    ich erlaube (?:das|es|ihnen das|es ihnen)
    (?:(?:das|es|die aufnahme) (?:ist|wäre|geht)|ist) (?:für mich )?{_FINE}(?: für mich)?
    (?:das )?passt(?: (?:so|mir|für mich|schon so))?
    machen sie(?: (?:das|es))?(?: (?:ruhig|gerne|gern|nur|bitte))?
    (?:{_THAT} )?(?:können|dürfen) sie(?: (?:ruhig|gerne|gern|{_THAT}))*(?: {_DO})?
    sie (?:können|dürfen)(?: (?:ruhig|gerne|gern|{_THAT}))*(?: {_DO})?
    (?:ich gebe|sie haben) (?:ihnen )?meine (?:zustimmung|einwilligung|erlaubnis|genehmigung)
    meine antwort ist ja|ich sage ja
    """,
    beside="""
    bitte|bitte schön|bitte sehr|danke|danke schön|vielen dank|dankeschön|hallo|guten tag|grüß gott
    guten morgen|guten abend|moin|servus|gut|sehr gut|prima|super|perfekt|toll|schön|wunderbar
    äh|ähm|hm|oh|ach|ach so|also|so|und|nun|dann|verstehe|ich verstehe|verstanden|genau
    entschuldigung|verzeihung|das|damit
    (?:(?:gar|überhaupt|das ist|ist) )*kein (?:problem|thema)|kein problem (?:für mich|damit)
    (?:ich habe |hab |habe ich )?(?:nichts dagegen|keine einwände|keine bedenken)
    """,
    no="""
    nein|nee|nö|ne|nicht|nichts|nie|niemals|nimmer|kein|keine|keinen|keiner|keinem|keines
    keinesfalls|keineswegs|ungern|ohne|stopp|stop|stoppen|stoppt|lehne|ablehnen|verweigere|weigere
    widerrufe|widerspreche|aufhören|abbrechen|abbruch|außer|bevor|weder|negativ|erst wenn
    hören sie auf|hör auf
    """,
    no_refusal=rf"""
    (?:(?:gar|überhaupt) )?kein (?:problem|thema)|keine (?:einwände|bedenken|ahnung)|nichts dagegen
    (?:weiß|weiss) (?:(?:ich|es|das) )*nicht|nicht (?:(?:ganz|so) )?sicher|warum nicht|wieso nicht
    macht (?:mir )?nichts|stört mich nicht|ohne (?:probleme|weiteres)|sagen sie nein|oder nein
    {_NOT_GOT}
    """,
    human=rf"""
    mit (?:{_A} )?{_REAL}{_SOMEBODY}
    (?:sprechen|reden) (?:mit|sie mit) (?:jemandem|jemand|jemanden|{_A} {_REAL}{_SOMEBODY})
    mit (?:jemandem|jemand|jemanden)(?: \S+)* (?:sprechen|reden)
    (?:verbinden|verbinde|stellen) sie mich(?: \S+)*|geben sie mir {_A} {_REAL}{_SOMEBODY}
    (?:möchte|will|brauche|hätte gern|hätte gerne) {_A} {_REAL}{_SOMEBODY}
    ^(?:{_A} )?{_REAL}{_SOMEBODY}(?: bitte)?$
    (?:echter|echten|echte|richtiger|richtigen) (?:mensch|menschen|person)
    ist da jemand
    """,
    repeat=rf"""
    wie|was|wiederholen|wiederholung|wiederhole|nochmal|noch mal|noch einmal|nochmals|hä
    entschuldigung|verzeihung
    {_NOT_GOT}
    """,
    press="taste|nummer|option|die|drücke",
    keys={"eins": "1", "ein": "1", "1": "1", "zwei": "2", "2": "2", "null": "0", "0": "0"},
    demands={
        Demand.STOP_RECORDING: rf"""
        (?:stoppen|stopp|beenden|unterbrechen) (?:sie )?(?:bitte )?(?:die|diese) {_TAPE}
        hören sie (?:bitte )?auf (?:aufzunehmen|aufzuzeichnen|mitzuschneiden)
        (?:nehmen|zeichnen|schneiden) sie (?:(?:das|mich|bitte|dieses gespräch) )*nicht (?:auf|mit)
        (?:bitte )?(?:nicht|nichts) (?:mehr )?(?:aufnehmen|aufzeichnen|mitschneiden)
        {_TAPE} (?:bitte )?(?:stoppen|beenden|aus|ausschalten|abbrechen)
        (?:schalten|machen) sie (?:bitte )?die {_TAPE} (?:bitte )?(?:aus|ab)
        (?:will|möchte) nicht(?: dass \S+)* aufgenommen (?:werden|werde|wird)
        (?:will|möchte) nicht (?:aufgezeichnet|mitgeschnitten) werden
        """,
        Demand.DELETE: rf"""
        (?:löschen|lösch|lösche)(?: sie)?(?: (?:bitte|das|alles|es|wieder))+$
        löschen sie (?:bitte )?(?:das|alles|was)(?: was)? ich (?:\S+ )*gesagt habe
        löschen sie (?:bitte )?(?:die|diese) {_TAPE}
        (?:das|alles|{_TAPE}) (?:bitte )?(?:wieder )?löschen$
        """,
        Demand.HUMAN: rf"""
        mit {_A} {_REAL}{_SOMEBODY} (?:sprechen|reden|verbinden|verbunden)
        (?:sprechen|reden) mit {_A} {_REAL}{_SOMEBODY}
        (?:will|möchte|kann ich|muss) (?:bitte )?mit (?:jemandem|jemand) (?:sprechen|reden)
        (?:verbinden|stellen) sie mich (?:bitte )?(?:mit|zu) {_A} {_REAL}{_SOMEBODY}
        (?:möchte|will|brauche) (?:einen|eine) {_REAL}(?:menschen|person|mitarbeiter|mitarbeiterin)
        nicht mit {_A} (?:roboter|maschine|computer|automaten|ki) (?:sprechen|reden)
        ^(?:einen )?{_REAL}(?:mitarbeiter|menschen|mensch|kundenberater)(?: bitte)?$
        """,
        Demand.STOP: r"""
        (?:widerrufe|ziehe) (?:ich )?(?:hiermit )?(?:meine|die) (?:zustimmung|einwilligung)
        (?:bin|stimme|willige) (?:ich )?(?:\S+ )?nicht mehr (?:einverstanden|zu|ein)
        hören sie auf (?:mitzuhören|zuzuhören)
        """,
    },
    no_demand=r"""
    (?:stoppen|beenden) sie (?:die|diese) (?:aufnahme|aufzeichnung) nicht
    löschen sie (?:das|alles|es|nichts)(?: \S+)* nicht|menschenrechte
    """,
)
