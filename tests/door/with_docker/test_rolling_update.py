"""In which order an update replaces replicas, and how it is taken back."""

import itertools
from collections.abc import Iterable

import pytest
from verbs.rolling_update import SERVICES, NotHealthyError, roll


class Stack:
    """Replicas by name, old1 and new1 of each service; those named in `ill` never become healthy."""

    def __init__(self, counts: dict[str, int], ill: Iterable[str] = ()) -> None:
        self.there = {
            service: [f"{service}-old{number}" for number in range(1, count + 1)]
            for service, count in counts.items()
        }
        self.ill = set(ill)
        self.least = {service: len(each) for service, each in self.there.items()}
        self.most = dict(self.least)
        self.done: list[str] = []
        self.kind = "new"
        self._numbers = {service: itertools.count(1) for service in counts}

    def running(self, service: str) -> list[str]:
        return list(self.there[service])

    def add(self, service: str) -> str:
        name = f"{service}-{self.kind}{next(self._numbers[service])}"
        self.there[service].append(name)
        self.most[service] = max(self.most[service], len(self.there[service]))
        self.done.append(f"add {name}")
        return name

    def wait_healthy(self, replica: str) -> None:
        if replica in self.ill:
            raise NotHealthyError(replica)

    def remove(self, replica: str) -> None:
        (service,) = (each for each, names in self.there.items() if replica in names)
        self.there[service].remove(replica)
        well = [name for name in self.there[service] if name not in self.ill]
        self.least[service] = min(self.least[service], len(well))
        self.done.append(f"remove {replica}")

    def go_back(self) -> None:
        self.kind = "former"


COUNTS = {"ws": 3, "worker": 1, "web": 2}


def silent(line: str) -> None:
    pass


def test_every_replica_is_new_at_the_end_and_there_are_as_many() -> None:
    stack = Stack(COUNTS)
    roll(stack, silent)
    assert {service: len(names) for service, names in stack.there.items()} == COUNTS
    assert all("new" in name for names in stack.there.values() for name in names)


def test_there_is_never_one_less_than_before_and_never_two_more() -> None:
    stack = Stack(COUNTS)
    roll(stack, silent)
    assert stack.least == COUNTS
    assert stack.most == {service: count + 1 for service, count in COUNTS.items()}


def test_no_old_one_goes_before_one_new_of_each_service_is_healthy() -> None:
    stack = Stack(COUNTS)
    roll(stack, silent)
    first = next(number for number, step in enumerate(stack.done) if step.startswith("remove"))
    assert sorted(stack.done[:first]) == sorted(f"add {service}-new1" for service in SERVICES)


@pytest.mark.parametrize("ill", ["ws-new1", "worker-new1", "web-new1"])
def test_what_does_not_start_at_all_costs_no_old_replica(ill: str) -> None:
    stack = Stack(COUNTS, [ill])
    before = {service: stack.running(service) for service in COUNTS}
    with pytest.raises(NotHealthyError, match=ill):
        roll(stack, silent)
    assert stack.there == before
    assert stack.least == COUNTS


@pytest.mark.parametrize("ill", ["ws-new2", "ws-new3", "web-new2"])
def test_what_fails_half_way_is_replaced_by_what_ran_before(ill: str) -> None:
    stack = Stack(COUNTS, [ill])
    with pytest.raises(NotHealthyError, match=ill):
        roll(stack, silent)
    assert {service: len(names) for service, names in stack.there.items()} == COUNTS
    assert not any("new" in name for names in stack.there.values() for name in names)
    assert stack.least == COUNTS
