"""The exchange door: will carry the relay to the province's front database. Empty until the exchange is built."""
