"""Hypothesis strategies for laws and scenarios, for tests of decrimsim and of what is built on it.

Level 8. Needs the extra ``testing``; nothing else in decrimsim imports it.
"""
