"""PyTorch as people write it who want it fast: one gather per epoch, no DataLoader, float64."""

import torch
from torch import nn

from benchmarks.workloads import Workload

torch.set_num_threads(1)
LAYERS = {"tanh": nn.Tanh, "relu": nn.ReLU}


def network(work: Workload) -> nn.Sequential:
    """The layers up to the scores: the loss takes sigmoid or softmax in."""
    layers: list[nn.Module] = []
    for n_in, n_out in zip(work.sizes[:-2], work.sizes[1:-1], strict=True):
        layers += [nn.Linear(n_in, n_out), LAYERS[work.activation]()]
        layers += [nn.Dropout(work.dropout)] if work.dropout else []
    return nn.Sequential(*layers, nn.Linear(*work.sizes[-2:])).double()


def fits(work: Workload, fused: bool = False):
    """A function that trains a new network for so many epochs."""
    X, y = map(torch.from_numpy, work.data())
    if work.classes <= 2:
        y = y.double()[:, None]
    loss = {0: nn.MSELoss, 2: nn.BCEWithLogitsLoss}.get(work.classes, nn.CrossEntropyLoss)()
    optimizer = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[work.optimizer]

    def fit(epochs: int) -> None:
        model = network(work)
        rule = optimizer(model.parameters(), lr=work.rate, fused=fused or None)
        for _ in range(epochs):
            order = torch.randperm(len(X))
            for x_batch, y_batch in zip(
                X[order].split(work.batch), y[order].split(work.batch), strict=True
            ):
                rule.zero_grad()
                loss(model(x_batch), y_batch).backward()
                rule.step()

    return fit
