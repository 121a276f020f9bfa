"""The reader of the packed weights."""

from __future__ import annotations

import struct

import numpy as np
import pytest

from library.models.e5s1 import E5S1, Shape, dequantise_q4_0


def test_a_block_worked_out_by_hand() -> None:
    # Byte j holds j in its low nibble and 15 - j in its high one; the scale is 0.5.
    packed = struct.pack("<e", 0.5) + bytes(j | (15 - j) << 4 for j in range(16))
    low = [-4.0, -3.5, -3.0, -2.5, -2.0, -1.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5]
    values = dequantise_q4_0(packed)
    assert values.dtype == np.float32
    assert values.tolist() == low + low[::-1]


def test_each_block_has_its_own_scale() -> None:
    packed = struct.pack("<e16s", 2.0, b"\x9a" * 16) + struct.pack("<e16s", -0.25, b"\x00" * 16)
    assert dequantise_q4_0(packed).tolist() == [4.0] * 16 + [2.0] * 16 + [2.0] * 32


def test_a_block_cut_off() -> None:
    with pytest.raises(ValueError, match="cut off"):
        dequantise_q4_0(b"\x00" * 17)


def test_reads_header_pieces_and_map(e5s1: bytes) -> None:
    model = E5S1(e5s1)
    assert model.shape == Shape(32, 1, 2, 64, 16, 16, 2, 1e-12)
    assert model.pieces.texts[5:8] == ("量", "子", "量子")
    assert model.pieces.scores[5] == pytest.approx(-5.5)
    ids = (model.pieces.bos, model.pieces.pad, model.pieces.eos, model.pieces.unk)
    assert ids == (0, 1, 2, 3)
    assert model.pieces.charsmap == {"\u3000": " ", "\n": " ", "Ａ": "A", "㎡": "m2", "\x01": ""}


def test_state_dict_has_the_names_and_shapes_of_a_bert_model(e5s1: bytes) -> None:
    from transformers import BertConfig, BertModel

    config = BertConfig(
        vocab_size=16,
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=16,
    )
    expected = {name: tuple(value.shape) for name, value in BertModel(config).state_dict().items()}
    found = {name: value.shape for name, value in E5S1(e5s1).state_dict()}
    assert found == expected


def test_rows_stay_in_order(e5s1: bytes) -> None:
    model = E5S1(e5s1)
    weights = dict(model.state_dict())
    offset = model.tensors["l0.fi.w"].offset
    first_row = dequantise_q4_0(e5s1[offset : offset + 18])
    assert np.array_equal(weights["encoder.layer.0.intermediate.dense.weight"][0], first_row)


@pytest.mark.parametrize("length", [0, 3, 20, 60, 200, 400])
def test_a_file_cut_off_is_refused(e5s1: bytes, length: int) -> None:
    with pytest.raises(ValueError, match="E5S1"):
        E5S1(e5s1[:length])


def test_a_tensor_cut_off_is_refused(e5s1: bytes) -> None:
    with pytest.raises(ValueError, match=r"l0\.oln"):
        dict(E5S1(e5s1[:-8]).state_dict())


def test_another_version_is_refused(e5s1: bytes) -> None:
    with pytest.raises(ValueError, match="version 2"):
        E5S1(b"E5S1\x02" + e5s1[5:])
