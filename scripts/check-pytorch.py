#!/usr/bin/env python3
"""Checks the files that typenet exported with PyTorch, or writes tests/fixtures/pytorch for typenet's tests.

    pip install torch safetensors && cargo test --test pytorch && scripts/check-pytorch.py
    scripts/check-pytorch.py --write

The check loads each exported file with `strict=True` and compares the outputs with typenet's: they agree within 1e-6.
"""

import json
import os
import sys
from pathlib import Path

try:
    import torch
    from safetensors.torch import load_file, save_file
    from torch import nn
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(0)

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "pytorch"
TOLERANCE = 1e-6


class Conv(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3)
        self.bn1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 6, 2, bias=False)
        self.fc = nn.Linear(24, 3)

    def forward(self, x):
        x = nn.functional.max_pool2d(self.bn1(self.conv1(x)).relu(), 2)
        return self.fc(self.conv2(x).relu().flatten(1))


class Unit(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.conv1 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(channels)
        self.conv2 = nn.Conv2d(channels, channels, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(channels)

    def forward(self, x):
        return (x + self.bn2(self.conv2(self.bn1(self.conv1(x)).relu()))).relu()


class Residual(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(2, 4, 3, padding=1)
        self.blocks = nn.Sequential(Unit(4), Unit(4))
        self.head = nn.Linear(4, 3)

    def forward(self, x):
        return self.head(self.blocks(self.stem(x)).mean((2, 3)))


def dense():
    return nn.Sequential(nn.Linear(5, 8), nn.GELU(approximate="tanh"), nn.Linear(8, 8), nn.GELU(), nn.Linear(8, 3))


def words():
    return nn.Sequential(nn.Embedding(7, 4), nn.LayerNorm(4), nn.PReLU(4), nn.RMSNorm(4))


def signal():
    return nn.Sequential(nn.Conv1d(2, 3, 2), nn.BatchNorm1d(3), nn.Flatten())


def larger():
    return nn.Sequential(nn.ConvTranspose2d(3, 2, 2, stride=2), nn.Flatten())


MODELS = {
    "dense": (dense, [5]),
    "conv": (Conv, [1, 8, 8]),
    "residual": (Residual, [2, 4, 4]),
    "words": (words, None),
    "signal": (signal, [2, 4]),
    "larger": (larger, [3, 2, 2]),
}


def inputs(sizes, samples):
    return torch.randint(0, 7, [samples]) if sizes is None else torch.randn([samples, *sizes])


def write():
    FIXTURES.mkdir(parents=True, exist_ok=True)
    for name, (model, sizes) in MODELS.items():
        torch.manual_seed(1)
        model = model()
        for parameter in model.parameters():
            nn.init.normal_(parameter, std=0.4)
        for _ in range(3):
            model(inputs(sizes, 20))  # moves the running statistics
        model.eval()
        x = inputs(sizes, 5)
        with torch.no_grad():
            y = model(x)
        save_file(model.state_dict(), FIXTURES / f"{name}.safetensors")
        values = {"x": x.flatten().tolist(), "y": y.flatten().tolist()}
        (FIXTURES / f"{name}.json").write_text(json.dumps(values) + "\n")
    state = load_file(FIXTURES / "dense.safetensors")
    for kind in ["float16", "bfloat16", "float64"]:
        save_file({name: value.to(getattr(torch, kind)) for name, value in state.items()}, FIXTURES / f"{kind}.safetensors")
    torch.save({"0.weight": torch.zeros(1)}, FIXTURES / "pickle.pt")


def check():
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "tmp" / "pytorch"
    files = sorted(target.glob("*.safetensors"))
    assert files, f"no files in {target}: run `cargo test --test pytorch`"
    for path in files:
        model, sizes = MODELS[path.stem]
        model = model()
        model.load_state_dict(load_file(path), strict=True)
        model.eval()
        values = json.loads(path.with_suffix(".json").read_text())
        x = torch.tensor(values["x"])
        x = x.long() if sizes is None else x.view(-1, *sizes)
        with torch.no_grad():
            difference = (model(x).flatten() - torch.tensor(values["y"])).abs().max().item()
        print(f"{path.stem}: largest difference {difference:.1e}")
        if not difference <= TOLERANCE:
            sys.exit(f"above {TOLERANCE}")


write() if sys.argv[1:] == ["--write"] else check()
