"""What an answer means, in each language, and what a record keeps of it."""

import itertools

import pytest

from gateway.answers import KEYS, Answer, Demand, demand, kept, understand

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


@pytest.mark.parametrize("text", each(HARMLESS_TALK))
def test_talk_that_has_a_demands_words_is_none(text: str) -> None:
    assert demand(text) is None


def test_keys_answer_as_the_prompt_says() -> None:
    assert KEYS == {"1": Answer.YES, "2": Answer.NO, "0": Answer.HUMAN}
