"""A channel that loses nothing for good, but delays, reorders and repeats what is sent over it."""

from random import Random
from typing import Generic, TypeVar

Message = TypeVar("Message")


class Channel(Generic[Message]):
    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.under_way: list[Message] = []
        self.arrived: list[Message] = []

    def send(self, message: Message) -> None:
        self.under_way.append(message)

    def deliver(self) -> list[Message]:
        """What arrives now: some of what is under way, some of it not for the first time."""
        self.chance.shuffle(self.under_way)
        some = self.chance.randint(0, len(self.under_way))
        now, self.under_way = self.under_way[:some], self.under_way[some:]
        self.arrived += now
        again = [message for message in self.arrived if self.chance.random() < 0.03]
        now = now + again
        self.chance.shuffle(now)
        return now

    def flush(self) -> list[Message]:
        """Everything that is still under way, and a few for the second time."""
        now, self.under_way = self.under_way, []
        self.arrived += now
        self.chance.shuffle(now)
        return now
