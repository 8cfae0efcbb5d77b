#!/usr/bin/env python3
"""Writes core/tests/fixtures/images.txt: the results of PyTorch's layers for images and signals, in float64.

    pip install torch && scripts/image-numbers.py

A line has the name of a layer, its settings, the name of a tensor, and the tensor's values in PyTorch's order. The inputs
are the pseudo-random numbers of `series`, which core/tests/images computes too. They are exact in 32 bits.

    Conv2d, DepthwiseConv2d    IN OUT H W, the window, 1 with a bias
    MaxPool2d, AveragePool2d   C H W, the window, 1 if the padding is counted
    BatchNorm                  C H W, 1 in training
    GlobalAveragePool          C H W
    Upsample2d                 C H W S
    Conv1d                     IN OUT L, the window, 1 with a bias
    MaxPool1d, AveragePool1d   C L, the window, 1 if the padding is counted
    GroupedConv2d              IN OUT GROUPS H W, the window, 1 with a bias
    ConvTranspose2d            IN OUT H W, the window, the output padding as height and width, 1 with a bias
    AdaptiveAveragePool2d      C H W, height and width of the output

A window is its size, stride, padding and dilation, each as height and width, or as one number for a signal.
"""

from pathlib import Path

import torch
from torch import nn

SAMPLES = 2
torch.set_default_dtype(torch.float64)


def series(seed, shape):
    """Returns numbers from -1 to 1."""
    count, state, values = torch.Size(shape).numel(), seed, []
    for _ in range(count):
        state = (state * 1103515245 + 12345) % 2**31
        values.append((state >> 8) / 2**22 - 1)
    return torch.tensor(values).view(shape)


