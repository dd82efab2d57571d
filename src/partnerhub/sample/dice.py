"""Random numbers without a state: the same question always has the same answer.

A number is a hash of the seed, what it is for, and whom it is for. So any customer
on any day is made alone and in any order, in chunks of any size, and comes out the
same on every machine: nothing but whole numbers and operations that IEEE 754 fixes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import attrs
import numpy as np
import numpy.typing as npt

from partnerhub.columns.unknown import Array, Bools, Ints
from partnerhub.sample.texts import texts

Keys = Ints | int
"""Whom a number is for: an array gives one number an element."""

_Words = npt.NDArray[np.uint64]
_Floats = npt.NDArray[np.float64]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_VERSION: Final = (np.uint64(0xFFFF_FFFF_FFFF_0FFF), np.uint64(0x4000))
_VARIANT: Final = (np.uint64(0x3FFF_FFFF_FFFF_FFFF), np.uint64(1 << 63))


@attrs.frozen
class Dice:
    """Answers about one sample partner.

    Attributes:
        seed: Another seed gives other answers to everything.

    Examples:
        >>> dice = Dice(1)
        >>> dice.below(6, "throw", np.arange(8)).tolist()
        [2, 3, 0, 1, 0, 1, 3, 5]
        >>> dice.below(6, "throw", 3).tolist()
        [1]
    """

    seed: int

    def share(self, what: str, *keys: Keys) -> _Floats:
        """A number in 0 <= x < 1."""
        return (self._words(what, *keys) >> np.uint64(11)).astype(np.float64) * 2.0**-53

    def between(self, low: float, high: float, what: str, *keys: Keys) -> _Floats:
        """A number in low <= x < high."""
        return low + (high - low) * self.share(what, *keys)

    def below(self, end: Keys, what: str, *keys: Keys) -> Ints:
        """A whole number in 0 <= x < end."""
        return (self.share(what, *keys) * end).astype(np.int64)

    def chance(self, likely: float, what: str, *keys: Keys) -> Bools:
        """True in that share of all cases."""
        return self.share(what, *keys) < likely

    def pick(self, weights: Sequence[int], what: str, *keys: Keys) -> Ints:
        """A position in `weights`, each as often as its weight says."""
        throws = self.below(sum(weights), what, *keys)
        return np.searchsorted(np.cumsum(weights), throws, side="right")

    def uuids(self, what: str, *keys: Keys) -> Array:
        """Random uuids: object array of `str`."""
        high, low = self._words(what, *keys, 0), self._words(what, *keys, 1)
        high = (high & _VERSION[0]) | _VERSION[1]
        low = (low & _VARIANT[0]) | _VARIANT[1]
        digits = np.stack([high, low], axis=1).astype(">u8").tobytes().hex()
        return texts(
            [
                f"{digits[at : at + 8]}-{digits[at + 8 : at + 12]}-"
                f"{digits[at + 12 : at + 16]}-{digits[at + 16 : at + 20]}-"
                f"{digits[at + 20 : at + 32]}"
                for at in range(0, len(digits), 32)
            ]
        )

    def _words(self, what: str, *keys: Keys) -> _Words:
        salt = hashlib.sha256(f"{self.seed}/{what}".encode()).digest()
        # One element, not a scalar: arrays wrap round in silence, as they should.
        words = np.array([int.from_bytes(salt[:8])], dtype=np.uint64)
        for key in keys:
            # Signed keys (days before the last one) wrap round as well.
            words = _mixed(words ^ np.atleast_1d(key).astype(np.int64).view(np.uint64))
        return words


def _mixed(words: _Words) -> _Words:
    """Every bit of the result depends on every bit given (SplitMix64)."""
    words = words + _STEP
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
