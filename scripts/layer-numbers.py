#!/usr/bin/env python3
"""Writes tests/fixtures/layers.txt: the results of PyTorch's layers, forward and backward.

    pip install torch && scripts/layer-numbers.py

Each layer maps six samples of five features. Its lines are the output `y`, the derivative `dx` by the input, and those by
the parameters, for the derivatives `dy` of the output. Batch norm also has the running statistics after ten training
steps on ten batches, and the output and derivative in evaluation mode after them. PyTorch's `Linear` has its weight as
OUT x IN by rows, typenet as IN x OUT by columns: the same order.
"""

import random
from pathlib import Path

import torch
from torch import nn

SAMPLES, FEATURES, OUTPUTS, STEPS = 6, 5, 3, 10
CLASSES = [2, 0, 4, 2, 3, 2]


def numbers(count, rng):
    """Returns numbers that are exact in binary and not near zero."""
    return [rng.choice([-1, 1]) * rng.randint(8, 128) / 64 for _ in range(count)]


def main():
    rng = random.Random(1)
    inputs = {
        "x": numbers(SAMPLES * FEATURES, rng),
        "dy": numbers(SAMPLES * FEATURES, rng),
        "scale": numbers(FEATURES, rng),
        "shift": numbers(FEATURES, rng),
        "weight": numbers(FEATURES * OUTPUTS, rng),
        "batches": numbers(STEPS * SAMPLES * FEATURES, rng),
    }
    lines = [f"# Written by scripts/layer-numbers.py with PyTorch {torch.__version__.split('+')[0]}."]
    lines += [f"{name} " + " ".join(map(repr, values)) for name, values in inputs.items()]

    for scalar, digits in [(torch.float32, 9), (torch.float64, 17)]:
        given = {name: torch.tensor(values, dtype=scalar) for name, values in inputs.items()}
        x, dy = (given[name].view(SAMPLES, FEATURES) for name in ["x", "dy"])

        def write(name, values):
            values = " ".join(f"{value:.{digits}g}" for value in values.flatten().tolist())
            lines.append(f"{name} {str(scalar)[-2:]} {values}")

        def run(name, layer, parameters):
            """Writes the lines of a layer; `parameters` are PyTorch's names with typenet's."""
            layer.zero_grad()
            inside = x.clone().requires_grad_()
            y = layer(inside)
            y.backward(dy[:, : y.shape[1]])
            write(f"{name} y", y)
            write(f"{name} dx", inside.grad)
            for torch_name, own_name in parameters.items():
                write(f"{name} d{own_name}", getattr(layer, torch_name).grad)

        def with_parameters(layer, parameters):
            layer = layer.to(scalar)
            with torch.no_grad():
                for torch_name, values in parameters.items():
                    parameter = getattr(layer, torch_name)
                    parameter.copy_(values.view(parameter.shape))
            return layer

        both = {"weight": given["scale"], "bias": given["shift"]}
        names = {"weight": "scale", "bias": "shift"}
        norm = with_parameters(nn.BatchNorm1d(FEATURES), both)
        run("BatchNorm", norm, names)
        norm.reset_running_stats()
        for batch in given["batches"].view(STEPS, SAMPLES, FEATURES):
            norm(batch)
        write("BatchNorm mean", norm.running_mean)
        write("BatchNorm variance", norm.running_var)
        norm.eval()
        run("BatchNorm-evaluation", norm, names)
        other = with_parameters(nn.BatchNorm1d(FEATURES, momentum=0.25, eps=0.5), both)
        run("BatchNorm-settings", other, names)
        write("BatchNorm-settings mean", other.running_mean)
        write("BatchNorm-settings variance", other.running_var)
        run("LayerNorm", with_parameters(nn.LayerNorm(FEATURES), both), names)
        run("LayerNorm-settings", with_parameters(nn.LayerNorm(FEATURES, eps=0.5), both), names)
        scale = {"weight": given["scale"]}
        run("RmsNorm", with_parameters(nn.RMSNorm(FEATURES), scale), {"weight": "scale"})
        run("RmsNorm-settings", with_parameters(nn.RMSNorm(FEATURES, eps=0.5), scale), {"weight": "scale"})
        run("PRelu", nn.PReLU(FEATURES).to(scalar), {"weight": "slope"})
        run("PRelu-settings", with_parameters(nn.PReLU(FEATURES), scale), {"weight": "slope"})
        linear = nn.Linear(FEATURES, OUTPUTS, bias=False)
        run("AffineWithoutBias", with_parameters(linear, {"weight": given["weight"]}), {"weight": "weight"})
        # One class for each sample of `dy`; class 2 repeats and class 1 is missing.
        classes = torch.tensor(CLASSES)
        embedding = with_parameters(nn.Embedding(max(CLASSES) + 1, OUTPUTS), {"weight": given["weight"]})
        y = embedding(classes)
        y.backward(dy[:, :OUTPUTS])
        write("Embedding y", y)
        write("Embedding dweight", embedding.weight.grad)

    path = Path(__file__).parent.parent / "tests/fixtures/layers.txt"
    path.write_text("\n".join(lines) + "\n")


main()
