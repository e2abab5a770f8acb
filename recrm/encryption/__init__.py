"""The database encrypted as a whole: turning it on and off, and changing the passphrase."""
