#!/usr/bin/env python3
"""Writes tests/fixtures/optimizers.txt: the results of PyTorch's optimizers after ten steps.

    pip install torch && scripts/optimizer-numbers.py

The network is Affine<3, 4> -> Tanh -> Affine<4, 3> -> SoftmaxWithLoss, on five samples. The rate is halved after five
steps, to show its effect on each rule. Weight decay is decoupled and applies only to weights: AdamW has it built in, for
the others each weight is multiplied by `1 - rate * decay` before the step.
"""

import random
from pathlib import Path

import torch
from torch import nn, optim

STEPS, DECAY, CLIP = 10, 0.1, 0.2

# Each optimizer with its default settings and with other settings.
OPTIMIZERS = {
    "Sgd": (0.5, [dict(), dict()], optim.SGD),
    "Momentum": (0.1, [dict(momentum=0.9), dict(momentum=0.5)], optim.SGD),
    "Nesterov": (0.1, [dict(momentum=0.9, nesterov=True), dict(momentum=0.5, nesterov=True)], optim.SGD),
    "AdaGrad": (0.1, [dict(), dict(eps=0.1)], optim.Adagrad),
    "RmsProp": (0.02, [dict(), dict(alpha=0.5, eps=0.1)], optim.RMSprop),
    "Adam": (0.1, [dict(), dict(betas=(0.5, 0.8), eps=0.1)], optim.Adam),
    "AdamW": (0.1, [dict(), dict(betas=(0.5, 0.8), eps=0.1)], optim.AdamW),
}


def numbers(count, rng):
    """Returns numbers that are exact in binary and not near zero."""
    return [rng.choice([-1, 1]) * rng.randint(8, 64) / 64 for _ in range(count)]


def train(scalar, start, x, labels, make, rate, settings, decay, clip):
    net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 3)).to(scalar)
    # PyTorch's weight is OUT x IN by rows, typenet's IN x OUT by columns: the same order.
    nn.utils.vector_to_parameters(torch.tensor(start, dtype=scalar), net.parameters())
    weights, biases = [net[0].weight, net[2].weight], [net[0].bias, net[2].bias]
    coupled = make is not optim.AdamW
    groups = [dict(params=weights, weight_decay=0 if coupled else decay), dict(params=biases, weight_decay=0)]
    optimizer = make(groups, lr=rate, **settings)
    for step in range(STEPS):
        for group in optimizer.param_groups:
            group["lr"] = rate if step < STEPS // 2 else rate / 2
        optimizer.zero_grad()
        nn.functional.cross_entropy(net(torch.tensor(x, dtype=scalar).view(5, 3)), torch.tensor(labels)).backward()
        if clip:
            nn.utils.clip_grad_norm_(net.parameters(), clip)
        if coupled:
            with torch.no_grad():
                for weight in weights:
                    weight.mul_(1 - optimizer.param_groups[0]["lr"] * decay)
        optimizer.step()
    return nn.utils.parameters_to_vector(net.parameters()).tolist()


def main():
    rng = random.Random(1)
    start, x, labels = numbers(31, rng), numbers(15, rng), [0, 1, 2, 1, 0]
    lines = [
        f"# Written by scripts/optimizer-numbers.py with PyTorch {torch.__version__.split('+')[0]}.",
        "start " + " ".join(map(repr, start)),
        "x " + " ".join(map(repr, x)),
        "labels " + " ".join(map(repr, labels)),
    ]
    for name, (rate, (default, other), make) in OPTIMIZERS.items():
        cases = [
            ("plain", default, 0, None),
            ("decay", default, DECAY, None),
            ("clip", default, 0, CLIP),
            ("all", other, DECAY, CLIP),
        ]
        for case, settings, decay, clip in cases:
            for scalar, digits in [(torch.float32, 9), (torch.float64, 17)]:
                end = train(scalar, start, x, labels, make, rate, settings, decay, clip)
                prefix = f"{name} {rate} {case} {str(scalar)[-2:]}"
                lines.append(f"{prefix} " + " ".join(f"{value:.{digits}g}" for value in end))
    path = Path(__file__).parent.parent / "tests/fixtures/optimizers.txt"
    path.parent.mkdir(exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


main()
