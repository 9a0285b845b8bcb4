"""How long which kinds are kept, and how many of them: as declared, or as a command says."""

from dataclasses import dataclass
from datetime import timedelta

from bellhop.conf import conf
from bellhop.kinds import registry


@dataclass(frozen=True, slots=True)
class Rule:
    """What of some kinds is kept no longer. Their notifications are counted together."""

    kinds: tuple[str, ...] = ()
    """The kinds it is about; with `is_of_others`, all but these."""
    is_of_others: bool = False
    keep: timedelta | None = None
    """What was made longer ago goes. None: no matter how old."""
    newest: int | None = None
    """So many of one person stay, those with the highest seq. None: all."""


def declared() -> list[Rule]:
    """Return the rules of the kinds and of BELLHOP["KEEP_DAYS"] and ["KEEP_NEWEST"]; empty where all is kept for ever.

    What a kind says of itself holds for it instead of what BELLHOP says of all; where it says only one of the two,
    BELLHOP's other one holds for it, too. Kinds that do not say how many are kept are counted together. No query.
    """
    kinds = registry.declared()
    rules = [
        Rule((kind.name,), keep=kind.keep, newest=kind.keep_newest)
        for kind in kinds
        if kind.keep is not None or kind.keep_newest is not None
    ]
    if conf.KEEP_DAYS is not None:
        own = tuple(kind.name for kind in kinds if kind.keep is not None)
        rules.append(Rule(own, is_of_others=True, keep=timedelta(days=conf.KEEP_DAYS)))
    if conf.KEEP_NEWEST is not None:
        own = tuple(kind.name for kind in kinds if kind.keep_newest is not None)
        rules.append(Rule(own, is_of_others=True, newest=conf.KEEP_NEWEST))
    return rules


def chosen(
    kind: str | None = None, *, keep: timedelta | None = None, newest: int | None = None
) -> list[Rule]:
    """Return rules as somebody asks for them: of one kind or of all, with these limits instead of the declared ones.

    Without a limit they are the declared ones, of that kind alone where one is named. Raises LookupError where that
    kind is counted together with others: what of it goes depends on them.
    """
    if keep is not None or newest is not None:
        only = () if kind is None else (kind,)
        return [Rule(only, is_of_others=kind is None, keep=keep, newest=newest)]
    rules = declared()
    if kind is None:
        return rules
    about = [rule for rule in rules if (kind in rule.kinds) is not rule.is_of_others]
    if any(rule.is_of_others and rule.newest is not None for rule in about):
        raise LookupError(
            f'{kind} is counted together with other kinds (BELLHOP["KEEP_NEWEST"]): say how many of it are kept'
        )
    return [Rule((kind,), keep=rule.keep, newest=rule.newest) for rule in about]
