"""The shipped strategies, under the name that tests import them by."""

from partnerhub.testing.strategies import *  # noqa: F403 - the same, for tests here
