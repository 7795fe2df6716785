"""Does what it is told on standard input, and answers with the seconds that it took, so that a benchmark can take turns with it.

serve.py MODEL LIST THREADS; LIST names a file with the path of a recording in each line. Commands:
  one N            the first recording, N times, from raw samples to probability and heat map
  published OUT    all recordings, one by one, from files to probabilities and heat maps, written to OUT as 32-bit floats
  batched OUT      the same in batches
  read             all recordings, from files to arrays in millivolt
  read-by-table    the same, with each field of the headers converted as a table of pandas says, as the wfdb package does
"""
import sys
import time

import numpy as np
import torch

from network import load
from wfdb_way import read, read_by_table
from ways import explain, explain_files_in_batches, explain_files_one_by_one


def run(command, argument, network, paths, first):
    if command == "one":
        for _ in range(int(argument)):
            explain(network, first)
    elif command in ("read", "read-by-table"):
        way = read if command == "read" else read_by_table
        for path in paths:
            way(path)
    elif command in ("published", "batched"):
        results = explain_files_one_by_one(network, paths) if command == "published" else explain_files_in_batches(network, paths, len(first))
        return np.concatenate([results[0][:, None], results[1]], axis=1)
    else:
        raise ValueError(f"no such command: {command}")
    return None


def main():
    model, list_file, threads = sys.argv[1:]
    torch.set_num_threads(int(threads))
    with open(list_file, encoding="utf-8") as file:
        paths = file.read().split("\n")
    network = load(model)
    first = read(paths[0])
    if not np.array_equal(first, read_by_table(paths[0]), equal_nan=True):
        raise ValueError(f"{paths[0]}: the two ways of reading differ")
    for line in sys.stdin:
        command, _, argument = line.strip().partition(" ")
        start = time.perf_counter()
        results = run(command, argument, network, paths, first)
        print(f"{time.perf_counter() - start:.9f}", flush=True)
        if results is not None:
            results.tofile(argument)
            print("written", flush=True)


main()
