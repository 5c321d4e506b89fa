#!/usr/bin/env python3
"""Checks a file of `sendport audit export` without Sendport: check_export.py FILE [CHECKPOINT_FOLDER]

The folder holds checkpoints.jsonl and public-key.pem, as they were kept outside the store; their signatures need openssl 3.
docs/audit-ledger.md says what each step means. Exit status 1 at the first thing that does not hold.
"""
import base64, hashlib, json, os, subprocess, sys, tempfile


def canonical(value):  # RFC 8785, for texts, whole numbers, lists and objects with ASCII names
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def sha256(*parts):
    return hashlib.sha256(b"".join(p if isinstance(p, bytes) else p.encode() for p in parts)).hexdigest()


def wrong(what):
    sys.exit("does not hold: " + what)


def signed(folder):
    statements = []
    for line in open(os.path.join(folder, "checkpoints.jsonl"), encoding="utf-8"):
        if line.strip():
            statement = json.loads(line)
            signature = base64.b64decode(statement.pop("signature"))
            with tempfile.NamedTemporaryFile() as text, tempfile.NamedTemporaryFile() as sig:
                text.write(canonical(statement).encode()), text.flush(), sig.write(signature), sig.flush()
                if subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", os.path.join(folder, "public-key.pem"),
                                   "-rawin", "-in", text.name, "-sigfile", sig.name], capture_output=True).returncode:
                    wrong("the signature of the checkpoint of " + statement["at"])
            statements.append(statement)
    return statements


statements = signed(sys.argv[2]) if len(sys.argv) > 2 else []
anchors = {(h["lane"], h["seq"]): h["hash"] for s in statements for h in s["heads"]}
pruned = {(h["lane"], h["seq"], h["hash"]) for s in statements for h in s.get("pruned", [])}
erasures = {s["erased"] for s in statements if "erased" in s}
ends, blank, erased, records = {}, set(), set(), 0
for number, line in enumerate(open(sys.argv[1], encoding="utf-8"), 1):
    shown = json.loads(line)
    proof = shown.pop("proof")
    header, lane, seq = json.loads(proof["header"]), shown["lane"], shown["seq"]
    place = f"{lane}:{seq}"
    if sha256(proof["header"]) != shown["hash"] or (header["lane"], header["seq"]) != (lane, seq):
        wrong(place + " was changed")
    if lane not in ends and (seq == 1 or not statements or (lane, seq - 1, header["prevHash"]) in pruned):
        ends[lane] = (seq - 1, header["prevHash"] if seq > 1 else "0" * 64)
    if ends.get(lane) != (seq - 1, header["prevHash"]):
        wrong(place + " does not follow the record before it")
    secret = json.loads(proof["private"]) if "private" in proof else {}
    if "private" not in proof:
        blank.add(place)
    elif sha256(bytes.fromhex(proof["salt"]), proof["private"]) != header["private"]:
        wrong(place + ": its private part was changed")
    if shown != {**{k: v for k, v in header.items() if k != "private"}, **secret, "hash": shown["hash"]}:
        wrong(place + " shows something else than it proves")
    if header["kind"] == "ERASED" and (not statements or sha256(canonical(header["erased"])) in erasures):
        erased.update(header["erased"])
    if anchors.get((lane, seq), shown["hash"]) != shown["hash"]:
        wrong(place + " is not the record that was signed")
    ends[lane], records = (seq, shown["hash"]), records + 1
if blank - erased:
    wrong(min(blank - erased) + ": its private part is gone, and nobody signed that it was erased")
for lane, seq in anchors:
    if ends.get(lane, (0,))[0] < seq and (lane, seq, anchors[lane, seq]) not in pruned:
        wrong(f"{lane}:{seq} was signed and is not there")
print(records, "records hold,", "up to", ", ".join(f"{lane}:{end[0]}" for lane, end in sorted(ends.items())))