# Height and width, size, stride, padding, dilation.
WINDOWS = [
    (1, 1, 1, 1, 1, 1, 0, 0, 1, 1), (3, 3, 1, 1, 1, 1, 0, 0, 1, 1), (3, 3, 3, 3, 1, 1, 0, 0, 1, 1),
    (4, 5, 3, 3, 1, 1, 0, 0, 1, 1), (5, 4, 3, 3, 1, 1, 1, 1, 1, 1), (4, 4, 2, 2, 2, 2, 0, 0, 1, 1),
    (5, 5, 2, 2, 2, 2, 0, 0, 1, 1), (5, 5, 3, 3, 2, 2, 0, 0, 1, 1), (5, 5, 3, 3, 2, 2, 1, 1, 1, 1),
    (6, 5, 3, 3, 2, 2, 1, 1, 1, 1), (5, 6, 5, 5, 1, 1, 2, 2, 1, 1), (6, 6, 5, 5, 2, 2, 2, 2, 1, 1),
    (5, 5, 3, 3, 3, 3, 0, 0, 1, 1), (6, 4, 3, 3, 3, 3, 1, 1, 1, 1), (7, 7, 2, 2, 3, 3, 0, 0, 1, 1),
    (5, 5, 3, 1, 1, 1, 0, 0, 1, 1), (5, 5, 1, 3, 1, 1, 0, 0, 1, 1), (4, 6, 2, 3, 1, 1, 0, 0, 1, 1),
    (6, 4, 3, 2, 1, 1, 1, 1, 1, 1), (6, 5, 3, 2, 2, 1, 0, 0, 1, 1), (5, 6, 2, 3, 1, 2, 1, 0, 1, 1),
    (6, 6, 2, 4, 1, 2, 0, 2, 1, 1), (1, 7, 1, 3, 1, 1, 0, 1, 1, 1), (7, 1, 3, 1, 2, 1, 1, 0, 1, 1),
]
DILATED = [
    (5, 5, 2, 2, 1, 1, 0, 0, 2, 2), (5, 5, 3, 3, 1, 1, 0, 0, 2, 2), (6, 6, 3, 3, 1, 1, 1, 1, 2, 2),
    (7, 6, 2, 2, 2, 2, 1, 1, 3, 3), (6, 5, 3, 2, 2, 1, 1, 0, 1, 2), (5, 7, 2, 3, 1, 2, 0, 1, 2, 3),
]
UNDILATED = [
    (2, 2, 2, 2, 1, 1, 1, 1, 1, 1), (6, 6, 4, 4, 2, 2, 2, 2, 1, 1), (4, 7, 4, 2, 4, 2, 2, 1, 1, 1),
    (6, 3, 2, 3, 3, 1, 1, 1, 1, 1), (7, 5, 5, 4, 3, 2, 2, 1, 1, 1), (3, 6, 3, 6, 1, 1, 1, 3, 1, 1),
]
# Height and width, size, stride, padding, dilation, output padding.
TRANSPOSED = [
    (1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0), (3, 3, 1, 1, 1, 1, 0, 0, 1, 1, 0, 0), (3, 3, 3, 3, 1, 1, 0, 0, 1, 1, 0, 0),
    (2, 3, 3, 3, 1, 1, 0, 0, 1, 1, 0, 0), (4, 3, 3, 3, 1, 1, 1, 1, 1, 1, 0, 0), (3, 3, 2, 2, 2, 2, 0, 0, 1, 1, 0, 0),
    (2, 4, 2, 2, 2, 2, 0, 0, 1, 1, 1, 1), (3, 3, 3, 3, 2, 2, 0, 0, 1, 1, 0, 0), (3, 3, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1),
    (3, 2, 3, 3, 2, 2, 1, 1, 1, 1, 0, 1), (3, 3, 5, 5, 1, 1, 2, 2, 1, 1, 0, 0), (3, 3, 5, 5, 2, 2, 2, 2, 1, 1, 1, 1),
    (2, 2, 4, 4, 2, 2, 1, 1, 1, 1, 0, 0), (2, 3, 3, 3, 3, 3, 1, 1, 1, 1, 2, 1), (3, 2, 2, 2, 3, 3, 0, 0, 1, 1, 0, 2),
    (4, 4, 3, 1, 1, 1, 0, 0, 1, 1, 0, 0), (4, 4, 1, 3, 1, 1, 0, 1, 1, 1, 0, 0), (3, 4, 2, 3, 1, 1, 0, 0, 1, 1, 0, 0),
    (4, 3, 3, 2, 1, 1, 1, 1, 1, 1, 0, 0), (3, 4, 3, 2, 2, 1, 0, 0, 1, 1, 1, 0), (4, 3, 2, 3, 1, 2, 1, 0, 1, 1, 0, 1),
    (3, 3, 2, 4, 1, 2, 0, 2, 1, 1, 0, 0), (1, 5, 1, 3, 1, 1, 0, 1, 1, 1, 0, 0), (5, 1, 3, 1, 2, 1, 1, 0, 1, 1, 1, 0),
    (3, 3, 2, 2, 1, 1, 0, 0, 2, 2, 0, 0), (3, 3, 3, 3, 1, 1, 1, 1, 2, 2, 0, 0), (2, 3, 3, 3, 2, 2, 1, 1, 3, 3, 1, 1),
    (3, 2, 2, 2, 3, 3, 1, 1, 2, 2, 2, 0), (3, 3, 3, 2, 2, 1, 1, 0, 1, 2, 0, 0), (2, 3, 2, 3, 1, 2, 0, 1, 2, 3, 0, 1),
]
# Channels in and out, and groups.
GROUPS = [(2, 2, 2), (4, 2, 2), (2, 4, 2), (4, 4, 2), (6, 9, 3), (6, 3, 3), (4, 4, 4), (4, 8, 4)]
# Height and width, and those of the output.
ADAPTIVE = [
    (1, 1, 1, 1), (4, 4, 1, 1), (4, 4, 2, 2), (4, 4, 4, 4), (5, 5, 2, 2), (5, 5, 3, 3), (5, 5, 4, 4), (7, 7, 3, 3),
    (7, 7, 5, 5), (6, 4, 3, 2), (6, 4, 2, 3), (6, 5, 4, 1), (5, 6, 1, 4), (7, 3, 4, 2), (3, 7, 2, 5), (9, 8, 4, 3),
    (8, 9, 7, 5), (10, 10, 3, 3), (10, 7, 6, 6), (1, 7, 1, 3), (7, 1, 3, 1), (2, 2, 3, 3), (3, 3, 5, 4), (1, 1, 3, 2),
    (2, 5, 4, 3), (5, 2, 3, 4), (11, 3, 2, 3), (3, 11, 3, 2), (12, 12, 5, 7), (13, 6, 6, 4),
]
# Length, size, stride, padding, dilation.
LINES = [
    (1, 1, 1, 0, 1), (5, 1, 1, 0, 1), (3, 3, 1, 0, 1), (7, 3, 1, 0, 1), (7, 3, 1, 1, 1), (8, 2, 2, 0, 1),
    (9, 2, 2, 0, 1), (9, 3, 2, 0, 1), (9, 3, 2, 1, 1), (10, 3, 2, 1, 1), (9, 5, 1, 2, 1), (12, 5, 2, 2, 1),
    (9, 3, 3, 0, 1), (10, 3, 3, 1, 1), (11, 2, 3, 0, 1), (16, 7, 1, 3, 1), (17, 7, 2, 3, 1), (20, 4, 4, 0, 1),
    (20, 4, 4, 2, 1), (21, 6, 3, 2, 1), (5, 4, 1, 2, 1), (2, 2, 1, 1, 1), (13, 9, 4, 4, 1), (40, 11, 5, 3, 1),
    (7, 2, 1, 0, 2), (9, 3, 1, 0, 3), (12, 3, 2, 1, 2), (15, 4, 3, 2, 4), (8, 2, 5, 1, 3), (30, 5, 2, 2, 5),
]
CHANNELS = [(1, 1), (1, 2), (2, 1), (2, 3), (3, 2), (1, 5), (3, 3)]
IMAGES = [(1, 1, 3), (1, 2, 2), (1, 4, 4), (2, 1, 2), (2, 2, 3), (2, 3, 2), (2, 3, 4), (3, 1, 1), (3, 2, 2), (3, 2, 4),
          (3, 4, 2), (4, 2, 2), (4, 3, 1), (5, 2, 1), (7, 1, 3)]


