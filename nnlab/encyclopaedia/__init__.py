"""What each failure mode is, in words: one file per mode in `entries`, opened through `book`."""
