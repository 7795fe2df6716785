"""What SciPy makes of recordings: the expected values of FilterTests.

  filters.py synthetic OUT.csv   20 recordings that FilterTests makes as well; the values at some samples
  filters.py jobs JOBS.json      recordings in files: float32 in, float64 out, lead-major; FilterTests writes the jobs
"""
import json
import sys

import numpy as np
from scipy import ndimage, signal

RATES = [100, 250, 500, 257, 1000]
FILTERS = [
    ("band-pass", {"low": 0.5, "high": 40, "order": 2, "zeroPhase": True}),
    ("band-pass", {"low": 0.67, "high": 30, "order": 3, "zeroPhase": True}),
    ("band-pass", {"low": 8, "high": 11, "order": 3, "zeroPhase": False}),
    ("high-pass", {"cutoff": 0.5, "order": 2, "zeroPhase": True}),
    ("high-pass", {"cutoff": 0.05, "order": 1, "zeroPhase": True}),
    ("high-pass", {"cutoff": 1.0, "order": 5, "zeroPhase": False}),
    ("low-pass", {"cutoff": 40, "order": 2, "zeroPhase": True}),
    ("low-pass", {"cutoff": 25, "order": 7, "zeroPhase": True}),
    ("low-pass", {"cutoff": 35, "order": 4, "zeroPhase": False}),
    ("notch", {"frequency": 49, "quality": 30, "zeroPhase": True}),
    ("notch", {"frequency": 45, "quality": 5, "zeroPhase": False}),
    ("median-baseline", {"first": 0.2, "second": 0.6}),
]


def synthetic(recording, rate, length):
    """Beats on a wandering baseline, with hum and noise of a linear congruential generator."""
    state = recording + 1
    samples = np.empty(length, np.float32)
    for t in range(length):
        state = (1664525 * state + 1013904223) % 2**32
        seconds = t / rate
        beat = np.exp(-((seconds * 1.2 % 1.0 - 0.5) / 0.03) ** 2)
        wander = 0.4 * np.sin(2 * np.pi * 0.23 * seconds) + 0.1 * recording - 1
        samples[t] = beat + wander + 0.05 * np.sin(2 * np.pi * 48 * seconds) + 0.1 * (state / 2**32 - 0.5)
    return samples


def odd_window(seconds, rate):
    return 2 * int(seconds * rate / 2) + 1


def apply(name, options, rate, x):
    x = np.asarray(x, np.float64)
    if name == "median-baseline":
        once = ndimage.median_filter(x, odd_window(options["first"], rate), mode="nearest")
        return x - ndimage.median_filter(once, odd_window(options["second"], rate), mode="nearest")
    if name == "notch":
        b, a = signal.iirnotch(options["frequency"], options["quality"], rate)
        if options["zeroPhase"]:
            return signal.filtfilt(b, a, x)
        return signal.lfilter(b, a, x, zi=signal.lfilter_zi(b, a) * x[0])[0]
    corners = [options["low"], options["high"]] if name == "band-pass" else options["cutoff"]
    sections = signal.butter(options["order"], corners, name.replace("-", ""), output="sos", fs=rate)
    if options["zeroPhase"]:
        return signal.sosfiltfilt(sections, x)
    return signal.sosfilt(sections, x, zi=signal.sosfilt_zi(sections) * x[0])[0]


def write_synthetic(path):
    with open(path, "w") as out:
        out.write("filter,recording,rate,sample,value\n")
        for recording in range(20):
            rate = RATES[recording % len(RATES)]
            length = 700 + 37 * recording
            x = synthetic(recording, rate, length)
            at = [0, 1, 2, length // 3, length // 2, length - 7, length - 1]
            for number, (name, options) in enumerate(FILTERS):
                y = apply(name, options, rate, x)
                for t in at:
                    out.write(f"{number},{recording},{rate},{t},{y[t]:.9f}\n")


def run_jobs(path):
    with open(path) as file:
        jobs = json.load(file)
    for job in jobs:
        x = np.fromfile(job["input"], np.float32).reshape(job["leads"], -1)
        np.array([apply(job["filter"], job["options"], job["rate"], lead) for lead in x]).tofile(job["output"])


if __name__ == "__main__":
    {"synthetic": write_synthetic, "jobs": run_jobs}[sys.argv[1]](sys.argv[2])
