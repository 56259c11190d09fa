"""How a reading that gave no answer is told to the user."""

from __future__ import annotations

import signal

import pytest

from geo_review.sandbox.deaths import in_words, refusal_of
from geo_review.sandbox.start import Ended
from geo_review.sandbox.words import OUT_OF_MEMORY


@pytest.mark.parametrize(
    ("why", "ended", "code", "for_the_log"),
    [
        ("waited for in vain", Ended(overdue=True, status=signal.SIGKILL), "parse_timeout", "not done within 90 s"),
        ("its computing time is used up", Ended(status=signal.SIGXCPU), "parse_timeout", "killed by SIGXCPU"),
        ("it says that memory is out", Ended(status=OUT_OF_MEMORY << 8), "parse_memory", "exit status"),
        ("the kernel took it for its memory", Ended(status=signal.SIGKILL), "parse_memory", "killed by SIGKILL"),
        ("a library crashed", Ended(status=signal.SIGSEGV), "parse_crashed", "killed by SIGSEGV"),
        ("a call that is not allowed", Ended(status=signal.SIGSYS), "parse_crashed", "killed by SIGSYS"),
        ("it went without a word", Ended(status=0), "parse_crashed", "exit status 0"),
        ("a fault of ours", Ended(fault="Traceback …"), "parse_crashed", "Traceback …"),
    ],
)
def test_a_death_is_a_refusal_that_says_what_happened(why: str, ended: Ended, code: str, for_the_log: str) -> None:
    refusal = refusal_of(ended)
    assert refusal.code == code, why
    assert refusal.message
    assert refusal.remedy
    assert for_the_log in in_words(ended)
    assert "Traceback" not in refusal.message + refusal.remedy
