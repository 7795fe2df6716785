"""Reads a recording the way the wfdb package does: header by regular expressions, one NumPy array per file, gain and baseline applied."""
import os
import re

import numpy as np

RECORD = re.compile(r"^(?P<name>[-\w]+)(?:/(?P<segments>\d+))?[ \t]+(?P<signals>\d+)(?:[ \t]+(?P<rate>[\d.eE+-]+)[^ \t]*(?:[ \t]+(?P<length>\d+))?)?")
SIGNAL = re.compile(
    r"^(?P<file>[-\w.~]+)[ \t]+(?P<format>\d+)(?:x(?P<per_frame>\d+))?(?::(?P<skew>\d+))?(?:\+(?P<offset>\d+))?"
    r"(?:[ \t]+(?P<gain>-?[\d.eE+-]+)(?:\((?P<baseline>-?\d+)\))?(?:/(?P<unit>[^ \t]+))?)?"
    r"(?:[ \t]+(?P<resolution>\d+)(?:[ \t]+(?P<zero>-?\d+)(?:[ \t]+(?P<first>-?\d+)(?:[ \t]+(?P<checksum>-?\d+)(?:[ \t]+(?P<block>\d+)(?:[ \t]+(?P<lead>.+?))?)?)?)?)?)?[ \t]*$")
INVALID = -32768


def read(path):
    """Samples (time, lead) in millivolt, as float64, of a recording in format 16."""
    with open(path + ".hea", encoding="ascii") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    record = RECORD.match(lines[0]).groupdict()
    signals = [SIGNAL.match(line).groupdict() for line in lines[1:]]
    gains = np.array([float(signal["gain"]) for signal in signals])
    baselines = np.array([int(signal["baseline"] or signal["zero"] or 0) for signal in signals], dtype=np.float64)
    digital = np.fromfile(os.path.join(os.path.dirname(path), signals[0]["file"]), dtype="<i2").reshape(int(record["length"]), int(record["signals"]))
    missing = digital == INVALID
    physical = digital.astype(np.float64)
    physical -= baselines
    physical /= gains
    physical[missing] = np.nan
    return physical
