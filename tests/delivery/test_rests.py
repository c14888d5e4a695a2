"""A channel out of reach is left alone for longer and longer, and holds no other back (A38)."""

from db.delivery.rests import LONGEST_SECONDS, Rests
from db.models import Channel


class Watch:
    """Seconds that the test lets pass."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_each_failure_doubles_the_rest_up_to_half_a_minute() -> None:
    watch, waits = Watch(), []
    rests = Rests(1.0, watch)
    for _ in range(6):
        rests.learn(Channel.SMS, reached=False)
        began = watch.now
        while Channel.SMS not in rests.awake():
            watch.now += 1
        waits.append(watch.now - began)
    assert waits == [2, 4, 8, 16, 30, 30]
    assert max(waits) == LONGEST_SECONDS


def test_the_other_channel_stays_awake_and_an_answer_ends_the_rest() -> None:
    rests = Rests(1.0, Watch())
    rests.learn(Channel.SMS, reached=False)
    assert rests.awake() == (Channel.EMAIL,)
    rests.learn(Channel.SMS, reached=True)
    assert rests.awake() == (Channel.EMAIL, Channel.SMS)
