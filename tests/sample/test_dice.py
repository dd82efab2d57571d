import numpy as np

from partnerhub.sample.dice import Dice

KEYS = np.arange(100_000)


def test_answers_never_change():
    """They are part of every sample file that anybody has ever made."""
    dice = Dice(1)
    assert dice.below(1_000_000, "x", np.arange(-2, 3)).tolist() == [
        933568,
        445703,
        664594,
        744333,
        319191,
    ]
    assert dice.uuids("x", np.array([7, -7])).tolist() == [
        "1d427451-0fda-4860-af68-1383822848ab",
        "a06c32d8-5054-420e-bfb0-90d67d55ccb2",
    ]


def test_an_answer_depends_on_its_question_alone():
    dice = Dice(1)
    whole = dice.share("x", KEYS, 5)
    assert np.array_equal(dice.share("x", KEYS[50:60], 5), whole[50:60])
    assert not np.any(dice.share("y", KEYS, 5) == whole)
    assert not np.any(dice.share("x", KEYS, 6) == whole)
    assert not np.any(dice.share("x", 5, KEYS)[6:] == whole[6:])
    assert not np.any(Dice(2).share("x", KEYS, 5) == whole)


def test_answers_are_even():
    dice = Dice(1)
    assert abs(dice.share("x", KEYS).mean() - 0.5) < 0.005
    assert abs(dice.chance(0.1, "x", KEYS).mean() - 0.1) < 0.005
    sixths = np.bincount(dice.below(6, "x", KEYS)) / len(KEYS)
    assert np.allclose(sixths, 1 / 6, atol=0.005)
    shares = np.bincount(dice.pick((70, 20, 10), "x", KEYS)) / len(KEYS)
    assert np.allclose(shares, (0.7, 0.2, 0.1), atol=0.005)
    assert np.array_equal(
        np.unique(dice.below(np.array([1, 3]), "x", KEYS[:, None])), [0, 1, 2]
    )


def test_uuids_are_random_ones_and_different():
    uuids = Dice(1).uuids("x", KEYS)
    assert len(set(uuids)) == len(KEYS)
    assert {text[14] for text in uuids} == {"4"}
    assert {text[19] for text in uuids} == set("89ab")
