"""How a mystery is asked for among scenarios: its code after this word."""

TARGET = "mystery "
