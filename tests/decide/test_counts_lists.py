"""Published lists of names, compared."""

import pytest

from monitor.decide.counts import compare_lists


@pytest.mark.parametrize(
    ("previous", "current", "added", "removed", "trusted"),
    [
        ("", "", "", "", True),
        ("", "ab", "ab", "", True),
        ("abc", "abc", "", "", True),
        ("abc", "cba", "", "", True),
        ("abcd", "abcde", "e", "", True),
        ("abcd", "abc", "", "d", True),
        ("abcd", "bcdx", "x", "a", True),
        ("abcd", "abxy", "xy", "cd", True),
        ("abcd", "a", "", "", False),
        ("abcd", "", "", "", False),
        ("abcd", "wxyz", "wxyz", "", False),
        ("aab", "abb", "", "", True),
    ],
)
def test_names_are_added_and_removed_but_never_by_the_mass(
    previous: str, current: str, added: str, removed: str, trusted: bool
) -> None:
    change = compare_lists(list(previous), list(current))

    assert change.added == tuple(added)
    assert change.removed == tuple(removed)
    assert change.trusted is trusted
