import pytest

from media.entities.questions import asked_for
from media.entities.types import Entity

E = Entity


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Could you spell your last name?", {E.PERSON}),
        ("Can you please spell that for me, your first name?", {E.PERSON}),
        ("May I have your name, please?", {E.PERSON}),
        ("Who am I speaking with?", {E.PERSON}),
        ("What street and city do you live in?", {E.ADDRESS, E.CITY}),
        ("And what is your street number?", {E.ADDRESS}),
        ("Please spell the name of your street.", {E.ADDRESS}),
        ("Could you spell your city?", {E.CITY}),
        ("What's your ZIP code?", {E.ZIP}),
        ("What is the best number to reach you?", {E.PHONE}),
        ("Could I get your phone number?", {E.PHONE}),
        ("What is your date of birth?", {E.DATE_OF_BIRTH}),
        ("When were you born?", {E.DATE_OF_BIRTH}),
        ("Please read me the card number.", {E.PAYMENT_CARD}),
        ("And the three digit security code on the back of the card?", {E.CVV}),
        ("When does it expire?", {E.CARD_EXPIRY}),
        ("What are the last four of your social?", {E.US_SSN}),
        ("What's your e-mail address?", {E.EMAIL}),
        ("Can you tell me your account number?", {E.BANK_ACCOUNT}),
        ("And the routing number?", {E.ROUTING_NUMBER}),
        ("What is your username?", {E.USERNAME}),
        ("Please say the code we just sent you.", {E.PASSWORD}),
        ("What's your PIN?", {E.PASSWORD}),
        ("Can I have your member ID?", {E.MEDICAL_RECORD}),
        ("What's the license plate of the car?", {E.VEHICLE_PLATE}),
        ("Which medications do you take?", {E.HEALTH}),
        ("What's your passport number?", {E.PASSPORT}),
        ("Could you give me your driver's license number?", {E.DRIVING_LICENCE}),
        ("What is the IBAN?", {E.IBAN}),
        ("What's your national insurance number?", {E.UK_NINO}),
        ("How can I help you today?", set()),
        ("Your order shipped on Monday.", set()),
        ("Thank you for your e-mail. What is your phone number?", {E.PHONE}),
        ("I have sent the parcel to your address.", set()),
        ("What colour would you like?", set()),
        ("Please never share your password.", set()),
        ("Is there anything else I can do for you?", set()),
    ],
)
def test_what_a_question_asks_for(question: str, asked: set[Entity]) -> None:
    assert asked_for(question) == asked
