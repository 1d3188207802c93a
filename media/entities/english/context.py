"""What English words announce: labels of numbers, introducers, answers, and what is harmless.

Tables only; the recognisers read them. A label is written as the caller or the agent says it, in
lower case.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from media.entities.english.common import COMMON
from media.entities.english.listing import Phrases, phrases, words
from media.entities.types import Entity

HARMLESS: Final = "harmless"

_LABELS: Final[dict[Entity, str]] = {
    Entity.PAYMENT_CARD: """credit card, debit card, card number, card, visa, mastercard, amex,
        american express, discover card, long number, pan, number on the front,
        payment card, card ending in, card ending""",
    Entity.CVV: """cvv, cvc, cv v, c v, c b v, security code, security number, three digit code, 3
        digit code, code on the back, number on the back, digits on the back, back of the
        card, back of it, four digit code on the front, card verification, verification value,
        csc, cid, cvv number, cvv code, code on the card, digits by the signature, back it says,
        digits on the back are, code from the back, back there is, cvc code, on the back, last
        three on the back, digits from the back, from the back are, on the back are, on the back is,
        on the back it is""",
    Entity.CARD_EXPIRY: """expiration date, expiration, expiry date, expiry, expires, expires in,
        expires on, expiring, exp date, exp, expire, valid thru, valid through, valid until,
        good thru, good through, runs out, run out, good until, valid to, valid till,
        end date, date on the card, xperia, xperia date, xperiodate""",
    Entity.BANK_ACCOUNT: """account number, bank account, account, acct, acct number,
        checking account, savings account, checking, savings, current account, sort code,
        account ending in""",
    Entity.ROUTING_NUMBER: "routing number, routing, routing code, aba, aba number, transit number",
    Entity.IBAN: """iban, iban number, international bank account number, international account
        number, i ban, i-ban, i-bend, ibam, iba""",
    Entity.US_SSN: """social security number, social security, social, ssn, last four of my
        social, social number, soc, s s, last four of the social, ss number, ss n""",
    Entity.US_ITIN: """itin, taxpayer identification number, taxpayer identification, taxpayer
        number,
        tax identification number, tax identification, tax id, taxpayer id, tin, tax number""",
    Entity.UK_NHS: "nhs number, nhs, health service number",
    Entity.UK_NINO: """national insurance number, national insurance, ni number, ni, nino, insurance
        number ni""",
    Entity.PASSPORT: "passport number, passport, passport no",
    Entity.DRIVING_LICENCE: """driver's license, drivers license, driver license, driving licence,
        driving license, driver's licence, license number, licence number, driver's license number,
        dl number, permit number, drivers licence, driving licence number, license""",
    Entity.PHONE: """phone number, phone, telephone number, telephone, cell, cell number, cell
        phone, mobile, mobile number, my number, the number, callback number, call back number,
        contact number, home number, work number, reach me at, reach me on, call me at, call me
        on, call me back at, call me back on, text me at, text me on, area code, daytime number,
        landline, fax, fax number, best number, reached at, get me at, get me on, whatsapp,
        number's, cell's, contact me on, contact me at, his number, her number, their number,
        reach him at, reach her at, ring me on""",
    Entity.USERNAME: """username, user name, user id, login, login name, login id, log in, screen
        name, user, handle, gamertag, skype name, skype, twitter handle, account name, sign in
        name, username's, profile name""",
    Entity.PASSWORD: """password, pass word, passcode, pass code, pin, pins, pin number, pin code,
        set the pen, pen number, pen code,
        one time code, one-time code, one time password, one-time password, otp, o t p, temporary
        password, text says, message says,
        verification code, access code, code you sent, code you texted, code i got, the code,
        code, security word, secret word, passphrase, pass phrase, memorable word, security
        answer, pin's, password's, authentication code, two factor code, login code, code's,
        security pin, six digit code, 6 digit code, safe word""",
    Entity.ZIP: """zip, zip code, zipcode, postcode, post code, postal code, zip's, zip plus four,
        postcode's""",
    Entity.DATE_OF_BIRTH: """date of birth, data of birth, date a birth, data birth, date birth,
        day of birth, birth date, birthdate, birthday, dob, born, born
        on, born in, was born, birthday's, year of birth, my birth, date of birth's""",
    Entity.MEDICAL_RECORD: """medical record number, medical record, mrn, patient number,
        patient id, chart number, health record, hospital number, member id, member number,
        insurance id, insurance number, policy number, subscriber id, group number, medicare
        number, medicaid number, medicare, medicaid, health insurance number, membership number,
        record number, health plan number, medicare id, patient identifier, insurance card,
        chart, record number, policy, hospital id, member card""",
    Entity.VEHICLE_PLATE: """license plate, licence plate, plate number, plate, number plate, tag
        on the car,
        registration plate, registration number, plates, vehicle registration, tag number,
        car registration, reg number, car reg, registration, reg, license plate number, tags""",
    Entity.IP_ADDRESS: "ip address, ip, i.p, ip's, static address",
    Entity.URL: """website, web site, web address, url, site, web page, webpage, homepage, page
        is, my page, page at, profile is, blog, blog is, link is, online at, go to,
        pictures at, look at, shop is at, uploaded it to""",
    Entity.EMAIL: """email, e-mail, email address, e-mail address, mail address, gmail, e mail,
        email's, mail me at""",
    Entity.ADDRESS: """house number, street number, street address, apartment,
        apartment number, apt,
        building number, p o box, po box, p.o. box, suite, mailing address, home address,
        billing address, shipping address, delivery address, address, unit number""",
}  # fmt: skip

