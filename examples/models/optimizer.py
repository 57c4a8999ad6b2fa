# Muon for the square-ish matrices, AdamW for everything else. Muon orthogonalises the momentum, so that a small model
# learns rare directions as fast as common ones; it needs about half of AdamW's steps here.
import torch


def orthogonalised(g, steps=5):
    """Newton-Schulz iteration towards U V^T of g = U S V^T."""
    tall = g.shape[0] > g.shape[1]
    x = (g.t() if tall else g) / (g.norm() + 1e-7)
    for _ in range(steps):
        square = x @ x.t()
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    return x.t() if tall else x


def is_matrix(name):
    return name.startswith("blocks.") and name.endswith((
        "receptance.weight", "key.weight", "value.weight", "output.weight", "gate.weight"))


class Optimizer:
    def __init__(self, tensors, matrix_rate, rate):
        self.tensors, self.matrix_rate, self.rate, self.steps = tensors, matrix_rate, rate, 0
        self.first = {name: torch.zeros_like(t) for name, t in tensors.items()}
        self.second = {name: torch.zeros_like(t) for name, t in tensors.items() if not is_matrix(name)}

    def state(self):
        return {"first": self.first, "second": self.second, "steps": self.steps}

    def load(self, state):
        self.first, self.second, self.steps = state["first"], state["second"], state["steps"]

    @torch.no_grad()
    def step(self, scale, clip=1.0):
        """One step at `scale` times the learning rates; returns the gradients' norm."""
        self.steps += 1
        total = torch.sqrt(sum(t.grad.square().sum() for t in self.tensors.values())).item()
        shrink = min(1.0, clip / (total + 1e-6))
        for name, t in self.tensors.items():
            g, m = t.grad, self.first[name]
            if is_matrix(name):
                m.mul_(0.95).add_(g)
                rate = self.matrix_rate * scale
                t.mul_(1 - 0.01 * rate)
                t.add_(orthogonalised(g + 0.95 * m), alpha=-rate * max(1, t.shape[0] / t.shape[1]) ** 0.5)
            else:
                v, g = self.second[name], g * shrink
                m.lerp_(g, 0.1)
                v.mul_(0.98).addcmul_(g, g, value=0.02)
                bias1, bias2 = 1 - 0.9 ** self.steps, 1 - 0.98 ** self.steps
                t.addcdiv_(m / bias1, (v / bias2).sqrt().add_(1e-10), value=-self.rate * scale)
            t.grad = None
        return total
