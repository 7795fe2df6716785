"""The published method twice: one recording at a time, as the reference implementation works, and in batches."""
import numpy as np
import torch

from network import heat_maps
from wfdb_way import read

DEGREE = 10
BATCH = 128


def prepare(recording):
    """(time, lead) to (lead, time): per lead, polynomial fit and median subtracted, divided by the largest absolute value."""
    grid = np.arange(recording.shape[0])
    leads = []
    for lead in recording.T:
        lead = lead - np.polyval(np.polyfit(grid, lead, DEGREE), grid)
        lead = lead - np.median(lead)
        largest = np.max(np.abs(lead))
        leads.append(lead / largest if largest > 0 else lead)
    return np.array(leads, dtype=np.float32)


@torch.inference_mode()
def explain(network, recording):
    """Probability and heat map of one raw recording (time, lead)."""
    signals = torch.from_numpy(prepare(recording))[None]
    probability, cam = network(signals)
    return probability.item(), heat_maps(cam, signals.shape[2])[0].numpy()


class Batches:
    """All leads of a batch are prepared at once; the fit is a projection on orthonormal polynomials."""

    def __init__(self, network, length):
        self.network = network
        grid = np.linspace(-1, 1, length)
        self.basis, _ = np.linalg.qr(np.polynomial.legendre.legvander(grid, DEGREE))

    def prepare(self, recordings):
        """(recording, time, lead) to (recording, lead, time)."""
        leads = np.ascontiguousarray(recordings.transpose(0, 2, 1))
        leads -= (leads @ self.basis) @ self.basis.T
        leads -= np.median(leads, axis=2, keepdims=True)
        largest = np.abs(leads).max(axis=2, keepdims=True)
        largest[largest == 0] = 1
        return (leads / largest).astype(np.float32)

    @torch.inference_mode()
    def explain(self, recordings):
        """Probabilities and heat maps of raw recordings (recording, time, lead)."""
        signals = torch.from_numpy(self.prepare(recordings))
        probabilities, cam = self.network(signals)
        return probabilities.numpy(), heat_maps(cam, signals.shape[2]).numpy()


def explain_files_one_by_one(network, paths):
    results = [explain(network, read(path)) for path in paths]
    return np.array([probability for probability, _ in results], dtype=np.float32), np.stack([heat for _, heat in results])


def explain_files_in_batches(network, paths, length):
    batches = Batches(network, length)
    results = [batches.explain(np.stack([read(path) for path in paths[start:start + BATCH]])) for start in range(0, len(paths), BATCH)]
    return np.concatenate([probabilities for probabilities, _ in results]), np.concatenate([heat for _, heat in results])
