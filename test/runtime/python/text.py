# The Python package's text side: text.py MODEL.so PACKED, a random model with the tokenizer `bytes`, and a packed
# tokenizer with an id of twenty bytes.
import gc
import os
import subprocess
import sys
import unittest

import rwkvc
from rwkvc import _library

MODEL, PACKED = sys.argv[1:3]
GREEDY = rwkvc.Sampling(temperature=0)


class Text(unittest.TestCase):
    def setUp(self):
        self.model = rwkvc.Model(MODEL)
        self.session = rwkvc.Session(self.model, threads=1)

    def refused(self, status, words, function, *arguments, **options):
        with self.assertRaises(rwkvc.Error) as caught:
            function(*arguments, **options)
        self.assertIs(caught.exception.status, status)
        self.assertIn(words, str(caught.exception))

    def test_tokenizer(self):
        tokenizer = self.model.tokenizer
        self.assertEqual((tokenizer.kind, tokenizer.size, tokenizer.end), ("bytes", 256, 0))
        self.assertEqual(tokenizer.encode("aé"), [97, 0xC3, 0xA9])
        self.assertEqual(tokenizer.encode(b"\xff"), [255])
        self.assertEqual(tokenizer.decode([97, 0xC3, 0xA9]), "aé")
        self.assertEqual(tokenizer.decode([97, 0xC3]), "a\ufffd")
        self.assertEqual(tokenizer.decode_bytes([97, 0, 0xC3]), b"a\xc3")
        self.assertEqual((tokenizer.encode(""), tokenizer.decode([])), ([], ""))
        text = "".join(map(chr, range(1, 0xD800, 7)))
        self.assertEqual(tokenizer.decode(tokenizer.encode(text)), text)
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "256", tokenizer.decode, [256])
        self.assertRaises(rwkvc.Error, rwkvc.Tokenizer, b"what is this")
        self.model.close()
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "this Model is closed", tokenizer.encode, "a")

    def test_packed_tokenizer(self):
        with open(PACKED, "rb") as file, rwkvc.Tokenizer(file.read()) as tokenizer:
            text = "b" + "ab" * 1000
            ids = tokenizer.encode(text)
            self.assertEqual((tokenizer.kind, len(ids)), ("longest-match", 101))
            self.assertEqual(tokenizer.decode(ids), text)  # longer than one guesses
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "this Tokenizer is closed", tokenizer.encode, "a")

    def test_sampling_defaults(self):
        struct = _library.SamplingStruct()
        _library.library.rwkvc_sampling_init(struct)
        for name, *_ in struct._fields_:
            if not name.startswith(("struct", "bias")):
                self.assertEqual(getattr(rwkvc.Sampling(), name), getattr(struct, name), name)

    def test_sampler(self):
        logits = [0.0] * 256
        logits[7] = logits[9] = 5.0
        self.assertEqual(rwkvc.Sampler(self.model, GREEDY).sample(logits), 7)
        bias = rwkvc.Sampling(temperature=0, bias={7: float("-inf"), 3: 1.0})
        self.assertEqual(rwkvc.Sampler(256, bias).sample(logits), 9)
        penalised = rwkvc.Sampler(256, rwkvc.Sampling(temperature=0, presence_penalty=1.0))
        self.assertEqual([penalised.sample(logits) for _ in range(2)], [7, 9])
        penalised.reset()
        self.assertEqual(penalised.sample(logits), 7)
        draw = rwkvc.Sampler(256, rwkvc.Sampling(top_k=2, seed=5))
        drawn = [draw.sample(logits) for _ in range(50)]
        self.assertEqual(set(drawn), {7, 9})
        draw.reset()
        self.assertEqual([draw.sample(logits) for _ in range(50)], drawn)
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "255 logits", draw.sample, logits[1:])
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "top_k is -1", rwkvc.Sampler, 256, rwkvc.Sampling(top_k=-1))
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "", rwkvc.Sampler, 256, rwkvc.Sampling(temperature=-1))

    def test_generate_is_step_and_sample(self):
        sampling = rwkvc.Sampling(temperature=0.8, top_p=0.9, seed=3, bias={0: float("-inf")})
        made = self.session.generate("hello", sampling=sampling, max_tokens=20)
        state, sampler = rwkvc.State(self.model), rwkvc.Sampler(self.model, sampling)
        ids, logits = [], self.session.step(state, self.model.tokenizer.encode("hello"))
        for _ in range(20):
            ids.append(sampler.sample(logits))
            logits = self.session.step(state, ids[-1:])
        self.assertEqual(made.ids, ids)
        self.assertEqual((made.prompt_tokens, made.tokens, made.finish), (5, 20, rwkvc.Finish.LENGTH))
        self.assertTrue(0 < made.first_token_s <= made.total_s)
        decoded = self.model.tokenizer.decode(ids)
        self.assertEqual(made.text.replace("\ufffd", ""), decoded.replace("\ufffd", ""))

    def test_state_and_sampler_go_on(self):
        both = rwkvc.Sampling(temperature=0, bias={0: float("-inf")})
        whole = self.session.generate("abcdef", sampling=both, max_tokens=8)
        state = rwkvc.State(self.model)
        self.session.generate("abc", state=state, sampling=both, max_tokens=0)
        parts = self.session.generate("def", state=state, sampler=rwkvc.Sampler(self.model, both), max_tokens=8)
        self.assertEqual(parts.ids, whole.ids)

    def test_stops(self):
        letters = {token: float("-inf") for token in range(256) if not 97 <= token < 123}
        sampling = rwkvc.Sampling(seed=1, bias=letters)
        free = self.session.generate("x", sampling=sampling, max_tokens=30)
        stop = free.text[10:13]
        stopped = self.session.generate("x", sampling=sampling, max_tokens=30, stops=["#", stop])
        self.assertEqual(stopped.text, free.text[:free.text.index(stop)])
        self.assertEqual(stopped.finish, rwkvc.Finish.STOP)
        self.assertEqual("".join(self.session.stream("x", sampling=sampling, max_tokens=30, stops=[stop])),
                         stopped.text)

    def test_stream_is_generate(self):
        sampling = rwkvc.Sampling(seed=9)
        whole = self.session.generate("hello", sampling=sampling, max_tokens=30)
        stream = self.session.stream("hello", sampling=sampling, max_tokens=30)
        self.assertIsNone(stream.result)
        self.assertEqual("".join(stream), whole.text)
        self.assertEqual((stream.result.ids, stream.result.finish), (whole.ids, whole.finish))
        self.assertEqual(list(stream), [])

    def test_stream_never_runs_ahead(self):
        letters = rwkvc.Sampling(bias={token: float("-inf") for token in range(256) if not 97 <= token < 123})
        state = rwkvc.State(self.model)
        with self.session.stream("abc", state=state, sampling=letters, max_tokens=1000) as stream:
            first = [next(stream), next(stream), next(stream)]
            busy = "is generating"
            self.refused(rwkvc.Status.INVALID_ARGUMENT, busy, self.session.step, state, [1])
            self.refused(rwkvc.Status.INVALID_ARGUMENT, busy, self.session.generate, "x")
            self.refused(rwkvc.Status.INVALID_ARGUMENT, busy, state.get)
        self.assertEqual(stream.result.finish, rwkvc.Finish.INTERRUPTED)
        self.assertEqual(stream.result.text, "".join(first))
        again = rwkvc.State(self.model)
        self.session.step(again, self.model.tokenizer.encode("abc") + stream.result.ids)
        self.assertEqual(state.get().tolist(), again.get().tolist())

    def test_stream_let_go_or_closed_beneath(self):
        state = rwkvc.State(self.model)
        next(self.session.stream("a", state=state))
        state.get()  # the stream is gone, so nothing is in use
        stream = self.session.stream("a", state=state)
        next(stream)
        state.close()
        self.assertEqual(stream.result.finish, rwkvc.Finish.INTERRUPTED)
        self.assertEqual(list(stream), [])
        self.session.stream("never asked").close()
        self.session.generate("a", max_tokens=1)

    def test_callbacks(self):
        heard = []
        made = self.session.generate("hello", sampling=GREEDY, max_tokens=10, on_text=heard.append)
        self.assertEqual("".join(heard), made.text)
        made = self.session.generate("hello", sampling=GREEDY, on_text=lambda piece: True)
        self.assertEqual(made.finish, rwkvc.Finish.INTERRUPTED)

        def fail(piece):
            raise KeyError("mine")

        self.assertRaisesRegex(KeyError, "mine", self.session.generate, "hello", on_text=fail)
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "is generating", self.session.generate, "hello",
                     on_text=lambda piece: self.session.generate("within"))
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "cannot be closed", self.session.generate, "hello",
                     on_text=lambda piece: self.session.close())
        self.assertEqual(self.session.generate("hello", sampling=GREEDY, max_tokens=3).tokens, 3)

    def test_errors(self):
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "0", self.session.generate, "a\0b")
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "max_tokens is -1", self.session.generate, "a", max_tokens=-1)
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "", next, self.session.stream("a\0b"))
        small = rwkvc.Sampler(255)
        self.refused(rwkvc.Status.INVALID_ARGUMENT, "255", self.session.generate, "a", sampler=small)

    def test_no_cycles(self):
        gc.disable()
        try:
            counts = sys.getrefcount(self.session), sys.getrefcount(self.model)
            self.test_callbacks()
            for generate in (self.session.generate, lambda *_, on_text: list(self.session.stream("a\0b"))):
                try:  # assertRaises would break the cycle
                    generate("hello", on_text=lambda piece: 1 / 0)
                except (ZeroDivisionError, rwkvc.Error):
                    pass
            self.test_stream_let_go_or_closed_beneath()
            self.test_errors()
            self.assertEqual((sys.getrefcount(self.session), sys.getrefcount(self.model)), counts)
        finally:
            gc.enable()

    def test_paused_stream_lets_the_program_end(self):
        code = "import rwkvc, sys; s = rwkvc.Session(rwkvc.Model(sys.argv[1])); x = s.stream('a'); next(x); print('end')"
        for more in ("", "; 1 / 0"):
            run = subprocess.run([sys.executable, "-c", code + more, MODEL], stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, text=True, timeout=60, env=os.environ)
            self.assertEqual((run.stdout, run.returncode), ("end\n", 1 if more else 0), run.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
