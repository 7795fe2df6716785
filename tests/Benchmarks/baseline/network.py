"""The published network (doi 10.1109/EMBC58623.2025.11253260) in PyTorch, with weights from a model file of this repository."""
import json
import struct

import numpy as np
import torch
from torch import nn


class Stage(nn.Sequential):
    def __init__(self, inputs, outputs, kernel):
        super().__init__(nn.Conv1d(inputs, outputs, kernel, padding=kernel // 2), nn.BatchNorm1d(outputs), nn.LeakyReLU(0.1), nn.MaxPool1d(2))


class SignalCnn(nn.Module):
    def __init__(self):
        super().__init__()
        self.pre_cnn_extractor = Stage(12, 16, 11)
        self.cnn_extractor = nn.Sequential(Stage(16, 16, 7), Stage(16, 32, 7))
        self.last_conv = nn.Conv1d(32, 64, 7, padding=3)
        self.last_batch_norm = nn.BatchNorm1d(64)
        self.pred_layer = nn.Linear(64, 1)

    def forward(self, signals):
        """Probabilities (recording), and maps (recording, cell): dense weights times the last convolution's output, as published."""
        maps = self.last_conv(self.cnn_extractor(self.pre_cnn_extractor(signals)))
        features = nn.functional.leaky_relu(self.last_batch_norm(maps), 0.1).mean(dim=2)
        cam = torch.einsum("c,nct->nt", self.pred_layer.weight[0], maps)
        return torch.sigmoid(self.pred_layer(features))[:, 0], cam


def load(path):
    """Reads safetensors: the length of a JSON header, the header, the tensors' bytes."""
    with open(path, "rb") as file:
        content = file.read()
    (length,) = struct.unpack("<Q", content[:8])
    types = {"F32": np.float32, "I64": np.int64}
    weights = {}
    for name, entry in json.loads(content[8:8 + length]).items():
        if name != "__metadata__":
            begin, end = (8 + length + at for at in entry["data_offsets"])
            weights[name] = torch.from_numpy(np.frombuffer(content[begin:end], dtype=types[entry["dtype"]]).reshape(entry["shape"]).copy())
    network = SignalCnn()
    network.load_state_dict(weights)
    return network.eval()


def heat_maps(cam, length):
    """Maps (recording, cell) to (recording, sample), stretched to [0, 1] per recording."""
    heat = nn.functional.interpolate(cam[:, None], size=length, mode="linear", align_corners=False)[:, 0]
    low = heat.min(dim=1, keepdim=True).values
    return (heat - low) / (heat.max(dim=1, keepdim=True).values - low)