_HARMLESS_LABELS: Final = """order number, order id, order, invoice, invoice number, flight, flight
        number, flights, room, room number, gate, gate number, seat, confirmation number,
        confirmation, confirmation code, reference number, reference, reference code, ref
        number, ticket number, ticket, case number, case, tracking number, tracking code,
        tracking, version, version number, chapter, page, channel, highway, route, interstate,
        exit, level, step, size, bus, train, platform, episode, season, serial number, serial,
        item number, item, part number, sku, product number, product code, model, model number,
        score, promo code, coupon code, discount code, coupon, voucher code, promo, error code,
        error, error number, article, section, aisle, store number, store, quantity, extension,
        boeing, airbus, iphone, windows, galaxy, option, press, line, track, bus number, train
        number, table, table number, row, terminal, floor, door, catalog number, catalogue
        number, color code, dress code, country code, bar code, barcode, upc, isbn, q r code, qr
        code, area, source code, code of conduct, building code, tax code, coupon number, queue
        number, position, temperature, weight, height, length, width, meter reading, reading,
        mileage, odometer, job number, work order, purchase order, po number, request number,
        service request, booking reference, booking number, reservation number, booking,
        reservation, claim number, approval code, warranty number, batch number, lot number,
        form, part, dimension, dimensions, resolution, firmware, build, android, ios, covid,
        formula, air force, office, xbox, playstation, ps, dial, number of, lane, unit price,
        total, balance, amount, cost, costs, price, paid, pay, charged, charge, refund,
        refunded, bill, fee, worth, spent, spend, year, years, population"""  # fmt: skip


_SPELLED: Final = words("aba cvc cvv dl dob dvla iban id ip itin mrn nhs ni pin ssn url")


def _said(listing: str) -> Iterator[tuple[str, ...]]:
    """Yield the phrases of a listing, and each with its acronyms letter by letter ("member i
    d")."""
    for phrase in phrases(listing):
        yield phrase
        if not _SPELLED.isdisjoint(phrase):
            yield tuple(part for word in phrase for part in (word if word in _SPELLED else (word,)))


LABELS: Final[dict[tuple[str, ...], Entity | None]] = {
    **dict.fromkeys(phrases(_HARMLESS_LABELS)),
    **{phrase: entity for entity, listing in _LABELS.items() for phrase in _said(listing)},
}
"""A phrase and the entity that it announces; None for what announces a harmless number."""

STRONG_HARMLESS: Final = frozenset(
    phrase
    for phrase in phrases(_HARMLESS_LABELS)
    if phrase[-1]
    in words("number code id reference confirmation tracking isbn serial sku barcode upc invoice")
)
"""Labels that explain even a long run of digits."""

