"""English answers."""

from __future__ import annotations

from typing import Final

from gateway.answers.grammar import Demand, Grammar

_THAT: Final = "(?:that|this|it|all that|all of that|all of this|everything|both|all)"
_RECORDED: Final = (
    "(?:(?:the|this|a) (?:call|recording|transcript|conversation)|"
    "(?:be|being|have|having) (?:recorded|transcribed|listened to))"
)
_FINE: Final = (
    "(?:(?:totally|perfectly|absolutely|completely|quite|just|all|very|really) )?"
    "(?:fine|okay|ok|o k|good|great|alright|perfect|cool)"
)
_ME: Final = "(?: (?:by|with|for) me)?"
_SOMEBODY: Final = (
    "(?:person|persons|people|human|humans|human being|man|woman|representative|rep|operator|"
    "supervisor|manager|colleague|receptionist|advisor|employee|member of staff)"
)
_MACHINE: Final = "(?:(?:a|an|the|this|your) )?(?:robot|robots|machine|machines|computer|bot|ai)"
_REAL: Final = "(?:(?:real|live|actual|human|living|another|different) )*"

ENGLISH: Final = Grammar(
    question="Do you agree? Please say yes or no.",
    refusals="no nope nah not never don",
    yes=f"""
    yes|yeah|yep|yup|yea|yah|aye|yes sir|yes ma'am
    sure|sure thing|for sure|okay|ok|o k|alright|okey dokey
    of course|certainly|absolutely|definitely|totally|by all means|affirmative|agreed|with pleasure
    go ahead|go right ahead|please do|you do that|feel free|be my guest
    i do|i will|i really do|i fully do|yes to {_THAT}
    i (?:(?:do|fully|totally|completely|certainly|hereby|also) )*(?:agree|consent|accept|approve)
    i (?:agree|consent|accept|approve)(?: (?:to|with|of|for))? (?:{_THAT}|{_RECORDED}|the terms)
    i am in agreement
    (?:i|we) (?:do )?(?:give|grant)(?: you)?(?: my| our)? (?:consent|permission|okay|ok|approval)
    you (?:do )?(?:have|got|'ve got) my (?:full )?(?:consent|permission|okay|ok|approval)
    you (?:may|can)
    you (?:may|can) (?:do (?:that|so|it)|go ahead|listen(?: in)?|transcribe|record)
    you (?:may|can) (?:record|transcribe|listen to) (?:{_THAT}|me|us|my voice|{_RECORDED})
    (?:please )?(?:record|transcribe) (?:it|me|the call|this call)
    (?:that's|that is|that will be|that'll be|that would be|it's|it is|this is|all) {_FINE}{_ME}
    (?:is|be|sounds|all) {_FINE}{_ME}
    (?:{_FINE}|find) (?:by|with|for) me
    fine
    (?:i'm|i am|we're|we are) {_FINE} with {_THAT}
    (?:i'm|i am|we're|we are) (?:happy|glad|willing) (?:with {_THAT}|to(?: do (?:that|so|it))?)
    (?:i'd|i would|i'll|i will) be (?:happy|glad|willing) to
    (?:that works|works|it works|this works)(?: for me)
    (?:the|my) answer is yes
    i say yes
    it's a yes(?: from me)?
    let's do (?:it|that|this)
    """,
    beside=f"""
    please|thanks|thank you|thank you very much|thank you so much|thanks a lot|many thanks|cheers
    hello|hi|hey|hello there|hi there|hey there|good (?:morning|afternoon|evening|day)
    um|uh|er|erm|ah|oh|hm|hmm|mm|mhm|well|so|and|then|my dear
    good|very good|great|perfect|excellent|wonderful|lovely|cool|sorry|excuse me
    (?:no|not a|not any|that's no|that's not a|it's no) (?:problem|problem at all|worries|trouble)
    (?:no|i have no) (?:objections|objection|worries)
    i (?:don't|do not) mind|i (?:don't|do not) mind at all
    i (?:understand|see|understand that|know that|hear you)|understood|got it
    (?:i|we) (?:can|may) do that
    (?:with|to) (?:{_THAT}|{_RECORDED})
    keep (?:a|the) transcript
    (?:to|with) (?:the|an|your|this) (?:ai|automated|virtual|digital)(?: (?:assistant|agent))?
    (?:to|with) (?:the|an|your|this) assistant
    i (?:can|will|could) (?:talk|speak) (?:to|with) (?:the|an|your) (?:ai|assistant|robot|computer)
    """,
    no=r"""
    no|nope|nah|naw|nay|nuh|not|none|never|neither|nor|nothing|negative
    \S+n't|don't|won't|wouldn't|can't|isn't|didn't|dont|didnt|wont|cant|wouldnt|cannot
    refuse|decline|deny|reject|forbid|oppose|disagree|object|objection|withdraw|revoke|cancel
    stop|rather|unless|until|without|no way|i'll pass|i pass|opt out|leave me alone
    """,
    no_refusal=r"""
    say no|or no|or a no|say yes or no
    (?:no|not a|not any|that's no|that's not a|it's no) (?:problem|trouble)(?: at all)?
    (?:no|i have no) (?:worries|objections|objection|idea|clue)|not (?:a problem|sure|certain)
    why not|not at all
    (?:do not|don't|dont|did not|didn't) (?:mind at all|mind|know|understand|hear|catch|follow)
    (?:do not|don't|dont|did not|didn't) (?:quite|really) (?:know|understand|hear|catch|follow)
    (?:do not|don't|dont|did not|didn't) get (?:it|that|you)
    (?:cannot|can't|can not|couldn't|could not) (?:hear|understand|make out)
    """,
    human=rf"""
    (?:a|an|the|your|some) {_REAL}{_SOMEBODY}
    {_REAL}{_SOMEBODY}(?: please)?$
    (?:real|live|actual|human) {_SOMEBODY}
    (?:to|with|an|a) (?:(?:real|live|human|actual) )*(?:agent|human)
    (?:talk|speak) (?:to|with) (?:someone|somebody|anyone|anybody|a real|people)
    (?:someone|somebody) (?:real|human|else)
    is (?:there )?(?:anybody|anyone|somebody|someone)(?: else)?(?: real)?(?: there)?
    (?:connect|transfer|forward|put) me (?:to|through|with)(?: \S+)*
    customer service
    """,
    repeat=r"""
    what|huh|pardon|excuse me|sorry|come again|eh
    (?:say|repeat|explain) (?:that|it|this|the question)
    (?:say|do) (?:that|it) again|repeat|again
    (?:do not|don't|dont|did not|didn't) (?:(?:quite|really) )?(?:understand|hear|catch|follow)
    (?:do not|don't|dont|did not|didn't) get (?:it|that|you)
    (?:cannot|can't|can not|couldn't|could not) (?:hear|understand|make out)
    """,
    press="press|number|option|key",
    keys={"one": "1", "1": "1", "two": "2", "2": "2", "zero": "0", "0": "0"},
    demands={
        Demand.STOP_RECORDING: r"""
        (?:stop|end|quit|pause|cease) (?:recording|taping)
        (?:stop|end|pause) (?:the|this|that|your) (?:recording|tape)
        (?:don't|do not|dont) (?:you )?record (?:this|me|it|that|us|anything|the call|this call)
        (?:don't|do not|dont) want (?:you )?to (?:be recorded|record (?:this|me|it))
        (?:don't|do not|dont) want (?:this|it|me|the call|this call)(?: to be)? recorded
        (?:turn|switch) off (?:the|that|your) (?:recording|recorder)
        (?:turn|switch) (?:the|that|your) (?:recording|recorder) off
        no (?:more )?recording
        """,
        Demand.DELETE: r"""
        (?:delete|erase|wipe|remove|scrap) (?:that|it|this|all of it|everything)(?: please| now)*$
        (?:delete|erase|wipe|remove|scrap) (?:everything|all|what|all that|that what) i(?:'ve)? \S+
        (?:delete|erase|wipe|remove|destroy) (?:the|this|that|my|your) (?:recording|transcript)
        (?:delete|erase|wipe|remove|destroy) (?:the|this|that|my) (?:call|conversation)
        strike that from the record
        """,
        Demand.HUMAN: rf"""
        (?:want|need|prefer|like|get me|get|give me|find me|have) (?:a|an) {_REAL}{_SOMEBODY}
        (?:talk|speak|speaking|talking) (?:to|with) (?:a|an|the|some|your) {_REAL}{_SOMEBODY}
        (?:talk|speak|speaking|talking) (?:to|with) (?:a )?{_REAL}(?:human|humans|people)
        (?:talk|speak) (?:to|with) (?:an|a (?:real|live|human)) agent
        (?:want|need|get me|give me) (?:an|a (?:real|live|human)) agent
        (?:talk|speak) (?:to|with) (?:someone|somebody) (?:real|human|else)
        can i (?:talk|speak) (?:to|with) (?:someone|somebody)(?: please)?$
        (?:connect|transfer|put) me (?:through )?(?:to|with) (?:a|an|the|your) {_REAL}{_SOMEBODY}
        (?:connect|transfer|put) me (?:through )?(?:to|with) (?:an|a (?:real|live|human)) agent
        (?:don't|do not|dont|won't) (?:want to )?(?:talk|speak) (?:to|with) {_MACHINE}
        (?:not|no longer|stop) (?:talking|speaking) (?:to|with) {_MACHINE}
        ^(?:(?:a|an) )?{_REAL}(?:human|human being|person|operator|representative)(?: please)?$
        """,
        Demand.STOP: r"""
        (?:withdraw|revoke|retract|take back) (?:(?:my|the|that|this) )?(?:consent|permission)
        (?:don't|do not|no longer) (?:consent|agree to this)(?: any ?more)?
        changed my mind about (?:this|the recording|recording|the consent)
        stop listening
        """,
    },
    no_demand=rf"""
    human (?:resources|error|rights|relations)
    (?:don't|do not|dont|never|didn't|did not) (?:stop recording|delete (?:that|it|this|everything))
    (?:don't|do not|didn't|did not) (?:want|need) (?:a|an) {_REAL}{_SOMEBODY}
    (?:a|an|the) (?:manager|person|operator|man|woman|colleague) (?:told|said|who|called|from|at|of)
    """,
)
