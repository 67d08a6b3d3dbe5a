"""Writes torchvision_tiles.json, what torchvision makes of one small tile: python3 torchvision_tiles.py (torchvision 0.14.1)."""

import hashlib
import json
import pathlib

import torch
import torchvision.transforms.autoaugment as policies
import torchvision.transforms.functional as functional

SIZE = 24

# As TileOperationTests.Tile: red, green and blue bytes, row by row.
tile = torch.tensor(
    [[[(3 * x * x + 7 * y * (c + 1) + 5 * x * y * c + 40 * c) % 223 + 16 for c in range(3)] for x in range(SIZE)] for y in range(SIZE)],
    dtype=torch.uint8,
).permute(2, 0, 1)
cases = []


def add(name, number, count, magnitude, result):
    pixels = hashlib.sha256(bytes(result.permute(1, 2, 0).reshape(-1).tolist())).hexdigest()
    cases.append({"kind": name, "number": number, "count": count, "magnitude": magnitude, "sha256": pixels})


def apply(policy, count, numbers):
    for name, (magnitudes, signed) in policy._augmentation_space(count, (SIZE, SIZE)).items():
        for number in numbers if magnitudes.ndim > 0 else [0]:
            magnitude = float(magnitudes[number]) if magnitudes.ndim > 0 else 0.0
            for sign in [1, -1] if signed and magnitude > 0 else [1]:
                result = policies._apply_op(tile, name, sign * magnitude, functional.InterpolationMode.NEAREST, None)
                add(name, number, count, sign * magnitude, result)


apply(policies.RandAugment(), 31, [0, 9, 30])
apply(policies.AutoAugment(), 10, [4, 8])
for turn in [-0.5, -0.3, 0.02, 0.1, 0.45]:
    add("Hue", 0, 0, turn, functional.adjust_hue(tile, turn))

imagenet = [[{"kind": name, "probability": probability, "magnitude": number or 0} for name, probability, number in pair] for pair in policies.AutoAugment().policies]
lines = ",\n".join(json.dumps(case) for case in cases)
pairs = ",\n".join(json.dumps(pair) for pair in imagenet)
pathlib.Path(__file__).with_suffix(".json").write_text(f'{{"tiles": [\n{lines}\n],\n"imageNet": [\n{pairs}\n]}}\n')