LONGEST_LABEL: Final = max(map(len, LABELS))

QUANTITIES: Final = words(
    """dollar dollars buck bucks cent cents euro euros pound pounds quid percent per minute minutes
    min mins hour hours second seconds day days week weeks month months year years night nights
    o'clock am pm a.m p.m degree degrees mile miles meter meters metre metres foot feet inch
    inches yard yards kilometer kilometers kilo kilos gram grams ounce ounces liter liters litre
    litres gallon gallons item items order orders piece pieces box boxes bag bags pack packs
    package packages parcel parcels kettle kettles copy copies time times people person persons
    guys kids children adults guests men women friends star stars gig gigs gigabyte gigabytes
    megabytes gigabit megabit megs things thing ones more other others different of or points
    users user licenses seats tickets rooms bedrooms bedroom beds bed story storey car cars
    phones calls call emails messages pages lines bottles cups plates chairs tables shirts pairs
    pair sets set units steps options questions question reasons issues issue problems problem
    grand thousand million billion k square mg milligrams tablets pills calories watts volts
    amps business working bit century centuries percent's weeks' days' months' years' hours'
    minutes' business-days channels year-old years-old month-old day-old weeker percentile dozen
    button buttons wheel wheels drawer drawers shelf shelves screw screws bolt bolts door doors
    port ports slot slots"""
)
"""What a small number counts."""

YEAR_LEADS: Final = words(
    """in since from until till of year by during before after back summer winter spring fall late
    early mid circa model the through"""
)

TITLES: Final = words("""mr mrs ms miss dr doctor mister sir madam professor prof officer""")

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH_NUMBERS: Final = {name: at + 1 for at, name in enumerate(MONTHS)} | {
    short: at + 1
    for at, short in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
    )
} | {"sept": 9}  # fmt: skip

STREET_SUFFIXES: Final = words(
    """street st avenue ave av road rd drive dr lane ln boulevard blvd court ct place pl terrace
    circle cir way parkway pkwy highway hwy square sq trail trl crescent close alley row loop
    plaza turnpike pike mews gardens grove commons crossing expressway hill heights run path
    walk"""
)
SURE_SUFFIXES: Final = words(
    """street avenue ave road rd drive lane ln boulevard blvd court terrace parkway pkwy st
    crescent turnpike mews"""
)
"""Suffixes that make a street of whatever stands between them and a number."""

DIRECTIONS: Final = words("""north south east west northeast northwest southeast southwest""")

STATES: Final = Phrases(
    phrases(
        """alabama, alaska, arizona, arkansas, california, colorado, connecticut, delaware,
        florida, georgia, hawaii, idaho, illinois, indiana, iowa, kansas, kentucky, louisiana,
        maine, maryland, massachusetts, michigan, minnesota, mississippi, missouri, montana,
        nebraska, nevada, new hampshire, new jersey, new mexico, new york, north carolina,
        north dakota, ohio, oklahoma, oregon, pennsylvania, rhode island, south carolina,
        south dakota, tennessee, texas, utah, vermont, virginia, washington, west virginia,
        wisconsin, wyoming, washington d c, district of columbia, england, scotland, wales,
        canada, ontario, quebec"""
    )
)

ACRONYMS: Final = words(
    """usa us uk eu un fbi cia nasa usb pdf at&t ibm tv dvd cd dvr pc mac ok okay id ids pin cvv
    cvc ssn zip dob atm atms gps hdmi lcd led lte ram cpu gpu sim esim wifi vip faq ceo cfo cto
    hr it pr rsvp asap fyi diy irs dmv ups usps dhl fedex hp lg bmw vw gm ge kfc cnn bbc nbc abc
    cbs hbo mtv nba nfl mlb nhl ncaa espn aaa aarp am pm ac dc ny la nyc dc sf html css url urls
    http https www ios ip isp vpn dns sms mms ai api app ui ux sql xml csv jpeg jpg png gif mp3
    mp4 qr otp hmrc dvla dmv vat ni pto rv suv atv ev rsa sat gre phd md rn er icu cpr hiv aids
        adhd ptsd ocd dna mri iba
    ct uv bbq blt pb&j nhs nino itin aba iban mrn po xl xxl xs xxxl ibm sap aws hd uhd wwe nyse
    ipo etf ira roth apr apy cod eta eod fm ad bc tbd tba lol omg btw imo nsfw ftp ssd hdd usa's
    tsa faa fda epa cdc who nato un llc inc ltd ymca lgbt lgbtq cvs amc ikea asos visa amex msn
    aol h&m m&m b&b b&q jbl rca tcl hsbc rbs bp kpmg pwc ey cbd thc psa fifa uefa nascar bmx tnt
    vhs vcr swat rip mvp gpa sos o.k"""
)
"""Spelled or capital letters that everybody says and that name nobody."""

