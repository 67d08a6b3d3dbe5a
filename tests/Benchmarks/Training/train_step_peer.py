"""The peer of TrainStepBenchmark: a training step of a torchvision network in the libtorch of python3-torch.

For each line on standard input it runs forward, asymmetric loss, backward and AdamW on 4x3x448x448 and answers the
seconds; ends at end of file.
"""
import sys
import time

import torch
import torchvision


def asymmetric_loss(logits, targets, gamma_negative=4, gamma_positive=1, margin=0.05):
    """Ridnik et al. 2021, equations 4 to 7; the focusing weight is a constant for the gradient."""
    positive = torch.sigmoid(logits)
    negative = (1 - positive + margin).clamp(max=1)
    likelihood = targets * positive.clamp(min=1e-8).log() + (1 - targets) * negative.clamp(min=1e-8).log()
    with torch.no_grad():
        truth = positive * targets + negative * (1 - targets)
        weight = torch.pow(1 - truth, gamma_positive * targets + gamma_negative * (1 - targets))
    return -(likelihood * weight).sum()


torch.set_num_threads(int(sys.argv[1]))
network = getattr(torchvision.models, sys.argv[2])(weights=None, num_classes=17).train()
optimizer = torch.optim.AdamW(network.parameters(), lr=1e-4, weight_decay=0.05)
images = torch.rand(4, 3, 448, 448)
targets = torch.zeros(4, 17)
print("ready", flush=True)
for _ in sys.stdin:
    started = time.perf_counter()
    asymmetric_loss(network(images), targets).backward()
    optimizer.step()
    optimizer.zero_grad()
    print(time.perf_counter() - started, flush=True)
