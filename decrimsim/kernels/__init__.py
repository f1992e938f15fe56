"""Kernels: pure functions on arrays. They take uniforms and never make them.

Level 2.
"""
