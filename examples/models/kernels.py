# The parts of the models that run in C, as torch functions. Compiled on the first use, for the machine at hand.
import ctypes
import functools
import os
import subprocess
import tempfile

import torch

FOLDER = os.path.dirname(os.path.abspath(__file__))


@functools.cache
def library(source, *flags):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "kernels.so")
        subprocess.run(["cc", "-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-shared", "-fPIC",
                        *flags, os.path.join(FOLDER, source), "-o", path, "-lm"], check=True)
        return ctypes.CDLL(path)


def call(function, *arguments):
    function(*(ctypes.c_void_p(a.data_ptr()) if torch.is_tensor(a) else a for a in arguments))


def saved_states(heads, T, N):
    """Room for a state before every 32nd token: CHUNK in wkv_step.h."""
    return torch.empty(heads, (T + 31) // 32, N, N)


class Wkv(torch.autograd.Function):
    """S = S diag(w) + (S a) b^T + v k^T, y = S r, over sequences [B, T, H, N]."""

    @staticmethod
    def forward(ctx, *inputs):
        inputs = [x.contiguous() for x in inputs]
        B, T, H, N = inputs[0].shape
        y, states, erased = torch.empty_like(inputs[0]), saved_states(B * H, T, N), torch.empty_like(inputs[0])
        call(library("wkv.c", f"-DN={N}").wkv_forward, B, T, H, *inputs, y, states, erased)
        ctx.save_for_backward(*inputs, states, erased)
        return y

    @staticmethod
    def backward(ctx, dy):
        B, T, H, N = dy.shape
        gradients = [torch.empty_like(dy) for _ in range(6)]
        call(library("wkv.c", f"-DN={N}").wkv_backward, B, T, H, *ctx.saved_tensors, dy.contiguous(), *gradients)
        return tuple(gradients)


class Mix(torch.autograd.Function):
    """x moved towards the token before it, by each row of mu [M, C]."""

    @staticmethod
    def forward(ctx, x, mu):
        ctx.save_for_backward(x, mu)
        B, T, C = x.shape
        out = torch.empty(len(mu), B, T, C)
        call(library("elementwise.c").mix_forward, B, T, C, len(mu), x, mu, out)
        return tuple(out)

    @staticmethod
    def backward(ctx, *gradients):
        x, mu = ctx.saved_tensors
        B, T, C = x.shape
        gradients = [g.contiguous() for g in gradients]
        pointers = (ctypes.c_void_p * len(mu))(*(g.data_ptr() for g in gradients))
        dx, dmu = torch.zeros_like(x), torch.zeros_like(mu)
        call(library("elementwise.c").mix_backward, B, T, C, len(mu), x, mu, pointers, dx, dmu)
        return dx, dmu


class SquaredRelu(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        y = torch.empty_like(x)
        call(library("elementwise.c").squared_relu_forward, ctypes.c_size_t(x.numel()), x, y)
        return y

    @staticmethod
    def backward(ctx, dy):
        x, = ctx.saved_tensors
        dx = torch.empty_like(x)
        call(library("elementwise.c").squared_relu_backward, ctypes.c_size_t(x.numel()), x, dy.contiguous(), dx)
        return dx


class Linear16(torch.autograd.Function):
    """x W^T with bf16 operands: twice as fast here, and the model is stored in bf16 anyway."""

    @staticmethod
    def forward(ctx, x, weight):
        flat, w = x.reshape(-1, x.shape[-1]).bfloat16(), weight.bfloat16()
        ctx.save_for_backward(flat, w)
        return (flat @ w.t()).float().view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx, dy):
        flat, w = ctx.saved_tensors
        g = dy.reshape(-1, dy.shape[-1]).bfloat16()
        return (g @ w).float().view(*dy.shape[:-1], -1), (g.t() @ flat).float()


def mix(x, *shares):
    return Mix.apply(x.contiguous(), torch.cat([s.view(1, -1) for s in shares]))


def linear(x, weight):
    return Linear16.apply(x, weight) if torch.is_grad_enabled() else x @ weight.t()


class Wkv7(torch.autograd.Function):
    """Time mix of RWKV-7 between its matrices; parameters [7, C] as wkv7.c names them."""

    @staticmethod
    def forward(ctx, parameters, N, *sequences):
        sequences = [x.contiguous() for x in sequences]
        B, T, C = sequences[0].shape
        out, erased, read = (torch.empty_like(sequences[0]) for _ in range(3))
        states = saved_states(B * (C // N), T, N)
        call(library("wkv7.c", f"-DN={N}").wkv7_forward, B, T, C // N, parameters, *sequences, out, states, erased,
             read)
        ctx.N = N
        ctx.save_for_backward(parameters, *sequences, states, erased, read)
        return out

    @staticmethod
    def backward(ctx, dout):
        B, T, C = dout.shape
        dparameters, gradients = torch.zeros_like(ctx.saved_tensors[0]), [torch.empty_like(dout) for _ in range(5)]
        call(library("wkv7.c", f"-DN={ctx.N}").wkv7_backward, B, T, C // ctx.N, *ctx.saved_tensors,
             dout.contiguous(), dparameters, *gradients)
        return dparameters, None, *gradients


class Wkv4(torch.autograd.Function):
    """RWKV-4's weighted mean: w, u [C], k, v [B, T, C]."""

    @staticmethod
    def forward(ctx, *inputs):
        inputs = [x.contiguous() for x in inputs]
        ctx.save_for_backward(*inputs)
        y = torch.empty_like(inputs[2])
        call(library("wkv4.c").wkv4_forward, *y.shape, *inputs, y)
        return y

    @staticmethod
    def backward(ctx, dy):
        gradients = [torch.zeros_like(x) for x in ctx.saved_tensors]
        call(library("wkv4.c").wkv4_backward, *dy.shape, *ctx.saved_tensors, dy.contiguous(), *gradients)
        return tuple(gradients)


wkv, wkv4, wkv7, squared_relu = Wkv.apply, Wkv4.apply, Wkv7.apply, SquaredRelu.apply
