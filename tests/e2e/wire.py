"""Just enough of the protobuf wire format to read and write messages independently of the programs under test."""

import struct


def varint(value):
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """A field as it is written: a varint, or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def fixed32_field(number, value):
    return varint(number << 3 | 5) + struct.pack("<I", value)


def fields(data):
    """Yields (field number, value): int for varints, bytes for the rest (fixed32 and fixed64 as their little-endian bytes)."""
    position = 0

    def read_varint():
        nonlocal position
        value = shift = 0
        while True:
            byte = data[position]
            position += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    while position < len(data):
        tag = read_varint()
        kind = tag & 7
        if kind == 0:
            yield tag >> 3, read_varint()
            continue
        if kind == 2:
            size = read_varint()
        else:
            size = {1: 8, 5: 4}[kind]
        if position + size > len(data):
            raise ValueError("field runs past the end")
        yield tag >> 3, bytes(data[position : position + size])
        position += size


def message(data):
    """The last value of each field."""
    return dict(fields(data))


def fixed32(value):
    return struct.unpack("<I", value)[0] if value else 0


def sfixed32(value):
    return struct.unpack("<i", value)[0]


def mesh_packet(from_radio):
    """The bytes of FromRadio.packet, or None."""
    return message(from_radio).get(2)
