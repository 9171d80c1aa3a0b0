"""Morse code of the lamp."""

DOT_SECONDS = 0.5


def flash(lamp, text):
    """Flashes a text, a dot lasting half a second."""
    for letter in text:
        lamp.show(MORSE[letter], DOT_SECONDS)
