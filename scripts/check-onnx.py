#!/usr/bin/env python3
"""Checks the ONNX models that `cargo test --test onnx` wrote, and compares ONNX Runtime's outputs with typenet's.

    pip install onnx onnxruntime && cargo test --test onnx && scripts/check-onnx.py

Each model must pass the checker of the package `onnx`, and agree with typenet within 1e-5 for batches of 1 and 7 samples.
"""

import json
import os
import sys
from pathlib import Path

try:
    import numpy
    import onnx
    import onnxruntime
except ImportError as error:
    print(f"skipped: {error}")
    sys.exit(0)

TOLERANCE = 1e-5


def check(path):
    """Returns the largest difference between both outputs, relative to the largest output or 1."""
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path.read_bytes(), options, providers=["CPUExecutionProvider"])
    [x], [y] = session.get_inputs(), session.get_outputs()
    worst = 0.0
    for batch in json.loads(path.with_suffix(".json").read_text()):
        kind = numpy.int64 if x.type == "tensor(int64)" else numpy.float32
        inputs = numpy.array(batch["x"], dtype=kind).reshape([batch["samples"], *x.shape[1:]])
        [found] = session.run(None, {x.name: inputs})
        assert list(found.shape) == [batch["samples"], *y.shape[1:]], f"{path.name}: {found.shape}, not {y.shape}"
        expected = numpy.array(batch["y"], dtype=numpy.float32).reshape(found.shape)
        worst = max(worst, float(numpy.abs(found - expected).max() / max(1.0, numpy.abs(expected).max())))
    return worst


def main():
    target = Path(os.environ.get("CARGO_TARGET_DIR", Path(__file__).parent.parent / "target"))
    models = sorted((target / "tmp" / "onnx").glob("*.onnx"))
    assert models, f"no models in {target / 'tmp' / 'onnx'}: run `cargo test --test onnx`"
    differences = {path.stem: check(path) for path in models}
    wrong = {name: difference for name, difference in differences.items() if not difference <= TOLERANCE}
    name = max(differences, key=differences.get)
    print(f"{len(models)} models, largest difference {differences[name]:.1e} in {name}")
    if wrong:
        sys.exit(f"above {TOLERANCE}: {wrong}")


main()
