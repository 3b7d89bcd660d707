# SPDX-License-Identifier: MIT
"""The parts of the benchmark: each has groups(tools), or results(tools) where
nothing is sampled."""
