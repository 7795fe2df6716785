"""Reads recordings the way one does in Python: the package for the format where Debian has one, otherwise NumPy and the standard library.

Each line of the input is "WAY TIMES PATH"; the answer is the time of one reading in seconds, or "absent" where a package is not installed.
All ways give (time, lead) in millivolt.
"""
import base64
import re
import sys
import time
import xml.etree.ElementTree as tree

import numpy as np

import wfdb_way


def dicom(path):
    import pydicom

    return pydicom.dcmread(path).waveform_array(0)


def scp_ecg(path):
    import biosig

    return biosig.data(path) / 1000


def hl7_aecg(path):
    space = "{urn:hl7-org:v3}"
    leads = []
    series = next(tree.parse(path).getroot().iter(space + "series"))
    for sequence in series.find(f"{space}component/{space}sequenceSet").iter(space + "sequence"):
        value = sequence.find(space + "value")
        digits = value.find(space + "digits")
        if digits is not None:
            origin, scale = (float(value.find(space + name).get("value")) for name in ("origin", "scale"))
            leads.append((origin + scale * np.array(digits.text.split(), dtype=np.float64)) / 1000)
    return np.stack(leads, 1)


def muse(path):
    with open(path, encoding="iso-8859-1") as file:
        root = tree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", file.read()).split("?>", 1)[-1])
    for waveform in root.iter("Waveform"):
        if waveform.findtext("WaveformType") == "Rhythm":
            leads = {}
            for lead in waveform.iter("LeadData"):
                samples = np.frombuffer(base64.b64decode(lead.findtext("WaveFormData")), "<i2")
                leads[lead.findtext("LeadID")] = samples * (float(lead.findtext("LeadAmplitudeUnitsPerBit")) / 1000)
            one, two = leads["I"], leads["II"]
            leads.update({"III": two - one, "aVR": -(one + two) / 2, "aVL": one - two / 2, "aVF": two - one / 2})
            return np.stack(list(leads.values()), 1)


def edf(path):
    import mne

    return mne.io.read_raw_edf(path, preload=True, verbose="error").get_data().T * 1000


def ishne(path):
    with open(path, "rb") as file:
        header = file.read(522)
        leads = int.from_bytes(header[156:158], "little")
        resolution = np.frombuffer(header[206 : 206 + 2 * leads], "<i2")
        file.seek(int.from_bytes(header[22:26], "little"))
        return np.fromfile(file, "<i2").reshape(-1, leads) * (resolution * 1e-6)


def table(path):
    import pandas

    return pandas.read_csv(path).to_numpy()[:, 1:]


def numpy_array(path):
    return np.load(path)


def matlab(path):
    import scipy.io

    content = scipy.io.loadmat(path)
    return content["ECG"]["data"][0, 0].T if "ECG" in content else content["val"].T


def hdf5(path):
    import h5py

    with h5py.File(path) as file:
        return file["tracings"][0]


WAYS = {
    "dicom": dicom, "scp-ecg": scp_ecg, "hl7-aecg": hl7_aecg, "muse": muse, "edf": edf, "ishne": ishne, "table": table, "npy": numpy_array, "matlab": matlab, "hdf5": hdf5,
    "wfdb": lambda path: wfdb_way.read_by_table(path.removesuffix(".hea")),
}

if __name__ == "__main__":
    for line in sys.stdin:
        way, times, path = line.rstrip("\n").split(" ", 2)
        try:
            start = time.perf_counter()
            for _ in range(int(times)):
                samples = WAYS[way](path)
            print((time.perf_counter() - start) / int(times), samples.shape[0], samples.shape[1], flush=True)
        except ImportError:
            print("absent", flush=True)
