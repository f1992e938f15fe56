"""Reports: what a comparison says, as text and as one self-contained page.

Level 6.
"""
