"""What an answer to the consent prompt means, and what follows from it."""

import itertools

import pytest

from gateway.consent import FIRST_PROMPT, KEYS, TABLE, Answer, Dialogue, State, kept, understand

OPEN = {State.ASKED, State.ASKED_AGAIN, State.ASKED_LAST}

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
UNCLEAR = """
What? | Why? | Sorry, could you say that again? | Pardon? | Hello? | Yes? | Okay? | Um. | Hmm.
Sure, whatever. | Whatever. | Maybe. | It depends. | I guess. | I guess so, yes. | Yes, I suppose.
Who is this? | What do you mean? | I don't know. | I'm not sure. | I don't understand. | Not sure.
No problem. | I don't mind. | Why not. | No worries. | What is a transcript?
Yeah, I'm on the phone. | Okay, see you later, mum. | Yes dear, in a minute. | One moment.
One second. | Which one? | The other one. | Two minutes. | Me too. | Yeah, right. |
Yes and my name is Jane. | Yes, give me a call. | I'm fine. | I'm good. | Thank you.
Thanks for watching!
Do I? | If you must, yes. | Can you? | Say no or press two. | Is it a yes, or a no?
Say yes or press one | Yesterday. | Is it okay | Surely | Noah | I know. | You
Four zero one two. | One one two.
I have to ask my wife. | Okay so what is this | The call is recorded | Fine print. | Good. | Bye.
"""
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


@pytest.mark.parametrize("text", each(UNCLEAR) + SILENT)
def test_hedges_questions_and_talk_to_others_are_unclear(text: str) -> None:
    assert understand(text) is Answer.UNCLEAR


def test_no_refusal_hedge_or_question_becomes_a_yes_by_words_around_it() -> None:
    for other, yes in itertools.product(each(NO + HUMAN + UNCLEAR), ("Yes.", "Sure.", "I agree.")):
        if other in ("Do I?", "Um.", "Thank you.", "Can you?", "Yes?", "Okay?", "Good.", "You"):
            continue  # nothing in them takes a yes back, but for the question mark
        for text in (f"{other} {yes}", f"{yes} {other}"):
            assert understand(text) is not Answer.YES, text


def test_a_record_keeps_the_words_that_answer_and_no_others() -> None:
    assert kept("Yes, I agree.") == "yes i agree"
    assert kept("No. Not until I talk to my wife Helen Marsh!") == "no not until i … to my …"
    assert kept("My card is 4539 1488, operator.") == "my … is … operator"
    assert kept("…?") == ""


@pytest.mark.parametrize("answer", Answer)
@pytest.mark.parametrize("state", State)
def test_the_table_is_total_over_the_open_states_and_ends_in_the_others(
    state: State, answer: Answer
) -> None:
    assert ((state, answer) in TABLE) == (state in OPEN)


def test_only_a_yes_leads_to_granted_and_every_yes_does() -> None:
    for (_, answer), (after, prompt) in TABLE.items():
        assert (after is State.GRANTED) == (answer is Answer.YES) == (prompt == "granted")


def test_whatever_is_answered_the_dialogue_ends_after_three_answers() -> None:
    for answers in itertools.product(Answer, repeat=3):
        dialogue = Dialogue()
        for answer in answers:
            if not dialogue.over:
                dialogue.answer(answer)
        assert dialogue.over
        granted = next((a for a in answers if a not in (Answer.UNCLEAR, Answer.SILENCE)), None)
        assert (dialogue.state is State.GRANTED) == (granted is Answer.YES)


def test_after_the_end_no_answer_is_taken() -> None:
    dialogue = Dialogue()
    dialogue.answer(Answer.NO)
    with pytest.raises(KeyError):
        dialogue.answer(Answer.YES)
    assert dialogue.state is State.REFUSED


def test_the_caller_is_asked_three_times_in_different_words() -> None:
    dialogue = Dialogue()
    asked = [FIRST_PROMPT, *(dialogue.answer(Answer.SILENCE) for _ in range(3))]
    assert asked == ["consent", "consent_again", "consent_last", "timed_out"]


def test_keys_answer_as_the_prompt_says() -> None:
    assert KEYS == {"1": Answer.YES, "2": Answer.NO, "0": Answer.HUMAN}
