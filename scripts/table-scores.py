#!/usr/bin/env python3
"""Compares scikit-learn's networks on three of its tables with those of the example `tables`.

    pip install scikit-learn && scripts/table-scores.py FOLDER
    cargo run --release --example tables -- FOLDER

Writes a CSV file of each of five splits of each table into the folder, for training and for testing, and prints the accuracy
or R² of `MLPClassifier` and `MLPRegressor` on the test data. All features, and the targets of numbers, are standardized by the
training data. The networks have two hidden layers of 32 outputs each. The means over twenty initial weights of each network are
printed, because single runs differ by more than 0.01.
"""

import sys
import warnings
from pathlib import Path

import numpy
from sklearn import datasets
from sklearn.model_selection import KFold, StratifiedKFold
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.preprocessing import StandardScaler

SPLITS = 5
SEEDS = range(1, 21)
# Epochs of batches of 32, without early stopping, with Adam.
SETTINGS = dict(hidden_layer_sizes=(32, 32), batch_size=32, alpha=0.0, tol=0.0, n_iter_no_change=1000, learning_rate_init=0.001)
TABLES = [
    ("breast_cancer", datasets.load_breast_cancer, 50),
    ("wine", datasets.load_wine, 50),
    ("diabetes", datasets.load_diabetes, 50),
]


def write(path, data, rows):
    names = [name.replace(" ", "_") for name in data.feature_names]
    lines = [",".join([*names, "target"])]
    for features, target in zip(data.data[rows], data.target[rows]):
        lines.append(",".join([*(repr(float(value)) for value in features), str(target)]))
    path.write_text("\n".join(lines) + "\n")


def score(data, train, test, is_class, epochs, seed):
    x = StandardScaler().fit(data.data[train])
    x_train, x_test = x.transform(data.data[train]), x.transform(data.data[test])
    if is_class:
        net = MLPClassifier(max_iter=epochs, random_state=seed, **SETTINGS).fit(x_train, data.target[train])
        return net.score(x_test, data.target[test])
    t = StandardScaler().fit(data.target[train, None])
    net = MLPRegressor(max_iter=epochs, random_state=seed, **SETTINGS)
    net.fit(x_train, t.transform(data.target[train, None]).ravel())
    predictions = t.inverse_transform(net.predict(x_test)[:, None]).ravel()
    residual = ((predictions - data.target[test]) ** 2).sum()
    return 1 - residual / ((data.target[test] - data.target[test].mean()) ** 2).sum()


def main():
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    warnings.filterwarnings("ignore")  # the number of epochs is fixed
    for name, load, epochs in TABLES:
        data = load()
        is_class = "target_names" in data
        splitter = (StratifiedKFold if is_class else KFold)(SPLITS, shuffle=True, random_state=1)
        means = []
        for split, (train, test) in enumerate(splitter.split(data.data, data.target if is_class else None), 1):
            write(folder / f"{name}-{split}-train.csv", data, train)
            write(folder / f"{name}-{split}-test.csv", data, test)
            means.append(numpy.mean([score(data, train, test, is_class, epochs, seed) for seed in SEEDS]))
        print(f"{name:<14}", *(f"{mean:.4f}" for mean in means), f"  mean {numpy.mean(means):.4f}")


if __name__ == "__main__":
    main()
