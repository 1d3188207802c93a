"""Spanish answers."""

from __future__ import annotations

from typing import Final

from gateway.answers.grammar import Demand, Grammar

_SOMEBODY: Final = (
    "(?:persona|personas|humano|humana|ser humano|operador|operadora|representante|asesor|asesora|"
    "gerente|supervisor|supervisora|encargado|encargada|empleado|empleada|ejecutivo|agente"
    "(?! (?:virtual|automático|digital|de ia|de inteligencia)))"
)
_A: Final = "(?:(?:un|una|el|la|otra|otro|algún|alguna|su) )?(?:(?:ser|verdadera|verdadero) )?"
_REAL: Final = "(?: (?:real|humana|humano|de verdad|de carne y hueso))?"
_NOT_GOT: Final = (
    "no (?:(?:le|te|lo|la|se|les|he|le he|lo he|te he) )*"
    "(?:entiendo|entendí|entendido|oigo|oí|oído|escucho|escuché|escuchado|comprendo|comprendí)"
)
_CALL: Final = "(?:la llamada|esta llamada|la conversación|mi voz|todo)"

SPANISH: Final = Grammar(
    question="¿Está de acuerdo? Diga sí o no.",
    refusals="no nunca jamás",
    yes=f"""
    sí|si|sip|claro|claro que sí|claro que si|por supuesto|por supuesto que sí|desde luego
    vale|okay|ok|de acuerdo|conforme|afirmativo|sin duda|con gusto|cómo no|como no
    con mucho gusto|acepto|lo acepto|consiento|accedo|autorizo|lo autorizo|adelante
    hágalo|háganlo|dale|por mí sí
    (?:está|esta|me parece|todo|por mí|por mí está) (?:(?:muy|todo) )?bien(?: por mí)?|me parece
    (?:estoy|yo estoy|estamos) (?:(?:totalmente|completamente|muy) )?(?:de acuerdo|conforme)
    (?:de acuerdo|conforme) con (?:eso|ello|todo|esto)
    (?:sí|si) quiero|sí lo (?:acepto|autorizo|quiero)
    (?:yo )?(?:le |les |te )?doy (?:mi|el) (?:consentimiento|permiso|autorización|aprobación)
    (?:tiene|tienen|tienes) mi (?:consentimiento|permiso|autorización|aprobación)
    (?:puede|pueden|puedes) (?:hacerlo|grabar|grabarme|grabarla|escuchar|transcribir)(?: {_CALL})?
    acepto (?:la grabación|que (?:me |se )?grab(?:e|en)(?: {_CALL})?|las condiciones|todo|eso)
    mi respuesta es sí|digo que sí
    """,
    beside="""
    por favor|gracias|muchas gracias|hola|buenas|buenos días|buenas tardes|buenas noches|diga|dígame
    bueno|bien|muy bien|perfecto|excelente|estupendo|genial|señor|señora|señorita|eh|ah|oh|um|mmm
    pues|y|entiendo|entendido|lo entiendo|perdón|perdone|disculpe|correcto
    no hay (?:ningún )?(?:problema|inconveniente)|(?:sin|ningún) (?:ningún )?(?:problema|problemas)
    no tengo (?:ningún )?(?:problema|inconveniente)|no me importa|no pasa nada
    """,
    no="""
    no|nunca|jamás|jamas|tampoco|ni|ninguno|ninguna|ningún|nones|negativo|sin|niego|rechazo|rehúso
    pare|paren|basta|cancele|cancelar|deje de|dejen de|deja de|hasta que|a menos que|salvo|excepto
    en absoluto|retiro|revoco|detenga|detengan|me opongo
    """,
    no_refusal=rf"""
    no hay (?:ningún )?(?:problema|inconveniente)|(?:sin|ningún) (?:ningún )?(?:problema|problemas)
    no tengo (?:ningún )?(?:problema|inconveniente)|no me importa|no importa|no pasa nada
    cómo no|como no|por qué no|porque no|sin duda|no sé|no se|no estoy (?:muy )?segur[oa]
    {_NOT_GOT}|diga no|o no
    """,
    human=rf"""
    (?:hablar|comunicarme|contactar|conversar) con (?:alguien|{_A}{_SOMEBODY})
    con {_A}{_SOMEBODY}
    (?:quiero|quisiera|necesito|prefiero|dame|deme|póngame|páseme) (?:a |con )?{_A}{_SOMEBODY}
    (?:páseme|pásame|póngame|comuníqueme|conécteme|transfiérame) con(?: \S+)*
    ^{_A}{_SOMEBODY}{_REAL}(?: por favor)?$
    (?:persona|agente|ser) (?:real|humana|humano|de verdad)
    hay (?:alguien|{_A}{_SOMEBODY})
    """,
    repeat=rf"""
    cómo|qué|perdón|perdone|disculpe|mande|otra vez|de nuevo
    (?:repita|repítalo|repítame|repite|repetir|repetirlo|repetirme)
    {_NOT_GOT}
    """,
    press="marco|pulso|presiono|opción|número|tecla|el|la",
    keys={"uno": "1", "1": "1", "dos": "2", "2": "2", "cero": "0", "0": "0"},
    demands={
        Demand.STOP_RECORDING: f"""
        (?:deje|dejen|deja|pare|paren|para) de grabar(?:me|nos)?
        (?:pare|paren|detenga|detengan|apague|apaguen|corte|corten) (?:la|esta|su) grabación
        no (?:me |nos |lo |la )?(?:grabe|graben|grabes)(?: {_CALL}| esto| eso)?
        no quiero que (?:me |se |nos |lo )?(?:grabe|graben|grabes)
        no quiero ser grabad[oa]
        """,
        Demand.DELETE: """
        (?:borre|borren|borra|elimine|eliminen|elimina) (?:eso|esto|todo)(?: por favor)?$
        (?:borre|borren|borra|elimine|eliminen) (?:todo )?lo que (?:he|dije|acabo)(?: .*)?
        (?:borre|borren|borra|elimine|eliminen) (?:la|esta|mi) (?:grabación|transcripción|llamada)
        (?:bórrelo|bórralo|bórrenlo|elimínelo)(?: todo)?(?: por favor)?$
        """,
        Demand.HUMAN: rf"""
        (?:quiero|quisiera|necesito|puedo|podría|prefiero|gustaría) hablar con {_A}{_SOMEBODY}
        puedo hablar con alguien(?: por favor)?$
        (?:quiero|quisiera|necesito|prefiero|deme) (?:a )?(?:un|una) {_SOMEBODY}
        (?:páseme|pásame|póngame|comuníqueme|conécteme|transfiérame) con {_A}{_SOMEBODY}
        no quiero hablar con (?:un|una|el|la) (?:robot|máquina|computadora|ordenador|ia|bot)
        ^(?:un |una )?(?:humano|operador|operadora|representante|persona real)(?: por favor)?$
        """,
        Demand.STOP: """
        (?:retiro|revoco|quito) (?:mi|el|este) (?:consentimiento|permiso)
        ya no (?:doy mi consentimiento|consiento|acepto)
        deje de escuchar(?:me)?
        """,
    },
    no_demand=r"""
    (?:recursos|derechos) humanos
    no (?:deje|dejen|pare|paren) (?:de grabar|la grabación)
    no (?:borre|borren|elimine|eliminen)(?: \S+)*
    """,
)
