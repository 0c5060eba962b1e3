"""Users, their passwords and tokens, and limits for who guesses."""
