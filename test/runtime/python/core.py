# The Python package on the fake module: core.py MODEL.so SCRATCH_FOLDER. The fake's sums are short enough to write here.
import array
import gc
import os
import subprocess
import sys
import threading
import unittest

import rwkvc

try:
    import numpy
except ImportError:
    numpy = None

MODEL, SCRATCH = sys.argv[1:3]


class Reference:
    """What the fake module computes for one sequence."""

    def __init__(self):
        self.sum = [0.25] * 4

    def feed(self, tokens):
        for token in tokens:
            self.sum = [0.5 * value + (token * 0.125 - 1) + channel for channel, value in enumerate(self.sum)]
        return [sum(self.sum) * (token + 1) for token in range(16)]


class Core(unittest.TestCase):
    def setUp(self):
        self.model = rwkvc.Model(MODEL)
        self.session = rwkvc.Session(self.model, threads=2)
        self.state = rwkvc.State(self.model)

    def tearDown(self):
        for thing in (self.session, self.state, self.model):
            thing.close()

    def refused(self, status, words, function, *arguments, **options):
        with self.assertRaises(rwkvc.Error) as caught:
            function(*arguments, **options)
        self.assertIs(caught.exception.status, status)
        self.assertIn(words, str(caught.exception))

    def test_info(self):
        info = self.model.info
        self.assertEqual((info.architecture, info.vocabulary, info.layers), ("rwkv7", 16, 1))
        self.assertEqual(info.compiler, 'fake "compiler"')
        self.assertEqual(info.model_id, b"fake model id 16")
        self.assertEqual(info.slots[1], rwkvc.Slot("layer.0.count", (2, 2), 4, 4, -1.0))
        self.assertEqual(info.file_bytes, os.path.getsize(MODEL))
        self.assertEqual(self.session.threads, 2)
        self.model.verify()

    def test_step(self):
        reference = Reference()
        logits = self.session.step(self.state, [1, 2, 3])
        self.assertEqual((logits.format, logits.shape), ("f", (16,)))
        self.assertEqual(logits.tolist(), reference.feed([1, 2, 3]))
        self.assertEqual(self.session.step(self.state, array.array("i", [4])).tolist(), reference.feed([4]))
        self.assertEqual(self.session.step(self.state, (t for t in (5, 6))).tolist(), reference.feed([5, 6]))

    def test_batch(self):
        other, a, b = rwkvc.State(self.model), Reference(), Reference()
        both = [(self.state, [1, 2]), (other, [3, 4, 5])]
        logits = self.session.step_batch(both)
        self.assertEqual([row.tolist() for row in logits], [a.feed([1, 2]), b.feed([3, 4, 5])])
        logits = self.session.step_batch(both, want="all")
        self.assertEqual([row.tolist() for row in logits],
                         [a.feed([1]), a.feed([2]), b.feed([3]), b.feed([4]), b.feed([5])])
        self.assertEqual(logits[-1].tolist(), logits[4:][0].tolist())
        self.assertEqual(len(logits.flat), 5 * 16)
        self.assertRaises(IndexError, lambda: logits[5])
        self.assertEqual(len(self.session.step_batch(both, want="none")), 0)
        a.feed([1, 2]), b.feed([3, 4, 5])
        logits = self.session.step_batch(both, want=[0, 4])
        self.assertEqual([row.tolist() for row in logits], [a.feed([1]), b.feed([3, 4, 5])])

    def test_errors(self):
        wrong = rwkvc.Status.INVALID_ARGUMENT
        before = self.state.get().tolist()
        self.refused(rwkvc.Status.IO_ERROR, "/no/such.so", rwkvc.Model, "/no/such.so")
        self.refused(rwkvc.Status.CORRUPTED, "core.py", rwkvc.Model, __file__)
        self.refused(wrong, "no rows", self.session.step, self.state, [])
        self.refused(wrong, "no rows", self.session.step_batch, [])
        self.refused(wrong, "77", self.session.step, self.state, [1, 77])
        self.refused(wrong, "32 bits", self.session.step, self.state, [1 << 40])
        self.refused(wrong, "'first'", self.session.step_batch, [(self.state, [1])], want="first")
        self.refused(wrong, "ascend", self.session.step_batch, [(self.state, [1, 2])], want=[1, 0])
        self.refused(wrong, "another sequence", self.session.step_batch, [(self.state, [1]), (self.state, [2])])
        self.refused(wrong, "9999", rwkvc.Session, self.model, 9999)
        self.refused(wrong, "slot 'none'", self.state.get, "none")
        self.refused(wrong, "slot 2", self.state.set, [1.0], 2)
        self.refused(wrong, "7", self.state.set, [0.0] * 7)
        self.refused(rwkvc.Status.IO_ERROR, "/no/such", self.state.load, "/no/such")
        self.assertRaises(TypeError, self.state.set, array.array("d", [0.0] * 8))
        self.assertRaises(TypeError, self.session.step, self.state, ["a"])
        self.assertEqual(self.state.get().tolist(), before)

    def test_states(self):
        self.session.step(self.state, [1, 2, 3])
        fork = self.state.copy()
        self.assertEqual(fork.get().tolist(), self.state.get().tolist())
        path = os.path.join(SCRATCH, "python-state")
        self.state.save(path)
        self.session.step(self.state, [4])
        self.assertNotEqual(fork.get().tolist(), self.state.get().tolist())
        self.state.load(path)
        self.assertEqual(fork.get().tolist(), self.state.get().tolist())
        self.state.reset()
        self.assertEqual(self.state.get().tolist(), [0.25] * 4 + [-1.0] * 4)
        self.state.assign(fork)
        self.assertEqual(fork.get().tolist(), self.state.get().tolist())

    def test_slots(self):
        self.assertEqual(self.state.get("layer.0.count").tolist(), [[-1.0, -1.0], [-1.0, -1.0]])
        self.state.set([1, 2, 3, 4], "layer.0.sum")
        self.assertEqual(self.state.get(0).tolist(), [1.0, 2.0, 3.0, 4.0])
        whole = self.state.get()
        whole[7] = 9.0  # a copy
        self.assertEqual(self.state.get(1)[1, 1], -1.0)
        self.state.set(whole)
        self.assertEqual(self.state.get(1)[1, 1], 9.0)

    @unittest.skipIf(numpy is None, "no numpy")
    def test_numpy(self):
        logits = self.session.step_batch([(self.state, [1, 2])], want="all")
        matrix = numpy.asarray(logits)
        self.assertEqual((matrix.shape, matrix.dtype), ((2, 16), numpy.float32))
        matrix[1, 3] = 42
        self.assertEqual(logits[1][3], 42)  # the same memory
        row = numpy.frombuffer(self.session.step(self.state, [3]), numpy.float32)
        self.assertEqual(row.shape, (16,))
        self.session.step(self.state, numpy.array([1, 2]))  # int64
        slot = numpy.asarray(self.state.get("layer.0.count"))
        self.state.set(slot * numpy.float32(2), "layer.0.count")
        self.assertEqual(self.state.get("layer.0.count").tolist(), (slot * 2).tolist())
        self.assertRaises(TypeError, self.state.set, numpy.zeros(8))  # float64
        self.assertRaises(TypeError, self.state.set, numpy.zeros(16, "f4")[::2])

    def test_close(self):
        for thing, use in ((self.state, self.state.get), (self.session, lambda: self.session.threads),
                           (self.model, self.model.verify)):
            with thing:
                pass
            thing.close()
            self.refused(rwkvc.Status.INVALID_ARGUMENT, f"this {type(thing).__name__} is closed", use)

    def test_parents_stay(self):
        state = rwkvc.State(rwkvc.Model(MODEL))
        session = rwkvc.Session(state.model)
        state.model.close()  # the library counts, too
        gc.collect()
        self.assertEqual(session.step(state, [1]).tolist(), Reference().feed([1]))
        logits = rwkvc.Session(self.model).step(self.state, [1])
        gc.collect()
        self.assertEqual(logits.tolist(), Reference().feed([1]))

    def test_threads(self):
        rows = []

        def work():
            with rwkvc.Session(self.model, 1) as session, rwkvc.State(self.model) as state:
                for token in range(8):
                    row = session.step(state, [token]).tolist()
                rows.append(row)

        workers = [threading.Thread(target=work) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        self.assertEqual(rows, [Reference().feed(range(8))] * 4)

    def test_import_without_library(self):
        def importing(path):
            run = subprocess.run([sys.executable, "-c", "import rwkvc"], stderr=subprocess.PIPE, text=True,
                                 env={**os.environ, "RWKVC_LIBRARY": path})
            return run.stderr.splitlines()[-1] if run.returncode else "imported"

        self.assertRegex(importing("/no/such/librwkvc.so"), "ImportError: cannot load '/no/such/librwkvc.so'")
        self.assertRegex(importing("libm.so.6"), "ImportError: 'libm.so.6' is another librwkvc.so")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
