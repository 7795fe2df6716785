"""Reads a recording the way the wfdb package does: header by regular expressions, one NumPy array per file, gain and baseline applied.

`read_by_table` also does what takes the package most of its time: every field of every header line is looked up in a table of pandas, which says
its type and its default (wfdb-python 4, wfdb/io/_header.py, SIGNAL_SPECS and RECORD_SPECS). `read` converts the four fields that it needs, as one
would who writes this by hand. Neither makes the package's objects nor its checks, so the package itself is slower than both.
"""
import os
import re

import numpy as np
import pandas

RECORD = re.compile(r"^(?P<name>[-\w]+)(?:/(?P<segments>\d+))?[ \t]+(?P<signals>\d+)(?:[ \t]+(?P<rate>[\d.eE+-]+)[^ \t]*(?:[ \t]+(?P<length>\d+))?)?")
SIGNAL = re.compile(
    r"^(?P<file>[-\w.~]+)[ \t]+(?P<format>\d+)(?:x(?P<per_frame>\d+))?(?::(?P<skew>\d+))?(?:\+(?P<offset>\d+))?"
    r"(?:[ \t]+(?P<gain>-?[\d.eE+-]+)(?:\((?P<baseline>-?\d+)\))?(?:/(?P<unit>[^ \t]+))?)?"
    r"(?:[ \t]+(?P<resolution>\d+)(?:[ \t]+(?P<zero>-?\d+)(?:[ \t]+(?P<first>-?\d+)(?:[ \t]+(?P<checksum>-?\d+)(?:[ \t]+(?P<block>\d+)(?:[ \t]+(?P<lead>.+?))?)?)?)?)?)?[ \t]*$")
INVALID = -32768
RECORD_FIELDS = pandas.DataFrame(
    {"type": [str, int, int, float, int], "default": [None, None, None, 250, None]},
    index=["name", "segments", "signals", "rate", "length"], dtype="object")
SIGNAL_FIELDS = pandas.DataFrame(
    {
        "type": [str, str, int, int, int, float, int, str, int, int, int, int, int, str],
        "default": [None, None, 1, None, None, 200.0, None, "mV", None, 0, None, None, None, None],
    },
    index=["file", "format", "per_frame", "skew", "offset", "gain", "baseline", "unit", "resolution", "zero", "first", "checksum", "block", "lead"], dtype="object")


def read(path):
    """Samples (time, lead) in millivolt, as float64, of a recording in format 16."""
    record, signals = _header(path)
    return _physical(
        path, signals[0]["file"], int(record["length"]), [float(signal["gain"]) for signal in signals],
        [int(signal["baseline"] or signal["zero"] or 0) for signal in signals])


def read_by_table(path):
    """The same, with every field of the header converted as a table says."""
    record, signals = _header(path)
    record = _typed(record, RECORD_FIELDS)
    signals = [_typed(signal, SIGNAL_FIELDS) for signal in signals]
    return _physical(
        path, signals[0]["file"], record["length"], [signal["gain"] for signal in signals],
        [signal["zero"] if signal["baseline"] is None else signal["baseline"] for signal in signals])


def _header(path):
    with open(path + ".hea", encoding="ascii") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    return RECORD.match(lines[0]).groupdict(), [SIGNAL.match(line).groupdict() for line in lines[1:]]


def _typed(fields, table):
    for name in table.index:
        if fields[name] is None:
            fields[name] = table.loc[name, "default"]
        elif table.loc[name, "type"] is int:
            fields[name] = int(fields[name])
        elif table.loc[name, "type"] is float:
            fields[name] = float(fields[name])
    return fields


def _physical(path, file, length, gains, baselines):
    gains, baselines = np.array(gains), np.array(baselines, dtype=np.float64)
    digital = np.fromfile(os.path.join(os.path.dirname(path), file), dtype="<i2").reshape(length, len(gains))
    missing = digital == INVALID
    physical = digital.astype(np.float64)
    physical -= baselines
    physical /= gains
    physical[missing] = np.nan
    return physical
