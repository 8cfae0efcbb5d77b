#!/usr/bin/env python3
"""Runs a model of the example `onnx` in ONNX Runtime.

    pip install numpy onnxruntime && examples/onnx/run.py digits.onnx
"""

import sys

import numpy
import onnxruntime

session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
[x], [y] = session.get_inputs(), session.get_outputs()
print(f"{x.name}: {x.shape}, {y.name}: {y.shape}")
images = numpy.zeros([2, 1, 28, 28], dtype=numpy.float32)
images[0, 0, 4:24, 13:15] = 1  # a vertical line
for image, probabilities in enumerate(session.run(None, {x.name: images})[0]):
    print(f"image {image}: {probabilities.argmax()} with a probability of {probabilities.max():.2f}")