PROPER: Final = words(
    """monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays
    thursdays fridays saturdays sundays christmas thanksgiving easter halloween ramadan hanukkah
    diwali english spanish french german italian chinese japanese korean american british
    canadian mexican indian russian dutch portuguese arabic hindi polish irish scottish
    australian european asian african latin greek turkish swedish america england france germany
    italy spain china japan korea canada mexico india russia australia brazil europe asia africa
    ireland scotland britain states amazon google apple microsoft netflix facebook instagram
    twitter tiktok youtube whatsapp zoom uber lyft airbnb paypal venmo zelle ebay walmart target
    costco starbucks mcdonald's mcdonalds verizon comcast xfinity spectrum t-mobile sprint
    vodafone samsung sony nintendo xbox playstation iphone ipad android windows chrome firefox
    safari bluetooth wi-fi wifi fedex ups usps dhl visa mastercard discover amex chase citibank
    wells fargo barclays santander hsbc nike adidas gucci toyota honda ford tesla bmw mercedes
    audi nissan hyundai kia chevy chevrolet volkswagen porsche lexus delta united southwest
    lufthansa jetblue hilton marriott hyatt expedia siri alexa cortana echo kindle roku hulu
    disney spotify pandora linkedin reddit pinterest snapchat skype gmail yahoo hotmail outlook
    icloud dropbox adobe photoshop excel word powerpoint oracle salesforce slack github linux
    ubuntu intel nvidia dell lenovo asus acer canon epson nokia motorola huawei philips bosch
    siemens dyson keurig nespresso lego ikea macy's nordstrom sephora walgreens cvs kroger aldi
    lidl tesco sainsbury's asda waitrose boots argos currys primark zara uniqlo levi's coca-cola
    coke pepsi kleenex jacuzzi velcro google's amazon's apple's internet god jesus lord bible
    quran covid boeing airbus ferrari jeep dodge subaru mazda volvo medicare medicaid christian
    muslim jewish catholic hushgate shakespeare einstein mozart beethoven bach chopin picasso
    rembrandt monet dickens hemingway tolkien obama biden putin beatles"""
)
"""Capitalised words that name no private person."""

CITIES: Final = words(
    """boston austin dallas houston chicago paris london denver phoenix charlotte madison jackson
    lincoln savannah orlando aurora cleveland columbus memphis nashville atlanta miami seattle
    portland sacramento oakland detroit pittsburgh philadelphia baltimore richmond raleigh
    cincinnati milwaukee minneapolis omaha tulsa wichita tampa vegas reno tucson albuquerque
    boise berlin rome madrid vienna dublin sydney melbourne toronto vancouver montreal tokyo
    florence manchester birmingham liverpool leeds glasgow edinburgh bristol cardiff belfast
    brooklyn queens manhattan bronx hollywood virginia georgia carolina florida texas dakota
    california washington york jersey francisco angeles diego antonio jose springfield arlington
    buffalo rochester trenton hartford providence albany syracuse houston's hawaii alaska ohio
    utah nevada arizona kentucky tennessee alabama michigan illinois indiana iowa kansas montana
    israel jordan chad kenya cuba haiti egypt turkey greece poland sweden norway denmark finland
    iceland"""
)
"""Places: names of nobody, and a CITY only in an address."""

FAMILY: Final = words(
    """wife husband son daughter mother father mom dad brother sister boss manager partner friend
    aunt uncle cousin grandmother grandfather neighbor neighbour girlfriend boyfriend fiance
    fiancee colleague landlord roommate spouse nephew niece agent rep supervisor"""
)

