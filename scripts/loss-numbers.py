#!/usr/bin/env python3
"""Writes tests/fixtures/losses.txt: the results of PyTorch's losses, forward and backward.

    pip install torch && scripts/loss-numbers.py

Each loss takes six samples of four outputs. Its lines are the mean loss and the derivative `dy` by the outputs; a name that
ends in `-large` is for outputs of up to ±1000.
"""

import random
from pathlib import Path

import torch
from torch import nn

SAMPLES, OUTPUTS = 6, 4


def numbers(count, rng):
    """Returns numbers that are exact in binary and not near zero."""
    return [rng.choice([-1, 1]) * rng.randint(8, 128) / 64 for _ in range(count)]


def main():
    rng = random.Random(1)
    count = SAMPLES * OUTPUTS
    inputs = {
        "y": numbers(count, rng),
        "y-large": [rng.choice([-1000, 1000, 0, 1, -30, 30]) for _ in range(count)],
        "numbers": numbers(count, rng),
        "fractions": [rng.randint(0, 8) / 8 for _ in range(count)],
        "labels": [3, 0, 1, 1, 2, 3],
        "weights": [1.0, 50.0, 0.25, 2.0],
    }
    shares = [[rng.randint(1, 8) for _ in range(OUTPUTS)] for _ in range(SAMPLES)]
    inputs["shares"] = [share / 64 for row in shares for share in [*row[:-1], 64 - sum(row[:-1])]]
    lines = [f"# Written by scripts/loss-numbers.py with PyTorch {torch.__version__.split('+')[0]}."]
    lines += [f"{name} " + " ".join(map(repr, values)) for name, values in inputs.items()]

    for scalar, digits in [(torch.float32, 9), (torch.float64, 17)]:
        given = {
            name: torch.tensor(values, dtype=scalar).view(SAMPLES, OUTPUTS)
            for name, values in inputs.items()
            if name not in ["labels", "weights"]
        }
        weights, labels = torch.tensor(inputs["weights"], dtype=scalar), torch.tensor(inputs["labels"])

        def write(name, values):
            values = " ".join(f"{value:.{digits}g}" for value in values.flatten().tolist())
            lines.append(f"{name} {str(scalar)[-2:]} {values}")

        def run(name, loss, target):
            for size in ["", "-large"]:
                y = given["y" + size].clone().requires_grad_()
                value = loss(y, target)
                value.backward()
                write(f"{name}{size} loss", value)
                write(f"{name}{size} dy", y.grad)

        fractions = given["fractions"]
        run("SigmoidWithLoss", nn.BCEWithLogitsLoss(), fractions)
        run("SigmoidWithLoss-one", nn.BCEWithLogitsLoss(pos_weight=torch.tensor(3.0, dtype=scalar)), fractions)
        run("SigmoidWithLoss-each", nn.BCEWithLogitsLoss(pos_weight=weights), fractions)
        run("Huber", nn.HuberLoss(), given["numbers"])
        run("Huber-settings", nn.HuberLoss(delta=0.25), given["numbers"])
        run("MeanAbsoluteError", nn.L1Loss(), given["numbers"])
        run("SoftmaxWithLoss", nn.CrossEntropyLoss(), labels)
        run("SoftmaxWithLoss-smoothing", nn.CrossEntropyLoss(label_smoothing=0.1), labels)
        run("SoftmaxWithLoss-weights", nn.CrossEntropyLoss(weight=weights), labels)
        run("SoftmaxWithLoss-ignore", nn.CrossEntropyLoss(ignore_index=1), labels)
        run("SoftmaxWithLoss-all", nn.CrossEntropyLoss(weight=weights, label_smoothing=0.3, ignore_index=3), labels)
        run("SoftmaxWithSoftTargets", nn.CrossEntropyLoss(), given["shares"])

    path = Path(__file__).parent.parent / "tests/fixtures/losses.txt"
    path.write_text("\n".join(lines) + "\n")


main()
