# SPDX-License-Identifier: MIT
"""Figures of samples that were taken in rounds."""
import math


def at(values, share):
    """The value that so large a share of all does not exceed."""
    ordered = sorted(values)
    rank = max(0, math.ceil(share * len(ordered)) - 1)
    return ordered[rank]


def middle(values):
    return at(values, 0.5)


def paired(samples, base):
    """The ratio to the base in the same round: the median and its 95 %
    interval (by order statistics, so of no distribution in particular)."""
    ratios = sorted(a / b for a, b in zip(samples, base) if b > 0)
    if not ratios:
        return None
    n = len(ratios)
    half = 0.98 * math.sqrt(n)
    low = max(0, math.floor(n / 2 - half))
    high = min(n - 1, math.ceil(n / 2 + half))
    return middle(ratios), ratios[low], ratios[high]


def differences(samples, base):
    """The median of what a round's sample is above its base."""
    return middle([a - b for a, b in zip(samples, base)])


class Result:
    """A group's samples, by label and metric."""

    def __init__(self, data):
        self.__dict__.update(data)
        self.labels = list(self.samples)
        self.rounds = len(self.samples[self.base])

    def values(self, label, metric="time"):
        i = self.metrics.index(metric)
        return [s[i] for s in self.samples[label] if len(s) > i]

    def p50(self, label, metric="time"):
        return middle(self.values(label, metric))

    def p90(self, label, metric="time"):
        return at(self.values(label, metric), 0.9)

    def mean(self, label, metric="time"):
        values = self.values(label, metric)
        return sum(values) / len(values)

    def p99(self, label, metric="time"):
        return at(self.values(label, metric), 0.99)

    def ratio(self, label, metric="time", base=None):
        return paired(self.values(label, metric),
                      self.values(base or self.base, metric))

    def above(self, label, metric="time"):
        return differences(self.values(label, metric),
                           self.values(self.base, metric))