NAME_INTRODUCERS: Final = Phrases(
    phrases(
        """my name is, name is, the name is, name's, names, my name, first name is, last name
        is, first name, last name, surname is, surname, family name is, family name, given name,
        middle name, middle name is, maiden name, maiden name is, full name, full name is, i go
        by, call me, name on the card is, name on the card, name on the account is, name on the
        account, account holder is, under the name, under the name of, in the name of,
        cardholder name is, cardholder is, name was, name would be, called, named, nickname is,
        i am called, name will be, goes by, signed, sincerely, regards"""
    )
)
WEAK_NAME_INTRODUCERS: Final = Phrases(
    phrases(
        """this is, i'm, i am, it's, speaking with, speak to, speak with, talk to, talk with,
        talked to, spoke to, spoke with, talking to, it is, here is, here's, hi, hello, hey, am
        i speaking to, with, to, from, for, by, ask for, is, was, that's, thanks, thank you,
        and, dear, im"""
    )
)

SECRET_INTRODUCERS: Final = Phrases(
    phrases(
        """log in as, logged in as, login as, sign in as, signed in as, signed up as, sign up as,
        registered as, log on as, account is called, account is under, username is still,
        user name is still"""
    )
)
"""After these comes a user name."""

ADDRESS_INTRODUCERS: Final = Phrases(
    phrases(
        """i live at, i live on, live at, live on, lives at, lives on, my address is, address is,
        the address is, ship it to, ship to, deliver it to, deliver to, delivered to, send it
        to, sent to, mail it to, located at, house is at, moved to, moving to, i'm at, i am
        at, we're at, we are at, street is, street name is, residing at, reside at, staying
        at, living at, living on, address would be, address as, home is at, my address, home
        address, billing address, shipping address, mailing address, delivery address, street
        address, new address, old address, address's, pick me up at, we live at, we live on"""
    )
)
CITY_INTRODUCERS: Final = Phrases(
    phrases(
        """i live in, live in, lives in, living in, city is, city of, town is, town of, hometown
        is, moved to, move to, moving to, reside in, residing in, my city is, city,
        the city is, my town is, born in, based in, we live in, house in,
        apartment in, home in, located in, calling from, call from, calling you from, phoning from,
        come from, i'm from, am from, grew up in, grew up near, live near, live outside, just
        outside, i'm in, we're in, am in, are in, mother in, father in, sister in, brother in,
        son in, daughter in, parents in, home town is, office in, stay in, staying in"""
    )
)

FUNCTION: Final = words(
    """a about above after again against all almost already also although always am an and another
    any anybody anyone anything are aren't around as ask asked at away back be because been
    before being below between both but by call called calling came can can't cannot come comes
    coming could couldn't did didn't do does doesn't doing don't done down each either else even
    ever every everybody everyone everything few for from get gets getting give given gives go
    goes going gone got had hadn't has hasn't have haven't having he he's her here hers him
    himself his how i'd i'll i'm i've if in into is isn't it it's its itself just keep kind know
    knows last least less let let's like look looking lot made make makes making many maybe me
    mean might mine more most much must my myself need needed needs neither never new next no
    nobody none nor not nothing now of off oh on once one only onto or other others our ours out
    over own perhaps please put quite rather really right said same say saying says see seem
    seems several she she's should shouldn't since so some somebody someone something sorry
    speaking still such sure take takes taking talk talking tell than thank thanks that that's
    the their theirs them themselves then there there's these they they're they've thing things
    think this those though through till to today tomorrow tonight too took toward tried try
    trying two under until up upon us use used using very want wanted wants was wasn't way we
    we're we've well went were weren't what what's when where where's which while who who's
    whose why will with within without won't would wouldn't yeah yep yes yesterday yet you
    you're you've your yours i okay ok hi hello hey um uh bye goodbye good great fine correct
    wrong spelled spelling pronounced actually also dot yesterday's ma'am there'd having trying
    happy glad interested able unable ready wondering hoping waiting having unfortunately
    sorry's first second not it'll that'll here's how's problem issue working broken order gonna
    wanna gotta cause"""
)
"""Words that hold sentences together; none of them is a name or a street."""

