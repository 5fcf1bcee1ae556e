"""Styles of the tones that view values name; the colours are the theme's."""

TONES = {
    "good": "$lab-good",
    "note": "$lab-text",
    "warn": "$lab-warn",
    "bad": "$lab-bad",
    "busy": "$lab-accent",
    "knob": "$lab-mark",
    "quiet": "$lab-muted",
}
