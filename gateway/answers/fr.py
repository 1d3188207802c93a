"""French answers."""

from __future__ import annotations

from typing import Final

from gateway.answers.grammar import Demand, Grammar

_REAL: Final = "(?:(?:vrai|vraie|véritable|autre|être) )?"
_SOMEBODY: Final = (
    "(?:humain|humaine|personne|conseiller|conseillère|opérateur|opératrice|agent|représentant|"
    "responsable|employé|employée|interlocuteur|collègue|standardiste|chargé de clientèle)"
    "(?! (?:virtuel|virtuelle|automatique|artificiel))"
)
_A: Final = "(?:un|une|l'|le|la|votre)"
_NOT_GOT: Final = (
    "(?:pas|rien) (?:(?:bien|tout|très bien) )?(?:compris|entendu|saisi|suivi)|"
    "(?:ne |n')?(?:vous )?(?:comprends|entends) (?:pas|rien)(?: bien)?"
)

FRENCH: Final = Grammar(
    question="Êtes-vous d'accord ? Dites oui ou non.",
    refusals="non pas jamais",
    yes="""
    oui|ouais|ouai|mais oui|ben oui|bah oui|eh oui|okay|ok|d'accord|d'acc|entendu|affirmatif
    bien sûr|bien sûr que oui|mais bien sûr|bien entendu|bien évidemment|évidemment|naturellement
    absolument|tout à fait|certainement|volontiers|avec plaisir|sans problème|sans souci
    allez y|vas y|faites|faites donc|faites le|je vous en prie|exactement
    (?:je )?l'?accepte|j'accepte|j'accepte (?:ça|cela|tout|l'enregistrement|d'être enregistrée?)
    je consens|j'y consens|je (?:le )?veux bien|je l'accepte|j'approuve|je l'autorise|j'autorise
    (?:je suis|j'suis|moi je suis) (?:(?:tout à fait|entièrement|totalement) )?d'accord
    d'accord (?:avec ça|avec cela|pour ça|pour cela|pour l'enregistrement)
    je (?:vous )?donne mon (?:accord|consentement|autorisation)
    vous avez (?:mon accord|mon consentement|mon autorisation|ma permission)
    vous pouvez(?: (?:y aller|enregistrer|le faire|m'enregistrer|écouter))?
    vous pouvez enregistrer (?:l'appel|cet appel|la conversation)
    (?:ça|cela) (?:me )?(?:va|convient)(?: (?:bien|très bien|parfaitement|pour moi))?
    (?:ça|cela) marche(?: pour moi)?
    c'est (?:bon|okay|ok|parfait|d'accord|très bien|bien)(?: pour moi)?
    ma réponse est oui|je dis oui
    """,
    beside="""
    s'il vous plaît|s'il te plaît|merci|merci beaucoup|merci bien|bonjour|bonsoir|allô|salut
    très bien|bien|bon|parfait|super|génial|excellent|euh|ah|oh|hm|hum|ben|bah|alors|et|donc|voilà
    madame|monsieur|mademoiselle|pardon|excusez moi|désolé|désolée|je comprends|compris|j'ai compris
    (?:(?:il )?(?:n')?y a )?pas de (?:problème|problèmes|souci|soucis)|aucun (?:problème|souci)
    (?:ça|cela) (?:ne )?me dérange pas|pas d'objection|je n'ai pas d'objection
    """,
    no=r"""
    non|nan|pas|jamais|refuse|rien|aucun|aucune|sans|sauf|arrêtez|arrête|arrêter|stop|nullement
    négatif|hors de question|ne \S+ plus|n'\S+ plus|retire|m'oppose|annulez|à moins|avant de
    n'enregistrez
    """,
    no_refusal=rf"""
    (?:(?:il )?(?:n')?y a )?pas de (?:problème|problèmes|souci|soucis)|aucun (?:problème|souci)
    sans (?:problème|souci)|(?:ça|cela) (?:ne )?me dérange pas|pas d'objection|pourquoi pas
    sais pas|pas (?:(?:très|vraiment|tout à fait|si) )?(?:sûr|sûre|certain|certaine)
    {_NOT_GOT}|dites non|ou non|aucune idée
    """,
    human=rf"""
    (?:parler|discuter) (?:à|avec) (?:quelqu'un|(?:un|une|votre) {_REAL}{_SOMEBODY})
    (?:avec|à) (?:un|une) {_REAL}{_SOMEBODY}
    (?:passez|transférez|mettez|connectez) moi(?: \S+)*
    (?:veux|voudrais|préfère|souhaite|aimerais) (?:un|une) {_REAL}{_SOMEBODY}
    ^(?:(?:un|une) )?{_REAL}{_SOMEBODY}(?: (?:réelle|humaine|physique))?(?: s'il vous plaît)?$
    (?:vraie|véritable) personne|vrai humain|être humain|personne (?:réelle|humaine|physique)
    il y a quelqu'un
    """,
    repeat=rf"""
    quoi|comment|pardon|hein|plaît il|excusez moi|désolé|désolée
    (?:répéter|répétez|répète|redire|redites)|encore une fois|qu'est ce que(?: \S+)*|que dites vous
    {_NOT_GOT}
    """,
    press="touche|numéro|option|le|la|tape|appuie",
    keys={"un": "1", "1": "1", "deux": "2", "2": "2", "zéro": "0", "0": "0"},
    demands={
        Demand.STOP_RECORDING: """
        (?:arrêtez|arrête|arrêter|cessez|stoppez) (?:d'enregistrer|de m'enregistrer)
        (?:arrêtez|arrêter|cessez|stoppez|coupez) (?:l'enregistrement|cet enregistrement)
        (?:ne )?m'enregistrez pas|n'enregistrez (?:pas|rien|plus)
        (?:ne )?veux (?:pas|plus) (?:être|que vous m'enregistriez|que ce soit) ?(?:enregistrée?)?
        """,
        Demand.DELETE: """
        (?:effacez|supprimez|efface|supprime) (?:ça|cela|tout|tout ça|le)(?: s'il vous plaît)?$
        (?:effacez|supprimez) (?:tout )?ce que j'ai dit
        (?:effacez|supprimez) (?:l'enregistrement|cet enregistrement|la transcription|cet appel)
        (?:effacer|supprimer) (?:l'enregistrement|cet enregistrement|ce que j'ai dit)
        """,
        Demand.HUMAN: rf"""
        (?:parler|discuter) (?:à|avec) (?:un|une|votre) {_REAL}{_SOMEBODY}
        (?:veux|voudrais|préfère|souhaite|aimerais|puis je|je peux) parler (?:à|avec) quelqu'un
        (?:passez|transférez|mettez) moi (?:à |avec |en relation avec )?une? {_REAL}{_SOMEBODY}
        (?:veux|voudrais|préfère|souhaite) une? {_REAL}(?:humain|personne|conseiller|opérateur)
        pas parler (?:à|avec) (?:un|une|cette|ce) (?:robot|machine|ordinateur|ia)
        ^(?:un |une )?(?:humain|opérateur|conseiller|vraie personne)(?: s'il vous plaît)?$
        """,
        Demand.STOP: """
        (?:retire|révoque|annule) mon (?:consentement|accord|autorisation)
        (?:ne )?(?:consens|suis) plus(?: d'accord)?
        (?:arrêtez|arrête|cessez) (?:d'écouter|de m'écouter)
        """,
    },
    no_demand=r"""
    (?:ressources|relations) humaines|droits humains
    (?:n'arrêtez|n'arrête|arrêtez) pas (?:d'enregistrer|l'enregistrement)
    (?:n'effacez|ne supprimez|effacez|supprimez) pas(?: \S+)*
    """,
)