def main():
    lines = [f"# Written by scripts/image-numbers.py with PyTorch {torch.__version__.split('+')[0]}."]

    def run(name, settings, layer, shape, parameters=None, after=lambda: {}):
        """Writes the lines of a layer; `parameters` are PyTorch's names with typenet's."""
        parameters = parameters or {}
        for seed, own in enumerate(parameters):
            parameter = getattr(layer, own)
            with torch.no_grad():
                parameter.copy_(series(3 + seed, parameter.shape))
        x = series(1, (SAMPLES, *shape)).requires_grad_()
        y = layer(x)
        y.backward(series(2, y.shape))
        tensors = {"y": y, "dx": x.grad}
        tensors |= {f"d{own}": getattr(layer, torch_name).grad for torch_name, own in parameters.items()}
        for tensor, values in (tensors | after()).items():
            settings_and_values = [*map(str, settings), tensor, *(f"{value:.12g}" for value in values.flatten().tolist())]
            lines.append(" ".join([name, *settings_and_values]))

    def pairs(window):
        return [window[at:at + 2] for at in (2, 4, 6, 8)]

    for at, window in enumerate(WINDOWS + DILATED):
        (inputs, outputs), bias = CHANNELS[at % len(CHANNELS)], at % 4 != 3
        size, stride, padding, dilation = pairs(window)
        names = {"weight": "weight", "bias": "bias"} if bias else {"weight": "weight"}
        layer = nn.Conv2d(inputs, outputs, size, stride, padding, dilation, bias=bias)
        run("Conv2d", (inputs, outputs, *window, int(bias)), layer, (inputs, *window[:2]), names)
        channels = 1 + at % 3
        layer = nn.Conv2d(channels, channels, size, stride, padding, dilation, groups=channels, bias=bias)
        settings = (channels, channels, *window, int(bias))
        run("DepthwiseConv2d", settings, layer, (channels, *window[:2]), names)

    def halved(window):
        """Limits the padding to half of the window, as pooling requires."""
        return (*window[:6], min(window[6], window[2] // 2), min(window[7], window[3] // 2), *window[8:])

    for at, window in enumerate(map(halved, WINDOWS + DILATED)):
        channels = 1 + at % 2
        layer = nn.MaxPool2d(*pairs(window))
        run("MaxPool2d", (channels, *window, 1), layer, (channels, *window[:2]))
    for at, window in enumerate(map(halved, WINDOWS + UNDILATED)):
        channels, counted = 1 + at % 2, at % 3 != 2
        layer = nn.AvgPool2d(*pairs(window)[:3], count_include_pad=counted)
        run("AveragePool2d", (channels, *window, int(counted)), layer, (channels, *window[:2]))

    for at, line in enumerate(LINES):
        (length, size, stride, padding, dilation), bias = line, at % 4 != 3
        inputs, outputs = CHANNELS[at % len(CHANNELS)]
        names = {"weight": "weight", "bias": "bias"} if bias else {"weight": "weight"}
        layer = nn.Conv1d(inputs, outputs, size, stride, padding, dilation, bias=bias)
        run("Conv1d", (inputs, outputs, *line, int(bias)), layer, (inputs, length), names)
        channels, counted = 1 + at % 2, at % 3 != 2
        layer = nn.MaxPool1d(size, stride, padding, dilation)
        run("MaxPool1d", (channels, *line, 1), layer, (channels, length))
        layer = nn.AvgPool1d(size, stride, padding, count_include_pad=counted)
        run("AveragePool1d", (channels, length, size, stride, padding, 1, int(counted)), layer, (channels, length))

    for at, window in enumerate(WINDOWS + DILATED):
        (inputs, outputs, groups), bias = GROUPS[at % len(GROUPS)], at % 4 != 3
        names = {"weight": "weight", "bias": "bias"} if bias else {"weight": "weight"}
        layer = nn.Conv2d(inputs, outputs, *pairs(window), groups=groups, bias=bias)
        run("GroupedConv2d", (inputs, outputs, groups, *window, int(bias)), layer, (inputs, *window[:2]), names)
    for at, window in enumerate(TRANSPOSED):
        (inputs, outputs), bias = CHANNELS[at % len(CHANNELS)], at % 4 != 3
        size, stride, padding, dilation = pairs(window)
        names = {"weight": "weight", "bias": "bias"} if bias else {"weight": "weight"}
        layer = nn.ConvTranspose2d(
            inputs, outputs, size, stride, padding, window[10:], bias=bias, dilation=dilation
        )
        run("ConvTranspose2d", (inputs, outputs, *window, int(bias)), layer, (inputs, *window[:2]), names)
    for at, sides in enumerate(ADAPTIVE):
        channels = 1 + at % 2
        layer = nn.AdaptiveAvgPool2d(sides[2:])
        run("AdaptiveAveragePool2d", (channels, *sides), layer, (channels, *sides[:2]))

    for shape in IMAGES:
        for training in [True, False]:
            layer = nn.BatchNorm2d(shape[0]).train(training)
            layer.running_mean.copy_(series(5, shape[:1]))
            layer.running_var.copy_(series(6, shape[:1]).abs() + 0.5)

            def statistics(layer=layer):
                return {"mean": layer.running_mean, "variance": layer.running_var}

            run("BatchNorm", (*shape, int(training)), layer, shape, {"weight": "scale", "bias": "shift"}, statistics)

    for at, shape in enumerate(IMAGES):
        for larger in [shape, (shape[0], shape[1] + 3, shape[2] + 2)]:
            run("GlobalAveragePool", larger, lambda x: x.mean((2, 3)), larger)
        for factor in [1 + at % 2, 3 + at % 2]:
            run("Upsample2d", (*shape, factor), nn.Upsample(scale_factor=factor, mode="nearest"), shape)

    path = Path(__file__).parent.parent / "core/tests/fixtures/images.txt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


main()
