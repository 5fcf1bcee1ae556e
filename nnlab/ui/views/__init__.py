"""What each panel shows, as frozen values made by pure functions from history and diagnosis."""
