"""What an answer means, in each language, and what a record keeps of it."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.answers import KEYS, LANGUAGES, Answer, Demand, demand, kept, understand

YES = """
Yes. | Yes | YES! | yeah | Yep. | Yup | Sure. | Okay. | OK | Of course. | Certainly | Absolutely.
Yes, please. | Sure, go ahead. | Yeah, that's okay. | Yes, that's fine. | Go ahead. | I agree.
Yes, I agree. | I do. | Yes, I do. | I consent. | I accept. | That's fine. | It's fine. | Fine.
All right. | Alright. | That is all right. | Um, yes. | Oh, yeah, sure. | Hello. Yes. | Yes, hi.
One. | 1 | press one | Option one | Please do. | Yes, you may. | Yes, you can. | That’s fine.
Yes, you can listen. | You have my permission, yes. | Yes, keep a transcript. | Yes, thank you.
"""
NO = """
No. | Nope. | Nah | No thanks. | No, thank you. | I'd rather not. | I’d rather not. | No way.
No, I do not agree. | I don't agree. | I do not consent. | I don't want that. | Absolutely not.
Of course not. | Certainly not! | Please don't. | Never. | I refuse. | I decline. | Stop.
Yeah, no. | Yes... no. | No, yeah, no. | Not until I talk to my wife. | Yes, but not now.
Not today. | Sure, just don't record me. | I can't agree to that. | Yes, unless it is recorded.
Two. | 2 | Press two. | I won't. | No, that's okay. | No problem, but no. | I disagree.
Okay, stop. | Would you mind if I'd rather not | I object.
"""
HUMAN = """
Can I talk to a person? | I want a real human, please. | A human. | Operator. | Yes, a human.
Give me a representative. | Let me speak to someone. | I need to speak to an agent. | Manager!
Can I talk to a real agent? | Is there anybody? No, I want a person. | Zero. | 0 | Press zero.
"""
REPEAT = """
What? | Sorry, could you say that again? | Pardon? | What do you mean? | I don't understand.
What is a transcript? | Sorry, I didn't catch that. | Can you repeat that?
I can't hear you. | Excuse me? | Come again? | Yes, what?
"""
UNCLEAR = """
Why? | Hello? | Yes? | Okay? | Um. | Hmm.
Sure, whatever. | Whatever. | Maybe. | It depends. | I guess. | I guess so, yes. | Yes, I suppose.
Who is this? | I don't know. | I'm not sure. | Not sure.
No problem. | I don't mind. | Why not. | No worries.
Yeah, I'm on the phone. | Okay, see you later, mum. | Yes dear, in a minute. | One moment.
One second. | Which one? | The other one. | Two minutes. | Me too. | Yeah, right. |
Yes and my name is Jane. | Yes, give me a call. | I'm fine. | I'm good. | Thank you.
Thanks for watching!
Do I? | If you must, yes. | Can you? | Say no or press two. | Is it a yes, or a no? | One?
Say yes or press one | Yesterday. | Is it okay | Surely | Noah | I know. | You
Four zero one two. | One one two.
I have to ask my wife. | The call is recorded | Fine print. | Good. | Bye.
"""
HARMLESS = {
    *("Um.", "Hmm.", "Thank you.", "Good.", "No problem.", "No worries.", "I don't mind."),
    *("Do I?", "Can you?", "Yes?", "Okay?", "Hello?", "One?"),
}
"""What takes no yes back that is said beside it, but for the question mark."""
SILENT = ["", " ", ".", "...", "—"]


def each(table: str) -> list[str]:
    parts = (part.strip() for line in table.splitlines() for part in line.split("|"))
    return [part for part in parts if part]


@pytest.mark.parametrize("text", each(YES))
def test_a_clear_yes_grants(text: str) -> None:
    assert understand(text) is Answer.YES


@pytest.mark.parametrize("text", each(NO))
def test_a_refusal_anywhere_refuses(text: str) -> None:
    assert understand(text) is Answer.NO


@pytest.mark.parametrize("text", each(HUMAN))
def test_whoever_asks_for_a_person_wants_one(text: str) -> None:
    assert understand(text) is Answer.HUMAN


@pytest.mark.parametrize("text", each(REPEAT))
def test_whoever_did_not_get_the_question_is_asked_again(text: str) -> None:
    assert understand(text) is Answer.REPEAT


@pytest.mark.parametrize("text", each(UNCLEAR) + SILENT)
def test_hedges_questions_and_talk_to_others_are_unclear(text: str) -> None:
    assert understand(text) is Answer.UNCLEAR


def test_no_refusal_hedge_or_question_becomes_a_yes_by_words_around_it() -> None:
    for other, yes in itertools.product(each(NO + HUMAN + UNCLEAR), ("Yes.", "Sure.", "I agree.")):
        if other in HARMLESS:
            continue
        for text in (f"{other} {yes}", f"{yes} {other}"):
            assert understand(text) is not Answer.YES, text


def test_a_record_keeps_the_words_that_answer_and_no_others() -> None:
    assert kept("Yes, I agree.") == "yes i agree"
    assert kept("No. Not until I talk to my wife Helen Marsh!") == "no not until i talk to my …"
    assert kept("My card is 4539 1488, operator.") == "my … is … operator"
    assert kept("Press one.") == "press one"
    assert kept("My card is one two zero, yes.") == "my … is … yes"
    assert kept("…?") == ""


OTHERS = {
    ("es", Answer.YES): """
    Sí. | Si, claro. | Claro que sí. | Por supuesto. | De acuerdo. | Vale. | Sí, acepto. | Adelante.
    Estoy de acuerdo. | Está bien. | Cómo no. | Sí, no hay problema. | Doy mi consentimiento. | Uno.
    Sí, pueden grabar la llamada. | Bueno, sí, gracias. | Sí, quiero.
    """,
    ("es", Answer.NO): """
    No. | No, gracias. | No estoy de acuerdo. | Prefiero que no. | Sí, pero ahora no. | Dos.
    Claro que no. | Nunca. | Hasta que no hable con mi mujer. | No me grabe. | Sí, pero sin grabar.
    Pare la grabación. | En absoluto. | Borre eso.
    """,
    ("es", Answer.HUMAN): """
    Quiero hablar con una persona. | Operador. | Un humano, por favor. | ¿Puedo hablar con alguien?
    Páseme con un agente. | No, quiero hablar con una persona. | Cero. | Una persona real.
    """,
    ("es", Answer.REPEAT): "¿Cómo? | ¿Qué? | ¿Puede repetir? | No le entiendo. | ¿Perdón?",
    ("es", Answer.UNCLEAR): """
    Quizás. | Depende. | Supongo que sí. | Sí, supongo. | Si usted quiere. | Lo que sea. | ¿Sí?
    No hay problema. | Un momento. | Sí, cariño, ahora voy. | No sé. | No estoy seguro. | Gracias.
    """,
    ("fr", Answer.YES): """
    Oui. | Oui, bien sûr. | D'accord. | Je suis d'accord. | J'accepte. | Allez-y. | Ouais. | Un.
    Oui, pas de problème. | Ça me va. | Je veux bien. | Tout à fait. | Oui, vous pouvez enregistrer.
    C'est bon pour moi. | Euh, oui, merci. | Vous avez mon accord. | Oui, j’accepte.
    """,
    ("fr", Answer.NO): """
    Non. | Non merci. | Je ne veux pas. | Je ne suis pas d'accord. | Pas du tout. | Jamais. | Deux.
    Oui, mais pas maintenant. | Hors de question. | Arrêtez d'enregistrer. | Certainement pas.
    Oui, mais sans enregistrement. | Bien sûr que non. | Ça ne me va pas. | Effacez tout.
    """,
    ("fr", Answer.HUMAN): """
    Je veux parler à une personne. | Un humain, s'il vous plaît. | Passez-moi un conseiller. | Zéro.
    Je voudrais parler à quelqu'un. | Un opérateur. | Non, je veux parler à une vraie personne.
    """,
    ("fr", Answer.REPEAT): """
    Pardon ? | Quoi ? | Comment ? | Vous pouvez répéter ? | Je n'ai pas compris.
    """,
    ("fr", Answer.UNCLEAR): """
    Peut-être. | Ça dépend. | Je suppose que oui. | Si vous voulez. | Bof. | S'il le faut. | Oui ?
    Pas de problème. | Pourquoi pas. | Un instant. | Oui chérie, j'arrive. | Je ne sais pas.
    """,
    ("de", Answer.YES): """
    Ja. | Ja, gerne. | Natürlich. | Einverstanden. | Ich bin damit einverstanden. | In Ordnung.
    Ich stimme zu. | Das ist in Ordnung. | Ja, kein Problem. | Klar. | Ja, machen Sie das. | Eins.
    Ja, Sie können das Gespräch aufzeichnen. | Auf jeden Fall. | Ähm, ja, bitte. | Jawohl.
    """,
    ("de", Answer.NO): """
    Nein. | Nein, danke. | Ich bin nicht einverstanden. | Auf keinen Fall. | Lieber nicht. | Nee.
    Ja, aber nicht jetzt. | Niemals. | Ich stimme nicht zu. | Ja, aber ohne Aufzeichnung. | Zwei.
    Stoppen Sie die Aufnahme. | Natürlich nicht. | Ich lehne das ab. | Löschen Sie das.
    """,
    ("de", Answer.HUMAN): """
    Ich möchte mit einem Menschen sprechen. | Einen Mitarbeiter, bitte. | Null. | Kundenberater.
    Verbinden Sie mich mit einem Menschen. | Kann ich mit einer echten Person sprechen?
    Nein, ich will mit jemandem reden.
    """,
    ("de", Answer.REPEAT): """
    Wie bitte? | Was? | Können Sie das wiederholen? | Das habe ich nicht verstanden. | Noch einmal.
    """,
    ("de", Answer.UNCLEAR): """
    Vielleicht. | Kommt darauf an. | Ich denke schon. | Wenn es sein muss. | Na ja. | Von mir aus.
    Meinetwegen. | Ja? | Kein Problem. | Einen Moment. | Ja, Schatz, ich komme gleich. | Danke.
    Ich weiß nicht. | Ich bin nicht sicher. | Warum nicht.
    """,
}


@pytest.mark.parametrize(
    ("language", "answer", "text"),
    [
        (language, answer, text)
        for (language, answer), table in OTHERS.items()
        for text in each(table)
    ],
)
def test_other_languages_answer_alike(language: str, answer: Answer, text: str) -> None:
    assert understand(text, language) is answer


def said(language: str, *answers: Answer) -> list[str]:
    tables = {Answer.YES: YES, Answer.NO: NO, Answer.HUMAN: HUMAN, Answer.UNCLEAR: UNCLEAR}
    if language == "en":
        return [text for answer in answers for text in each(tables[answer])]
    return [text for answer in answers for text in each(OTHERS[language, answer])]


REFUSING = {
    "en": "no nope not don't won't never refuse decline stop unless until",
    "es": "no nunca jamás rechazo sin pare",
    "fr": "non pas jamais refuse sans arrêtez",
    "de": "nein nicht niemals kein ohne nee",
}
ANYTHING = st.lists(
    st.sampled_from(sorted({word for language in LANGUAGES for word in REFUSING[language].split()}))
    | st.text(alphabet="aeinors' .,?", max_size=8)
    | st.sampled_from([text for language in LANGUAGES for text in said(language, Answer.YES)]),
    max_size=4,
).map(" ".join)
"""Words around an answer: refusals, yeses and noise."""


@given(st.data(), st.sampled_from(LANGUAGES), ANYTHING, ANYTHING)
def test_no_words_around_a_refusal_make_a_yes_of_it(
    data: st.DataObject, language: str, before: str, after: str
) -> None:
    refusal = data.draw(st.sampled_from(said(language, Answer.NO)))
    assert understand(f"{before} {refusal} {after}", language) is not Answer.YES


@given(st.data(), st.sampled_from(LANGUAGES), st.text(alphabet="bdfgklmpw", min_size=3, max_size=9))
def test_a_word_that_is_not_known_takes_a_yes_back(
    data: st.DataObject, language: str, word: str
) -> None:
    yes = data.draw(st.sampled_from(said(language, Answer.YES)))
    assert understand(f"{yes} {word}", language) is not Answer.YES
    assert understand(f"{word} {yes}", language) is not Answer.YES
    assert understand(yes.rstrip(".!") + "?", language) is not Answer.YES


@given(st.sampled_from(LANGUAGES), st.text())
def test_whatever_is_heard_has_a_meaning_and_nothing_unknown_of_it_is_kept(
    language: str, text: str
) -> None:
    assert understand(text, language) in Answer
    assert demand(text, language) in (None, *Demand)
    kept(text, language)
    assert kept("Zbigniew Brzezinski 4539", language) == "…"


def test_an_answer_of_any_length_is_understood_in_a_moment() -> None:
    for language, yes in zip(
        LANGUAGES, ("yes please ", "sí claro ", "oui bien ", "ja gerne "), strict=True
    ):
        assert understand(yes * 2_000, language) in (Answer.YES, Answer.UNCLEAR)
        assert understand(yes * 2_000 + "wxyz", language) is Answer.UNCLEAR


DEMANDS = {
    Demand.STOP_RECORDING: """
    Stop recording. | Please stop recording this. | Please don't record this. | Stop the recording!
    Hold on, I don't want to be recorded. | Can you turn off the recording? | No recording, please.
    I don't want this recorded. | Could you switch the recording off?
    """,
    Demand.DELETE: """
    Delete that. | Please delete that. | Delete what I said. | Can you erase that, please?
    I want you to delete everything I said. | Delete the recording. | Erase this call.
    """,
    Demand.HUMAN: """
    I want a human. | I want to talk to a person. | Can I speak to a real person, please?
    I don't want to talk to a robot. | Get me a manager. | A human, please. | Representative.
    Connect me to an operator. | I'd rather have a real person. | Can I talk to someone else?
    Let me speak to your supervisor. | I am not talking to a machine. | I need a human being.
    """,
    Demand.STOP: """
    I withdraw my consent. | I take back my permission. | I no longer consent to this.
    I don't agree to this any more. | I've changed my mind about the recording. | Stop listening.
    """,
}
HARMLESS_TALK = """
I work in human resources. | It was a human error. | I would like to delete that order. | Stop it.
The manager told me to call you. | I talked to a person yesterday. | My order has stopped.
Can you delete the item from my basket? | I want to speak to my wife first. | Yes, please.
A man called me about my bill. | I stopped the subscription. | I bought a recording of a concert.
Don't stop recording. | I'm an agent for a property firm. | Is this recorded?
My agent is John. | The robot vacuum does not work. | I recorded the serial number.
I want a person's name. | Remove it from my bill.
"""


@pytest.mark.parametrize(("wanted", "text"), [(d, t) for d in DEMANDS for t in each(DEMANDS[d])])
def test_a_demand_in_the_middle_of_a_call_is_known(wanted: Demand, text: str) -> None:
    assert demand(text) is wanted


DEMANDS_ABROAD = {
    "es": {
        Demand.STOP_RECORDING: "Deje de grabar. | No me grabe, por favor. | Pare la grabación.",
        Demand.DELETE: "Borre eso. | Borre lo que he dicho. | Elimine la grabación.",
        Demand.HUMAN: "Quiero hablar con una persona. | Páseme con un agente, por favor.",
        Demand.STOP: "Retiro mi consentimiento. | Ya no consiento.",
    },
    "fr": {
        Demand.STOP_RECORDING: "Arrêtez d'enregistrer. | Arrêtez l'enregistrement.",
        Demand.DELETE: "Effacez ça. | Effacez ce que j'ai dit. | Supprimez l'enregistrement.",
        Demand.HUMAN: "Je veux parler à une personne. | Je ne veux pas parler à un robot.",
        Demand.STOP: "Je retire mon consentement.",
    },
    "de": {
        Demand.STOP_RECORDING: "Bitte nicht aufzeichnen. | Stoppen Sie die Aufnahme.",
        Demand.DELETE: "Löschen Sie das. | Bitte alles löschen. | Löschen Sie die Aufnahme.",
        Demand.HUMAN: "Ich möchte mit einem Menschen sprechen. | Nicht mit einem Roboter reden!",
        Demand.STOP: "Ich widerrufe meine Einwilligung. | Ich bin nicht mehr einverstanden.",
    },
}
HARMLESS_ABROAD = {
    "es": "Trabajo en recursos humanos. | Hablé con una persona ayer. | Quiero borrar un pedido.",
    "fr": "Je travaille aux ressources humaines. | J'efface la photo.",
    "de": "Ein Mitarbeiter hat mich angerufen. | Ich lösche die Mail. | Die Aufnahme war schön.",
}


@pytest.mark.parametrize("language", DEMANDS_ABROAD)
def test_demands_are_known_in_other_languages(language: str) -> None:
    for wanted, table in DEMANDS_ABROAD[language].items():
        assert {text: demand(text, language) for text in each(table)} == dict.fromkeys(
            each(table), wanted
        )
    assert [t for t in each(HARMLESS_ABROAD[language]) if demand(t, language)] == []


@pytest.mark.parametrize("text", each(HARMLESS_TALK))
def test_talk_that_has_a_demands_words_is_none(text: str) -> None:
    assert demand(text) is None


def test_keys_answer_as_the_prompt_says() -> None:
    assert KEYS == {"1": Answer.YES, "2": Answer.NO, "0": Answer.HUMAN}
