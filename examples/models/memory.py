# glibc gives large blocks back to the kernel at once, and each new one is then cleared page by page: a third of the
# time of a training step. Must run before the first large tensor.
import ctypes


def keep_pages():
    libc = ctypes.CDLL(None)
    M_TRIM_THRESHOLD, M_TOP_PAD, M_MMAP_MAX = -1, -2, -4
    for option, value in ((M_MMAP_MAX, 0), (M_TRIM_THRESHOLD, 2**31 - 1), (M_TOP_PAD, 2**28)):
        libc.mallopt(option, value)
