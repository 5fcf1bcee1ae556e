"""The panels of the lab screen: each takes one frozen view value and posts messages up."""
