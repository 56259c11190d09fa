"""The few words that a pool, its zygote and a child have for each other. Holds no behaviour."""

from __future__ import annotations

import struct

READ, PROBE = b"read", b"probe"  # what a child is started for
WORD_BYTES = 16
ENDED = struct.Struct("<i")  # over a lifeline: how a child ended, as waitpid(2) says it
OUT_OF_MEMORY = 77  # exit status of a child: there is no memory left to say it with
