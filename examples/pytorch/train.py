#!/usr/bin/env python3
"""Trains a network on the irises with PyTorch for the example `pytorch`, or tests a file that the example wrote.

    pip install torch safetensors
    examples/pytorch/train.py                   # writes examples/pytorch/iris.safetensors
    examples/pytorch/train.py --test FILE       # reads a file of `cargo run --example pytorch`
"""

import csv
import sys
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import nn

FOLDER = Path(__file__).parent
SPECIES = ["setosa", "versicolor", "virginica"]


def irises():
    with open(FOLDER.parent / "csv" / "iris.csv", encoding="utf-8") as file:
        _, *rows = csv.reader(file)
    x = torch.tensor([[float(value) for value in row[:4]] for row in rows])
    return x, torch.tensor([SPECIES.index(row[4]) for row in rows])


def network():
    return nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 16), nn.GELU(), nn.Linear(16, 3))


def accuracy(net, x, labels):
    with torch.no_grad():
        return (net.eval()(x).argmax(1) == labels).float().mean().item()


def main():
    torch.manual_seed(1)
    (x, labels), net = irises(), network()
    if sys.argv[1:2] == ["--test"]:
        net.load_state_dict(load_file(sys.argv[2]), strict=True)
        print(f"PyTorch: {100 * accuracy(net, x, labels):.1f} % of the irises")
        return
    optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(20):
        optimizer.zero_grad()
        nn.functional.cross_entropy(net.train()(x), labels).backward()
        optimizer.step()
    print(f"PyTorch: {100 * accuracy(net, x, labels):.1f} % of the irises")
    save_file(net.state_dict(), FOLDER / "iris.safetensors")


main()
