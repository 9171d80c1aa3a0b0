#!/usr/bin/env python3
"""Verifies an export of the log (`convosphere events export`) with Python's standard library alone.

Usage: verify.py [--known POSITION:HASH]... [FILE]     (standard input without FILE)
       verify.py --vectors                             (checks this program against vectors.json)

Prints the number of events in order and the last hash, or the first position that does not fit (exit status 1).
`--known` names an end of the log that was seen before, by the first line of a backup or by an earlier verification: the
chain has no key, so only that tells whether it was rewritten or cut.
"""
import hashlib
import json
import pathlib
import struct
import sys


def framed(*values):
    out = b""
    for value in values:
        data = struct.pack(">q", value) if isinstance(value, int) else value.encode()
        out += struct.pack(">I", len(data)) + data
    return out


def genesis(log_id):
    return hashlib.sha256(b"convosphere.log.1" + framed(log_id)).digest()


def digest(log_id, event):
    fields = (log_id, event["event_id"], event["command_id"], event["aggregate_type"], event["aggregate_id"],
              event["sequence"], event["scope"], event["event_type"], event["event_version"],
              event["metadata"], event["payload"])
    return hashlib.sha256(b"convosphere.event.1" + framed(*fields)).digest()


def chained(log_id, previous, event):
    place = struct.pack(">qq", event["position"], event["recorded_at"])
    return hashlib.sha256(previous + place + digest(log_id, event)).digest()


def follows(sequences, event, whole):
    """Whether an event is the next one of its aggregate, as far as the export tells."""
    aggregate = (event["aggregate_type"], event["aggregate_id"])
    expected = sequences.get(aggregate, 0 if whole else event["sequence"] - 1) + 1
    sequences[aggregate] = event["sequence"]
    return event["sequence"] == expected


def verify(lines, known):
    header = json.loads(next(lines))
    if header.get("format") != 1:
        sys.exit(f"format {header.get('format')} is not known here")
    log_id, position, previous = header["log_id"], header["after"], bytes.fromhex(header["hash"])
    if position == 0 and previous != genesis(log_id):
        sys.exit("the header's hash is not the genesis of its log")
    after, sequences = position, {}
    for line in lines:
        event = json.loads(line)
        event["event_version"] = str(event["event_version"])
        if event["position"] != position + 1:
            sys.exit(f"position {position + 1} is missing")
        position, previous = event["position"], chained(log_id, previous, event)
        if previous.hex() != event["hash"]:
            sys.exit(f"position {position} was changed")
        if not follows(sequences, event, after == 0):
            sys.exit(f"position {position} is without the event before it in its aggregate")
        if known.pop(position, previous.hex()) != previous.hex():
            sys.exit(f"position {position} is not what was known of it: the log was rewritten")
    missing = [seen for seen in known if seen > position]
    if missing:
        sys.exit(f"the log ends at position {position}, and {min(missing)} is known: its end was cut off")
    if known:
        sys.exit(f"position {min(known)} is before this export: export the log from 0")
    print(f"{position} events in order, last hash {previous.hex()}")


def check_vectors():
    vectors = json.loads((pathlib.Path(__file__).parent / "vectors.json").read_text())
    log_id = vectors["log_id"]
    previous = genesis(log_id)
    assert previous.hex() == vectors["genesis"], "genesis"
    for event in vectors["events"]:
        assert digest(log_id, event).hex() == event["digest"], event["position"]
        previous = chained(log_id, previous, event)
        assert previous.hex() == event["hash"], event["position"]
    print(f"{len(vectors['events'])} vectors in order")


if __name__ == "__main__":
    if sys.argv[1:] == ["--vectors"]:
        check_vectors()
    else:
        arguments, known = sys.argv[1:], {}
        while arguments[:1] == ["--known"]:
            seen, _, known_hash = arguments[1].partition(":")
            known[int(seen)] = known_hash.lower()
            arguments = arguments[2:]
        source = open(arguments[0], encoding="utf-8") if arguments else sys.stdin
        verify(iter(source), known)