CLAUSE: Final = words(
    """i you we they he she i'm i've i'd i'll you're we're they're he's she's you've we've do does
    did don't doesn't didn't can can't could couldn't would wouldn't should will won't have
    haven't what why how who when where which because was were wasn't weren't isn't aren't am
    are if there that about just not want need think know me them us him has hasn't had"""
)
"""Words that make a clause, and so a sentence that is no answer."""

CORRECTIONS: Final = Phrases(
    phrases(
        """no, sorry, wait, i mean, i meant, actually, rather, that is wrong, that's wrong, not
        right, hang on, hold on, correction, scratch that, strike that, let me correct, my mistake,
        my bad, make that, make it, oops, pardon, or rather"""
    )
)
"""Words that take back what was said before, so that it is said again."""

ASIDES: Final = Phrases(
    phrases(
        """let me see, let me check, let me look, let me think, 1 moment, 1 second, 1
        minute, just a moment, just a second, just a minute, give me a moment, give me a second,
        hold on, hang on, thank you, okay, ok, okay so, ok so, sure, yes that's, yes it's, i have
        to look, where did i put it"""
    )
)
"""Phrases that people say before an answer or behind it, numbers in digits."""

ANSWER_TALK: Final = words(
    """yes yeah yep yup no nope sure okay ok alright right it it's its is that's that thats the
        my um uh er hmm mm well so and oh ah please thank you thanks hold on one moment second
        sec minute a an let me see just get i'll i'm i am give grab check of course absolutely
        certainly fine good great correct exactly for to here here's there's there you go got
        ready sorry again uh-huh mhm listen welcome hi hello would be it'll was are these those
        they're they in at on with as then also but or do don't have know remember not by think
        believe say said spell spelled spelling um-hum hang wait actually mean maybe go ahead
        already now where did put looking look back card phone number name first last middle
        street city state zip code date birth account address email password pin routing social
        security license plate passport user username member id area digits digit letters letter
        capital lower case upper expiration expiry expires cvv house apartment apt full surname
        live lives called both words word all lowercase uppercase line box p.o po dear ma'am sir
        followed separate together one's this we our his her their he she your i what's that'd
        that'll will can could apostrophe hyphen dash dot underscore space slash point how's
    wrong correction scratch mistake oops old new same really necessary gave lady people
    question loud quiet bit front flat suite unit floor
    driver's drivers license licence website birthday sent much very good morning afternoon evening
    hello says today number's name's email's birthdate diagnosed prescribed suffer taking take"""
)
"""What people say around an answer."""

TALK: Final = COMMON | words(
    """kettle kettles refund refunds refunded shipping router routers okay um uh yeah yep nope hmm
    subscription subscriptions tracking warranty invoice invoices password email emails e-mail
    online website app apps wifi internet laptop phone phones charger battery cancel cancelled
    canceled upgrade upgraded downgrade login logged reset gonna wanna gotta kinda sorta bye hi
    hey voicemail gigabytes streaming blender toaster oven fridge dishwasher vacuum microwave
    jacket sneakers headphones tablet keyboard mouse printer earbuds couch mattress sofa coupon
    discount promo delivery deliveries delivered driver parcel courier checkout reschedule
    rescheduled appointment plumber technician installer billing statement autopay overdraft
    postcode zip reg plate registration anytime letting mortgage deductible copay prescription
    pharmacy refill"""
)
"""Words of ordinary talk on such calls."""


def common(word: str, *, among: frozenset[str] = TALK) -> bool:
    """Tell whether a word (lower case) is everyday talk, contractions and plurals included."""
    if word in among:
        return True
    for ending in (
        "'s",
        "'m",
        "'re",
        "'ve",
        "'ll",
        "'d",
        "s'",
        "n't",
        "s",
        "es",
        "ed",
        "ing",
        "ly",
    ):
        if word.endswith(ending) and len(word) - len(ending) > (1 if "'" in ending else 2):
            stem = word[: -len(ending)]
            if stem in among or stem + "e" in among:
                return True
    return word in ("i'm", "it's", "that's")
