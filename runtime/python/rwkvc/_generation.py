# From a prompt to text: at once with a callback, or piece by piece as an iterator.
#
# An iterator needs the library's loop to pause inside its callback. So the loop has a thread of its own, and a piece
# is handed over only when it is asked for: the state never runs ahead of what the caller has seen.
from __future__ import annotations

import atexit
import ctypes
import dataclasses
import enum
import threading
import weakref
from typing import Any, Callable, Iterator, List, Optional, Sequence

from ._handle import Handle
from ._library import Error, GeneratedStruct, GenerationStruct, OnText, OnToken, Status, call, library


class Finish(enum.IntEnum):
    """Why an answer ended."""

    LENGTH = 0  # max_tokens were sampled
    STOP = 1  # a stop text came
    END = 2  # the model ended the text
    INTERRUPTED = 3


@dataclasses.dataclass(frozen=True)
class Generated:
    """An answer, and what it took."""

    text: str
    ids: List[int]  # without the one that ends the text
    finish: Finish
    prompt_tokens: int
    tokens: int
    first_token_s: float  # from the call to the first sampled token; 0 if there is none
    total_s: float


class Answer:
    """One call of rwkvc_session_generate, of `uses`: session, state, sampler. `hear` gets each piece of text, perhaps
    empty, and returns True to stop."""

    def __init__(self, uses: Sequence[Handle], prompt: bytes, max_tokens: int, stops: Sequence[bytes],
                 hear: Callable[[str], object]) -> None:
        self.uses, self.prompt, self.hear = uses, prompt, hear
        self.pointers = [thing._pointer for thing in uses]
        self.max_tokens, self.stops = max_tokens, stops
        # Lists, so that `raise list.pop()` leaves no frame with the exception that refers to the frame.
        self.thrown: List[BaseException] = []

    def run(self, user: Any) -> Generated:
        """`user` is what the things in use call to be let go: its close()."""
        for thing in self.uses:
            thing._user = user
        try:
            return self._generate()
        finally:
            for thing in self.uses:
                thing._user = None

    def _generate(self) -> Generated:
        texts: List[str] = []
        ids: List[int] = []

        # ctypes would print what a callback raises and go on: it waits in `thrown` and comes out of here instead.
        def on_text(user: object, text: int, count: int) -> int:
            try:
                piece = ctypes.string_at(text, count).decode(errors="replace") if count else ""
                texts.append(piece)
                return int(bool(self.thrown) or bool(self.hear(piece)))
            except BaseException as error:
                self.thrown.append(error)
                return 1

        options, result = GenerationStruct(), GeneratedStruct()
        library.rwkvc_generation_init(options)
        options.max_tokens = self.max_tokens
        options.stops, options.stop_count = (ctypes.c_char_p * len(self.stops))(*self.stops), len(self.stops)
        options.on_text, options.on_token = OnText(on_text), OnToken(lambda user, token: ids.append(token))
        try:
            call("rwkvc_session_generate", *self.pointers, self.prompt, len(self.prompt), options, result)
        except Error:
            if not self.thrown:
                raise
        if self.thrown:
            raise self.thrown.pop()
        return Generated("".join(texts), ids, Finish(result.finish), result.prompt_tokens, result.tokens,
                         result.first_token_s, result.total_s)

    def close(self) -> None:
        raise Error(Status.INVALID_ARGUMENT, "what generates cannot be closed by its own on_text: return True first")


class Worker:
    """The thread of one stream: asked for a piece, it gives one, or None at the end."""

    running: weakref.WeakSet[Worker] = weakref.WeakSet()

    def __init__(self, make_answer: Callable[[Callable[[str], object]], Answer]) -> None:
        self.answer: Optional[Answer] = make_answer(self.hear)
        self.asked, self.given = threading.Semaphore(0), threading.Semaphore(0)
        self.piece: Optional[str] = None
        self.stopping = False
        self.result: Optional[Generated] = None
        self.errors: List[BaseException] = []
        # A daemon, because a paused stream must not keep a program from ending; closed before Python goes.
        self.thread = threading.Thread(target=self.work, args=(self.answer,), name="rwkvc stream", daemon=True)
        for thing in self.answer.uses:
            thing._user = self
        Worker.running.add(self)
        self.thread.start()

    def work(self, answer: Answer) -> None:
        self.asked.acquire()
        try:
            if not self.stopping:
                self.result = answer.run(self)
        except BaseException as error:
            self.errors.append(error)
        self.piece = None
        self.given.release()

    def hear(self, piece: str) -> bool:
        if piece and not self.stopping:
            self.piece = piece
            self.given.release()
            self.asked.acquire()
        return self.stopping

    def next(self) -> Optional[str]:
        if self.answer is None:
            return None
        self.asked.release()
        try:
            self.given.acquire()
        except BaseException:  # Ctrl-C: the piece that was asked for will not be taken
            self.close()
            raise
        piece = self.piece
        if piece is None:
            self.close()
            if self.errors:
                raise self.errors.pop()
        return piece

    def close(self) -> None:
        self.stopping = True
        if self.answer is None or threading.current_thread() is self.thread:
            return
        self.asked.release()
        self.thread.join()
        for thing in self.answer.uses:
            thing._user = None
        self.answer = None


@atexit.register
def _close_all() -> None:
    for worker in list(Worker.running):
        worker.close()


class Stream(Iterator[str]):
    """Pieces of text as they are generated, in whole characters. `result` is there once it has ended or was closed.

    Until then the session, the state and the sampler are in use. Leaving a `with`, close(), or letting go of the
    stream stops it; the state has then seen no more than the pieces that were asked for.
    """

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    @property
    def result(self) -> Optional[Generated]:
        return self._worker.result

    def __next__(self) -> str:
        piece = self._worker.next()
        if piece is None:
            raise StopIteration
        return piece

    def close(self) -> None:
        self._worker.close()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def __del__(self) -> None:
        if hasattr(self, "_worker"):
            self._worker.close()
